from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.catalogue import actions, queries, rules
from recoup.domain.catalogue.models import Batch, Product, Serial, WarrantyPlan
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import NotAllowed

NOBODY = Actor(kind="staff", id="1", name="Nobody")


@dataclass(frozen=True)
class Version:
    jurisdiction: str
    contracts_from: date
    version: int = 1


OLD_EU, NEW_EU = Version("EU", date(2014, 6, 13)), Version("EU", date(2022, 1, 1), 2)
GERMAN, ANYWHERE = Version("DE", date(2024, 1, 1)), Version("", date(2010, 1, 1))
EVERY = [OLD_EU, NEW_EU, GERMAN, ANYWHERE]


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("DE", date(2025, 1, 1), GERMAN),
        ("DE", date(2023, 12, 31), NEW_EU),
        ("FR", date(2025, 1, 1), NEW_EU),
        ("FR", date(2021, 12, 31), OLD_EU),
        ("FR", date(2013, 1, 1), ANYWHERE),
        ("US", date(2025, 1, 1), ANYWHERE),
        ("", date(2025, 1, 1), ANYWHERE),
        ("US", date(2009, 1, 1), None),
    ],
)
def test_the_nearest_jurisdiction_in_force_on_the_day_counts(country, day, expected):
    assert rules.plan_in_force(EVERY, country=country, contract_date=day) == expected
    assert rules.plan_in_force(EVERY[::-1], country=country, contract_date=day) == expected


@given(st.lists(st.builds(Version, st.sampled_from(["DE", "EU", "", "US"]), st.dates(), st.integers(1, 9))), st.dates())
def test_a_version_that_has_not_begun_never_counts(versions, day):
    found = rules.plan_in_force(versions, country="DE", contract_date=day)
    assert found is None or (found.contracts_from <= day and found.jurisdiction in ("DE", "EU", ""))
    if found is None:
        assert not [each for each in versions if each.contracts_from <= day and each.jurisdiction != "US"]


@given(st.integers(0, 10**13 - 1))
def test_a_gtin_has_exactly_one_check_digit(number):
    assert [rules.is_gtin(f"{number:013}{digit}") for digit in range(10)].count(True) == 1


def test_known_gtins():
    assert all(map(rules.is_gtin, ["4006381333931", "036000291452", "40170725", "10012345678902"]))
    assert not any(map(rules.is_gtin, ["4006381333932", "", "123", "40063813339310", "４006381333931"]))


@pytest.mark.django_db
def test_a_product_is_added_once_and_changed_where_it_differs():
    first = actions.upsert_product(sku="K", name="Kettle", actor=SYSTEM)
    again = actions.upsert_product(sku="K", name="Kettle", actor=SYSTEM)
    changed = actions.upsert_product(sku="K", name="Big kettle", gtin="4006381333931", actor=SYSTEM)
    assert first.pk == again.pk == changed.pk
    assert [(line.verb, line.facts.get("fields")) for line in trail(first)] == [
        ("product.added", None), ("product.changed", "name, gtin"),
    ]  # fmt: skip
    assert Fact.objects.filter(name="ReferenceArrived").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "refusal"), [({"gtin": "123"}, actions.BadGtin), ({"serial_format": "("}, actions.BadSerialFormat)]
)
def test_a_product_that_cannot_be_is_refused(given, refusal):
    with pytest.raises(refusal):
        actions.upsert_product(sku="K", name="Kettle", **given, actor=SYSTEM)
    assert Product.objects.count() == Fact.objects.count() == 0


@pytest.mark.django_db
def test_without_a_role_nothing_is_written():
    product = actions.upsert_product(sku="K", name="Kettle", actor=SYSTEM)
    with pytest.raises(NotAllowed):
        actions.upsert_product(sku="L", name="Lamp", actor=NOBODY)
    with pytest.raises(NotAllowed):
        actions.upsert_batch(product=product, number="B", actor=NOBODY)
    with pytest.raises(NotAllowed):
        actions.register_serial(product=product, number="S", actor=NOBODY)
    assert (Product.objects.count(), Batch.objects.count(), Serial.objects.count()) == (1, 0, 0)


@pytest.mark.django_db
def test_batches_and_serials():
    product = actions.upsert_product(sku="K", name="Kettle", serial_format=r"SN-\d+", actor=SYSTEM)
    batch = actions.upsert_batch(product=product, number="B-1", made_date=date(2025, 1, 1), actor=SYSTEM)
    assert actions.upsert_batch(product=product, number="B-1", actor=SYSTEM).made_date == date(2025, 1, 1)
    serial = actions.register_serial(product=product, number="SN-1", actor=SYSTEM)
    assert actions.register_serial(product=product, number="SN-1", batch=batch, actor=SYSTEM).batch == batch
    assert queries.find_serial(product=product, number=" sn-1 ") == serial
    assert queries.find_serial(product=product, number="SN-2") is None
    assert queries.batch(sku="K", number="B-1") == batch


@pytest.mark.django_db
def test_a_serial_that_cannot_be_is_refused():
    product = actions.upsert_product(sku="K", name="Kettle", serial_format=r"SN-\d+", actor=SYSTEM)
    other = actions.upsert_product(sku="L", name="Lamp", actor=SYSTEM)
    foreign = actions.upsert_batch(product=other, number="B-1", actor=SYSTEM)
    with pytest.raises(actions.SerialDoesNotFit):
        actions.register_serial(product=product, number="XX", actor=SYSTEM)
    with pytest.raises(actions.BatchOfAnotherProduct):
        actions.register_serial(product=product, number="SN-1", batch=foreign, actor=SYSTEM)
    assert Serial.objects.count() == 0


@pytest.mark.django_db
def test_a_plan_and_its_versions():
    def plan(**given):
        fields = {"code": "H", "version": 1, "contracts_from": date(2022, 1, 1), "months": 24, "source": "law"}
        return actions.upsert_plan(**{**fields, **given}, actor=SYSTEM)

    plan(jurisdiction="EU")
    plan(jurisdiction="EU", version=2, contracts_from=date(2024, 1, 1), months=36, pro_rata=[[12, 100], [36, 50]])
    product = actions.upsert_product(sku="K", name="Kettle", warranty_plan="H", actor=SYSTEM)
    found = queries.plan_for(product=product, jurisdiction="DE", contract_date=date(2024, 5, 1))
    assert found is not None
    assert (found.version, found.pro_rata) == (2, [[12, 100], [36, 50]])
    assert queries.plan_for(product=product, jurisdiction="US", contract_date=date(2024, 5, 1)) is None
    product.warranty_plan = ""
    assert queries.plan_for(product=product, jurisdiction="DE", contract_date=date(2024, 5, 1)) is None
    for steps in ([[12]], [[12, 101]], [[40, 50]], [[12, 100], [6, 50]], [[6, 50], [6, 40]]):
        with pytest.raises(actions.BadPlan):
            plan(version=3, pro_rata=steps)
    assert WarrantyPlan.objects.count() == 2


@pytest.mark.django_db
def test_what_is_not_here_is_said():
    with pytest.raises(queries.UnknownProduct):
        queries.product("K")
    with pytest.raises(queries.UnknownBatch):
        queries.batch(sku="K", number="B")
