"""The door for photos, knocked on from outside: every status of the standard, and no byte lost or made up."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import os
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession, Photo, Upload
from recoup.domain.evidence.tests import factories
from recoup.foundation.accounts import actions as accounts
from recoup.foundation.accounts.queries import access_link
from recoup.foundation.audit import queries as audit
from recoup.foundation.facts.models import Fact
from recoup.foundation.files import folder, invariants
from recoup.foundation.files import queries as stored
from recoup.foundation.files.models import Segment, StoredFile
from recoup.kit.actor import SYSTEM
from recoup.web.capture.tests.upload.phone import BYTES, DATA, KEY, RESUMABLE, Phone, Server, slowly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BIG = os.urandom(9 * 2**20)
LIMIT = 10 * 2**20


def like(phone: Phone, data: bytes) -> Phone:
    return Phone(phone.port, phone.secret, data, phone.session)


def arrived(phone: Phone) -> list[bytes]:
    return [stored.read(photo.file) for photo in photos(phone).order_by("position")]


def photos(phone: Phone) -> QuerySet[Photo]:
    return Photo.objects.select_related("file__key").filter(session=phone.session)


def uploads(phone: Phone) -> QuerySet[Upload]:
    return Upload.objects.select_related("file").filter(session=phone.session)


def segments(phone: Phone) -> QuerySet[Segment]:
    return Segment.objects.filter(file__upload__session=phone.session)


def told(phone: Phone) -> int:
    return Fact.objects.filter(name="PhotoArrived", body__session_id=str(phone.session)).count()


def damage() -> list[str]:
    return [finding.sentence for check in (invariants.contents, invariants.wrapped_keys) for finding in check()]


class TestProtocol:
    def test_options_tells_what_this_door_can(self, phone: Phone) -> None:
        said = phone.ask("OPTIONS", "/upload/", {})
        assert (said.status, said.headers["tus-version"], said.headers["tus-resumable"]) == (204, "1.0.0", "1.0.0")
        assert said.headers["tus-extension"].split(",")[:3] == ["creation", "creation-with-upload", "termination"]
        assert said.headers["tus-max-size"] == str(40 * 2**20)

    def test_a_photo_arrives(self, phone: Phone, session: CaptureSession) -> None:
        made = phone.announce()
        assert made.status == 201 and made.headers["location"].startswith("/upload/")
        assert "upload-expires" in made.headers
        done = phone.patch(DATA)
        assert (done.status, done.offset) == (204, len(DATA))
        assert arrived(phone) == [DATA]
        [photo] = photos(phone)
        assert (photo.client_id, photo.shot, photo.session_id) == (phone.photo, "overall", session.id)
        assert audit.trail(photo)[0].actor_kind == "customer"
        assert told(phone) == 1

    def test_head_tells_the_truth(self, phone: Phone) -> None:
        phone.announce()
        said = phone.head()
        assert (said.status, said.offset, said.headers["upload-length"]) == (200, 0, str(len(DATA)))
        assert said.headers["cache-control"] == "no-store"
        assert said.headers["upload-metadata"] == phone.metadata()
        phone.patch(DATA[:1000])
        assert phone.head().offset == 1000
        phone.patch(DATA[1000:], 1000)
        said = phone.head()
        assert (said.status, said.offset) == (200, len(DATA)) and "upload-metadata" not in said.headers

    def test_it_comes_in_pieces(self, phone: Phone) -> None:
        phone.announce()
        for offset in range(0, len(DATA), 70_001):
            said = phone.patch(DATA[offset : offset + 70_001], offset)
            assert said.status == 204
        assert arrived(phone) == [DATA] and damage() == []

    def test_it_comes_with_its_announcement(self, phone: Phone) -> None:
        said = phone.announce(DATA)
        assert (said.status, said.offset) == (201, len(DATA))
        assert arrived(phone) == [DATA]

    def test_part_of_it_comes_with_its_announcement(self, phone: Phone) -> None:
        said = phone.announce(DATA[:100])
        assert (said.status, said.offset) == (201, 100)
        assert phone.patch(DATA[100:], 100).status == 204 and arrived(phone) == [DATA]

    def test_a_body_without_a_length_streams(self, phone: Phone) -> None:
        phone.announce()
        assert phone.patch(slowly(DATA)).status == 204
        assert arrived(phone) == [DATA]

    def test_a_network_that_lets_only_post_through(self, phone: Phone) -> None:
        phone.announce()
        headers = {**BYTES, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
        assert phone.ask("POST", phone.at, headers, DATA).status == 204
        assert arrived(phone) == [DATA]

    def test_giving_up_ends_it(self, phone: Phone) -> None:
        phone.announce()
        phone.patch(DATA[:1000])
        [path] = segments(phone).values_list("path", flat=True)
        assert phone.give_up().status == 204
        assert phone.head().status == 410 and phone.patch(DATA[1000:], 1000).status == 410
        assert not photos(phone).exists() and not (folder.root() / path).exists()

    def test_what_has_arrived_stays(self, phone: Phone) -> None:
        phone.send()
        assert phone.give_up().status == 403
        assert arrived(phone) == [DATA]

    def test_a_checksum_of_a_piece_is_checked(self, phone: Phone) -> None:
        phone.announce()
        for name, algorithm in (("sha1", hashlib.sha1), ("sha256", hashlib.sha256)):
            wrong = f"{name} {base64.b64encode(algorithm(b'something else').digest()).decode()}"
            assert phone.patch(DATA, headers={"Upload-Checksum": wrong}).status == 460
            assert phone.head().offset == 0
        right = f"sha1 {base64.b64encode(hashlib.sha1(DATA).digest()).decode()}"
        assert phone.patch(DATA, headers={"Upload-Checksum": right}).status == 204
        assert arrived(phone) == [DATA]

    def test_a_link_may_come_in_its_own_header(self, phone: Phone) -> None:
        phone.announce()
        said = phone.ask("HEAD", phone.at, {**RESUMABLE, "Authorization": "", "Recoup-Link": phone.secret})
        assert said.status == 200


class TestRefusals:
    """Each with its status, a sentence, and nothing changed."""

    def refused(self, phone: Phone, said: Any, status: int) -> str:
        assert said.status == status, said
        sentence = str(json.loads(said.body)["sentence"])
        assert sentence.endswith(".") and not photos(phone).exists()
        return sentence

    def test_another_version(self, phone: Phone) -> None:
        said = phone.ask("POST", "/upload/", {"Upload-Length": "5", "Tus-Resumable": "0.2.2"})
        self.refused(phone, said, 412)
        assert said.headers["tus-version"] == "1.0.0" and not uploads(phone).exists()
        phone.announce()
        self.refused(
            phone,
            phone.ask("PATCH", phone.at, {"Upload-Offset": "0", "Content-Type": BYTES["Content-Type"]}, DATA),
            412,
        )

    def test_another_type(self, phone: Phone) -> None:
        phone.announce()
        said = phone.ask("PATCH", phone.at, {**RESUMABLE, "Upload-Offset": "0", "Content-Type": "image/jpeg"}, DATA)
        self.refused(phone, said, 415)
        assert phone.head().offset == 0

    @pytest.mark.parametrize("offset", [1, 2_000_000])
    def test_another_offset(self, phone: Phone, offset: int) -> None:
        phone.announce()
        assert "byte 0" in self.refused(phone, phone.patch(DATA[:100], offset), 409)
        assert phone.head().offset == 0

    @pytest.mark.parametrize("offset", ["", "-1", "abc"])
    def test_an_offset_that_is_none(self, phone: Phone, offset: str) -> None:
        phone.announce()
        self.refused(phone, phone.ask("PATCH", phone.at, {**BYTES, "Upload-Offset": offset}, b"x"), 400)

    def test_too_large(self, phone: Phone) -> None:
        assert "40 MB" in self.refused(phone, phone.announce(length=40 * 2**20 + 1), 413)
        assert not uploads(phone).exists()

    def test_no_bytes_at_all(self, phone: Phone) -> None:
        self.refused(phone, phone.announce(length=0), 400)

    @pytest.mark.parametrize("length", ["", "-5", "many"])
    def test_a_length_that_is_none(self, phone: Phone, length: str) -> None:
        self.refused(phone, phone.ask("POST", "/upload/", {**RESUMABLE, "Upload-Length": length}), 400)

    def test_more_than_announced(self, phone: Phone) -> None:
        phone.announce()
        self.refused(phone, phone.patch(DATA + b"!"), 413)
        self.refused(phone, phone.patch(slowly(DATA + b"!")), 413)
        assert phone.head().offset == 0
        assert phone.patch(DATA).status == 204

    def test_other_bytes_than_announced(self, phone: Phone) -> None:
        phone.announce()
        sentence = self.refused(phone, phone.patch(DATA[::-1]), 460)
        assert "Nothing was kept" in sentence
        assert phone.head().status == 410 and not segments(phone).exists()
        assert uploads(phone).get().file.state == "gone"
        assert phone.send().status == 204 and arrived(phone) == [DATA]

    @pytest.mark.parametrize("wrong", [{"sha256": "xyz"}, {"photo": "no uuid"}, {"shot": "../../etc"}])
    def test_an_announcement_that_makes_no_sense(self, phone: Phone, wrong: dict[str, str]) -> None:
        self.refused(phone, phone.announce(said_instead=wrong), 400)
        said = phone.ask("POST", "/upload/", {**RESUMABLE, "Upload-Length": "5", "Upload-Metadata": "photo !!!"})
        self.refused(phone, said, 400)
        assert not uploads(phone).exists()

    def test_a_stranger_a_foreign_link_and_a_missing_upload_look_alike(self, phone: Phone) -> None:
        phone.announce()
        other = Phone(phone.port, factories.link_to(factories.session()), DATA, phone.session, at=phone.at)
        nobody = Phone(phone.port, "guess", DATA, phone.session, at=phone.at)
        lost = Phone(phone.port, phone.secret, DATA, phone.session, at=f"/upload/{uuid.uuid4()}")
        odd = Phone(phone.port, phone.secret, DATA, phone.session, at="/upload/..%2f..%2fetc")
        for who in (other, nobody, lost, odd):
            assert who.head().status == 404
            self.refused(phone, who.patch(DATA), 404)
            self.refused(phone, who.give_up(), 404)
        self.refused(phone, nobody.announce(), 404)
        assert phone.head().offset == 0

    def test_a_link_that_ran_out_or_was_withdrawn(self, phone: Phone, session: CaptureSession) -> None:
        phone.announce()
        token = access_link(purpose="capture", secret=phone.secret, now=timezone.now())
        type(token).objects.filter(pk=token.pk).update(
            created_at=timezone.now() - dt.timedelta(days=2),
            expires_at=timezone.now() - dt.timedelta(days=1),
        )
        assert "new one" in self.refused(phone, phone.patch(DATA), 410)
        late = Phone(phone.port, factories.link_to(session), DATA, phone.session, at=phone.at)
        accounts.revoke_links(purpose="capture", subject_id=session.id, actor=SYSTEM)
        self.refused(phone, late.patch(DATA), 404)

    def test_a_closed_session(self, phone: Phone, session: CaptureSession) -> None:
        phone.announce()
        evidence.close_session(session=session, actor=SYSTEM)
        self.refused(phone, phone.patch(DATA), 403)
        assert phone.head().offset == 0 and not list(folder.root().glob("*/*/*/*.part"))
        self.refused(phone, like(phone, b"another").announce(), 403)

    def test_an_expired_upload(self, phone: Phone) -> None:
        phone.announce()
        StoredFile.objects.filter(upload__session=phone.session).update(expires_at=timezone.now())
        assert phone.head().status == 410
        self.refused(phone, phone.patch(DATA), 410)

    @pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
    def test_a_method_it_does_not_know(self, phone: Phone, method: str) -> None:
        phone.announce()
        self.refused(phone, phone.ask(method, phone.at, RESUMABLE), 405)


class TestOnce:
    def test_the_same_photo_twice_is_one_photo_and_success(self, phone: Phone) -> None:
        phone.send()
        again = phone.announce()
        assert (again.status, again.offset) == (201, len(DATA))
        assert phone.head().offset == len(DATA)
        assert phone.announce(DATA).status == 201
        assert arrived(phone) == [DATA] and told(phone) == 1

    def test_an_announcement_whose_answer_was_lost_goes_on_where_it_was(self, phone: Phone) -> None:
        phone.announce()
        phone.patch(DATA[:1000])
        at = phone.at
        again = phone.announce()
        assert (again.status, again.offset, phone.at) == (201, 1000, at)
        assert phone.patch(DATA[1000:], 1000).status == 204 and arrived(phone) == [DATA]

    def test_another_picture_under_the_same_name(self, phone: Phone) -> None:
        phone.send()
        phone.data = DATA[::-1]
        assert phone.announce().status == 422
        assert arrived(phone) == [DATA]


class TestTurns:
    def test_a_connection_that_breaks_keeps_what_came(self, phone: Phone) -> None:
        phone.announce()
        phone.begin_patch(DATA[:100_000]).close()
        offset = phone.wait_for(100_000)
        assert offset == 100_000
        assert phone.patch(DATA[offset:], offset).status == 204 and arrived(phone) == [DATA]

    def test_a_lively_sender_keeps_its_turn(self, phone: Phone) -> None:
        phone.announce()
        with phone.begin_patch(DATA[:50_000]) as wire:
            time.sleep(0.3)
            assert phone.patch(DATA).status == 423
            assert phone.give_up().status == 423
            wire.sendall(DATA[50_000:])
            assert wire.recv(100).startswith(b"HTTP/1.1 204")
        assert arrived(phone) == [DATA]

    def test_a_half_dead_sender_is_taken_over(self, phone: Phone) -> None:
        phone.announce()
        with phone.begin_patch(DATA[:50_000]):
            time.sleep(2.3)
            said = phone.patch(DATA)
            assert said.status == 409 and b"byte 50000" in said.body
            assert phone.patch(DATA[50_000:], 50_000).status == 204
        assert arrived(phone) == [DATA]

    def test_two_hosts_never_write_to_one_upload(self, phone: Phone, var: Path) -> None:
        other = Server(var, KEY)
        try:
            phone.announce()
            elsewhere = Phone(other.port, phone.secret, DATA, phone.session, at=phone.at)
            with phone.begin_patch(DATA[:50_000]) as wire:
                time.sleep(0.3)
                assert elsewhere.head().status == 200
                assert elsewhere.patch(DATA).status == 423
                wire.sendall(DATA[50_000:])
                assert wire.recv(100).startswith(b"HTTP/1.1 204")
            assert elsewhere.head().offset == len(DATA)
        finally:
            other.stop()
        assert arrived(phone) == [DATA]

    def test_a_big_photo_is_durable_long_before_its_end(self, phone: Phone) -> None:
        big = like(phone, BIG)
        big.announce()
        with big.begin_patch(BIG[: 6 * 2**20]):
            assert big.wait_for(4 * 2**20) >= 4 * 2**20


class TestLimits:
    def test_size_and_number_come_from_settings(self, var: Path, session: CaptureSession) -> None:
        small = Server(var, KEY, RECOUP_PHOTO_BYTES=str(LIMIT), RECOUP_PHOTOS_PER_SESSION="2")
        try:
            phone = Phone(small.port, factories.link_to(session), DATA, session.id)
            assert phone.ask("OPTIONS", "/upload/", {}).headers["tus-max-size"] == str(LIMIT)
            assert like(phone, BIG).announce(length=LIMIT + 1).status == 413
            exactly = like(phone, os.urandom(LIMIT))
            assert exactly.send().status == 204
            assert phone.send().status == 204
            third = like(phone, b"a third").announce()
            assert third.status == 403 and b"up to 2 photos" in third.body
        finally:
            small.stop()
        assert [len(data) for data in arrived(phone)] == [LIMIT, len(DATA)]
