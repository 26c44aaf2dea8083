"""Bad input at the real HTTP surface, through to the end: a clear sentence, the right status, nothing half-written."""

from __future__ import annotations

import datetime
import html
import json
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from recoup.channels.shopify.signature import sign
from recoup.domain.evidence.models import Photo, View
from recoup.domain.evidence.tests import factories as evidence
from recoup.domain.orders.models import Delivery, Order
from recoup.domain.orders.tests import factories as orders
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.tests.factories import staff
from recoup.foundation.files import queries as stored
from recoup.foundation.jobs import queries as jobs
from recoup.foundation.jobs.worker import drain
from recoup.kit import ids
from recoup.vision.tests import pictures
from recoup.web.capture.tests.upload.phone import Phone
from tests.faults.company import bought, shop
from tests.faults.processes import Answer, House, broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("store")]


@pytest.fixture
def good_for_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """The factories live in the past, so their links have ended; these have not."""
    monkeypatch.setattr(make, "LATER", timezone.now() + datetime.timedelta(days=30))


def rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("recoup.")]
    return {model._meta.label: model._base_manager.count() for model in ours}


def said(answer: Any) -> str:
    """The words of a page."""
    return html.unescape(answer.content.decode())


def post(house: House, body: bytes, *, secret: str = "hush") -> Answer:
    headers = {"Content-Type": "application/json", "X-Shopify-Hmac-Sha256": sign(body, secret)}
    return house.ask("POST", "/api/channels/shop/webhook", body, headers)


HALF = json.dumps({key: value for key, value in json.loads(orders.payload()).items() if key != "line_items"}).encode()
GOOD = pictures.packed(pictures.scene())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "structure."),
        (orders.payload()[:200], "structure."),
        (b"\x00\xff\xfe", "structure."),
        (b"[1, 2]", "structure."),
        (HALF, "completeness."),
        (orders.payload(line_items=[{"id": 1, "sku": "KETTLE", "quantity": -2, "price": "x"}]), ""),
    ],
    ids=["empty", "cut in half", "not text", "not an order", "no lines", "nonsense lines"],
)
def test_a_malformed_or_half_order_is_kept_whole_with_what_is_wrong_and_becomes_nothing(
    house: House, body: bytes, code: str
) -> None:
    shop()
    orders.product()
    assert post(house, body).status == 200
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, bytes(delivery.body), Order.objects.count()) == ("dead", body, 0)
    worst = next(problem for problem in delivery.problems if problem["severity"] == "block")
    assert worst["code"].startswith(code)
    assert worst["sentence"].endswith(".") and worst["remedy"].endswith(".") and "pointer" in worst
    assert jobs.dead_letters() == [] and broken_promises() == []


def test_an_unknown_sku_waits_for_its_product_and_then_goes_on(house: House) -> None:
    shop()
    assert post(house, orders.payload()).status == 200
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.waiting_for, Order.objects.count()) == ("parked", ["product:KETTLE"], 0)
    orders.product()
    drain()
    delivery.refresh_from_db()
    assert (delivery.state, Order.objects.get().number) == ("accepted", "#1001")
    assert broken_promises() == []


def test_a_stranger_who_cannot_sign_leaves_no_trace(house: House) -> None:
    shop()
    before = rows()
    answer = post(house, orders.payload(), secret="guessed")
    assert answer.status == 401
    assert "not signed with the channel’s secret" in json.loads(answer.text)["sentence"].replace("'", "’")
    assert rows() == before


@pytest.mark.usefixtures("good_for_a_month")
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\n" + b"1 0 obj << >> endobj\n" * 50, "This file is a PDF, not a photo."),
        (b"MZ" + bytes(2000), "not a photo"),
        (pictures.bomb(), "This picture claims 30000 × 30000 pixels, more than a phone takes."),
        (GOOD[: len(GOOD) // 3], "damaged or did not arrive whole"),
    ],
    ids=["pdf", "program", "900 megapixels", "cut off"],
)
def test_what_is_no_photo_is_said_to_the_customer_who_can_go_on(house: House, data: bytes, sentence: str) -> None:
    [line] = bought(None)
    link, secret = make.link(line.order, secret=True)
    assert Phone(house.port, secret, data, link.session_id).send().status == 204
    drain()
    [seen] = Client().get(f"/c/{secret}/photos").json()["photos"]
    assert (seen["state"], seen["thumb"]) == ("unreadable", None)
    assert sentence in seen["sentence"]
    photo = Photo.objects.get()
    assert stored.read(photo.file) == data
    assert (View.objects.count(), photo.codes.count(), photo.width) == (0, 0, None)
    again = Phone(house.port, secret, GOOD, link.session_id)
    assert again.send().status == 204
    drain()
    states = [(each["state"], each["replaced"]) for each in Client().get(f"/c/{secret}/photos").json()["photos"]]
    assert states == [("unreadable", True), ("accepted", False)]
    assert jobs.dead_letters() == [] and broken_promises() == []


