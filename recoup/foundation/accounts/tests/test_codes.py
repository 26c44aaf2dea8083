"""One-time codes: keyed hashes only, ten minutes, five tries, once; and never too many."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from recoup.foundation.accounts import codes
from recoup.foundation.accounts.models import OneTimeCode
from recoup.foundation.audit import queries as audit
from recoup.foundation.audit.models import Record
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotFound, Refusal

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
ORDER = uuid.UUID(int=77)


def ask(now: datetime.datetime = NOW, **about: Any) -> OneTimeCode:
    typed: dict[str, Any] = {"about": "1001", "address": "cora@example.com", "place": "192.0.2.7", "subject_id": ORDER}
    return codes.ask_code(**(typed | about), now=now)


def made(code: OneTimeCode, now: datetime.datetime = NOW) -> str:
    found = codes.make_code(code_id=code.pk, now=now, actor=SYSTEM)
    assert found
    assert found.subject_id == ORDER
    return found.digits


def other(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06}"


def refusal(code: OneTimeCode, typed: str, now: datetime.datetime = NOW) -> str:
    """The refusal's code; empty when it fits."""
    said = codes.try_code(code_id=code.pk, typed=typed, now=now)[1]
    return said.code.removeprefix("accounts.") if said else ""


def kept() -> str:
    return repr([*OneTimeCode.objects.values(), *Record.objects.values()])


def test_neither_the_code_nor_what_was_typed_is_kept() -> None:
    code = ask()
    digits = made(code)
    assert len(digits) == 6
    assert not any(secret in kept() for secret in (f"'{digits}'", "cora@example.com", "'1001'", "192.0.2.7"))


def test_whoever_reads_the_database_cannot_try_all_codes() -> None:
    code = ask()
    digits = made(code)
    with override_settings(SECRET_KEY="another installation"):
        assert refusal(code, digits) == "code_does_not_fit"
    assert refusal(code, digits) == ""


def test_two_codes_with_the_same_digits_have_different_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _: 7)
    one, two = ask(), ask(about="1002")
    assert made(one) == made(two) == "000007"
    assert len(set(OneTimeCode.objects.values_list("code_hash", flat=True))) == 2


def test_it_works_once_and_the_trail_says_so() -> None:
    code = ask()
    digits = made(code)
    assert refusal(code, f" {digits[:3]} {digits[3:]} ") == ""
    assert refusal(code, digits) == "code_used"
    assert [line.verb for line in audit.trail(code)] == ["code.asked", "code.made", "code.used"]


def test_five_tries_and_then_even_the_right_one_is_refused() -> None:
    code = ask()
    digits = made(code)
    said = [codes.try_code(code_id=code.pk, typed=other(digits), now=NOW)[1] for _ in range(5)]
    assert [each.say() for each in said if each][3:] == [
        "That code does not fit. You have 1 try left.",
        "No tries are left for this code. Ask for a new one; nothing you typed is lost.",
    ]
    assert said[1] and said[1].say() == "That code does not fit. You have 3 tries left."
    assert refusal(code, digits) == "no_tries_left"
    code.refresh_from_db()
    assert (code.tries, code.used_at) == (5, None)


def test_what_is_no_code_costs_no_try() -> None:
    code = ask()
    with pytest.raises(codes.NotSixDigits):
        codes.try_code(code_id=code.pk, typed="12345", now=NOW)
    code.refresh_from_db()
    assert code.tries == 0


def test_ten_minutes_and_no_longer() -> None:
    code = ask()
    digits = made(code)
    assert refusal(code, digits, NOW + 10 * MINUTE) == "code_expired"
    assert refusal(code, digits, NOW + 10 * MINUTE - MINUTE / 60) == ""


def test_a_new_one_makes_the_old_one_void_and_no_others() -> None:
    old, another = ask(), ask(about="1002")
    digits, others = made(old), made(another)
    new = ask(address=" Cora@Example.com ", place="192.0.2.8")
    assert refusal(old, digits) == "code_replaced"
    assert refusal(new, made(new)) == ""
    assert refusal(another, others) == ""


