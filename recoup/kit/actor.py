"""Who does something: every action names its actor, and the audit trail keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from recoup.kit.refusal import NotAllowed

Kind = Literal["staff", "customer", "supplier", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """``id`` is a staff id, a link token id or a flow's name; ``name`` is what the audit shows."""

    kind: Kind
    id: str
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)

    def may(self, *roles: str) -> bool:
        return "admin" in self.roles or not self.roles.isdisjoint(roles)

    def must(self, *roles: str) -> None:
        """Raise NotAllowed unless the actor has one of the roles; an admin has all, the system needs none."""
        if self.kind != "system" and not self.may(*roles):
            raise NotAllowed(role=" or ".join(roles))


SYSTEM = Actor(kind="system", id="system", name="Recoup")
