"""Make gate/golden/expected.json anew: what the judge says of each golden picture, to the last whole number.

    python -m training.golden [--out gate/golden/expected.json]

The phone's judge must say the same of the same pictures: tests/gate/ asks it in a real browser.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recoup.vision.gate import Verdict, judge, rules
from training.golden_pictures import made

Pixels = NDArray[np.uint8]
FOLDER = Path(__file__).resolve().parent.parent / "gate" / "golden"


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FOLDER / "expected.json")
    options = parser.parse_args(words)
    made_of = expected()
    options.out.write_text(as_text(made_of), encoding="utf-8")
    said = [case["reasons"][0] if case["reasons"] else "accept" for case in made_of["cases"].values()]
    print(f"{len(said)} cases: " + ", ".join(f"{said.count(what)} {what}" for what in sorted(set(said))))
    return 0


def cases() -> list[dict[str, Any]]:
    """Each with a name, and either ``file`` or width, height and layers."""
    read: list[dict[str, Any]] = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    return read


def pixels_of(case: Mapping[str, Any]) -> Pixels:
    """uint8[h, w, 3]."""
    if "file" not in case:
        return made(case)
    with Image.open(FOLDER / case["file"]) as picture:
        return np.asarray(picture.convert("RGB"))


def expected() -> dict[str, Any]:
    """The rules' version, the measures' names, and for each case by name what is to come out."""
    found = {case["name"]: _said(pixels_of(case)) for case in cases()}
    names = list(judge(np.zeros((64, 64, 3), np.uint8)).features)
    return {"rules_version": rules()["version"], "measures": names, "cases": found}


def _said(pixels: Pixels) -> dict[str, Any]:
    return {"pixels": checksum(pixels)} | plain(judge(pixels))


def plain(verdict: Verdict) -> dict[str, Any]:
    """The verdict in whole numbers and codes: scores in millionths, the measures in their order."""
    return {
        "verdict": verdict.result,
        "reasons": list(verdict.reasons),
        "advice": list(verdict.advice),
        "scores": {name: round(score * 1_000_000) for name, score in verdict.scores.items()},
        "measures": list(verdict.features.values()),
    }


def checksum(pixels: Pixels) -> int:
    """crc32 of the picture as the phone holds it: red, green, blue and an alpha of 255."""
    alpha = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return zlib.crc32(np.concatenate([pixels, alpha], axis=2).tobytes())


def as_text(found: Mapping[str, Any]) -> str:
    """JSON with one line for each case, so that a change can be read."""
    lines = [f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(said)}" for name, said in found["cases"].items()]
    head = f' "rules_version": {json.dumps(found["rules_version"])},\n "measures": {json.dumps(found["measures"])},\n'
    return "{\n" + head + ' "cases": {\n' + ",\n".join(lines) + "\n }\n}\n"


if __name__ == "__main__":
    raise SystemExit(main())
