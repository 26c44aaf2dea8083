"""Every change to who may come in: staff with roles up to an amount, others by link.

Who may make a link for what is decided by the action that asks for one (opening a capture
session, sending a claim); here it is only kept safe.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from recoup.foundation.accounts.models import LinkToken, Staff
from recoup.foundation.accounts.queries import access_link
from recoup.foundation.accounts.roles import FIRST_ADMIN, ROLES
from recoup.foundation.accounts.rules import adds_roles, raises_limit
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.locks import advisory
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal

_SETTING_UP = "accounts.first_admin"
_ADMINS = "accounts.admins"
FIRST_ADMIN_HOURS = 24


class EmailTaken(Refusal):
    code = "accounts.email_taken"
    sentence = "Somebody signs in with this e-mail address already. Use another one, or change their account."


class BadEmail(Refusal):
    code = "accounts.bad_email"
    status = 422
    sentence = "This does not look like an e-mail address. Write it as name@example.com."


class NameMissing(Refusal):
    code = "accounts.name_missing"
    status = 422
    sentence = "A name is missing. Write the name that colleagues should see, up to 120 letters."


class WeakPassword(Refusal):
    code = "accounts.weak_password"
    status = 422
    sentence = "This password is too easy to guess. {hints}"


class UnknownRole(Refusal):
    code = "accounts.unknown_role"
    status = 422
    sentence = "There is no role “{role}”. Choose from {roles}."


class OwnRights(Refusal):
    code = "accounts.own_rights"
    status = 403
    sentence = "Nobody raises their own rights. Ask another admin to do it."


class LastAdmin(Refusal):
    code = "accounts.last_admin"
    sentence = "This is the last admin. Make somebody else an admin first."


class AlreadySetUp(Refusal):
    code = "accounts.already_set_up"
    sentence = "This installation has an admin already. Sign in instead, or ask the admin for an account."


@transaction.atomic
def create_staff(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    actor: Actor,
    password: str | None = None,
    limit: Money | None = None,
) -> Staff:
    """Add a member of staff; without a password they choose one through “forgotten password”.

    ``limit`` is the most one approval of theirs may cost; None sets no limit.
    Raises NotAllowed, BadEmail, NameMissing, UnknownRole, WeakPassword, EmailTaken.
    """
    actor.must("admin")
    staff = _new_staff(email=email, name=name, roles=_known(roles), password=password, limit=limit)
    audit.record(verb="staff.created", subject=staff, actor=actor, roles=_words(staff.roles))
    return staff


@transaction.atomic
def set_roles(*, staff: Staff, roles: Iterable[str], actor: Actor) -> None:
    """Give exactly these roles. Raises NotAllowed, UnknownRole, OwnRights, LastAdmin."""
    actor.must("admin")
    wanted = _known(roles)
    row = _locked(staff)
    if _own(row, actor) and adds_roles(row.roles, wanted):
        raise OwnRights()
    if "admin" not in wanted:
        _not_last_admin(row)
    was = row.roles
    _change(staff, row, roles=wanted)
    audit.record(verb="staff.roles_set", subject=row, actor=actor, was=_words(was)[:80], roles=_words(wanted))


@transaction.atomic
def set_limit(*, staff: Staff, limit: Money | None, actor: Actor) -> None:
    """Set the most one approval of theirs may cost; None lifts the limit. Raises NotAllowed, OwnRights."""
    actor.must("admin")
    row = _locked(staff)
    if _own(row, actor) and raises_limit(row.limit, limit):
        raise OwnRights()
    _change(staff, row, **_columns(limit))
    audit.record(verb="staff.limit_set", subject=row, actor=actor, limit=limit or "no limit")


@transaction.atomic
def deactivate(*, staff: Staff, actor: Actor) -> None:
    """Close the account: every session of theirs ends with its next request. Raises NotAllowed, LastAdmin."""
    actor.must("admin")
    row = _locked(staff)
    if not row.is_active:
        return
    _not_last_admin(row)
    _change(staff, row, is_active=False)
    audit.record(verb="staff.deactivated", subject=row, actor=actor)


@transaction.atomic
def reactivate(*, staff: Staff, actor: Actor) -> None:
    """Open a closed account again, with the roles it had. Raises NotAllowed."""
    actor.must("admin")
    row = _locked(staff)
    if row.is_active:
        return
    _change(staff, row, is_active=True)
    audit.record(verb="staff.reactivated", subject=row, actor=actor)


@transaction.atomic
def first_admin_link(*, now: datetime.datetime) -> str | None:
    """The secret of a new link for the first admin, good for a day; None when there are staff.

    Earlier first-admin links stop working, so only the one printed last is good.
    """
    with advisory(_SETTING_UP):
        if Staff.objects.exists():
            return None
        revoke_links(purpose="first_admin", subject_id=FIRST_ADMIN, actor=SYSTEM, now=now)
        expires_at = now + datetime.timedelta(hours=FIRST_ADMIN_HOURS)
        return mint_link(purpose="first_admin", subject_id=FIRST_ADMIN, expires_at=expires_at, actor=SYSTEM)


@transaction.atomic
def become_first_admin(*, secret: str, name: str, email: str, password: str, now: datetime.datetime) -> Staff:
    """Make the first admin with the link's secret; the link is spent. Of two at once, one wins.

    Raises NotFound, LinkExpired, AlreadySetUp, BadEmail, NameMissing, WeakPassword; then the link still works.
    """
    with advisory(_SETTING_UP):
        token = access_link(purpose="first_admin", secret=secret, now=now)
        if Staff.objects.exists():
            raise AlreadySetUp()
        staff = _new_staff(email=email, name=name, roles=["admin"], password=password, limit=None)
        audit.record(verb="staff.first_admin", subject=staff, actor=staff.actor())
        note_use(token=token, now=now)
        revoke_link(token=token, actor=staff.actor(), now=now)
        return staff


@transaction.atomic
def mint_link(*, purpose: str, subject_id: uuid.UUID, expires_at: datetime.datetime, actor: Actor) -> str:
    """A new link's secret: 43 characters, 256 bits, seen here and never again."""
    secret = ids.secret()
    token = LinkToken.objects.create(
        purpose=purpose, subject_id=subject_id, token_hash=ids.fingerprint(secret), expires_at=expires_at
    )
    until = f"{expires_at.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC"
    about = str(subject_id)
    audit.record(
        verb="link.minted", subject=token, actor=actor, seals=[token],
        purpose=_word(purpose), about=about, expires_at=until,
    )  # fmt: skip
    return secret


