"""Every move of goods: open a site, receive into Quality Reject, decide where they go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from recoup.domain.returns import actions as returns
from recoup.domain.returns.actions.holding import hold
from recoup.domain.returns.models import ReturnLine
from recoup.domain.warehouse.facts import GoodsDispositioned, GoodsReceived
from recoup.domain.warehouse.models import GRADES, Bin, Disposition, Receipt, Site, StockMove
from recoup.domain.warehouse.rules import TARGET_BIN, finding, taken_in
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal

BINS = [
    ("OUT", "Outside", "outside"),
    ("QR", "Quality Reject", "quarantine"),
    ("SALE", "Sellable stock", "sellable"),
    ("SCRAP", "Scrap", "scrap"),
    ("RTV", "Return to vendor", "return_to_vendor"),
]


MOST_UNITS = 999_999  # of one parcel


class NotACount(Refusal):
    code = "warehouse.not_a_count"
    status = 422
    sentence = "Count 1 to {most} units. If the parcel was empty, write that in the note of the case instead."


class UnknownGrade(Refusal):
    code = "warehouse.unknown_grade"
    status = 422
    sentence = "Choose the condition: A as new, B light marks, C worn or damaged, D defective or broken."


class NoDisposition(Refusal):
    code = "warehouse.no_disposition"
    status = 422
    sentence = "Choose where the goods go, and say in a few words why."


class AlreadyReceived(Refusal):
    code = "warehouse.already_received"
    sentence = "{rma} has been received already. Check the label, or open the case to see where the goods are."


class NotApprovedYet(Refusal):
    code = "warehouse.not_approved"
    sentence = (
        "{case} is not approved, so no goods are expected. Put the parcel aside and tell the desk the case number."
    )


class MoreThanAnnounced(Refusal):
    code = "warehouse.more_than_announced"
    sentence = (
        "{announced} announced under this number, {counted} counted. Count again; if there are really more in the"
        " parcel, say in the note what they are."
    )


class NotInQuarantine(Refusal):
    code = "warehouse.not_in_quarantine"
    sentence = "Only {left} of these are still in Quality Reject. Reload the page to see where the others went."


@transaction.atomic
def open_site(*, code: str, name: str, actor: Actor) -> Site:
    """A warehouse with its bins; opening it again changes nothing."""
    site, made = Site.objects.get_or_create(code=code, defaults={"name": name})
    if made:
        bins = Bin.objects.bulk_create(Bin(site=site, code=each, name=words, kind=kind) for each, words, kind in BINS)
        audit.record(verb="site.opened", subject=site, actor=actor, seals=bins, code=code)
    return site


@transaction.atomic
def receive(
    *,
    line: ReturnLine,
    site: Site,
    quantity: int,
    grade: str,
    at: datetime,
    actor: Actor,
    right_item: bool = True,
    serial: str = "",
    note: str = "",
) -> Receipt:
    """Take goods in: always into Quality Reject. More than is still announced needs a note that says what it is.

    What came short may come in another parcel; something else than the announced item counts as none of it.

    Raises NotACount, UnknownGrade, NotApprovedYet, AlreadyReceived, MoreThanAnnounced.
    """
    actor.must("warehouse")
    held = _held(line)
    left = _check_receivable(held, quantity, grade)
    if quantity > left and not note.strip():
        raise MoreThanAnnounced(announced=held.quantity, counted=held.quantity - left + quantity)
    returns.receive_goods(line=line, at=at, actor=actor)
    receipt = Receipt.objects.create(
        line=line, site=site, quantity=quantity, grade=grade, note=note[:300], serial_scanned=serial[:60],
        finding=finding(expected=left, counted=quantity, right_item=right_item),
        received_by_id=actor.id, received_by_name=actor.name,
    )  # fmt: skip
    target = _bin(site, "quarantine")
    if line.order_line is not None and right_item:  # something else has no SKU of ours to be counted under
        product = line.order_line.product
        StockMove.objects.create(
            product=product, source=_bin(site, "outside"), target=target, quantity=quantity, receipt=receipt
        )
    audit.record(
        verb="goods.received", subject=line.return_case, actor=actor, seals=[receipt, *receipt.moves.all()],
        quantity=quantity, sku=_goods(receipt), grade=grade, bin=target.name, finding=_found(receipt),
    )  # fmt: skip
    facts.tell(GoodsReceived(receipt_id=receipt.pk))
    return receipt


def _goods(receipt: Receipt) -> str:
    sku = receipt.line.order_line.sku if receipt.line.order_line else "unknown"
    return f"something else than {sku}" if receipt.finding == "wrong_item" else sku


def _found(receipt: Receipt) -> str:
    """All that the receipt says besides quantity and grade, in one line."""
    serial = f"serial {receipt.serial_scanned}" if receipt.serial_scanned else ""
    note = f"“{receipt.note}”" if receipt.note else ""
    return ", ".join(filter(None, [receipt.finding.replace("_", " "), serial, note]))


@transaction.atomic
def dispose(*, receipt: Receipt, kind: str, quantity: int, reason: str, at: datetime, actor: Actor) -> Disposition:
    """Decide what happens to goods in Quality Reject. Raises NotInQuarantine."""
    actor.must("warehouse", "quality")
    hold(receipt.line.return_case_id)
    receipt = Receipt.objects.select_for_update().get(pk=receipt.pk)
    left = receipt.quantity - (receipt.dispositions.aggregate(done=Sum("quantity"))["done"] or 0)
    if quantity < 1:
        raise NotACount(most=left)
    if kind not in TARGET_BIN or not reason:
        raise NoDisposition()
    if quantity > left:
        raise NotInQuarantine(left=left)
    line = receipt.line
    if quantity == _undecided(line):
        returns.dispose_goods(line=line, at=at, actor=actor)
    disposition = Disposition.objects.create(
        receipt=receipt,
        kind=kind,
        quantity=quantity,
        reason=reason[:300],
        decided_by_id=actor.id,
        decided_by_name=actor.name,
    )
    source = _bin(receipt.site, "quarantine")
    if line.order_line is not None and receipt.moves.exists():  # what was booked in is booked on
        StockMove.objects.create(
            product=line.order_line.product,
            source=source,
            target=_bin(receipt.site, TARGET_BIN[kind]),
            quantity=quantity,
            receipt=receipt,
            disposition=disposition,
        )
    audit.record(
        verb="goods.dispositioned",
        subject=line.return_case,
        actor=actor,
        seals=[disposition, *disposition.moves.all()],
        quantity=quantity,
        sku=_goods(receipt),
        bin=source.name,
        kind=kind.replace("_", " "),
        reason=reason[:300],
    )
    facts.tell(GoodsDispositioned(disposition_id=disposition.pk))
    return disposition


def _held(line: ReturnLine) -> ReturnLine:
    """The line as it is now, with its case locked: of two receivers with one box, the second sees the first's."""
    hold(line.return_case_id)
    return ReturnLine.objects.select_related("return_case").get(pk=line.pk)


def _undecided(line: ReturnLine) -> int:
    """Units of this line, of all its parcels, about which nothing was decided yet."""
    came = line.receipts.aggregate(units=Sum("quantity"))["units"] or 0
    decided = Disposition.objects.filter(receipt__line=line).aggregate(units=Sum("quantity"))["units"] or 0
    return came - decided


def _check_receivable(line: ReturnLine, quantity: int, grade: str) -> int:
    """How many announced units are still to come."""
    if not 1 <= quantity <= MOST_UNITS:
        raise NotACount(most=f"{MOST_UNITS:,}")
    if grade not in dict(GRADES):
        raise UnknownGrade()
    if line.decision != "approved":
        raise NotApprovedYet(case=line.return_case.number)
    left = line.quantity - taken_in(line.receipts.values_list("quantity", "finding")).units
    if left < 1:
        raise AlreadyReceived(rma=line.return_case.rma_number)
    return left


def _bin(site: Site, kind: str) -> Bin:
    return Bin.objects.get(site=site, kind=kind)
