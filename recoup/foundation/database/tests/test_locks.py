"""Advisory locks hold between connections."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from recoup.foundation.database import locks


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_held_for_others_until_the_block_ends() -> None:
    parameters = connection.get_connection_params()
    parameters = {k: v for k, v in parameters.items() if k in ("dbname", "user", "host", "port", "password")}
    with psycopg.connect(**parameters, autocommit=True) as other:

        def free() -> bool:
            row = other.execute("SELECT pg_try_advisory_lock(%s)", [locks.key("upload 7")]).fetchone()
            assert row is not None
            if row[0]:
                other.execute("SELECT pg_advisory_unlock(%s)", [locks.key("upload 7")])
            return bool(row[0])

        with locks.advisory("upload 7"):
            assert not free()
        assert free()
