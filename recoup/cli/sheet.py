"""A contact sheet: judged photos laid out by verdict and score, in one file that opens anywhere, offline.

The photos nearest to the other verdict come first in each part: that is where a judge is wrong if it is wrong.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import PurePath
from typing import Any

THUMB = 200  # pixels on the long side

Row = Mapping[str, Any]
SCORES = {"sharp": "sharp", "dark": "dark", "bright": "too bright", "relevant": "shows goods"}

STYLE = """
:root { color-scheme: light dark; --paper: oklch(98% .004 200); --ink: oklch(24% .015 230); --quiet: oklch(47% .02 230);
  --line: oklch(88% .008 220); --bar: oklch(52% .09 195); --green: oklch(45% .1 150); --amber: oklch(50% .11 70);
  --red: oklch(50% .16 25) }
@media (prefers-color-scheme: dark) { :root { --paper: oklch(19% .012 230); --ink: oklch(93% .006 220);
  --quiet: oklch(72% .015 225); --line: oklch(34% .015 230); --bar: oklch(72% .09 195); --green: oklch(76% .12 150);
  --amber: oklch(80% .11 75); --red: oklch(74% .13 25) } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 24px; max-width: 1800px; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums }
h1 { font-size: 22px; margin: 0 0 4px } h2 { font-size: 17px; margin: 32px 0 4px; padding-top: 12px; border-top: 1px solid var(--line) }
p { margin: 0 0 12px; max-width: 70ch; color: var(--quiet) }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 12px 0 } a { color: var(--bar) }
h3 { font-size: 15px; margin: 16px 0 8px } .wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 13px; margin: 8px 0 } th, td { padding: 4px 12px 4px 0; text-align: right; border-bottom: 1px solid var(--line) }
th:first-child, td:first-child { text-align: left }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(168px, 44%), 1fr)); gap: 16px 12px }
figure { margin: 0; min-width: 0 } figure img, .none { width: 100%; height: 148px; object-fit: contain; border-radius: 8px;
  background: color-mix(in oklch, var(--line) 45%, var(--paper)); display: grid; place-items: center; color: var(--quiet); font-size: 13px }
figcaption { font-size: 13px; line-height: 1.35; padding-top: 4px; overflow-wrap: anywhere }
.why { font-weight: 600 } .accept .why { color: var(--green) } .near .why { color: var(--amber) } .retake .why, .unreadable .why { color: var(--red) }
.score { display: grid; grid-template-columns: 74px 1fr 30px; gap: 6px; align-items: center; font-size: 12px; color: var(--quiet) }
.score i { height: 5px; border-radius: 3px; background: var(--line); overflow: hidden } .score b { display: block; height: 100%; background: var(--bar) }
.file { color: var(--quiet) }
"""


def sheet(rows: Sequence[Row], thumbs: Mapping[str, bytes]) -> str:
    """The page. ``rows`` are those of ``recoup gate``; ``thumbs`` are JPEGs by the row's ``file``."""
    parts = [(name, title, said, _ordered(name, rows)) for name, title, said in PARTS]
    shown = [part for part in parts if part[3]]
    links = "".join(f'<a href="#{name}">{title}: {len(mine)}</a>' for name, title, _, mine in shown)
    body = "".join(_part(name, title, said, mine, thumbs) for name, title, said, mine in shown)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{len(rows)} photos judged</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f"<h1>{len(rows)} photos judged</h1><p>In each part, the photos nearest to another verdict come first.</p>"
        f"<nav>{links}</nav>{_by_folder(rows)}{body}</body></html>\n"
    )


PARTS = (
    ("retake", "✗ Take again", "The customer is asked for another photo. The most doubtful requests come first."),
    ("near", "≈ Accepted, near the line", "Good enough, and said to be so. The worst come first."),
    ("accept", "✓ Accepted", "The worst come first."),
    ("unreadable", "– Not opened", "These files are no photos, or damaged."),
)


