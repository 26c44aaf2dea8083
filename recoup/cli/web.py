"""The pages and the API alone, for an installation on several machines."""

from __future__ import annotations

import argparse
import os
import socket
import threading
from typing import Any

from recoup.kit.refusal import Refusal


class PortTaken(Refusal):
    code = "web.port_taken"
    status = 503
    sentence = "Port {port} on {host} cannot be used: {reason}. Choose another with --port, or 0 for any free one."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 takes a free one (default: %(default)s)")
    parser.add_argument(
        "--socket", type=int, help="number of an open file that listens already, instead of host and port"
    )


def run(args: argparse.Namespace) -> int:
    listening = listen(args.host, args.port) if args.socket is None else _inherited(args.socket)
    address = reachable(args.host, listening.getsockname()[1])
    os.environ.setdefault("RECOUP_ADDRESS", address)
    import uvicorn

    from recoup.conf.asgi import application
    from recoup.foundation.database import connect

    connect.watch()
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=3,
        proxy_headers=True,
        forwarded_allow_ips=os.environ.get("RECOUP_PROXIES", "127.0.0.1"),
    )
    _server(config, args.out).run(sockets=[listening])
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises PortTaken."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(kind, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(2048)
    except (OSError, OverflowError) as error:
        made.close()
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise PortTaken(host=host, port=port, reason=reason) from None
    return made


def _inherited(number: int) -> socket.socket:
    try:
        return socket.socket(fileno=number)
    except OSError as error:
        raise PortTaken(host="this machine", port=f"of open file {number}", reason=str(error).lower()) from None


def reachable(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    own = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{own}:{port}"


def _announce(out: Any) -> None:
    from django.conf import settings
    from django.urls import reverse
    from django.utils import timezone
    from structlog import get_logger

    from recoup.conf import start
    from recoup.foundation.accounts import actions as accounts
    from recoup.foundation.database import connect
    from recoup.foundation.facts import wiring

    start.furnish()
    address, secret = settings.RECOUP_ADDRESS, accounts.first_admin_link(now=timezone.now())
    connect.give_back()
    first = address + reverse("desk:first_admin", args=[secret]) if secret else None
    for asked, used in settings.RECOUP_BRAND.changed:
        get_logger("web").warning("brand.unreadable", asked=asked, used=used)
    out.say(f"Listening: {address}", event="web.ready", address=address, first_admin=first)
    # Read the table of flows now, beside the first visitors, and not while one of them waits.
    threading.Thread(target=wiring.load, name="wiring").start()
    if first:
        out.say(f"Make the first admin (this link is good for a day): {first}")


def _server(config: Any, out: Any) -> Any:
    """A server that says where it listens once it does. Made here, because importing uvicorn takes its time."""
    import uvicorn
    from asgiref.sync import sync_to_async

    from recoup.web.capture import events

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            await sync_to_async(_announce)(out)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            events.end_all()  # an open page is no reason to stay
            await super().shutdown(sockets)

    return Announcing(config)
