"""People for tests."""

from __future__ import annotations

import itertools

from recoup.foundation.accounts.models import Staff
from recoup.kit.money import Money

_number = itertools.count(1)
PASSWORD = "correct horse battery"


def staff(*roles: str, email: str = "", limit: Money | None = None, password: str | None = None) -> Staff:
    """A saved member of staff, made without an action so that a test can start anywhere."""
    number = next(_number)
    person = Staff(email=email or f"staff{number}@example.com", name=f"Staff {number}", roles=list(roles))
    if limit:
        person.limit_minor, person.limit_currency = limit.minor, limit.currency
    person.set_password(password)
    person.save()
    return person
