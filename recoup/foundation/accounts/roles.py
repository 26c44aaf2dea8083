"""The words for who may do what."""

from __future__ import annotations

import uuid

ROLES = {
    "agent": "Agent",
    "warehouse": "Warehouse",
    "quality": "Quality",
    "buyer": "Buyer",
    "finance": "Finance",
    "admin": "Admin",
}
PURPOSES = ("capture", "supplier", "first_admin")
# What a first-admin link is about: nobody in particular yet (the nil UUID, RFC 9562 §5.9).
FIRST_ADMIN = uuid.UUID(int=0)
