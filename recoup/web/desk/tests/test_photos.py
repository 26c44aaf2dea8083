"""Photos at the desk: parts of them, kept by the browser alone, and the original only with a trace."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from recoup.domain.evidence.models import Photo
from recoup.foundation.audit.models import Record
from recoup.foundation.files import queries as files
from recoup.web.desk.tests import company

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo() -> Photo:
    return company.sent_in().photos.select_related("photo__file").order_by("photo__position")[0].photo


def _get(photo: Photo, role: str = "agent", kind: str = "screen", **headers: str) -> Any:
    client, _ = company.signed_in(role)
    return client.get(reverse("desk:photo", args=[photo.pk, kind]), headers=headers)


def test_a_view_is_a_picture_that_only_the_browser_keeps(photo: Photo) -> None:
    response = _get(photo)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response.content == company.rendered("overall")["screen"]
    assert response["Cache-Control"] == "private, max-age=3600"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_the_browser_has_is_not_sent_again(photo: Photo) -> None:
    tag = _get(photo)["ETag"]
    again = _get(photo, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=5-999999999", 206, 5, None),
        ("bytes=-", 200, 0, None),
        ("pages=1-2", 200, 0, None),
    ],
)
def test_a_part_can_be_asked_for(photo: Photo, asked: str, status: int, first: int, last: int | None) -> None:
    response = _get(photo, Range=asked)
    assert response.status_code == status
    assert response.content == company.rendered("overall")["screen"][first:last]


def test_a_part_beyond_the_end_is_refused(photo: Photo) -> None:
    response = _get(photo, Range="bytes=99999999-")
    assert response.status_code == 416
    assert response["Content-Range"].startswith("bytes */")


@pytest.mark.parametrize("kind", ["original", "redacted", "raw"])
def test_there_are_no_other_views(photo: Photo, kind: str) -> None:
    assert _get(photo, kind=kind).status_code in (404, 405)


def test_the_original_leaves_with_a_trace(photo: Photo) -> None:
    client, person = company.signed_in("quality")
    response = client.post(reverse("desk:photo_original", args=[photo.pk]))
    assert response.content == files.read(photo.file)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "no-store"
    record = Record.objects.get(verb="photo.original_opened")
    assert (record.subject_id, record.actor_id) == (photo.pk, str(person.pk))


def test_finance_sees_photos_and_takes_no_original(photo: Photo) -> None:
    client, _ = company.signed_in("finance")
    assert _get(photo, "finance").status_code == 200
    assert client.post(reverse("desk:photo_original", args=[photo.pk])).status_code == 403
    assert not Record.objects.filter(verb="photo.original_opened").exists()
