"""Receiving, stock, finance, insight and dead letters."""

from __future__ import annotations

import datetime
import io
import itertools
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from recoup.domain.ledger.models import CreditMemo
from recoup.domain.orders import actions as orders
from recoup.domain.orders.models import Channel, Delivery
from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import Remedy, ReturnLine
from recoup.domain.warehouse import actions as warehouse
from recoup.domain.warehouse.models import Receipt, StockMove
from recoup.foundation.audit.queries import trail
from recoup.foundation.jobs import actions as jobs
from recoup.foundation.jobs.models import DeadLetter
from recoup.foundation.notices.models import Notice
from recoup.kit.actor import SYSTEM
from recoup.web.desk import charts
from recoup.web.desk.tests import company

pytestmark = pytest.mark.django_db


# --- receiving and stock ------------------------------------------------------------------------------


def _expected() -> ReturnLine:
    line = company.approved()
    warehouse.open_site(code="main", name="Main warehouse", actor=SYSTEM)
    return line


def _box(line: ReturnLine, **changed: str) -> Any:
    client, _ = company.signed_in("warehouse")
    form = {"grade": "D", "quantity": "1", "site": "main"} | changed
    return client.post(reverse("desk:receive", args=[line.pk]), form, headers={"HX-Request": "true"})


def test_a_scan_leads_to_the_box_and_the_box_into_quality_reject() -> None:
    line = _expected()
    response = _box(line)
    assert response["HX-Redirect"] == reverse("desk:receiving")
    assert Receipt.objects.get().line == line
    client, _ = company.signed_in("quality")
    page = client.get(reverse("desk:stock")).content.decode()
    assert "Quality Reject" in page and "not sellable" in page and ">sellable<" not in page


def test_what_the_receipt_says_stands_in_the_case_in_stock_and_in_finance() -> None:
    line = company.paid()
    warehouse.open_site(code="main", name="Main warehouse", actor=SYSTEM)
    _box(line, wrong_item="on", note="it was a brick", serial="B-1")
    for role, name, arguments in (
        ("agent", "case", [line.return_case.number]),
        ("quality", "stock", []),
    ):
        page = company.signed_in(role)[0].get(reverse(f"desk:{name}", args=arguments)).content.decode()
        assert "it was a brick" in page and "serial B-1" in page and "something else than" in page, name
    assert "another item came" in company.signed_in("finance")[0].get(reverse("desk:finance")).content.decode()
    client, _ = company.signed_in("warehouse")
    page = client.get(reverse("desk:receiving"), {"code": line.return_case.rma_number or ""}).content.decode()
    assert "not the announced item, “it was a brick”" in page and "1 announced unit still to come" in page
    _box(line)
    page = client.get(reverse("desk:receiving"), {"code": line.return_case.rma_number or ""}).content.decode()
    assert "All of it is taken in already" in page and "Units counted" not in page
    assert "another item came" not in company.signed_in("finance")[0].get(reverse("desk:finance")).content.decode()


NOT_BOOKABLE = [
    {"quantity": "0"},
    {"quantity": "-1"},
    {"quantity": "many"},
    {"grade": "Z"},
    {"site": "moon"},
    {"quantity": "9999999"},
]


def test_a_box_that_cannot_be_booked_is_refused_and_nothing_moves(subtests: pytest.Subtests) -> None:
    line = _expected()
    for changed in NOT_BOOKABLE:
        with subtests.test(msg=str(changed)):
            refused = _box(line, **changed)
            assert refused.status_code in (404, 422)
            assert ("1 to 999,999 units" in refused.content.decode()) == (changed.get("quantity") is not None)
            assert (Receipt.objects.count(), StockMove.objects.count()) == (0, 0)


@pytest.mark.parametrize("typed", ["4006381333931", "RMA-0000-0000", "<script>", "🦄" * 50])
def test_an_unknown_code_is_said_in_red(typed: str) -> None:
    client, _ = company.signed_in("warehouse")
    response = client.get(reverse("desk:receiving"), {"code": typed})
    page = response.content.decode()
    assert response.status_code == 200
    assert "no RMA number of ours" in page and "<script>" not in page


