"""Pure answers about rights, what counts as more than before, and about one-time codes."""

from __future__ import annotations

import ipaddress
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recoup.kit.money import Money

CODE_GOOD_FOR = timedelta(minutes=10)
CODE_TRIES = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within any such stretch of time."""

    most: int
    within: timedelta


#: Five codes of five tries each are 25 guesses an hour at one address: a millionth each.
CODES_TYPED = Limit(5, timedelta(hours=1))
#: A text message costs money, so whoever asks for many in a day waits longer.
CODES_TEXTED = Limit(10, timedelta(days=1))
#: A household or an office may share one address on the net.
CODES_FROM_ONE_PLACE = Limit(20, timedelta(hours=1))


def adds_roles(before: Iterable[str], after: Iterable[str]) -> bool:
    return not set(after) <= set(before)


def raises_limit(before: Money | None, after: Money | None) -> bool:
    """None is no limit at all. Two currencies cannot be compared, so a change of currency counts as more."""
    if before is None:
        return False
    return after is None or after.currency != before.currency or after.minor > before.minor


def code_stands(
    *, used_at: datetime | None, replaced_at: datetime | None, tries: int, expires_at: datetime, now: datetime
) -> str:
    """Where a one-time code stands: live, used, replaced (a newer one was asked for), spent (no tries left), expired."""
    if used_at is not None:
        return "used"
    if replaced_at is not None:
        return "replaced"
    if tries >= CODE_TRIES:
        return "spent"
    return "live" if now < expires_at else "expired"


def wait_for_code(times: Iterable[datetime], *, limit: Limit, now: datetime) -> timedelta:
    """How long until one more is within the limit; zero when it is now."""
    recent = sorted(at for at in times if at > now - limit.within)
    return timedelta(0) if len(recent) < limit.most else recent[-limit.most] + limit.within - now


def in_words(wait: timedelta) -> str:
    """How long to wait, rounded up: "1 minute", "55 minutes", "3 hours"."""
    minutes = math.ceil(wait / timedelta(minutes=1))
    many, unit = (minutes, "minute") if minutes <= 90 else (math.ceil(minutes / 60), "hour")
    return f"{many} {unit}{'s' * (many != 1)}"


def six_digits(typed: str) -> str:
    """The code as a person typed it, in any script's digits, with spaces or dashes; '' when it cannot be one."""
    digits = [unicodedata.decimal(sign, None) for sign in typed if sign not in "-–" and not sign.isspace()]
    return "" if len(digits) != 6 or None in digits else "".join(map(str, digits))


def place_of(client: str) -> str:
    """What counts as one place on the net: an IPv4 address, or the /64 that an IPv6 line has to itself."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address.packed, 64), strict=False))
    return str(address)
