"""Money, times, states and refusals as a person reads them, in the language that is spoken to them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext, ngettext

from recoup.kit.money import Money
from recoup.kit.refusal import Refusal
from recoup.vision import unreadable

_UNITS = [(timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")]
YOUNG = timedelta(days=7)
_COUNTED = re.compile(r"(\d+) (hour|minute|try|tries)s?")


def ago(at: datetime, *, now: datetime) -> str:
    """'12 minutes ago' while young (a week), then the day with its zone: '3 Mar 2026, 14:05 UTC'."""
    age = now - at
    if abs(age) >= YOUNG:
        return exact(at)
    size = abs(age)
    for unit, name in _UNITS:
        if size >= unit:
            count = size // unit
            text = f"{count} {name}{'' if count == 1 else 's'}"
            return f"{text} ago" if age > timedelta() else f"in {text}"
    return "just now" if age >= timedelta() else "in a moment"


def exact(at: datetime, zone: ZoneInfo | None = None) -> str:
    """'3 Mar 2026, 14:05 UTC'; in German '3. März 2026, 14:05 UTC'."""
    local = at.astimezone(zone or ZoneInfo("UTC"))
    if _english():
        return f"{local.day} {local:%b %Y, %H:%M %Z}"
    return gettext("{day}, {time}").format(day=day(local), time=f"{time_format(local, 'H:i')} {local:%Z}")


def day(on: date | None) -> str:
    """'3 March 2026'; in German '3. März 2026'."""
    return "" if on is None else date_format(on, "j F Y" if _english() else "DATE_FORMAT")


def written(amount: Money) -> str:
    return amount.written(get_language() or "en")


def said(refusal: Refusal) -> str:
    """What the refusal says, to whoever reads it; logs and the audit trail keep it in English."""
    return gettext(refusal.sentence).format(**{name: _told(fact) for name, fact in refusal.facts.items()})


def retold(sentence: str) -> str:
    """A sentence that was kept in English, such as the verdict on a photo."""
    if not sentence:
        return ""
    if (known := gettext(sentence)) != sentence:
        return known
    pattern, facts = unreadable.known_again(sentence)
    return gettext(pattern).format(**{name: _told(fact) for name, fact in facts.items()}) if pattern else sentence


def _told(fact: Any) -> Any:
    """A fact may itself be in words, such as 'a PDF' or '3 tries'."""
    if isinstance(fact, date):
        return day(fact)
    if not isinstance(fact, str) or not fact:
        return fact
    counted = _COUNTED.fullmatch(fact)
    return _many(int(counted[1]), counted[2]) if counted else gettext(fact)


def _many(n: int, noun: str) -> str:
    if noun == "hour":
        return ngettext("{n} hour", "{n} hours", n).format(n=n)
    if noun == "minute":
        return ngettext("{n} minute", "{n} minutes", n).format(n=n)
    return ngettext("{n} try", "{n} tries", n).format(n=n)


def _english() -> bool:
    return (get_language() or "en").startswith("en")


def lasting(span: timedelta) -> str:
    """One unit: '850 ms', '4.2 s', '12 min', '3.5 h', '6 days'."""
    seconds = span.total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"


def plain(word: str) -> str:
    """A state's word for a screen: 'needs_more' → 'needs more'."""
    return word.replace("_", " ")
