"""A supplier with an order, approved returns of one batch, and a claim at any point of its life."""

from __future__ import annotations

import datetime
import io
import itertools
import sys
from typing import Any

import pytest
from PIL import Image

from recoup.domain.catalogue.models import Batch, Product, Serial
from recoup.domain.claims import actions as claims
from recoup.domain.claims.actions.deciding import summary_version
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.models import Claim, ClaimLine, Packet
from recoup.domain.claims.room_pages import Visit
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.domain.claims.rules.boundary import Boundary
from recoup.domain.defects.models import DefectType
from recoup.domain.evidence.actions import Redrawn
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests import factories as returned
from recoup.domain.suppliers.models import BatchSource, POLine, PurchaseOrder, ShipmentBatch, Supplier
from recoup.domain.warehouse import actions as warehouse
from recoup.foundation.accounts.models import Staff
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from tests.made_once import made_once

NOW = datetime.datetime(2025, 6, 2, 9, tzinfo=datetime.UTC)
SOON = NOW + datetime.timedelta(days=14)
QUALITY = Actor(kind="staff", id=str(ids.new()), name="Quinn Quality", roles=frozenset({"quality"}))
FINANCE = Actor(kind="staff", id=str(ids.new()), name="Finn Finance", roles=frozenset({"finance"}))
WAREHOUSE = returned.WAREHOUSE
_numbers = itertools.count(1)
_TODAY = datetime.datetime.now(datetime.UTC)
once = made_once(lambda: NOW)


