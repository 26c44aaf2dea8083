"""Sign-off: who may look, what the signature is bound to, and that a no changes nothing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recoup.domain.claims import actions as claims
from recoup.domain.claims.claim_file import FiledPhoto, read_file
from recoup.domain.claims.models import Claim
from recoup.domain.claims.tests import factories, pictured
from recoup.domain.claims.tests.conftest import own_store  # noqa: F401  # a fixture for every test here
from recoup.domain.evidence.models import RedactedCopy
from recoup.foundation.audit.models import Record
from recoup.kit import ids
from recoup.web.desk.tests import company
from recoup.web.desk.tests.company import ROLES


def signed_in(role: str) -> tuple[Client, Any]:
    return company.signed_in(role, email=f"{ids.new().hex}@example.com")


def laid_out(**about: Any) -> tuple[Claim, list[FiledPhoto]]:
    claim = factories.redacted(factories.gathered(lines=2), **about)
    return claim, read_file(claim).photos


def copy_of(photo: FiledPhoto) -> RedactedCopy:
    assert photo.copy is not None
    return photo.copy


@pytest.mark.django_db
def test_only_those_who_sign_may_look() -> None:
    claim, photos = laid_out()
    copy = copy_of(photos[0])
    looks = [
        reverse("desk:signoff", args=[claim.number]),
        reverse("desk:redacted_photo", args=[claim.number, copy.pk]),
        reverse("desk:signoff_original", args=[claim.number, photos[0].photo_id]),
    ]
    posts = [
        reverse(f"desk:{name}", args=[claim.number, copy.pk])
        for name in ("signoff_sign", "signoff_reject", "signoff_cover")
    ]
    for role in set(ROLES) - {"buyer", "quality", "admin"}:
        client, _ = signed_in(role)
        assert [client.get(address).status_code for address in looks] == [403] * 3, role
        assert [client.post(address).status_code for address in posts] == [403] * 3, role
    assert [Client().get(address).status_code for address in looks] == [302] * 3
    assert not Record.objects.filter(verb="photo.original_opened").exists()
    copy.refresh_from_db()
    assert (copy.state, copy.version) == ("proposed", 1)


@pytest.mark.django_db
def test_the_outgoing_bytes_are_shown_as_they_are() -> None:
    claim, photos = laid_out()
    client, _ = signed_in("quality")
    copy = copy_of(photos[0])
    address = reverse("desk:redacted_photo", args=[claim.number, copy.pk])
    response = client.get(address)
    assert hashlib.sha256(response.content).hexdigest() == copy.sha256
    assert response["Cache-Control"].startswith("private")
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    page = client.get(reverse("desk:signoff", args=[claim.number])).content.decode()
    assert copy.sha256 in page and "0 of 2" in page
    other = factories.gathered()
    assert client.get(reverse("desk:redacted_photo", args=[other.number, copy.pk])).status_code == 404


@pytest.mark.django_db
def test_looking_at_the_original_leaves_a_trace_and_gives_no_metadata() -> None:
    claim = pictured.redacted(pictured.gathered(lines=1))
    photo = read_file(claim).photos[0]
    client, person = signed_in("quality")
    response = client.get(reverse("desk:signoff_original", args=[claim.number, photo.photo_id]))
    assert response["Content-Type"] == "image/jpeg" and b"Exif" not in response.content
    assert b"Exif" in pictured.taken(photo.shot)[0]
    record = Record.objects.get(verb="photo.original_opened")
    assert record.subject_id == photo.photo_id and record.actor_id == str(person.pk)
    other = factories.gathered()
    assert client.get(reverse("desk:signoff_original", args=[other.number, photo.photo_id])).status_code == 404


@pytest.mark.django_db
def test_other_bytes_than_those_shown_cannot_be_signed() -> None:
    claim, photos = laid_out()
    client, _ = signed_in("quality")
    copy = copy_of(photos[0])
    address = reverse("desk:signoff_sign", args=[claim.number, copy.pk])
    for sha256 in ("", "0" * 64, copy_of(photos[1]).sha256):
        assert client.post(address, {"sha256": sha256}).status_code == 409
    copy.refresh_from_db()
    assert (copy.state, copy.signed_by) == ("proposed", "")


@pytest.mark.django_db
def test_what_is_still_readable_cannot_be_signed() -> None:
    claim, photos = laid_out(residue=[{"kind": "text", "box": [1, 1, 9, 9], "text": "Cora", "why": "read"}])
    client, _ = signed_in("quality")
    copy = copy_of(photos[0])
    page = client.get(reverse("desk:signoff", args=[claim.number])).content.decode()
    assert "The second look could still read" in page and "“Cora”" in page
    assert (
        client.post(reverse("desk:signoff_sign", args=[claim.number, copy.pk]), {"sha256": copy.sha256}).status_code
        == 409
    )
    copy.refresh_from_db()
    assert copy.state == "proposed"


@pytest.mark.django_db
def test_signing_leads_to_the_next_and_after_the_last_back_to_the_file() -> None:
    claim, photos = laid_out()
    client, person = signed_in("quality")
    first, second = (copy_of(photo) for photo in photos)
    went = client.post(reverse("desk:signoff_sign", args=[claim.number, first.pk]), {"sha256": first.sha256})
    assert went["Location"] == reverse("desk:signoff", args=[claim.number])
    assert "1 of 2" in client.get(went["Location"]).content.decode()
    went = client.post(reverse("desk:signoff_sign", args=[claim.number, second.pk]), {"sha256": second.sha256})
    assert went["Location"].endswith("?tab=evidence")
    assert "All 2 photos are done" in client.get(went["Location"]).content.decode()
    first.refresh_from_db()
    assert (first.state, first.signed_by, first.signed_sha256) == ("signed", str(person.pk), first.sha256)
    assert "Nothing waits for a signature" in client.get(reverse("desk:signoff", args=[claim.number])).content.decode()


@pytest.mark.django_db
def test_a_rejection_needs_a_reason() -> None:
    claim, photos = laid_out()
    client, _ = signed_in("buyer")
    copy = copy_of(photos[0])
    address = reverse("desk:signoff_reject", args=[claim.number, copy.pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    copy.refresh_from_db()
    assert copy.state == "proposed"
    client.post(address, {"reason": "A letter lies beside it."})
    copy.refresh_from_db()
    assert (copy.state, copy.reject_reason) == ("rejected", "A letter lies beside it.")
    page = client.get(reverse("desk:signoff", args=[claim.number]), {"photo": str(photos[0].photo_id)}).content.decode()
    assert "A letter lies beside it." in page


NO_SENSE = [
    "", "no json", "{}", "[1]", '[{"of": 99, "box": [1, 1, 5, 5]}]', '[{"of": null}]', '[{"of": null, "box": [1, 1, 0, 5]}]',
    '[{"of": null, "box": ["a", 1, 2, 5]}]', "[" * 2000,
    '[{"of": null, "box": [1e400, 1, 2, 5]}]', '[{"of": null, "box": [1, 1, 99999999999999999999, 5]}]',
]  # fmt: skip


@pytest.mark.django_db
def test_covers_that_make_no_sense_draw_nothing(subtests: pytest.Subtests) -> None:
    claim = pictured.redacted(pictured.gathered(lines=1))
    copy = copy_of(read_file(claim).photos[0])
    address = reverse("desk:signoff_cover", args=[claim.number, copy.pk])
    for covers in NO_SENSE:
        with subtests.test(msg=covers[:40]):
            assert signed_in("quality")[0].post(address, {"covers": covers}).status_code == 422
            assert RedactedCopy.objects.filter(photo=copy.photo_id).count() == 1


@pytest.mark.django_db
def test_covers_drawn_by_a_person_make_a_new_version_to_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look is played by one that finds nothing: its own tests look at pixels."""
    monkeypatch.setattr("recoup.vision.redact.second_look", lambda encoded, known: [])
    claim = pictured.redacted(pictured.gathered(lines=1))
    photo = next(each for each in read_file(claim).photos if each.shot == "packaging")
    copy = copy_of(photo)
    client, _ = signed_in("quality")
    wanted = [{"of": 0, "box": copy.covers[0]["box"]}, {"of": None, "box": [10, 20, 300, 200]}]
    address = reverse("desk:signoff_cover", args=[claim.number, copy.pk])
    went = client.post(address, {"covers": json.dumps(wanted)})
    assert went["Location"].endswith(f"?photo={photo.photo_id}")
    drawn = RedactedCopy.objects.get(photo=photo.photo_id, state="proposed")
    assert drawn.version == 2 and drawn.sha256 != copy.sha256
    assert drawn.covers[0]["box"] == copy.covers[0]["box"] and drawn.covers[0]["why"] == copy.covers[0]["why"]
    assert drawn.covers[1]["kind"] == "drawn" and drawn.covers[1]["box"] == [10, 20, 300, 200]
    copy.refresh_from_db()
    assert copy.state == "superseded"
    assert client.post(address, {"covers": json.dumps(wanted)}).status_code == 404
    stale = client.post(reverse("desk:signoff_sign", args=[claim.number, drawn.pk]), {"sha256": copy.sha256})
    assert stale.status_code == 409


@pytest.mark.django_db
def test_nothing_is_covered_again_once_a_buyer_has_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoup.vision.redact.second_look", lambda encoded, known: [])
    claim = pictured.ready()
    claims.approve(claim=claim, boundary=factories.boundary(claim), at=factories.NOW, actor=factories.buyer())
    copy = copy_of(read_file(claim).photos[0])
    client, _ = signed_in("quality")
    response = client.post(reverse("desk:signoff_cover", args=[claim.number, copy.pk]), {"covers": "[]"})
    copy.refresh_from_db()
    assert (response.status_code, copy.state) == (409, "signed")
