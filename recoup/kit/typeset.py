"""Documents: a typst template and plain data in, a PDF/A-3b out. No system libraries, no network."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger("typeset")
#: Scripts that typst's own fonts lack, so that a name is printed on every machine; docs/decisions/0008-fonts.md.
FONTS = Path(__file__).parent / "fonts"
#: What every template may import.
HOUSE = Path(__file__).parent / "house.typ"
# A fixed creation time by default: the same data must give the same bytes.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def typeset(
    template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None, *, at: datetime = EPOCH
) -> bytes:
    """Render ``template`` to PDF/A-3b bytes.

    The template reads its data with ``json("data.json")``, its pictures by the names in ``files``
    (such as 'overall.jpg') and what all documents share from "house.typ", all from one private folder. ``at`` is the date written
    into the PDF. A letter that no font has is printed as a box, and its text can still be copied; such a PDF is no PDF/A.
    Raises typst.TypstError when the template is wrong: a bug, and loud.
    """
    with tempfile.TemporaryDirectory(prefix="recoup-typeset-") as folder:
        room = Path(folder)
        (room / "main.typ").write_bytes(template.read_bytes())
        (room / HOUSE.name).write_bytes(HOUSE.read_bytes())
        (room / "data.json").write_text(json.dumps(_printable(data), ensure_ascii=False), encoding="utf-8")
        for name, content in (files or {}).items():
            if Path(name).name != name:
                raise ValueError(f"{name!r} is not a plain file name.")
            (room / name).write_bytes(content)
        return _compiled(room, at.replace(microsecond=0))


def _compiled(room: Path, at: datetime) -> bytes:
    import typst  # loaded on first use: it is large, and most processes never typeset

    about = {"root": str(room), "font_paths": _fonts(), "format": "pdf", "timestamp": at}
    try:
        return typst.compile(str(room / "main.typ"), pdf_standards=["a-3b"], **about)  # type: ignore[no-any-return,unused-ignore]
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        log.warning("typeset.letter_without_a_font", error=str(error))
        return typst.compile(str(room / "main.typ"), **about)  # type: ignore[no-any-return,unused-ignore]


@cache
def _fonts() -> Any:
    """Typst's, the house's and this machine's fonts, looked for once in a process."""
    import typst

    return typst.Fonts(font_paths=[str(FONTS)])


def _printable(value: Any) -> Any:
    """The data without control characters, which shops' exports bring along and no font can print."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, Mapping):
        return {key: _printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return value


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
