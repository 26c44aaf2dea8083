"""A file reads top to bottom like an argument: nothing shipped is longer than a person can hold."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.layers import ROOT

LIMIT = 400
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "misc"}


def _shipped() -> list[Path]:
    python = [path for path in (ROOT / "recoup").rglob("*.py") if "migrations" not in path.parts]
    scripts = [path for path in (ROOT / "phone").rglob("*.ts") if not {"node_modules", "dist"} & set(path.parts)]
    return python + scripts


def test_no_file_is_too_long() -> None:
    too_long = {str(p.relative_to(ROOT)): n for p in _shipped() if (n := len(p.read_text().splitlines())) > LIMIT}
    assert too_long == {}


def test_no_file_is_called_a_drawer() -> None:
    assert [str(path.relative_to(ROOT)) for path in _shipped() if path.stem in FORBIDDEN_NAMES] == []
