"""Thousands of mutated and hostile files through the safe decoder: none may end this process or fill its memory.

python -m bench.decoding [FOLDER]     (FOLDER: files that mean harm, opened besides the mutated ones)

Files of every accepted kind are made, then spoilt: flipped bytes, cut ends, doubled parts, changed lengths, foreign
beginnings and endings. Each must give pixels or one refusal with one sentence. Exit 1 when anything else happens.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recoup.vision.decode import LIMITS, decode
from recoup.vision.decoder_pool import POOL
from recoup.vision.tests.pictures import TURNED_HEIC
from recoup.vision.unreadable import Unreadable

KINDS = ("JPEG", "PNG", "WEBP", "AVIF")
Spoil = Callable[[bytearray, random.Random], bytearray]


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--files", type=int, default=5000, help="how many to mutate (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    args = parser.parse_args(words)
    tally, started = Tally(), time.perf_counter()
    for data in mutated(args.files, args.seed):
        tally.open(data)
    for data in large():
        tally.open(data)
    for path in sorted(args.folder.rglob("*")) if args.folder else ():
        if path.is_file():
            tally.open(path.read_bytes())
    told = tally.told() | {"seconds": round(time.perf_counter() - started, 1), "limit_mb": LIMITS.memory >> 20}
    print(
        json.dumps(told, ensure_ascii=False) if args.json else "\n".join(f"{name}: {one}" for name, one in told.items())
    )
    return 1 if tally.wrong or tally.most_memory > LIMITS.memory else 0


class Tally:
    """How many files opened, how many were refused with which sentence, and what should never happen."""

    def __init__(self) -> None:
        self.opened = 0
        self.refused: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.most_memory = 0
        self.slowest = 0.0

    def open(self, data: bytes) -> None:
        started = time.perf_counter()
        try:
            picture = decode(data)
            right = picture.pixels.ndim == 3 and picture.pixels.size <= 3 * LIMITS.pixels
            self.opened += right
            self.wrong["pixels of a wrong shape"] += not right
        except Unreadable as refusal:
            said = refusal.say()
            self.refused[refusal.code] += 1
            self.wrong[f"no sentence: {said!r}"] += "{" in said or not said.endswith(".")
        except Exception as problem:  # whatever else comes out is what this bench looks for
            self.wrong[repr(problem)[:200]] += 1
        self.slowest = max(self.slowest, time.perf_counter() - started)
        self.most_memory = max([self.most_memory, *map(peak_memory, list(POOL.all))])

    def told(self) -> dict[str, object]:
        return {
            "files": self.opened + self.refused.total() + self.wrong.total(),
            "opened": self.opened,
            "refused": dict(self.refused),
            "wrong": dict(+self.wrong),
            "decoder's_peak_mb": round(self.most_memory / 2**20),
            "slowest_s": round(self.slowest, 2),
        }


def peak_memory(child: object) -> int:
    """The most bytes that this child ever held; 0 where the system does not tell."""
    process = getattr(child, "process", None)
    status = Path(f"/proc/{process.pid}/status") if process else Path()
    try:
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0
    return int(line.split()[1]) * 1024


def mutated(count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    whole = list(originals())
    for turn in range(count):
        data = bytearray(whole[turn % len(whole)])
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            data = chance.choice(SPOILS)(data, chance)
        yield bytes(data)


def originals() -> Iterator[bytes]:
    """Small photos of every kind that Pillow can write, plain and in odd modes, with metadata and without."""
    ramp = np.add.outer(np.arange(90), np.arange(120)).astype(np.uint8)
    plain = Image.fromarray(np.stack([ramp, ramp[::-1], 255 - ramp], axis=-1))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "x" * 3000
    for kind in KINDS:
        yield _saved(plain, kind)
        yield _saved(plain, kind, exif=exif)
    yield _saved(plain, "JPEG", progressive=True, icc_profile=b"no profile" * 99)
    yield _saved(plain.convert("CMYK"), "JPEG")
    yield _saved(plain.quantize(16), "PNG")
    yield _saved(Image.fromarray(ramp.astype(np.uint16) * 200), "PNG")
    yield _saved(plain.convert("RGBA"), "PNG", save_all=True, append_images=[plain.convert("RGBA").rotate(9)])
    yield _saved(plain, "WEBP", save_all=True, append_images=[plain.rotate(9)])
    yield TURNED_HEIC


def large() -> Iterator[bytes]:
    """What costs most: as many pixels as are let in, in the modes that unpack to most bytes, and strange shapes."""
    wide = Image.new("RGB", (9000, 7000), (90, 120, 150))
    yield _saved(wide, "JPEG", progressive=True)
    yield _saved(wide.convert("CMYK"), "JPEG")
    yield _saved(wide.convert("RGBA"), "PNG", compress_level=1)
    yield _saved(Image.new("I;16", (9000, 7000), 9000), "PNG", compress_level=1)
    yield _saved(Image.new("RGB", (16000, 12000)), "JPEG")
    yield _saved(Image.new("RGB", (12000, 9000)), "PNG", compress_level=1)
    for size in ((1, 1), (30_000, 1), (1, 30_000)):
        yield _saved(Image.new("RGB", size), "PNG")
    exif = Image.Exif()
    exif[0x010E] = "x" * 60_000
    yield _saved(wide.crop((0, 0, 100, 100)), "JPEG", exif=exif)
    yield b""


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _flip(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data


def _flip_head(data: bytearray, chance: random.Random) -> bytearray:
    """The head holds the sizes and the tables: that is where harm is done."""
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(min(200, len(data)))] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
    return data


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(1, len(data))] if len(data) > 1 else data


def _leave_out(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    del data[start : start + chance.randint(1, 50)]
    return data or bytearray(b"\xff")


def _double(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randint(1, 400)]
    return data[:start] + part * chance.randint(2, 30) + data[start:]


def _append(data: bytearray, chance: random.Random) -> bytearray:
    return data + chance.randbytes(chance.randint(1, 3000))


def _grow_number(data: bytearray, chance: random.Random) -> bytearray:
    """Four bytes become a large number, as a length or a size would be."""
    at = chance.randrange(max(1, min(300, len(data)) - 4))
    data[at : at + 4] = chance.choice(
        (b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\0\0\x75\x30", b"\0\1\0\0", b"\0\0\0\0")
    )
    return data


def _other_head(data: bytearray, chance: random.Random) -> bytearray:
    """As if it had been renamed."""
    heads = (
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b"%PDF-1.7",
    )
    head = chance.choice(heads)
    return bytearray(head) + data[len(head) :]


SPOILS: tuple[Spoil, ...] = (
    _flip,
    _flip,
    _flip_head,
    _flip_head,
    _cut,
    _leave_out,
    _double,
    _append,
    _grow_number,
    _other_head,
)

if __name__ == "__main__":
    raise SystemExit(main())
