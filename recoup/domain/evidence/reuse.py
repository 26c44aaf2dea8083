"""Photos that may be the same as one that just came: of whatever session, the likeliest first, never more than a few.

Whether they are is decided by their pixels, outside any transaction (``flows/photo_arrived.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BigIntegerField, IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from recoup.domain.evidence.models import Photo, View
from recoup.domain.evidence.rules import signed_64
from recoup.foundation.files import queries as files
from recoup.foundation.files.keys import KeyDestroyed

NEAREST = "(SELECT min(bit_count((evidence_photo.phash # turned)::bit(64))) FROM unnest(%s::bigint[]) AS asked(turned))"
SHARED = "(SELECT count(*) FROM unnest(evidence_photo.words) AS kept(word) WHERE kept.word = ANY(%s::int[]))"


# For those above the domain, who may not name its models.
SomePhoto = Photo


@dataclass(frozen=True, slots=True)
class Asked:
    """What a photo is sought by. ``hashes``: unsigned 64 bits in each orientation; ``words``: of it and its mirror
    image; ``within`` bits or from ``shared`` words on a photo is a candidate; at most ``most`` are returned."""

    hashes: Sequence[int]
    words: Sequence[int]
    within: int
    shared: int
    most: int


def candidates(*, photo: Photo, asked: Asked) -> list[Photo]:
    """Photos that arrived before, judged and not erased: those with the same bytes, then by hash, then by words."""
    others = Photo.objects.exclude(pk=photo.pk).exclude(state="arrived").filter(session__key__destroyed_at=None)
    ways = (others.filter(sha256=photo.sha256).order_by("id"), _by_hash(others, asked), _by_words(others, asked))
    found: dict[UUID, Photo] = {}
    for way in ways:
        for each in way[: asked.most]:
            found.setdefault(each.pk, each)
    return list(found.values())[: asked.most]


def _by_hash(photos: QuerySet[Photo], asked: Asked) -> QuerySet[Photo]:
    hashes = [signed_64(number) for number in asked.hashes]
    differing = RawSQL(NEAREST, [hashes], output_field=BigIntegerField())  # noqa: S611  # a constant and parameters
    known = photos.filter(phash__isnull=False)
    return known.annotate(differing=differing).filter(differing__lte=asked.within).order_by("differing", "id")


def _by_words(photos: QuerySet[Photo], asked: Asked) -> QuerySet[Photo]:
    words = list(asked.words)
    common = RawSQL(SHARED, [words], output_field=IntegerField())  # noqa: S611  # a constant and parameters
    near = photos.filter(words__overlap=words)
    return near.annotate(common=common).filter(common__gte=asked.shared).order_by("-common", "id")


def view_of(photo: Photo) -> bytes | None:
    """The larger view of a candidate, to compare with; None when it has none or was erased meanwhile."""
    view = View.objects.select_related("file__key").filter(photo=photo, kind="screen").first()
    if view is None:
        return None
    try:
        return files.read(view.file)
    except KeyDestroyed:
        return None
