"""The six steps of a return in the customer's words: what was done and when, what is next, what lies ahead.

Received, checked, decided, RMA number and label, goods received, money sent: always all six and in this order, so that
nothing moves under the reader's eyes. A return that was refused or cancelled ends with the third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from recoup.domain.returns.models import Return, ReturnLine
from recoup.foundation.audit.queries import Line

_DECIDED = {
    "line.approved": gettext_noop("Approved"),
    "line.refused": gettext_noop("Not approved"),
    "line.cancelled": gettext_noop("Cancelled"),
}
_GIVEN = {
    "refund": (gettext_noop("Money sent"), "remedy.paid"),
    "store_credit": (gettext_noop("Store credit given"), "remedy.posted"),
    "replacement": (gettext_noop("Replacement sent"), "remedy.fulfilled"),
}
_COMING = ("awaiting", "in_transit")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened on the way to a step, such as that we asked for another photo."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """``at`` is empty while it lies ahead. ``waits`` says of the next step what it waits for, ``ended`` that no
    other follows it. ``code`` is for an icon."""

    code: str
    words: str
    at: datetime | None
    notes: Sequence[Note] = ()
    waits: str = ""
    ended: bool = False

    @property
    def done(self) -> bool:
        return self.at is not None

    @property
    def next(self) -> bool:
        return bool(self.waits)


def steps(case: Return, lines: Sequence[ReturnLine], record: Sequence[Line], *, word: str) -> list[Step]:
    """``record`` is the return's trail, ``word`` what the customer reads above."""
    found = [Step("received", gettext("We have your return"), case.submitted_at), _checked(lines, record, word)]
    found.append(_decided(lines, record))
    if any(line.decision in ("open", "approved") for line in lines):
        found += [_label(lines, record), _goods(lines, record), *_given(lines, record)]
    else:
        found = [
            *(step for step in found[:2] if step.done),
            replace(found[2], ended=True),
        ]  # some cancel before we look
    upcoming = next((step for step in found if not step.done), None)
    return [replace(step, waits=_waits(step, word)) if step is upcoming else step for step in found]


def _checked(lines: Sequence[ReturnLine], record: Sequence[Line], word: str) -> Step:
    looks, answers = _times(record, "return.verified"), _times(record, "line.approved", "line.refused")
    asked = [Note(gettext("We asked for another photo"), at) for at in _times(record, "line.more_asked")[-1:]]
    waiting = _open(lines) and word in ("need_more", "order_wanted")
    # Who decides without our checks has looked all the same.
    before = [at for at in looks if not answers or at <= answers[-1]] or answers[-1:]
    return Step("checked", gettext("Photos checked"), None if waiting or not before else before[-1], asked)


def _decided(lines: Sequence[ReturnLine], record: Sequence[Line]) -> Step:
    """The last word of ours or theirs; what it took back stands beneath."""
    taken = [Note(gettext(_DECIDED[line.verb]), line.at) for line in record if line.verb in _DECIDED]
    appeals = [Note(gettext("You asked us to look again"), at) for at in _times(record, "line.appealed")[-1:]]
    if not taken or _open(lines):
        return Step("decided", gettext("Our answer"), None, [*(taken[-1:] if appeals else ()), *appeals])
    return Step("decided", taken[-1].words, taken[-1].at, appeals)


def _label(lines: Sequence[ReturnLine], record: Sequence[Line]) -> Step:
    given = _times(record, "line.approved")
    if not _open(lines) and not _expected(lines):
        return Step("label", gettext("RMA number"), given[0] if given else None)
    return Step("label", gettext("RMA number and label"), given[0] if given else None)


def _goods(lines: Sequence[ReturnLine], record: Sequence[Line]) -> Step:
    received, lost = _times(record, "line.goods_received"), _times(record, "line.goods_lost")
    expected = _expected(lines)
    if _open(lines) or any(line.goods in _COMING for line in expected):
        return Step("goods", gettext("Item received"), None)
    if not expected:
        approved = _times(record, "line.approved")
        return Step("goods", gettext("Nothing to send back"), approved[-1] if approved else None)
    if all(line.goods == "lost" for line in expected):
        return Step("goods", gettext("We wait for the item no longer"), lost[-1])
    return Step("goods", gettext("Item received"), received[-1] if received else None)


def _given(lines: Sequence[ReturnLine], record: Sequence[Line]) -> list[Step]:
    """What the customer gets, done once it was given: for money, once finance said so."""
    kinds = {remedy.kind for line in lines for remedy in line.remedies.all() if remedy.state != "withdrawn"}
    return [_gift(kind, record) for kind in sorted(kinds or {"refund"})]


def _gift(kind: str, record: Sequence[Line]) -> Step:
    given, verb = _GIVEN[kind]
    done = [line for line in record if line.verb == verb and line.facts.get("kind", kind) == kind]
    if not done:
        return Step("money", gettext(given), None)
    if verb == "remedy.paid":
        words = gettext("Money sent, reference {reference}").format(reference=done[-1].facts["reference"])
        return Step("money", words, done[-1].at)
    return Step("money", gettext(given), done[-1].at)


def _waits(step: Step, word: str) -> str:
    if step.code == "checked" and word == "need_more":
        return gettext("next: your photo")
    if step.code == "checked" and word == "order_wanted":
        return gettext("next: we look for your order")
    said = {"goods": gettext("next: your parcel"), "money": gettext("next: we send it")}
    return said.get(step.code) or gettext("next: we look at it")


def _open(lines: Sequence[ReturnLine]) -> bool:
    return any(line.decision == "open" for line in lines)


def _expected(lines: Sequence[ReturnLine]) -> list[ReturnLine]:
    return [line for line in lines if line.decision == "approved" and line.goods != "not_expected"]


def _times(record: Sequence[Line], *verbs: str) -> list[datetime]:
    return [line.at for line in record if line.verb in verbs]
