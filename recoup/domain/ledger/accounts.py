"""The chart of accounts. A balance on a screen is a query of postings to these."""

CUSTOMER_CREDIT = "customer_credit"  # owed to customers: what a memo grants, until it is paid or given
RETURNS_EXPENSE = "returns_expense"  # what returns cost us, net
OUTPUT_TAX = "output_tax"  # tax given back with a memo
REFUNDS_PAID = "refunds_paid"  # money that finance says it has sent
STORE_CREDIT = "store_credit"  # store credit outstanding
SUPPLIER_RECEIVABLE = "supplier_receivable"  # what suppliers have accepted and not yet given
SUPPLIER_RECOVERY = "supplier_recovery"  # what claims bring back, against returns_expense
SUPPLIER_CREDIT = "supplier_credit"  # credits and payments received from suppliers
WRITE_OFF = "write_off"  # claimed or accepted, and given up

ALL = [
    CUSTOMER_CREDIT, RETURNS_EXPENSE, OUTPUT_TAX, REFUNDS_PAID, STORE_CREDIT,
    SUPPLIER_RECEIVABLE, SUPPLIER_RECOVERY, SUPPLIER_CREDIT, WRITE_OFF,
]  # fmt: skip
