"""Check 6: is this a defect we already know about? It may approve, stop (safety), or ask for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recoup.domain.returns.rules.answer import Answer, Result, cut

# The gravest first: one pattern that says stop outweighs any that says approve.
_GRAVITY: dict[str, Result] = {"stop": "fail", "route": "unsure", "approve": "pass"}
_MEANS = {
    "stop": "Stop: this may be unsafe, a person must look first.",
    "route": "A person should look.",
    "approve": "It is a known defect.",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A known pattern that touches this return; ``action`` is stop, route or approve."""

    code: str
    sentence: str
    action: str


def check_pattern(*, hits: Sequence[Hit]) -> Answer:
    """pass: known and good to approve; fail: stop; unsure: a person; not applicable: nothing known."""
    ranked = sorted(hits, key=lambda hit: (list(_GRAVITY).index(hit.action), hit.code))
    facts = {"patterns": [{"code": hit.code, "action": hit.action, "sentence": hit.sentence} for hit in ranked]}
    if not ranked:
        return Answer("pattern", "not_applicable", "No known defect fits.", facts)
    first = ranked[0]
    sentence = f"{first.code}: {cut(first.sentence, 300)} {_MEANS[first.action]}"
    return Answer("pattern", _GRAVITY[first.action], sentence, facts)
