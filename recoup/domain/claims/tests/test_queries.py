"""What the desk reads, and who may read it."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.pages import TABS
from recoup.domain.claims.states import BASELINE, CLAIM_MOVES
from recoup.domain.claims.tests import factories
from recoup.domain.claims.tests.test_money import say
from recoup.domain.returns.tests.factories import CUSTOMER
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotAllowed, NotFound

STRANGER = Actor(kind="supplier", id="x", name="Huizhou Kettle Works")


@pytest.mark.django_db
class TestTheList:
    def test_it_shows_what_waits_and_finds_by_any_word(self) -> None:
        claim, _, _ = factories.sent()
        buyer = factories.buyer()
        [row] = queries.claims_list(buyer, now=factories.NOW)
        assert (row.number, row.state, row.lines, row.quantity) == (claim.number, "sent", 2, 2)
        assert (row.claimed.minor, row.open.minor, row.overdue) == (1700, 1700, False)
        assert queries.claims_list(buyer, now=factories.NOW + datetime.timedelta(days=15))[0].overdue
        for word in (claim.number, "huizhou", claim.purchase_order.number, "24-117"):
            assert len(queries.claims_list(buyer, search=word)) == 1
        assert queries.claims_list(buyer, search="nothing") == queries.claims_list(buyer, state="closed") == []
        assert queries.counts(buyer)["sent"] == 1 and set(queries.counts(buyer)) == set(CLAIM_MOVES.states)

    @pytest.mark.parametrize("actor", [CUSTOMER, STRANGER])
    def test_outsiders_read_nothing(self, actor: Actor) -> None:
        claim = factories.gathered()
        for read in (
            lambda: queries.claims_list(actor),
            lambda: queries.claim_page(actor, claim.number),
            lambda: queries.signoff_page(actor, claim.number),
            lambda: queries.ungathered(actor),
            lambda: queries.counts(actor),
        ):
            with pytest.raises(NotAllowed):
                read()

    def test_an_unknown_number_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            queries.claim_page(factories.buyer(), "C-2025-99999")


@pytest.mark.django_db
class TestThePage:
    def test_six_tabs_nine_documents_and_the_buttons(self) -> None:
        claim = factories.ready(factories.Source(shots=factories.TWO_SHOTS))
        page = queries.claim_page(factories.buyer(), claim.number, now=factories.NOW)
        assert list(page.dots) == list(TABS)
        assert [each.kind for each in page.documents] == BASELINE
        assert page.verbs == ["approve", "decline", "go_back", "drop"] and page.summary_version == 1
        assert page.missing == () and not page.folded and page.closeout_number == 0
        assert [line.signed_photos for line in page.lines] == [2, 2]
        redaction = next(each for each in page.documents if each.kind == "redaction_record")
        assert redaction.current and redaction.prior and redaction.current.changes

    def test_until_the_sentence_is_answered_newer_things_stay_folded(self) -> None:
        claim, visit, _ = factories.visiting()
        say(claim, visit, "dispute", "question")
        type(claim).objects.filter(pk=claim.pk).update(decision_answer="")
        page = queries.claim_page(factories.buyer(), claim.number, now=factories.NOW)
        assert page.folded and page.newer == 3
        assert not page.questions and not any(line.answer or line.answer_reason for line in page.lines)

    def test_exceptions_stand_on_the_next_claim_of_the_supplier(self) -> None:
        source = factories.Source()
        factories.sent(source)
        late = claims.gather(return_line=source.approved(), at=factories.NOW, actor=factories.QUALITY)
        assert late is not None
        page = queries.claim_page(factories.buyer(), late.number, now=factories.NOW)
        assert len(page.standing) == 1 and page.supplements
        assert queries.claim_page(factories.buyer(), late.number, now=factories.SOON).standing == []

    def test_it_costs_the_same_for_many_lines(self) -> None:
        source = factories.Source()
        claim = factories.gathered(source, lines=2)
        buyer = factories.buyer()

        def cost() -> int:
            with CaptureQueriesContext(connection) as seen:
                queries.claim_page(buyer, claim.number, now=factories.NOW)
            return len(seen)

        before = cost()
        for _ in range(3):
            claims.gather(return_line=source.approved(), at=factories.NOW, actor=factories.QUALITY)
        assert cost() == before


@pytest.mark.django_db
class TestSignoff:
    def test_one_photo_after_the_other_those_with_residue_first(self) -> None:
        claim = factories.redacted(factories.gathered(factories.Source(shots=factories.TWO_SHOTS), lines=1))
        page = queries.signoff_page(factories.QUALITY, claim.number)
        assert page.photo and (page.done, page.total) == (0, 2) and page.next_id and page.previous_id is None
        assert page.photo.copy_id
        copy = queries.copy_to_sign(factories.QUALITY, claim.number, page.photo.copy_id)
        claims.sign_off(claim=claim, copy=copy, sha256=page.photo.sha256, at=factories.NOW, actor=factories.QUALITY)
        second = queries.signoff_page(factories.QUALITY, claim.number)
        assert second.photo and second.photo.photo_id == page.next_id and second.done == 1
        unsure = read_file(claim).photos[1].copy
        assert unsure is not None
        claims.reject(claim=claim, copy=unsure, reason="blurred name", actor=factories.QUALITY)
        last = queries.signoff_page(factories.QUALITY, claim.number)
        assert last.photo is None and last.done == 2
        again = queries.signoff_page(factories.QUALITY, claim.number, photo_id=page.photo.photo_id)
        assert again.photo and again.photo.copy_state == "signed"

    def test_copies_and_photos_of_another_claim_are_not_here(self) -> None:
        claim, other = factories.redacted(factories.gathered(lines=1)), factories.redacted(factories.gathered(lines=1))
        photo = read_file(other).photos[0]
        assert photo.copy is not None
        with pytest.raises(NotFound):
            queries.copy_to_sign(factories.QUALITY, claim.number, photo.copy.pk)
        with pytest.raises(NotFound):
            queries.signoff_page(factories.QUALITY, claim.number, photo_id=photo.photo_id)