def test_goods_leave_quality_reject_with_a_reason_only() -> None:
    line = company.received()
    receipt = Receipt.objects.get(line=line)
    client, _ = company.signed_in("quality")
    address, moves = reverse("desk:dispose", args=[receipt.pk]), StockMove.objects.count()
    assert client.post(address, {"kind": "scrap", "quantity": "1", "reason": " "}).status_code == 422
    assert client.post(address, {"kind": "scrap", "quantity": "5", "reason": "Cracked."}).status_code == 409
    assert StockMove.objects.count() == moves
    assert client.post(address, {"kind": "scrap", "quantity": "1", "reason": "Cracked."}).status_code == 302
    line.refresh_from_db()
    assert line.goods == "dispositioned"


# --- money --------------------------------------------------------------------------------------------


def test_finance_sees_memos_refunds_and_books_that_add_up() -> None:
    line = company.paid()
    client, _ = company.signed_in("finance")
    page = client.get(reverse("desk:finance")).content.decode()
    memo = CreditMemo.objects.get()
    for said in (memo.full_number, "adds up to zero", line.return_case.number, "Returns expense", "49.90 EUR."):
        assert said in page, said
    assert "Mark 49.90 EUR as paid" in page and "Owed to customers" in page and "Refunds paid" not in page


def _pay(client: Any, remedy: Remedy, *, htmx: bool = False, **typed: str) -> Any:
    form = {"reference": "BANK-7", "paid_on": timezone.now().date().isoformat()} | typed
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("desk:remedy_paid", args=[remedy.pk]), form, headers=headers)


def test_finance_marks_a_refund_as_paid_and_every_page_says_the_same() -> None:
    line = company.paid()
    client, _ = company.signed_in("finance")
    case, finance = reverse("desk:case", args=[line.return_case.number]), reverse("desk:finance")
    assert "to be paid" in (seen := client.get(case).content.decode()) and "Pay it in Finance" in seen
    response = _pay(client, line.remedies.get())
    assert (response.status_code, response["Location"]) == (302, finance)
    page = client.get(finance).content.decode()
    assert "49.90 EUR is marked as paid" in page and "Refunds paid" in page and "BANK-7" in page
    assert "as paid</button>" not in page and "No refund waits to be paid" in page
    seen = client.get(case).content.decode()
    assert "reference BANK-7" in seen and "to be paid" not in seen


TOO_LITTLE = [{"reference": " "}, {"paid_on": "soon"}, {"paid_on": "2999-01-01"}]


def test_a_payment_that_says_too_little_is_refused_where_it_was_typed(subtests: pytest.Subtests) -> None:
    remedy = company.paid().remedies.get()
    for typed, htmx in itertools.product(TOO_LITTLE, (True, False)):
        with subtests.test(msg=f"{typed}{' with htmx' if htmx else ''}"):
            client, _ = company.signed_in("finance")
            response = _pay(client, remedy, htmx=htmx, **typed)
            assert response.status_code == 422 and response.headers.get("HX-Retarget") == ("#refusal" if htmx else None)
            assert Remedy.objects.get().state == "posted"
            assert "Mark 49.90 EUR as paid" in client.get(reverse("desk:finance")).content.decode()


def test_what_waits_for_others_is_not_among_what_was_paid() -> None:
    sent, waiting = company.approved("replacement"), company.approved()
    returns.post_remedy(remedy=sent.remedies.get(), at=timezone.now(), actor=SYSTEM)
    client, _ = company.signed_in("finance")
    page = client.get(reverse("desk:finance")).content.decode()
    others, _, paid = page.partition('id="paid"')
    assert waiting.return_case.number in others and "to be sent" in others and "Waits for others" in others
    assert "Nothing has been paid, given or sent yet" in paid
    assert waiting.return_case.number not in paid and sent.return_case.number not in paid


