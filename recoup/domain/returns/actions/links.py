"""A customer's link: opened for an order or for nothing known yet, and what they have chosen so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from recoup.domain.catalogue.rules import BoxCode, gtin14
from recoup.domain.evidence import actions as evidence
from recoup.domain.orders.models import Order
from recoup.domain.returns.actions.holding import hold_link
from recoup.domain.returns.models import CaptureLink, Return
from recoup.foundation.accounts import actions as accounts
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor

#: What a draft may hold; the rest of what a page sends is left out.
DRAFT = ("order_line_id", "defect_type", "quantity", "serial", "words", "order_number")
_LONGEST = 2000


@transaction.atomic
def open_link(
    *, order: Order | None, language: str, expires_at: datetime, actor: Actor, return_case: Return | None = None
) -> tuple[CaptureLink, str]:
    """A new capture session with a link to it, and the link's secret, which is seen here and never again.

    With ``return_case`` the photos are added to that return; without an order it is a blind return.
    """
    session = evidence.open_session(expires_at=expires_at, actor=actor, language=language)
    link = CaptureLink.objects.create(session=session, order=order, return_case=return_case)
    audit.record(verb="link.opened", subject=return_case or link, actor=actor)
    return link, new_secret(link=link, expires_at=expires_at, actor=actor)


@transaction.atomic
def new_secret(*, link: CaptureLink, expires_at: datetime, actor: Actor) -> str:
    """One more secret for the same link, such as for another message; the earlier ones keep working."""
    return accounts.mint_link(purpose="capture", subject_id=link.session_id, expires_at=expires_at, actor=actor)


@transaction.atomic
def withdraw_links(*, about: Order | Return, at: datetime, actor: Actor) -> int:
    """No link that was given out for this order or return opens anything from now on; returns how many there were.

    The next letter to the customer brings a new one. Raises NotAllowed.
    """
    actor.must("agent")
    links = CaptureLink.objects.filter(**{"return_case" if isinstance(about, Return) else "order": about})
    # Held, so that no letter mints another secret in the same moment.
    held = links.select_for_update(no_key=True).order_by("created_at")
    sessions = list(held.values_list("session_id", flat=True))
    count = sum(accounts.revoke_links(purpose="capture", subject_id=each, actor=actor, now=at) for each in sessions)
    if count:
        audit.record(verb="link.withdrawn", subject=about, actor=actor, count=count)
    return count


@transaction.atomic
def choose(*, link: CaptureLink, draft: Mapping[str, Any], at: datetime, actor: Actor) -> None:
    """Keep what the customer has chosen so far, so that a reload loses nothing. Once sent, it stays as it was sent."""
    held = hold_link(link)
    if held.return_case_id is not None:
        return
    kept = {name: _plain(draft[name]) for name in DRAFT if draft.get(name) not in (None, "")}
    CaptureLink.objects.filter(pk=link.pk).update(draft=kept, chosen_at=at)
    link.draft, link.chosen_at = kept, at


@transaction.atomic
def note_box(*, link: CaptureLink, box: BoxCode | None) -> None:
    """Keep what the code on the customer's box said. It fills in what they have not chosen, and is checked as if typed."""
    if box is not None:
        link.box = {"gtin": gtin14(box.gtin), "batch": box.batch, "serial": box.serial}
        CaptureLink.objects.filter(pk=link.pk, return_case=None).update(box=link.box)


def _plain(value: Any) -> str | int:
    return value if type(value) is int else str(value).replace("\x00", "")[:_LONGEST]
