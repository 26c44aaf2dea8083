"""Verdicts, views, retakes, and originals opened by name."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.evidence import actions, queries
from recoup.domain.evidence.models import CatalogueMatch, Photo, Verdict, View
from recoup.domain.evidence.rules import unsigned_64
from recoup.domain.evidence.tests import factories
from recoup.foundation.audit import queries as audit
from recoup.foundation.facts.models import Fact
from recoup.foundation.files.models import StoredFile
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.moves import IllegalMove, MovedMeanwhile
from recoup.kit.refusal import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
CODE = actions.CodeSeen(kind="qr", value="RMA-1", box=(10, 20, 30, 40), confidence=1.0)


def facts(name: str) -> list[dict[str, str]]:
    return [fact.body for fact in Fact.objects.filter(name=name).order_by("told_at")]


class TestVerdict:
    def test_an_accepted_photo_has_everything_that_was_seen(self) -> None:
        photo = factories.photo(factories.session(), "overall")
        actions.judge(photo=photo, judged=factories.judged(codes=[CODE]))
        photo = Photo.objects.get(pk=photo.pk)
        assert (photo.state, photo.width, photo.height, photo.media_type) == ("accepted", 4000, 3000, "image/jpeg")
        assert unsigned_64(photo.phash or 0) == 2**64 - 5
        assert [(code.value, code.box) for code in queries.codes_of(photo)] == [("RMA-1", [10, 20, 30, 40])]
        assert audit.trail(photo)[-1].sentence == "Photo 1 will do."
        assert facts("PhotoJudged")[0]["result"] == "accept"

    def test_the_product_it_shows_is_kept_and_stays_as_it_was_seen(self) -> None:
        product = catalogue.upsert_product(sku="KTL-17", name="Copper Kettle", actor=SYSTEM)
        plain, photo = (factories.photo(factories.session(), "overall") for _ in range(2))
        actions.judge(photo=plain, judged=factories.judged())
        actions.judge(photo=photo, judged=factories.judged(shows=actions.Shows("KTL-17", 48, 0.81, (1, 2, 30, 40))))
        match = CatalogueMatch.objects.get()
        assert (match.photo, match.product, match.inliers, match.share) == (photo, product, 48, 0.81)
        assert match.box == [1, 2, 30, 40]
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            CatalogueMatch.objects.update(inliers=500)

    def test_a_code_may_hold_anything(self) -> None:
        photo = factories.photo(factories.session())
        odd = actions.CodeSeen(kind="qr", value="a\x00b\ud800c", box=(0, 0, 1, 1), confidence=1.0)
        actions.judge(photo=photo, judged=factories.judged(codes=[odd]))
        assert [code.value for code in queries.codes_of(photo)] == ["a�b?c"]

    def test_a_retake_says_why(self) -> None:
        session = factories.session()
        factories.judged_photo(session, "overall", "retake")
        [seen] = queries.photos_of(session)
        assert (seen.state, seen.sentence, seen.reasons) == ("retake", "It is a little blurred.", ("blurred",))
        assert not seen.replaced and not seen.may_send_anyway

    def test_what_is_no_picture_is_kept_and_said(self) -> None:
        session = factories.session()
        photo = factories.photo(session)
        actions.mark_unreadable(photo=photo, reason="photo.damaged", sentence="This photo is damaged.")
        [seen] = queries.photos_of(session)
        assert (seen.state, seen.sentence, seen.views) == ("unreadable", "This photo is damaged.", frozenset())
        assert facts("PhotoJudged")[0]["result"] == "unreadable"

    def test_a_photo_is_judged_once(self) -> None:
        photo = factories.judged_photo(factories.session())
        with pytest.raises(IllegalMove), transaction.atomic():
            actions.judge(photo=photo, judged=factories.judged("retake"))
        photo.state = "arrived"  # a second judge who read the row before the first was done
        with pytest.raises(MovedMeanwhile), transaction.atomic():
            actions.judge(photo=photo, judged=factories.judged("retake"))
        assert Verdict.objects.count() == 1 and View.objects.count() == 2

    def test_neither_verdict_nor_photo_can_be_rewritten(self) -> None:
        photo = factories.judged_photo(factories.session())
        for query, change in (
            (Verdict.objects.all(), {"result": "retake"}),
            (Photo.objects.filter(pk=photo.pk), {"sha256": "0" * 64}),
            (Photo.objects.filter(pk=photo.pk), {"state": "arrived"}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                query.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).delete()


class TestRetake:
    def test_the_next_photo_of_the_shot_takes_its_place(self) -> None:
        session = factories.session()
        bad = factories.judged_photo(session, "serial_label", "retake")
        good = factories.judged_photo(session, "serial_label")
        other = factories.judged_photo(session, "overall", "retake")
        assert Photo.objects.get(pk=bad.pk).superseded_by == good
        assert Photo.objects.get(pk=other.pk).superseded_by is None
        assert queries.counts(session) == {"accepted": 1, "retake": 1}
        assert Photo.objects.count() == 3

    def test_it_does_not_matter_who_is_judged_first(self) -> None:
        session = factories.session()
        bad, good = factories.photo(session, "overall"), factories.photo(session, "overall")
        actions.judge(photo=good, judged=factories.judged())
        assert Photo.objects.get(pk=bad.pk).superseded_by is None
        actions.judge(photo=bad, judged=factories.judged("retake"))
        assert Photo.objects.get(pk=bad.pk).superseded_by == good

    def test_after_two_tries_it_goes_as_it_is(self) -> None:
        session = factories.session()
        first = factories.judged_photo(session, "overall", "retake")
        with pytest.raises(actions.OneMoreTry), transaction.atomic():
            actions.send_anyway(photo=first, actor=factories.CUSTOMER)
        assert Photo.objects.get(pk=first.pk).state == "retake"
        second = factories.judged_photo(session, "overall", "retake")
        assert queries.photos_of(session)[1].may_send_anyway
        actions.send_anyway(photo=second, actor=factories.CUSTOMER, reason="My hands shake.")
        second = Photo.objects.get(pk=second.pk)
        assert (second.state, second.send_anyway, second.send_anyway_reason) == ("accepted", True, "My hands shake.")
        assert facts("PhotoSentAnyway") == [{"photo_id": str(second.id), "session_id": str(session.id)}]
        with pytest.raises(IllegalMove), transaction.atomic():
            actions.send_anyway(photo=second, actor=factories.CUSTOMER)

    def test_an_accepted_photo_cannot_be_marked_as_sent_anyway_by_hand(self) -> None:
        photo = factories.judged_photo(factories.session(), result="retake")
        with pytest.raises(DatabaseError), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(send_anyway=True)


class TestViews:
    def test_staff_and_the_own_customer_see_a_view(self) -> None:
        session = factories.session()
        photo = factories.judged_photo(session)
        seen = queries.photo_view(actor=factories.AGENT, photo=photo, kind="screen")
        assert b"".join(seen.chunks) == b"a middling jpeg" and seen.length == 15
        mine = queries.photo_view(actor=factories.CUSTOMER, photo=photo, kind="thumb", session=session)
        assert b"".join(mine.chunks) == b"a small jpeg" and mine.media_type == "image/jpeg"

    def test_others_see_nothing(self) -> None:
        session, photo = factories.session(), factories.judged_photo(factories.session())
        supplier = Actor(kind="supplier", id="a link", name="The supplier")
        for actor, theirs in ((factories.CUSTOMER, session), (factories.CUSTOMER, None), (supplier, photo.session)):
            with pytest.raises(NotFound):
                queries.photo_view(actor=actor, photo=photo, kind="thumb", session=theirs)
        with pytest.raises(NotAllowed):
            queries.photo_view(actor=Actor(kind="staff", id="x", name="Nobody"), photo=photo, kind="thumb")
        with pytest.raises(NotFound):
            queries.photo_view(actor=factories.AGENT, photo=photo, kind="original")

    def test_views_are_files_of_their_own_kind(self) -> None:
        factories.judged_photo(factories.session())
        kinds = set(StoredFile.objects.values_list("purpose", "retention"))
        assert kinds == {("photo", "original"), ("thumb", "derived"), ("screen", "derived")}


class TestOriginal:
    def test_who_opens_an_original_is_kept(self) -> None:
        photo = factories.photo(factories.session(), data=b"the very bytes")
        data = actions.open_original(photo=photo, actor=factories.AGENT, purpose="to read the serial number")
        assert data == b"the very bytes"
        last = audit.trail(photo)[-1]
        assert last.sentence == "Ann Agent opened the original of photo 1: to read the serial number."

    @pytest.mark.parametrize("kind", ["customer", "supplier"])
    def test_only_staff_can(self, kind: str) -> None:
        photo = factories.photo(factories.session())
        with pytest.raises(NotAllowed):
            actions.open_original(photo=photo, actor=Actor(kind=kind, id="a link", name="Them"))  # type: ignore[arg-type]
        assert len(audit.trail(photo)) == 1


def test_a_session_waits_while_photos_come_in_or_are_looked_at() -> None:
    session = factories.session()
    assert not queries.waiting(session)
    photo = factories.photo(session)
    assert queries.waiting(session)
    actions.judge(photo=photo, judged=factories.judged(views={}))
    assert not queries.waiting(session)
