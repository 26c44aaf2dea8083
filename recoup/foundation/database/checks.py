"""What a database must be before Recoup trusts it with evidence and money."""

from __future__ import annotations

from django.db import connection

from recoup.kit.refusal import Refusal

OLDEST = 16


class DatabaseTooOld(Refusal):
    code = "database.too_old"
    status = 503
    sentence = "This is PostgreSQL {found}; Recoup needs {oldest} or newer. Point DATABASE_URL to a newer one."


class DatabaseForgets(Refusal):
    code = "database.forgets"
    status = 503
    sentence = (
        "The database runs with {setting}=off, so a power cut may lose or damage what it has confirmed. "
        "Set {setting}=on in postgresql.conf and reload it."
    )


class DatabaseOutOfReach(Refusal):
    code = "database.out_of_reach"
    status = 503
    sentence = "The database cannot be reached: {reason}. Check DATABASE_URL and that the server runs."


def refuse_unsafe() -> None:
    """Raise DatabaseTooOld, DatabaseForgets or DatabaseOutOfReach; return when the database can be trusted."""
    from django.db.utils import OperationalError

    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000,"
                " current_setting('fsync'), current_setting('full_page_writes')"
            )
            version, fsync, full_page_writes = cursor.fetchone()
    except OperationalError as error:
        raise DatabaseOutOfReach(reason=str(error).strip().splitlines()[0].rstrip(".")) from None
    judge(version=version, fsync=fsync, full_page_writes=full_page_writes)


def judge(*, version: int, fsync: str, full_page_writes: str) -> None:
    if version < OLDEST:
        raise DatabaseTooOld(found=version, oldest=OLDEST)
    for setting, value in (("fsync", fsync), ("full_page_writes", full_page_writes)):
        if value != "on":
            raise DatabaseForgets(setting=setting)
