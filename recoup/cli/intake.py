"""Takes in order files (Shopify JSON, CSV) and the CSV files they stand on; prints canonical orders or problems.

CHANNEL is a kind (shopify, csvfile) or the code of a channel. What it prints of an order is the canonical order and
every problem with its code, JSON pointer, severity and remedy. Exit status 1 when anything was blocked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recoup.channels.csvfile.references import kind_of, translate
from recoup.channels.kinds import KINDS, Kind, kind
from recoup.channels.reading import ChannelSettings, Part
from recoup.cli.intake_store import Stored, Taken, default_channel, existing_channel, store_order, store_row
from recoup.cli.out import Out
from recoup.domain.orders.canonical import OrderDraft
from recoup.domain.orders.rules import gates
from recoup.kit.problem import Problem, blocking
from recoup.kit.refusal import Refusal

LARGEST = 64 * 1024 * 1024  # bytes


class NoFile(Refusal):
    code, status = "intake.no_file", 404
    sentence = "{file}: {why}. Check its name and whether you may read it."


class FileTooLarge(Refusal):
    code, status = "intake.too_large", 413
    sentence = "{file} is larger than {megabytes} MB. Cut it into smaller files and bring them in one by one."


class UnknownTimeZone(Refusal):
    code, status = "intake.unknown_time_zone", 400
    sentence = "{time_zone} is not a time zone. Write it as in Europe/Berlin."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("channel", metavar="CHANNEL", help=f"{', '.join(KINDS)}, or the code of a channel")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a file, or - for standard input")
    parser.add_argument("--dry-run", action="store_true", help="store nothing; references are not looked up")
    parser.add_argument("--add-products", action="store_true", help="add the products that orders name and we lack")
    parser.add_argument("--time-zone", default="UTC", help="of times without a zone, where the channel has none yet")


def run(args: argparse.Namespace) -> int:
    out: Out = args.out
    _check_zone(args.time_zone)
    channel, settings, how = _opened(args)
    blocked = False
    for name in args.files:
        try:
            raw = _bytes(name)
        except Refusal as refusal:
            out.refuse(refusal)
            blocked = True
            continue
        if _is_reference(how, raw):
            blocked |= _reference_file(out, name, raw, dry_run=args.dry_run)
            continue
        for taken in _orders(out, name, raw, channel, settings, how, add_products=args.add_products):
            _say_order(out, name, taken)
            blocked |= taken.blocked
    return 1 if blocked else 0


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone(time_zone=name) from None


def _opened(args: argparse.Namespace) -> tuple[Any, ChannelSettings, Kind]:
    """The channel (None for a dry run of a kind, which needs no database), its settings and its kind."""
    if args.dry_run and args.channel in KINDS:
        return None, ChannelSettings(time_zone=args.time_zone), kind(args.channel)
    from recoup.conf import start

    start.ready()
    if args.channel in KINDS:
        channel = default_channel(args.channel, time_zone=args.time_zone)
    else:
        channel = existing_channel(args.channel)
    settings = ChannelSettings(code=channel.code, time_zone=channel.time_zone)
    return None if args.dry_run else channel, settings, kind(channel.kind)


def _bytes(name: str) -> bytes:
    """Raises NoFile or FileTooLarge."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it cannot be opened"
        raise NoFile(file=_printable(name), why=why.lower()) from None
    if len(raw) > LARGEST:
        raise FileTooLarge(file=_printable(name), megabytes=LARGEST // 1024 // 1024)
    return raw


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _is_reference(how: Kind, raw: bytes) -> bool:
    return how.name == "csvfile" and kind_of(raw) not in ("orders", "")


# --- orders -----------------------------------------------------------------------------------------


def _orders(
    out: Out, name: str, raw: bytes, channel: Any, settings: ChannelSettings, how: Kind, *, add_products: bool
) -> Iterator[Taken]:  # fmt: skip
    """What became of every order of a file."""
    for part in _watched(out, name, how.split(raw)):
        if channel is None:
            yield _judged(part, settings, how)
        else:
            file = "" if name == "-" else Path(_printable(name)).name
            yield store_order(channel, part, settings, how, file=file, add_products=add_products)


def _judged(part: Part, settings: ChannelSettings, how: Kind) -> Taken:
    """What the gates that need no database say."""
    from datetime import UTC, datetime

    reading = how.translate(part.body, settings)
    problems = [*reading.problems, *(gates(reading.order, at=datetime.now(UTC)) if reading.order else ())]
    problems = [problem.under(part.prefix) for problem in problems]
    return Taken("blocked" if reading.order is None or blocking(problems) else "ready", reading.order, problems)


_WORDS = {
    "ready": "can be taken in",
    "blocked": "cannot be taken in",
    "accepted": "taken in",
    "parked": "waits",
    "stale": "left aside: a newer version is here",
    "duplicate": "left aside: the same content is here",
    "dead": "cannot be taken in; kept as a dead letter",
    "known": "was delivered before",
}


def _say_order(out: Out, name: str, taken: Taken) -> None:
    draft = taken.order
    order = draft.model_dump(mode="json", exclude={"pointers"}) if draft else None
    problems = [problem.as_json() for problem in taken.problems]
    where = _printable(name)
    out.say(
        f"{where}  {_summary(draft)}: {_WORDS[taken.outcome]}{taken.remark}",
        event="order", file=where, outcome=taken.outcome, order=order, problems=problems, **taken.ids,
    )  # fmt: skip
    if draft and not out.as_json:
        for line in draft.lines:
            paid = draft.money(line.paid_minor)
            back = f", {draft.money(line.refunded_minor)} given back" if line.refunded_minor else ""
            out.say(f"    {line.quantity} × {line.sku}  {line.title}  {paid}{back}")
    _say_problems(out, taken.problems)


def _summary(draft: OrderDraft | None) -> str:
    if draft is None:
        return "order"
    who = draft.customer.email or draft.customer.name or "nobody known"
    total = draft.money(draft.total_minor)
    return f"order {draft.number} of {draft.placed_at:%Y-%m-%d}, {who}, {total}, {draft.payment.replace('_', ' ')}"


def _say_problems(out: Out, problems: Iterable[Problem]) -> None:
    if not out.as_json:
        for each in problems:
            out.say(f"    {each.severity:5}  {each.code}  {each.pointer or '/'}  {each.sentence} {each.remedy}")


# --- what orders stand on ---------------------------------------------------------------------------


def _reference_file(out: Out, name: str, raw: bytes, *, dry_run: bool) -> bool:
    """Every row of a file of products, suppliers …; returns whether anything was blocked."""
    file, where = translate(raw), _printable(name)
    if file.problems:
        head = [problem.as_json() for problem in file.problems]
        out.say(f"{where}  {len(head)} remarks about the file", event="file", file=where, problems=head)
        _say_problems(out, file.problems)
    stored = [_row(out, where, file.kind, row, dry_run) for row in _watched(out, name, file.rows)]
    good = sum(not each.blocked for each in stored)
    done = "can be taken in" if dry_run else "taken in"
    out.say(f"{where}  {good} of {len(stored)} rows of {file.kind.replace('_', ' ')} {done}")
    return good < len(stored)


def _row(out: Out, where: str, name: str, row: Any, dry_run: bool) -> Stored:
    stored = Stored.of(row) if dry_run or row.draft is None else store_row(name, row)
    draft = row.draft.model_dump(mode="json") if row.draft else None
    problems = [problem.as_json() for problem in stored.problems]
    if out.as_json:
        out.say(
            "", event=name, file=where, pointer=row.pointer, outcome=stored.outcome, row=draft, problems=problems
        )  # fmt: skip
    _say_problems(out, stored.problems)
    return stored


def _watched(out: Out, name: str, items: Any) -> Iterator[Any]:
    """A progress bar for long files, on a terminal only."""
    if out.as_json or len(items) < 50 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=_printable(name), console=Console(stderr=True), transient=True)