def test_an_ended_or_foreign_link_opens_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    [line] = bought(None)
    ended = make.link(line.order, secret=True)[1]
    monkeypatch.setattr(make, "LATER", timezone.now() + datetime.timedelta(days=30))
    mine, secret = make.link(line.order, secret=True)
    theirs = evidence.judged_photo(make.link(bought(None)[0].order).session)
    browser, before = Client(), rows()
    for address in (f"/c/{ended}/", f"/c/{ended}/photos", f"/c/{ended}/status"):
        answer = browser.get(address)
        assert answer.status_code == 410 and "ask whoever sent it to you for a new one" in said(answer)
    strangers = [
        f"/c/{ids.secret()}/", f"/supplier/{secret}/", f"/supplier/{secret}/packet.zip", f"/desk/first/{secret}/",
        f"/c/{secret}/photos/{theirs.pk}", f"/c/{secret}/label.pdf",
    ]  # fmt: skip
    for address in strangers:
        answer = browser.get(address)
        assert answer.status_code == 404 and "There is nothing here for you." in said(answer), address
    uploads = [Phone(house.port, word, b"x" * 100, mine.session_id).announce() for word in (ended, ids.secret(), "")]
    assert [answer.status for answer in uploads] == [410, 404, 404]
    assert all(json.loads(answer.body)["sentence"] for answer in uploads)
    assert rows() == before


@pytest.mark.usefixtures("good_for_a_month")
def test_an_item_of_somebody_else_or_more_than_was_bought_makes_no_return() -> None:
    [mine], [theirs] = bought(None, quantity=2), bought(None)
    link, secret = make.link(mine.order, secret=True)
    evidence.judged_photo(link.session, "overall")
    form = {"defect_type": make.defect().code, "quantity": "1", "words": "It leaks."}
    browser, before = Client(), rows()
    foreign = browser.post(f"/c/{secret}/send", {**form, "order_line_id": str(theirs.pk)})
    assert foreign.status_code == 404 and "There is nothing here for you." in said(foreign)
    too_many = browser.post(f"/c/{secret}/send", {**form, "order_line_id": str(mine.pk), "quantity": "3"})
    assert too_many.status_code == 422
    assert "3 is more than can come back of this item: 2 of 2. Choose 2 or fewer." in said(too_many)
    assert "It leaks." in said(too_many)
    for quantity in ("0", "-1", "many", "9" * 30):
        refused = browser.post(f"/c/{secret}/send", {**form, "order_line_id": str(mine.pk), "quantity": quantity})
        assert refused.status_code == 422, quantity
    assert rows() == before and broken_promises() == []


@pytest.mark.parametrize("typed", ["RMA-0000-0000", "4006381333931", "'; DROP TABLE", "R-" + "9" * 300])
def test_a_scan_of_an_unknown_code_says_what_to_do_and_books_nothing(typed: str) -> None:
    browser = Client()
    browser.force_login(staff("warehouse"))
    before = rows()
    # The station's own page, so it is found whatever was scanned; the refusal stands in it as an alert.
    answer = browser.get("/desk/receiving/", {"code": typed})
    assert answer.status_code == 200 and 'role="alert"' in said(answer)
    assert "is no RMA number of ours. Scan the label again, or type the number printed under the code." in said(answer)
    booked = browser.post(f"/desk/receiving/{ids.new()}/", {"quantity": "1", "grade": "D", "site": "main"})
    assert booked.status_code == 404 and "There is nothing here for you." in said(booked)
    assert rows() == before
