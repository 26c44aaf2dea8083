"""The code on a box leads to the front door, which knows the product, and from there to the item picked."""

from __future__ import annotations

import re
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, expect

from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import queries
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import OneTimeCode
from recoup.web.capture.front_door import sent_path
from recoup.web.capture.tests.mail import mailed
from recoup.web.desk.tests import company
from recoup.web.tests.in_a_browser import MARKS, picture

KETTLE = "4006381333931"


@pytest.fixture
def kettle(monkeypatch: pytest.MonkeyPatch) -> OrderLine:
    """A kettle with a GTIN and a serial, bought with a lamp."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    line = make.order_line(sold=make.product(gtin=KETTLE, serials=True), serial="K17-000123")
    make.order_line(line.order, sold=make.product(name="Lamp", gtin="40170725"))
    make.defect("overall")
    return line


def asked(page: str) -> str:
    found = re.search(r'name="asked" value="([^"]*)"', page)
    assert found
    return found[1]


@pytest.mark.django_db
def test_the_front_door_names_the_product_and_the_code_leads_to_it(
    client: Client, kettle: OrderLine, mailoutbox: list[Any]
) -> None:
    answer = client.get(f"/01/0{KETTLE}/10/24-117/21/K17-000123?11=250601&linkType=gs1:pip")
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
    page = answer.content.decode()
    assert "<h1>Something wrong with Kettle 1.7 l?</h1>" in page
    form = {"number": "", "address": "cora@example.com", "asked": asked(page)}
    again = client.post("/", form)
    assert again.status_code == 422 and "Something wrong with Kettle 1.7 l?" in again.content.decode()
    client.post("/", form | {"number": kettle.order.number, "asked": asked(again.content.decode())})
    assert "Something wrong with Kettle 1.7 l?" in client.get("/").content.decode()
    secret = client.post("/code/", {"code": mailed(mailoutbox)})["Location"].split("/")[2]
    link = queries.access_capture(secret, make.NOW).link
    assert link.box == {"gtin": f"0{KETTLE}", "batch": "24-117", "serial": "K17-000123"}
    assert queries.capture_page(link).picked == kettle.pk
    assert "Something wrong with your order?" in client.get("/").content.decode()


@pytest.mark.django_db
def test_an_unknown_product_is_said_kindly_and_the_door_stays_open(client: Client, kettle: OrderLine) -> None:
    answer = client.get("/01/036000291452/21/7")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "We do not know the product that this code names. Go on all the same" in page
    assert "Something wrong with your order?" in page
    asking = {"number": kettle.order.number, "address": "cora@example.com", "asked": asked(page)}
    assert client.post("/", asking)["Location"] == "/code/"


@pytest.mark.django_db
@pytest.mark.parametrize("gtin", ["4006381333932", "40063813339310", "123", "abc", "<b>"])
def test_a_gtin_whose_check_digit_does_not_fit_is_said_so(client: Client, kettle: OrderLine, gtin: str) -> None:
    answer = client.get(f"/01/{gtin}/10/24-117")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page and "was misread or misprinted: its check digit does not fit" in page
    assert "<b>" not in page.split("role=")[1].split("</form>")[0]
    client.post("/", {"number": kettle.order.number, "address": "cora@example.com", "asked": asked(page)})
    assert OneTimeCode.objects.count() == 1
    assert "We do not know" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_scanning_sends_nothing_and_asks_for_nothing(client: Client, kettle: OrderLine) -> None:
    client.get(f"/01/{KETTLE}")
    assert client.post(f"/01/{KETTLE}").status_code == 405
    assert client.head(f"/01/{KETTLE}").status_code == 200
    assert client.get("/01/").status_code == 404
    assert client.get("/01///")["Location"] == "/"
    assert not OneTimeCode.objects.exists()


@pytest.mark.parametrize("path", ["/01/40170725/10/24%2F117", "/01/40170725/10/24%25"])
def test_the_path_is_read_as_it_was_sent(path: str) -> None:
    scope = {"type": "http", "method": "GET", "path": "/decoded", "raw_path": path.encode(), "headers": []}
    assert sent_path(ASGIRequest(scope, BytesIO())) == path
    plain: HttpRequest = RequestFactory().get("/01/40170725/10/24%25")
    assert sent_path(plain) == "/01/40170725/10/24%25"


@pytest.mark.django_db
def test_the_desk_shows_what_is_printed_and_only_where_there_is_a_gtin(kettle: OrderLine) -> None:
    client, _ = company.signed_in("warehouse")
    bare = make.product(name="Spoon")
    page = client.get(reverse("desk:product", args=[kettle.product.sku])).content.decode()
    assert f"{settings.RECOUP_ADDRESS}/01/0{KETTLE}" in page
    svg = client.get(reverse("desk:box_code", args=[kettle.product.pk]), {"batch": "24-117", "download": "yes"})
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg["Content-Disposition"] == f'attachment; filename="box-0{KETTLE}.svg"'
    without = client.get(reverse("desk:product", args=[bare.sku])).content.decode()
    assert "it needs the product’s GTIN" in without
    assert client.get(reverse("desk:box_code", args=[bare.pk])).status_code == 404
    assert Client().get(reverse("desk:box_code", args=[kettle.product.pk])).status_code == 302


class TestInABrowser:
    pytestmark = MARKS

    def test_from_the_printed_code_to_the_item_picked(
        self, browser: Browser, live_server: Any, kettle: OrderLine, mailoutbox: list[Any]
    ) -> None:
        page = browser.new_context(
            base_url=live_server.url, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
        ).new_page()
        client, _ = company.signed_in("agent")
        svg = client.get(reverse("desk:box_code", args=[kettle.product.pk]), {"batch": "24-117"}).content
        page.set_content(f'<img width="360" src="data:image/svg+xml;base64,{b64encode(svg).decode()}">')
        page.locator("img").evaluate("picture => picture.decode()")
        (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot())))
        assert read.text == f"{settings.RECOUP_ADDRESS}/01/0{KETTLE}/10/24-117"
        page.goto(f"{read.text.removeprefix(settings.RECOUP_ADDRESS)}/21/K17-000123")
        expect(page.get_by_role("heading", name="Something wrong with Kettle 1.7 l?")).to_be_visible()
        both(page, "box")
        page.get_by_label("Order number").fill(kettle.order.number)
        page.get_by_label("E-mail address").fill("cora@example.com")
        page.get_by_role("button", name="Send me a code").click()
        page.get_by_label("The six digits from the mail").fill(mailed(mailoutbox))
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("radio", name="Kettle 1.7 l")).to_be_checked()
        expect(page.get_by_role("radio", name="Lamp")).not_to_be_checked()
        expect(page.locator("#serial")).to_have_value("K17-000123")
        both(page, "box-came-in")
        for odd in ("036000291452", "4006381333932"):
            page.goto(f"/01/{odd}")
            both(page, f"box-{odd}")


def both(page: Any, name: str) -> None:
    """In light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        picture(page, f"{name}-{scheme}")
