"""Plays the whole line, from a customer's photo to the supplier's credit, on sample input or on yours.

It plays in a company of its own: a database, keys and files under ``var/demo``, made afresh each time, so that
nothing of it mixes with yours. Real pages, a real worker and a real database take part; nothing is pretended.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from recoup.cli import web
from recoup.cli.sample import place
from recoup.kit.refusal import Refusal

#: The demo writes to nobody's database, with nobody's key, and sends nobody mail or text messages.
_NOT_OURS = ("DATABASE_URL", "RECOUP_KEY", "RECOUP_KEY_FILE", "RECOUP_MAIL", "RECOUP_SMS_URL", "RECOUP_SMS_TOKEN")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--photos", type=Path, metavar="DIR", help="a folder with photos to send instead of the sample's"
    )
    parser.add_argument("--orders", type=Path, metavar="FILE", help="an order file (Shopify JSON or CSV) to begin with")
    parser.add_argument("--concurrency", type=int, default=2, help="jobs at a time (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    from recoup.cli.sample import album
    from recoup.cli.sample.telling import Teller

    if args.photos:
        album.found(args.photos)  # what cannot work is said before anything starts
    orders = read_orders(args.orders) if args.orders else None
    teller = Teller(args.out)
    with teller.step("A house of its own: database, pages, worker") as note:
        house, address = _open_house(args)
        note.say(f"{address}, in {Path(os.environ['RECOUP_VAR'])}", address=address, var=os.environ["RECOUP_VAR"])
    try:
        from recoup.cli.sample.story import Story

        return Story(teller, address=address, left=house.leaving, photos=args.photos, orders=orders).play()
    except Refusal as refusal:
        args.out.refuse(refusal)
        return 1
    finally:
        house.close()


class NoOrders(Refusal):
    code, status = "demo.no_orders", 404
    sentence = "{file} cannot be read as a file with orders. Give a Shopify JSON file or a CSV file after --orders."


def read_orders(file: Path) -> bytes:
    """Raises NoOrders."""
    try:
        return file.read_bytes()
    except OSError:
        raise NoOrders(file=file) from None


def _open_house(args: argparse.Namespace) -> tuple[Any, str]:
    """Pages and worker over a new, empty database; the caller closes it."""
    from recoup.cli.serve import House

    _empty_house()
    listening = web.listen("127.0.0.1", 0)
    address = os.environ["RECOUP_ADDRESS"] = web.reachable("127.0.0.1", listening.getsockname()[1])
    from recoup.conf import start

    house = House(argparse.Namespace(out=args.out, concurrency=args.concurrency, demo=False), listening)
    try:
        start.ready()
        house.until_ready()
    except BaseException:
        house.close()
        raise
    return house, address


def demo_folder() -> Path:
    """Where the demo's own company lives."""
    from recoup.foundation.database import embedded

    return embedded.var() / "demo"


def environment(folder: Path) -> dict[str, str]:
    """For a process that works on the demo's company."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return {**kept, "RECOUP_VAR": str(folder)}


def _empty_house() -> None:
    """Point this process, and those it starts, at a new installation; the demo before is swept away."""
    from recoup.foundation.database import embedded

    folder = demo_folder()
    for name in _NOT_OURS:
        os.environ.pop(name, None)
    os.environ["RECOUP_VAR"] = str(folder)
    place.settle(os.environ)
    embedded.stop()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def seed_company() -> dict[str, str]:
    """Fill this installation with the sample company, for ``serve --demo``; again, it goes on where it stopped.

    Returns what to show, label → value. An installation with people of its own is left alone.
    """
    from django.conf import settings
    from django.utils import timezone

    from recoup.cli.sample import cases, company
    from recoup.foundation.accounts import queries as accounts

    if accounts.has_staff() and not company.is_here():
        return {"demo": "left out: this installation has people of its own. Choose another folder with RECOUP_VAR."}
    now = timezone.now()
    staff = company.furnish(now=now)
    cases.take_orders(now=now)
    _, secret = cases.open_link(cases.sale(cases.FREE), actor=staff["agent"], now=now)
    cases.play_behind(staff)
    sys.stdout.flush()
    shown = {role: f"{email}  {company.PASSWORD}" for role, (_, email) in company.PEOPLE.items()}
    return {**shown, "a_customer": f"{settings.RECOUP_ADDRESS}/c/{secret}/"}
