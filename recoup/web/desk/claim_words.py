"""How a claim file reads on its page: an icon, a word and a meaning for each state, tab and document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from recoup.domain.claims.pages import TABS, ClaimPage, ClaimRow, DocumentView, VersionView
from recoup.domain.claims.rules.answers import ANSWERABLE
from recoup.domain.claims.rules.changes import TYPED, Change, diff_fields, said
from recoup.domain.claims.rules.waiting import opened_for_nothing
from recoup.domain.claims.rules.waiting import waits_for as said_of
from recoup.domain.claims.states import GATHERING, RECOVERY_KINDS
from recoup.kit.actor import Actor

__all__ = ["ANSWERABLE", "GATHERING", "RECOVERY_KINDS", "TYPED"]
RECOVERABLE = ("accepted", "partly_accepted", "disputed", "recovering")

#: state: (meaning, icon, word)
STATES = {
    "drafting": ("waits", "pencil", "gathering"),
    "redaction_pending": ("waits", "eye-off", "photos and decision"),
    "ready": ("waits", "user", "waits for a buyer"),
    "approved": ("waits", "package", "packet is being sent"),
    "sent": ("waits", "send", "sent"),
    "acknowledged": ("waits", "eye", "seen by the supplier"),
    "question_open": ("waits", "message-circle", "a question is open"),
    "accepted": ("waits", "wallet", "accepted, credit to come"),
    "partly_accepted": ("waits", "wallet", "accepted in part"),
    "disputed": ("stops", "octagon-alert", "disputed"),
    "refused": ("stops", "octagon-alert", "refused"),
    "recovering": ("waits", "wallet", "credit is coming in"),
    "recovered": ("settled", "circle-check", "recovered, to close"),
    "written_off": ("settled", "circle-check", "written off, to close"),
    "closed": ("settled", "lock", "closed"),
}
NOT_CLAIMED = ("settled", "ban", "not claimed")
PARTLY_RECOVERED = ("settled", "circle-check", "recovered in part, to close")
OPENED_AGAIN = ("waits", "undo-2", "opened again")
#: filter: (words, states)
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("Open", tuple(state for state in STATES if state != "closed")),
    "gathering": ("Gathering", ("drafting", "redaction_pending")),
    "approval": ("To approve", ("ready", "approved")),
    "supplier": ("With the supplier", ("sent", "acknowledged", "question_open")),
    "recovery": ("To recover", ("accepted", "partly_accepted", "disputed", "refused", "recovering")),
    "closing": ("To close", ("recovered", "written_off")),
    "closed": ("Closed", ("closed",)),
}
DOTS = {
    "settled": ("settled", "circle-check"),
    "waiting": ("waits", "clock"),
    "stopped": ("stops", "octagon-alert"),
}
COPIES = {
    "none": ("waits", "clock", "being redacted"),
    "proposed": ("waits", "eye-off", "to sign off"),
    "signed": ("settled", "shield-check", "signed"),
    "rejected": ("stops", "circle-x", "rejected"),
}
ANSWERS = {
    "": ("waits", "clock", "no answer yet"),
    "accept": ("settled", "circle-check", "accepts"),
    "partial": ("waits", "circle-check", "accepts in part"),
    "dispute": ("stops", "circle-x", "disputes"),
    "question": ("waits", "message-circle", "asks"),
}
SOURCES = {"scanned": "read from the label", "declared": "declared with the order", "allocated": "allocated at delivery",
           "inferred": "inferred from dates"}  # fmt: skip
CLOSEOUT = {
    "issue": "Issue",
    "affected_field": "Affected field",
    "supplier_explanation": "What the supplier says",
    "evidence_reviewed": "Evidence reviewed",
    "buyer_decision": "The buyer’s decision",
    "next_control": "Next control",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the six questions. ``key`` presses it; ``word`` says what its dot means."""

    code: str
    words: str
    key: int
    meaning: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Step:
    """The one thing to do now. ``post`` when it changes something, else a way to go."""

    words: str
    icon: str
    address: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field of a document: one line of ``text``, or a table. ``marked``: changed since, and decisive."""

    name: str
    text: str
    columns: list[str]
    rows: list[list[str]]
    changed: bool


@dataclass(frozen=True, slots=True)
class May:
    """What this person's roles let them do to a claim."""

    decide: bool
    approve: bool
    money: bool


def state_of(claim: ClaimRow | ClaimPage) -> tuple[str, str, str]:
    """(meaning, icon, word). A written-off claim may never have been sent, or have brought back a part."""
    if claim.state == "written_off":
        if not claim.lines:
            return NOT_CLAIMED
        if claim.recovered if isinstance(claim, ClaimRow) else claim.money.recovered:
            return PARTLY_RECOVERED
    return OPENED_AGAIN if nothing_left(claim) else STATES[claim.state]


def nothing_left(claim: ClaimRow | ClaimPage) -> bool:
    """Opened again, and the supplier owes neither an answer nor money."""
    sums = claim if isinstance(claim, ClaimRow) else claim.money
    return opened_for_nothing(claim.state, claimed_minor=sums.claimed.minor, open_minor=sums.open.minor)


