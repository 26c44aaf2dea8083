"""Every wait has an end: how long each may take before a person looks."""

from __future__ import annotations

from datetime import timedelta

MACHINE = timedelta(minutes=10)  # photos judged, checks run
AGENT = timedelta(days=2)
URGENT = timedelta(hours=4)  # an agent's case of priority 1
CUSTOMER = timedelta(days=14)
ORDER = timedelta(days=7)
GOODS = timedelta(days=30)
#: How long a customer's link shows where their return stands.
STATUS = timedelta(days=180)


def for_agent(priority: int) -> timedelta:
    return URGENT if priority == 1 else AGENT