@transaction.atomic
def note_use(*, token: LinkToken, now: datetime.datetime) -> None:
    """Count one visit through the link."""
    LinkToken.objects.filter(pk=token.pk).update(uses=F("uses") + 1, last_used_at=now)


@transaction.atomic
def revoke_link(*, token: LinkToken, actor: Actor, now: datetime.datetime | None = None) -> bool:
    """Withdraw the link; from the commit on it looks as if it had never been. False when it was withdrawn already."""
    at = now or timezone.now()
    if not LinkToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
        return False
    token.revoked_at = at
    audit.record(verb="link.revoked", subject=token, actor=actor, purpose=_word(token.purpose))
    return True


@transaction.atomic
def revoke_links(*, purpose: str, subject_id: uuid.UUID, actor: Actor, now: datetime.datetime | None = None) -> int:
    """Withdraw every live link of this purpose about this subject; returns how many."""
    live = LinkToken.objects.filter(purpose=purpose, subject_id=subject_id, revoked_at__isnull=True).order_by("id")
    return sum(revoke_link(token=token, actor=actor, now=now) for token in live)


def _new_staff(*, email: str, name: str, roles: list[str], password: str | None, limit: Money | None) -> Staff:
    staff = Staff(email=_address(email), name=name.strip(), roles=roles, **_columns(limit))
    if not staff.name.isprintable() or not 0 < len(staff.name) <= 120:
        raise NameMissing()
    _choose_password(staff, password)
    # Creating is rare: taking turns gives a clear refusal where a race would give a database error.
    with advisory("accounts.email"):
        if Staff.objects.filter(email__iexact=staff.email).exists():
            raise EmailTaken()
        staff.save(force_insert=True)
    return staff


def _address(email: str) -> str:
    tidy = email.strip().lower()
    try:
        EmailValidator()(tidy)
        MaxLengthValidator(254)(tidy)
    except ValidationError:
        raise BadEmail() from None
    return tidy


def _choose_password(staff: Staff, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, user=staff)
        except ValidationError as problem:
            raise WeakPassword(hints=" ".join(problem.messages)) from None
    staff.set_password(password)


def _known(roles: Iterable[str]) -> list[str]:
    wanted = set(roles)
    for role in sorted(wanted - set(ROLES)):
        raise UnknownRole(role=role, roles=", ".join(ROLES))
    return [role for role in ROLES if role in wanted]


def _locked(staff: Staff) -> Staff:
    return Staff.objects.select_for_update().get(pk=staff.pk)


def _change(staff: Staff, row: Staff, **columns: object) -> None:
    Staff.objects.filter(pk=row.pk).update(**columns)
    for name, value in columns.items():
        setattr(row, name, value)
        setattr(staff, name, value)


def _not_last_admin(row: Staff) -> None:
    """Raise LastAdmin if nobody else could let people in; holds off other such changes until the commit."""
    with advisory(_ADMINS):
        others = Staff.objects.filter(is_active=True, roles__contains=["admin"]).exclude(pk=row.pk)
        if "admin" in row.roles and row.is_active and not others.exists():
            raise LastAdmin()


def _own(row: Staff, actor: Actor) -> bool:
    return actor.kind == "staff" and actor.id == str(row.pk)


def _words(roles: Iterable[str]) -> str:
    return ", ".join(roles) or "none"


def _columns(limit: Money | None) -> dict[str, object]:
    return {"limit_minor": limit and limit.minor, "limit_currency": limit.currency if limit else ""}


def _word(purpose: str) -> str:
    return purpose.replace("_", " ")
