"""What the supplier typed, read into answers; amounts are exact or refused."""

from __future__ import annotations

from collections.abc import Mapping

from recoup.domain.claims.room_pages import RoomLine
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal


class NotAnAmount(Refusal):
    code, status = "supplier.not_an_amount", 422
    sentence = "{case}: “{typed}” is not an amount in {currency}. Write it like {example}."


class NothingAnswered(Refusal):
    code, status = "supplier.nothing_answered", 422
    sentence = "Choose an answer for at least one line, then send."


def read_answers(posted: Mapping[str, str], lines: list[RoomLine]) -> list[LineAnswer]:
    """One answer for each line that was given one. Raises NotAnAmount, NothingAnswered."""
    answers = [_answer(posted, line) for line in lines if posted.get(f"verdict-{line.line_id}")]
    if not answers:
        raise NothingAnswered()
    return answers


def _answer(posted: Mapping[str, str], line: RoomLine) -> LineAnswer:
    verdict = posted[f"verdict-{line.line_id}"]
    typed = posted.get(f"amount-{line.line_id}", "").strip() if verdict == "partial" else ""
    return LineAnswer(
        line_id=line.line_id,
        verdict=verdict,
        amount_minor=_amount(typed, line) if verdict == "partial" else 0,
        reason=posted.get(f"reason-{line.line_id}", "").replace("\x00", ""),
    )


def _amount(typed: str, line: RoomLine) -> int:
    try:
        return Money.parse(typed, line.claimed.currency).minor
    except ValueError:
        example = line.claimed.decimal()
        raise NotAnAmount(case=line.case, typed=typed[:40], currency=line.claimed.currency, example=example) from None
