"""Documents as pictures, so that tests see what a reader sees."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import typst
from PIL import Image

#: 78 letters: no column is that wide.
LONG_WORD = "Geschirrspülmaschinenbesteckkorbhalterungsbefestigungsschraubenersatzteilpaket"
DARK, RULE, SOME = (
    128,
    0.6,
    0.03,
)  # luma below which a pixel is ink; from which share of ink a row is a rule; edges that may differ


def pages(monkeypatch: pytest.MonkeyPatch, render: Callable[[], object]) -> list[Image.Image]:
    """Every page that ``render`` typesets, at 100 dpi."""
    drawn: list[bytes] = []
    compiled = typst.compile

    def as_pictures(path: str, *, root: str, **about: Any) -> Any:
        made = compiled(path, root=root, format="png", ppi=100.0)
        drawn.extend(made if isinstance(made, list) else [made])
        return compiled(path, root=root, **about)

    with monkeypatch.context() as patched:
        patched.setattr(typst, "compile", as_pictures)
        render()
    return [Image.open(io.BytesIO(each)).convert("L") for each in drawn]


def inked(page: Image.Image, since: float) -> Any:
    """Which columns of pixels hold ink, from this share of the width on; the tables' rules are left out."""
    dark = np.asarray(page) < DARK
    text = dark[dark.mean(axis=1) < RULE, int(dark.shape[1] * since) :]
    return text.any(axis=0)


def same_place(one: Any, other: Any) -> bool:
    """Do two pages have their ink in the same columns? A few edges fall otherwise when text stands lower."""
    return bool((one != other).mean() < SOME)
