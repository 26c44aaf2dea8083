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
from recoup.domain.claims import actions as claims
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.closing_facts import draft_closeout
from recoup.domain.claims.models import Claim
from recoup.domain.claims.tests import factories as claimed
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
    chains = [each["subject"] for each in broken if each["invariant"] == "audit.chain"]
    assert chains == [f"returns.return {record.subject_id}"]


@pytest.fixture
def closed_claim(paid_case: Any) -> Claim:
    """A claim that was sent, accepted, credited and closed; its link is withdrawn. Beside the paid case."""
    buyer, claim = claimed.buyer(), claimed.answered("accept")
    claimed.recorded(claim, 1700)
    claims.write_closeout(claim=claim, lines=draft_closeout(read_file(claimed.fresh(claim))), actor=buyer)
    claims.close(claim=claim, at=claimed.NOW, actor=buyer)
    claims.revoke_link(packet=claim.packets.get(), at=claimed.NOW, actor=buyer)
    worker.drain()
    return claimed.fresh(claim)


_FILE = "DELETE FROM files_storedfile WHERE id IN (SELECT file_id FROM {})"
# What is done behind the triggers → the invariant that says so.
BEHIND = {
    "more was paid": ("UPDATE ledger_creditlimit SET paid_minor = paid_minor + 1", "returns.limits"),
    "less was paid": ("UPDATE ledger_creditlimit SET paid_minor = paid_minor - 1", "audit.sealed"),
    "another currency": ("UPDATE ledger_creditlimit SET currency = 'USD'", "ledger.limit"),
    "no limit": ("DELETE FROM ledger_creditlimit", "ledger.limit"),
    "no series": ("DELETE FROM ledger_series", "ledger.numbers"),
    "a series set back": ("UPDATE ledger_series SET last_number = 0", "ledger.numbers"),
    "a photo's file removed": (_FILE.format("evidence_photo"), "database.references"),
    "a packet's file removed": (_FILE.format("claims_packet"), "database.references"),
    "a memo's PDF removed": (_FILE.format("ledger_memodocument"), "database.references"),
    "a memo's PDF discarded": (
        "UPDATE files_storedfile SET state = 'gone' WHERE purpose = 'credit memo'",
        "ledger.document",
    ),
    "another hash of a memo's PDF": (
        "UPDATE files_storedfile SET sha256 = repeat('0', 64) WHERE purpose = 'credit memo'",
        "audit.sealed",
    ),
    "keys destroyed by nobody": ("UPDATE files_sealkey SET destroyed_at = now(), wrapped = ''", "files.destroyed"),
    "a packet removed": ("DELETE FROM claims_packet", "claims.sent"),
    "a packet rewritten": ("UPDATE claims_packet SET manifest = jsonb_set(manifest, '{claimed}', '1')", "audit.sealed"),
    "a packet not sent": ("UPDATE claims_packet SET sent_at = NULL", "claims.sent"),
    "a closeout removed": ("DELETE FROM claims_closeout", "audit.sealed"),
    "a closeout rewritten": ("UPDATE claims_closeout SET buyer_decision = 'another'", "audit.sealed"),
    "an answer removed": ("DELETE FROM claims_answer", "audit.sealed"),
    "another verdict": ("UPDATE claims_answer SET verdict = 'dispute'", "audit.sealed"),
    "another reason of an answer": ("UPDATE claims_answer SET reason = 'another'", "audit.sealed"),
    "a version removed": ("DELETE FROM claims_documentversion WHERE number = 1", "audit.sealed"),
    "another author": ("UPDATE claims_documentversion SET by_name = 'Eve'", "audit.sealed"),
    "another signer": ("UPDATE evidence_redactedcopy SET signed_by = 'eve'", "evidence.signatures"),
    "fewer covers": ("UPDATE evidence_redactedcopy SET covers = '[]'", "audit.sealed"),
    "quarantine is sellable": ("UPDATE warehouse_bin SET kind = 'sellable' WHERE code = 'QR'", "warehouse.first"),
    "another kind of bin": ("UPDATE warehouse_bin SET kind = 'scrap' WHERE code = 'SALE'", "audit.sealed"),
    "another supplier": (
        "INSERT INTO suppliers_supplier SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),"
        " 'code', 'OTHER'))).* FROM suppliers_supplier s LIMIT 1;"
        " UPDATE claims_claim SET supplier_id = (SELECT id FROM suppliers_supplier WHERE code = 'OTHER')",
        "claims.supplier",
    ),
    "a supplier that is not there": ("UPDATE claims_claim SET supplier_id = id", "database.references"),
    "another RMA number": ("UPDATE returns_return SET rma_number = 'RMA-' || right(id::text, 8)", "returns.numbers"),
    "no RMA number": ("UPDATE returns_return SET rma_number = NULL", "returns.numbers"),
    "another case number": ("UPDATE returns_return SET number = 'R-' || right(id::text, 8)", "returns.numbers"),
    "a link open again": ("UPDATE accounts_linktoken SET revoked_at = NULL", "accounts.links"),
    "every link withdrawn": ("UPDATE accounts_linktoken SET revoked_at = now()", "accounts.links"),
    "links that last": ("UPDATE accounts_linktoken SET expires_at = expires_at + interval '9 years'", "audit.sealed"),
    "a memo removed": ("DELETE FROM ledger_creditmemo", "audit.subject"),
    "a memo's document removed": ("DELETE FROM ledger_memodocument", "audit.sealed"),
    "an entry without postings": ("DELETE FROM ledger_posting", "ledger.balance"),
    "another reason": ("UPDATE returns_decision SET reason = 'because'", "audit.sealed"),
    "a decision removed": ("DELETE FROM returns_decision WHERE verb = 'approve'", "audit.sealed"),
    "a delivery's bytes": ("UPDATE orders_delivery SET body = 'other'", "audit.sealed"),
    "other goods": ("UPDATE warehouse_receipt SET quantity = 2", "audit.sealed"),
    "moves removed": ("DELETE FROM warehouse_stockmove", "audit.sealed"),
}


@pytest.mark.usefixtures("closed_claim")
def test_whatever_is_changed_behind_the_triggers_is_named(
    paid_case: Any, checked: Checked, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = paid_case.order_line.order.channel
    orders.receive(channel=channel, delivery_key="1", topic="orders/create", body=b"{}", actor=SYSTEM)
    claimed.taken_in(paid_case)
    worker.drain()
    assert checked()[1] == []
    every = verify.promises()
    speaks: dict[str, list[Any]] = {}  # after the first of a kind, only the promises that named it are asked
    for what, (statement, invariant) in BEHIND.items():
        with subtests.test(msg=what), transaction.atomic():
            behind(statement)
            asked = speaks.get(invariant) or [each for each in every if verify._found(each[1])]
            speaks[invariant] = asked
            monkeypatch.setattr(verify, "promises", lambda named=asked: named)
            status, broken = checked()
            assert status == 1
            assert invariant in {each["invariant"] for each in broken}
            assert all(each["sentence"] and "\n" not in each["sentence"] for each in broken)
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
