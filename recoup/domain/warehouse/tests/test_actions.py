from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests.factories import NOW, agent, submitted
from recoup.domain.warehouse import actions, invariants, queries
from recoup.domain.warehouse.models import Bin, Disposition, Receipt, StockMove
from recoup.domain.warehouse.tests.factories import WORKER, approved, site
from recoup.foundation.audit.queries import trail
from recoup.kit.refusal import NotAllowed, Refusal


def receive(line: ReturnLine, **values: Any) -> Receipt:
    given = {"line": line, "site": site(), "quantity": line.quantity, "grade": "D", "at": NOW, "actor": WORKER}
    return actions.receive(**{**given, **values})


def findings() -> list[str]:
    checks = (
        invariants.stock_is_never_negative,
        invariants.quarantine_is_left_by_disposition_only,
        invariants.receipts_are_on_received_lines,
    )
    return [finding.sentence for check in checks for finding in check()]


@pytest.mark.django_db
def test_goods_go_to_quality_reject_and_cannot_be_sold() -> None:
    line = approved()
    receive(line)
    (row,) = queries.stock(actor=WORKER)
    assert (row.bin, row.quantity, row.sellable) == ("Quality Reject", 1, False)
    assert queries.sellable(sku=row.sku) == 0
    assert ReturnLine.objects.get(pk=line.pk).goods == "quarantined"
    assert findings() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quantity": 0}, "warehouse.not_a_count"),
        ({"quantity": -3}, "warehouse.not_a_count"),
        ({"quantity": 99_999_999_999, "note": "A lorry full."}, "warehouse.not_a_count"),
        ({"grade": "E"}, "warehouse.unknown_grade"),
        ({"quantity": 5}, "warehouse.more_than_announced"),
        ({"quantity": 5, "note": "  "}, "warehouse.more_than_announced"),
    ],
)
def test_nonsense_is_refused_and_nothing_changes(values: dict[str, Any], code: str) -> None:
    line = approved()
    with pytest.raises(Refusal) as no:
        receive(line, **values)
    assert no.value.code == code
    assert not Receipt.objects.exists() and not StockMove.objects.exists()
    assert ReturnLine.objects.get(pk=line.pk).goods == "awaiting"


@pytest.mark.django_db
def test_more_than_announced_is_taken_in_with_a_note_that_says_what_it_is() -> None:
    receipt = receive(approved(), quantity=2, note="A second cup of the same set lay in the box.")
    assert (receipt.quantity, receipt.finding) == (2, "undeclared")


@pytest.mark.django_db
def test_something_else_is_no_stock_of_the_announced_product() -> None:
    line = approved()
    receipt = receive(line, right_item=False, serial="B-1", note="it was a brick")
    assert (receipt.finding, StockMove.objects.count(), queries.stock(actor=WORKER)) == ("wrong_item", 0, [])
    said = trail(line.return_case)[-1].sentence
    assert "something else than" in said and "wrong item, serial B-1, “it was a brick”" in said
    assert queries.gaps([line.pk]) == {line.pk: "another item came instead"}
    assert queries.scan(actor=WORKER, typed=line.return_case.rma_number or "").lines[0].left == 1
    actions.dispose(receipt=receipt, kind="scrap", quantity=1, reason="A brick", at=NOW, actor=WORKER)
    assert not StockMove.objects.exists()
    assert ReturnLine.objects.get(pk=line.pk).goods == "dispositioned"
    assert findings() == []


@pytest.mark.django_db
@pytest.mark.parametrize("disposed_before", [False, True])
def test_what_came_short_comes_in_another_parcel(disposed_before: bool) -> None:
    line = approved(quantity=2)
    first = receive(line, quantity=1)
    assert (first.finding, queries.gaps([line.pk])) == ("short", {line.pk: "1 of 2 units came"})
    if disposed_before:
        actions.dispose(receipt=first, kind="scrap", quantity=1, reason="Cracked", at=NOW, actor=WORKER)
    with pytest.raises(actions.MoreThanAnnounced) as no:
        receive(line, quantity=2)
    assert "2 announced under this number, 3 counted" in no.value.say() and Receipt.objects.count() == 1
    second = receive(line, quantity=1)
    assert (second.finding, queries.gaps([line.pk])) == ("as_declared", {})
    assert ReturnLine.objects.get(pk=line.pk).goods == "quarantined"
    with pytest.raises(actions.AlreadyReceived):
        receive(line, quantity=1, note="And one more.")
    assert Receipt.objects.count() == 2
    for receipt in (second,) if disposed_before else (first, second):
        assert ReturnLine.objects.get(pk=line.pk).goods == "quarantined"
        actions.dispose(receipt=receipt, kind="scrap", quantity=1, reason="Cracked", at=NOW, actor=WORKER)
    assert ReturnLine.objects.get(pk=line.pk).goods == "dispositioned"
    assert findings() == []


