"""Staff (the custom user), link tokens and one-time codes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from recoup.foundation.accounts.roles import PURPOSES, ROLES
from recoup.foundation.accounts.rules import CODE_TRIES
from recoup.foundation.database.rows import Row
from recoup.kit.actor import Actor
from recoup.kit.money import Money


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by e-mail address, whatever its capitals; creating is ``actions.create_staff``."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(email__iexact=username or "")


class Staff(Row, AbstractBaseUser):
    """A person at the desk.

    ``limit_minor`` in ``limit_currency`` is the most that one approval of theirs may cost; null is no limit.
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    limit_minor = models.BigIntegerField(null=True, blank=True)
    limit_currency = models.CharField(max_length=3, blank=True)

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "staff"
        constraints = (
            models.UniqueConstraint(Lower("email"), name="staff_email_once"),
            models.CheckConstraint(condition=Q(roles__contained_by=list(ROLES)), name="staff_known_roles"),
            models.CheckConstraint(
                condition=Q(limit_minor__isnull=True, limit_currency="")
                | Q(limit_minor__gte=0, limit_currency__regex="^[A-Z]{3}$"),
                name="staff_limit_whole",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def limit(self) -> Money | None:
        return None if self.limit_minor is None else Money(self.limit_minor, self.limit_currency)

    def actor(self) -> Actor:
        """This person as every action wants to know them."""
        roles = frozenset(self.roles) if self.is_active else frozenset()
        return Actor(kind="staff", id=str(self.id), name=self.name, roles=roles)


class LinkToken(Row):
    """One link for a customer, a supplier or the first admin; the secret itself is never stored."""

    purpose = models.CharField(max_length=20, choices=[(p, p.replace("_", " ")) for p in PURPOSES])
    subject_id = models.UUIDField(db_index=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)

    SEALED = ("purpose", "subject_id", "token_hash", "expires_at")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(purpose__in=list(PURPOSES)), name="link_known_purpose"),)


class OneTimeCode(Row):
    """Six digits that prove whose mailbox, or whose telephone, it is. Of what was typed only keyed hashes are kept, and of the code.

    What was typed may fit nothing: then there is no subject and no code, and from outside it looks the same.
    """

    subject_id = models.UUIDField(null=True, blank=True)
    about_hash = models.CharField(max_length=64, editable=False, help_text="of what it should open, as typed")
    address_hash = models.CharField(
        max_length=64, editable=False, help_text="of the e-mail address or telephone number, as typed"
    )
    place_hash = models.CharField(max_length=64, editable=False, help_text="of where on the net it was asked from")
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    goes_to = models.CharField(
        max_length=20, default="email", help_text="which of its subject's addresses it is sent to"
    )
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["about_hash", "created_at"], name="code_about"),
            models.Index(fields=["address_hash", "created_at"], name="code_address"),
            models.Index(fields=["place_hash", "created_at"], name="code_place"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["about_hash", "address_hash"],
                condition=Q(used_at=None, replaced_at=None),
                name="code_newest_alone",
            ),
            models.CheckConstraint(condition=Q(tries__lte=CODE_TRIES), name="code_tries_end"),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(subject_id__isnull=False), name="code_used_for_something"
            ),
        )

    def actor(self) -> Actor:
        """Whoever asked for it, or typed it in."""
        return Actor(kind="customer", id=str(self.pk), name="The customer")
