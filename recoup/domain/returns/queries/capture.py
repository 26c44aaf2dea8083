"""What the customer's phone shows while they choose and photograph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from recoup.domain.catalogue.rules import gtin14
from recoup.domain.defects import queries as defects
from recoup.domain.defects.models import DefectType
from recoup.domain.evidence import queries as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.evidence.queries import PhotoSeen
from recoup.domain.orders.models import Order
from recoup.domain.returns import dossier
from recoup.domain.returns.models import CaptureLink, Decision, Return
from recoup.domain.returns.queries.reading import shot_words
from recoup.foundation.accounts.queries import live_count
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound


@dataclass(frozen=True, slots=True)
class Capture:
    """A customer who came in through a link, and who they are in the audit trail."""

    link: CaptureLink
    session: CaptureSession
    actor: Actor


@dataclass(frozen=True, slots=True)
class Item:
    """One order line to choose; ``left``: units that can still come back; ``gtin``: in 14 digits, '' when not known;
    ``serial_format``: '' when its units carry no serial number."""

    line_id: UUID
    title: str
    sku: str
    bought: int
    left: int
    serial_format: str
    gtin: str

    @property
    def has_serial(self) -> bool:
        return bool(self.serial_format)

    @property
    def may_come_back(self) -> bool:
        return self.left > 0


@dataclass(frozen=True, slots=True)
class ShotAsked:
    """One photo to take; ``standing``: missing, waiting, retake, doubtful (sent anyway) or good."""

    shot: str
    words: str
    instruction: str
    required: bool
    standing: str
    photos: Sequence[PhotoSeen]


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be wrong, what is drawn beside it, and what it asks to be shown."""

    code: str
    name: str
    picture: str
    shots: Sequence[ShotAsked]


@dataclass(frozen=True, slots=True)
class CapturePage:
    """``stage``: choosing (nothing sent yet), asked (we want more photos) or sent.

    ``missing`` holds one kind sentence for each thing still needed before it can be sent. ``photos`` are all photos
    so far; those without a shot of the chosen kind are in ``more``. ``box`` is what the code on the box said.
    """

    stage: str
    number: str
    order_number: str
    items: Sequence[Item]
    kinds: Sequence[Kind]
    chosen: Kind | None
    draft: dict[str, Any]
    box: dict[str, str]
    photos: Sequence[PhotoSeen]
    more: Sequence[PhotoSeen]
    asked_because: str
    missing: Sequence[str]
    takes_photos: bool
    language: str
    expires_at: datetime

    @property
    def nothing_left(self) -> bool:
        """Every item of the order has come back, or is on its way: there is nothing to choose."""
        return bool(self.items) and not any(item.may_come_back for item in self.items)

    @property
    def may_go_on(self) -> bool:
        """Something of the order may be left to return once this was sent."""
        return self.stage == "choosing" and sum(item.left for item in self.items if item.may_come_back) > 1

    @property
    def only_item(self) -> Item | None:
        """The order's one item: nobody needs to be asked which it is."""
        return self.items[0] if len(self.items) == 1 and self.items[0].may_come_back else None

    @property
    def picked(self) -> UUID | None:
        """The item that is chosen so far, or that the box says, or the only one; never one that cannot come back."""
        open_items = [item for item in self.items if item.may_come_back]
        drafted = [item for item in open_items if str(item.line_id) == self.draft.get("order_line_id")]
        boxed = [item for item in open_items if item.gtin and item.gtin == self.box.get("gtin")]
        return next((item.line_id for item in drafted or boxed or open_items[: len(open_items) == 1]), None)

    @property
    def serial(self) -> str:
        """What was typed so far, else what the code on the box of the picked item said."""
        boxed = any(item.line_id == self.picked and item.gtin == self.box.get("gtin") for item in self.items)
        return str(self.draft.get("serial") or (self.box.get("serial", "") if boxed else ""))


def access_capture(secret: str, now: datetime) -> Capture:
    """The link behind a secret. Raises NotFound or LinkExpired; unknown and withdrawn look alike."""
    visit = evidence.access_session(secret=secret, now=now)
    links = CaptureLink.objects.select_related("order__customer", "return_case__order", "session__key")
    link = links.filter(session=visit.session).first()
    if link is None:
        raise NotFound()
    return Capture(link=link, session=link.session, actor=visit.actor)


def open_links(orders: Collection[Order], *, now: datetime) -> dict[UUID, int]:
    """How many links would let a customer in now, by order; orders without one are left out."""
    sessions = dict(CaptureLink.objects.filter(order__in=orders).values_list("session_id", "order_id"))
    found: Counter[UUID] = Counter()
    for session, count in live_count(purpose="capture", subject_ids=sessions.keys(), now=now).items():
        found[sessions[session]] += count
    return found


def sessions_taken_over(link: CaptureLink, now: datetime) -> list[UUID]:
    """Earlier sessions of the same return that take no more photos: what a phone could not send there comes here.

    Before there is a return, the same is: for the same order, never sent in, and over.
    """
    if link.return_case_id is None and link.order_id is None:
        return []
    same = Q(return_case=link.return_case_id) if link.return_case_id else Q(order=link.order_id, return_case=None)
    earlier = CaptureLink.objects.filter(same, created_at__lt=link.created_at).select_related("session")
    sessions = [each.session for each in earlier.order_by("created_at")]
    alive = live_count(purpose="capture", subject_ids=[each.pk for each in sessions], now=now)
    return [each.pk for each in sessions if each.pk not in alive or each.state != "open" or each.expires_at <= now]