@pytest.mark.django_db
def test_goods_of_an_undecided_return_are_refused() -> None:
    with pytest.raises(actions.NotApprovedYet):
        receive(submitted())
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_only_the_warehouse_receives() -> None:
    line = approved()
    with pytest.raises(NotAllowed):
        receive(line, actor=agent())
    assert not Receipt.objects.exists()


@pytest.mark.django_db
def test_the_same_box_is_received_once() -> None:
    line = approved()
    receive(line)
    with pytest.raises(actions.AlreadyReceived):
        receive(line)
    assert Receipt.objects.count() == StockMove.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_receivers_with_one_box_one_books_it() -> None:
    line, where, outcomes = approved(), site(), []

    def receiver() -> None:
        try:
            receive(ReturnLine.objects.get(pk=line.pk), site=where)
            outcomes.append("booked")
        except Refusal as no:
            outcomes.append(no.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=receiver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked"] + ["warehouse.already_received"] * 3
    assert StockMove.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["sellable", "scrap"])
def test_no_path_leads_out_of_quarantine_without_a_disposition(target: str) -> None:
    receipt = receive(approved())
    quarantine, other = Bin.objects.get(kind="quarantine"), Bin.objects.get(kind=target)
    assert receipt.line.order_line is not None
    with pytest.raises(DatabaseError, match="quarantine"), transaction.atomic():
        StockMove.objects.create(
            product=receipt.line.order_line.product, source=quarantine, target=other, quantity=1, receipt=receipt
        )
    assert findings() == []


@pytest.mark.django_db
def test_even_with_a_disposition_nothing_goes_from_quarantine_to_sale() -> None:
    receipt = receive(approved())
    decided = Disposition.objects.create(receipt=receipt, kind="scrap", quantity=1, reason="x")
    quarantine, sale = Bin.objects.get(kind="quarantine"), Bin.objects.get(kind="sellable")
    assert receipt.line.order_line is not None
    with pytest.raises(DatabaseError, match="never to a sellable bin"), transaction.atomic():
        StockMove.objects.create(
            product=receipt.line.order_line.product, source=quarantine, target=sale, quantity=1, disposition=decided
        )


@pytest.mark.django_db
def test_a_disposition_moves_goods_on_once() -> None:
    receipt = receive(approved())
    actions.dispose(receipt=receipt, kind="scrap", quantity=1, reason="Cracked", at=NOW, actor=WORKER)
    with pytest.raises(actions.NotInQuarantine):
        actions.dispose(receipt=receipt, kind="scrap", quantity=1, reason="Cracked", at=NOW, actor=WORKER)
    (row,) = queries.stock(actor=WORKER)
    assert (row.bin, row.sellable) == ("Scrap", False)
    assert ReturnLine.objects.get(pk=receipt.line_id).goods == "dispositioned"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "RMA-XXXX-XXXX", "4006381333931", "ü\x00%"])
def test_an_unknown_scan_says_so(typed: str) -> None:
    with pytest.raises(queries.UnknownCode) as no:
        queries.scan(actor=WORKER, typed=typed)
    assert "Scan the label again" in no.value.say()


@pytest.mark.django_db
def test_a_scan_forgives_how_it_was_typed() -> None:
    line = approved()
    number = line.return_case.rma_number or ""
    bare = number.removeprefix("RMA-").replace("-", "")
    for typed in (f" {number.lower()} ", f"rma-{bare[:4]} {bare[4:]}".lower(), bare, f"RMA {bare}"):
        found = queries.scan(actor=WORKER, typed=typed)
        assert (found.rma_number, [each.line for each in found.lines]) == (number, [line]), typed


@pytest.mark.django_db
def test_lost_goods_are_expected_no_more_named_to_finance_and_taken_in_if_they_come() -> None:
    line, other = approved(), approved()
    returns.lose_goods(line=line, why="The carrier lost it.", at=NOW, actor=WORKER)
    assert [each.pk for each in queries.awaited(actor=WORKER)] == [other.pk]
    assert queries.gaps(each.pk for each in (line, other)) == {line.pk: "the goods are lost"}
    receive(line)
    assert ReturnLine.objects.get(pk=line.pk).goods == "quarantined"
    assert queries.gaps([line.pk]) == {} and findings() == []
