"""Answers, questions, recoveries, write-offs and closing; the file and the ledger always say the same."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.actions import answering, questions, recovering
from recoup.domain.claims.actions.documents import DocumentRefused
from recoup.domain.claims.closing_facts import receivable
from recoup.domain.claims.models import Answer, Claim, Question, Recovery
from recoup.domain.claims.room_pages import Visit
from recoup.domain.claims.rules.amounts import Match
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.racing import race
from recoup.domain.ledger.models import Entry
from recoup.foundation.facts.models import Fact
from recoup.kit import ids
from recoup.kit.money import Money
from recoup.kit.refusal import NotAllowed, NotFound, Refusal

NOW = factories.NOW


pytestmark = pytest.mark.usefixtures("books_agree")


def say(claim: Claim, visit: Visit, *verdicts: tuple[str, int] | str) -> list[Answer]:
    """The lines' answers in order; a pair gives a partial amount."""
    given = [
        LineAnswer(
            line.pk, each if isinstance(each, str) else each[0], 0 if isinstance(each, str) else each[1], "because"
        )
        for line, each in zip(factories.lines(claim), verdicts, strict=False)
    ]
    return claims.answer(claim=claim, answers=given, at=NOW, actor=visit.actor)


def owed(claim: Claim) -> int:
    return receivable(claim).minor


def state(claim: Claim) -> str:
    return factories.fresh(claim).state


