"""Small readings that several pages share."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from recoup.domain.returns.models import Decision, Return, ReturnLine
from recoup.foundation.accounts.models import Staff
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound

SHOTS = {
    "overall": gettext_noop("overall"),
    "close_up": gettext_noop("close-up"),
    "serial_label": gettext_noop("serial label"),
    "packaging": gettext_noop("packaging"),
}
#: Who may read a case; only agents and admins decide.
READERS = ("agent", "quality", "finance", "buyer", "warehouse")


def money(minor: int | None, currency: str) -> Money | None:
    return Money(minor, currency) if minor is not None and currency else None


def names(staff_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {each for each in staff_ids if each is not None}
    return dict(Staff.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def title(line: ReturnLine) -> tuple[str, str]:
    """(what it is, its SKU); a blind return's item is not known."""
    if line.order_line is None:
        return gettext("An item of an order we do not know yet"), ""
    return line.order_line.title, line.order_line.sku


def shot_words(shot: str) -> str:
    """'close_up' as a person says it."""
    return SHOTS.get(shot, shot.replace("_", " ")) or gettext_noop("another photo")


def last_proposal(decisions: Iterable[Decision]) -> Decision | None:
    found = [each for each in decisions if each.verb == "propose"]
    return max(found, key=lambda each: each.created_at) if found else None


def access_case(*, actor: Actor, number: str) -> Return:
    """The case for staff who may read it. Raises NotAllowed, NotFound."""
    actor.must(*READERS)
    found = Return.objects.select_related("order__customer", "order__channel").filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def access_line(*, actor: Actor, line_id: UUID) -> ReturnLine:
    """One line of a case, for staff. Raises NotAllowed, NotFound."""
    actor.must(*READERS)
    lines = ReturnLine.objects.select_related("return_case", "order_line__product", "defect_type")
    found = lines.filter(pk=line_id).first()
    if found is None:
        raise NotFound()
    return found
