"""Who may come in through which link, and who works here."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from django.db.models import Count, QuerySet

from recoup.foundation.accounts.models import LinkToken, Staff
from recoup.kit import ids
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal


class LinkExpired(Refusal):
    code = "accounts.link_expired"
    status = 410
    sentence = "This link was good until {expired_on}. Nothing is lost: ask whoever sent it to you for a new one."


def access_link(*, purpose: str, secret: str, now: datetime.datetime) -> LinkToken:
    """The live token of this secret. Raises NotFound or LinkExpired.

    Unknown, foreign (another purpose) and withdrawn look alike. The secret is found by its hash,
    so how long the search takes says nothing about how much of a guess was right.
    """
    # A secret of ours is plain ASCII; anything else could not even be hashed as text.
    known = LinkToken.objects.filter(token_hash=ids.fingerprint(secret) if secret.isascii() else "", purpose=purpose)
    token = known.first()
    if token is None or token.revoked_at is not None:
        raise NotFound()
    if token.expires_at <= now:
        raise LinkExpired(expired_on=token.expires_at.date())
    return token


def live(*, purpose: str, now: datetime.datetime) -> QuerySet[LinkToken]:
    """The links of this purpose that would open something now; their secrets are not known to us."""
    return LinkToken.objects.filter(purpose=purpose, revoked_at=None, expires_at__gt=now)


def live_links(*, purpose: str, subject_id: uuid.UUID, now: datetime.datetime) -> list[LinkToken]:
    """The links that would open this subject now, newest first."""
    return list(live(purpose=purpose, now=now).filter(subject_id=subject_id).order_by("-created_at"))


def live_count(*, purpose: str, subject_ids: Collection[uuid.UUID], now: datetime.datetime) -> dict[uuid.UUID, int]:
    """How many links would open each of these subjects now; those with none are left out."""
    found = live(purpose=purpose, now=now).filter(subject_id__in=subject_ids)
    return dict(found.order_by().values_list("subject_id").annotate(Count("pk")))


def has_staff() -> bool:
    return Staff.objects.exists()


def all_staff() -> list[Staff]:
    """Everybody with an account, open ones first, by name."""
    return list(Staff.objects.order_by("-is_active", "name", "id"))


def access_staff(*, actor: Actor, staff_id: uuid.UUID) -> Staff:
    """One account, for admins. Raises NotAllowed, NotFound."""
    actor.must("admin")
    found = Staff.objects.filter(pk=staff_id).first()
    if found is None:
        raise NotFound()
    return found


def addresses_of(*, role: str) -> list[str]:
    """Where to write to everybody who works in this role; admins only when they have it themselves."""
    staff = Staff.objects.filter(is_active=True, roles__contains=[role])
    return list(staff.order_by("email").values_list("email", flat=True))
