"""Runs jobs, as many processes on as many machines as you like."""

from __future__ import annotations

import argparse
import os
import socket


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default: %(default)s)")
    parser.add_argument("--name", default=f"{socket.gethostname()}-{os.getpid()}", help="how the logs call it")


def run(args: argparse.Namespace) -> int:
    from recoup.conf import start

    start.ready()
    from recoup.foundation.database import connect
    from recoup.foundation.facts import wiring
    from recoup.foundation.jobs import worker

    connect.watch()
    wiring.load()
    args.out.say(f"Working: {args.name}", event="worker.ready", name=args.name)
    worker.run(concurrency=max(1, args.concurrency), name=args.name)
    return 0
