"""What may be a fact, and that it survives being stored."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from recoup.foundation.facts import registry, wiring
from recoup.foundation.facts.flows import flow
from recoup.foundation.facts.registry import fact


@fact
class LidOpened:
    lid_id: uuid.UUID
    how: str
    times: int
    on: date


def test_a_fact_survives_being_stored() -> None:
    told = LidOpened(lid_id=uuid.uuid4(), how="gently", times=3, on=date(2026, 2, 28))
    assert registry.rebuild("LidOpened", registry.body(told)) == told


def test_a_value_of_another_type_is_a_bug() -> None:
    with pytest.raises(TypeError, match="times"):
        registry.body(LidOpened(lid_id=uuid.uuid4(), how="gently", times="3", on=date.min))  # type: ignore[arg-type]


def test_a_field_that_could_hold_anything_is_refused() -> None:
    @fact
    class Wrong:
        anything: dict[str, str]

    with pytest.raises(TypeError, match="anything"):
        registry.fields(Wrong)


def test_wiring_refuses_a_class_that_is_no_fact_and_two_flows_of_one_name() -> None:
    @flow
    def close(told: LidOpened) -> None: ...

    first = close

    @flow  # type: ignore[no-redef]
    def close(told: LidOpened) -> None: ...

    wiring.load()
    before = dict(wiring.FLOWS)
    with pytest.raises(ValueError, match="Two flows"):
        wiring.wire({LidOpened: [first, close]})
    with pytest.raises(ValueError, match="not a fact"):
        wiring.wire({int: [first]})
    assert before == wiring.FLOWS
