"""Any CSV file as rows with their place, forgiving about how it was written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from recoup.channels.csvfile.columns import ROW, Kind, named, nearest, recognise
from recoup.channels.reading import Source
from recoup.kit.problem import Blocked, Problem, step

_UTC = ZoneInfo("UTC")
_MARKS = ";\t,|"
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\x0b\x0c")
# Follows the text when it is read, to see whether a quotation mark is open there; no text that is read holds it.
_END = "\x1e"
_REMEDY = "Save the table as CSV (UTF-8) and bring it in again."


End = Literal["line", "file", "quote"]


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is the row as a spreadsheet counts: the header is row 1. ``cells`` is as it was written.

    ``end`` is what it ends with: a line break, the file's end, or the file's end within quotation marks. ``short``: it
    has fewer cells than the header names.
    """

    number: int
    cells: tuple[str, ...]
    source: Source
    end: End = "line"
    short: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``problems`` are about the file as a whole; each row's own are in its source."""

    kind: Kind
    headers: tuple[str, ...]
    mark: str
    rows: tuple[Row, ...]
    problems: list[Problem] = field(default_factory=list)


def read(raw: bytes, *, zone: ZoneInfo = _UTC) -> Table:
    """Raises Blocked for what is no table, or a table with columns that tell no kind."""
    text, problems = _text(raw)
    mark, lines, end = _lines(text)
    headers = tuple(cell.strip() for cell in lines[0])
    kind = recognise(headers)
    if kind is None:
        raise _unrecognised(headers)
    columns = named(headers, kind)
    problems += _unknown(headers, columns)
    filled = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells)]
    ends: dict[int, End] = {len(lines): end}
    rows = [_row(number, cells, headers, columns, zone, ends.get(number, "line")) for number, cells in filled]
    return Table(kind, headers, mark, tuple(rows), problems)


def write(table: Table, rows: Sequence[Row]) -> bytes:
    """Some of the rows as a file of their own; each keeps the number it had."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=table.mark, lineterminator="\n")
    numbered = ROW in table.headers
    # The number goes first: a row with too many cells must not lose one to it.
    writer.writerow(table.headers if numbered else [ROW, *table.headers])
    for row in rows:
        writer.writerow(row.cells if numbered else [row.number, *row.cells])
    return _ended(out.getvalue(), rows[-1] if rows else None, table.mark).encode()


def _ended(text: str, last: Row | None, mark: str) -> str:
    """A row that the file's end may have cut stays one that ends as it did."""
    if last is None or last.end == "line":
        return text
    if last.end == "file":
        return text.removesuffix("\n")
    cell = last.cells[-1].replace('"', '""')
    kept = io.StringIO()
    csv.writer(kept, delimiter=mark, lineterminator="\n").writerow(["x", last.cells[-1]])
    return text.removesuffix(kept.getvalue()[2:]) + f'"{cell}'


def _text(raw: bytes) -> tuple[str, list[Problem]]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _checked(raw.decode("utf-16", "replace")), []
    try:
        return _checked(raw.decode("utf-8-sig")), []
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            # Cut off within the last letter: all before it is UTF-8, and what ends without a line break is told of.
            return _checked(raw[: error.start].decode("utf-8-sig")), []
        said = Problem(
            "structure.encoding", "", "warn", "The file is not in UTF-8; it was read as Windows-1252.",
            "Look at names with accents; save as UTF-8 if they are wrong.",
        )  # fmt: skip
        return _checked(raw.decode("cp1252", "replace")), [said]


def _checked(text: str) -> str:
    if not text.strip():
        raise _blocked("structure.empty", "There is nothing in it.")
    if not _CONTROLS.isdisjoint(text):
        raise _blocked("structure.not_text", "This is not a text file.")
    return text


def _lines(text: str) -> tuple[str, list[list[str]], End]:
    """The mark between cells, the rows (the header first), and what the last of them ends with."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        mark, text = first.strip()[4], rest
    else:
        mark = max(_MARKS, key=first.count)
        text = text.lstrip("\r\n")
    try:
        watched = io.StringIO(f"{text}\n{_END}", newline="")
        lines = list(csv.reader(watched, delimiter=mark, skipinitialspace=True))
    except csv.Error as error:
        raise _blocked("structure.not_a_table", f"This cannot be read as a table: {error}.") from None
    if lines[-1] != [_END]:
        lines[-1][-1] = lines[-1][-1].removesuffix(f"\n{_END}")
        return mark, lines, "quote"
    if not lines[:-1]:
        raise _blocked("structure.empty", "There is nothing in it.")
    return mark, lines[:-1], "line" if text.endswith(("\n", "\r")) else "file"


def _row(
    number: int, cells: list[str], headers: Sequence[str], columns: dict[str, str], zone: ZoneInfo, end: End
) -> Row:  # fmt: skip
    values = {columns[header]: cell for header, cell in zip(headers, cells, strict=False) if header in columns}
    kept = values.pop(ROW, "")
    number = int(kept) if kept.isdecimal() and len(kept) < 10 else number
    source = Source(values, f"/row/{number}", zone, written_by_people=True)
    missing = _width(headers) - len(cells)
    _say_width(source, number, cells, headers, columns)
    if end == "quote":
        source.say(
            "", "structure.open_quote", "block", f"Row {number} opens a quotation mark that nothing closes.",
            "Close it, or bring in the whole file: it may have been cut off.",
        )  # fmt: skip
    return Row(number, tuple(cells), source, end, missing > 0)


def _width(headers: Sequence[str]) -> int:
    """How many columns the header names: empty ones at its end are a spreadsheet's."""
    return max((place for place, header in enumerate(headers, start=1) if header), default=0)


def _say_width(
    source: Source, number: int, cells: Sequence[str], headers: Sequence[str], columns: dict[str, str]
) -> None:  # fmt: skip
    """A row has as many cells as the header; the column that we added ourselves is not counted."""
    ours = sum(column == ROW for column in columns.values())
    has, wanted = len(cells) - ours, _width(headers) - ours
    if any(cell.strip() for cell in cells[len(headers) :]):
        source.say(
            "", "structure.extra_cells", "block", f"Row {number} of the file has {has} cells; the header has {wanted}.",
            "Put quotation marks around values that hold the separator.",
        )  # fmt: skip
    elif has < wanted:
        source.say(
            "", "structure.missing_cells", "block",
            f"Row {number} of the file has only {has} cell{'s' if has > 1 else ''}; the header has {wanted}.",
            "Bring in the whole row, with a separator for each empty cell; the file may have been cut off.",
        )  # fmt: skip


def _unknown(headers: Sequence[str], columns: dict[str, str]) -> list[Problem]:
    return [
        Problem(
            "structure.unknown_column", "/header" + step(header), "warn", f"The column “{header[:60]}” is not known.",
            "It was left out; see docs/guides/csv.md for the names.",
        )
        for header in headers
        if header and header not in columns
    ]  # fmt: skip


def _unrecognised(headers: Sequence[str]) -> Blocked:
    kind, lacking = nearest(headers)
    if len(lacking) == len(kind.needed):
        return _blocked("structure.unknown_table", "The first row does not name columns that we know.")
    columns = ", ".join(f"“{name}”" for name in lacking)
    return _blocked("completeness.columns", f"This looks like a file of {kind.what}, but lacks the column {columns}.")


def _blocked(code: str, sentence: str) -> Blocked:
    remedy = "Add the column; see docs/guides/csv.md for the names." if "column" in sentence else _REMEDY
    return Blocked(Problem(code, "", "block", sentence, remedy))
