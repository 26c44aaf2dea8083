"""What a new installation begins with."""

from __future__ import annotations

import pytest

from recoup.conf import start
from recoup.domain.defects.models import DefectType
from recoup.domain.warehouse import actions as warehouse
from recoup.domain.warehouse import queries
from recoup.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_new_house_has_kinds_of_defects_and_a_warehouse_and_gets_them_once() -> None:
    start.furnish()
    kinds = DefectType.objects.count()
    start.furnish()
    assert kinds > 3 and DefectType.objects.count() == kinds
    assert [site.code for site in queries.sites()] == ["MAIN"]


def test_a_house_with_a_warehouse_of_its_own_keeps_just_that() -> None:
    warehouse.open_site(code="HH", name="Hamburg", actor=SYSTEM)
    start.furnish()
    assert [site.code for site in queries.sites()] == ["HH"]