def test_it_is_made_once_and_not_when_it_is_over() -> None:
    code, late, void = ask(), ask(about="1002"), ask(about="1003")
    ask(about="1003")
    made(code)
    for each, now in ((code, NOW), (late, NOW + 10 * MINUTE), (void, NOW)):
        assert codes.make_code(code_id=each.pk, now=now, actor=SYSTEM) is None


def test_what_fits_nothing_looks_the_same_and_never_opens() -> None:
    code = ask(subject_id=None)
    assert codes.make_code(code_id=code.pk, now=NOW, actor=SYSTEM) is None
    assert [refusal(code, "000000") for _ in range(6)] == [*["code_does_not_fit"] * 4, *["no_tries_left"] * 2]


def test_a_code_of_nobody_is_not_found() -> None:
    with pytest.raises(NotFound):
        codes.try_code(code_id=uuid.uuid4(), typed="123456", now=NOW)


OFTEN: list[tuple[int, Callable[[int], dict[str, str]]]] = [
    (5, lambda turn: {"about": f"{turn}", "place": f"192.0.2.{turn}"}),  # one address
    (20, lambda turn: {"about": f"{turn}", "address": f"{turn}@example.com"}),  # one place on the net
    (20, lambda turn: {"about": f"{turn}", "address": f"{turn}@example.com", "place": f"2001:db8::{turn}"}),
]


@pytest.mark.parametrize(("most", "turn"), OFTEN)
@pytest.mark.parametrize("subject_id", [ORDER, None])
def test_who_asks_too_often_waits_and_leaves_nothing(
    most: int, turn: Callable[[int], dict[str, str]], subject_id: uuid.UUID | None
) -> None:
    for number in range(most):
        ask(NOW + number * MINUTE, subject_id=subject_id, **turn(number))
    before = kept()
    with pytest.raises(codes.TooManyCodes, match=r"ask for another one in 30 minutes\."), transaction.atomic():
        ask(NOW + 30 * MINUTE, subject_id=subject_id, **turn(most))
    assert kept() == before
    assert ask(NOW + 60 * MINUTE, subject_id=subject_id, **turn(most))
    with pytest.raises(codes.TooManyCodes, match=r"in 1 minute\."), transaction.atomic():
        ask(NOW + 60 * MINUTE, subject_id=subject_id, **turn(most + 1))


HOUR = 60 * MINUTE


@pytest.mark.parametrize("subject_id", [ORDER, None])
def test_text_messages_cost_so_there_are_ten_codes_a_day_to_one_number(subject_id: uuid.UUID | None) -> None:
    for number in range(10):
        at = NOW + number * HOUR
        ask(at, address="+4915228817386", place=f"192.0.2.{number}", subject_id=subject_id, texted=True)
    with pytest.raises(codes.TooManyTexts, match=r"Look at your text messages.* another one in 14 hours\."):
        with transaction.atomic():
            ask(NOW + 10 * HOUR, address="+4915228817386", subject_id=subject_id, texted=True)
    assert OneTimeCode.objects.count() == 10
    assert ask(NOW + 10 * HOUR, address="+4915228895456", subject_id=subject_id, texted=True)
    assert ask(NOW + 24 * HOUR, address="+4915228817386", subject_id=subject_id, texted=True)


def test_five_texts_an_hour_as_with_mails() -> None:
    for number in range(5):
        ask(NOW, address="+4915228817386", place=f"192.0.2.{number}", texted=True)
    with pytest.raises(codes.TooManyTexts, match=r"in 60 minutes\."), transaction.atomic():
        ask(NOW, address="+4915228817386", texted=True)


def test_nobody_closes_the_door_to_the_owner_of_an_order() -> None:
    for number in range(12):
        ask(NOW, address=f"{number}@example.com", place=f"192.0.2.{number}", subject_id=None)
    assert ask(NOW, place="198.51.100.4").subject_id == ORDER


def test_every_refusal_says_what_to_do() -> None:
    kinds = [each for each in vars(codes).values() if isinstance(each, type) and issubclass(each, Refusal)]
    own = [each for each in kinds if each.__module__ == codes.__name__]
    assert len(own) == 8
    assert all(each.sentence.count(". ") >= 1 for each in own)
