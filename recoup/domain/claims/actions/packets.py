"""Building the packet, sending it under one link, and taking the link back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from recoup.domain.claims import packet as packets
from recoup.domain.claims import states
from recoup.domain.claims.actions.deciding import latest_approval
from recoup.domain.claims.actions.documents import gather_documents
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.facts import PacketSent
from recoup.domain.claims.models import Approval, Claim, Packet
from recoup.domain.claims.packet import Assembled
from recoup.domain.evidence import redacted_queries
from recoup.foundation.accounts import actions as accounts
from recoup.foundation.accounts.queries import live_links
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.foundation.notices import actions as notices
from recoup.kit.actor import Actor
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import Refusal

LINK_DAYS = 180  # how long after the reply-by date the supplier can still come in


class ChangedMeanwhile(Refusal):
    code = "claims.changed_meanwhile"
    sentence = "The claim or a redacted photo changed while the packet was built. Build it again."


class BoundaryEnded(Refusal):
    code = "claims.boundary_ended"
    sentence = "The approval ended on {expired}. Ask a buyer to approve again."


def assemble_packet(*, claim: Claim) -> Assembled:
    """The next packet of an approved claim, built in memory outside any lock; ``build_packet`` files it.

    Raises IllegalMove when the claim is not approved, and evidence's NotSigned.
    """
    now = Claim.objects.select_related("supplier", "purchase_order", "batch", "defect_type", "supplements").get(
        pk=claim.pk
    )
    approval = _standing_yes(now)
    return packets.assemble(claim=now, approval=approval, number=_next_number(now))


@transaction.atomic
def build_packet(*, claim: Claim, actor: Actor, assembled: Assembled | None = None) -> Packet:
    """File the packet of an approved claim; the same bytes as the packet before are not filed twice.

    ``assembled``: what ``assemble_packet`` made just before; without it the packet is built here.
    Raises IllegalMove, ChangedMeanwhile, and evidence's NotSigned.
    """
    held = locked(claim)
    approval = _standing_yes(held)
    built = assembled or assemble_packet(claim=held)
    last = held.packets.order_by("number").last()
    if last and last.approval_id == approval.pk and last.number == built.number - 1 and last.sent_at is None:
        return last
    _check_unchanged(held, approval, built)
    if held.key is None:
        raise ValueError(f"Claim {held.number} has no key.")
    file = files.store(
        data=built.data, key=held.key, purpose="claim packet", media_type="application/zip", retention="packet"
    )
    packet = Packet.objects.create(
        claim=held, number=built.number, approval=approval, file=file, file_name=built.file_name,
        sha256=file.sha256, manifest=built.manifest,
    )  # fmt: skip
    Claim.objects.filter(pk=held.pk).update(reply_by_date=built.reply_by)
    audit.record(
        verb="claim.packet_built", subject=held, actor=actor, seals=[packet], number=packet.number, files=len(built.manifest["files"]),
        sha256=packet.sha256,
    )  # fmt: skip
    return packet


@transaction.atomic
def send(*, packet: Packet, at: datetime, actor: Actor) -> str:
    """Let the packet leave: mint the supplier's link, queue the mail, move on. Returns the link's secret, seen only now.

    Links to earlier packets of the claim are withdrawn. Raises IllegalMove, MovedMeanwhile, BoundaryEnded, ChangedMeanwhile.
    """
    held = locked(packet.claim)
    approval = _standing_yes(held)
    if packet.approval_id != approval.pk:
        raise ChangedMeanwhile()
    if approval.expires_at and approval.expires_at <= at:
        raise BoundaryEnded(expired=f"{approval.expires_at:%d %B %Y}")
    was = states.CLAIM_MOVES.make(held, "send")
    Packet.objects.filter(pk=packet.pk).update(sent_at=at)
    packet.sent_at = at
    for earlier in held.packets.exclude(pk=packet.pk):
        accounts.revoke_links(purpose="supplier", subject_id=earlier.pk, actor=actor, now=at)
    secret = _mint(packet, held, at, actor)
    audit.record(
        verb="claim.sent",
        subject=held,
        actor=actor,
        was=was,
        number=packet.number,
        reply_by=held.reply_by_date or "further notice",
    )
    _write_to_supplier(held, packet, secret, actor)
    gather_documents(claim=held, actor=actor)
    facts.tell(PacketSent(packet_id=packet.pk))
    return secret


@transaction.atomic
def new_link(*, packet: Packet, at: datetime, actor: Actor) -> str:
    """A fresh link to a packet that was sent, to hand over by hand; the links before stop working. Returns the secret.

    Raises NotAllowed, IllegalMove.
    """
    actor.must("buyer")
    held = locked(packet.claim)
    if packet.sent_at is None:
        raise IllegalMove(verb="make a link", state=held.state.replace("_", " "))
    accounts.revoke_links(purpose="supplier", subject_id=packet.pk, actor=actor, now=at)
    secret = _mint(packet, held, at, actor)
    audit.record(verb="claim.link_made", subject=held, actor=actor, number=packet.number)
    return secret


@transaction.atomic
def revoke_link(*, packet: Packet, at: datetime, actor: Actor) -> int:
    """Withdraw every link to the packet, at once; returns how many there were. Raises NotAllowed."""
    actor.must("buyer")
    count = accounts.revoke_links(purpose="supplier", subject_id=packet.pk, actor=actor, now=at)
    if count:
        audit.record(verb="claim.link_revoked", subject=packet.claim, actor=actor, number=packet.number)
    return count


def further_link(*, held: Claim, at: datetime, actor: Actor) -> str:
    """One more address of the room of a locked claim, for a letter; the links before go on working.

    It ends with them; '' where none of them is open: a door that was closed stays closed.
    """
    packet = held.packets.filter(sent_at__isnull=False).order_by("number").last()
    links = live_links(purpose="supplier", subject_id=packet.pk, now=at) if packet else []
    if packet is None or not links:
        return ""
    until = max(link.expires_at for link in links)
    return room_address(accounts.mint_link(purpose="supplier", subject_id=packet.pk, expires_at=until, actor=actor))


def room_address(secret: str) -> str:
    """Where the supplier's link leads."""
    return f"{settings.RECOUP_ADDRESS}/supplier/{secret}/"


