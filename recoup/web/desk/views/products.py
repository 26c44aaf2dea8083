"""Products: what we sell, what of it is open just now, and the pictures that customers' photos are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.catalogue import actions, queries
from recoup.domain.catalogue.rules import BoxCode, box_path, gtin14
from recoup.domain.returns import queries as returns
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only
from recoup.web.desk.views.photos import picture

CHANGERS = ("agent", "quality")
LIMIT = 100  # products of one list
LONG_SIDE = 1600  # pixels


class NoPicture(Refusal):
    code, status = "desk.no_picture", 422
    sentence = "Choose one or more photos of the product first."


class OneUnusable(Refusal):
    code, status = "desk.one_picture_unusable", 415
    sentence = "Photo {place} of the {count} you chose: {why} Nothing was added."


@staff_only(*queries.READERS)
@require_GET
def catalogue(request: DeskRequest) -> HttpResponseBase:
    asked = typed.text(request.GET, "q")[:120]
    found = queries.search_products(request.actor, asked, limit=LIMIT + 1)
    rows, more = found[:LIMIT], len(found) > LIMIT
    return show(request, "desk/products.html", asked_products=asked, rows=rows, more=more)


@staff_only(*queries.READERS)
@require_GET
def page(request: DeskRequest, sku: str) -> HttpResponseBase:
    found = queries.product_page(request.actor, sku)
    cases = returns.open_of_product(request.actor, found.product)
    may_change = request.actor.may(*CHANGERS)
    about: dict[str, Any] = {"cases": cases, "may_change": may_change, "address": _box_address(found.product.gtin)}
    return show(request, "desk/product.html", page=found, product=found.product, **about)


@staff_only(*queries.READERS)
@require_GET
def box_code(request: DeskRequest, product_id: UUID) -> HttpResponseBase:
    """What is printed on the product's box: a QR code that leads its customer here, with modules of half a millimetre."""
    product = queries.access_product(actor=request.actor, product_id=product_id)
    address = _box_address(product.gtin, batch=typed.text(request.GET, "batch")[:60])
    if not address:
        raise NotFound()
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=0.5, unit="mm", border=4, light="#fff")
    shown = "attachment" if "download" in request.GET else "inline"
    headers = {"Content-Disposition": f'{shown}; filename="box-{gtin14(product.gtin)}.svg"'}
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers=headers)


def _box_address(gtin: str, batch: str = "") -> str:
    """The GS1 Digital Link of a product, or of one of its batches; '' without a GTIN."""
    return settings.RECOUP_ADDRESS + box_path(BoxCode(gtin, batch)) if gtin14(gtin) else ""


@staff_only(*queries.READERS)
@require_GET
def view(request: DeskRequest, picture_id: UUID) -> HttpResponseBase:
    """A reference picture. The browser may keep it, proxies may not."""
    found = queries.access_picture(actor=request.actor, picture_id=picture_id)
    return picture(request, lambda: queries.picture_bytes(found), sha256=found.sha256, media_type="image/jpeg")


@staff_only(*CHANGERS)
@require_POST
def add(request: DeskRequest, product_id: UUID) -> HttpResponseBase:
    """Every photo that was chosen, or none: each is opened safely and drawn anew before it is kept."""
    product = queries.access_product(actor=request.actor, product_id=product_id)
    chosen = request.FILES.getlist("pictures")
    if not chosen:
        raise NoPicture()
    if len(chosen) > queries.MOST_PICTURES:
        raise actions.TooManyPictures(sku=product.sku, most=queries.MOST_PICTURES)
    drawn = _all_drawn(chosen)
    with transaction.atomic():
        for data in drawn:
            actions.add_picture(product=product, data=data, actor=request.actor)
    return onward(request, "desk:product", product.sku, said="Kept. New photos are compared with these too.")


def _all_drawn(uploads: Sequence[UploadedFile[bytes]]) -> list[bytes]:
    """What is kept of each. Raises Unreadable, or OneUnusable, which says which of several it was."""
    drawn = []
    for place, upload in enumerate(uploads, start=1):
        try:
            drawn.append(_drawn(upload))
        except Refusal as refusal:
            if len(uploads) == 1:
                raise
            raise OneUnusable(place=place, count=len(uploads), why=refusal.say()) from refusal
    return drawn


def _drawn(upload: UploadedFile[bytes]) -> bytes:
    """The JPEG that is kept of an upload. Raises Unreadable."""
    from recoup.vision.decode import LIMITS, decode  # here, so that no page loads the pixel libraries before it must
    from recoup.vision.unreadable import TooLarge
    from recoup.vision.views import derive

    if (upload.size or 0) > LIMITS.bytes:
        raise TooLarge(megabytes=round((upload.size or 0) / 1048576), limit=LIMITS.bytes // 1048576)
    return derive(decode(upload.read()).pixels, LONG_SIDE)


@staff_only(*CHANGERS)
@require_POST
def remove(request: DeskRequest, picture_id: UUID) -> HttpResponseBase:
    found = queries.access_picture(actor=request.actor, picture_id=picture_id)
    actions.remove_picture(picture=found, actor=request.actor)
    said = "Removed. What was found with it before stays as it was found."
    return onward(request, "desk:product", found.product.sku, said=said)
