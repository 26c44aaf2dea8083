"""Reading the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from recoup.domain.catalogue import rules
from recoup.domain.catalogue.models import Batch, Product, ProductPicture, Serial, WarrantyPlan
from recoup.foundation.files import queries as files
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal

MOST_PICTURES = rules.MOST_PICTURES
#: Who may look at products; who may change their pictures says ``actions``.
READERS = ("agent", "quality", "warehouse", "buyer", "finance")


class UnknownProduct(Refusal):
    code, status = "catalogue.unknown_product", 404
    sentence = "No product has the SKU {sku}. Add the product first."


class UnknownBatch(Refusal):
    code, status = "catalogue.unknown_batch", 404
    sentence = "No batch of {sku} has the number {number}. Add the batch first."


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product of a list."""

    sku: str
    name: str
    gtin: str
    pictures: int


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product as the desk shows it; ``room`` is how many pictures it may still get."""

    product: Product
    plans: Sequence[WarrantyPlan]
    pictures: Sequence[ProductPicture]
    room: int


def product(sku: str) -> Product:
    """Raises UnknownProduct."""
    found = Product.objects.filter(sku=sku).first()
    if found is None:
        raise UnknownProduct(sku=sku)
    return found


def products() -> list[Product]:
    return list(Product.objects.order_by("sku"))


def products_of_gtin(gtin: str) -> list[Product]:
    """The products with this GTIN, in whichever form it is written here or there, by SKU."""
    return list(Product.objects.filter(gtin__in=rules.gtin_forms(gtin)).order_by("sku"))


def known_skus(skus: Iterable[str]) -> dict[str, Product]:
    """Those of the SKUs that we have, with their products."""
    return {each.sku: each for each in Product.objects.filter(sku__in=set(skus))}


def search_products(actor: Actor, text: str, *, limit: int = 100) -> list[ProductRow]:
    """Products whose SKU, name or GTIN holds the text, by SKU; all of them without a text. Raises NotAllowed."""
    actor.must(*READERS)
    term = text.replace("\x00", "").strip()[:120]
    fitting = Q(sku__icontains=term) | Q(name__icontains=term) | Q(gtin=term) if term else Q()
    counted = Product.objects.filter(fitting).annotate(count=Count("pictures")).order_by("sku")
    return [ProductRow(each.sku, each.name, each.gtin, each.count) for each in counted[:limit]]


def product_page(actor: Actor, sku: str) -> ProductPage:
    """Raises NotAllowed, UnknownProduct."""
    actor.must(*READERS)
    found = product(sku)
    plans = WarrantyPlan.objects.filter(code=found.warranty_plan).exclude(code="")
    pictures = list(found.pictures.order_by("position"))
    return ProductPage(
        product=found,
        plans=list(plans.order_by("jurisdiction", "version")),
        pictures=pictures,
        room=rules.MOST_PICTURES - len(pictures),
    )


def access_product(*, actor: Actor, product_id: UUID) -> Product:
    """Raises NotAllowed, NotFound."""
    actor.must(*READERS)
    found = Product.objects.filter(pk=product_id).first()
    if found is None:
        raise NotFound()
    return found


def access_picture(*, actor: Actor, picture_id: UUID) -> ProductPicture:
    """With its product, file and key. Raises NotAllowed, NotFound."""
    actor.must(*READERS)
    found = ProductPicture.objects.select_related("product", "file__key").filter(pk=picture_id).first()
    if found is None:
        raise NotFound()
    return found


def picture_bytes(picture: ProductPicture) -> bytes:
    """The JPEG. Raises NotFound, FileDamaged."""
    return files.read(picture.file)


def reference_pictures(products: Iterable[Product]) -> dict[str, list[bytes]]:
    """SKU → its reference pictures as JPEGs; products without any are left out.

    One that cannot be read now, removed in this moment or damaged, is left out too: no photo waits for it.
    """
    rows = ProductPicture.objects.filter(product__in=list(products)).select_related("product", "file__key")
    found: dict[str, list[bytes]] = {}
    for row in rows.order_by("product__sku", "position"):
        try:
            found.setdefault(row.product.sku, []).append(picture_bytes(row))
        except (NotFound, files.FileDamaged):  # “recoup verify” finds what is damaged
            continue
    return {sku: pictures for sku, pictures in found.items() if pictures}


def batch(*, sku: str, number: str) -> Batch:
    """Raises UnknownBatch."""
    found = Batch.objects.filter(product__sku=sku, number=number).select_related("product").first()
    if found is None:
        raise UnknownBatch(sku=sku, number=number)
    return found


def find_batch(*, product: Product, number: str) -> Batch | None:
    """The product's batch of that number, whatever its capitals."""
    return Batch.objects.filter(product=product, number__iexact=number.strip()).first()


def find_serial(*, product: Product, number: str) -> Serial | None:
    """The unit of that number, whatever its capitals and spaces."""
    tidy = "".join(number.split())
    return Serial.objects.filter(product=product, number__iexact=tidy).select_related("batch", "product").first()


def plan_for(*, product: Product, jurisdiction: str, contract_date: date) -> WarrantyPlan | None:
    """The plan version for a contract made on that date; ``jurisdiction`` is the customer's country, '' if unknown."""
    if not product.warranty_plan:
        return None
    versions = WarrantyPlan.objects.filter(code=product.warranty_plan)
    return rules.plan_in_force(versions, country=jurisdiction, contract_date=contract_date)


def plans() -> list[WarrantyPlan]:
    return list(WarrantyPlan.objects.order_by("code", "jurisdiction", "version"))
