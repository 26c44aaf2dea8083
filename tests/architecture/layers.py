"""The house's order, read from .importlinter, so that foreign keys and imports obey one text."""

from __future__ import annotations

import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _rows(contract: str) -> list[list[str]]:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    lines = config[f"importlinter:contract:{contract}"]["layers"].split("\n")
    return [[name.strip() for name in line.split("|")] for line in lines if line.strip()]


def may_know(source: str, target: str) -> bool:
    """Whether module path ``source`` ('recoup.domain.claims') may point at ``target``."""
    _, *source_parts = source.split(".")
    _, *target_parts = target.split(".")
    if source_parts[0] != target_parts[0]:
        return _height("layers", source_parts[0]) < _height("layers", target_parts[0])
    if source_parts[0] != "domain" or source_parts[1] == target_parts[1]:
        return True
    return _height("domain", source_parts[1]) < _height("domain", target_parts[1])


def _height(contract: str, name: str) -> int:
    """0 is the top. Raises LookupError for a name the contract does not know."""
    for height, row in enumerate(_rows(contract)):
        if name in row:
            return height
    raise LookupError(f"{name} has no place in the contract '{contract}'.")
