"""The same photo again: who is a candidate, what is kept of it, and what the customer is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recoup.domain.evidence import actions, reuse
from recoup.domain.evidence.models import CaptureSession, Photo, Reuse, Verdict
from recoup.domain.evidence.tests import factories

pytestmark = pytest.mark.django_db
HASH = 2**64 - 5


def came(session: CaptureSession | None = None, data: bytes | None = None, **about: Any) -> Photo:
    photo = factories.photo(session or factories.session(), data=data)
    actions.judge(photo=photo, judged=factories.judged(**about))
    return Photo.objects.get(pk=photo.pk)


def asked(*, hashes: tuple[int, ...] = (HASH,), words: tuple[int, ...] = (), most: int = 8) -> reuse.Asked:
    return reuse.Asked(hashes=hashes, words=words, within=10, shared=3, most=most)


def same(photo: Photo, *, exact: bool = False) -> actions.SameAs:
    return actions.SameAs(photo.pk, exact=exact, inliers=40, agreeing=0.9)


class TestCandidates:
    def test_they_come_by_bytes_then_by_hash_then_by_words(self) -> None:
        by_words = came(phash=0, words=[1, 2, 3, 4])
        by_hash = came(phash=HASH ^ 0b111)
        by_bytes = came(data=b"the same" * 200, phash=0)
        came(phash=0, words=[1, 2, 900])
        mine = factories.photo(factories.session(), data=b"the same" * 200)
        found = reuse.candidates(photo=mine, asked=asked(words=(1, 2, 3, 7)))
        assert [photo.pk for photo in found] == [by_bytes.pk, by_hash.pk, by_words.pk]

    def test_any_of_the_orientations_will_do_and_the_nearest_comes_first(self) -> None:
        further, near = came(phash=0b11111), came(phash=0b1)
        found = reuse.candidates(photo=factories.photo(factories.session()), asked=asked(hashes=(HASH, 0)))
        assert [photo.pk for photo in found] == [near.pk, further.pk]

    def test_never_itself_nor_more_than_asked_for_nor_one_that_nobody_has_looked_at(self) -> None:
        for _ in range(4):
            came()
        mine = came()
        waiting = factories.photo(factories.session(), data=b"x" * 900)
        found = reuse.candidates(photo=mine, asked=asked(most=3))
        assert len(found) == 3 and not {mine.pk, waiting.pk} & {photo.pk for photo in found}

    def test_erased_photos_are_left_in_peace(self) -> None:
        session = factories.session()
        came(session)
        actions.erase_session(session=session, actor=factories.ADMIN)
        assert reuse.candidates(photo=factories.photo(factories.session()), asked=asked()) == []

    def test_without_words_nothing_is_shared(self) -> None:
        came(phash=0, words=[])
        assert reuse.candidates(photo=factories.photo(factories.session()), asked=asked(words=())) == []

    def test_the_view_to_compare_with(self) -> None:
        assert reuse.view_of(came()) == b"a middling jpeg"
        assert reuse.view_of(came(views={})) is None


class TestKept:
    def test_what_it_is_the_same_as_is_kept_and_the_photo_is_accepted(self) -> None:
        before = came()
        photo = came(same_as=[same(before)], words=[5, 6], quarter_turns=3)
        kept = Reuse.objects.get()
        assert (kept.photo_id, kept.earlier_id, kept.exact, kept.inliers, kept.agreeing) == (
            photo.pk, before.pk, False, 40, 0.9
        )  # fmt: skip
        assert (photo.state, photo.words, photo.quarter_turns) == ("accepted", [5, 6], 3)

    def test_it_is_never_rewritten(self) -> None:
        kept = Reuse.objects.create(photo=came(), earlier=came(), exact=True)
        with pytest.raises(Exception, match="append"), transaction.atomic():
            Reuse.objects.filter(pk=kept.pk).update(exact=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reuse.objects.create(photo=kept.photo, earlier=kept.earlier, exact=True)
        assert Reuse.objects.get().exact


class TestOwnPhotoTwice:
    def test_the_same_bytes_again_ask_for_another_angle(self) -> None:
        session = factories.session()
        came(session, b"my kettle" * 99)
        again = came(session, b"my kettle" * 99)
        verdict = Verdict.objects.get(photo=again)
        assert (again.state, verdict.result, verdict.reasons) == ("retake", "retake", ["same_photo"])
        assert verdict.sentence == "You sent this photo already. Take one from another angle."

    def test_a_copy_of_an_accepted_one_too(self) -> None:
        session = factories.session()
        again = came(session, same_as=[same(came(session))])
        assert again.state == "retake" and Verdict.objects.get(photo=again).reasons == ["same_photo"]

    def test_a_steadier_second_try_is_no_repetition(self) -> None:
        """It looks just like the blurred one, and that is what we asked for."""
        session = factories.session()
        blurred = came(session, result="retake")
        assert came(session, same_as=[same(blurred)]).state == "accepted"

    def test_the_same_bad_photo_keeps_its_own_reason_first(self) -> None:
        session = factories.session()
        came(session, b"dark" * 300, result="retake")
        again = came(session, b"dark" * 300, result="retake")
        verdict = Verdict.objects.get(photo=again)
        assert verdict.reasons == ["blurred", "same_photo"] and verdict.sentence == "It is a little blurred."

    def test_the_same_photo_in_another_session_is_accepted(self) -> None:
        """It is for a person to judge, and nothing that the customer is told."""
        came(data=b"my kettle" * 99)
        assert came(data=b"my kettle" * 99).state == "accepted"

    def test_after_two_tries_it_may_be_sent_anyway(self) -> None:
        session = factories.session()
        photos = [factories.photo(session, "close_up", b"my kettle" * 99) for _ in range(3)]
        for photo in photos:
            actions.judge(photo=photo, judged=factories.judged())
        actions.send_anyway(photo=photos[2], actor=factories.CUSTOMER)
        assert Photo.objects.get(pk=photos[2].pk).send_anyway
