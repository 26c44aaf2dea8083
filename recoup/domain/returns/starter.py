"""The policy a new installation starts with. A company edits it; every version is kept."""

from __future__ import annotations

from typing import Any

_NOTHING_KNOWN_OR_GOOD = ["pass", "not_applicable"]
#: Up to here a clear case is decided by itself, in minor units: about 250 euros.
_LIMITS = {
    "EUR": 25_000, "USD": 27_500, "GBP": 22_000, "CHF": 25_000, "CAD": 37_500, "AUD": 40_000, "NZD": 45_000,
    "SEK": 285_000, "NOK": 290_000, "DKK": 185_000, "PLN": 107_000, "CZK": 620_000, "JPY": 40_000,
}  # fmt: skip

FIRST_POLICY: list[dict[str, Any]] = [
    {
        "row": 1,
        "when": {"pattern": ["fail"]},
        "then": "agent",
        "priority": 1,
        "because": "A known defect says stop: it may be unsafe.",
    },
    {
        "row": 2,
        "when": {"identity": ["unsure", "fail"]},
        "then": "agent",
        "because": "It is not certain that the order belongs to this customer.",
    },
    {
        "row": 3,
        "when": {"quantity": ["fail"]},
        "then": "agent",
        "priority": 2,
        "because": "More is claimed than can come back, or the order was not paid.",
    },
    {
        "row": 4,
        "when": {"evidence": ["fail"], "asked_before": False},
        "then": "ask",
        "because": "Photos are missing that this kind of defect needs.",
    },
    {
        "row": 5,
        "when": {"pattern": ["unsure"]},
        "then": "agent",
        "priority": 2,
        "because": "A known defect asks for a person.",
    },
    {
        "row": 6,
        "when": {
            "pattern": ["pass"],
            "quantity": ["pass"],
            "warranty": ["pass", "unsure"],
            "serial": _NOTHING_KNOWN_OR_GOOD,
            "evidence": ["pass", "unsure"],
            "reuse": _NOTHING_KNOWN_OR_GOOD,
            "product": _NOTHING_KNOWN_OR_GOOD,
            "paid": True,
            "value_at_most": _LIMITS,
        },
        "then": "approve",
        "remedy": "refund",
        "because": "It is a known defect of this product, and the value is within the limit.",
    },
    {
        "row": 7,
        "when": {
            "quantity": ["pass"],
            "warranty": ["pass"],
            "serial": _NOTHING_KNOWN_OR_GOOD,
            "pattern": _NOTHING_KNOWN_OR_GOOD,
            "evidence": ["pass"],
            "reuse": _NOTHING_KNOWN_OR_GOOD,
            "product": _NOTHING_KNOWN_OR_GOOD,
            "paid": True,
            "value_at_most": _LIMITS,
        },
        "then": "approve",
        "remedy": "refund",
        "because": "Every check passed, and the value is within the limit.",
    },
    {
        "row": 8,
        "when": {
            "quantity": ["pass"],
            "warranty": ["pass"],
            "serial": _NOTHING_KNOWN_OR_GOOD,
            "evidence": ["pass"],
            "reuse": _NOTHING_KNOWN_OR_GOOD,
            "product": _NOTHING_KNOWN_OR_GOOD,
            "paid": True,
        },
        "then": "agent",
        "because": "Every check passed; the value is above what is decided without a person.",
    },
    {
        "row": 9,
        "when": {"reuse": ["unsure"]},
        "then": "agent",
        "because": "A photo came before with another case; a person compares them.",
    },
    {
        "row": 10,
        "when": {"product": ["unsure"]},
        "then": "agent",
        "because": "A photo looks more like another product of the same order; a person asks or checks.",
    },
    {"row": 11, "when": {}, "then": "agent", "because": "Something is not clear."},
]
