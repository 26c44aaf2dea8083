"""Documents: a typst template and plain data in, a PDF/A-3b out. No system libraries, no network."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    into the PDF. Raises typst.TypstError when the template is wrong: a bug, and loud.
    """
    import typst  # loaded on first use: it is large, and most processes never typeset

    with tempfile.TemporaryDirectory(prefix="recoup-typeset-") as folder:
        room = Path(folder)
        (room / "main.typ").write_bytes(template.read_bytes())
        (room / HOUSE.name).write_bytes(HOUSE.read_bytes())
        (room / "data.json").write_text(json.dumps(data, ensure_ascii=False))
        for name, content in (files or {}).items():
            if Path(name).name != name:
                raise ValueError(f"{name!r} is not a plain file name.")
            (room / name).write_bytes(content)
        return typst.compile(
            str(room / "main.typ"),
            root=folder,
            format="pdf",
            pdf_standards=["a-3b"],
            timestamp=at.replace(microsecond=0),
        )  # type: ignore[no-any-return,unused-ignore]
