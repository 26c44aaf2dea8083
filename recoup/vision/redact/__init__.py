"""Redaction: the supplier sees the defect and nobody's name. Deny by default, then attack the result.

``redact`` hides, ``second_look`` attacks the outgoing bytes, ``settle`` does both until nothing is left or a person
is needed. Order of work: fit, find (finders.py), paint and encode (render.py), attack (attackers.py).
"""

from recoup.vision.redact.attackers import second_look
from recoup.vision.redact.covers import Cover, FinderFailed, Residue
from recoup.vision.redact.known import Known
from recoup.vision.redact.redaction import RULES_VERSION, Redaction, apply, redact, settle

__all__ = [
    "RULES_VERSION",
    "Cover",
    "FinderFailed",
    "Known",
    "Redaction",
    "Residue",
    "apply",
    "redact",
    "second_look",
    "settle",
]
