"""A file is opened again: what was given up is open again, and every step leaves file and ledger in agreement."""

from __future__ import annotations

import pytest
from django.db import transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims import invariants, queries
from recoup.domain.claims.actions import closing, recovering
from recoup.domain.claims.actions.documents import ReasonMissing
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.closing_facts import draft_closeout
from recoup.domain.claims.models import Claim, Recovery
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.domain.claims.rules.closeout import outdated
from recoup.domain.claims.rules.waiting import WAITS_FOR, opened_for_nothing, waits_for
from recoup.domain.claims.states import CLAIM_MOVES, SETTLED
from recoup.domain.claims.supplier_queries import supplier_room
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.racing import race
from recoup.domain.claims.tests.test_money import owed, state
from recoup.domain.ledger import queries as ledger
from recoup.domain.ledger.models import Entry
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed

NOW = factories.NOW
pytestmark = pytest.mark.usefixtures("books_agree")


def agree() -> None:
    """The laws of ``books_agree``, in the middle of a story."""
    laws = (invariants.lines_add_up, invariants.money_matches_the_ledger, invariants.settled_means_nothing_open)
    assert [finding.sentence for law in laws for finding in law()] == []
    assert all(sum(accounts.values()) == 0 for accounts in ledger.trial_balance().values())


def written_off(verdict: str = "accept", *, amount: int = 0, credited: int = 0) -> Claim:
    claim = factories.answered(verdict, amount=amount)
    if credited:
        factories.recorded(claim, credited)
    claims.write_off(claim=claim, reason="They are silent.", at=NOW, actor=factories.FINANCE)
    return factories.fresh(claim)


def reopened(claim: Claim, buyer: Actor | None = None) -> Claim:
    claims.reopen(claim=claim, why="A payment came late.", at=NOW, actor=buyer or factories.buyer())
    return factories.fresh(claim)


def given_up() -> int:
    return ledger.balance(account="write_off", currency="USD").minor


def sums(claim: Claim) -> tuple[int, int, int, int]:
    """(accepted, recovered, written off, open) of all lines."""
    lines = factories.lines(claim)
    return (
        sum(each.accepted_minor for each in lines), sum(each.recovered_minor for each in lines),
        sum(each.written_off_minor for each in lines), sum(each.open_minor for each in lines),
    )  # fmt: skip


def close(claim: Claim, buyer: Actor) -> None:
    claims.write_closeout(claim=claim, lines=draft_closeout(read_file(claim)), actor=buyer)
    claims.close(claim=claim, at=NOW, actor=buyer)


