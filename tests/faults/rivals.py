"""Rivals: one process that has everything loaded, and forks one child for each errand.

A child looks first (as a page does that somebody has had open for a while), then waits at a gate in the database
until every rival is there, and then acts. Reads one JSON list of [verb, arguments] per line, answers with one line.
"""

from __future__ import annotations

import gc
import http.client
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import UUID

from tests.faults.processes import GATE, PATIENCE
from tests.forked import forked

Act = Callable[[], Any]


def approve(*, line: str, staff: str) -> Act:
    """An agent approves a line that they have seen open."""
    from django.utils import timezone

    from recoup.domain.returns import actions
    from recoup.domain.returns.models import ReturnLine

    seen, actor = ReturnLine.objects.get(pk=line), _staff(staff).actor()
    return lambda: str(
        actions.approve(line=seen, remedy="refund", reason="I looked.", at=timezone.now(), actor=actor).pk
    )


def approve_at_desk(*, line: str, staff: str) -> Act:
    """The same through the desk's own page: gives [status, what the page says]."""
    from django.test import Client

    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(_staff(staff))

    def press() -> list[Any]:
        answer = browser.post(f"/desk/lines/{line}/approve/", {"remedy": "refund", "reason": "I looked."})
        return [answer.status_code, answer.content.decode()]

    return press


def credit(*, order_lines: list[str], cents: int, times: int) -> Act:
    """So many memos, one after the other, each over all the lines in the order given; gives how many were refused."""
    from django.utils import timezone

    from recoup.domain.ledger import actions
    from recoup.domain.ledger.actions import OverCredit
    from recoup.kit import ids
    from recoup.kit.actor import SYSTEM

    lines, customer = [_memo_line(each, cents) for each in order_lines], ids.new()

    def issue() -> int:
        refused = 0
        for _ in range(times):
            about: dict[str, Any] = {"customer_id": customer, "at": timezone.now(), "actor": SYSTEM}
            try:
                memo = actions.issue_memo(
                    lines=lines,
                    order_number="#1",
                    rma_number="",
                    reason="a test",
                    party={"name": "Cora", "lines": []},
                    **about,
                )
                actions.settle(memo=memo, how="refund", **about)
            except OverCredit:
                refused += 1
        return refused

    return issue


def _memo_line(order_line: str, cents: int) -> Any:
    from recoup.domain.ledger.rules import MemoLine
    from recoup.domain.orders.models import OrderLine
    from recoup.kit.money import Money

    found = OrderLine.objects.get(pk=order_line)
    return MemoLine(
        line_id=UUID(order_line), description=found.title, sku=found.sku, quantity=1,
        net=Money(cents, "EUR"), tax=Money(0, "EUR"), paid=Money(found.paid_minor, "EUR"),
    )  # fmt: skip


def pay(*, remedies: list[str]) -> Act:
    """Try to post every one of these remedies, in an order of its own; gives how many it posted."""
    from django.utils import timezone

    from recoup.domain.returns import actions
    from recoup.domain.returns.models import Remedy
    from recoup.kit.actor import SYSTEM
    from recoup.kit.refusal import Refusal

    seen = list(Remedy.objects.select_related("line").filter(pk__in=remedies))
    random.Random(os.getpid()).shuffle(seen)

    def post() -> int:
        posted = 0
        for remedy in seen:
            try:
                actions.post_remedy(remedy=remedy, at=timezone.now(), actor=SYSTEM)
                posted += 1
            except Refusal:
                continue
        return posted

    return post


def confirm(*, remedies: list[str], staff: str) -> Act:
    """Try to mark every one of these refunds as paid, in an order of its own; gives how many it marked."""
    from django.utils import timezone

    from recoup.domain.returns import actions
    from recoup.domain.returns.models import Remedy
    from recoup.foundation.accounts.models import Staff
    from recoup.kit.refusal import Refusal

    seen = list(Remedy.objects.select_related("line__order_line__order").filter(pk__in=remedies))
    random.Random(os.getpid()).shuffle(seen)
    actor = Staff.objects.get(pk=staff).actor()

    def mark() -> int:
        marked = 0
        for remedy in seen:
            now = timezone.now()
            try:
                actions.mark_paid(
                    remedy=remedy, reference=f"BANK-{os.getpid()}", paid_on=now.date(), at=now, actor=actor
                )
                marked += 1
            except Refusal:
                continue
        return marked

    return mark


def webhook(*, port: int, body: str, headers: dict[str, str]) -> Act:
    """One delivery over the network; gives [status, answer]."""

    def send() -> list[Any]:
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        wire.request("POST", "/api/channels/shop/webhook", body.encode(), headers)
        answer = wire.getresponse()
        return [answer.status, json.loads(answer.read())]

    return send


def work() -> Act:
    """Run whatever jobs are due."""
    from recoup.foundation.jobs import worker

    return worker.drain


def _staff(pk: str) -> Any:
    from recoup.foundation.accounts.models import Staff

    return Staff.objects.get(pk=pk)


ERRANDS: dict[str, Callable[..., Act]] = {
    each.__name__: each for each in (approve, approve_at_desk, confirm, credit, pay, webhook, work)
}


def run(verb: str, about: dict[str, Any]) -> dict[str, Any]:
    from django.db import connection

    from recoup.kit.refusal import Refusal

    act = ERRANDS[verb](**about)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [GATE])
    try:
        return {"done": act()}
    except Refusal as refusal:
        return {"refused": refusal.code, "sentence": refusal.say()}


def start(verb: str, about: dict[str, Any]) -> tuple[int, int]:
    """(process, the end of a pipe that its result comes out of)."""
    outcome, into = os.pipe()
    process = forked(lambda: report(into, verb, about))
    os.close(into)
    return process, outcome


def report(into: int, verb: str, about: dict[str, Any]) -> None:
    """Run the errand, and write its result into the pipe."""
    signal.alarm(int(PATIENCE))
    try:
        result = run(verb, about)
    except BaseException:
        result = {"broken": traceback.format_exc()}
    with os.fdopen(into, "w") as out:
        json.dump(result, out)


def finish(process: int, outcome: int) -> dict[str, Any]:
    with os.fdopen(outcome) as pipe:
        said = pipe.read()
    os.waitpid(process, 0)
    result: dict[str, Any] = json.loads(said) if said else {"broken": "it was killed"}
    return result


def main() -> None:
    from recoup.conf import logs
    from recoup.conf import start as house

    logs.configure()
    house.ready(tables=False)
    from django.db import connections

    from recoup.foundation.facts import wiring

    wiring.load()
    # What errands need is loaded here and not by each child, nor looked over by its collector.
    for needed in ("recoup.conf.urls", "recoup.foundation.jobs.worker", "django.test"):
        import_module(needed)
    gc.freeze()
    # A connection does not survive a fork; each child opens its own.
    connections.close_all()
    for line in sys.stdin:
        begun = [start(verb, about) for verb, about in json.loads(line)]
        print(json.dumps([finish(*each) for each in begun]), flush=True)


if __name__ == "__main__":
    main()
