"""The customer's pages in Chromium: weight, first camera picture, taps, cuts, memory, Lighthouse, each beside its limit."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._own import place, serving  # started as a file, it is no part of a package
from bench._phone import cuts, first_frame, lighthouse, memory, way
from bench._phone import place as phones
from recoup.web.capture.tests.upload.phone import KEY

LIMITS = {
    "first_kb": 20, "all_kb": 45, "frame_s": 1.5, "taps": 8, "script_s": 25, "twice_mib": 1, "memory_mb": 300, "score": 98,
}  # fmt: skip
PARTS = ("weight", "frame", "way", "memory", "lighthouse", "cuts")


@dataclass(frozen=True)
class Figure:
    """One line of the report. ``met`` is None for what only explains another line, or could not be measured."""

    part: str
    words: str
    value: float | None
    limit: float | None
    met: bool | None
    load: float

    def __str__(self) -> str:
        said = {True: "met", False: "NOT MET", None: ""}[self.met]
        limit = "" if self.limit is None else f"limit {self.limit:g}"
        value = "" if self.value is None else f"{self.value:g}"
        return f"{self.part:<11}{value:>8}  {limit:<11}{said:<9}{self.words}  (load {self.load})"


def figure(part: str, words: str, value: float | None, limit: str = "", *, least: bool = False) -> Figure:
    """``limit`` is the most that is allowed, or with ``least`` the least."""
    bound = LIMITS.get(limit)
    value = None if value is None else round(value, 2)
    met = None if value is None or bound is None else value >= bound if least else value <= bound
    return Figure(part, words, value, bound, met, round(os.getloadavg()[0], 1))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--times", type=int, default=5, help="openings on the slow line (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of words")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if lack := phones.missing():
        print(lack, file=sys.stderr)
        return 1
    with place() as folder:
        told = list(said(measured(folder, set(args.parts or PARTS), args.times), as_json=args.json))
    return 1 if any(each.met is False for each in told) else 0


def said(figures: Iterator[Figure], *, as_json: bool) -> Iterator[Figure]:
    for each in figures:
        print(json.dumps(asdict(each), ensure_ascii=False) if as_json else each, flush=True)
        yield each


def measured(folder: str, parts: set[str], times: int) -> Iterator[Figure]:
    os.environ["RECOUP_KEY"] = KEY
    with quiet():
        with serving() as address, phones.filming(folder) as browser:
            if parts & {"weight", "frame"}:
                yield from opened(browser, address, times, parts)
            if "way" in parts:
                yield from walked(browser, address)
            if "memory" in parts:
                yield from remembered(browser, address, folder)
            if "lighthouse" in parts:
                yield from judged(address, folder)
        # Without a worker: what arrived stays as it came until it is counted.
        if "cuts" in parts:
            with phones.filming(folder) as browser:
                yield from survived(browser, folder)


def opened(browser: Any, address: str, times: int, parts: set[str]) -> Iterator[Figure]:
    """The clock starts when the link is opened, with nothing kept, on the step of the first photo, and it is pressed as
    soon as there is something to press; then once more from the press alone, on a page that has come to rest."""
    slow = phones.Line()
    visits = [first_frame.opened(browser, address, slow) for _ in range(times + 1)][1:]  # the first warms the house
    last = visits[-1]
    before, everything = (first_frame.weight(urls, "gzip") for urls in (last.before, last.before + last.after))
    if "weight" in parts:
        yield figure("weight", f"kB gz before the first camera picture: {before}", total(before), "first_kb")
        as_sent = first_frame.weight(last.before, "gzip, br")
        yield figure("weight", "kB of the same as this Chromium takes them, files with brotli", total(as_sent))
        yield figure("weight", "kB gz of all that these pages load", total(everything), "all_kb")
    if "frame" in parts:
        took = sorted(each.seconds for each in visits)
        how = "s, typical, link opened → first camera picture at 400 kbit/s, 400 ms, 4 × slower processor"
        yield figure("frame", how, first_frame.typical(took), "frame_s")
        yield figure("frame", f"s, the least of {times}: the rest is also what else this machine was doing", took[0])
        pressed = [first_frame.pressed(browser, address, slow) for _ in range(times)]
        yield figure("frame", "s, typical, press → first camera picture there", first_frame.typical(pressed), "frame_s")


def total(sizes: dict[str, int]) -> float:
    return sum(sizes.values()) / 1000


def walked(browser: Any, address: str) -> Iterator[Figure]:
    one = way.walked(browser, address)
    yield figure("way", "taps from the link to “sent”, one item, two photos", one.taps, "taps")
    yield figure("way", "s by the clock, uploads and the camera’s own looking included", one.wall, "script_s")
    yield figure("way", "s of its main thread", one.main_thread)
    yield figure("way", "s of them in scripts", one.script)


def remembered(browser: Any, address: str, folder: str) -> Iterator[Figure]:
    most, size = memory.held(browser, address, folder)
    words = f"MB at most in the page’s process (PSS, seen {most.looks} times), 20 photos of 12 MP and {size:.1f} MB"
    yield figure("memory", words, most.share / 1e6, "memory_mb")
    yield figure("memory", "MB of them before the first photo", most.before / 1e6)
    yield figure("memory", "MB of them after the last photo, once its garbage is collected", most.tidied / 1e6)
    yield figure("memory", "MB at most with all that it shares with other processes (RSS)", most.mapped / 1e6)


def judged(address: str, folder: str) -> Iterator[Figure]:
    for name, path in phones.screens().items():
        try:
            scores = lighthouse.scores(address + path, folder)
        except lighthouse.NotHere as lack:
            yield figure("lighthouse", f"{name}: not measured. {lack}", None)
            return
        for what, score in scores.items():
            lacks = "; ".join(lighthouse.lacking(folder)) if what == "performance" else ""
            yield figure("lighthouse", f"{name}, {what} {lacks}".rstrip(), score, "score", least=True)


def survived(browser: Any, folder: str) -> Iterator[Figure]:
    count = {"cuts": 50, "closes": 20}
    try:
        found = cuts.cut(browser, folder, **count)
    except AssertionError as lost:
        yield Figure("cuts", f"a photo was lost, doubled or changed: {lost}", None, None, False, 0)
        return
    accidents = sum(count.values())
    words = (
        f"MiB sent twice for each of 50 cuts and 20 closed tabs, {found.met} of them under way; each photo came once"
    )
    yield figure("cuts", words, found.twice / 2**20 / accidents, "twice_mib")
    yield figure("cuts", "MiB sent twice in all", found.twice / 2**20)


@contextmanager
def quiet() -> Iterator[None]:
    """The house writes its mails and its log where nobody reads them; the figures go where they should."""
    mine, away = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    out, sys.stdout = sys.stdout, os.fdopen(mine, "w")
    os.dup2(away, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(mine, 1)
        sys.stdout = out
        os.close(away)


if __name__ == "__main__":
    sys.exit(main())
