"""The decision table: a list of rows, each with conditions; the first row that matches wins.

A row is plain JSON, so that a version can be stored, shown and compared::

    {"row": 6, "when": {"warranty": ["pass"], "value_at_most": {"EUR": 25000}}, "then": "approve",
     "remedy": "refund", "because": "…"}

Conditions: a check's name with the results that match; ``defect_type`` with codes; ``value_at_most`` with minor
units by currency (a currency that is not named never matches); ``paid`` true or false; ``asked_before`` true or
false. ``then`` is approve (by itself), ask (for the missing photos), or agent (a person, with ``priority`` 1 first).
There is no "refuse": a refusal is always a person's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from recoup.domain.returns.states import CHECKS, REMEDIES, RESULTS
from recoup.kit.money import Money

THEN = ("approve", "ask", "agent")
_OTHER_CONDITIONS = ("defect_type", "value_at_most", "paid", "asked_before")


class BadTable(ValueError):
    """The table cannot be published; the text says which row and why."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a row may look at. ``value`` is what a refund would come to; None while the order is unknown."""

    results: Mapping[str, str]
    value: Money | None
    defect_type: str
    asked_before: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    row: int
    when: Mapping[str, Any]
    then: str
    because: str
    remedy: str = ""
    priority: int = 3

    def matches(self, case: Case) -> bool:
        return all(_holds(name, wanted, case) for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Outcome:
    row: int
    then: str
    remedy: str
    because: str
    priority: int = 3
    trace: tuple[int, ...] = field(default=())


def evaluate(*, table: Sequence[Rule], case: Case) -> Outcome:
    """The first matching row. ``trace`` names the rows that were tried. A table without a match asks a person."""
    tried: list[int] = []
    for rule in table:
        tried.append(rule.row)
        if rule.matches(case):
            return Outcome(rule.row, rule.then, rule.remedy, rule.because, rule.priority, tuple(tried))
    return Outcome(0, "agent", "", "No row of the policy fits this case.", 3, tuple(tried))


def _holds(name: str, wanted: Any, case: Case) -> bool:
    if name == "value_at_most":
        return case.value is not None and case.value.minor <= wanted.get(case.value.currency, -1)
    if name == "paid":
        return bool(wanted == bool(case.value))
    if name == "asked_before":
        return bool(wanted == case.asked_before)
    if name == "defect_type":
        return case.defect_type in wanted
    return case.results.get(name, "unsure") in wanted


def read_table(rows: Sequence[Mapping[str, Any]]) -> list[Rule]:
    """The rows as rules. Raises BadTable, naming the row, for a word that is not known or a row out of order."""
    return [_read(row, number) for number, row in enumerate(rows, start=1)]


def _read(row: Mapping[str, Any], number: int) -> Rule:
    unknown = set(row) - {"row", "when", "then", "remedy", "because", "priority"}
    if unknown or row.get("row") != number:
        raise BadTable(f"Row {number}: {f'unknown word {min(unknown)}' if unknown else 'rows are numbered 1, 2, 3 …'}.")
    rule = Rule(
        number,
        row.get("when", {}),
        row.get("then", ""),
        row.get("because", ""),
        row.get("remedy", ""),
        row.get("priority", 3),
    )
    if rule.then not in THEN:
        raise BadTable(f"Row {number}: “{rule.then}” is none of {', '.join(THEN)}.")
    if (rule.then == "approve") != (rule.remedy in REMEDIES):
        raise BadTable(f"Row {number}: a row that approves, and only that, names a remedy: {', '.join(REMEDIES)}.")
    if not rule.because:
        raise BadTable(f"Row {number}: says no reason.")
    for name, wanted in rule.when.items():
        _check_condition(number, name, wanted)
    return rule


def _check_condition(number: int, name: str, wanted: Any) -> None:
    if name in CHECKS:
        good = isinstance(wanted, list) and bool(wanted) and set(wanted) <= set(RESULTS)
    elif name == "value_at_most":
        good = isinstance(wanted, dict) and bool(wanted) and all(type(minor) is int for minor in wanted.values())
    elif name == "defect_type":
        good = isinstance(wanted, list) and bool(wanted) and all(isinstance(code, str) for code in wanted)
    else:
        good = name in _OTHER_CONDITIONS and isinstance(wanted, bool)
    if not good:
        raise BadTable(f"Row {number}: the condition “{name}” cannot be read.")


def check_table(table: Sequence[Rule]) -> None:
    """Raise BadTable when a row can never be reached, or when some case would match none."""
    reached = {evaluate(table=table, case=case).row for case in _every_case(table)}
    if 0 in reached:
        raise BadTable("Some cases match no row. End the table with a row without conditions that asks a person.")
    for rule in table:
        if rule.row not in reached:
            raise BadTable(f"Row {rule.row} can never be reached: earlier rows take every case it describes.")


def _every_case(table: Sequence[Rule]) -> Iterator[Case]:
    """One case of every kind that the table can tell apart."""
    per_check = [
        [
            each.results[code]
            for each in _told_apart(table, [code], [Case({code: result}, None, "") for result in RESULTS])
        ]
        for code in CHECKS
    ]
    values = [
        each.value for each in _told_apart(table, ["value_at_most", "paid"], [Case({}, v, "") for v in _values(table)])
    ]
    defects = sorted({code for rule in table for code in rule.when.get("defect_type", [])})
    for combination in product(*per_check):
        for value, defect, before in product(values, [*defects, ""], [False, True]):
            yield Case(dict(zip(CHECKS, combination, strict=True)), value, defect, before)


def _told_apart(table: Sequence[Rule], names: list[str], cases: list[Case]) -> list[Case]:
    """Of cases for which every condition of these names says the same, one is enough."""
    conditions = [(name, rule.when[name]) for rule in table for name in names if name in rule.when]
    by_answers = {tuple(_holds(name, wanted, case) for name, wanted in conditions): case for case in reversed(cases)}
    return list(by_answers.values())


def _values(table: Sequence[Rule]) -> list[Money | None]:
    limits = {(code, minor) for rule in table for code, minor in rule.when.get("value_at_most", {}).items()}
    edges = [Money(minor + more, code) for code, minor in sorted(limits) for more in (0, 1)]
    return [None, Money(0, "XXX"), Money(1, "XXX"), *edges]
