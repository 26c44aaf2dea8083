"""What customers left unfinished: returns they began and did not send, photos we asked for that did not come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from recoup.domain.evidence.models import Photo
from recoup.domain.orders.models import Order
from recoup.domain.orders.reach import maybe_reached, reach
from recoup.domain.returns.models import CaptureLink, Decision, Reminder, Return
from recoup.domain.returns.rules.reminding import awake, reminder_due
from recoup.foundation.accounts.queries import live


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What can still be done through a link; ``ask_id`` is our question, when its answer is what is missing.

    ``since``: the customer's last sign of life, or our question; ``until``: when it cannot be done any more;
    ``zone``: where the shop is.
    """

    link: CaptureLink
    ask_id: UUID | None
    since: datetime
    until: datetime
    reminded: Sequence[datetime]
    zone: str

    def due(self, now: datetime) -> int:
        """Which reminder is due now, by day: 1 or 2; 0 for none."""
        if not awake(self.zone, now=now):
            return 0
        return reminder_due(since=self.since, until=self.until, reminded=self.reminded, now=now)


def unfinished(*, now: datetime, link_id: UUID | None = None) -> list[Unfinished]:
    """Everything that a customer with an address or a mobile number could still finish, the longest silence first; or of one link only.

    Nothing that was sent, cancelled, withdrawn or erased, and nothing whose time is over.
    """
    links = _open_links(now).filter(pk=link_id) if link_id else _open_links(now)
    begun = [_read(each, None) for each in _begun(links) if _reached(each)]
    asked = [_read(each, each.ask) for each in _asked(links, now) if _reached(each)]
    return sorted(begun + asked, key=lambda each: each.since)


def last_reminded(orders: Collection[Order]) -> dict[UUID, datetime]:
    """When the customer of each order was last reminded of what they began and have not sent; others are left out."""
    told = Reminder.objects.filter(link__order__in=orders, link__return_case=None, ask=None).order_by()
    return dict(told.values_list("link__order").annotate(Max("created_at")))


def reminder_of(reminder_id: UUID) -> Reminder:
    found = Reminder.objects.select_related("link__session", "link__order__customer", "ask__line__defect_type")
    return found.get(pk=reminder_id)


def _open_links(now: datetime) -> QuerySet[Any]:
    """Links that let their customer in now and take photos."""
    lets_in = live(purpose="capture", now=now).filter(subject_id=OuterRef("session_id"))
    links = CaptureLink.objects.filter(Exists(lets_in), session__state="open", session__expires_at__gt=now)
    return links.filter(session__key__destroyed_at=None).select_related("session").annotate(shown_at=_SHOWN_AT)


def _begun(links: QuerySet[Any]) -> QuerySet[Any]:
    """Of each order the newest link through which something was chosen or shown; none from before a return of it."""
    newer = Q(order=OuterRef("order"), created_at__gt=OuterRef("created_at"))
    done = ~Q(draft={}) | Q(shown_at__isnull=False)
    begun_later = CaptureLink.objects.annotate(shown_at=_SHOWN_AT).filter(newer & done)
    links = links.filter(done, return_case=None, order__cancelled_at=None).exclude(order=None)
    begun: QuerySet[Any] = (
        links.exclude(Exists(begun_later))
        .exclude(Exists(Return.objects.filter(newer)))
        .filter(maybe_reached("order"))
        .annotate(
            since=Greatest("created_at", "chosen_at", "shown_at"),
            until=F("session__expires_at"),
            reminded=_times(Reminder.objects.filter(link=OuterRef("pk"), ask=None)),
            zone=F("order__channel__time_zone"),
            email=F("order__customer__email"),
        )
    )
    return begun


def _asked(links: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """The newest link of each return that waits for the customer's photos, with what we asked last."""
    newest = CaptureLink.objects.filter(return_case=OuterRef("return_case")).order_by("-created_at").values("pk")
    asks = Decision.objects.filter(line__return_case=OuterRef("return_case"), verb="ask", line__decision="open")
    links = links.filter(pk=Subquery(newest[:1]), return_case__waiting_for="customer", return_case__deadline_at__gt=now)
    asked: QuerySet[Any] = (
        links.exclude(return_case__order=None)
        .filter(maybe_reached("return_case__order"))
        .annotate(ask=_first(asks, "pk"), asked_at=_first(asks, "created_at"))
        .exclude(ask=None)
        .annotate(
            since=Greatest("asked_at", "shown_at"),
            until=F("return_case__deadline_at"),
            reminded=_times(Reminder.objects.filter(ask=OuterRef("ask"))),
            zone=F("return_case__order__channel__time_zone"),
            email=F("return_case__order__customer__email"),
        )
    )
    return asked


def _reached(link: Any) -> bool:
    """Whether a message would get through: which numbers take texts is known only when they are read."""
    return bool(link.email or reach(link.return_case.order if link.return_case else link.order).to)


def _first(asks: QuerySet[Decision], field: str) -> Subquery:
    return Subquery(asks.order_by("-created_at").values(field)[:1])


def _times(told: QuerySet[Reminder]) -> ArraySubquery:
    return ArraySubquery(told.values("created_at"))


def _read(link: Any, ask_id: UUID | None) -> Unfinished:
    return Unfinished(link, ask_id, link.since, link.until, link.reminded, link.zone)


_SHOWN_AT = Subquery(
    Photo.objects.filter(session=OuterRef("session_id")).order_by("-created_at").values("created_at")[:1]
)
