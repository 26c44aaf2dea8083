"""The case page: what it shows, and that every key does its one thing, or says why not and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import Decision, Message, Remedy, Return, ReturnLine
from recoup.domain.returns.tests import factories
from recoup.kit import ids
from recoup.web.desk.tests import company

pytestmark = pytest.mark.django_db


def _post(client: Client, name: str, key: Any, *, htmx: bool = False, **form: Any) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse(f"desk:{name}", args=[key]), form, headers=headers)


def _as_stored(line: ReturnLine) -> tuple[Any, ...]:
    line.refresh_from_db()
    case = Return.objects.get(pk=line.return_case_id)
    return (
        line.decision, line.evidence, line.goods, case.owner_id, case.waiting_for, case.rma_number,
        Decision.objects.count(), Remedy.objects.count(), Message.objects.count(),
    )  # fmt: skip


def test_the_page_shows_photos_checks_and_the_decision() -> None:
    line = company.sent_in(shots=("overall", "close_up", "serial_label"))
    client, _ = company.signed_in("agent")
    page = client.get(reverse("desk:case", args=[line.return_case.number])).content.decode()
    for said in (
        "Needs a person",
        "Approve refund of 49.90 EUR",
        "Sharp and bright enough.",
        "K17-000123",
        "it leaks when hot",
        "not certain",
        "cora@example.com",
    ):
        assert said in page, said


def test_somebody_who_only_reads_gets_no_keys() -> None:
    line = company.sent_in()
    client, _ = company.signed_in("quality")
    page = client.get(reverse("desk:case", args=[line.return_case.number])).content.decode()
    assert "Needs a person" in page
    assert 'data-key="a"' not in page


def test_a_case_that_does_not_exist_is_not_found() -> None:
    client, _ = company.signed_in("agent")
    assert client.get(reverse("desk:case", args=["R-NOPE-NOPE"])).status_code == 404


def test_what_cannot_be_written_down_is_refused() -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    before = _as_stored(line)
    assert client.get(reverse("desk:case", args=["R-\x00"])).status_code == 400
    assert client.get(reverse("desk:search"), {"q": "a\x00b"}).status_code == 400
    assert _post(client, "line_refuse", line.pk, reason="No\x00").status_code == 400
    assert _as_stored(line) == before


def test_approving_takes_the_case_and_leads_back_to_it() -> None:
    line = company.sent_in()
    client, person = company.signed_in("agent")
    response = _post(client, "line_approve", line.pk, remedy="store_credit", reason="")
    line.refresh_from_db()
    assert response.status_code == 302
    assert response["Location"] == reverse("desk:case", args=[line.return_case.number])
    assert (line.decision, line.goods) == ("approved", "awaiting")
    assert line.remedies.get().kind == "store_credit"
    assert Return.objects.get().owner_id == person.pk
    assert "Approved." in client.get(response["Location"]).content.decode()


def test_the_customer_may_keep_the_item() -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    _post(client, "line_approve", line.pk, remedy="refund", keep="on")
    line.refresh_from_db()
    assert (line.decision, line.goods) == ("approved", "not_expected")


def test_htmx_is_told_where_to_go() -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    response = _post(client, "line_refuse", line.pk, htmx=True, reason="It was dropped.")
    assert response["HX-Redirect"] == reverse("desk:case", args=[line.return_case.number])


@pytest.mark.parametrize(
    ("name", "form", "said", "status"),
    [
        ("line_refuse", {"reason": "  "}, "Write the reason", 422),
        ("line_ask", {"reason": "Please."}, "Choose at least one photo", 422),
        ("line_ask", {"shots": ["the moon"]}, "Choose at least one photo", 422),
        ("line_approve", {"remedy": "a pony"}, "no remedy", 422),
        ("line_attach", {"order_line": "x"}, "Choose first which item", 422),
        ("line_attach", {"order_line": str(ids.new())}, "nothing here", 404),
    ],
)
def test_a_refusal_is_said_in_place_and_changes_nothing(
    name: str, form: dict[str, Any], said: str, status: int
) -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    before = _as_stored(line)
    response = _post(client, name, line.pk, htmx=True, **form)
    assert (response.status_code, response["HX-Retarget"]) == (status, "#refusal")
    assert said in response.content.decode()
    assert _as_stored(line) == before


def test_of_two_agents_the_second_reads_who_was_first() -> None:
    line = company.sent_in()
    first, person = company.signed_in("agent")
    second, _ = company.signed_in("agent")
    assert _post(first, "case_take", line.return_case.number).status_code == 302
    before = _as_stored(line)
    response = _post(second, "line_approve", line.pk, htmx=True, remedy="refund")
    assert (response.status_code, _as_stored(line)) == (409, before)
    assert person.name in response.content.decode()
    page = second.get(reverse("desk:case", args=[line.return_case.number])).content.decode()
    assert f"{person.name} has taken this case" in page
    assert "line_approve" not in page and "Approve refund" not in page


def test_giving_a_case_back_lets_another_take_it() -> None:
    line = company.sent_in()
    first, _ = company.signed_in("agent")
    second, person = company.signed_in("agent")
    number = line.return_case.number
    _post(first, "case_take", number)
    assert _post(second, "case_release", number).status_code == 409
    _post(first, "case_release", number)
    _post(second, "case_take", number)
    assert Return.objects.get().owner_id == person.pk


def test_deciding_twice_decides_once() -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    _post(client, "line_approve", line.pk, remedy="refund")
    before = _as_stored(line)
    assert _post(client, "line_refuse", line.pk, reason="Changed my mind.").status_code == 409
    assert _as_stored(line) == before


def test_an_agent_decides_up_to_their_limit() -> None:
    from recoup.kit.money import Money

    line = company.sent_in()
    client, _ = company.signed_in("agent", limit=Money(1000, "EUR"))
    before = _as_stored(line)
    response = _post(client, "line_approve", line.pk, remedy="refund")
    assert response.status_code == 403
    assert "above what you may approve" in response.content.decode()
    assert _as_stored(line) == before


def test_asking_shows_the_letter_first_and_then_waits_for_the_customer() -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    asked: dict[str, Any] = {"shots": ["serial_label"], "reason": "We cannot read <b>it</b>."}
    letter = client.get(reverse("desk:line_ask_preview", args=[line.pk]), asked).content.decode()
    assert "serial label" in letter
    assert "We cannot read &lt;b&gt;it&lt;/b&gt;." in letter
    assert client.get(reverse("desk:line_ask_preview", args=[line.pk])).content.strip() == b""
    _post(client, "line_ask", line.pk, **asked)
    assert Return.objects.get().waiting_for == "customer"
    assert Decision.objects.get(verb="ask").shots == ["serial_label"]


def test_messages_reach_their_audience_only() -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    number = line.return_case.number
    _post(client, "case_message", number, body="A hairline crack, I think.", audience="staff")
    _post(client, "case_message", number, body="We look at it today.", audience="customer")
    _post(client, "case_message", number, body="Odd.", audience="everybody")
    assert sorted(Message.objects.values_list("audience", flat=True)) == ["customer", "staff", "staff"]
    assert _post(client, "case_message", number, body=" ").status_code == 422


def test_a_blind_return_is_tied_to_its_order() -> None:
    order_line = factories.order_line()
    line = company.blind()
    client, _ = company.signed_in("agent")
    page = client.get(reverse("desk:case", args=[line.return_case.number]), {"order": order_line.order.number})
    assert order_line.title in page.content.decode()
    _post(client, "line_attach", line.pk, order_line=str(order_line.pk))
    line.refresh_from_db()
    assert line.order_line == order_line
    assert Return.objects.get().order_how == "agent"


def test_the_label_is_a_pdf_once_there_is_an_rma_number() -> None:
    client, _ = company.signed_in("agent")
    open_one, approved = company.sent_in(), company.approved()
    assert client.get(reverse("desk:case_label", args=[open_one.return_case.number])).status_code == 409
    response = client.get(reverse("desk:case_label", args=[approved.return_case.number]))
    assert response.content.startswith(b"%PDF")


def test_a_replacement_is_noted_as_sent_once() -> None:
    line = company.approved("replacement")
    remedy = Remedy.objects.get(line=line)
    returns.post_remedy(remedy=remedy, at=factories.NOW, actor=factories.agent())
    client, _ = company.signed_in("warehouse")
    assert (
        "The replacement has left" in client.get(reverse("desk:case", args=[line.return_case.number])).content.decode()
    )
    assert _post(client, "remedy_fulfil", remedy.pk, note="DHL 1").status_code == 302
    assert _post(client, "remedy_fulfil", remedy.pk, note="DHL 2").status_code == 409
    remedy.refresh_from_db()
    assert (remedy.state, remedy.instruction["note"]) == ("settled", "DHL 1")


def test_the_case_needs_few_questions_to_the_database(django_assert_max_num_queries: Any) -> None:
    line = company.received()
    company.sent_in(factories.order_line(line.order_line.order))
    client, _ = company.signed_in("agent")
    address = reverse("desk:case", args=[line.return_case.number])
    with django_assert_max_num_queries(15):
        client.get(address)


def test_the_queue_needs_few_questions_to_the_database(django_assert_max_num_queries: Any) -> None:
    client, _ = company.signed_in("agent")
    for _ in range(3):
        company.sent_in()
    with django_assert_max_num_queries(15):
        client.get(reverse("desk:queue"))
