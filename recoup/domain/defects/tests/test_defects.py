from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.defects import actions, queries, rules
from recoup.domain.defects.models import PICTURES, DefectType, KnownPattern, ShotListItem
from recoup.domain.defects.rules import Pattern, Shot, Unit
from recoup.domain.defects.starter import STARTER
from recoup.foundation.audit.queries import trail
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import NotAllowed

BUYER = Actor(kind="staff", id="1", name="Bea", roles=frozenset({"buyer"}))
PRODUCT, BATCH = ids.new(), ids.new()
UNIT = Unit(PRODUCT, "leaks", BATCH, "K-10", date(2025, 6, 1))


@pytest.mark.parametrize(
    ("pattern", "touched"),
    [
        ({}, True),
        ({"product_id": PRODUCT, "batch_id": BATCH, "defect_type": "leaks"}, True),
        ({"product_id": ids.new()}, False),
        ({"batch_id": ids.new()}, False),
        ({"defect_type": "cracked"}, False),
        ({"serial_from": "K-9", "serial_to": "K-11"}, True),
        ({"serial_from": "K-11"}, False),
        ({"serial_to": "K-9"}, False),
        ({"serial_to": "k-10"}, True),
        ({"sold_from": date(2025, 6, 1), "sold_to": date(2025, 6, 1)}, True),
        ({"sold_from": date(2025, 6, 2)}, False),
        ({"sold_to": date(2025, 5, 31)}, False),
    ],
)
def test_whom_a_pattern_touches(pattern, touched):
    assert rules.touches(Pattern("P", "route", **pattern), UNIT) is touched


def test_what_nobody_knows_does_not_match():
    unknown = Unit(PRODUCT, "leaks")
    for asked in ({"batch_id": BATCH}, {"serial_from": "K-1"}, {"sold_to": date(2030, 1, 1)}):
        assert not rules.touches(Pattern("P", "route", **asked), unknown)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_serials_are_counted_and_not_spelled(one, other):
    assert (rules.counted(f"K-{one}") < rules.counted(f"K-{other}")) == (one < other)


@given(st.text(), st.text())
def test_any_two_serials_can_be_compared(one, other):
    assert (rules.counted(one) <= rules.counted(other)) or (rules.counted(other) <= rules.counted(one))


@pytest.mark.django_db
def test_a_defect_type_with_its_shots():
    shots = [Shot("overall", "All of it."), Shot("close_up", "The spot.", required=False)]
    made = actions.define_defect_type(code="leaks", name="It leaks", shots=shots, actor=SYSTEM)
    actions.define_defect_type(code="leaks", name="It leaks", shots=shots, actor=SYSTEM)
    listed = [(each.shot, each.required) for each in queries.shot_list("leaks")]
    assert listed == [("overall", True), ("close_up", False)]
    actions.define_defect_type(code="leaks", name="It drips", shots=shots[:1], active=False, actor=SYSTEM)
    assert [line.facts.get("fields") for line in trail(made)] == [None, "name, active, shots"]
    assert queries.types() == []
    with pytest.raises(queries.UnknownDefectType):
        queries.defect_type("leaks")


@pytest.mark.django_db
def test_a_defect_type_has_the_picture_it_is_given_or_that_of_its_code_or_a_neutral_one():
    drawn = [
        queries.picture_of(actions.define_defect_type(code=code, name="It", shots=[], picture=picture, actor=SYSTEM))
        for code, picture in (("leaks", ""), ("drips", "leaks"), ("smells", ""), ("drips", ""), ("leaks", "cracked"))
    ]
    assert drawn == ["leaks", "leaks", "other", "other", "cracked"]
    assert {kind.code for kind in STARTER} == {word for word, _ in PICTURES}
    with pytest.raises(actions.UnknownPicture):
        actions.define_defect_type(code="drips", name="It drips", shots=[], picture="a cat", actor=SYSTEM)
    assert DefectType.objects.get(code="drips").name == "It"


@pytest.mark.django_db
def test_a_shot_nobody_knows_and_a_double_one_are_refused():
    for shots in ([Shot("from_above", "x")], [Shot("overall", "x"), Shot("overall", "y")]):
        with pytest.raises(actions.UnknownShot):
            actions.define_defect_type(code="leaks", name="It leaks", shots=shots, actor=SYSTEM)
    with pytest.raises(NotAllowed):
        actions.define_defect_type(code="leaks", name="It leaks", shots=[], actor=BUYER)
    assert DefectType.objects.count() == 0


@pytest.mark.django_db
def test_stops_come_before_routes_and_approvals():
    kettle = catalogue.upsert_product(sku="K", name="Kettle", actor=SYSTEM)
    lamp = catalogue.upsert_product(sku="L", name="Lamp", actor=SYSTEM)
    known = [("A", "approve", kettle), ("B", "stop", kettle), ("C", "route", kettle), ("D", "stop", lamp)]
    for code, action, product in known:
        actions.describe_pattern(code=code, sentence="It is known.", action=action, product=product, actor=SYSTEM)
    found = queries.patterns_for(product=kettle, defect_type="leaks", serial="K-1", sold=date(2025, 1, 1))
    assert [each.code for each in found] == ["B", "C", "A"]
    actions.describe_pattern(
        code="B", sentence="It is known.", action="stop", product=kettle, active=False, actor=SYSTEM
    )
    assert [each.code for each in queries.patterns_for(product=kettle, defect_type="leaks")] == ["C", "A"]


@pytest.mark.django_db
def test_a_pattern_that_cannot_be_is_refused():
    with pytest.raises(actions.BoundlessPattern):
        actions.describe_pattern(code="P", sentence="All.", action="stop", sold_from=date(2025, 1, 1), actor=SYSTEM)
    with pytest.raises(actions.UnknownPatternAction):
        actions.describe_pattern(code="P", sentence="x", action="explode", serial_from="1", actor=SYSTEM)
    with pytest.raises(NotAllowed):
        actions.describe_pattern(code="P", sentence="x", action="stop", serial_from="1", actor=BUYER)
    assert KnownPattern.objects.count() == 0


@pytest.mark.django_db
def test_the_starter_types_are_there_once():
    assert len(actions.install_starter_types(actor=SYSTEM)) == len(STARTER)
    assert actions.install_starter_types(actor=SYSTEM) == []
    assert [each.code for each in queries.types()] == [kind.code for kind in STARTER]
    assert all(each.shots.filter(required=True).exists() for each in queries.types())
    assert ShotListItem.objects.exclude(instruction__endswith=".").count() == 0
