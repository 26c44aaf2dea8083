"""A claim is trimmed before it is sent: lines that stay with a reason, that are taken out, claims that end unsent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims import invariants, queries
from recoup.domain.claims.actions.closing import NeverSent
from recoup.domain.claims.actions.deciding import NotEnough
from recoup.domain.claims.actions.documents import ReasonMissing
from recoup.domain.claims.actions.trimming import AsClaimed, LastLine
from recoup.domain.claims.models import Claim, ClaimLine, TakenOut
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.factories import NOW, QUALITY
from recoup.domain.warehouse import actions as warehouse
from recoup.kit.actor import SYSTEM
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed, Refusal

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {"why": "It was a brick.", "actor": QUALITY}


def came(claim: Claim, **about: Any) -> None:
    """The first line's parcel is taken in."""
    site = warehouse.open_site(code="MAIN", name="Main", actor=SYSTEM)
    values: dict[str, Any] = {
        "quantity": 1,
        "grade": "D",
        "at": NOW,
        "actor": factories.WAREHOUSE,
        "note": "it was a brick",
    }
    warehouse.receive(line=factories.lines(claim)[0].return_line, site=site, **values | about)


def blocking(claim: Claim) -> list[str]:
    return [each.sentence for each in queries.claim_page(QUALITY, claim.number, now=NOW).missing if each.blocks]


def warehouse_row(claim: Claim) -> Any:
    return next(row for row in queries.claim_page(QUALITY, claim.number, now=NOW).handoff if row.reader == "warehouse")


@pytest.mark.parametrize(
    ("quantity", "about", "gap"),
    [
        (1, {"right_item": False}, "another item came instead"),
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
    wrongs: list[tuple[type[Refusal], dict[str, Any]]] = [
        (AsClaimed, {}),
        (ReasonMissing, {"why": " "}),
        (NotAllowed, {"actor": factories.WAREHOUSE}),
    ]
    for wrong, about in wrongs:
        with pytest.raises(wrong), transaction.atomic():
            claims.keep_line(line=line, **GIVEN | about)
    assert not ClaimLine.objects.exclude(kept_why="").exists()


def broken_laws() -> list[str]:
    checks = (
        invariants.lines_add_up, invariants.money_matches_the_ledger, invariants.versions_are_as_filed,
        invariants.settled_means_nothing_open,
    )  # fmt: skip
    return [finding.sentence for check in checks for finding in check()]


def gathered_again(line: ClaimLine) -> Claim:
    found = claims.gather(return_line=line.return_line, at=NOW, actor=QUALITY)
    assert found is not None
    return found


def test_a_line_that_is_taken_out_is_not_claimed_and_may_be_gathered_again() -> None:
    claim = factories.ready()
    first, second = factories.lines(claim)
    claims.take_out(line=first, why="It was a brick.", actor=QUALITY)
    claim = factories.fresh(claim)
    assert (claim.state, claim.decision_answer, factories.lines(claim)) == ("drafting", "", [second])
    page = queries.claim_page(QUALITY, claim.number, now=NOW)
    assert page.money.claimed.minor == 850 and any("It was a brick." in each.sentence for each in page.timeline)
    summary = next(each.current for each in page.documents if each.kind == "claim_summary")
    assert summary is not None and summary.fields["value"] == "8.50 USD"
    assert not queries.ungathered(QUALITY)
    (row,) = queries.taken_out(QUALITY)
    assert (row.case, row.reason) == (
        first.return_line.return_case.number,
        f"Taken out of {claim.number}: It was a brick.",
    )
    assert gathered_again(first) == claim
    assert not queries.taken_out(QUALITY) and len(factories.lines(claim)) == 2 and not broken_laws()


def test_what_must_not_be_taken_out_stays() -> None:
    alone, sent = factories.gathered(lines=1), factories.sent()[0]
    wrongs: list[tuple[type[Refusal], Claim, dict[str, Any]]] = [
        (LastLine, alone, {}),
        (ReasonMissing, alone, {"why": " "}),
        (NotAllowed, alone, {"actor": factories.WAREHOUSE}),
        (IllegalMove, sent, {}),
    ]
    for wrong, claim, about in wrongs:
        with pytest.raises(wrong), transaction.atomic():
            claims.take_out(line=factories.lines(claim)[0], **GIVEN | about)
    assert not TakenOut.objects.exists() and ClaimLine.objects.count() == 3


def test_a_claim_that_is_dropped_ends_with_nothing_open_and_its_returns_open_another() -> None:
    source, buyer = factories.Source(), factories.buyer()
    claim = factories.ready(source)
    lines = factories.lines(claim)
    claims.refuse(claim=claim, reason="The photos show nothing.", actor=buyer)
    claims.drop(claim=claim, why="Our own mistake.", actor=buyer)
    page = queries.claim_page(QUALITY, claim.number, now=NOW)
    assert (page.state, page.lines, page.money.open.minor) == ("written_off", [], 0)
    assert "17.00 USD is not claimed: Our own mistake." in page.timeline[-1].sentence
    assert queries.claims_list(QUALITY) == [] and queries.counts(QUALITY)["closed"] == 1
    assert [row.number for row in queries.claims_list(QUALITY, state="closed")] == [claim.number]
    assert not queries.ungathered(QUALITY) and len(queries.taken_out(QUALITY)) == 2
    with pytest.raises(NeverSent), transaction.atomic():
        claims.reopen(claim=claim, why="On second thoughts.", at=NOW, actor=buyer)
    assert factories.fresh(claim).state == "written_off" and not broken_laws()
    another = gathered_again(lines[0])
    assert another != claim and another.supplements is None and not broken_laws()


def test_only_a_buyer_drops_a_claim_and_only_before_it_is_approved() -> None:
    waiting, approved = factories.gathered(lines=1), factories.approved(lines=1)
    wrongs: list[tuple[type[Refusal], Claim, dict[str, Any]]] = [
        (NotAllowed, waiting, {"actor": QUALITY}),
        (ReasonMissing, waiting, {"why": " "}),
        (IllegalMove, approved, {}),
    ]
    for wrong, claim, about in wrongs:
        with pytest.raises(wrong), transaction.atomic():
            claims.drop(claim=claim, **GIVEN | {"actor": factories.buyer()} | about)
    assert not TakenOut.objects.exists() and ClaimLine.objects.count() == 2
    assert (factories.fresh(waiting).state, factories.fresh(approved).state) == ("drafting", "approved")
