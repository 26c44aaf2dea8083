"""The queue, the search and new links: how a case is found, and how one begins."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import CaptureLink, Return, ReturnLine
from recoup.domain.returns.tests import factories
from recoup.foundation.audit.queries import trail
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices.models import Notice
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.web.desk.tests import company

pytestmark = pytest.mark.django_db


def test_each_drawer_shows_its_cases_and_an_empty_one_teaches() -> None:
    client, person = company.signed_in("agent")
    waiting, approved = company.sent_in(), company.approved()
    returns.take(return_case=waiting.return_case, actor=person.actor())
    expected: dict[str, list[ReturnLine]] = {
        "mine": [waiting],
        "agent": [waiting],
        "goods": [approved],
        "all": [waiting, approved],
        "customer": [],
        "order": [],
    }
    for drawer, lines in expected.items():
        page = client.get(reverse("desk:queue"), {"show": drawer}).content.decode()
        for line in (waiting, approved):
            assert (line.return_case.number in page) == (line in lines), drawer
        assert ('class="empty"' in page) == (not lines), drawer


def test_a_row_says_what_it_is_and_what_would_be_decided() -> None:
    client, _ = company.signed_in("agent")
    company.sent_in()
    page = client.get(reverse("desk:queue")).content.decode()
    for said in ("Kettle 1.7 l", "It is cracked", "Cora Customer", "Needs a person", "49.90 EUR", "in 1 day"):
        assert said in page, said


@pytest.mark.parametrize("odd", ["?show=nonsense", "?from=-3", "?from=99999999999999999999", "?from=x&show=all"])
def test_odd_addresses_show_the_queue_all_the_same(odd: str) -> None:
    client, _ = company.signed_in("agent")
    assert client.get(reverse("desk:queue") + odd).status_code == 200


def test_a_long_queue_comes_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoup.web.desk.views.queue.PAGE", 2)
    client, _ = company.signed_in("agent")
    numbers = {company.sent_in().return_case.number for _ in range(3)}
    first = client.get(reverse("desk:queue")).content.decode()
    assert "1–2 of 3" in first
    later = client.get(reverse("desk:queue"), {"from": "2", "show": "agent"}).content.decode()
    assert "3–3 of 3" in later
    shown = {number for number in numbers if number in first} | {number for number in numbers if number in later}
    assert shown == numbers


def test_the_preview_is_the_case_in_short() -> None:
    client, _ = company.signed_in("quality")
    line = company.sent_in()
    preview = client.get(
        reverse("desk:preview", args=[line.return_case.number]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in preview
    assert "it leaks when hot" in preview


@pytest.mark.parametrize("what", ["case", "rma", "order", "name", "email", "sku"])
def test_the_one_field_finds_a_case_by_anything(what: str) -> None:
    client, _ = company.signed_in("agent")
    line = company.approved()
    case, order = line.return_case, line.order_line.order
    case.refresh_from_db()
    asked = {
        "case": case.number, "rma": case.rma_number or "", "order": order.number, "name": "cora",
        "email": "CORA@example.com", "sku": line.order_line.sku,
    }[what]  # fmt: skip
    response = client.get(reverse("desk:search"), {"q": asked}, follow=True)
    assert case.number in response.content.decode()


def test_finding_nothing_says_what_can_be_typed() -> None:
    client, _ = company.signed_in("agent")
    assert "Nothing fits" in client.get(reverse("desk:search"), {"q": "zzz"}).content.decode()
    assert "into the field above" in client.get(reverse("desk:search")).content.decode()


def test_the_warehouse_finds_no_customers() -> None:
    company.sent_in()
    client, _ = company.signed_in("warehouse")
    assert "Cora" not in client.get(reverse("desk:search"), {"q": "kettle"}).content.decode()


def test_a_new_link_is_shown_once_as_text_and_code_and_goes_out_by_mail() -> None:
    client, _ = company.signed_in("agent")
    order = factories.order_line().order
    assert order.number in client.get(reverse("desk:new_link"), {"order": "cora@example.com"}).content.decode()
    page = client.post(reverse("desk:open_link", args=[order.pk]), {"send": "on"})
    found = re.search(r"/c/([\w-]{43})/", page.content.decode())
    assert found and "<svg" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert CaptureLink.objects.get().order == order
    notice = Notice.objects.get()
    assert (notice.to, notice.audience) == ("cora@example.com", "customer")
    assert found[1] not in notice.body_text


def test_a_link_in_wrong_hands_is_withdrawn() -> None:
    client, _ = company.signed_in("agent")
    order = factories.order_line().order
    opened = client.post(reverse("desk:open_link", args=[order.pk])).content.decode()
    address = re.search(r"/c/[\w-]{43}/", opened)[0]  # type: ignore[index]
    assert Client().get(address).status_code == 200
    found = {"order": order.number}
    assert "Withdraw 1 open" in client.get(reverse("desk:new_link"), found).content.decode()
    client.post(reverse("desk:withdraw_links", args=[order.pk]))
    assert Client().get(address).status_code == 404
    assert "Withdraw" not in client.get(reverse("desk:new_link"), found).content.decode()
    assert [said.sentence for said in trail(order)][-1].endswith("withdrew the customer’s links, 1 of them.")


def test_the_links_of_a_case_are_withdrawn() -> None:
    client, _ = company.signed_in("agent")
    case = company.sent_in().return_case
    until = timezone.now() + timedelta(days=1)
    secret = returns.new_secret(link=case.links.get(), expires_at=until, actor=factories.agent())
    assert Client().get(f"/c/{secret}/status").status_code == 200
    assert "has 1 open link to this case" in client.get(reverse("desk:case", args=[case.number])).content.decode()
    client.post(reverse("desk:case_withdraw", args=[case.number]))
    assert "open link" not in client.get(reverse("desk:case", args=[case.number])).content.decode()
    assert Client().get(f"/c/{secret}/status").status_code == 404


def test_whoever_has_a_mobile_number_and_no_address_gets_the_link_by_text(settings: Any) -> None:
    settings.RECOUP_SMS_URL, settings.RECOUP_COUNTRY = "https://gateway.example/", "DE"
    (client, _), order = company.signed_in("agent"), factories.order_line().order
    cora = order.customer
    assert "and e-mail it" in client.get(reverse("desk:new_link")).content.decode()
    cora.email, cora.phone = "", "030 901820"
    cora.save()
    page = client.get(reverse("desk:new_link")).content.decode()
    assert "and e-mail it" not in page and "and text it" not in page
    cora.phone = "01522 8817386"
    cora.save()
    assert "and text it" in client.get(reverse("desk:new_link")).content.decode()
    page = client.post(reverse("desk:open_link", args=[order.pk]), {"send": "on"}).content.decode()
    notice = Notice.objects.get()
    assert (notice.way, notice.to, notice.state) == ("text", "+4915228817386", "queued")
    assert "On its way to +4915228817386." in page and "••••••••" in notice.body_text


def test_a_link_without_an_order_sends_nothing() -> None:
    client, _ = company.signed_in("agent")
    page = client.post(reverse("desk:open_link", args=["00000000-0000-0000-0000-000000000000"]), {"send": "on"})
    assert page.status_code == 200
    assert CaptureLink.objects.get().order is None
    assert not Notice.objects.exists()


def test_a_link_for_an_order_that_is_not_there_opens_nothing() -> None:
    client, _ = company.signed_in("agent")
    assert client.post(reverse("desk:open_link", args=[ids.new()])).status_code == 404
    assert (CaptureLink.objects.count(), Return.objects.count()) == (0, 0)


def test_a_reminder_is_seen_beside_the_order_and_then_in_the_case() -> None:
    client, _ = company.signed_in("agent")
    line, now = factories.order_line(), timezone.now()
    link, _ = returns.open_link(
        order=line.order, language="en", expires_at=now + timedelta(days=14), actor=factories.CUSTOMER
    )
    draft = {"order_line_id": str(line.pk)}
    returns.choose(link=link, draft=draft, at=now - timedelta(days=2), actor=factories.CUSTOMER)
    CaptureLink.objects.update(created_at=now - timedelta(days=2))
    noon = (now + timedelta(days=1)).replace(hour=12)
    assert returns.remind(link=link, at=noon, actor=SYSTEM) == 1
    drain()
    page = client.get(reverse("desk:new_link"), {"order": line.order.number}).content.decode()
    assert "Begun, and not sent. We reminded them" in page
    choice = returns.Choice(order_line_id=line.pk, defect_type=factories.defect().code)
    case = returns.submit(link=link, choice=choice, at=now, actor=factories.CUSTOMER)
    assert "We reminded them" not in client.get(reverse("desk:new_link"), {"order": line.order.number}).content.decode()
    page = client.get(reverse("desk:case", args=[case.number])).content.decode()
    assert f"What you began for order {line.order.number} is still here" in page
    assert "reminded the customer that their return is not sent yet (1 of 2)." in page
