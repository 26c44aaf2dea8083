"""Lists the channels, or adds one: a shop with its webhook secret, or a file feed.

The secret is read from RECOUP_CHANNEL_SECRET or, with --secret -, from standard input: an argument would be seen by
everybody on this machine.
"""

from __future__ import annotations

import argparse
import os
import sys

from recoup.channels.kinds import KINDS
from recoup.channels.kinds import kind as known_kind


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", help="the new channel's code, such as shop-eu; without it, all are listed")
    parser.add_argument("--kind", default="shopify", help=f"one of {', '.join(KINDS)}")
    parser.add_argument("--name", default="", help="what people call it")
    parser.add_argument("--time-zone", default="UTC", help="for times that come without a zone")
    parser.add_argument("--secret", choices=["-"], help="read the webhook secret from standard input")


def run(args: argparse.Namespace) -> int:
    from recoup.conf import start

    known_kind(args.kind)
    start.ready()
    from recoup.domain.orders import actions, queries
    from recoup.kit.actor import SYSTEM

    if args.code is None:
        for each in queries.channels():
            _say(args, each)
        return 0
    secret = sys.stdin.readline().strip() if args.secret else os.environ.get("RECOUP_CHANNEL_SECRET", "")
    made = actions.create_channel(
        code=args.code, kind=args.kind, name=args.name, secret=secret, time_zone=args.time_zone, actor=SYSTEM
    )  # fmt: skip
    _say(args, made)
    return 0


def _say(args: argparse.Namespace, channel: object) -> None:
    code, kind, name = (getattr(channel, field) for field in ("code", "kind", "name"))
    signed = bool(getattr(channel, "sealed_secret", b""))
    path = f"/api/channels/{code}/webhook" if signed else ""
    known = os.environ.get("RECOUP_ADDRESS", "").rstrip("/")
    webhook = known + path if path else ""
    hint = "  (comes after your installation's address)" if path and not known else ""
    args.out.say(f"{code}  {kind}  {name}  {webhook}{hint}".rstrip(), code=code, kind=kind, name=name, webhook=webhook)
