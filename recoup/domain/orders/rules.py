"""The gates an order passes, as pure rules: draft in, problems out. The time is passed in.

What is decided here, once for every channel:

- **Sums.** What the lines and charges come to is compared with the total the source states. A difference of at
  most one minor unit per line is rounding: *warn*. More: *hold*; the order is taken in, because the customer did
  buy, and a person sees the note before money moves.
- **Currency.** Three letters that no currency has: *hold*. No currency at all: *block*, for no amount means
  anything without one.
- **Cancelled, voided, unpaid, partly paid**: *hold*. The order exists and may be asked about; nothing is paid back
  by itself.
- **An older version** of an order we have is *stale*; the same content again is a *duplicate*; both change nothing.
- **What may have been cut off** unseen: a new order is taken in with a *hold*; an order that we have stays as it is,
  and what came is kept as a dead letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Literal

from recoup.domain.orders.canonical import LineDraft, OrderDraft
from recoup.domain.orders.currencies import ISO_4217
from recoup.kit.money import Money
from recoup.kit.problem import Problem

#: Fields of an order that its source owns, until one of us corrects them.
SOURCE_FIELDS = (
    "number", "placed_at", "currency", "country", "total_minor", "payment", "cancelled_at", "shipped_at",
    "delivered_at", "ship_to", "tracking_numbers",
)  # fmt: skip
_CLOCK_SLACK = timedelta(days=1)

Timing = Literal["first", "newer", "duplicate", "stale"]
_NOT_PAID = {
    "unpaid": "This order is not paid.",
    "partly_paid": "This order is paid in part only.",
    "voided": "The payment of this order was voided.",
}


def gates(draft: OrderDraft, *, at: datetime) -> list[Problem]:
    """Every problem that the draft shows by itself, in the order of the gates."""
    return [*_structure(draft), *_completeness(draft), *_arithmetic(draft), *_semantics(draft, at)]


def _structure(draft: OrderDraft) -> Iterator[Problem]:
    seen = Counter(line.external_id for line in draft.lines)
    for line in draft.lines:
        if seen.pop(line.external_id, 1) > 1:
            yield Problem(
                "structure.line_twice", line.pointer, "block", f"The line {line.external_id} is there more than once.",
                "Give every line of an order its own id.",
            )  # fmt: skip


def _completeness(draft: OrderDraft) -> Iterator[Problem]:
    if not draft.lines:
        yield Problem(
            "completeness.lines", draft.pointers.get("lines", ""), "block", "The order has no lines.",
            "Deliver the whole order, with what was bought.",
        )  # fmt: skip
    if draft.cut_at:
        yield Problem(
            "completeness.cut_off", draft.cut_at, "hold", "The file ends without a line break, so it may be cut off.",
            "Compare the order's last value with its source, or bring in the whole file.",
        )  # fmt: skip
    if not draft.customer.email:
        yield Problem(
            "completeness.email", draft.pointers.get("email", ""), "warn",
            "The order has no e-mail address, so the customer cannot find it by one.",
            "Send the customer a link, or add the address in the shop.",
        )  # fmt: skip


def _arithmetic(draft: OrderDraft) -> Iterator[Problem]:
    for line in draft.lines:
        yield from _line_sums(line, draft)
    gap = draft.total_minor - draft.summed_minor
    if gap and draft.lines:
        yield _total(draft, gap)


def _line_sums(line: LineDraft, draft: OrderDraft) -> Iterator[Problem]:
    if line.tax_minor > line.paid_minor:
        yield Problem(
            "arithmetic.tax_above_paid", line.pointer, "block",
            f"The tax of {draft.money(line.tax_minor)} is more than the {draft.money(line.paid_minor)} paid.",
            "Correct the line's price, discount or tax in the source.",
        )  # fmt: skip
    if line.refunded_minor > line.paid_minor or line.refunded_quantity > line.quantity:
        yield Problem(
            "arithmetic.refund_above_paid", line.pointer, "block", "More was given back than was bought on this line.",
            "Correct the refunds in the source.",
        )  # fmt: skip


def _total(draft: OrderDraft, gap: int) -> Problem:
    stated, summed = Money(draft.total_minor, draft.currency), Money(draft.summed_minor, draft.currency)
    where = draft.pointers.get("total", "")
    if abs(gap) <= max(len(draft.lines), 1):
        return Problem(
            "arithmetic.rounding", where, "warn", f"The order says {stated}; its parts come to {summed}: rounding.",
            "Nothing to do.",
        )  # fmt: skip
    return Problem(
        "arithmetic.total", where, "hold", f"The order says {stated}, but its lines and charges come to {summed}.",
        "Compare with the order in the shop before money is paid back.",
    )  # fmt: skip


def _semantics(draft: OrderDraft, at: datetime) -> Iterator[Problem]:
    where = draft.pointers
    if draft.currency not in ISO_4217:
        yield Problem(
            "semantics.currency", where.get("currency", ""), "hold", f"No currency is called {draft.currency}.",
            "Correct the currency in the shop; amounts stay as they came until then.",
        )  # fmt: skip
    if draft.cancelled_at:
        yield Problem(
            "semantics.cancelled", where.get("cancelled_at", ""), "hold",
            f"This order was cancelled on {draft.cancelled_at:%Y-%m-%d}.",
            "Find out whether the goods were sent before money is paid back.",
        )  # fmt: skip
    if draft.payment in _NOT_PAID:
        yield Problem(
            f"semantics.{draft.payment}", where.get("payment", ""), "hold", _NOT_PAID[draft.payment],
            "Check what the customer paid before money is paid back.",
        )  # fmt: skip
    yield from _dates(draft, at)


def _dates(draft: OrderDraft, at: datetime) -> Iterator[Problem]:
    if draft.placed_at > at + _CLOCK_SLACK:
        yield Problem(
            "semantics.future", draft.pointers.get("placed_at", ""), "hold",
            f"The order was placed on {draft.placed_at:%Y-%m-%d}, which is still to come.",
            "Correct the date, or the time zone of the channel.",
        )  # fmt: skip
    steps = [("placed_at", draft.placed_at), ("shipped_at", draft.shipped_at), ("delivered_at", draft.delivered_at)]
    known = [(name, moment) for name, moment in steps if moment]
    for (before, early), (after, late) in pairwise(known):
        if late < early - _CLOCK_SLACK:
            yield Problem(
                "semantics.dates", draft.pointers.get(after, ""), "hold",
                f"“{after}” ({late:%Y-%m-%d}) is before “{before}” ({early:%Y-%m-%d}).",
                "Correct the dates: the warranty stands on them.",
            )  # fmt: skip


def references(draft: OrderDraft, known: Iterable[str]) -> list[str]:
    """What the order names and we do not have, as 'product:SKU', each once, in the order of its lines."""
    have = set(known)
    return [f"product:{sku}" for sku in dict.fromkeys(line.sku for line in draft.lines) if sku not in have]


def missing(draft: OrderDraft, waits: Iterable[str]) -> list[Problem]:
    """The problem for each missing reference; it holds the order until the reference arrives."""
    first = {line.sku: line for line in reversed(draft.lines)}
    return [
        Problem(
            "references.product", first[wait.partition(":")[2]].pointer, "hold",
            f"No product has the SKU {wait.partition(':')[2]}.",
            "Add the product; the order goes on by itself when it is there.",
        )
        for wait in waits
    ]  # fmt: skip


def timing(*, current: datetime | None, incoming: datetime, seen_before: bool) -> Timing:
    """How a delivery stands to the order we have (``current`` is its source's time stamp, None: no order yet).

    Of two different contents with one time stamp, the one that arrived later counts.
    """
    if current is None:
        return "first"
    if incoming < current:
        return "stale"
    return "duplicate" if seen_before and incoming == current else "newer"


def cut_off(draft: OrderDraft) -> Problem:
    """Why a draft that may have been cut off is not laid over an order that we have."""
    return Problem(
        "transition.cut_off", draft.cut_at, "block",
        f"The file ends without a line break, so it may be cut off; order {draft.number} stays as it was.",
        "Bring in the whole file. If this is the whole file, end its last line with a line break.",
    )  # fmt: skip


def transition(draft: OrderDraft, *, currency: str) -> list[Problem]:
    """What may not change about an order that we have: memos and refunds are written in the currency it came in."""
    if draft.currency == currency or currency not in ISO_4217:
        return []
    return [
        Problem(
            "transition.currency", draft.pointers.get("currency", ""), "block",
            f"Order {draft.number} came in {currency}, and is said to be in {draft.currency} now; it stays as it was.",
            "Correct the currency in the shop. If it was wrong from the beginning, cancel the order there and place it anew.",
        )
    ]  # fmt: skip


def line_not_said(external_id: str, sku: str) -> Problem:
    """What a person should read when a source that lists what it has leaves a known line out."""
    return Problem(
        "semantics.line_not_said", "", "hold", f"The line {external_id} ({sku}) did not come; it stays as it was.",
        "Bring in every line of the order; what was taken off comes with what was given back for it.",
    )  # fmt: skip


def line_ids(lines: Sequence[tuple[str, str]], known: Mapping[str, str], *, taken: Collection[str] = ()) -> list[str]:
    """Which lines we know are meant by lines that came without ids: (place, SKU) each, against id → SKU.

    The SKU tells, at its place first. What is left over takes the place of what is left over, when as many lines came
    as we know; else it is new, for it must not overwrite a line that did not come. No id is one of ``taken``.
    """
    left, ids = dict(known), [""] * len(lines)
    for number, (place, sku) in enumerate(lines):
        ids[number] = place if left.get(place) == sku else next((each for each in left if left[each] == sku), "")
        left.pop(ids[number], None)
    replaced = iter(left if len(lines) >= len(known) else ())
    used = {*known, *taken, *ids}
    for number, each in enumerate(ids):
        if not each:
            ids[number] = next(replaced, "") or next(free for free in map(str, count(1)) if free not in used)
            used.add(ids[number])
    return ids


def writable(provenance: Mapping[str, Mapping[str, str]], *, silent: Collection[str] = ()) -> list[str]:
    """The fields a new version from the source may write: those that it speaks of and nobody here has corrected."""
    return [
        name
        for name in SOURCE_FIELDS
        if provenance.get(name, {}).get("owner", "source") == "source" and not (name in silent and name in provenance)
    ]


def fingerprint(kind: str, problem: Problem) -> str:
    """What dead letters are grouped by: the source's kind, gate, code and place."""
    return f"{kind} {problem.gate} {problem.code} {problem.place()}"[:200]
