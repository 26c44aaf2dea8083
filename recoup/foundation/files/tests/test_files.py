"""Stored files: sealed, whole, readable in any range, and honest when the disk is not."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from recoup.foundation.audit import queries as audit
from recoup.foundation.files import actions, folder, invariants, keys, queries
from recoup.foundation.files.holding import Holding
from recoup.foundation.files.models import SealKey, Segment, StoredFile
from recoup.kit import sealing
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotFound
from recoup.kit.sealing import HEADER

DATA = os.urandom(200_000)


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> Path:
    settings.RECOUP_VAR = tmp_path
    return tmp_path


def stored(key: SealKey | None = None, data: bytes = DATA) -> StoredFile:
    return actions.store(
        data=data, key=key or actions.new_key(), purpose="photo", media_type="image/jpeg", retention="original"
    )


def uploading(length: int = len(DATA)) -> StoredFile:
    return actions.open_upload(
        key=actions.new_key(), purpose="photo", media_type="image/jpeg", retention="original",
        length=length, expires_at=timezone.now() + dt.timedelta(hours=1),
    )  # fmt: skip


def add(file: StoredFile, data: bytes, number: int, offset: int) -> actions.Kept:
    segment = actions.begin_segment(file_id=file.id, key=file.key, number=number)
    segment.write(data)
    segment.keep()
    kept = actions.Kept(number=number, offset=offset, length=segment.length, path=segment.path)
    actions.append(file=file, kept=kept)
    return kept


def only_path(file: StoredFile) -> Path:
    return folder.root() / Segment.objects.get(file=file).path


@pytest.mark.django_db
class TestStore:
    def test_what_is_stored_reads_back_whole_and_in_part(self) -> None:
        file = StoredFile.objects.get(pk=stored().pk)
        assert queries.read(file) == DATA
        assert queries.read(file, 65_000, 140_000) == DATA[65_000:140_000]
        assert file.sha256 == hashlib.sha256(DATA).hexdigest()

    def test_nothing_on_the_disk_can_be_read_without_the_key(self, var: Path) -> None:
        file = stored(data=b"a very readable sentence" * 100)
        assert b"readable" not in only_path(file).read_bytes()
        assert stat.S_IMODE(only_path(file).stat().st_mode) == 0o600
        assert stat.S_IMODE((var / "keys" / "installation.key").stat().st_mode) == 0o600

    def test_the_installation_key_is_made_once(self) -> None:
        first = keys.ring()
        keys._ring.cache_clear()
        assert keys.ring() == first

    def test_a_lost_installation_key_is_never_replaced_silently(self, var: Path) -> None:
        stored()
        (var / "keys" / "installation.key").unlink()
        keys._ring.cache_clear()
        with pytest.raises(keys.KeyMissing):
            actions.new_key()
        assert not (var / "keys" / "installation.key").exists()

    def test_keys_from_the_environment_rotate(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import base64

        old, new = (base64.b64encode(sealing.new_key()).decode() for _ in range(2))
        monkeypatch.setenv("RECOUP_KEY", old)
        file = stored()
        monkeypatch.setenv("RECOUP_KEY", f"{new} {old}")
        assert queries.read(file) == DATA
        assert stored().key.ring_key_id != file.key.ring_key_id
        monkeypatch.setenv("RECOUP_KEY", new)
        with pytest.raises(keys.KeyMissing):
            queries.read(file)

    def test_a_key_that_is_not_a_key_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RECOUP_KEY", "c2hvcnQ=")
        with pytest.raises(keys.KeyUnreadable):
            actions.new_key()
        assert not SealKey.objects.exists()

    def test_a_complete_file_cannot_change(self) -> None:
        file = stored()
        for change in ({"sha256": "0" * 64}, {"offset": 1, "length": 1}, {"state": "open"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                StoredFile.objects.filter(pk=file.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Segment.objects.filter(file=file).update(length=1)
        assert queries.read(StoredFile.objects.get(pk=file.pk)) == DATA


@pytest.mark.django_db
class TestUpload:
    def test_a_file_comes_in_pieces(self) -> None:
        file = uploading()
        add(file, DATA[:70_000], 0, 0)
        add(file, DATA[70_000:], 1, 70_000)
        actions.complete(file=file, sha256=hashlib.sha256(DATA).hexdigest())
        assert queries.read(file, 69_990, 70_010) == DATA[69_990:70_010]
        assert queries.read(file) == DATA

    def test_an_unfinished_file_is_not_given_out(self) -> None:
        file = uploading()
        add(file, DATA[:100], 0, 0)
        with pytest.raises(NotFound):
            queries.read(file)
        assert b"".join(queries.durable(file)) == DATA[:100]

    def test_a_segment_that_begins_elsewhere_is_refused(self) -> None:
        file = uploading()
        add(file, DATA[:100], 0, 0)
        for offset in (0, 50, 101):
            with pytest.raises(actions.OffsetMoved), transaction.atomic():
                add(file, DATA[:10], 1, offset)
        assert StoredFile.objects.get(pk=file.pk).offset == 100
        assert Segment.objects.filter(file=file).count() == 1

    def test_a_file_is_complete_only_when_whole(self) -> None:
        file = uploading()
        add(file, DATA[:100], 0, 0)
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.complete(file=file, sha256=hashlib.sha256(DATA[:100]).hexdigest())
        assert StoredFile.objects.get(pk=file.pk).state == "open"


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_segment_leave_one_and_harm_nothing() -> None:
    file = uploading(100)
    segments = [actions.begin_segment(file_id=file.id, key=file.key, number=0) for _ in range(2)]
    results: list[str] = []

    def finish(segment: folder.SegmentFile) -> None:
        segment.write(DATA[:100])
        segment.keep()
        kept = actions.Kept(number=0, offset=0, length=100, path=segment.path)
        try:
            actions.append(file=StoredFile.objects.get(pk=file.pk), kept=kept)
            results.append("kept")
        except actions.OffsetMoved:
            results.append("refused")
        finally:
            connections.close_all()

    rivals = [threading.Thread(target=finish, args=(segment,)) for segment in segments]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert sorted(results) == ["kept", "refused"]
    assert b"".join(queries.durable(StoredFile.objects.get(pk=file.pk))) == DATA[:100]


@pytest.mark.django_db(transaction=True)
class TestErasure:
    def test_a_destroyed_key_erases_for_good(self) -> None:
        file = stored()
        path = only_path(file)
        actions.destroy_key(key=file.key, actor=SYSTEM)
        file = StoredFile.objects.get(pk=file.pk)
        assert file.state == "gone" and not path.exists()
        with pytest.raises(keys.KeyDestroyed):
            keys.opened(file.key)
        with pytest.raises(keys.KeyDestroyed):
            stored(key=file.key)
        assert [line.verb for line in audit.trail(file.key)] == ["key.destroyed"]

    def test_it_is_destroyed_once(self) -> None:
        key = actions.new_key()
        actions.destroy_key(key=SealKey.objects.get(pk=key.pk), actor=SYSTEM)
        with pytest.raises(keys.KeyDestroyed):
            actions.destroy_key(key=key, actor=SYSTEM)
        assert len(audit.trail(key)) == 1

    def test_a_discarded_upload_leaves_the_disk_when_committed(self) -> None:
        file = uploading()
        add(file, DATA[:100], 0, 0)
        path = only_path(file)
        with transaction.atomic():
            actions.discard(file=file)
            assert path.exists()
        assert not path.parent.exists()


@pytest.mark.django_db
class TestVerify:
    def everything(self) -> list[str]:
        checks = (invariants.contents, invariants.orphans, invariants.wrapped_keys)
        return [finding.sentence for check in checks for finding in check()]

    def test_a_sound_store_has_nothing_to_say(self) -> None:
        stored()
        add(uploading(), DATA[:100], 0, 0)
        assert self.everything() == []

    @pytest.mark.parametrize("where", [0, HEADER, HEADER + 70_000, -1])
    def test_one_flipped_byte_is_named_in_one_line(self, where: int) -> None:
        file, other = stored(), stored()
        blob = bytearray(only_path(file).read_bytes())
        blob[where] ^= 1
        only_path(file).write_bytes(blob)
        [sentence] = self.everything()
        assert str(file.id) in sentence and str(other.id) not in sentence and "\n" not in sentence
        with pytest.raises(queries.FileDamaged):
            queries.read(file)

    def test_a_missing_and_a_cut_segment_are_named(self) -> None:
        missing, cut = stored(), stored()
        only_path(missing).unlink()
        only_path(cut).write_bytes(only_path(cut).read_bytes()[:-1])
        sentences = self.everything()
        assert len(sentences) == 2
        assert all(any(str(file.id) in sentence for sentence in sentences) for file in (missing, cut))

    def test_a_segment_from_another_session_does_not_pass(self) -> None:
        file, other = stored(), stored()
        only_path(file).write_bytes(only_path(other).read_bytes())
        [sentence] = self.everything()
        assert str(file.id) in sentence

    def test_what_a_crash_left_is_found_and_swept_after_an_hour(self) -> None:
        file = stored()
        segment = actions.begin_segment(file_id=file.id, key=file.key, number=1)
        segment.write(DATA)
        segment.keep()
        half = actions.begin_segment(file_id=file.id, key=file.key, number=2)
        half.write(DATA)
        assert self.everything() == [] and actions.sweep_folder() == 0
        long_ago = time.time() - 3 * actions.SWEEP_AFTER
        for path in only_path(file).parent.iterdir():
            os.utime(path, (long_ago, long_ago))
        assert len(self.everything()) == 2
        assert actions.sweep_folder() == 2
        assert self.everything() == [] and queries.read(file) == DATA

    def test_a_key_that_no_longer_opens_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        key = actions.new_key()
        SealKey.objects.filter(pk=key.pk).update(wrapped=os.urandom(60))
        [sentence] = self.everything()
        assert str(key.id) in sentence


@pytest.mark.django_db(transaction=True)
def test_a_name_is_held_by_one_process_and_let_go_with_its_connection() -> None:
    mine, yours = Holding(), Holding()
    try:
        assert mine.take("upload 1") and not mine.take("upload 1") and not yours.take("upload 1")
        assert yours.take("upload 2")
        mine.give_back("upload 1")
        assert yours.take("upload 1")
        yours.close()
        assert mine.take("upload 1") and mine.take("upload 2")
    finally:
        mine.close()
        yours.close()
