"""``recoup verify``: green on whole data; each thing broken behind everybody's back is named in one line, exit 1."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from recoup.cli import verify
from recoup.cli.out import Out
from recoup.cli.sample import cases, company
from recoup.cli.sample.shop import SALES
from recoup.domain.claims.tests.factories import taken_in
from recoup.domain.ledger.models import Posting
from recoup.domain.orders import actions as orders
from recoup.domain.returns import actions as returns
from recoup.domain.returns.tests import factories
from recoup.foundation.audit.models import Record
from recoup.foundation.files import folder
from recoup.foundation.files.models import Segment
from recoup.foundation.jobs import worker
from recoup.kit.actor import SYSTEM

Checked = Callable[[], tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Run the command; gives back its exit status and the broken things it named."""
    monkeypatch.setattr("recoup.conf.start.ready", lambda: None)

    def run() -> tuple[int, list[dict[str, Any]]]:
        capsys.readouterr()
        status = verify.run(argparse.Namespace(out=Out(as_json=True), only=True))
        said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert said[-1]["event"] == "verdict"
        assert said[-1]["holds"] == (status == 0)
        # The factories' order came without a delivery, which is rightly said of it; it is not what is tested.
        broken = [each for each in said if each["event"] == "broken" and "delivery" not in each["sentence"]]
        return status, broken

    return run


@pytest.fixture
def paid_case(db: None, settings: Any, tmp_path: Any) -> Any:
    """A return that approved itself and was paid by finance, with its photos sealed on disk."""
    settings.RECOUP_VAR = str(tmp_path)
    line = factories.submitted()
    worker.drain()
    line.refresh_from_db()
    assert line.decision == "approved"
    remedy = line.remedies.get()
    assert remedy.state == "posted"
    now = timezone.now()
    returns.mark_paid(remedy=remedy, reference="BANK-7", paid_on=now.date(), at=now, actor=factories.agent("finance"))
    worker.drain()
    return line


def test_a_payment_that_nobody_confirmed_is_named(paid_case: Any, checked: Checked) -> None:
    remedy = paid_case.remedies.get()
    assert checked()[1] == []
    behind("UPDATE returns_remedy SET reference = 'another' WHERE id = %s", remedy.pk)
    status, broken = checked()
    assert status == 1
    assert [(each["invariant"], "“another”" in each["sentence"]) for each in broken] == [("returns.payments", True)]


def test_one_flipped_byte_of_a_photo_is_named(paid_case: Any, checked: Checked) -> None:
    segment = Segment.objects.filter(file__purpose="photo").first()
    assert segment is not None
    path = folder.root() / segment.path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    assert checked()[1] == []
    path.write_bytes(data)
    status, broken = checked()
    assert status == 1
    assert [str(segment.file_id) in each["subject"] + each["sentence"] for each in broken] == [True]


def test_one_ledger_row_changed_behind_the_triggers_is_named(paid_case: Any, checked: Checked) -> None:
    posting = Posting.objects.order_by("id").first()
    assert posting is not None
    behind("UPDATE ledger_posting SET amount_minor = amount_minor + 1 WHERE id = %s", posting.pk)
    status, broken = checked()
    assert status == 1
    assert broken
    assert all(each["sentence"] for each in broken)
    assert any(str(posting.entry_id) in each["subject"] + each["sentence"] for each in broken)


def test_one_audit_record_removed_is_named(paid_case: Any, checked: Checked) -> None:
    record = Record.objects.filter(verb="line.approved").get()
    behind("DELETE FROM audit_record WHERE seq = %s", record.pk)
    status, broken = checked()
    assert status == 1
    assert [str(record.subject_id) in each["subject"] + each["sentence"] for each in broken] == [True]


BEHIND = {
    "a memo removed": "DELETE FROM ledger_creditmemo",
    "a memo's document removed": "DELETE FROM ledger_memodocument",
    "an entry without postings": "DELETE FROM ledger_posting",
    "another reason": "UPDATE returns_decision SET reason = 'because'",
    "a decision removed": "DELETE FROM returns_decision WHERE verb = 'approve'",
    "a delivery's bytes": "UPDATE orders_delivery SET body = 'other'",
    "other goods": "UPDATE warehouse_receipt SET quantity = 2",
    "moves removed": "DELETE FROM warehouse_stockmove",
}


def test_whatever_is_changed_behind_the_triggers_is_named(
    paid_case: Any, checked: Checked, subtests: pytest.Subtests
) -> None:
    channel = paid_case.order_line.order.channel
    orders.receive(channel=channel, delivery_key="1", topic="orders/create", body=b"{}", actor=SYSTEM)
    taken_in(paid_case)
    worker.drain()
    assert checked()[1] == []
    for what, statement in BEHIND.items():
        with subtests.test(msg=what), transaction.atomic():
            behind(statement)
            status, broken = checked()
            assert status == 1
            assert broken
            assert all("could not be checked" not in each["sentence"] for each in broken), broken
            transaction.set_rollback(True)


def test_a_check_that_trips_is_a_finding_and_the_others_run(
    db: None, checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd() -> None:
        raise TypeError("nothing to add")

    monkeypatch.setattr(verify, "promises", lambda: [("It is odd.", odd), ("It is fine.", lambda: iter(()))])
    status, broken = checked()
    assert (status, [each["subject"] for each in broken]) == (1, ["odd"])
    assert "nothing to add" in broken[0]["sentence"]


def behind(statement: str, *values: Any) -> None:
    """What an attacker with the database's own password can do: no trigger, no foreign key is asked."""
    with connection.cursor() as cursor:
        # What the test itself wrote is checked now, as at its commit.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.django_db
def test_the_sample_company_moves_in_once(settings: Any, tmp_path: Any, checked: Checked) -> None:
    settings.RECOUP_VAR = str(tmp_path)
    now = timezone.now()
    first = company.furnish(now=now)
    assert cases.take_orders(now=now) == len(SALES)
    second = company.furnish(now=now)
    assert cases.take_orders(now=now) == 0
    assert first == second
    assert checked() == (0, [])
