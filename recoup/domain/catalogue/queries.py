"""Reading the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recoup.domain.catalogue import rules
from recoup.domain.catalogue.models import Batch, Product, Serial, WarrantyPlan
from recoup.kit.refusal import Refusal


class UnknownProduct(Refusal):
    code, status = "catalogue.unknown_product", 404
    sentence = "No product has the SKU {sku}. Add the product first."


class UnknownBatch(Refusal):
    code, status = "catalogue.unknown_batch", 404
    sentence = "No batch of {sku} has the number {number}. Add the batch first."


def product(sku: str) -> Product:
    """Raises UnknownProduct."""
    found = Product.objects.filter(sku=sku).first()
    if found is None:
        raise UnknownProduct(sku=sku)
    return found


def products() -> list[Product]:
    return list(Product.objects.order_by("sku"))


def known_skus(skus: Iterable[str]) -> dict[str, Product]:
    """Those of the SKUs that we have, with their products."""
    return {each.sku: each for each in Product.objects.filter(sku__in=set(skus))}


def batch(*, sku: str, number: str) -> Batch:
    """Raises UnknownBatch."""
    found = Batch.objects.filter(product__sku=sku, number=number).select_related("product").first()
    if found is None:
        raise UnknownBatch(sku=sku, number=number)
    return found


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