@pytest.mark.django_db
class TestAnswering:
    @pytest.mark.parametrize(
        ("verdicts", "accepted", "goal"),
        [
            (("accept", "accept"), 1700, "accepted"),
            (("accept", ("partial", 300)), 1150, "partly_accepted"),
            (("accept", "dispute"), 850, "partly_accepted"),
            (("dispute", "dispute"), 0, "disputed"),
            (("accept",), 850, "acknowledged"),
            (("accept", "question"), 850, "question_open"),
        ],
    )
    def test_answers_decide_state_and_booking(self, verdicts: Any, accepted: int, goal: str) -> None:
        claim, visit, _ = factories.visiting()
        say(claim, visit, *verdicts)
        assert (state(claim), owed(claim)) == (goal, accepted)
        assert Fact.objects.filter(name="SupplierAnswered").count() == 1

    def test_only_the_difference_is_booked(self) -> None:
        claim, visit, _ = factories.visiting()
        say(claim, visit, "accept")
        say(claim, visit, "accept", "accept")
        amounts = [
            entry.postings.get(account="supplier_receivable").amount_minor
            for entry in Entry.objects.filter(kind="claim_accepted")
        ]
        assert sorted(amounts) == [850, 850]

    def test_less_than_before_is_a_reversal_and_nothing_is_erased(self) -> None:
        claim, visit, _ = factories.visiting()
        say(claim, visit, "accept", "accept")
        say(claim, visit, ("partial", 100), "accept")
        assert (state(claim), owed(claim)) == ("partly_accepted", 950)
        assert sorted(Entry.objects.values_list("kind", flat=True).filter(subject_id=claim.pk)) == [
            "claim_accepted",
            "claim_accepted",
            "reversal",
        ]
        assert Answer.objects.count() == 4

    WRONG: list[tuple[str, int, str, type[Refusal]]] = [
        ("partial", 851, "x", answering.MoreThanClaimed),
        ("partial", 0, "x", answering.NothingAccepted),
        ("dispute", 0, "", answering.AnswerReasonMissing),
        ("maybe", 0, "x", answering.UnknownVerdict),
    ]

    def test_a_wrong_answer_takes_none_of_them(self, subtests: pytest.Subtests) -> None:
        claim, visit, _ = factories.visiting()
        first, second = factories.lines(claim)
        for verdict, amount, reason, refusal in self.WRONG:
            with subtests.test(msg=refusal.__name__):
                given = [LineAnswer(first.pk, "accept"), LineAnswer(second.pk, verdict, amount, reason)]
                with pytest.raises(refusal), transaction.atomic():
                    claims.answer(claim=factories.fresh(claim), answers=given, at=NOW, actor=visit.actor)
                assert not Answer.objects.exists() and owed(claim) == 0 and state(claim) == "acknowledged"

    def test_lines_of_others_and_lines_twice(self) -> None:
        claim, visit, _ = factories.visiting()
        mine = factories.lines(claim)[0]
        other = factories.lines(factories.gathered())[0]
        with pytest.raises(NotFound), transaction.atomic():
            claims.answer(claim=claim, answers=[LineAnswer(other.pk, "accept")], at=NOW, actor=visit.actor)
        with pytest.raises(answering.AnsweredTwice), transaction.atomic():
            claims.answer(claim=claim, answers=[LineAnswer(mine.pk, "accept")] * 2, at=NOW, actor=visit.actor)
        with pytest.raises(NotAllowed), transaction.atomic():
            claims.answer(claim=claim, answers=[LineAnswer(mine.pk, "accept")], at=NOW, actor=factories.FINANCE)
        assert not Answer.objects.exists()

    def test_nothing_is_answered_before_sending_or_after_settling(self) -> None:
        drafting = factories.gathered()
        visitor = factories.buyer()
        with pytest.raises(answering.NotOpenForAnswers), transaction.atomic():
            claims.answer(
                claim=drafting, answers=[LineAnswer(factories.lines(drafting)[0].pk, "accept")], at=NOW, actor=visitor
            )
        settled = factories.answered("accept")
        factories.recorded(settled, 1700)
        with pytest.raises(answering.NotOpenForAnswers), transaction.atomic():
            claims.answer(
                claim=settled,
                answers=[LineAnswer(factories.lines(settled)[0].pk, "dispute", 0, "x")],
                at=NOW,
                actor=visitor,
            )
        assert Answer.objects.count() == 2

    def test_what_was_credited_is_not_taken_back(self) -> None:
        claim = factories.answered("accept")
        factories.recorded(claim, 850)
        done = next(line for line in factories.lines(claim) if line.recovered_minor)
        with pytest.raises(answering.BelowRecovered), transaction.atomic():
            claims.answer(
                claim=claim, answers=[LineAnswer(done.pk, "dispute", 0, "x")], at=NOW, actor=factories.buyer()
            )
        assert owed(claim) == 850 and state(claim) == "recovering"

    def test_counter_evidence_is_a_version_of_the_response(self) -> None:
        claim, visit, _ = factories.visiting()
        say(claim, visit, "dispute", "dispute")
        version = claims.counter_evidence(claim=claim, data=b"%PDF-1.4", why="lab report", actor=visit.actor)
        assert (version.number, version.source, version.why) == (2, "supplier", "lab report")
        with pytest.raises(DocumentRefused), transaction.atomic():
            claims.counter_evidence(claim=claim, data=b"<html>", why="x", actor=visit.actor)
        page = queries.claim_page(factories.buyer(), claim.number, now=NOW)
        response = next(each for each in page.documents if each.kind == "supplier_response")
        assert [each.number for each in response.versions] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_both_kept_and_booked_once() -> None:
    claim, visit, _ = factories.visiting()
    first, second = factories.lines(claim)
    results = race([
        lambda: claims.answer(claim=claim, answers=[LineAnswer(first.pk, "accept")], at=NOW, actor=visit.actor),
        lambda: claims.answer(claim=claim, answers=[LineAnswer(second.pk, "accept")], at=NOW, actor=visit.actor),
        lambda: claims.answer(claim=claim, answers=[LineAnswer(second.pk, "accept")], at=NOW, actor=visit.actor),
    ])  # fmt: skip
    assert not [each for each in results if isinstance(each, Exception)]
    assert (state(claim), owed(claim)) == ("accepted", 1700)


