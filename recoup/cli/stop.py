"""Stops an embedded database that was left running, for instance after kill -9."""

from __future__ import annotations

import argparse

from recoup.foundation.database import connect, embedded
from recoup.kit.refusal import Refusal


class NotEmbedded(Refusal):
    code = "database.not_embedded"
    sentence = "DATABASE_URL names a database that Recoup did not start. Stop it where it runs."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace) -> int:
    if not connect.is_embedded():
        raise NotEmbedded()
    ran = embedded.stop()
    args.out.say("The database is stopped." if ran else "The database did not run.", event="stopped", ran=ran)
    return 0
