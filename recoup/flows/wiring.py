"""What follows by itself: the one table of it. Fact → flows, each run once per fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

WIRING: Mapping[type, Sequence[Any]] = {}
