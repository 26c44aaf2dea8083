"""kill -9, at every step of an upload: an acknowledged byte is never lost, and an unacknowledged one never counts."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import http.client
import os
import random
import threading
import time
import uuid

import pytest
from django.db.utils import OperationalError

from recoup.domain.evidence import invariants as evidence
from recoup.domain.evidence.models import Photo
from recoup.foundation.audit import queries as audit
from recoup.foundation.facts.models import Fact
from recoup.foundation.files import actions, folder, invariants
from recoup.foundation.files import queries as stored
from recoup.foundation.files.models import Segment
from recoup.web.capture import receiving, upload
from recoup.web.capture.tests.upload.phone import Phone, Server, slowly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DATA = os.urandom(9 * 2**20)
SEGMENT = 4 * 2**20


@pytest.fixture
def phone(phone: Phone) -> Phone:
    phone.data = DATA
    return phone


def restart(server: Server) -> None:
    server.kill()
    server.start()


def finish(phone: Phone, offset: int) -> None:
    """Go on from the durable offset to the end; then there is exactly one photo, whole, told once."""
    assert phone.patch(DATA[offset:], offset).status == 204
    [photo] = Photo.objects.select_related("file__key").filter(session=phone.session)
    assert stored.read(photo.file) == DATA
    assert [line.verb for line in audit.trail(photo)] == ["photo.arrived"]
    assert Fact.objects.filter(name="PhotoArrived", body__session_id=str(phone.session)).count() == 1
    assert damage() == []


def damage() -> list[str]:
    checks = (
        invariants.contents, invariants.wrapped_keys, evidence.photos_have_their_bytes,
        evidence.originals_have_a_photo, evidence.uploads_ended,
    )  # fmt: skip
    return [finding.sentence for check in checks for finding in check()]


def test_killed_after_the_announcement(server: Server, phone: Phone) -> None:
    phone.announce()
    restart(server)
    assert phone.head().offset == 0
    finish(phone, 0)


def test_killed_before_a_segment_was_durable(server: Server, phone: Phone) -> None:
    phone.announce()
    with phone.begin_patch(DATA[: SEGMENT // 2]):
        time.sleep(0.5)
        restart(server)
    assert phone.head().offset == 0
    assert list(folder.root().glob("*/*/*/*.part"))
    finish(phone, 0)


def test_killed_after_a_segment_was_durable(server: Server, phone: Phone) -> None:
    phone.announce()
    with phone.begin_patch(DATA[: SEGMENT + SEGMENT // 2]):
        acknowledged = phone.wait_for(SEGMENT)
        restart(server)
    assert phone.head().offset == acknowledged
    finish(phone, acknowledged)


def test_killed_after_the_photo_was_acknowledged(server: Server, phone: Phone) -> None:
    assert phone.send().status == 204
    restart(server)
    assert phone.head().offset == len(DATA)
    assert phone.announce().offset == len(DATA)
    [photo] = Photo.objects.select_related("file__key").filter(session=phone.session)
    assert stored.read(photo.file) == DATA and damage() == []


def test_killed_again_and_again(server: Server, phone: Phone) -> None:
    """At random moments, until it is through: the durable offset never goes back."""
    chance, offset, kills = random.Random(7), 0, 0
    phone.announce()
    while offset < len(DATA):
        killer = threading.Timer(chance.uniform(0.01, 0.25), server.kill)
        killer.start()
        with contextlib.suppress(OSError, http.client.HTTPException):
            phone.patch(slowly(DATA[offset:], 65_536), offset, headers={"Content-Length": str(len(DATA) - offset)})
        killer.join()
        kills += 1
        server.start()
        now = phone.head().offset
        assert now >= offset
        offset = now if kills < 3 else _through(phone, now)
    [photo] = Photo.objects.select_related("file__key").filter(session=phone.session)
    assert stored.read(photo.file) == DATA
    assert Fact.objects.filter(name="PhotoArrived", body__session_id=str(phone.session)).count() == 1 and damage() == []


def _through(phone: Phone, offset: int) -> int:
    assert offset == len(DATA) or phone.patch(DATA[offset:], offset).status == 204
    return len(DATA)


def test_what_a_crash_left_is_swept(server: Server, phone: Phone) -> None:
    phone.announce()
    with phone.begin_patch(DATA[: SEGMENT // 2]):
        time.sleep(0.5)
        restart(server)
    finish(phone, 0)
    long_ago = time.time() - 3 * actions.SWEEP_AFTER
    for path in [*folder.root().glob("*/*/*/*.part"), *folder.root().glob("*/*/*/*.seal")]:
        os.utime(path, (long_ago, long_ago))
    assert list(invariants.orphans())
    assert actions.sweep_folder() >= 1
    assert list(invariants.orphans()) == [] and damage() == []


def test_a_disk_that_fails_loses_nothing_it_had(server: Server, phone: Phone) -> None:
    """The upload stands where it stood, and goes on when the disk works again."""
    phone.announce()
    phone.patch(DATA[:1000])
    place = (folder.root() / Segment.objects.get(file__upload__session=phone.session).path).parent
    aside = place.with_name("aside")
    place.rename(aside)
    place.write_text("in the way")
    refused = phone.patch(DATA[1000:], 1000)
    assert refused.status == 503 and b"disk does not answer" in refused.body
    place.unlink()
    aside.rename(place)
    assert phone.head().offset == 1000
    finish(phone, 1000)


def test_a_full_disk_is_said_in_a_sentence() -> None:
    def write() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(receiving.NoSpace) as refused:
        asyncio.run(receiving.in_thread(write))
    assert refused.value.status == 507 and "disk is full" in refused.value.say()


def test_a_lost_database_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(request: upload.Request) -> upload.Answer:
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(upload, "answer", lost)
    answer = asyncio.run(upload._answer_or_refuse(upload.Request("PATCH", "", {}, _silence)))
    assert answer.status == 503 and b"goes on by itself" in answer.body


def test_a_silent_sender_reads_as_a_lost_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "IDLE_SECONDS", 0.05)

    async def wait() -> dict[str, object]:
        return await receiving.Turn(uuid.uuid4()).next(_silence)

    assert asyncio.run(wait()) == {"type": "http.disconnect"}


async def _silence() -> None:
    await asyncio.Event().wait()