def waits_for(page: ClaimPage) -> str:
    """What the claim waits for: while it gathers, the first thing that really stops it."""
    if page.state == "written_off" and not page.lines:
        return "Nothing; the claim ended before it was sent."
    stops = next((each.sentence for each in page.missing if each.blocks), "") if page.state in GATHERING else ""
    if stops or page.state not in ("drafting", "redaction_pending"):
        return stops or said_of(page.state, claimed_minor=page.money.claimed.minor, open_minor=page.money.open.minor)
    if page.decision_answer == "yes":
        return "Nothing is missing. It has to be handed to a buyer."
    return "The decision sentence has to be answered with yes."


def may(actor: Actor) -> May:
    return May(
        decide=actor.may("buyer", "quality"), approve=actor.may("buyer"), money=actor.may("finance", "buyer")
    )  # fmt: skip


def address(number: str, tab: str, **more: str) -> str:
    """The claim's page at one of its tabs."""
    also = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{reverse('desk:claim', args=[number])}?tab={tab}{also}"


def signoff_address(number: str, photo_id: UUID) -> str:
    return f"{reverse('desk:signoff', args=[number])}?photo={photo_id}"


def tabs(page: ClaimPage) -> list[Tab]:
    return [
        Tab(code, words, key, *DOTS[page.dots[code]], word=page.dots[code])
        for key, (code, words) in enumerate(TABS.items(), start=1)
    ]


def first_tab(page: ClaimPage) -> str:
    """The tab where something is to be done now."""
    steps = {"drafting": "evidence", "redaction_pending": "evidence", "ready": "approval", "approved": "approval"}
    if not page.decision_answer:
        return "what_happened"
    if nothing_left(page):
        return "recovery"
    supplier = ("sent", "acknowledged", "question_open", "disputed", "refused")
    return steps.get(page.state) or ("supplier" if page.state in supplier else "recovery")


def to_sign(page: ClaimPage) -> int:
    return sum(photo.copy_state == "proposed" for photo in page.photos)


def undone(page: ClaimPage) -> int:
    """Photos that are being redacted now."""
    return sum(photo.copy_state == "none" for photo in page.photos)


def step(page: ClaimPage, actor: Actor) -> Step | None:
    """What comes next for this person, or None when it is somebody else's turn."""
    allowed, number = may(actor), page.number
    if page.state in ("drafting", "redaction_pending"):
        return _gathering_step(page) if allowed.decide else None
    if page.state == "ready":
        return Step("Approve or refuse", "check", address(number, "approval")) if allowed.approve else None
    if nothing_left(page):
        settle = Step("Settle it, or say what is new", "undo-2", address(number, "recovery"))
        return settle if allowed.approve else None
    if page.state in ("disputed", "refused", "question_open"):
        return Step("See what the supplier says", "message-circle", address(number, "supplier"))
    if page.state in ("accepted", "partly_accepted", "recovering"):
        return Step("Record what came back", "wallet", address(number, "recovery")) if allowed.money else None
    if page.state in ("recovered", "written_off"):
        close = Step("Close the file", "lock", address(number, "recovery"))
        return close if allowed.approve and page.lines else None
    return None


def _gathering_step(page: ClaimPage) -> Step | None:
    if count := to_sign(page):
        photos = "one photo" if count == 1 else f"{count} photos"
        return Step(f"Sign off {photos}", "shield-check", reverse("desk:signoff", args=[page.number]))
    if page.decision_answer == "yes" and not any(each.blocks for each in page.missing):
        return Step("Hand it to a buyer", "send", reverse("desk:claim_ready", args=[page.number]), post=True)
    return None


def answered(page: ClaimPage) -> str:
    """'3 of 4 lines answered: 2 accepts, 1 disputes'."""
    given = [ANSWERS[line.answer][2] for line in page.lines if line.answer]
    words = ", ".join(f"{count} {word}" for word, count in Counter(given).items())
    return f"{len(given)} of {len(page.lines)} lines answered" + (f": {words}" if words else "")


def fields(version: VersionView | None, changed: Iterable[str] = ()) -> list[FieldSeen]:
    """The six typed fields first, then the rest; lists of records as tables."""
    if version is None:
        return []
    marks = set(changed)
    names = [
        *(name for name in TYPED if name in version.fields),
        *(name for name in version.fields if name not in TYPED),
    ]
    return [_field(name, version.fields[name], name in marks) for name in names]


def _field(name: str, value: Any, changed: bool) -> FieldSeen:
    if isinstance(value, Sequence) and value and all(isinstance(each, Mapping) for each in value):
        columns = list(dict.fromkeys(key for row in value for key in row))
        rows = [[said(row.get(column, "")) for column in columns] for row in value]
        return FieldSeen(name.replace("_", " "), "", [each.replace("_", " ") for each in columns], rows, changed)
    return FieldSeen(name.replace("_", " "), said(value), [], [], changed)


def changes(before: VersionView | None, after: VersionView | None) -> tuple[Change, ...]:
    """Every field that differs between two versions; none when there is nothing to compare."""
    return diff_fields(before.fields, after.fields) if before and after else ()


def chosen(documents: Sequence[DocumentView], kind: str) -> DocumentView:
    """The asked document; else the first that changed lately, else the claim summary."""
    by_kind = {each.kind: each for each in documents}
    changed = (each.kind for each in documents if each.current and each.current.changes)
    return by_kind.get(kind) or by_kind[next(changed, "claim_summary")]
