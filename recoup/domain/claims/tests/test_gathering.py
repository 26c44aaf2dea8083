"""Returns of one supplier, order, batch and defect meet in one claim, once, whoever is faster."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.actions.gathering import LineNotApproved
from recoup.domain.claims.models import Claim, ClaimLine
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.racing import race
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests import factories as returned
from recoup.domain.suppliers.models import BatchSource
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import SYSTEM


def gather(line: ReturnLine) -> Claim | None:
    return claims.gather(return_line=line, at=factories.NOW, actor=SYSTEM)


@pytest.mark.django_db
class TestGathering:
    def test_the_first_opens_a_claim_and_the_second_joins_it(self) -> None:
        source = factories.Source(claim_rules={"handling_minor": 50})
        first, second = source.approved(quantity=2), source.approved()
        claim, same = gather(first), gather(second)
        assert claim is not None and claim == same
        assert (claim.state, claim.currency, claim.number) == ("drafting", "USD", "C-2025-00001")
        assert (
            claim.supplier == source.supplier and claim.purchase_order == source.order and claim.batch == source.batch
        )
        assert [(line.quantity, line.claimed_minor, line.source_how) for line in factories.lines(claim)] == [
            (2, 2 * 900, "scanned"), (1, 900, "scanned"),
        ]  # fmt: skip
        assert Fact.objects.filter(name__in=["ClaimOpened", "ClaimExtended"]).count() == 2

    def test_a_line_is_gathered_once(self) -> None:
        line = factories.Source().approved()
        assert gather(line) == gather(line)
        assert ClaimLine.objects.count() == 1
        assert not Fact.objects.filter(name="ClaimExtended").exists()

    def test_another_batch_order_or_defect_is_another_claim(self) -> None:
        source = factories.Source()
        one = gather(source.approved())
        source.defect = returned.defect("overall")
        other_defect = gather(source.approved())
        other_source = gather(factories.Source().approved())
        assert len({one, other_defect, other_source}) == 3
        assert Claim.objects.values_list("number", flat=True).distinct().count() == 3

    def test_only_an_approved_line_is_claimed(self) -> None:
        source = factories.Source()
        line = returned.submitted(source.sold(), of_defect=source.defect)
        with pytest.raises(LineNotApproved), transaction.atomic():
            gather(line)
        assert not Claim.objects.exists()

    def test_without_a_known_source_nothing_is_gathered_and_the_buyer_reads_why(self) -> None:
        source = factories.Source()
        line = source.approved()
        ReturnLine.objects.filter(pk=line.pk).update(batch=None)
        OrderLine.objects.filter(return_lines=line).update(batch=None)
        BatchSource.objects.all().delete()
        source.po_line.delete()
        assert gather(line) is None
        assert not Claim.objects.exists()
        [row] = queries.ungathered(factories.buyer())
        assert row.case == line.return_case.number and source.product.sku in row.reason

    def test_a_line_that_comes_late_opens_a_supplement(self) -> None:
        source = factories.Source()
        claim, _, _ = factories.sent(source)
        late = gather(source.approved())
        later = gather(source.approved())
        assert late is not None and late == later and late != claim
        assert late.supplements == claim and late.state == "drafting"
        assert len(factories.lines(claim)) == 2

    def test_a_new_line_takes_a_ready_claim_back_to_drafting(self) -> None:
        source = factories.Source()
        claim = factories.ready(source)
        assert gather(source.approved()) == claim
        claim = factories.fresh(claim)
        assert (claim.state, claim.decision_answer) == ("drafting", "")

    def test_a_reopened_claim_stands_beside_its_supplement(self) -> None:
        source = factories.Source()
        claim = factories.approved(source)
        supplement = gather(source.approved())
        assert supplement is not None and supplement.supplements == claim
        assert claims.expire_boundaries(now=factories.SOON) == 1
        assert factories.fresh(claim).state == "ready"

    def test_the_database_allows_one_gathering_claim_per_group(self) -> None:
        claim = factories.gathered(lines=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(
                number="C-X", supplier=claim.supplier, purchase_order=claim.purchase_order, batch=claim.batch,
                defect_type=claim.defect_type, currency="USD",
            )  # fmt: skip


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_many_returns_at_once_meet_in_one_claim(self) -> None:
        source = factories.Source()
        waiting = [source.approved() for _ in range(4)]
        found: list[Any] = race([partial(gather, line) for line in waiting])
        assert len({claim.pk for claim in found}) == 1
        assert ClaimLine.objects.count() == 4

    def test_one_return_gathered_by_many_at_once_is_one_line(self) -> None:
        line = factories.Source().approved()
        found: list[Any] = race([lambda: gather(line)] * 4)
        assert len({claim.pk for claim in found}) == 1
        assert ClaimLine.objects.count() == 1
        assert Fact.objects.filter(name="ClaimOpened").count() == 1

    def test_different_groups_at_once_get_different_numbers(self) -> None:
        waiting = [factories.Source().approved() for _ in range(4)]
        found: list[Any] = race([partial(gather, line) for line in waiting])
        assert len({claim.number for claim in found}) == 4
