"""What a person typed into a form of the desk, read exactly or refused in words."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.http import QueryDict

from recoup.kit.money import Money
from recoup.kit.refusal import Refusal


class NotAnAmount(Refusal):
    code, status = "desk.not_an_amount", 422
    sentence = "“{typed}” is not an amount in {currency}. Write it like {example}."


class NotADay(Refusal):
    code, status = "desk.not_a_day", 422
    sentence = "“{typed}” is not a day. Choose it in the calendar, or write it like 2026-05-31."


def text(form: QueryDict, name: str) -> str:
    """Without blanks around it, and without the one letter that PostgreSQL cannot keep."""
    return form.get(name, "").replace("\x00", "").strip()


def amount(typed: str, currency: str) -> Money:
    try:
        return Money.parse(typed, currency)
    except ValueError:
        example = Money(124990, currency).decimal()
        raise NotAnAmount(typed=typed[:40], currency=currency, example=example) from None


def day(typed: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        raise NotADay(typed=typed[:40]) from None


def day_if_any(typed: str) -> datetime.date | None:
    return day(typed) if typed else None


def end_of(day: datetime.date) -> datetime.datetime:
    """The last second of a day, in UTC."""
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), tzinfo=datetime.UTC)


def whole(typed: str) -> int:
    """A count; -1 for anything that is none, which no rule takes."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
