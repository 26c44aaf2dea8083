"""Whoever scanned the code on a box finds the item picked; what the code said is checked as if they had typed it."""

from __future__ import annotations

import pytest

from recoup.domain.catalogue.models import Batch
from recoup.domain.catalogue.rules import BoxCode
from recoup.domain.orders.models import Order, OrderLine
from recoup.domain.returns import actions, letters, queries
from recoup.domain.returns.models import CaptureLink, ReturnLine
from recoup.domain.returns.queries import CapturePage
from recoup.domain.returns.tests import factories as make
from recoup.foundation.notices.sending import message
from recoup.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
KETTLE, LAMP, NOBODYS = "4006381333931", "40170725", "036000291452"


@pytest.fixture
def kettle() -> OrderLine:
    return make.order_line(sold=make.product(gtin=KETTLE, serials=True), serial="K17-000123")


@pytest.fixture
def lamp(kettle: OrderLine) -> OrderLine:
    return make.order_line(kettle.order, sold=make.product(name="Lamp", gtin=LAMP))


def come_in(order: Order, box: BoxCode | None) -> CaptureLink:
    code_id = actions.ask_to_come_in(number=order.number, address="cora@example.com", place="192.0.2.7", at=make.NOW)
    notice = letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM)
    assert notice
    digits = next(line for line in str(message(notice).body).splitlines() if line.isdigit() and len(line) == 6)
    secret = actions.come_in(code_id=code_id, typed=digits, at=make.NOW, box=box)
    return queries.access_capture(secret, make.NOW).link


def seen(order: Order, box: BoxCode | None) -> CapturePage:
    return queries.capture_page(come_in(order, box))


@pytest.mark.parametrize("form", [KETTLE, f"0{KETTLE}"])
def test_the_item_of_the_box_is_picked_and_its_serial_filled_in(kettle: OrderLine, lamp: OrderLine, form: str) -> None:
    page = seen(kettle.order, BoxCode(form, serial="K17-000123"))
    assert (page.picked, page.serial) == (kettle.pk, "K17-000123")
    assert page.draft == {}


@pytest.mark.parametrize("box", [None, BoxCode(NOBODYS, serial="K17-000123")])
def test_a_box_of_something_else_picks_nothing(kettle: OrderLine, lamp: OrderLine, box: BoxCode | None) -> None:
    page = seen(kettle.order, box)
    assert (page.picked, page.serial) == (None, "")


def test_a_product_without_a_gtin_is_never_picked(kettle: OrderLine) -> None:
    make.order_line(kettle.order)
    assert seen(kettle.order, BoxCode("")).picked is None


def test_what_was_chosen_before_wins(kettle: OrderLine, lamp: OrderLine) -> None:
    link = make.link(kettle.order)
    draft = {"order_line_id": str(lamp.pk), "words": "It flickers."}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    page = seen(kettle.order, BoxCode(KETTLE, serial="K17-000123"))
    assert (page.picked, page.serial, page.draft) == (lamp.pk, "", draft)
    actions.choose(
        link=link, draft={"order_line_id": str(kettle.pk), "serial": "K17-9"}, at=make.NOW, actor=make.CUSTOMER
    )
    assert queries.capture_page(CaptureLink.objects.get()).serial == "K17-9"


def test_what_cannot_come_back_is_not_picked(kettle: OrderLine, lamp: OrderLine) -> None:
    OrderLine.objects.filter(pk=kettle.pk).update(refunded_quantity=2)
    assert seen(kettle.order, BoxCode(KETTLE)).picked == lamp.pk  # the only one that is left


def test_while_one_item_is_in_a_return_the_box_of_another_begins_anew(kettle: OrderLine, lamp: OrderLine) -> None:
    case = make.submitted(lamp).return_case
    assert come_in(kettle.order, None).return_case == case
    assert come_in(kettle.order, BoxCode(LAMP)).return_case == case
    assert come_in(kettle.order, BoxCode(NOBODYS)).return_case == case
    begun = come_in(kettle.order, BoxCode(KETTLE))
    assert (begun.return_case, queries.capture_page(begun).picked) == (None, kettle.pk)


def sent(link: CaptureLink, line: OrderLine, serial: str = "") -> ReturnLine:
    for shot in ("overall", "close_up"):
        make.photo(link.session, shot)
    choice = actions.Choice(order_line_id=line.pk, defect_type=make.defect().code, serial=serial)
    case = actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER)
    actions.verify(return_case=case, at=make.NOW, actor=SYSTEM)
    return case.lines.get()


@pytest.mark.parametrize(("serial", "result"), [("K17-000123", "pass"), ("K17-999999", "fail"), ("nonsense", "fail")])
def test_the_serial_of_the_code_is_checked_as_a_typed_one(kettle: OrderLine, serial: str, result: str) -> None:
    link = come_in(kettle.order, BoxCode(KETTLE, serial=serial))
    line = sent(link, kettle, serial=queries.capture_page(link).serial)
    check = line.checks.get(code="serial")
    assert (check.result, check.facts["how"]) == (result, "typed")


@pytest.mark.parametrize(
    ("known", "how", "said", "kept"),
    [
        ("", "", "24-118", ("24-118", "declared")),
        ("", "", "no such", None),
        ("24-200", "allocated", "24-118", ("24-118", "declared")),
        ("24-200", "allocated", "no such", ("24-200", "allocated")),
        ("24-200", "declared", "24-118", ("24-200", "declared")),
        ("", "", "", None),
    ],
)
def test_the_batch_of_the_code_counts_where_nothing_surer_is_known(
    lamp: OrderLine, known: str, how: str, said: str, kept: tuple[str, str] | None
) -> None:
    Batch.objects.create(product=lamp.product, number="24-118")
    if known:
        batch = Batch.objects.create(product=lamp.product, number=known)
        OrderLine.objects.filter(pk=lamp.pk).update(batch=batch, batch_how=how)
    line = sent(come_in(lamp.order, BoxCode(LAMP, said)), lamp)
    assert line.batch_said == said
    assert ((line.batch.number, line.batch_how) if line.batch else None) == kept


def test_what_the_box_of_another_item_said_is_not_taken(kettle: OrderLine, lamp: OrderLine) -> None:
    link = come_in(kettle.order, BoxCode(KETTLE, "24-117", "K17-000123"))
    line = sent(link, lamp, serial="K17-000123")
    assert (line.batch_said, line.serial_typed) == ("", "")


def test_a_sent_return_keeps_what_its_code_said(kettle: OrderLine) -> None:
    link = come_in(kettle.order, BoxCode(KETTLE, "24-117"))
    sent(link, kettle)
    actions.note_box(link=link, box=BoxCode(LAMP))
    link.refresh_from_db()
    assert link.box["batch"] == "24-117"
