"""Last byte of the last photo → the decision on the customer's page: real pages, one worker, cases policy can approve."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._own import percentile, place, say, serving  # started as a file, it is no part of a package

LIMIT = 2.0  # seconds, at the 95th percentile
SHOTS = ("overall", "close_up")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20, help="how many returns to time (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    args = parser.parse_args()
    with place():
        seconds = measured(args.cases)
    report(seconds, as_json=args.json)
    return 0


def measured(cases: int) -> list[float]:
    """Seconds of each case, one customer after the other; two more before them warm the house up."""
    with serving() as address:
        return [decided(address, number) for number in orders(cases + 2)][2:]


def orders(count: int) -> list[str]:
    """The sample company with so many paid orders of one kettle each; their numbers."""
    from django.utils import timezone

    from recoup.channels.kinds import kind
    from recoup.channels.reading import ChannelSettings, Part
    from recoup.cli.intake_store import store_order
    from recoup.cli.sample import company, tables
    from recoup.cli.sample.shop import Sale, payload
    from recoup.domain.orders import queries

    now = timezone.now()
    company.furnish(now=now)
    channel, how = queries.channel(company.CHANNEL), kind("shopify")
    sales = [Sale(5000 + each, "Ada Nowak", tables.TRAVEL, "Travel kettle 0.5 l", "34.95") for each in range(count)]
    for sale in sales:
        store_order(channel, Part("", payload(sale, now=now)), ChannelSettings(time_zone="UTC"), how)
    return [sale.name for sale in sales]


def decided(address: str, number: str) -> float:
    """One customer: link, first photo, the form sent, the last photo; then the page is asked until it says approved."""
    from django.utils import timezone

    from recoup.cli.sample import cases, scenes
    from recoup.cli.sample.phone import Phone
    from recoup.domain.returns import actions
    from recoup.kit.actor import SYSTEM

    order = cases.order_of(number)
    _, secret = actions.open_link(order=order, language="en", expires_at=cases.link_ends(), actor=SYSTEM)
    phone, line = Phone(address, secret), order.lines.get()
    photos = [(shot, scenes.scene(shot, seed=int(number.strip("#")))) for shot in SHOTS]
    for shot, data in photos:
        phone.send_photo(data, shot=shot)
    last_byte = time.monotonic()
    phone.submit(order_line_id=line.pk, defect_type="cracked", quantity=1)
    while "RMA-" not in phone.standing():
        time.sleep(0.02)
        if time.monotonic() - last_byte > 60:
            raise SystemExit(f"Order {number} was not decided within 60 s; see the log above. It is {timezone.now()}.")
    return time.monotonic() - last_byte


def report(seconds: list[float], *, as_json: bool) -> None:
    p50, p95 = statistics.median(seconds), percentile(seconds, 95)
    told: dict[str, Any] = {
        "bench": "decision", "cases": len(seconds), "p50_s": round(p50, 3), "p95_s": round(p95, 3),
        "slowest_s": round(max(seconds), 3), "limit_p95_s": LIMIT, "met": p95 < LIMIT, "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }  # fmt: skip
    say(
        told,
        f"Last photo's last byte → decision on the customer's page, {len(seconds)} cases, one worker:",
        f"  p50 {p50:.2f} s    p95 {p95:.2f} s    slowest {max(seconds):.2f} s"
        f"    ({told['processors']} processors, load {told['load_before']})",
        f"  limit for p95: {LIMIT:.2f} s",
        as_json=as_json,
    )


if __name__ == "__main__":
    sys.exit(main())
