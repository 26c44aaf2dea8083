"""Photos coming in: announced once, counted once, kept whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import threading
import uuid
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from recoup.domain.evidence import actions, invariants, queries
from recoup.domain.evidence.models import CaptureSession, Photo, Upload
from recoup.domain.evidence.tests import factories
from recoup.foundation.audit import queries as audit
from recoup.foundation.facts.models import Fact
from recoup.foundation.files import actions as files
from recoup.foundation.files import queries as stored
from recoup.foundation.files.models import StoredFile
from recoup.kit.actor import SYSTEM
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed, NotFound

DATA = os.urandom(5000)
SHA = hashlib.sha256(DATA).hexdigest()


def complete(upload: Upload, data: bytes = DATA) -> Photo:
    return actions.complete_upload(
        upload=upload, kept=factories.keep(upload, data), sha256=hashlib.sha256(data).hexdigest(),
        actor=factories.CUSTOMER, now=timezone.now(),
    )  # fmt: skip


def sentences() -> list[str]:
    checks = (
        invariants.photos_have_their_bytes, invariants.originals_have_a_photo, invariants.uploads_ended,
        invariants.signed_copies_are_whole,
    )  # fmt: skip
    return [finding.sentence for check in checks for finding in check()]


@pytest.mark.django_db
class TestArrival:
    def test_a_whole_photo_is_a_row_an_audit_record_and_a_fact(self) -> None:
        session = factories.session()
        photo = complete(factories.upload(session, DATA, "overall"))
        assert (photo.position, photo.shot, photo.sha256, photo.state) == (1, "overall", SHA, "arrived")
        assert stored.read(photo.file) == DATA
        assert [line.verb for line in audit.trail(photo)] == ["photo.arrived"]
        [fact] = Fact.objects.filter(name="PhotoArrived")
        assert fact.body == {"photo_id": str(photo.id), "session_id": str(session.id)}
        assert sentences() == []

    def test_the_file_name_goes_when_the_upload_ends(self) -> None:
        upload = factories.upload(factories.session(), DATA)
        assert upload.metadata
        complete(upload)
        assert Upload.objects.get(pk=upload.pk).metadata == ""

    def test_the_same_photo_announced_again_is_the_same_upload(self) -> None:
        session, name = factories.session(), uuid.uuid4()
        first = factories.upload(session, DATA, client_id=name)
        assert factories.upload(session, DATA, client_id=name).pk == first.pk
        complete(first)
        assert factories.upload(session, DATA, client_id=name).pk == first.pk
        assert Photo.objects.count() == 1 and StoredFile.objects.count() == 1

    def test_other_bytes_under_the_name_of_an_arrived_photo_are_refused(self) -> None:
        session, name = factories.session(), uuid.uuid4()
        complete(factories.upload(session, DATA, client_id=name))
        with pytest.raises(actions.PhotoDiffers):
            factories.upload(session, DATA[::-1], client_id=name)
        assert Upload.objects.count() == 1

    def test_a_phone_that_encodes_anew_starts_again(self) -> None:
        session, name = factories.session(), uuid.uuid4()
        first = factories.upload(session, DATA, client_id=name)
        second = factories.upload(session, DATA[:-1], client_id=name)
        assert second.pk != first.pk
        assert StoredFile.objects.get(pk=first.file_id).state == "gone"
        assert complete(second, DATA[:-1]).client_id == name and sentences() == []

    def test_a_full_session_says_so(self, settings: Any) -> None:
        settings.RECOUP_PHOTOS_PER_SESSION = 2
        session = factories.session()
        complete(factories.upload(session, DATA))
        factories.upload(session, DATA)
        with pytest.raises(actions.TooManyPhotos) as refused:
            factories.upload(session, DATA)
        assert "2 photos" in refused.value.say() and Upload.objects.count() == 2

    @pytest.mark.parametrize("how", ["submitted", "closed", "over"])
    def test_a_session_that_is_not_open_takes_no_new_photo(self, how: str) -> None:
        session = factories.session(hours=-1 if how == "over" else 1)
        if how == "submitted":
            actions.submit_session(session=session, actor=factories.CUSTOMER, now=timezone.now())
        if how == "closed":
            actions.close_session(session=session, actor=SYSTEM)
        with pytest.raises(actions.SessionClosed):
            factories.upload(session, DATA)
        assert not Upload.objects.exists()

    def test_a_photo_on_its_way_when_the_customer_submits_still_arrives(self) -> None:
        session = factories.session()
        upload = factories.upload(session, DATA)
        actions.submit_session(session=session, actor=factories.CUSTOMER, now=timezone.now())
        assert complete(upload).position == 1

    def test_a_closed_session_takes_nothing_more(self) -> None:
        session = factories.session()
        upload = factories.upload(session, DATA)
        actions.close_session(session=session, actor=SYSTEM)
        with pytest.raises(actions.SessionClosed), transaction.atomic():
            complete(upload)
        assert not Photo.objects.exists() and StoredFile.objects.get(pk=upload.file_id).offset == 0

    def test_an_upload_completes_once(self) -> None:
        upload = factories.upload(factories.session(), DATA)
        complete(upload)
        with pytest.raises(files.OffsetMoved), transaction.atomic():
            complete(upload)
        assert Photo.objects.count() == 1

    def test_a_refused_upload_leaves_a_record_and_no_bytes(self) -> None:
        upload = factories.upload(factories.session(), DATA)
        actions.refuse_upload(upload=upload, now=timezone.now())
        assert upload.file.state == "gone" and not Photo.objects.exists()
        assert audit.trail(upload.session)[-1].verb == "upload.refused"

    def test_an_arrived_photo_cannot_be_dropped(self) -> None:
        upload = factories.upload(factories.session(), DATA)
        actions.drop_upload(upload=upload, actor=factories.CUSTOMER, now=timezone.now())
        with pytest.raises(IllegalMove):
            actions.drop_upload(upload=upload, actor=factories.CUSTOMER, now=timezone.now())

    def test_abandoned_uploads_and_sessions_are_swept(self) -> None:
        session = factories.session()
        upload, done = factories.upload(session, DATA), factories.photo(session)
        files.append(file=upload.file, kept=factories.keep(upload, DATA[:100]))
        later = timezone.now() + dt.timedelta(hours=25)
        assert actions.sweep_uploads(now=timezone.now()) == 0
        assert actions.sweep_uploads(now=later) == 1 and actions.sweep_uploads(now=later) == 0
        assert actions.expire_sessions(now=later) == 1
        assert CaptureSession.objects.get().state == "expired"
        assert StoredFile.objects.get(pk=upload.file_id).state == "gone"
        assert stored.read(StoredFile.objects.get(pk=done.file_id)) and sentences() == []


@pytest.mark.django_db(transaction=True)
def test_photos_that_arrive_at_once_each_get_a_place() -> None:
    session = factories.session()
    uploads = [factories.upload(session, DATA) for _ in range(6)]
    wrong: list[Exception] = []

    def arrive(upload: Upload) -> None:
        try:
            complete(Upload.objects.select_related("file__key", "session").get(pk=upload.pk))
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    phones = [threading.Thread(target=arrive, args=(upload,)) for upload in uploads]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert not wrong
    assert sorted(Photo.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert sentences() == []


@pytest.mark.django_db(transaction=True)
def test_an_erased_session_keeps_its_rows_and_none_of_its_pictures() -> None:
    session = factories.session()
    photo = factories.judged_photo(session)
    with pytest.raises(NotAllowed):
        actions.erase_session(session=session, actor=factories.AGENT)
    assert stored.read(StoredFile.objects.get(pk=photo.file_id))
    actions.erase_session(session=session, actor=factories.ADMIN)
    assert Photo.objects.filter(pk=photo.pk).exists()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"gone"}
    assert sentences() == []


@pytest.mark.django_db
class TestLink:
    def test_a_link_leads_to_its_session_and_no_other(self) -> None:
        session = factories.session()
        visit = queries.access_session(secret=factories.link_to(session), now=timezone.now())
        assert visit.session == session and visit.actor.kind == "customer"
        photo = factories.photo(factories.session())
        with pytest.raises(NotFound):
            queries.photo_of(session=session, photo_id=photo.id)

    def test_an_unknown_link_leads_nowhere(self) -> None:
        with pytest.raises(NotFound):
            queries.access_session(secret="guess", now=timezone.now())