@pytest.mark.django_db
class TestAfterAWriteOff:
    @pytest.mark.parametrize(
        ("verdict", "amount", "credited", "stands", "due"),
        [
            ("accept", 0, 0, "accepted", 1700),
            ("accept", 0, 850, "recovering", 850),
            ("partial", 300, 0, "partly_accepted", 600),
            ("partial", 300, 600, "recovering", 0),
            ("dispute", 0, 0, "disputed", 0),
        ],
    )
    def test_it_stands_where_its_answers_and_its_money_put_it(
        self, verdict: str, amount: int, credited: int, stands: str, due: int
    ) -> None:
        claim = written_off(verdict, amount=amount, credited=credited)
        entries, lost = Entry.objects.count(), given_up()
        claim = reopened(claim)
        assert (claim.state, owed(claim), given_up()) == (stands, due, 0)
        assert sums(claim)[1:] == (credited, 0, 1700 - credited)
        assert Entry.objects.count() == entries + bool(lost)  # a reversal beside what stands; nothing is erased
        assert Fact.objects.filter(name="ClaimReopened").count() == 1
        page = queries.claim_page(factories.FINANCE, claim.number, now=NOW)
        assert [each.sentence for each in page.timeline][-2:] == [
            "Bea Buyer opened the claim again: A payment came late.",
            f"Bea Buyer took the write-off back: {Money(1700 - credited, 'USD')} is open again.",
        ]
        [row] = queries.claims_list(factories.FINANCE)
        assert (row.waits_for, row.open.minor) == (WAITS_FOR[stands], 1700 - credited)
        assert page.reply_by is None and row.reply_by is None

    def test_a_late_credit_is_recorded_matched_and_the_file_closed_again(self) -> None:
        claim, buyer = written_off(), factories.buyer()
        close(claim, buyer)
        claim = reopened(claim, buyer)
        agree()
        factories.recorded(claim, 1000, "LATE-1")
        assert (state(claim), owed(claim), sums(claim)) == ("recovering", 700, (1700, 1000, 0, 700))
        agree()
        lost = claims.write_off(claim=claim, reason="No more will come.", at=NOW, actor=factories.FINANCE)
        assert (lost.minor, given_up(), state(claim), sums(claim)) == (700, 700, "written_off", (1700, 1000, 700, 0))
        agree()
        close(factories.fresh(claim), buyer)
        assert state(claim) == "closed"
        claim = reopened(claim, buyer)
        factories.recorded(claim, 700, "LATE-2")
        assert (state(claim), owed(claim), given_up(), sums(claim)) == ("recovered", 0, 0, (1700, 1700, 0, 0))
        page = queries.claim_page(buyer, claim.number, now=NOW)
        assert not page.may_close and "before the file was opened again" in page.close_hindrance
        with pytest.raises(closing.NoteOutdated), transaction.atomic():
            claims.close(claim=factories.fresh(claim), at=NOW, actor=buyer)
        assert state(claim) == "recovered"
        close(factories.fresh(claim), buyer)

    def test_never_more_than_was_claimed(self) -> None:
        claim = reopened(written_off(credited=850))
        with pytest.raises(recovering.OverRecovery), transaction.atomic():
            factories.recorded(claim, 851, "LATE-1")
        assert Recovery.objects.count() == 1 and sums(claim) == (1700, 850, 0, 850)

    def test_its_lines_are_answered_anew_by_the_supplier_and_by_a_buyer(self) -> None:
        claim, visit, _ = factories.visiting()
        first, second = factories.lines(claim)
        no = [LineAnswer(line.pk, "dispute", 0, "Not ours.") for line in (first, second)]
        claims.answer(claim=claim, answers=no, at=NOW, actor=visit.actor)
        claims.write_off(claim=claim, reason="x", at=NOW, actor=factories.FINANCE)
        assert all(line.final for line in supplier_room(visit=visit).lines)
        claim = reopened(claim)
        room = supplier_room(visit=visit)
        assert room.may_answer and not any(line.final for line in room.lines)
        claims.answer(claim=claim, answers=[LineAnswer(first.pk, "accept")], at=NOW, actor=visit.actor)
        assert (state(claim), owed(claim)) == ("partly_accepted", 850)
        said = LineAnswer(second.pk, "partial", 300, "By telephone.")
        claims.answer(claim=claim, answers=[said], at=NOW, actor=factories.buyer())
        assert (state(claim), owed(claim)) == ("partly_accepted", 1150)
        agree()

    def test_what_was_credited_stays_credited(self) -> None:
        claim = reopened(written_off(credited=850))
        agree()
        assert sorted(line.recovered_minor for line in factories.lines(claim)) == [0, 850]
        claims.write_off(claim=claim, reason="Nothing came of it.", at=NOW, actor=factories.FINANCE)
        assert (state(claim), given_up(), sums(claim)) == ("written_off", 850, (1700, 850, 850, 0))

    def test_while_money_is_open_it_is_not_settled_by_hand(self) -> None:
        claim, buyer = reopened(written_off()), factories.buyer()
        with pytest.raises(closing.StillOpen, match=r"17\.00 USD is open on this claim"), transaction.atomic():
            claims.settle_again(claim=claim, actor=buyer)
        assert (state(claim), owed(claim)) == ("accepted", 1700)

    def test_before_it_is_opened_the_refusal_says_to_open_it(self) -> None:
        claim = written_off()
        with pytest.raises(recovering.OpenAgainFirst, match=r"is written off .* A buyer opens it again"):
            factories.recorded(claim, 100, "LATE-1")
        assert not Recovery.objects.exists() and state(claim) == "written_off"


