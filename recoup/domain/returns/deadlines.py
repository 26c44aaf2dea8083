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

#: A customer who began and did not send, or did not answer, is reminded after a day of silence, and once more when the
#: end is near: never twice within two days, and not at all when there is hardly time left to do it.
REMIND_AFTER = timedelta(days=1)
REMIND_BEFORE_END = timedelta(days=3)
REMIND_APART = timedelta(days=2)
REMIND_WITH_LEFT = timedelta(days=1)


def for_agent(priority: int) -> timedelta:
    return URGENT if priority == 1 else AGENT
