"""Who may name what: no page reads originals, and the supplier's pages know of signed copies only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import recoup

ROOT = Path(recoup.__file__).parent
BEHIND_THE_WALL = ("recoup.domain.evidence.queries", "recoup.domain.evidence.redrawing", "recoup.foundation.files")
ORIGINALS = "recoup.domain.evidence.originals"


def imports(folder: str) -> Iterator[tuple[str, str]]:
    """(file, full name) of everything that shipped code under the folder imports."""
    for path in (ROOT / folder).rglob("*.py"):
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                yield from ((path.name, name) for name in _names(node))


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def reaching(folder: str, *forbidden: str) -> list[tuple[str, str]]:
    return [(file, name) for file, name in imports(folder) if name.startswith(forbidden)]


@pytest.mark.parametrize("folder", ["web", "channels", "conf", "domain/insight"])
def test_nobody_up_here_reads_an_original(folder: str) -> None:
    assert reaching(folder, ORIGINALS) == []


def test_the_suppliers_pages_know_of_signed_copies_only() -> None:
    assert reaching("web/supplier", *BEHIND_THE_WALL, ORIGINALS) == []


def test_a_packet_is_built_from_signed_copies_only() -> None:
    named = [name for file, name in imports("domain/claims") if file in ("packet.py", "packets.py")]
    assert any(name.startswith("recoup.domain.evidence.redacted_queries") for name in named)
    assert [name for name in named if name.startswith(("recoup.domain.evidence.queries", ORIGINALS))] == []


def test_the_search_itself_would_find_one() -> None:
    assert ("photo_arrived.py", f"{ORIGINALS}") in list(imports("flows"))
