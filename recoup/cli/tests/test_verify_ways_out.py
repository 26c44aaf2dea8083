"""Every promise of ``recoup verify`` holds at each turn of a file that is opened again, and of goods that never come."""

from __future__ import annotations

import datetime

import pytest

from recoup.cli.verify import promises
from recoup.domain.claims import actions as claims
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.closing_facts import draft_closeout
from recoup.domain.claims.models import Claim
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.conftest import own_store  # noqa: F401  # a fixture for every test here
from recoup.domain.returns import actions as returns
from recoup.domain.returns import sweeping
from recoup.domain.returns.tests import factories as made
from recoup.domain.returns.tests.test_paying import approved, post
from recoup.foundation.jobs import worker

pytestmark = pytest.mark.django_db
NOW = factories.NOW


def broken() -> list[str]:
    """What is named, once every flow has run; but for the factories' orders, which came without a delivery."""
    worker.drain()
    found = [finding.sentence for _, promise in promises() for finding in promise()]
    return [sentence for sentence in found if "delivery" not in sentence]


def closed(claim: Claim) -> None:
    buyer = factories.buyer()
    claims.write_closeout(claim=claim, lines=draft_closeout(read_file(claim)), actor=buyer)
    claims.close(claim=claim, at=NOW, actor=buyer)


def test_written_off_opened_again_credited_late_and_closed() -> None:
    claim, buyer = factories.answered("accept"), factories.buyer()
    before = broken()
    claims.write_off(claim=claim, reason="They are silent.", at=NOW, actor=factories.FINANCE)
    closed(factories.fresh(claim))
    assert broken() == before
    claims.reopen(claim=claim, why="A payment came late.", at=NOW, actor=buyer)
    assert broken() == before
    factories.recorded(factories.fresh(claim), 1000, "LATE-1")
    assert broken() == before
    claims.write_off(claim=claim, reason="No more will come.", at=NOW, actor=factories.FINANCE)
    closed(factories.fresh(claim))
    assert factories.fresh(claim).state == "closed" and broken() == before


def test_goods_overdue_waited_on_for_and_lost() -> None:
    line, late = post(approved()).line, made.NOW + datetime.timedelta(days=31)
    before = broken()
    assert sweeping.hand_over_overdue(now=late) == 1 and broken() == before
    returns.wait_longer(return_case=line.return_case, at=late, actor=made.agent())
    assert broken() == before
    returns.lose_goods(line=line, why="The carrier lost it.", at=late, actor=made.WAREHOUSE)
    assert broken() == before
