"""The database itself refuses illegal moves and changes of what is append-only."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from recoup.foundation.database.triggers import legal_moves
from recoup.foundation.facts.models import Fact
from recoup.kit.moves import Moves

MOVES = Moves(field="state", start="cold", table={"cold": {"boil": "hot"}, "hot": {"wait": "cold"}})


def test_the_trigger_knows_exactly_the_legal_pairs() -> None:
    trigger = legal_moves(MOVES)
    assert (trigger.name, trigger.field, trigger.transitions) == (
        "state_moves",
        "state",
        [("cold", "hot"), ("hot", "cold")],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda rows: rows.update(name="B"), lambda rows: rows.delete()])
def test_what_is_append_only_stays_as_it_was(change: object) -> None:
    kept = Fact.objects.create(name="A")
    with pytest.raises(DatabaseError, match=r"Cannot (update|delete)"), transaction.atomic():
        change(Fact.objects.filter(pk=kept.pk))  # type: ignore[operator]
    assert Fact.objects.get().name == "A"


@pytest.mark.django_db
def test_what_is_append_only_is_not_emptied_either() -> None:
    Fact.objects.create(name="A")
    with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE "{Fact._meta.db_table}" CASCADE')
    assert Fact.objects.get().name == "A"
