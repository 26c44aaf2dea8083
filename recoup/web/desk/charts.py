"""Small charts as plain geometry: a template draws them as inline SVG, without a script and without styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, TOP, LEFT = 640, 180, 12, 36
_FLOOR = HEIGHT - 22  # below it, the dates


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns over time; ``across`` are the lines at round counts, ``along`` the first and last day."""

    bars: list[Bar]
    across: list[Tick]
    along: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = _FLOOR


def columns(counts: Sequence[tuple[date, int]], *, most_bars: int = 92) -> Columns:
    """One column per day; where that would be too fine to see, one per week or more."""
    size = -(-len(counts) // most_bars) if counts else 1
    packed = [_pack(counts[i : i + size]) for i in range(0, len(counts), size)]
    top = _round_up(max((count for _, count in packed), default=0))
    step = (WIDTH - LEFT) / max(len(packed), 1)
    bars = [_bar(LEFT + i * step, step, count / top, f"{words}: {count:,}") for i, (words, count) in enumerate(packed)]
    across = [Tick(round(_FLOOR - (_FLOOR - TOP) * part / 2, 1), f"{top * part // 2:,}") for part in (0, 1, 2)]
    ends = [Tick(LEFT, _day(counts[0][0])), Tick(WIDTH, _day(counts[-1][0]))] if counts else []
    return Columns(bars, across if top > 1 else [across[0], across[2]], ends)


def _pack(days: Sequence[tuple[date, int]]) -> tuple[str, int]:
    first, last = days[0][0], days[-1][0]
    words = _day(first) if first == last else f"{_day(first)} – {_day(last)}"
    return words, sum(count for _, count in days)


def _bar(x: float, step: float, part: float, words: str) -> Bar:
    tall = (_FLOOR - TOP) * part
    return Bar(round(x + step * 0.12, 1), round(_FLOOR - tall, 1), round(step * 0.76, 1), round(tall, 1), words)


def _round_up(count: int) -> int:
    """The next round number at or above, with an even half: 1, 2, 4, 10, 20, 40, 100 …"""
    top = 1
    while top < count:
        top = top * 5 // 2 if str(top)[0] == "4" else top * 2
    return top


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


@dataclass(frozen=True, slots=True)
class Beam:
    """A pair of horizontal bars, in percent of the longest of their scale."""

    now: float
    before: float


def beams(pairs: Sequence[tuple[int, int]]) -> list[Beam]:
    """(now, before) in one unit; negative amounts draw as nothing."""
    longest = max((max(pair) for pair in pairs), default=0)
    return [Beam(*(round(max(amount, 0) * 100 / max(longest, 1), 1) for amount in pair)) for pair in pairs]
