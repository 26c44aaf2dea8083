"""The shop's face on the customer's pages: RECOUP_LOGO (a file) and RECOUP_COLOURS (the accent by day and by night).

A colour that could not be read is not refused: it keeps its hue and becomes darker by day, lighter by night, until it can
be. Why: docs/decisions/0014-live-and-in-the-shops-colours.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from recoup.kit.colour import Colour, read, readable
from recoup.kit.refusal import Refusal

LARGEST = 256 * 1024  # bytes
_PNG = b"\x89PNG\r\n\x1a\n"
_KINDS = {"svg": "image/svg+xml", "png": "image/png"}
Sheet = dict[str, str]


class NoLogo(Refusal):
    code, status = "conf.no_logo", 503
    sentence = (
        "RECOUP_LOGO names the shop's logo, but “{path}” {why}. Give the path of an SVG or PNG file of at most 256 kB."
    )


class NoColours(Refusal):
    code, status = "conf.no_colours", 503
    sentence = (
        "RECOUP_COLOURS is one colour, or one for the day and one for the night, such as “#0b5d66 #6cc5c1”;"
        " “{words}” is not."
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What the accent must be read on, as in phone/styles/light.css and dark.css, and what else is of its hue."""

    papers: Sequence[Colour]
    soft: tuple[float, float]
    on_accent: tuple[float, float]
    strong: float
    by: float


DAY = Ground(
    papers=[Colour(0.985, 0.004, 180), Colour(1, 0, 0), Colour(0.955, 0.006, 180)],
    soft=(0.945, 0.025), on_accent=(0.99, 0.005), strong=-0.07, by=-1,
)  # fmt: skip
NIGHT = Ground(
    papers=[Colour(0.2, 0.012, 200), Colour(0.245, 0.014, 200), Colour(0.17, 0.012, 200)],
    soft=(0.3, 0.035), on_accent=(0.2, 0.03), strong=0.07, by=1,
)  # fmt: skip
_BY_NIGHT = 0.76  # the least lightness of the night's accent where only the day's was given


@dataclass(frozen=True, slots=True)
class Logo:
    data: bytes
    kind: str

    @property
    def media_type(self) -> str:
        return _KINDS[self.kind]

    @property
    def address(self) -> str:
        return f"/brand/{_name(self.data)}/logo.{self.kind}"


@dataclass(frozen=True, slots=True)
class Brand:
    """``changed``: what was asked for and what came of it, for whoever runs the shop."""

    logo: Logo | None = None
    light: Sheet | None = None
    dark: Sheet | None = None
    changed: Sequence[tuple[str, str]] = ()

    @property
    def logo_file(self) -> tuple[str, bytes] | None:
        """Its name and content, for documents."""
        return (f"logo.{self.logo.kind}", self.logo.data) if self.logo else None

    def sheet(self, theme: str) -> str:
        """The stylesheet: by the reader's own choice, or for pages that are shown as light or as dark."""
        by_theme = {"light": _rule(self.light), "dark": _rule(self.dark)}
        return (
            by_theme.get(theme) or f"{by_theme['light']}\n@media (prefers-color-scheme: dark) {{ {by_theme['dark']} }}"
        )

    def address(self, theme: str) -> str:
        """Empty where our own colours do."""
        return f"/brand/{_name(self.sheet('').encode())}/{theme or 'auto'}.css" if self.light else ""


def of(logo: str, colours: str) -> Brand:
    """What the two settings say; each may be empty. Raises NoLogo, NoColours."""
    asked = _asked(colours)
    if not asked:
        return Brand(logo=_logo(logo))
    day = readable(asked[0], lambda colour: _beneath(colour, DAY), by=DAY.by)
    first = asked[1] if len(asked) > 1 else asked[0].at(max(asked[0].lightness, _BY_NIGHT))
    night = readable(first, lambda colour: _beneath(colour, NIGHT), by=NIGHT.by)
    used = [day, night][: len(asked)]
    changed = [(was.hex, now.hex) for was, now in zip(asked, used, strict=True) if was != now]
    return Brand(logo=_logo(logo), light=_sheet(day, DAY), dark=_sheet(night, NIGHT), changed=changed)


def _asked(words: str) -> list[Colour]:
    found = [read(word) for word in words.replace(",", " ").split()]
    known = [colour for colour in found if colour]
    if len(known) != len(found) or len(known) > 2:
        raise NoColours(words=words)
    return known


def _beneath(accent: Colour, ground: Ground) -> list[Colour]:
    """What the accent is written on, and what is written on it."""
    return [*ground.papers, _of_hue(accent, *ground.soft), _of_hue(accent, *ground.on_accent)]


def _of_hue(accent: Colour, lightness: float, chroma: float) -> Colour:
    return Colour(lightness, min(chroma, accent.chroma), accent.hue)


def _sheet(accent: Colour, ground: Ground) -> Sheet:
    strong = accent.at(accent.lightness + ground.strong)
    soft, on_accent = _of_hue(accent, *ground.soft), _of_hue(accent, *ground.on_accent)
    named = {"accent": accent, "accent-strong": strong, "accent-soft": soft, "on-accent": on_accent}
    return {name: colour.hex for name, colour in named.items()}


def _rule(sheet: Sheet | None) -> str:
    return ":root { " + " ".join(f"--{name}: {colour};" for name, colour in (sheet or {}).items()) + " }"


def _logo(path: str) -> Logo | None:
    if not path:
        return None
    try:
        with Path(path).expanduser().open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise NoLogo(path=path, why=f"cannot be read ({(error.strerror or 'why is unknown').lower()})") from None
    if len(data) > LARGEST:
        raise NoLogo(path=path, why="is larger than that")
    if not (kind := _kind(data)):
        raise NoLogo(path=path, why="is neither")
    return Logo(data, kind)


def _kind(data: bytes) -> str:
    if data.startswith(_PNG):
        return "png"
    if b"<!ENTITY" in data:  # a few of them can grow without end
        return ""
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  (the owner's own file, small and without entities)
    except ElementTree.ParseError:
        return ""
    return "svg" if root.tag in ("svg", "{http://www.w3.org/2000/svg}svg") else ""


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
