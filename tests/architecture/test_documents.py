"""Documents cannot lie: every row of the "where is it?" table resolves, and the README's commands exist."""

from __future__ import annotations

import re

import pytest

from tests.architecture.layers import ROOT

_ROW = re.compile(r"\| `(?P<path>[\w/.-]+):(?P<name>\w+)` \|")


def _rows() -> list[tuple[str, str]]:
    return [(m["path"], m["name"]) for m in _ROW.finditer((ROOT / "ARCHITECTURE.md").read_text())]


def test_the_table_is_there() -> None:
    assert len(_rows()) >= 15


@pytest.mark.parametrize(("path", "name"), _rows())
def test_what_the_table_names_is_there(path: str, name: str) -> None:
    text = (ROOT / path).read_text()
    assert re.search(
        rf"^(export )?(async )?(def|class|function) {name}\b|^{name}\b.*=|\bimport\b.*\b{name}\b|^    {name},$",
        text,
        re.MULTILINE,
    )


def test_the_readme_names_scripts_and_pictures_that_exist() -> None:
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"script/\w+", text)) | set(re.findall(r"\]\((docs/[^)#]+)\)", text))
    assert {"script/server", "script/test"} <= named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


_WEATHER = re.compile(r"\| `(?P<file>[\w/.]+\.py):(?P<test>test_\w+)` \|")


def test_every_weather_has_its_test() -> None:
    rows = _WEATHER.findall((ROOT / "docs/guides/bad-weather.md").read_text())
    assert len(rows) >= 20
    tests = ROOT / "recoup/web/capture/tests"
    assert [name for file, name in rows if f"def {name}(" not in (tests / file).read_text()] == []