def test_a_second_mark_says_who_was_first_and_changes_nothing() -> None:
    remedy = company.paid().remedies.get()
    client, _ = company.signed_in("finance")
    assert _pay(client, remedy).status_code == 302
    response = _pay(client, remedy, htmx=True, reference="BANK-8")
    assert response.status_code == 409 and "with the reference BANK-7" in response.content.decode()
    assert Remedy.objects.get().reference == "BANK-7"


def test_empty_books_teach() -> None:
    client, _ = company.signed_in("finance")
    page = client.get(reverse("desk:finance")).content.decode()
    assert page.count('class="empty"') == 5


def test_a_memo_is_a_pdf_and_is_not_kept_by_proxies() -> None:
    company.paid()
    client, _ = company.signed_in("buyer")
    address = reverse("desk:memo", args=[CreditMemo.objects.get().full_number])
    response = client.get(address)
    assert io.BytesIO(response.content).read(4) == b"%PDF"
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(address).content == response.content
    assert client.get(reverse("desk:memo", args=["CM-2026-99999"])).status_code == 404
    assert client.get(reverse("desk:memo", args=["nonsense"])).status_code == 404


# --- insight ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", ["", "?days=7", "?days=365", "?days=8", "?days=x", "?days=-1"])
def test_insight_answers_for_every_period(days: str) -> None:
    company.approved()
    client, _ = company.signed_in("buyer")
    page = client.get(reverse("desk:insight") + days)
    assert page.status_code == 200
    assert "1 case" in page.content.decode()


def test_a_chart_counts_what_it_was_given() -> None:
    first = datetime.date(2026, 1, 1)
    days = [(first + datetime.timedelta(days=n), n % 3) for n in range(365)]
    chart = charts.columns(days)
    assert len(chart.bars) <= 92
    assert sum(int(bar.words.rpartition(": ")[2].replace(",", "")) for bar in chart.bars) == sum(n for _, n in days)
    assert all(bar.y + bar.height <= chart.floor + 0.2 and bar.height >= 0 for bar in chart.bars)
    assert charts.columns([]).bars == []


@pytest.mark.parametrize(("count", "top"), [(0, "1"), (1, "1"), (3, "4"), (5, "10"), (11, "20"), (4321, "10,000")])
def test_a_chart_s_scale_ends_on_a_round_number(count: int, top: str) -> None:
    assert charts.columns([(datetime.date(2026, 1, 1), count)]).across[-1].words == top


def test_bars_share_one_scale_and_nothing_negative_is_drawn() -> None:
    assert [(beam.now, beam.before) for beam in charts.beams([(50, 100), (-5, 25)])] == [(50, 100), (0, 25)]
    assert charts.beams([(0, 0)]) == [charts.Beam(0, 0)]


# --- dead letters -------------------------------------------------------------------------------------


def _dead_job(number: int, error: str) -> DeadLetter:
    return jobs.bury(
        job_id=number, name="facts.run_flow", queue="default", attempts=5, error=RuntimeError(error),
        arguments={"flow": "photo_arrived.judge_photo", "fact_name": "PhotoArrived"},
    )  # fmt: skip


def test_dead_jobs_come_in_groups_and_run_again() -> None:
    client, _ = company.signed_in("agent")
    letters = [_dead_job(number, "The disk is full.") for number in (1, 2)]
    page = client.get(reverse("desk:dead_letters")).content.decode()
    assert "Judge photo" in page and "The disk is full." in page and "Replay 2" in page
    client.post(reverse("desk:replay_jobs"), {"group": letters[0].group})
    assert DeadLetter.objects.filter(replayed_at=None).count() == 0
    again = client.post(reverse("desk:replay_jobs"), {"group": letters[0].group}, follow=True)
    assert "Nothing was left" in again.content.decode()