def _standing_yes(claim: Claim) -> Approval:
    approval = latest_approval(claim)
    if claim.state != "approved" or approval is None:
        raise IllegalMove(verb="build the packet", state=claim.state.replace("_", " "))
    return approval


def _next_number(claim: Claim) -> int:
    last = claim.packets.order_by("number").last()
    return last.number + 1 if last else 1


def _check_unchanged(held: Claim, approval: Approval, built: Assembled) -> None:
    """The packet was built under this approval, and each of its photos is still the signed one."""
    photos = [photo.photo_id for photo in read_file(held).photos if photo.copy_state != "rejected"]
    signed = {(copy.copy_id, copy.sha256) for copy in redacted_queries.all_signed(photos)}
    if built.approval_id != approval.pk or built.number != _next_number(held) or signed != set(built.copies):
        raise ChangedMeanwhile()


def _mint(packet: Packet, held: Claim, at: datetime, actor: Actor) -> str:
    until = datetime.combine(held.reply_by_date or at.date(), time(23, 59, 59), tzinfo=UTC) + timedelta(days=LINK_DAYS)
    return accounts.mint_link(purpose="supplier", subject_id=packet.pk, expires_at=until, actor=actor)


def _write_to_supplier(held: Claim, packet: Packet, secret: str, actor: Actor) -> None:
    file = read_file(held)
    notices.queue(
        audience="supplier", to=held.supplier.email, template="packet", subject=held, actor=actor,
        language=held.supplier.language, contact=held.supplier.contact_name, number=held.number,
        purchase_order=held.purchase_order.number, defect=held.defect_type.name, quantity=file.quantity,
        claimed=str(file.total("claimed")), reply_by=held.reply_by_date, question=packets.question(held),
        link=room_address(secret),
    )  # fmt: skip
