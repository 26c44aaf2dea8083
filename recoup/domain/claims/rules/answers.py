"""What a supplier's answers to the lines mean for money and for the state of the claim."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from recoup.domain.claims.states import CLAIM_MOVES

ANSWERABLE = (
    "sent",
    "acknowledged",
    "question_open",
    "accepted",
    "partly_accepted",
    "disputed",
    "refused",
    "recovering",
)


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What the supplier says to one line; ``amount_minor`` counts for 'partial' only."""

    line_id: UUID
    verdict: str
    amount_minor: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LineMoney:
    claimed_minor: int
    accepted_minor: int
    recovered_minor: int
    written_off_minor: int


def accepted_by(answer: LineAnswer, money: LineMoney) -> int:
    """How much of the line is accepted after this answer. A question changes nothing."""
    match answer.verdict:
        case "accept":
            return money.claimed_minor
        case "partial":
            return answer.amount_minor
        case "dispute":
            return 0
        case "question":
            return money.accepted_minor
    raise ValueError(f"{answer.verdict!r} is not an answer.")


def wrong(answer: LineAnswer, money: LineMoney) -> str:
    """The code of what is wrong with the answer, or ''.

    Codes: unknown_verdict, line_settled, more_than_claimed, nothing_accepted, reason_missing, below_recovered.
    """
    if answer.verdict not in ("accept", "partial", "dispute", "question"):
        return "unknown_verdict"
    if money.written_off_minor:
        return "line_settled"
    if answer.verdict == "partial" and answer.amount_minor > money.claimed_minor:
        return "more_than_claimed"
    if answer.verdict == "partial" and answer.amount_minor <= 0:
        return "nothing_accepted"
    if answer.verdict != "accept" and not answer.reason.strip():
        return "reason_missing"
    if accepted_by(answer, money) < money.recovered_minor:
        return "below_recovered"
    return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides where an answered claim stands. ``verdicts``: each line's latest answer, '' when none."""

    verdicts: tuple[str, ...]
    accepted_minor: int
    claimed_minor: int
    supplier_asks: bool = False  # a question of theirs is open
    we_ask: bool = False  # a question of ours, put after sending, is open
    recovered_minor: int = 0  # recorded as back from the supplier


def target(standing: Standing) -> str:
    """The state these answers add up to, before any money came."""
    if standing.supplier_asks:
        return "question_open"
    if not standing.verdicts or any(verdict in ("", "question") for verdict in standing.verdicts):
        return "question_open" if standing.we_ask else "acknowledged"
    if standing.accepted_minor >= standing.claimed_minor:
        return "accepted"
    return "partly_accepted" if standing.accepted_minor > 0 else "disputed"


_VERB_TO = {
    "accepted": "accept", "partly_accepted": "partly_accept", "disputed": "dispute",
    "question_open": "ask", "recovering": "recover",
}  # fmt: skip


def verbs(state: str, standing: Standing) -> list[str]:
    """The moves from ``state`` to where the claim stands now; empty when it stands there already.

    Money that came back before keeps an answered claim recovering.
    """
    goal = target(standing)
    recovering = goal in ("accepted", "partly_accepted", "disputed") and standing.recovered_minor > 0
    if state == ("recovering" if recovering else goal):
        return []
    path = [] if state == goal else _to_acknowledged(state)
    if goal not in (state, "acknowledged"):
        path = [*path, _VERB_TO[goal]]
    return [*path, "recover"] if recovering else path


def _to_acknowledged(state: str) -> list[str]:
    """The verb that leads from an answerable state to 'acknowledged', if any is needed."""
    for verb in ("acknowledge", "answer_question", "reopen"):
        if CLAIM_MOVES.table[state].get(verb) == "acknowledged":
            return [verb]
    return []
