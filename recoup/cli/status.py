"""Says whether the database runs, who works, and what waits. Starts nothing."""

from __future__ import annotations

import argparse

from recoup.foundation.database import connect


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    if connect.is_embedded() and not _embedded_runs(args):
        return 0
    from recoup.conf import start

    start.ready(tables=False)
    from recoup.foundation.database import migrating
    from recoup.foundation.jobs import queries

    if todo := migrating.missing():
        args.out.say(f"tables   {len(todo)} migrations to come", event="tables", missing=len(todo))
        return 0
    workers, waiting, dead = queries.workers(), queries.waiting(), len(queries.dead_letters())
    text = f"jobs     {workers} workers · {waiting} waiting · {dead} dead letters"
    args.out.say(text, event="jobs", workers=workers, waiting=waiting, dead_letters=dead)
    return 0


def _embedded_runs(args: argparse.Namespace) -> bool:
    from recoup.foundation.database import embedded

    found = embedded.status()
    state = f"runs (process {found.pid})" if found.running else "does not run"
    facts = {"running": found.running, "pid": found.pid, "used": found.used, "folder": found.folder}
    args.out.say(f"database {state} in {found.folder}", event="database", **facts)
    return found.running
