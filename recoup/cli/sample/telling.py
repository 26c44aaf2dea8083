"""What the demo says of each step: one line with its time, and the facts beneath."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Any

from recoup.cli.out import Out


class Note:
    """What one step found out: lines for people, facts for machines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.facts: dict[str, Any] = {}

    def say(self, line: str, **facts: Any) -> None:
        self.lines.append(line)
        for name, value in facts.items():
            self.facts[name] = value

    def add(self, name: str, value: Any) -> None:
        """One more entry of a list fact."""
        self.facts.setdefault(name, []).append(value)


class Teller:
    """Numbers the steps and times them; on a terminal, shows which one runs."""

    def __init__(self, out: Out) -> None:
        self._out, self._count, self.began = out, 0, time.monotonic()

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Note]:
        self._count += 1
        began, note = time.monotonic(), Note()
        with self._running(title):
            yield note
        seconds = time.monotonic() - began
        line = f"{self._count:2}  {title}"
        self._out.say(
            f"{line:<62}{seconds:7.2f} s", event="step", number=self._count, step=title, seconds=round(seconds, 3),
            **note.facts,
        )  # fmt: skip
        for each in note.lines:
            self._out.say(f"      {each}")

    def end(self, *lines: str, **facts: Any) -> None:
        seconds = time.monotonic() - self.began
        self._out.say("")
        self._out.say(lines[0], event="end", seconds=round(seconds, 1), **facts)
        for each in lines[1:]:
            self._out.say(each)

    @contextlib.contextmanager
    def _running(self, title: str) -> Iterator[None]:
        if self._out.as_json or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(f"{title} …"):
            yield