@pytest.mark.django_db
class TestQuestions:
    def ask(self, claim: Claim, **about: Any) -> Question:
        values: dict[str, Any] = {
            "kind": "carton_photo",
            "due": datetime.date(2025, 6, 20),
            "at": NOW,
            "actor": factories.QUALITY,
        }
        return claims.ask_question(claim=claim, **values | about)

    UNASKABLE: list[tuple[dict[str, Any], type[Refusal]]] = [
        ({"kind": "what_happened"}, questions.QuestionTooBroad),
        ({"due": NOW.date()}, questions.DueInThePast),
        ({"actor": factories.WAREHOUSE}, NotAllowed),
    ]

    def test_a_question_is_specific_and_due(self, subtests: pytest.Subtests) -> None:
        claim = factories.gathered()
        for about, refusal in self.UNASKABLE:
            with subtests.test(msg=refusal.__name__):
                with pytest.raises(refusal), transaction.atomic():
                    self.ask(factories.fresh(claim), **about)
                assert not Question.objects.exists()

    def test_asked_after_sending_it_opens_a_question_and_the_answer_ends_it(self) -> None:
        claim, visit, _ = factories.visiting()
        asked = self.ask(claim, at=NOW + datetime.timedelta(hours=1))
        assert state(claim) == "question_open"
        with pytest.raises(questions.AnswerEmpty), transaction.atomic():
            claims.answer_question(question=asked, answer=" ", at=NOW, actor=visit.actor)
        claims.answer_question(question=asked, answer="Attached.", at=NOW, actor=visit.actor)
        assert state(claim) == "acknowledged"
        with pytest.raises(questions.AnsweredAlready), transaction.atomic():
            claims.answer_question(question=asked, answer="Again.", at=NOW, actor=visit.actor)
        assert Question.objects.get().answer == "Attached."

    def test_their_question_waits_for_us_and_is_not_theirs_to_answer(self) -> None:
        claim, visit, _ = factories.visiting()
        say(claim, visit, "accept", "question")
        asked = Question.objects.get(asked_by="supplier")
        with pytest.raises(NotFound), transaction.atomic():
            claims.answer_question(question=asked, answer="x", at=NOW, actor=visit.actor)
        claims.answer_question(question=asked, answer="Lot 24-117.", at=NOW, actor=factories.buyer())
        assert state(claim) == "acknowledged"
        second = factories.lines(claim)[1]
        claims.answer(claim=claim, answers=[LineAnswer(second.pk, "accept")], at=NOW, actor=visit.actor)
        assert state(claim) == "accepted"


