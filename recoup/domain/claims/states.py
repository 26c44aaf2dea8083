"""The life of a claim, and the words around it."""

from recoup.kit.moves import Moves

_ANSWERS = {"accept": "accepted", "partly_accept": "partly_accepted", "dispute": "disputed", "refuse": "refused"}
_WAITING = {"ask": "question_open", **_ANSWERS}

CLAIM_MOVES = Moves(
    field="state",
    start="drafting",
    table={
        # Dropped before anything was sent, it ends without a line: nothing was claimed, so nothing is open.
        "drafting": {"gather_photos": "redaction_pending", "make_ready": "ready", "drop": "written_off"},
        "redaction_pending": {"make_ready": "ready", "go_back": "drafting", "drop": "written_off"},
        "ready": {"approve": "approved", "decline": "drafting", "go_back": "drafting", "drop": "written_off"},
        "approved": {"send": "sent", "reopen": "ready"},
        "sent": {"acknowledge": "acknowledged", **_WAITING},
        "acknowledged": _WAITING,
        "question_open": {"answer_question": "acknowledged", **_ANSWERS},
        "accepted": {"recover": "recovering", "reopen": "acknowledged"},
        "partly_accepted": {"recover": "recovering", "reopen": "acknowledged"},
        "disputed": {"recover": "recovering", "reopen": "acknowledged", "write_off": "written_off"},
        "refused": {"reopen": "acknowledged", "write_off": "written_off"},
        "recovering": {"settle": "recovered", "write_off": "written_off", "reopen": "acknowledged"},
        "recovered": {"close": "closed", "reopen": "acknowledged"},
        "written_off": {"close": "closed", "reopen": "acknowledged"},
        "closed": {"reopen": "acknowledged"},
    },
)

BASELINE = [
    "return_record", "product_sku", "order_date", "defect_photos", "shipment_batch",
    "purchase_order", "redaction_record", "claim_summary", "supplier_response",
]  # fmt: skip
ANSWERS = ["accept", "partial", "dispute", "question"]
RECOVERY_KINDS = ["credit_note", "replacement", "deduction", "payment"]
CLOSEOUT_LINES = [
    "issue", "affected_field", "supplier_explanation", "evidence_reviewed", "buyer_decision", "next_control",
]  # fmt: skip
WITH_SUPPLIER = ("sent", "acknowledged", "question_open")  # a reply is due
SETTLED = ("recovered", "written_off", "closed")  # nothing is open
GATHERING = ["drafting", "redaction_pending", "ready"]
READERS = ["finance", "logistics", "warehouse", "broker_or_customer"]
