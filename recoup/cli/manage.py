"""Django's own commands, such as “recoup manage migrate”, with the database at hand."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="…", help="the command and its arguments")


def run(args: argparse.Namespace) -> int:
    from recoup.conf import start

    start.ready(tables=False)
    from django.core.management import CommandError, ManagementUtility

    from recoup.kit.refusal import Refusal

    class CommandRefused(Refusal):
        code = "manage.refused"
        sentence = "{reason}"

    try:
        ManagementUtility(["recoup manage", *args.words]).execute()
    except CommandError as error:
        raise CommandRefused(reason=error) from None
    return 0