@pytest.mark.django_db
class TestRecovering:
    def test_it_is_booked_matched_and_settles(self) -> None:
        claim = factories.answered("accept")
        first = factories.recorded(claim, 850)
        assert (state(claim), owed(claim)) == ("recovering", 850)
        assert sorted(line.recovered_minor for line in factories.lines(claim)) == [0, 850]
        factories.recorded(claim, 850, "CN-2")
        assert (state(claim), owed(claim)) == ("recovered", 0)
        assert first.entry_id and Fact.objects.filter(name="RecoveryRecorded").count() == 2

    UNRECORDABLE: list[tuple[dict[str, Any], type[Refusal]]] = [
        ({"kind": "promise"}, recovering.UnknownRecovery),
        ({"reference": "  "}, recovering.ReferenceMissing),
        ({"reference": "x" * 81}, recovering.ReferenceMissing),
        ({"amount": Money(100, "EUR")}, recovering.OtherCurrency),
        ({"amount": Money(0, "USD")}, recovering.NoAmount),
        ({"amount": Money(1701, "USD")}, recovering.OverRecovery),
        ({"dated": NOW.date() + datetime.timedelta(days=1)}, recovering.DatedAhead),
        ({"actor": factories.QUALITY}, NotAllowed),
        ({"matches": [Match(ids.new(), 100)]}, recovering.NotMatchable),
    ]

    def test_what_cannot_be_recorded_changes_nothing(self, subtests: pytest.Subtests) -> None:
        claim = factories.answered("accept")
        for about, refusal in self.UNRECORDABLE:
            with subtests.test(msg=f"{refusal.__name__}: {about}"):
                with pytest.raises(refusal), transaction.atomic():
                    factories.recorded(factories.fresh(claim), **{"amount": 500} | about)
                assert not Recovery.objects.exists() and (state(claim), owed(claim)) == ("accepted", 1700)

    def test_the_same_credit_note_counts_once(self) -> None:
        claim = factories.answered("accept")
        factories.recorded(claim, 500, "CN  17")
        with pytest.raises(recovering.RecordedBefore, match="CN 17"), transaction.atomic():
            factories.recorded(claim, 500, "cn 17")
        assert Recovery.objects.count() == 1 and owed(claim) == 1200
        with pytest.raises(IntegrityError), transaction.atomic():
            Recovery.objects.create(
                claim=claim, kind="credit_note", reference="CN 17", dated=NOW.date(), amount_minor=1, currency="USD"
            )

    def test_nothing_is_recorded_or_given_up_before_an_answer(self) -> None:
        claim, _, _ = factories.visiting()
        with pytest.raises(recovering.AnswerFirst, match=r"under “Supplier”.*Then record what came back"):
            factories.recorded(claim, 100)
        with pytest.raises(recovering.AnswerFirst, match="Then write off what is left"):
            claims.write_off(claim=claim, reason="They never answer.", at=NOW, actor=factories.FINANCE)
        drafting = factories.gathered()
        with pytest.raises(recovering.NotSentYet, match="has not left yet"):
            factories.recorded(drafting, 100)
        assert not Recovery.objects.exists() and not Entry.objects.filter(subject_type="claims.claim").exists()
        assert (state(claim), state(drafting)) == ("acknowledged", "drafting")

    def test_more_than_was_accepted_waits_unmatched_until_a_person_matches_it(self) -> None:
        claim = factories.answered("partial", amount=300)
        recovery = factories.recorded(claim, 1000)
        page = queries.claim_page(factories.buyer(), claim.number, now=NOW)
        assert page.money.unmatched.minor == 400 and page.recoveries[0].unmatched.minor == 400
        with pytest.raises(recovering.MatchFirst), transaction.atomic():
            claims.write_off(claim=claim, reason="enough", at=NOW, actor=factories.FINANCE)
        line = factories.lines(claim)[0]
        with pytest.raises(recovering.NotMatchable), transaction.atomic():
            claims.match(recovery=recovery, matches=[Match(line.pk, 551)], at=NOW, actor=factories.FINANCE)
        claims.match(recovery=recovery, matches=[Match(line.pk, 400)], at=NOW, actor=factories.FINANCE)
        line.refresh_from_db()
        assert (line.recovered_minor, line.accepted_minor, owed(claim)) == (700, 700, 0)

    def test_a_disputed_claim_may_still_be_credited(self) -> None:
        claim = factories.answered("dispute")
        first, second = factories.lines(claim)
        factories.recorded(claim, 1000, matches=[Match(first.pk, 850), Match(second.pk, 150)])
        assert (state(claim), owed(claim)) == ("recovering", 0)

    def test_the_proposal_is_what_is_booked(self) -> None:
        claim = factories.answered("accept")
        proposal = queries.recovery_proposal(factories.FINANCE, claim.number, Money(1000, "USD"))
        assert [amount.minor for _, _, amount in proposal.shares] == [850, 150] and not proposal.unmatched
        factories.recorded(claim, 1000)
        assert [line.recovered_minor for line in factories.lines(claim)] == [850, 150]


@pytest.mark.django_db(transaction=True)
def test_one_credit_note_recorded_by_many_at_once_counts_once() -> None:
    claim = factories.answered("accept")
    results = race([lambda: factories.recorded(factories.fresh(claim), 1700)] * 4)
    assert sum(isinstance(each, Recovery) for each in results) == 1
    assert sum(isinstance(each, Refusal) for each in results) == 3
    assert (state(claim), owed(claim), Recovery.objects.count()) == ("recovered", 0, 1)
