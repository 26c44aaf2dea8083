"""Where the real photos and payloads lie for tests that use them. They are no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """RECOUP_SAMPLE_DATA, or data/ in the folder named shared beside the repository."""
    chosen = os.environ.get("RECOUP_SAMPLE_DATA")
    return Path(chosen) if chosen else ROOT.parent / "shared" / "data"


def sample(relative: str) -> Path:
    """The file or folder at ``relative`` in the sample data; the test is skipped with a reason where it is absent."""
    found = folder() / relative
    if not found.exists():
        pytest.skip(f"sample data {relative} is not here; set RECOUP_SAMPLE_DATA to its folder")
    return found
