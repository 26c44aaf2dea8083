"""Everything on one machine: pages, worker and the embedded database, started again when they die."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import threading
import time
from importlib import import_module
from typing import Any

from recoup.cli import web
from recoup.cli.out import Out
from recoup.cli.sample import place as sample_place
from recoup.cli.supervised import Supervised
from recoup.kit.refusal import Refusal

_LOOK_EVERY = 0.05  # seconds


class PartRefused(Refusal):
    code = "serve.refused"
    status = 503
    sentence = "{reason}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--demo", action="store_true", help="with a company, its orders and its cases to look at")
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    began = time.monotonic()
    # Listening here and handing it down: while the web part is started again, visitors wait instead of being turned away.
    listening = web.listen(args.host, args.port)
    os.environ.setdefault("RECOUP_ADDRESS", web.reachable(args.host, listening.getsockname()[1]))
    if args.demo:
        os.environ["RECOUP_DEMO"] = "1"
        sample_place.settle(os.environ)
    # The parts first: they load while the database starts, and wait for it by themselves.
    house = House(args, listening)
    try:
        _start_database()
        house.until_ready()
        house.welcome(seconds=time.monotonic() - began)
        if args.demo:
            threading.Thread(target=_seed, args=[args.out], name="demo", daemon=True).start()
        house.look_after()
    finally:
        house.close()
    return 0


def _start_database() -> None:
    from recoup.foundation.database import connect

    connect.ready()
    connect.watch()


class House:
    """The parts that run, and what they said."""

    def __init__(self, args: argparse.Namespace, listening: socket.socket) -> None:
        self.out: Out = args.out
        self.demo: bool = args.demo
        self.leaving = threading.Event()
        self.said: dict[str, dict[str, Any]] = {}
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.leaving.set())
        handle = listening.fileno()
        self.parts = {
            "web": Supervised("web", "--socket", str(handle), heard=self.hear, keeps=[handle]),
            "worker": Supervised("worker", "--concurrency", str(args.concurrency), heard=self.hear),
        }

    def hear(self, line: dict[str, Any]) -> None:
        event = line.get("event", "refused")
        if event == "web.ready" and event in self.said and not self.demo and (first := line["first_admin"]):
            self.out.say(f"The first admin's link is now {first}", event="first_admin", first_admin=first)
        self.said[event] = line

    def until_ready(self) -> None:
        """Wait for both parts. Raises PartRefused when one ends before it was ever ready: trying again would not help."""
        while not self.leaving.is_set() and not {"web.ready", "worker.ready"} <= set(self.said):
            for name, part in self.parts.items():
                if part.dead and not self.leaving.is_set():
                    time.sleep(_LOOK_EVERY)
                    reason = self.said.get("refused", {}).get(
                        "sentence", f"The {name} process ended; its log is above."
                    )
                    raise PartRefused(reason=reason)
            self.leaving.wait(_LOOK_EVERY)

    def welcome(self, *, seconds: float) -> None:
        ready = self.said.get("web.ready")
        if ready is None:
            return
        # The demo brings an admin of its own.
        address, first = ready["address"], None if self.demo else ready["first_admin"]
        say = self.out.say
        say(f"Recoup is ready ({seconds:.1f} s).", event="ready", seconds=round(seconds, 2), **_places(address, first))
        for name, place in _places(address, first).items():
            if place:
                say(f"  {name.replace('_', ' '):<12} {place}")
        say("Stop it with Ctrl-C.")

    def look_after(self) -> None:
        """Start again what dies, until asked to leave."""
        from structlog import get_logger

        while not self.leaving.wait(_LOOK_EVERY):
            for name, part in self.parts.items():
                if part.dead and not self.leaving.is_set():
                    get_logger("serve").warning("serve.restarts", part=name, exit=part.process.returncode)
                    part.restart(wait=self.leaving.wait)

    def close(self) -> None:
        for part in self.parts.values():
            part.ask_to_end()
        for part in self.parts.values():
            part.end()


def _places(address: str, first: str | None) -> dict[str, str | None]:
    return {"customers": f"{address}/", "desk": f"{address}/desk/", "first_admin": first}


def _seed(out: Out) -> None:
    """Fill the house with the demo's company, beside it; ``seed_company`` returns what to show, label → value."""
    from structlog import get_logger

    from recoup.conf import start

    out.say("The demo company moves in …")
    try:
        start.ready()
        shown = import_module("recoup.cli.demo").seed_company() or {}
    except Refusal as refusal:
        out.refuse(refusal)
        return
    except Exception:
        get_logger("serve").exception("serve.demo_failed")
        return
    out.say("The demo company is in.", event="demo.ready", **shown)
    for label, value in shown.items():
        out.say(f"  {label.replace('_', ' '):<12} {value}")
    sys.stdout.flush()
