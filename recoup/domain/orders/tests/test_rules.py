from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.orders import rules
from recoup.domain.orders.canonical import ChargeDraft, CustomerDraft
from recoup.domain.orders.tests.factories import NOW, draft, line
from recoup.kit.problem import Problem


def codes(order, at=NOW):
    return {problem.code: problem.severity for problem in rules.gates(order, at=at)}


def test_a_good_order_has_no_problems():
    assert rules.gates(draft(), at=NOW) == []


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"lines": ()}, "completeness.lines", "block"),
        ({"lines": (line(), line())}, "structure.line_twice", "block"),
        ({"lines": (line(tax_minor=5000),)}, "arithmetic.tax_above_paid", "block"),
        ({"lines": (line(refunded_quantity=3),)}, "arithmetic.refund_above_paid", "block"),
        ({"lines": (line(refunded_minor=4991),)}, "arithmetic.refund_above_paid", "block"),
        ({"customer": CustomerDraft()}, "completeness.email", "warn"),
        ({"stated_total_minor": 4991}, "arithmetic.rounding", "warn"),
        ({"stated_total_minor": 4992}, "arithmetic.total", "hold"),
        ({"currency": "QQQ"}, "semantics.currency", "hold"),
        ({"cancelled_at": NOW}, "semantics.cancelled", "hold"),
        ({"payment": "voided"}, "semantics.voided", "hold"),
        ({"payment": "unpaid"}, "semantics.unpaid", "hold"),
        ({"payment": "partly_paid"}, "semantics.partly_paid", "hold"),
        ({"placed_at": NOW + timedelta(days=3)}, "semantics.future", "hold"),
        ({"shipped_at": datetime(2025, 12, 1, tzinfo=UTC)}, "semantics.dates", "hold"),
    ],
)
def test_each_gate_finds_its_fault(change, code, severity):
    assert codes(draft(**change))[code] == severity


def test_each_problem_says_what_to_do():
    worst = draft(lines=(line(tax_minor=5000), line()), currency="QQQ", payment="voided", cancelled_at=NOW)
    for problem in rules.gates(worst, at=NOW):
        assert problem.sentence.endswith(".")
        assert problem.remedy.endswith(".")


@given(
    paid=st.lists(st.integers(0, 10**9), min_size=1, max_size=8),
    charges=st.lists(st.integers(0, 10**6), max_size=3),
    gap=st.integers(-(10**6), 10**6),
)
def test_sums_hold_exactly_when_the_gap_is_more_than_rounding(paid, charges, gap):
    lines = tuple(line(external_id=str(i), paid_minor=minor, tax_minor=0) for i, minor in enumerate(paid))
    charged = tuple(ChargeDraft(kind="shipping", amount_minor=minor) for minor in charges)
    total = sum(paid) + sum(charges) + gap
    if total < 0:
        return
    found = codes(draft(lines=lines, charges=charged, stated_total_minor=total))
    expected = {} if gap == 0 else {"arithmetic.rounding" if abs(gap) <= len(paid) else "arithmetic.total"}
    assert {code for code in found if code.startswith("arithmetic")} == set(expected)


def test_references_are_asked_for_once_and_in_order():
    order = draft(lines=tuple(line(external_id=str(i), sku=sku) for i, sku in enumerate("BAB")))
    assert rules.references(order, ["A"]) == ["product:B"]
    assert rules.references(order, []) == ["product:B", "product:A"]
    assert [problem.code for problem in rules.missing(order, ["product:B"])] == ["references.product"]


@given(st.integers(-5, 5), st.booleans())
def test_an_older_version_never_wins(days, seen):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    said = rules.timing(current=now, incoming=now + timedelta(days=days), seen_before=seen)
    assert said == ("stale" if days < 0 else "duplicate" if days == 0 and seen else "newer")
    assert rules.timing(current=None, incoming=now, seen_before=seen) == "first"


def test_what_an_agent_corrected_is_not_the_sources_to_write():
    assert "delivered_at" not in rules.writable({"delivered_at": {"owner": "agent"}})
    assert "delivered_at" in rules.writable({"delivered_at": {"owner": "source"}})


def test_the_same_fault_in_another_row_is_one_group():
    one = Problem("structure.not_an_amount", "/line_items/3/price", "block", "x", "y")
    other = Problem("structure.not_an_amount", "/line_items/12/price", "block", "z", "y")
    assert rules.fingerprint("shopify", one) == rules.fingerprint("shopify", other)
    assert rules.fingerprint("csvfile", one) != rules.fingerprint("shopify", one)


@pytest.mark.parametrize(
    ("lines", "known", "ids"),
    [
        ([("1", "K"), ("2", "L")], {"1": "K", "2": "L"}, ["1", "2"]),
        ([("1", "L")], {"1": "K", "2": "L"}, ["2"]),
        ([("1", "L"), ("2", "K")], {"1": "K", "2": "L"}, ["2", "1"]),
        ([("1", "M")], {"1": "K", "2": "L"}, ["3"]),
        ([("1", "M"), ("2", "L")], {"1": "K", "2": "L"}, ["1", "2"]),
        ([("1", "K"), ("2", "K")], {"1": "K"}, ["1", "2"]),
        ([("1", "K"), ("2", "M"), ("3", "L")], {"1": "K", "2": "L"}, ["1", "3", "2"]),
        ([("1", "M"), ("2", "N")], {}, ["1", "2"]),
    ],
)
def test_lines_without_ids_are_told_by_their_sku(lines, known, ids):
    assert rules.line_ids(lines, known) == ids
