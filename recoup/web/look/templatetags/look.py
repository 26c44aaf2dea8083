"""Template words: {% icon %}, {% brand_sheet %}, {% brand_logo %}, and the filters money, when, near, exact, day, lasting, plain."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from recoup.kit.money import Money
from recoup.web.look import words

#: Icons that point along the line of reading.
POINTING = {"arrow-left", "arrow-right", "send", "truck"}
register = template.Library()
register.filter("exact", words.exact)
register.filter("day", words.day)
register.filter("plain", words.plain)


@register.simple_tag(takes_context=True)
def icon(context: dict[str, Any], name: str) -> SafeString:
    """A Lucide icon from the built sprite; always put a word beside it."""
    return format_html(
        '<svg class="icon{}" width="20" height="20" aria-hidden="true"><use href="{}#{}"></use></svg>',
        " points" if name in POINTING else "",
        static("phone.svg" if _at_the_customers(context) and name in _on_the_phone() else "icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def brand_sheet(context: template.Context) -> str:
    """The address of the shop's own colours, as this page is shown; empty where ours do."""
    guest = getattr(context.get("request"), "guest", None)
    return str(settings.RECOUP_BRAND.address(guest.theme if guest else ""))


@register.simple_tag
def brand_logo() -> str:
    """The address of the shop's logo; empty where its name does."""
    logo = settings.RECOUP_BRAND.logo
    return logo.address if logo else ""


def _at_the_customers(context: dict[str, Any]) -> bool:
    return getattr(getattr(context.get("request"), "resolver_match", None), "app_name", "") == "capture"


@cache
def _on_the_phone() -> frozenset[str]:
    """The names in the customer's own, smaller sprite."""
    built = finders.find("phone.svg")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', Path(built).read_text())) if built else frozenset()


@register.filter
def money(minor: int | Money | None, currency: str = "") -> str:
    """'1,249.90 EUR' from a Money, or from minor units and a currency."""
    if minor is None:
        return ""
    return words.written(minor if isinstance(minor, Money) else Money(minor, currency))


@register.filter
def when(at: datetime | None) -> SafeString | str:
    """'12 minutes ago', with the exact time on hover."""
    if at is None:
        return ""
    text, full = words.ago(at, now=timezone.now()), words.exact(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full, text)


@register.filter
def near(at: datetime | None) -> SafeString | str:
    """Like ``when``, and only the day when it is far: for narrow columns."""
    if at is None:
        return ""
    now, full = timezone.now(), words.exact(at)
    text = words.ago(at, now=now) if abs(now - at) < words.YOUNG else full.partition(",")[0]
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full, text)


@register.filter
def lasting(span: timedelta | None) -> str:
    return "" if span is None else words.lasting(span)
