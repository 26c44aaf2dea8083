from __future__ import annotations

import pytest

from recoup.kit.moves import IllegalMove, Moves

DOOR = Moves(
    field="door",
    start="shut",
    table={"shut": {"open": "open", "lock": "locked"}, "open": {"shut": "shut"}, "locked": {}},
)


def test_the_table_gives_buttons_pairs_and_next() -> None:
    assert DOOR.verbs("shut") == ["open", "lock"]
    assert list(DOOR.pairs()) == [("shut", "open"), ("shut", "locked"), ("open", "shut")]
    assert DOOR.next("open", "shut") == "shut"


def test_an_illegal_move_says_what_and_where() -> None:
    with pytest.raises(IllegalMove) as no:
        DOOR.next("locked", "open")
    assert "“open” is not possible while it is “locked”" in no.value.say()


def test_a_table_that_leads_nowhere_is_a_bug() -> None:
    with pytest.raises(ValueError, match="attic"):
        Moves(field="door", start="shut", table={"shut": {"climb": "attic"}})
