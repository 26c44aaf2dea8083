"""Whoever has a mobile number and no e-mail address is written to by text: short, with the same links, never both ways."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as house
from django.utils import timezone

from recoup.domain.orders.models import Customer, Order
from recoup.domain.returns import actions, letters, previews, queries, sweeping
from recoup.domain.returns.models import CaptureLink, Reminder
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts import codes
from recoup.foundation.accounts.models import OneTimeCode
from recoup.foundation.facts.models import Fact
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.segments import Size, size
from recoup.foundation.notices.tests.gateway_house import GatewayHouse, open_gateway
from recoup.foundation.notices.wording import write
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.kit.money import Money

pytestmark = pytest.mark.django_db
MOBILE, OTHER = "+4915228817386", "+4915228895456"


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> Iterator[GatewayHouse]:
    with open_gateway() as opened:
        settings.RECOUP_SMS_URL, settings.RECOUP_COUNTRY = opened.url, "DE"
        yield opened


def by_phone(order: Order | None, *, email: str = "", phone: str = "01522 8817386", language: str = "en") -> Order:
    assert order
    Customer.objects.filter(pk=order.customer_id).update(email=email, phone=phone, language=language)
    return order


def ask(number: str, address: str = "01522 8817386") -> UUID:
    return actions.ask_to_come_in(number=number, address=address, place="192.0.2.7", at=make.NOW)


def texted(code_id: UUID) -> Notice:
    notice = letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM)
    assert notice
    return notice


# --- the code ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["", "cora@example.com"])
@pytest.mark.parametrize("typed", ["01522 8817386", "+49 1522 8817386", "\u2066+491522/8817386\u2069"])
def test_a_mobile_number_earns_a_code_as_a_text_and_the_code_a_link(
    gateway: GatewayHouse, email: str, typed: str
) -> None:
    order = by_phone(make.order_line().order, email=email)
    code_id = ask(order.number, typed)
    notice = texted(code_id)
    assert (notice.way, notice.to, notice.state) == ("text", MOBILE, "queued")
    drain()
    (text,) = gateway.texts
    code = text[:6]
    assert text.endswith(f"\n\n@127.0.0.1 #{code}")
    assert code not in f"{notice.body_text} {notice.subject_line}"
    secret = actions.come_in(code_id=code_id, typed=code, at=make.NOW)
    assert queries.access_capture(secret, make.NOW).link.order == order
    assert letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM) is None


def test_whoever_types_the_mail_address_gets_a_mail_though_there_is_a_number() -> None:
    order = by_phone(make.order_line().order, email="cora@example.com")
    assert (texted(ask(order.number, "cora@example.com")).way, Notice.objects.count()) == ("mail", 1)


@pytest.mark.parametrize("typed", ["030 901820", OTHER, "0900 1234567"])
@pytest.mark.parametrize("number", ["", "#77"])
def test_what_fits_nothing_gets_no_text_and_the_same_answers(typed: str, number: str) -> None:
    order = by_phone(make.order_line().order, phone="030 901820")
    code_id = ask(number or order.number, typed)
    assert letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM) is None
    with pytest.raises(codes.CodeDoesNotFit, match="4 tries left"):
        actions.come_in(code_id=code_id, typed="123456", at=make.NOW)
    assert not CaptureLink.objects.exists()


def test_however_the_number_is_typed_a_new_code_makes_the_old_one_void_and_the_limit_counts_both() -> None:
    order = by_phone(make.order_line().order)
    old = ask(order.number, "01522 8817386")
    digits = codes.make_code(code_id=old, now=make.NOW, actor=SYSTEM)
    assert digits
    for typed in ("+4915228817386", "0049 1522 8817386", "01522/8817386", "(01522) 8817386"):
        ask(order.number, typed)
    with pytest.raises(codes.CodeReplaced):
        actions.come_in(code_id=old, typed=digits.digits, at=make.NOW)
    with pytest.raises(codes.TooManyTexts):
        ask(order.number)


def test_a_number_that_left_the_order_meanwhile_gets_nothing() -> None:
    order = by_phone(make.order_line().order)
    code_id = ask(order.number)
    by_phone(order, phone=OTHER[:-1] + "x")
    assert (texted(code_id).state, texted_count()) == ("suppressed", 0)


def texted_count() -> int:
    return Notice.objects.exclude(state="suppressed").count()


@pytest.mark.parametrize("typed", ["", "cora", "12345", "@", "\x00", "#1001"])
def test_what_is_neither_is_said_and_nothing_is_kept(typed: str, settings: Any) -> None:
    with pytest.raises(actions.ReachMissing):
        ask("#1", typed)
    settings.RECOUP_SMS_URL = ""
    for each in (typed, MOBILE):
        with pytest.raises(actions.AddressMissing):
            ask("#1", each)
    assert not OneTimeCode.objects.exists()
    assert not Fact.objects.exists()


def test_no_number_is_kept_with_a_code() -> None:
    order = by_phone(make.order_line().order)
    ask(order.number)
    ask("#77", OTHER)
    kept = repr(list(OneTimeCode.objects.values()))
    assert not any(number in kept for number in (MOBILE, OTHER, "8817386"))
    assert sorted(OneTimeCode.objects.values_list("goes_to", flat=True)) == ["email", "phone"]


# --- the letters ------------------------------------------------------------------------------------


def way_back(text: str) -> queries.Capture:
    found = re.search(r"/c/([\w-]{43})/", text)
    assert found
    return queries.access_capture(found[1], timezone.now())


@pytest.mark.parametrize(("language", "words"), [("en", "we have your return"), ("de", "Ihre Rücksendung")])
def test_received_is_a_text_with_a_link_in_the_customers_language(
    gateway: GatewayHouse, language: str, words: str
) -> None:
    case = make.submitted().return_case
    by_phone(case.order)
    type(case.links.get().session).objects.update(language=language)
    drain()  # the case goes on by itself, and so do its texts
    notice = Notice.objects.get(template="returns.received")
    assert (notice.way, notice.to, notice.language) == ("text", MOBILE, language)
    (text,) = [each for each in gateway.texts if words in each]
    assert way_back(text).link.return_case == case


def test_whoever_has_an_address_is_never_written_to_both_ways(gateway: GatewayHouse, mailoutbox: list[Any]) -> None:
    case = make.submitted().return_case
    by_phone(case.order, email="cora@example.com")
    mailoutbox.clear()
    letters.received(case=queries.return_of(case.pk), actor=SYSTEM)
    drain()
    assert (gateway.texts, [mail.to for mail in mailoutbox][-1:]) == ([], [["cora@example.com"]])


def test_the_desk_sees_the_text_before_it_asks_for_a_photo() -> None:
    line = make.to_agent()
    by_phone(line.return_case.order)
    line = queries.line_of(line.pk)
    seen = previews.need_more(actor=make.agent(), line=line, shots=["close_up"], reason="", at=make.NOW)
    assert "one more photo" in seen.body_text
    assert "\n" not in seen.body_text.strip()


def noon(day: int) -> datetime.datetime:
    return (timezone.now() + datetime.timedelta(days=day)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(
    ("email", "phone", "way"),
    [
        ("", "01522 8817386", "text"),
        ("", "030 901820", ""),
        ("", "", ""),
        ("cora@example.com", "01522 8817386", "mail"),
        ("cora@example.com", "", "mail"),
    ],
)
def test_who_began_is_reminded_by_mail_or_by_text_where_one_would_arrive(email: str, phone: str, way: str) -> None:
    line, at = make.order_line(), timezone.now()
    link, _ = actions.open_link(
        order=line.order, language="en", expires_at=at + datetime.timedelta(days=14), actor=make.CUSTOMER
    )
    actions.choose(link=link, draft={"order_line_id": str(line.pk)}, at=at, actor=make.CUSTOMER)
    by_phone(line.order, phone=phone, email=email)
    assert sweeping.remind_unfinished(now=noon(2)) == bool(way)
    for told in Reminder.objects.all():
        notice = letters.reminder(reminder_id=told.pk, at=told.created_at, actor=SYSTEM)
        assert notice and (notice.way, notice.to, notice.template) == (way, email or MOBILE, "returns.reminder")


@pytest.mark.parametrize("on", [True, False])
def test_who_was_asked_for_photos_is_reminded_by_text(on: bool, settings: Any) -> None:
    line = make.submitted(shots=("overall",))
    actions.verify(return_case=line.return_case, at=timezone.now(), actor=SYSTEM)
    order = by_phone(line.return_case.order, phone="")
    order.ship_to = {**order.ship_to, "phone": "01522 8817386"}
    order.save()
    letter = letters.need_more(line=queries.line_of(line.pk), actor=SYSTEM)
    assert letter and (letter.way, letter.to, letter.template) == ("text", MOBILE, "returns.need_more")
    if not on:
        settings.RECOUP_SMS_URL = ""
    assert sweeping.remind_unfinished(now=noon(2)) == int(on)
    for told in Reminder.objects.all():
        notice = letters.reminder(reminder_id=told.pk, at=told.created_at, actor=SYSTEM)
        assert notice and (notice.way, notice.template) == ("text", "returns.reminder_of_photos")


# --- what they cost ---------------------------------------------------------------------------------

LONG: dict[str, Any] = {
    "number": "R-K7QM2X0D", "order_number": "#100123", "rma": "RMA-K7QM2X0D", "name": "Zoë", "item": "Kettle", "defect": "x",
    "until": datetime.datetime(2025, 9, 28, tzinfo=datetime.UTC), "on": datetime.date(2025, 9, 28), "reason": "", "note": "",
    "amount": Money(124990, "EUR"), "memo": "CM-2025-000123", "reference": "x", "send_back": True,
}  # fmt: skip
SHOT = {"words": "close-up", "german": "die Stelle", "instruction": ""}
EACH: list[tuple[str, dict[str, Any]]] = [
    ("received", {}), ("need_more", {"shots": [SHOT]}), ("approved", {"kind": "refund"}), ("refused", {}),
    ("approved", {"kind": "refund", "send_back": False}), ("goods_received", {}), ("reminder", {}), ("link", {}),
    ("reminder_of_photos", {"shots": [SHOT]}), ("reminder_of_photos", {"shots": [SHOT] * 4}),
    ("money_sent", {"kind": "refund", "code": ""}), ("money_sent", {"kind": "replacement", "code": ""}),
    ("code", {"code": "123456"}),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("name", "facts"), EACH)
def test_a_text_fits_one_segment(settings: Any, language: str, name: str, facts: dict[str, Any]) -> None:
    settings.RECOUP_ADDRESS, settings.RECOUP_SITE_NAME = "https://returns.example.com", "Wasserkoch"
    secret = ids.secret()
    known = {"code": "", **LONG, **facts, "secret": secret, "link": f"{house.RECOUP_ADDRESS}/c/{secret}/"}
    text = write(concept="returns", name=name, language=language, facts=known, way="text").body_text.strip()
    assert size(text) == Size(1, "GSM-7"), f"{len(text)}: {text}"
    assert (secret in text) != (name == "code")


@pytest.mark.parametrize("language", ["en", "de"])
def test_only_a_store_credits_code_takes_a_second_one(settings: Any, language: str) -> None:
    settings.RECOUP_ADDRESS, settings.RECOUP_SITE_NAME = "https://returns.example.com", "Wasserkoch"
    facts = {**LONG, "kind": "store_credit", "code": "SC-K7QM2X0DABCD", "secret": ids.secret()}
    text = write(concept="returns", name="money_sent", language=language, facts=facts, way="text").body_text.strip()
    assert "SC-K7QM2X0DABCD" in text
    assert size(text).segments <= 2


def test_every_letter_to_customers_has_its_text() -> None:
    folder = house.ROOT / "recoup/domain/returns/notices"
    for language in ("en", "de"):
        names = {path.name.removesuffix(".txt") for path in (folder / language).glob("*.txt")}
        mails = {name for name in names if not name.endswith(".sms")} - {"goods_announced"}
        assert {f"{name}.sms" for name in mails} == names - mails - {"goods_announced"}
