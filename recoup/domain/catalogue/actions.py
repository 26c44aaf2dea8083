"""Every write to the catalogue. Adding the same thing again changes only what differs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from recoup.domain.catalogue import rules
from recoup.domain.catalogue.facts import ReferenceArrived
from recoup.domain.catalogue.models import Batch, Product, ProductPicture, Serial, WarrantyPlan
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.changes import change
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal

_JPEG = b"\xff\xd8\xff"


class BadGtin(Refusal):
    code, status = "catalogue.bad_gtin", 400
    sentence = "{gtin} is not a GTIN: its check digit does not fit. Read it again from the package."


class BadSerialFormat(Refusal):
    code, status = "catalogue.bad_serial_format", 400
    sentence = "“{serial_format}” is not a pattern for serials: {why}. Write it as a regular expression."


class SerialDoesNotFit(Refusal):
    code, status = "catalogue.serial_does_not_fit", 400
    sentence = "The serial {number} does not have the form that serials of {sku} have. Read it again from the label."


class BatchOfAnotherProduct(Refusal):
    code, status = "catalogue.batch_of_another_product", 400
    sentence = "The batch {batch} is not one of {sku}. Choose a batch of this product."


class BadPlan(Refusal):
    code, status = "catalogue.bad_plan", 400
    sentence = "The warranty plan cannot be right: {why}. Correct it and save it again."


class NotAPicture(Refusal):
    code, status = "catalogue.not_a_picture", 415
    sentence = "This is not a photo that can be kept for {sku}. Choose a photo (JPEG, PNG, WebP, HEIC or AVIF)."


class TooManyPictures(Refusal):
    code = "catalogue.too_many_pictures"
    sentence = (
        "{sku} can have {most} reference pictures, and these are too many. Choose fewer, or remove another first."
    )


@transaction.atomic
def upsert_product(
    *,
    sku: str,
    name: str,
    gtin: str = "",
    serial_format: str = "",
    warranty_plan: str = "",
    allowed_words: Sequence[str] = (),
    actor: Actor,
) -> Product:
    """Add the product, or change it. Raises BadGtin, BadSerialFormat or NotAllowed.

    Whoever waits for the SKU is woken.
    """
    actor.must("agent", "buyer", "quality")
    _check_product(gtin, serial_format)
    fields = {
        "name": name, "gtin": gtin, "serial_format": serial_format, "warranty_plan": warranty_plan,
        "allowed_words": list(allowed_words),
    }  # fmt: skip
    product, added = Product.objects.get_or_create(sku=sku, defaults=fields)
    if added:
        audit.record(verb="product.added", subject=product, actor=actor, sku=sku)
        facts.tell(ReferenceArrived(kind="product", number=sku))
    elif changed := change(product, **fields):
        audit.record(verb="product.changed", subject=product, actor=actor, sku=sku, fields=", ".join(changed))
    return product


def _check_product(gtin: str, serial_format: str) -> None:
    if gtin and not rules.is_gtin(gtin):
        raise BadGtin(gtin=gtin)
    try:
        re.compile(serial_format)
    except re.error as error:
        raise BadSerialFormat(serial_format=serial_format, why=error.msg) from None


@transaction.atomic
def add_picture(*, product: Product, data: bytes, actor: Actor) -> ProductPicture:
    """Keep a reference picture of the product; the same bytes again are the one that is here already.

    ``data`` is a JPEG derived from pixels, at most 1600 long, never an upload as it came: whoever calls has opened
    the upload safely. Raises NotAllowed, NotAPicture, TooManyPictures.
    """
    actor.must("agent", "quality")
    if not data.startswith(_JPEG):
        raise NotAPicture(sku=product.sku)
    held = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    sha256 = hashlib.sha256(data).hexdigest()
    return held.pictures.filter(sha256=sha256).first() or _keep_picture(held, data, sha256, actor)


def _keep_picture(product: Product, data: bytes, sha256: str, actor: Actor) -> ProductPicture:
    place = rules.free_place(product.pictures.values_list("position", flat=True))
    if place is None:
        raise TooManyPictures(sku=product.sku, most=rules.MOST_PICTURES)
    file = files.store(
        data=data, key=files.new_key(), purpose="product picture", media_type="image/jpeg", retention="document"
    )
    picture = ProductPicture.objects.create(product=product, file=file, sha256=sha256, position=place)
    audit.record(verb="product.picture_added", subject=product, actor=actor, sku=product.sku, sha256=sha256)
    return picture


@transaction.atomic
def remove_picture(*, picture: ProductPicture, actor: Actor) -> None:
    """The picture is compared with no more, and its bytes leave the disk; the trail keeps that it was here.

    Raises NotAllowed, or NotFound when somebody else was quicker.
    """
    actor.must("agent", "quality")
    removed, _ = ProductPicture.objects.filter(pk=picture.pk).delete()
    if not removed:
        raise NotFound()
    files.discard(file=picture.file)
    product = picture.product
    audit.record(
        verb="product.picture_removed", subject=product, actor=actor, sku=product.sku, sha256=picture.sha256
    )  # fmt: skip


@transaction.atomic
def upsert_batch(*, product: Product, number: str, made_date: date | None = None, actor: Actor) -> Batch:
    """Add the batch, or fill in when it was made; a known date is not taken away by an unknown one."""
    actor.must("warehouse", "buyer", "quality")
    batch, added = Batch.objects.get_or_create(product=product, number=number, defaults={"made_date": made_date})
    if added:
        audit.record(verb="batch.added", subject=batch, actor=actor, number=number, sku=product.sku)
        facts.tell(ReferenceArrived(kind="batch", number=f"{product.sku}/{number}"))
    elif made_date and (changed := change(batch, made_date=made_date)):
        audit.record(verb="batch.changed", subject=batch, actor=actor, number=number, fields=", ".join(changed))
    return batch


@transaction.atomic
def register_serial(*, product: Product, number: str, batch: Batch | None = None, actor: Actor) -> Serial:
    """Add the unit, or say which batch it is from. Raises SerialDoesNotFit or BatchOfAnotherProduct."""
    actor.must("agent", "warehouse", "buyer", "quality")
    number = "".join(number.split())
    if not rules.fits(number, product.serial_format):
        raise SerialDoesNotFit(number=number, sku=product.sku)
    if batch and batch.product_id != product.pk:
        raise BatchOfAnotherProduct(batch=batch.number, sku=product.sku)
    serial, added = Serial.objects.get_or_create(product=product, number=number, defaults={"batch": batch})
    if added:
        audit.record(verb="serial.registered", subject=serial, actor=actor, number=number, sku=product.sku)
        facts.tell(ReferenceArrived(kind="serial", number=f"{product.sku}/{number}"))
    elif batch and (changed := change(serial, batch=batch)):
        audit.record(verb="serial.changed", subject=serial, actor=actor, number=number, fields=", ".join(changed))
    return serial


@transaction.atomic
def upsert_plan(
    *,
    code: str,
    version: int,
    contracts_from: date,
    months: int,
    source: str,
    jurisdiction: str = "",
    pro_rata: Sequence[Sequence[int]] = (),
    actor: Actor,
) -> WarrantyPlan:
    """Add one version of a plan for one jurisdiction, or correct it. Raises BadPlan.

    ``pro_rata`` lists [months since the start, percent of the price], both rising and falling respectively.
    """
    actor.must("agent", "quality", "finance")
    steps = [list(step) for step in pro_rata]
    _check_steps(steps, months)
    fields = {"contracts_from": contracts_from, "months": months, "pro_rata": steps, "source": source}
    plan, added = WarrantyPlan.objects.get_or_create(
        code=code, jurisdiction=jurisdiction, version=version, defaults=fields
    )  # fmt: skip
    if added:
        audit.record(verb="plan.added", subject=plan, actor=actor, code=code, version=version)
    elif changed := change(plan, **fields):
        audit.record(
            verb="plan.changed", subject=plan, actor=actor, code=code, version=version, fields=", ".join(changed)
        )  # fmt: skip
    return plan


def _check_steps(steps: list[list[int]], months: int) -> None:
    if any(len(step) != 2 for step in steps):
        raise BadPlan(why="a step needs months and a percentage")
    if [step[0] for step in steps] != sorted({step[0] for step in steps}):
        raise BadPlan(why="the months of its steps must rise")
    if any(not (0 <= month <= months and 0 <= percent <= 100) for month, percent in steps):
        raise BadPlan(why="a step lies outside the plan or of 0 to 100 percent")
