from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from recoup.domain.ledger import accounts, actions, invariants, queries
from recoup.domain.ledger.document import render_memo
from recoup.domain.ledger.models import CreditLimit, CreditMemo, Entry, Posting
from recoup.domain.ledger.rules import MemoLine
from recoup.domain.ledger.tests.factories import memo_line
from recoup.foundation.files import queries as files
from recoup.foundation.jobs import worker
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.kit.money import Money
from recoup.kit.tests import drawn

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CUSTOMER, SUPPLIER, CLAIM = ids.new(), ids.new(), ids.new()


def issue(*lines: MemoLine) -> CreditMemo:
    return actions.issue_memo(
        lines=lines, order_number="#1001", rma_number="RMA-1", reason="It is cracked", party={"name": "A", "lines": []},
        customer_id=CUSTOMER, at=AT, actor=SYSTEM,
    )  # fmt: skip


def findings() -> list[Any]:
    checks = (
        invariants.entries_balance, invariants.memos_add_up, invariants.numbers_are_gapless,
        invariants.credits_stay_within_limits, invariants.contents_are_as_sealed,
    )  # fmt: skip
    return [finding for check in checks for finding in check()]


@pytest.mark.django_db
def test_a_memo_is_numbered_booked_and_settled() -> None:
    memo = issue(memo_line())
    actions.settle(memo=memo, how="refund", customer_id=CUSTOMER, at=AT, actor=SYSTEM)
    assert memo.full_number == "CM-2026-00001"
    assert queries.balance(account=accounts.CUSTOMER_CREDIT, currency="EUR") == Money(0, "EUR")
    assert queries.balance(account=accounts.REFUNDS_PAID, currency="EUR") == Money(-4990, "EUR")
    assert sum(queries.trial_balance()["EUR"].values()) == 0
    assert findings() == []


@pytest.mark.django_db
def test_more_than_was_paid_is_refused_and_nothing_changes() -> None:
    line = memo_line()
    issue(line)
    with pytest.raises(actions.OverCredit) as no:
        issue(memo_line(net=1, tax=0, line_id=line.line_id))
    assert "0.00 EUR of 49.90 EUR" in no.value.say()
    assert CreditMemo.objects.count() == 1
    assert CreditLimit.objects.get().credited_minor == 4990
    assert findings() == []


@pytest.mark.django_db
def test_a_memo_over_nothing_is_refused() -> None:
    with pytest.raises(actions.NothingToCredit):
        issue(memo_line(net=0, tax=0, paid=0))
    assert not CreditMemo.objects.exists() and not CreditLimit.objects.exists()


@pytest.mark.django_db
def test_a_counter_memo_frees_the_line_once() -> None:
    line = memo_line()
    memo = issue(line)
    counter = actions.counter_memo(memo=memo, customer_id=CUSTOMER, reason="Keyed twice", at=AT, actor=SYSTEM)
    assert counter.total_minor == -4990
    with pytest.raises(actions.AlreadyCorrected):
        actions.counter_memo(memo=memo, customer_id=CUSTOMER, reason="again", at=AT, actor=SYSTEM)
    assert issue(line).number == 3
    assert findings() == []


@pytest.mark.django_db
def test_what_a_supplier_accepts_is_followed_to_zero() -> None:
    names: dict[str, Any] = {"claim_id": CLAIM, "supplier_id": SUPPLIER, "at": AT, "actor": SYSTEM}
    actions.book_accepted(amount=Money(1000, "USD"), **names)
    actions.book_supplier_credit(amount=Money(900, "USD"), **names)
    assert queries.receivable(supplier_id=SUPPLIER, currency="USD") == Money(100, "USD")
    actions.book_write_off(amount=Money(100, "USD"), **names)
    assert queries.receivable(supplier_id=SUPPLIER, currency="USD") == Money(0, "USD")


@pytest.mark.django_db
def test_an_entry_is_reversed_once() -> None:
    entry = actions.book_accepted(
        claim_id=CLAIM, supplier_id=SUPPLIER, amount=Money(5, "USD"), at=AT, actor=SYSTEM
    )  # fmt: skip
    actions.reverse(entry=entry, at=AT, actor=SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.reverse(entry=entry, at=AT, actor=SYSTEM)
    assert Entry.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("model", [CreditMemo, Entry, Posting])
def test_the_database_refuses_to_change_or_delete_what_was_booked(model: Any) -> None:
    issue(memo_line())
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(id=ids.new())
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.first().delete()


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_entry_that_does_not_balance() -> None:
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
        entry = Entry.objects.create(kind="memo", subject_type="x", subject_id=ids.new(), booked_at=AT)
        Posting.objects.create(entry=entry, account=accounts.WRITE_OFF, amount_minor=1, currency="EUR")
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_change_behind_the_triggers_is_named() -> None:
    memo = issue(memo_line())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_creditmemo SET reason = 'Another'")
    assert [finding.subject for finding in findings()] == [memo.full_number]


@pytest.mark.django_db(transaction=True)
def test_rivals_never_credit_more_than_was_paid_and_leave_no_gap_in_numbers() -> None:
    line = memo_line(net=839, tax=160, paid=4990)
    outcomes: list[str] = []

    def rival() -> None:
        try:
            issue(line)
            outcomes.append("issued")
        except actions.OverCredit:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=rival) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("issued"), outcomes.count("refused")) == (4, 4)
    assert findings() == []


@pytest.mark.django_db
def test_the_same_memo_gives_the_same_pdf() -> None:
    memo = issue(memo_line())
    first, second = (render_memo(memo, seller="Lamp & Kettle Co.") for _ in range(2))
    assert first == second and first.startswith(b"%PDF")


@pytest.mark.django_db
def test_a_long_word_leaves_the_amounts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn.same_place(amounts(monkeypatch, drawn.LONG_WORD), amounts(monkeypatch, "Kettle 1.7 l"))


def amounts(monkeypatch: pytest.MonkeyPatch, description: str) -> Any:
    """Where ink stands at the right of the first memo there ever was, which then was never issued."""
    with transaction.atomic():
        memo = issue(replace(memo_line(), description=description))
        [page] = drawn.pages(monkeypatch, lambda: render_memo(memo, seller="Lamp & Kettle Co."))
        transaction.set_rollback(True)
    return drawn.inked(page, since=0.55)


@pytest.mark.django_db(transaction=True)
def test_a_memo_gets_its_pdf_by_itself() -> None:
    memo = issue(memo_line())
    worker.drain()
    (document,) = memo.documents.all()
    assert files.read(document.file) == render_memo(
        memo, seller=settings.RECOUP_SITE_NAME, address=settings.RECOUP_COMPANY_ADDRESS
    )
