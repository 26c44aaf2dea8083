"""The photos that the demo sends: given ones from a folder, else rendered ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recoup.cli.sample import scenes
from recoup.cli.sample.shop import Sale
from recoup.kit.refusal import Refusal

_ENDINGS = frozenset(".jpg .jpeg .jpe .png .webp .heic .heif .avif .gif .bmp .tif .tiff .jp2 .svg .dng".split())
_MOST = 40  # photos of a folder that are looked at


class NoFolder(Refusal):
    code, status = "demo.no_folder", 404
    sentence = "{folder} is not a folder that can be read. Give a folder with photos after --photos."


class NoPhotos(Refusal):
    code, status = "demo.no_photos", 404
    sentence = "There is no photo in {folder}. Give a folder with JPEG, PNG, WebP, HEIC or AVIF files after --photos."


@dataclass(frozen=True, slots=True)
class Picture:
    """``name`` is what the person at the demo calls it; ``shot`` is '' where any shot may do."""

    name: str
    data: bytes
    shot: str = ""


def given(folder: Path) -> Iterator[Picture]:
    """The photos of a folder and the folders in it, by name, read as they are needed. Raises NoFolder, NoPhotos."""
    paths = found(folder)
    return (Picture(str(path.relative_to(folder)), path.read_bytes()) for path in paths)


def found(folder: Path) -> list[Path]:
    """The files that call themselves photos. Raises NoFolder, NoPhotos."""
    try:
        if not folder.is_dir():
            raise NoFolder(folder=folder)
        named = [path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS]
        paths = sorted(path for path in named if path.is_file() and path.stat().st_size)
    except OSError:
        raise NoFolder(folder=folder) from None
    if not paths:
        raise NoPhotos(folder=folder)
    return paths[:_MOST]


def rendered(sale: Sale, shots: Sequence[str], *, unsteady: bool = False) -> Iterator[Picture]:
    """What this buyer would photograph; ``unsteady``: the first one blurred, and then again."""
    for place, shot in enumerate(shots):
        photo = scenes.scene(
            shot, serial=sale.serial, sku=sale.sku, address=sale.address, seed=sale.number, printed=True
        )  # fmt: skip
        if unsteady and place == 0:
            yield Picture(f"{shot}, by an unsteady hand", scenes.blurred(photo), shot)
        yield Picture(shot, photo, shot)
