"""Products at the desk: found, read by every role, their pictures kept by few, and every no leaves all as it was."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from recoup.domain.catalogue import actions, queries
from recoup.domain.catalogue.models import Product, ProductPicture
from recoup.domain.evidence.models import CatalogueMatch
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests import factories
from recoup.foundation.audit.models import Record
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.vision.views import derive
from recoup.web.desk.tests import company

pytestmark = pytest.mark.django_db
READERS = {"agent", "quality", "warehouse", "buyer", "finance", "admin"}
CHANGERS = {"agent", "quality", "admin"}


@pytest.fixture
def kettle() -> Product:
    return factories.product(
        sku="KTL/17 b", name="Copper Kettle", gtin="4006381333931", serials=True, warranty_plan="legal"
    )


def pixels(seed: int = 1, width: int = 320, height: int = 240) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def upload(seed: int = 1, *, name: str = "kettle.png", kind: str = "PNG", **about: Any) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.fromarray(pixels(seed, **about)).save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())


def kept(product: Product, *seeds: int) -> list[ProductPicture]:
    return [actions.add_picture(product=product, data=derive(pixels(seed)), actor=SYSTEM) for seed in seeds]


def address(product: Product) -> str:
    return reverse("desk:product", args=[product.sku])


def added(product: Product, *uploads: SimpleUploadedFile, role: str = "agent", **headers: str) -> Any:
    client, _ = company.signed_in(role)
    return client.post(reverse("desk:picture_add", args=[product.pk]), {"pictures": list(uploads)}, headers=headers)


def read(client: Client, at: str) -> str:
    response = client.get(at)
    assert response.status_code == 200
    return response.content.decode()


def test_every_role_reads_and_few_change(kettle: Product) -> None:
    [picture] = kept(kettle, 1)
    for role in READERS:
        client, _ = company.signed_in(role)
        page = read(client, address(kettle))
        assert (">Remove<" in page) == ("Add these photos" in page) == (role in CHANGERS), role
        assert client.get(reverse("desk:picture", args=[picture.pk]))["Content-Type"] == "image/jpeg"
        if role not in CHANGERS:
            assert added(kettle, upload(2), role=role).status_code == 403
            assert client.post(reverse("desk:picture_remove", args=[picture.pk])).status_code == 403
    assert ProductPicture.objects.get() == picture
    for at in (address(kettle), reverse("desk:picture", args=[picture.pk])):
        assert Client().get(at).status_code == 302


def test_the_page_says_what_a_product_is(kettle: Product) -> None:
    client, _ = company.signed_in("warehouse")
    page = read(client, address(kettle))
    for words in (
        "Copper Kettle",
        "KTL/17 b",
        "4006381333931",
        "yes, of the form",
        "legal",
        "24 months",
        "None yet.",
        "None just now.",
    ):
        assert words in page, words
    bare = read(client, address(factories.product(warranty_plan="", name="Lamp")))
    assert "none known: a person decides" in bare and "<dd>no</dd>" in bare and "not known" in bare


def test_open_returns_of_it_lead_to_their_cases(kettle: Product) -> None:
    Product.objects.filter(pk=kettle.pk).update(warranty_plan="")
    line = company.sent_in(factories.order_line(sold=Product.objects.get(pk=kettle.pk)))
    client, _ = company.signed_in("quality")
    assert reverse("desk:case", args=[line.return_case.number]) in read(client, address(kettle))
    case = read(client, reverse("desk:case", args=[line.return_case.number]))
    assert f'<h1><a href="{address(kettle)}">Copper Kettle</a></h1>' in case


def test_several_photos_are_added_at_once_and_drawn_anew(kettle: Product) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Jane Roe"
    out = io.BytesIO()
    Image.fromarray(pixels(2, 2400, 1200)).save(out, "JPEG", exif=exif)
    response = added(kettle, upload(1), SimpleUploadedFile("jane.jpg", out.getvalue()))
    assert response.status_code == 302 and response["Location"] == address(kettle)
    small, large = ProductPicture.objects.order_by("position")
    sizes = [Image.open(io.BytesIO(queries.picture_bytes(each))) for each in (small, large)]
    assert [(each.format, each.size) for each in sizes] == [("JPEG", (320, 240)), ("JPEG", (1600, 800))]
    assert b"Jane" in out.getvalue() and b"Jane" not in queries.picture_bytes(large)
    assert Record.objects.filter(verb="product.picture_added").count() == 2
    page = read(company.signed_in("finance")[0], address(kettle))
    assert page.count("<img src=") == 2


def test_the_same_photo_again_is_no_second_one(kettle: Product) -> None:
    added(kettle, upload(1), upload(1))
    added(kettle, upload(1))
    assert ProductPicture.objects.count() == 1


REFUSED = [
    ((), 422, "Choose one or more photos"),
    ((SimpleUploadedFile("a.pdf", b"%PDF-1.7 no photo"),), 415, "a PDF, not a photo"),
    (
        (upload(1), SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 broken")),
        415,
        "Photo 2 of the 2 you chose: This photo is damaged",
    ),
    (tuple(upload(seed) for seed in range(7)), 409, "can have 6 reference pictures"),
    (tuple(upload(seed) for seed in range(10, 16)), 409, "can have 6 reference pictures"),
]


@pytest.mark.parametrize(("uploads", "status", "said"), REFUSED)
def test_a_refusal_is_said_in_place_and_keeps_all_as_it_was(
    kettle: Product, uploads: tuple[SimpleUploadedFile, ...], status: int, said: str
) -> None:
    before = kept(kettle, 99)
    for each in uploads:
        each.seek(0)
    response = added(kettle, *uploads, **{"HX-Request": "true"})
    assert response.status_code == status and said in response.content.decode()
    assert list(ProductPicture.objects.all()) == before


def test_a_picture_is_removed_and_the_trail_keeps_it(kettle: Product) -> None:
    first, second = kept(kettle, 1, 2)
    client, person = company.signed_in("quality")
    response = client.post(reverse("desk:picture_remove", args=[first.pk]))
    assert response["Location"] == address(kettle) and list(ProductPicture.objects.all()) == [second]
    record = Record.objects.get(verb="product.picture_removed")
    assert (record.actor_id, record.subject_id) == (str(person.pk), kettle.pk)
    for at in ("picture", "picture_remove"):
        gone = reverse(f"desk:{at}", args=[first.pk])
        assert (client.get(gone) if at == "picture" else client.post(gone)).status_code == 404


def test_a_full_product_says_so(kettle: Product) -> None:
    kept(kettle, *range(6))
    page = read(company.signed_in("agent")[0], address(kettle))
    assert "There is no room for more" in page and "Add these photos" not in page


def test_a_product_that_is_not_here_is_said() -> None:
    client, _ = company.signed_in("agent")
    response = client.get(reverse("desk:product", args=["NONE"]))
    assert response.status_code == 404 and "No product has the SKU NONE" in response.content.decode()
    assert client.post(reverse("desk:picture_add", args=[ids.new()])).status_code == 404


@pytest.mark.parametrize("role", ["agent", "warehouse", "finance"])
def test_products_are_found_from_the_one_field_and_from_their_list(kettle: Product, role: str) -> None:
    factories.product(name="Lamp")
    client, _ = company.signed_in(role)
    for at in ("search", "products"):
        for asked in ("ktl/17", "copper"):
            page = read(client, f"{reverse(f'desk:{at}')}?q={asked}")
            assert f'<a href="{address(kettle)}">' in page and "Lamp" not in page, (at, asked)
    everything = read(client, reverse("desk:products"))
    assert "Lamp" in everything and "Copper Kettle" in everything
    assert "No product has “nothing such”" in read(client, reverse("desk:products") + "?q=nothing+such")


def test_a_catalogue_without_products_teaches() -> None:
    assert "No product yet." in read(company.signed_in("buyer")[0], reverse("desk:products"))


def two_were_bought() -> tuple[ReturnLine, Product]:
    """A kettle comes back of an order of a kettle and a lamp; gives the line and the lamp."""
    order = factories.order()
    line = company.sent_in(factories.order_line(order, sold=factories.product(name="Copper Kettle", sku="KTL-17")))
    return line, factories.order_line(order, sold=factories.product(name="Lamp", sku="L-2")).product


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (False, "Shows the Copper Kettle (KTL-17) as in the catalogue: 48 points agree."),
        (True, "Looks more like the Lamp (L-2) than the Copper Kettle (KTL-17): ask or check."),
    ],
)
def test_the_case_says_what_a_photo_looks_like(other: bool, said: str) -> None:
    line, lamp = two_were_bought()
    client, _ = company.signed_in("agent")
    case = reverse("desk:case", args=[line.return_case.number])
    before = read(client, case)
    assert "catalogue" not in before and "Which product" not in before
    assert line.order_line is not None
    kept(line.order_line.product, 1)
    product = lamp if other else line.order_line.product
    photo = line.photos.get(shot="overall").photo
    CatalogueMatch.objects.create(photo=photo, product=product, inliers=48, share=0.8, box=[1, 2, 3, 4])
    assert said in read(client, case)