@pytest.mark.django_db
class TestAfterAFullRecovery:
    def recovered(self) -> Claim:
        claim = factories.answered("accept")
        factories.recorded(claim, 1700)
        close(factories.fresh(claim), factories.buyer())
        return factories.fresh(claim)

    def test_nothing_is_awaited_of_the_supplier_and_it_settles_as_before(self) -> None:
        buyer, claim = factories.buyer(), reopened(self.recovered())
        entries = Entry.objects.count()
        [row] = queries.claims_list(buyer)
        assert claim.state == "acknowledged" and "opened again, and nothing is open" in row.waits_for
        assert (row.reply_by, queries.claim_page(buyer, claim.number, now=NOW).reply_by) == (None, None)
        with pytest.raises(recovering.OverRecovery), transaction.atomic():
            factories.recorded(claim, 1, "CN-2")
        page = queries.claim_page(buyer, claim.number, now=NOW)
        assert (page.dots["supplier"], page.dots["recovery"]) == ("settled", "waiting")
        claims.settle_again(claim=claim, actor=buyer)
        claims.close(claim=claim, at=NOW, actor=buyer)  # nothing came of it, so the note still holds
        assert state(claim) == "closed" and Entry.objects.count() == entries

    def test_a_question_of_theirs_keeps_it_open_until_they_say_something(self) -> None:
        buyer, claim = factories.buyer(), reopened(self.recovered())
        line = factories.lines(claim)[0]
        asked = [LineAnswer(line.pk, "question", 0, "Which lot?")]
        claims.answer(claim=claim, answers=asked, at=NOW, actor=buyer)
        with pytest.raises(closing.StillAsked), transaction.atomic():
            claims.settle_again(claim=claim, actor=buyer)
        assert state(claim) == "question_open"
        claims.answer_question(question=claim.questions.get(), answer="24-117", at=NOW, actor=buyer)
        claims.answer(claim=claim, answers=[LineAnswer(line.pk, "accept")], at=NOW, actor=buyer)
        assert state(claim) == "recovered"


@pytest.mark.django_db
def test_only_a_buyer_with_a_reason_opens_what_is_settled() -> None:
    claim, buyer, open_one = written_off(), factories.buyer(), factories.answered("accept")
    with pytest.raises(ReasonMissing), transaction.atomic():
        claims.reopen(claim=claim, why=" ", at=NOW, actor=buyer)
    with pytest.raises(NotAllowed), transaction.atomic():
        claims.reopen(claim=claim, why="x", at=NOW, actor=factories.FINANCE)
    with pytest.raises(IllegalMove), transaction.atomic():
        claims.reopen(claim=open_one, why="x", at=NOW, actor=buyer)
    assert (state(claim), state(open_one), sums(claim)) == ("written_off", "accepted", (1700, 0, 1700, 0))
    assert not [each for each in trail(claim) if each.verb == "claim.reopened"]


@pytest.mark.django_db(transaction=True)
def test_opened_by_two_at_once_the_write_off_is_taken_back_once() -> None:
    claim, buyer = written_off(), factories.buyer()
    results = race([lambda: reopened(factories.fresh(claim), buyer)] * 3)
    assert sum(isinstance(each, Claim) for each in results) == 1
    assert (state(claim), given_up(), owed(claim)) == ("accepted", 0, 1700)
    assert Entry.objects.filter(kind="reversal", reverses__kind="write_off").count() == 1


@pytest.mark.parametrize("state", CLAIM_MOVES.states)
@pytest.mark.parametrize(("claimed", "left"), [(1700, 1700), (1700, 1), (1700, 0), (0, 0)])
def test_the_sentence_of_every_state(state: str, claimed: int, left: int) -> None:
    said = waits_for(state, claimed_minor=claimed, open_minor=left)
    nothing = opened_for_nothing(state, claimed_minor=claimed, open_minor=left)
    assert nothing == (state == "acknowledged" and claimed > 0 and left == 0)
    assert ("opened again" in said) if nothing else said == WAITS_FOR[state]


WRITTEN, AGAIN, MONEY = "claim.closeout_written", "claim.reopened", "claim.recovery_recorded"


@pytest.mark.parametrize(
    ("verbs", "stale"),
    [
        ([], False),
        ([WRITTEN], False),
        ([AGAIN, MONEY], False),
        ([WRITTEN, MONEY], False),
        ([WRITTEN, AGAIN], False),
        ([WRITTEN, MONEY, AGAIN, "claim.settled"], False),
        *(
            ([WRITTEN, AGAIN, moved], True)
            for moved in (MONEY, "claim.answered", "claim.recovery_matched", "claim.written_off")
        ),
        ([WRITTEN, AGAIN, MONEY, AGAIN], True),
        ([WRITTEN, AGAIN, MONEY, WRITTEN], False),
        ([WRITTEN, AGAIN, MONEY, WRITTEN, AGAIN, MONEY], True),
    ],
)
def test_when_a_note_is_outdated(verbs: list[str], stale: bool) -> None:
    assert outdated(verbs) == stale


def test_every_state_has_its_sentence_and_the_settled_ones_can_be_opened() -> None:
    assert set(WAITS_FOR) == set(CLAIM_MOVES.states)
    assert set(SETTLED) == {state for state in CLAIM_MOVES.states if state in ("recovered", "written_off", "closed")}
    assert all("reopen" in CLAIM_MOVES.verbs(state) for state in SETTLED)
