"""The axes of a return line, and the words a customer sees."""

from recoup.kit.moves import Moves

EVIDENCE = Moves(
    field="evidence",
    start="none",
    table={
        "none": {"begin": "collecting", "suffice": "sufficient", "lock": "locked"},
        "collecting": {"suffice": "sufficient", "lack": "needs_more", "lock": "locked"},
        "sufficient": {"lack": "needs_more", "lock": "locked"},
        "needs_more": {"suffice": "sufficient", "lock": "locked"},
        "locked": {},
    },
)

DECISION = Moves(
    field="decision",
    start="open",
    table={
        "open": {"approve": "approved", "refuse": "refused", "cancel": "cancelled"},
        "refused": {"appeal": "open"},
        "approved": {},
        "cancelled": {},
    },
)

GOODS = Moves(
    field="goods",
    start="not_expected",
    table={
        "not_expected": {"expect": "awaiting", "receive": "quarantined"},
        "awaiting": {"depart": "in_transit", "receive": "quarantined", "lose": "lost"},
        "in_transit": {"receive": "quarantined", "lose": "lost"},
        "lost": {"receive": "quarantined"},
        "quarantined": {"inspect": "inspected", "dispose": "dispositioned"},
        # A second parcel brings what the first was short of.
        "inspected": {"dispose": "dispositioned", "receive": "quarantined"},
        "dispositioned": {"receive": "quarantined"},
    },
)

REMEDY = Moves(
    field="state",
    start="proposed",
    table={
        "proposed": {"approve": "approved", "withdraw": "withdrawn"},
        "approved": {"post": "posted", "fail": "errored"},
        # Posted stays posted until somebody confirms it: its credit memo is out, and a second try would issue another.
        "posted": {"settle": "settled"},
        "errored": {"retry": "approved"},
        "settled": {},
        "withdrawn": {},
    },
)

REMEDIES = ["refund", "store_credit", "replacement"]
CHECKS = ["identity", "quantity", "warranty", "serial", "pattern", "evidence", "reuse", "product"]
RESULTS = ["pass", "fail", "unsure", "not_applicable"]
ORDER_HOW = ["", "link", "number", "agent"]
# A blind return wakes when its order comes, also after an agent has it because the order was overdue.
WOKEN_BY_ORDERS = ("order", "agent")
WAITING_FOR = ["nobody", "order", "customer", "agent", "goods"]
