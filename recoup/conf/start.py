"""Getting ready, the same for every process: settings, database, tables."""

from __future__ import annotations

import gc
import os

import django

from recoup.kit import memory
from recoup.kit.refusal import Refusal


class TablesOutOfDate(Refusal):
    code = "database.tables_out_of_date"
    status = 503
    sentence = (
        "The database lacks migrations of this version: {first} first, {count} in all. Run “recoup manage migrate”."
    )


def settings() -> None:
    """Read the settings and load the apps; no database yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recoup.conf.settings")
    # What is loaded stays: the collector need not walk over it again and again, while it is loaded as little as later.
    gc.set_threshold(50_000, 20, 50)
    django.setup(set_prefix=False)
    gc.freeze()
    memory.keep_what_is_freed()


def ready(*, tables: bool = True) -> None:
    """Everything that must hold before work begins. Raises the refusals of ``foundation.database`` and TablesOutOfDate.

    The embedded database is started, and its tables are brought up to date. Those of another
    database are only checked: changing them is for whoever looks after it.
    """
    settings()
    from recoup.foundation.database import checks, connect, migrating

    connect.ready()
    checks.refuse_unsafe()
    if not tables:
        return
    if connect.is_embedded() or os.environ.get("RECOUP_MIGRATE") == "1":
        migrating.migrate()
    elif todo := migrating.missing():
        raise TablesOutOfDate(count=len(todo), first=todo[0])


def furnish() -> None:
    """What nobody could begin without: kinds of defects with their shots, and one warehouse. Only where there is none."""
    from recoup.domain.defects import actions as defects
    from recoup.domain.warehouse import actions as warehouse
    from recoup.domain.warehouse import queries
    from recoup.kit.actor import SYSTEM

    defects.install_starter_types(actor=SYSTEM)
    if not queries.sites():
        warehouse.open_site(code="MAIN", name="Main warehouse", actor=SYSTEM)
