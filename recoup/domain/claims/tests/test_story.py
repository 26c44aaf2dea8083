"""A claim from two returns to a closed file, through the real database."""

from __future__ import annotations

import pytest

from recoup.domain.claims import actions as claims
from recoup.domain.claims import invariants, queries
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.closing_facts import draft_closeout
from recoup.domain.claims.tests import factories


@pytest.mark.django_db
def test_the_whole_line_from_returns_to_a_closed_file() -> None:
    buyer = factories.buyer()
    claim = factories.answered("accept")
    assert claim.state == "accepted"
    factories.recorded(claim, 1700)
    claim = factories.fresh(claim)
    assert claim.state == "recovered"
    claims.write_closeout(claim=claim, lines=draft_closeout(read_file(claim)), actor=buyer)
    claims.close(claim=claim, at=factories.NOW, actor=buyer)
    page = queries.claim_page(buyer, claim.number, now=factories.NOW)
    assert page.state == "closed" and page.money.open.minor == 0
    assert all(row.green for row in page.handoff)
    for check in (
        invariants.lines_add_up, invariants.money_matches_the_ledger, invariants.recoveries_are_booked,
        invariants.packets_are_what_was_sent, invariants.versions_are_as_filed, invariants.sent_photos_are_signed,
        invariants.settled_means_nothing_open,
    ):  # fmt: skip
        assert list(check()) == []