def test_a_dead_delivery_says_what_is_wrong_and_goes_through_the_gates_again() -> None:
    channel = Channel.objects.create(code="shop", kind="shopify", name="The shop")
    delivery = orders.receive(channel=channel, delivery_key="1", topic="orders/create", body=b"{", actor=SYSTEM)
    problem = {
        "code": "structure.not_json",
        "pointer": "",
        "severity": "block",
        "sentence": "It is cut off.",
        "remedy": "Send it again.",
    }
    Delivery.objects.filter(pk=delivery.pk).update(state="dead", problems=[problem], fingerprint="cut")
    client, _ = company.signed_in("buyer")
    page = client.get(reverse("desk:dead_letters")).content.decode()
    assert "It is cut off." in page and "Send it again." in page
    client.post(reverse("desk:replay_deliveries"), {"fingerprint": "cut"})
    delivery.refresh_from_db()
    assert delivery.state == "received"


def _dead_order() -> Delivery:
    from recoup.channels.kinds import kind
    from recoup.channels.reading import ChannelSettings

    channel = Channel.objects.create(code="files", kind="csvfile", name="Our files")
    raw = b"recoup_row,order,placed_at,currency,sku,quantity,paid\n6,5005,2026-09-02,EUR,MUG-1,-1,10.00\n"
    delivery = orders.receive(channel=channel, delivery_key="1", topic="orders/file may.csv", body=raw, actor=SYSTEM)
    reading = kind("csvfile").translate(raw, ChannelSettings())
    return orders.judge(delivery=delivery, reading=reading, at=datetime.datetime.now(datetime.UTC), actor=SYSTEM)


def test_a_dead_order_says_which_it_is_and_shows_what_came_to_who_may_see_orders() -> None:
    delivery = _dead_order()
    address = reverse("desk:delivery_bytes", args=[delivery.pk])
    agent, _ = company.signed_in("agent")
    page = agent.get(reverse("desk:dead_letters")).content.decode()
    for words in ("Order 5005, row 6", "Our files", "orders/file may.csv", "row 6, column “quantity”", address):
        assert words in page, words
    came = agent.get(address)
    assert (came.content, came["Content-Type"]) == (bytes(delivery.body), "text/plain; charset=utf-8")
    assert came["X-Content-Type-Options"] == "nosniff"
    opened = [entry for entry in trail(delivery) if entry.verb == "delivery.opened"]
    assert len(opened) == 1
    buyer, _ = company.signed_in("buyer")
    page = buyer.get(reverse("desk:dead_letters")).content.decode()
    assert "Order 5005, row 6" in page and f'"{address}"' not in page
    assert buyer.get(address).status_code == 403
    assert len([entry for entry in trail(delivery) if entry.verb == "delivery.opened"]) == 1


def test_a_dead_order_is_set_aside_with_a_reason() -> None:
    delivery = _dead_order()
    client, _ = company.signed_in("buyer")
    address = reverse("desk:delivery_aside", args=[delivery.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert Delivery.objects.get().state == "dead"
    assert client.post(address, {"reason": "Somebody tried the address."}).status_code == 302
    assert Delivery.objects.get().state == "stale"
    assert "Order 5005" not in client.get(reverse("desk:dead_letters")).content.decode()


def test_a_message_that_did_not_leave_is_sent_again() -> None:
    notice = Notice.objects.create(
        audience="customer", to="cora@example.com", subject_type="returns.return", subject_id=company.sent_in().return_case_id,
        template="returns.link", subject_line="Your link", body_text="Hello", state="failed", error="The mail server said no.",
    )  # fmt: skip
    client, _ = company.signed_in("agent")
    assert "The mail server said no." in client.get(reverse("desk:dead_letters")).content.decode()
    client.post(reverse("desk:send_again", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.state == "queued"
    assert client.post(reverse("desk:send_again", args=[notice.pk])).status_code == 409


def test_with_nothing_dead_the_page_teaches() -> None:
    client, _ = company.signed_in("agent")
    assert "Everything goes on by itself" in client.get(reverse("desk:dead_letters")).content.decode()