def part_of(row: Row) -> str:
    return "near" if row["verdict"] == "accept" and row["near_line"] else str(row["verdict"])


def _ordered(name: str, rows: Iterable[Row]) -> list[Row]:
    return sorted((row for row in rows if part_of(row) == name), key=_doubt)


def _doubt(row: Row) -> tuple[float, str]:
    """Smaller: nearer to another verdict. A retake is doubtful when it is sharp and well lit, an accepted one when not."""
    scores = row["scores"] or {}
    good = [
        scores.get("sharp", 0.0),
        1 - scores.get("dark", 0.0),
        1 - scores.get("bright", 0.0),
        scores.get("relevant", 1.0),
    ]
    worst = min(value for value in good if value is not None)
    return (-worst if row["verdict"] == "retake" else worst, row["file"])


def _part(name: str, title: str, said: str, rows: Sequence[Row], thumbs: Mapping[str, bytes]) -> str:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_reason(row) if name in ("retake", "unreadable") else "", []).append(row)
    figures = "".join(
        _group(why, mine, name, thumbs) for why, mine in sorted(groups.items(), key=lambda one: -len(one[1]))
    )
    return f'<section class="{name}"><h2 id="{name}">{title}: {len(rows)}</h2><p>{said}</p>{figures}</section>'


def _group(why: str, rows: Sequence[Row], name: str, thumbs: Mapping[str, bytes]) -> str:
    heading = f"<h3>{escape(why)}: {len(rows)}</h3>" if why else ""
    return f'{heading}<div class="photos">{"".join(_figure(row, thumbs.get(row["file"])) for row in rows)}</div>'


def _figure(row: Row, thumb: bytes | None) -> str:
    name = PurePath(row["file"])
    picture = '<div class="none">no picture</div>'
    if thumb:
        data = base64.b64encode(thumb).decode()
        picture = f'<img src="data:image/jpeg;base64,{data}" alt="{escape(name.name)}" loading="lazy">'
    scores = "".join(_score(code, value) for code, value in (row["scores"] or {}).items() if value is not None)
    size = f"{row['width']} × {row['height']}, {row['ms']:.0f} ms" if row["width"] else ""
    return (
        f'<figure title="{escape(row["file"])}">{picture}<figcaption><div class="why">{escape(_reason(row))}</div>'
        f'{scores}<div class="file">{escape("/".join(name.parts[-2:]))}</div><div class="file">{size}</div>'
        f"{_codes(row)}</figcaption></figure>"
    )


def _score(code: str, value: float) -> str:
    return f'<div class="score">{SCORES.get(code, code)}<i><b style="width:{value:.0%}"></b></i>{value:.2f}</div>'


def _codes(row: Row) -> str:
    return "".join(
        f'<div class="file">{escape(code["kind"])} {escape(code["value"][:40])}</div>' for code in row["codes"]
    )


def _reason(row: Row) -> str:
    words = ", ".join(code.rpartition(".")[2].replace("_", " ") for code in row["reasons"])
    return words or ("near the line" if row["near_line"] else "good")


def _by_folder(rows: Sequence[Row]) -> str:
    """How many of each folder ended where: a folder whose photos should all pass shows at once when they do not."""
    folders = sorted({PurePath(row["file"]).parent for row in rows})
    if len(folders) < 2:
        return ""
    lines = "".join(_folder(folder, rows) for folder in folders)
    heads = "".join(f"<th>{title}</th>" for _, title, _ in PARTS)
    return f'<div class="wide"><table><tr><th>folder</th><th>photos</th>{heads}</tr>{lines}</table></div>'


def _folder(folder: PurePath, rows: Sequence[Row]) -> str:
    mine = [part_of(row) for row in rows if PurePath(row["file"]).parent == folder]
    cells = "".join(f"<td>{mine.count(name) or '·'}</td>" for name, _, _ in PARTS)
    return f'<tr><td title="{escape(str(folder))}">{escape(folder.name or str(folder))}</td><td>{len(mine)}</td>{cells}</tr>'
