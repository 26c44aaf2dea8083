"""A product's reference pictures: few, each once, sealed, and gone from the disk when they are removed."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.catalogue import actions, queries, rules
from recoup.domain.catalogue.models import Product, ProductPicture
from recoup.foundation.audit.queries import trail
from recoup.foundation.files import folder, invariants
from recoup.foundation.files.models import StoredFile
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import NotAllowed, NotFound


def staff(*roles: str) -> Actor:
    return Actor(kind="staff", id="5f1c0c4e-0000-4000-8000-000000000009", name="Quinn", roles=frozenset(roles))


QUALITY = staff("quality")


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUP_KEY", "dGhlIGtleSBvZiB0aGlzIHRlc3QsIDMyIGJ5dGVzISE=")
    settings.RECOUP_VAR = tmp_path


@pytest.fixture
def kettle(db: None) -> Product:
    return actions.upsert_product(sku="KTL-17", name="Copper Kettle", actor=SYSTEM)


def jpeg(number: int = 1) -> bytes:
    return b"\xff\xd8\xff\xe0 picture " + str(number).encode()


def added(product: Product, *numbers: int) -> list[ProductPicture]:
    return [actions.add_picture(product=product, data=jpeg(number), actor=QUALITY) for number in numbers]


def on_disk() -> int:
    return sum(1 for _ in folder.segments(older_than=-1))


@given(st.sets(st.integers(1, rules.MOST_PICTURES)))
def test_the_free_place_is_the_first_that_nobody_has(taken: Iterable[int]) -> None:
    place = rules.free_place(taken)
    every = set(range(1, rules.MOST_PICTURES + 1))
    assert place == min(every - set(taken), default=None)


def test_a_picture_is_sealed_and_read_again(kettle: Product) -> None:
    [picture] = added(kettle, 1)
    assert (picture.position, picture.file.retention, picture.file.media_type) == (1, "document", "image/jpeg")
    assert queries.picture_bytes(picture) == jpeg(1)
    assert b"picture" not in b"".join(path.read_bytes() for path in folder.root().rglob("*.seal"))
    assert queries.reference_pictures([kettle]) == {"KTL-17": [jpeg(1)]}
    assert [line.verb for line in trail(kettle)] == ["product.added", "product.picture_added"]


def test_the_same_bytes_are_one_picture(kettle: Product) -> None:
    first, again = added(kettle, 1, 1)
    assert first.pk == again.pk and ProductPicture.objects.count() == 1 and on_disk() == 1
    other = actions.upsert_product(sku="L", name="Lamp", actor=SYSTEM)
    assert added(other, 1)[0].pk != first.pk


def test_there_are_at_most_six(kettle: Product) -> None:
    added(kettle, *range(1, 7))
    with pytest.raises(actions.TooManyPictures, match="KTL-17 can have 6 reference pictures") as refused:
        added(kettle, 7)
    assert refused.value.status == 409 and ProductPicture.objects.count() == on_disk() == 6
    assert added(kettle, 3)[0].position == 3


def test_the_database_itself_takes_no_seventh(kettle: Product) -> None:
    [picture] = added(kettle, 1)
    with pytest.raises(IntegrityError, match="few_pictures_per_product"), transaction.atomic():
        ProductPicture.objects.create(product=kettle, file=picture.file, sha256="0" * 64, position=7)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_derived_photo_is_refused(kettle: Product, data: bytes) -> None:
    with pytest.raises(actions.NotAPicture, match="not a photo that can be kept for KTL-17"):
        actions.add_picture(product=kettle, data=data, actor=QUALITY)
    assert ProductPicture.objects.count() == StoredFile.objects.count() == on_disk() == 0


@pytest.mark.parametrize("role", ["warehouse", "buyer", "finance"])
def test_other_roles_look_and_change_nothing(kettle: Product, role: str) -> None:
    [picture] = added(kettle, 1)
    with pytest.raises(NotAllowed):
        actions.add_picture(product=kettle, data=jpeg(2), actor=staff(role))
    with pytest.raises(NotAllowed):
        actions.remove_picture(picture=picture, actor=staff(role))
    assert queries.product_page(staff(role), "KTL-17").pictures == [picture]


@pytest.mark.django_db(transaction=True)
def test_a_removed_picture_leaves_the_disk_and_stays_in_the_trail() -> None:
    kettle = actions.upsert_product(sku="KTL-17", name="Copper Kettle", actor=SYSTEM)
    first, _ = added(kettle, 1, 2)
    actions.remove_picture(picture=first, actor=staff("agent"))
    assert on_disk() == 1 and list(invariants.contents()) == []
    assert queries.reference_pictures([kettle]) == {"KTL-17": [jpeg(2)]}
    last = list(trail(kettle))[-1]
    assert (last.verb, last.facts["sha256"]) == ("product.picture_removed", first.sha256)
    assert added(kettle, 3)[0].position == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_six_are_kept_each_in_its_place() -> None:
    kettle = actions.upsert_product(sku="KTL-17", name="Copper Kettle", actor=SYSTEM)
    together = Barrier(8)

    def add(number: int) -> str:
        try:
            together.wait()
            actions.add_picture(product=kettle, data=jpeg(number), actor=QUALITY)
        except actions.TooManyPictures as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        said = sorted(pool.map(add, range(8)))
    assert said == ["catalogue.too_many_pictures"] * 2 + ["kept"] * 6
    assert [picture.position for picture in kettle.pictures.order_by("position")] == [1, 2, 3, 4, 5, 6]
    assert on_disk() == 6 and list(invariants.contents()) == []


def test_a_picture_is_removed_once(kettle: Product) -> None:
    [picture] = added(kettle, 1)
    twin = queries.access_picture(actor=QUALITY, picture_id=picture.pk)
    actions.remove_picture(picture=picture, actor=QUALITY)
    with pytest.raises(NotFound):
        actions.remove_picture(picture=twin, actor=QUALITY)
    assert [line.verb for line in trail(kettle)].count("product.picture_removed") == 1


def test_a_damaged_picture_holds_nothing_up(kettle: Product) -> None:
    added(kettle, 1, 2)
    next(folder.root().rglob("*.seal")).write_bytes(b"rot")
    [[one]] = queries.reference_pictures([kettle]).values()
    assert one in (jpeg(1), jpeg(2))
    for path in folder.root().rglob("*.seal"):
        path.unlink()
    assert queries.reference_pictures([kettle]) == {}


def test_a_product_is_found_by_sku_name_or_gtin(kettle: Product) -> None:
    actions.upsert_product(sku="L-2", name="Lamp", gtin="4006381333931", actor=SYSTEM)
    added(kettle, 1, 2)

    def found(text: str) -> list[tuple[str, int]]:
        return [(row.sku, row.pictures) for row in queries.search_products(QUALITY, text)]

    assert found("") == [("KTL-17", 2), ("L-2", 0)]
    assert found("ktl") == found("copper\x00") == [("KTL-17", 2)]
    assert found("4006381333931") == [("L-2", 0)] and found("%") == []
    with pytest.raises(NotAllowed):
        queries.search_products(staff(), "")


def test_a_product_that_is_not_here_is_said(db: None) -> None:
    with pytest.raises(queries.UnknownProduct, match="No product has the SKU NONE"):
        queries.product_page(QUALITY, "NONE")
    with pytest.raises(NotFound):
        queries.access_product(actor=QUALITY, product_id=ids.new())
    with pytest.raises(NotFound):
        queries.access_picture(actor=QUALITY, picture_id=ids.new())
