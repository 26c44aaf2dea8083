"""Writing off, the closeout note, and the handoff test."""

from __future__ import annotations

import pytest
from django.db import transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.actions import closing
from recoup.domain.claims.actions.documents import ReasonMissing
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.closing_facts import draft_closeout
from recoup.domain.claims.models import Claim, ClaimLine, Closeout
from recoup.domain.claims.rules.closeout import CloseoutLines
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.test_money import owed, state
from recoup.domain.ledger.models import Entry
from recoup.domain.returns import actions as returns
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed, Refusal

NOW = factories.NOW
pytestmark = pytest.mark.usefixtures("books_agree")


@pytest.mark.django_db
class TestWritingOff:
    @pytest.mark.parametrize(
        ("verdict", "amount", "credited", "booked"),
        [("accept", 0, 850, 850), ("partial", 300, 600, 0), ("partial", 300, 0, 600), ("dispute", 0, 0, 0)],
    )
    def test_only_what_was_owed_is_booked(self, verdict: str, amount: int, credited: int, booked: int) -> None:
        claim = factories.answered(verdict, amount=amount)
        if credited:
            factories.recorded(claim, credited)
        given_up = claims.write_off(claim=claim, reason="Not worth more letters.", at=NOW, actor=factories.FINANCE)
        assert given_up.minor == 1700 - credited
        assert (state(claim), owed(claim)) == ("written_off", 0)
        lost = [
            entry.postings.get(account="write_off").amount_minor for entry in Entry.objects.filter(kind="write_off")
        ]
        assert sum(lost) == booked

    def test_it_needs_a_reason_a_role_and_something_open(self) -> None:
        claim = factories.answered("dispute")
        with pytest.raises(ReasonMissing), transaction.atomic():
            claims.write_off(claim=claim, reason="", at=NOW, actor=factories.FINANCE)
        with pytest.raises(NotAllowed), transaction.atomic():
            claims.write_off(claim=claim, reason="x", at=NOW, actor=factories.QUALITY)
        assert state(claim) == "disputed"
        claims.write_off(claim=claim, reason="x", at=NOW, actor=factories.FINANCE)
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.write_off(claim=claim, reason="x", at=NOW, actor=factories.FINANCE)
        assert sum(line.written_off_minor for line in ClaimLine.objects.all()) == 1700


LINES = CloseoutLines("issue", "field", "explanation", "evidence", "decision", "control")


@pytest.mark.django_db
class TestClosing:
    def recovered(self) -> Claim:
        claim = factories.answered("accept")
        factories.recorded(claim, 1700)
        return factories.fresh(claim)

    def test_a_note_and_four_green_readers_close_the_file(self) -> None:
        claim, buyer = self.recovered(), factories.buyer()
        with pytest.raises(closing.NoCloseout), transaction.atomic():
            claims.close(claim=claim, at=NOW, actor=buyer)
        claims.write_closeout(claim=claim, lines=draft_closeout(read_file(claim)), actor=buyer)
        claims.write_closeout(claim=claim, lines=LINES, actor=buyer)
        assert [note.number for note in Closeout.objects.order_by("number")] == [1, 2]
        assert queries.claim_page(buyer, claim.number, now=NOW).closeout == LINES
        claims.close(claim=claim, at=NOW, actor=buyer)
        assert state(claim) == "closed"
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.write_closeout(claim=claim, lines=LINES, actor=buyer)

    NOT_FULL: list[tuple[CloseoutLines, type[Refusal]]] = [
        (CloseoutLines("", "b", "c", "d", "e", "f"), closing.LineEmpty),
        (CloseoutLines("a" * 401, "b", "c", "d", "e", "f"), closing.LineTooLong),
    ]

    def test_six_full_lines(self, subtests: pytest.Subtests) -> None:
        claim = self.recovered()
        for lines, refusal in self.NOT_FULL:
            with subtests.test(msg=refusal.__name__):
                with pytest.raises(refusal), transaction.atomic():
                    claims.write_closeout(claim=factories.fresh(claim), lines=lines, actor=factories.buyer())
                assert not Closeout.objects.exists()

    def test_open_money_keeps_it_open(self) -> None:
        claim = factories.answered("accept")
        factories.recorded(claim, 850)
        claims.write_closeout(claim=claim, lines=LINES, actor=factories.buyer())
        with pytest.raises(IllegalMove), transaction.atomic():
            claims.close(claim=claim, at=NOW, actor=factories.buyer())
        assert state(claim) == "recovering"

    @pytest.mark.parametrize("lost", [False, True])
    def test_a_red_reader_keeps_it_open_until_the_goods_are_placed(self, lost: bool) -> None:
        claim, buyer = self.recovered(), factories.buyer()
        returned = factories.lines(claim)[0].return_line
        type(returned).objects.filter(pk=returned.pk).update(goods="awaiting")
        claims.write_closeout(claim=claim, lines=LINES, actor=buyer)
        page = queries.claim_page(buyer, claim.number, now=NOW)
        assert not page.may_close and "warehouse" in page.close_hindrance
        with pytest.raises(closing.HandoffRed, match="on their way"), transaction.atomic():
            claims.close(claim=claim, at=NOW, actor=buyer)
        assert state(claim) == "recovered"
        returned.refresh_from_db()
        if lost:
            returns.lose_goods(line=returned, why="The carrier lost it.", at=NOW, actor=factories.WAREHOUSE)
        else:
            factories.taken_in(returned)
        page = queries.claim_page(buyer, claim.number, now=NOW)
        [row] = [row for row in page.handoff if row.reader == "warehouse"]
        assert row.green and ("1 lost" in row.answer) == lost
        claims.close(claim=claim, at=NOW, actor=buyer)
        assert state(claim) == "closed"
