"""File names that mean something and are safe on every system."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_LONGEST = 40  # letters per part, so that a whole name stays far below 255 bytes


def part(text: str) -> str:
    """One part of a name: ASCII letters, digits, dots and dashes only; never empty, never a path."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    tidy = re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9.-]+", "-", plain))
    return re.sub(r"\.{2,}", ".", tidy).strip("-.")[:_LONGEST].strip("-.") or "x"


def spoken(name: str, code: str) -> str:
    """What a file calls somebody: by name, or by code where most of the name's letters would be lost."""
    letters = sum(each.isalpha() for each in name)
    kept = sum(each.isalpha() for each in part(name)) if letters else 0
    return name if letters and 2 * kept >= min(letters, _LONGEST) else code


def file_name(
    *, purchase_order: str, supplier: str, document: str, approved: date, extension: str, version: int = 1
) -> str:
    """``PO_Supplier_DocumentType_ApprovalDate[_vN].ext``; the version shows from the second on."""
    words = [part(purchase_order), part(supplier), part(document), approved.isoformat()]
    return "_".join([*words, *([f"v{version}"] if version > 1 else [])]) + "." + part(extension)


def cell(value: object) -> str:
    """A value for a spreadsheet: what a program could take for a formula is led by an apostrophe."""
    text = str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text
