"""Lines that need a person's word: what came back is not what is claimed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.actions.deciding import NotEnough
from recoup.domain.claims.actions.documents import ReasonMissing
from recoup.domain.claims.actions.trimming import AsClaimed
from recoup.domain.claims.models import Claim, ClaimLine
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.factories import NOW, QUALITY
from recoup.domain.warehouse import actions as warehouse
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotAllowed

pytestmark = pytest.mark.django_db


def came(claim: Claim, **about: Any) -> None:
    """The first line's parcel is taken in."""
    site = warehouse.open_site(code="MAIN", name="Main", actor=SYSTEM)
    values = {"quantity": 1, "grade": "D", "at": NOW, "actor": factories.WAREHOUSE, "note": "it was a brick"}
    warehouse.receive(line=factories.lines(claim)[0].return_line, site=site, **values | about)


def blocking(claim: Claim) -> list[str]:
    return [each.sentence for each in queries.claim_page(QUALITY, claim.number, now=NOW).missing if each.blocks]


def warehouse_row(claim: Claim) -> Any:
    return next(row for row in queries.claim_page(QUALITY, claim.number, now=NOW).handoff if row.reader == "warehouse")


@pytest.mark.parametrize(
    ("quantity", "about", "gap"),
    [
        (1, {"right_item": False}, "another item came, no announced unit came"),
        (2, {"note": "one is missing"}, "1 of 2 units came"),
    ],
)
def test_what_is_not_as_claimed_stops_the_claim_until_somebody_says_that_it_stays(
    quantity: int, about: dict[str, Any], gap: str
) -> None:
    claim = factories.signed(factories.redacted(factories.gathered(quantity=quantity)))
    claims.decide(claim=claim, answer="yes", why="Same crack in every photo.", actor=QUALITY)
    assert not blocking(claim)
    came(claim, **about)
    (said,) = blocking(claim)
    assert gap in said and not warehouse_row(claim).green and gap in warehouse_row(claim).missing[0]
    with pytest.raises(NotEnough), transaction.atomic():
        claims.make_ready(claim=claim, at=NOW, actor=QUALITY)
    assert factories.fresh(claim).state == "redaction_pending"
    line = factories.lines(claim)[0]
    claims.keep_line(line=line, why="The photos show our kettle.", actor=QUALITY)
    assert not blocking(claim) and warehouse_row(claim).green
    shown = queries.claim_page(QUALITY, claim.number, now=NOW)
    assert (shown.lines[0].gap, shown.lines[0].kept_why) == (gap, "The photos show our kettle.")
    assert "kept case" in shown.timeline[-1].sentence and gap in shown.timeline[-1].sentence
    claims.make_ready(claim=claim, at=NOW, actor=QUALITY)


def test_what_came_first_as_something_else_and_then_rightly_stops_nothing() -> None:
    claim = factories.signed(factories.redacted(factories.gathered()))
    came(claim, right_item=False)
    came(claim)
    assert not blocking(claim) and warehouse_row(claim).green
    assert "1 of something else" in warehouse_row(claim).answer


def test_a_line_is_kept_with_a_reason_by_who_decides_and_only_where_there_is_one_to_give() -> None:
    claim = factories.gathered()
    line = factories.lines(claim)[0]
    for wrong, about in (
        (AsClaimed, {}),
        (ReasonMissing, {"why": " "}),
        (NotAllowed, {"actor": factories.WAREHOUSE}),
    ):
        with pytest.raises(wrong), transaction.atomic():
            claims.keep_line(**{"line": line, "why": "It is ours.", "actor": QUALITY} | about)
    assert not ClaimLine.objects.exclude(kept_why="").exists()