def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The factories' clock is now, so that links and deadlines hold for the pages' clock."""
    for module, name, days in (
        (sys.modules[__name__], "NOW", 0),
        (sys.modules[__name__], "SOON", 14),
        (returned, "NOW", 0),
        (returned, "LATER", 30),
    ):
        monkeypatch.setattr(module, name, _TODAY + datetime.timedelta(days=days))


def buyer(limit: int | None = None, currency: str = "USD") -> Actor:
    """A buyer with an account; ``limit`` in cents."""
    actor = returned.agent("buyer", name="Bea Buyer")
    if limit is not None:
        Staff.objects.filter(pk=actor.id).update(limit_minor=limit, limit_currency=currency)
    return actor


def supplier(**values: Any) -> Supplier:
    number = next(_numbers)
    return Supplier.objects.create(
        **{
            "code": f"S-{number}", "name": "Huizhou Kettle Works", "currency": "USD", "email": "claims@kettle.example.com",
            "contact_name": "Ms Li", "claim_rules": {"reply_days": 14},
        }
        | values
    )  # fmt: skip


class Source:
    """A kettle of batch 24-117, bought from a supplier on one PO at 8.50 USD, 250 of them in one delivery."""

    def __init__(self, *, cost: int = 850, shots: tuple[str, ...] = ("overall",), **about: Any) -> None:
        number = next(_numbers)
        self.product: Product = returned.product(serials=True)
        self.supplier = supplier(**about)
        self.order = PurchaseOrder.objects.create(
            number=f"PO-{4500 + number}",
            supplier=self.supplier,
            ordered_date=datetime.date(2024, 11, 1),
            currency="USD",
        )
        self.po_line = POLine.objects.create(
            purchase_order=self.order, position=1, product=self.product, quantity=500, unit_cost_minor=cost
        )
        self.shipment = ShipmentBatch.objects.create(
            reference=f"SHIP-{number}", purchase_order=self.order, shipped_date=datetime.date(2025, 1, 5),
            received_date=datetime.date(2025, 2, 3),
        )  # fmt: skip
        self.batch = Batch.objects.create(product=self.product, number="24-117", made_date=datetime.date(2024, 12, 1))
        BatchSource.objects.create(
            batch=self.batch, po_line=self.po_line, shipment_batch=self.shipment, quantity=250, how="scanned"
        )
        self.defect: DefectType = returned.defect(*shots)
        self.shots = shots

    def sold(self, **values: Any) -> OrderLine:
        line = returned.order_line(sold=self.product, **values)
        OrderLine.objects.filter(pk=line.pk).update(batch=self.batch, batch_how="scanned")
        line.refresh_from_db()
        return line

    def approved(self, *, quantity: int = 1, remedy: str = "refund", serial: str = "") -> ReturnLine:
        """A return of this batch, approved by an agent; its goods are not expected back."""
        line = returned.submitted(self.sold(), of_defect=self.defect, quantity=quantity, shots=self.shots)
        unit = Serial.objects.create(product=self.product, number=serial, batch=self.batch) if serial else None
        ReturnLine.objects.filter(pk=line.pk).update(serial=unit, batch=self.batch, batch_how="scanned")
        returns.approve(
            line=line, remedy=remedy, reason="clear case", at=NOW, actor=returned.agent("agent"), goods_back=False
        )
        line.refresh_from_db()
        return line


TWO_SHOTS = ("overall", "close_up")


@once
def gathered(source: Source | None = None, *, lines: int = 2, quantity: int = 1) -> Claim:
    """A claim that gathers; its photos are not redacted yet."""
    source = source or Source()
    found = [claims.gather(return_line=source.approved(quantity=quantity), at=NOW, actor=SYSTEM) for _ in range(lines)]
    assert found[-1] is not None
    return fresh(found[-1])


def fresh(claim: Claim) -> Claim:
    return Claim.objects.select_related("supplier", "purchase_order", "batch", "defect_type", "supplements", "key").get(
        pk=claim.pk
    )


def lines(claim: Claim) -> list[ClaimLine]:
    return list(ClaimLine.objects.filter(claim=claim).order_by("created_at", "id"))


def jpeg(shade: int = 120) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


def redacted(claim: Claim, **about: Any) -> Claim:
    """Every photo has a proposed copy."""
    made = [
        (photo.photo_id, Redrawn(encoded=jpeg(next(_numbers) % 250), rules_version="test", covers=[_COVER], **about))
        for photo in read_file(claim).photos
    ]
    claims.lay_out_copies(claim=claim, made=made, actor=SYSTEM)
    return fresh(claim)


_COVER = {"kind": "text", "box": [1, 2, 3, 4], "why": "a line of text", "confidence": 0.9}


def signed(claim: Claim, actor: Actor | None = None) -> Claim:
    who = actor or QUALITY
    for photo in read_file(claim).photos:
        assert photo.copy is not None
        claims.sign_off(claim=claim, copy=photo.copy, sha256=photo.copy.sha256, at=NOW, actor=who)
    return fresh(claim)


@once
def ready(source: Source | None = None, **about: Any) -> Claim:
    """Signed, decided, nothing missing: it waits for a buyer."""
    claim = signed(redacted(gathered(source, **about)))
    claims.decide(claim=claim, answer="yes", why="Same crack in every photo.", actor=QUALITY)
    claims.make_ready(claim=claim, at=NOW, actor=QUALITY)
    return fresh(claim)


def boundary(claim: Claim, **about: Any) -> Boundary:
    values: dict[str, Any] = {
        "purchase_order": claim.purchase_order.number,
        "document_version": summary_version(claim),
        "amount": read_file(claim).total("claimed"),
        "expires_at": SOON,
    }
    return Boundary(**values | about)


@once
def approved(source: Source | None = None, **about: Any) -> Claim:
    claim = ready(source, **about)
    claims.approve(claim=claim, boundary=boundary(claim), at=NOW, actor=buyer())
    return fresh(claim)


@once
def sent(source: Source | None = None, **about: Any) -> tuple[Claim, Packet, str]:
    """(claim, packet, the secret of the supplier's link)."""
    claim = approved(source, **about)
    packet = claims.build_packet(claim=claim, actor=SYSTEM)
    secret = claims.send(packet=packet, at=NOW, actor=SYSTEM)
    return fresh(claim), packet, secret


@once
def visiting(source: Source | None = None, **about: Any) -> tuple[Claim, Visit, str]:
    """(claim, the supplier in their room, the secret)."""
    claim, _, secret = sent(source, **about)
    visit = claims.enter_room(secret=secret, now=NOW)
    return fresh(claim), visit, secret


@once
def answered(verdict: str = "accept", *, amount: int = 0, **about: Any) -> Claim:
    """Every line has this answer."""
    claim, visit, _ = visiting(**about)
    said = [LineAnswer(line.pk, verdict, amount, "because" if verdict != "accept" else "") for line in lines(claim)]
    claims.answer(claim=claim, answers=said, at=NOW, actor=visit.actor)
    return fresh(claim)


def recorded(claim: Claim, amount: int | Money, reference: str = "CN-1", **about: Any) -> Any:
    values: dict[str, Any] = {
        "kind": "credit_note", "reference": reference, "dated": NOW.date(),
        "amount": Money(amount, claim.currency) if isinstance(amount, int) else amount,
        "at": NOW, "actor": FINANCE,
    }  # fmt: skip
    return claims.record_recovery(claim=claim, **values | about)


def taken_in(line: ReturnLine) -> None:
    """Its goods arrive and are graded."""
    site = warehouse.open_site(
        code=f"W{next(_numbers)}", name="Main", actor=Actor("staff", "x", "A", frozenset({"admin"}))
    )
    warehouse.receive(line=line, site=site, quantity=line.quantity, grade="D", at=NOW, actor=WAREHOUSE)
