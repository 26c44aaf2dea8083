"""The page's numbers are the database's."""

from __future__ import annotations

import datetime

import pytest

from recoup.domain.claims import actions as claims
from recoup.domain.claims.models import Claim
from recoup.domain.claims.tests import factories
from recoup.domain.insight.queries import Figure, InsightPage, insight_page
from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import Return
from recoup.domain.returns.tests import factories as made
from recoup.domain.returns.tests.factories import CUSTOMER, submitted
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotAllowed

TODAY = factories.NOW.date()
READER = Actor(kind="staff", id="x", name="Fay", roles=frozenset({"finance"}))


def page(today: datetime.date = TODAY) -> InsightPage:
    return insight_page(READER, today=today, days=30)


def figure(found: InsightPage, code: str) -> Figure:
    return next(each for each in found.figures if each.code == code)


@pytest.mark.django_db
class TestInsight:
    def test_an_empty_company_has_honest_figures(self) -> None:
        found = page()
        assert figure(found, "cases").value == "0" and figure(found, "time_to_decision").value == "no cases"
        assert figure(found, "approved_by_itself").value == "no cases" and found.suppliers == []
        assert len(found.cases_by_day) == 30 and all(each.definition for each in found.figures)

    def test_cases_and_their_wait(self) -> None:
        lines = [submitted() for _ in range(3)]
        start = lines[0].return_case.submitted_at
        assert start is not None
        for minutes, line in zip((1, 2, 60), lines, strict=True):
            Return.objects.filter(pk=line.return_case_id).update(decided_at=start + datetime.timedelta(minutes=minutes))
        found = page()
        assert figure(found, "cases").answer == "3 cases came in"
        assert figure(found, "time_to_decision").value == "2 min"
        assert "95 % within 1 h" in figure(found, "time_to_decision").answer
        assert sum(each.cases for each in found.cases_by_day) == 3
        later = page(TODAY + datetime.timedelta(days=30))
        assert (figure(later, "cases").value, figure(later, "cases").before) == ("0", "3")

    def test_what_came_back_by_supplier_and_currency(self) -> None:
        claim = factories.answered("accept")
        factories.recorded(claim, 850)
        found = page()
        assert figure(found, "recovered_usd").value == "8.50 USD"
        assert figure(found, "open_claims").answer == "1 claim is open over 8.50 USD"
        [row] = found.suppliers
        assert (row.claims, row.recovered.minor, row.accepted.minor, row.open.minor) == (1, 850, 1700, 850)
        assert row.before.minor == 0 and row.change == "new: there was nothing before"
        factories.recorded(Claim.objects.get(), 850, "CN-2")
        assert figure(page(), "open_claims").answer == "No claim is open"

    def test_only_what_has_left_is_owed(self) -> None:
        factories.ready()
        factories.approved()
        found = page()
        assert figure(found, "open_claims").answer == "No claim is open"
        assert [(row.claims, row.open.minor) for row in found.suppliers] == [(2, 0)]
        factories.sent()
        found = page()
        assert figure(found, "open_claims").answer == "1 claim is open over 17.00 USD"
        assert sum(row.open.minor for row in found.suppliers) == 1700

    def test_a_written_off_claim_is_open_again_once_it_is_reopened(self) -> None:
        claim, buyer = factories.answered("accept"), factories.buyer()
        claims.write_off(claim=claim, reason="x", at=factories.NOW, actor=buyer)
        assert figure(page(), "open_claims").answer == "No claim is open"
        claims.reopen(claim=claim, why="A payment came late.", at=factories.NOW, actor=buyer)
        assert figure(page(), "open_claims").answer == "1 claim is open over 17.00 USD"

    def test_what_a_customer_cancels_is_no_decision_of_ours(self) -> None:
        theirs, ours = submitted(), submitted()
        soon, late = (made.NOW + datetime.timedelta(minutes=count) for count in (1, 30))
        returns.cancel(line=theirs, reason="", at=soon, actor=CUSTOMER)
        assert figure(page(), "time_to_decision").answer == "No case was decided"
        Return.objects.filter(pk=theirs.return_case_id).update(decided_at=soon)  # as it was kept before
        assert figure(page(), "time_to_decision").answer == "No case was decided"
        returns.refuse(line=ours, reason="It fell.", at=late, actor=made.agent())
        assert figure(page(), "time_to_decision").value == "30 min"

    def test_approvals_by_people_and_by_itself(self) -> None:
        factories.Source().approved()
        today = datetime.datetime.now(datetime.UTC).date()
        assert figure(page(today), "approved_by_itself").value == "0 %"

    def test_it_is_for_staff(self) -> None:
        with pytest.raises(NotAllowed):
            insight_page(CUSTOMER, today=TODAY)
        with pytest.raises(ValueError):
            insight_page(READER, today=TODAY, days=0)