def capture_page(link: CaptureLink) -> CapturePage:
    """Everything the phone needs to go on from where the customer left off."""
    asked = _asked(link.return_case)
    kinds, photos = defects.types(), evidence.photos_of(link.session)
    items = [] if link.return_case_id else _items(link.order)
    chosen = _chosen(link, kinds, photos, asked)
    return CapturePage(
        stage=_stage(link, asked),
        number=link.return_case.number if link.return_case else "",
        order_number=link.order.number if link.order else "",
        items=items,
        kinds=[_kind(each, photos) for each in kinds],
        chosen=chosen,
        draft=link.draft,
        box=link.box,
        photos=photos,
        more=_more(photos, chosen),
        asked_because=asked.reason if asked and asked.actor_kind != "system" else "",
        missing=_missing(link, items, chosen, photos),
        takes_photos=link.session.state == "open",
        language=link.session.language,
        expires_at=link.session.expires_at,
    )


def _stage(link: CaptureLink, asked: Decision | None) -> str:
    if link.return_case is None:
        return "choosing"
    return "asked" if asked and link.session.state == "open" else "sent"


def _asked(case: Return | None) -> Decision | None:
    """What we last asked for, while we wait for it."""
    if case is None or case.waiting_for != "customer":
        return None
    asks = Decision.objects.filter(line__return_case=case, verb="ask", line__decision="open")
    return asks.select_related("line__defect_type").order_by("-created_at").first()


def _items(order: Order | None) -> list[Item]:
    if order is None:
        return []
    lines = order.lines.select_related("product", "order__channel").order_by("position")
    return [
        Item(
            line_id=line.pk, title=line.title, sku=line.sku, bought=line.quantity,
            left=dossier.purchase(order_line=line).most_left, serial_format=line.product.serial_format,
            gtin=gtin14(line.product.gtin),
        )
        for line in lines
    ]  # fmt: skip


def _chosen(link: CaptureLink, kinds: list[DefectType], photos: list[PhotoSeen], asked: Decision | None) -> Kind | None:
    """The chosen defect's shots; when we asked for more, only what we asked for."""
    if asked:
        since = [photo for photo in photos if photo.arrived_at > asked.created_at]
        listed = {shot.shot: shot.instruction for shot in asked.line.defect_type.shots.all()}
        shots = [_shot(shot, listed.get(shot, ""), True, since) for shot in asked.shots]
        kind = asked.line.defect_type
        return Kind(kind.code, kind.name, defects.picture_of(kind), shots)
    line = link.return_case.lines.select_related("defect_type").first() if link.return_case else None
    code = line.defect_type.code if line else link.draft.get("defect_type", "")
    found = next((each for each in kinds if each.code == code), line.defect_type if line else None)
    return _kind(found, photos) if found else None


def _kind(of: DefectType, photos: Sequence[PhotoSeen]) -> Kind:
    shots = [_shot(each.shot, each.instruction, each.required, photos) for each in of.shots.all()]
    return Kind(of.code, of.name, defects.picture_of(of), shots)


def _shot(shot: str, instruction: str, required: bool, photos: Sequence[PhotoSeen]) -> ShotAsked:
    mine = [photo for photo in photos if photo.shot == shot and not photo.replaced]
    return ShotAsked(shot, shot_words(shot), instruction, required, standing(mine), mine)


def standing(photos: Sequence[PhotoSeen]) -> str:
    """How a shot stands by the best of its photos."""
    found = {_worth(photo) for photo in photos}
    return next((each for each in ("good", "doubtful", "waiting", "retake") if each in found), "missing")


def _worth(photo: PhotoSeen) -> str:
    if photo.state == "accepted":
        return "doubtful" if photo.sent_anyway else "good"
    return "waiting" if photo.state == "arrived" else "retake"


def _more(photos: Sequence[PhotoSeen], chosen: Kind | None) -> list[PhotoSeen]:
    shown = {photo.id for shot in chosen.shots for photo in shot.photos} if chosen else set()
    return [photo for photo in photos if photo.id not in shown and not photo.replaced]


def _missing(link: CaptureLink, items: list[Item], chosen: Kind | None, photos: Sequence[PhotoSeen]) -> list[str]:
    found = []
    if (
        link.return_case is None
        and link.order_id
        and str(link.draft.get("order_line_id", "")) not in {str(i.line_id) for i in items}
    ):
        found.append("Choose the item.")
    if link.return_case is None and not chosen:
        found.append("Say what is wrong.")
    wanted = [shot for shot in chosen.shots if shot.required] if chosen else []
    found += [f"Take the {each.words} photo again." for each in wanted if each.standing == "retake"]
    found += [f"Take the {each.words} photo." for each in wanted if each.standing == "missing"]
    if chosen and not wanted and not photos:
        found.append("Take at least one photo.")
    return found
