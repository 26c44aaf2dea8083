"""The phone's judge says what the server's says: on every golden picture and on real photos, to the last number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from recoup.vision.decode import decode
from recoup.vision.gate import judge
from tests.gate import kernel
from tests.sample_data import sample
from training import golden

pytestmark = [pytest.mark.journey, pytest.mark.slow]
LIMIT = 12_000  # bytes of the gate and its rules, gzipped
PHOTOS_PER_SET = 4
SETS = (
    "product_natural", "defect_phone", "damage_phone", "parcel", "blur_label", "blur_gopro",
    "blur_photo", "blur_partial", "exposure_seq", "exposure_dark",
)  # fmt: skip

EXPECTED: dict[str, Any] = json.loads((kernel.GOLDEN / "expected.json").read_text(encoding="utf-8"))
handed_over: dict[str, bytes] = {}


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    try:
        with kernel.opened({"/photo": lambda: handed_over["photo"]}) as opened:
            yield opened
    except kernel.NotHere as lack:
        pytest.skip(str(lack))


def in_our_words(told: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """What the phone said, as training.golden writes it down."""
    assert set(told["measures"]) == set(names)
    assert told["nearLine"] == bool(told["advice"])
    return {
        "verdict": told["result"],
        "reasons": told["reasons"],
        "advice": told["advice"],
        "scores": told["scores"],
        "measures": [told["measures"][name] for name in names],
    }


@pytest.mark.parametrize("case", golden.cases(), ids=lambda case: case["name"])
def test_phone_and_server_agree_on_a_golden_picture(page: Page, case: dict[str, Any]) -> None:
    told = page.evaluate("judged", case)
    found = {"pixels": told["pixels"]} | in_our_words(told, EXPECTED["measures"])
    assert found == EXPECTED["cases"][case["name"]]
    assert told["rulesVersion"] == EXPECTED["rules_version"]


def test_the_sentence_is_a_key_of_the_servers(page: Page) -> None:
    from recoup.vision.gate_sentences import ADVICE, SENTENCES

    keys = set(SENTENCES) | {f"advice.{reason}" for reason in ADVICE}
    told = {page.evaluate("judged", case)["sentence"] for case in one_of_each_verdict()}
    assert len(told) > 3 and told <= keys


def one_of_each_verdict() -> list[dict[str, Any]]:
    """The smallest golden picture for each verdict with its first reason or advice, of which the sentence is made."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for case in sorted(golden.cases(), key=lambda case: case.get("width", 4000) * case.get("height", 4000)):
        said = EXPECTED["cases"][case["name"]]
        found.setdefault((said["verdict"], *said["reasons"][:1], *said["advice"][:1]), case)
    return list(found.values())


@pytest.mark.parametrize("name", SETS)
def test_phone_and_server_agree_on_real_photos(page: Page, name: str) -> None:
    files = sorted(path for path in sample(f"photos/{name}").iterdir() if path.suffix in (".jpg", ".png"))
    some = files[:: max(1, len(files) // PHOTOS_PER_SET)][:PHOTOS_PER_SET]
    assert len(some) == PHOTOS_PER_SET
    assert {path.name: asked(page, path) for path in some} == {path.name: server(path) for path in some}


def asked(page: Page, path: Path) -> dict[str, Any]:
    pixels = decode(path.read_bytes()).pixels
    alpha = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    handed_over["photo"] = np.concatenate([pixels, alpha], axis=2).tobytes()
    told = page.evaluate("([high, wide]) => judgedBytes('/photo', wide, high)", list(pixels.shape[:2]))
    return in_our_words(told, EXPECTED["measures"])


def server(path: Path) -> dict[str, Any]:
    return golden.plain(judge(decode(path.read_bytes()).pixels))


@pytest.mark.parametrize(("length", "width", "height"), [(0, 0, 0), (16, 2, 3), (12, 2, 2), (4, -1, -1)])
def test_bytes_that_are_no_picture_are_refused(page: Page, length: int, width: int, height: int) -> None:
    told = page.evaluate("([l, w, h]) => refused(l, w, h)", [length, width, height])
    assert told == f"RangeError: {length} bytes are no picture of {width} × {height} pixels."


def test_it_still_judges_after_a_refusal(page: Page) -> None:
    page.evaluate("refused(3, 1, 1)")
    first = golden.cases()[0]
    assert page.evaluate("judged", first)["result"] == EXPECTED["cases"][first["name"]]["verdict"]


def test_it_travels_light() -> None:
    try:
        size = kernel.packed_size()
    except kernel.NotHere as lack:
        pytest.skip(str(lack))
    assert sum(size.values()) <= LIMIT, size
