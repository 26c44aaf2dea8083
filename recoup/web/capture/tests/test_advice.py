"""The camera's one line, frame for frame: phone/capture/camera/advice.ts in Node, as the build would ship it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from recoup.vision.gate_sentences import SENTENCES

PHONE = Path(settings.ROOT) / "phone"
pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (PHONE / "node_modules").exists(), reason="the pages' tools are not installed"
)
Heard = Callable[..., list[tuple[str, bool]]]
Lines = Callable[..., list[str]]
#: Reads a run of frames from each line and answers with the line and whether the photo may take itself, frame for frame.
PROGRAM = """
  import { readFileSync } from "node:fs";
  import { createInterface } from "node:readline";
  import { transformWithOxc } from "vite";
  const file = "capture/camera/advice.ts";
  const { code } = await transformWithOxc(readFileSync(file, "utf8"), file);
  const { begin, hear, ripe } = await import("data:text/javascript," + encodeURIComponent(code));
  for await (const line of createInterface({ input: process.stdin })) {
    const { shot, frames } = JSON.parse(line);
    let now = begin(0);
    const answers = frames.map((frame) => {
      now = hear(now, frame, shot);
      return [now.line, ripe(now, frame.at)];
    });
    console.log(JSON.stringify(answers));
  }
"""


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    """What is said of frames; one Node for all of them, because it takes longer to start than to answer."""
    with subprocess.Popen(
        ["node", "--input-type=module", "-e", PROGRAM], cwd=PHONE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as node:  # fmt: skip

        def ask(told: list[dict[str, Any]], shot: str = "overall") -> list[tuple[str, bool]]:
            print(json.dumps({"shot": shot, "frames": told}), file=node.stdin, flush=True)
            return [(line, ripe) for line, ripe in json.loads(node.stdout.readline())]

        yield ask


@pytest.fixture(scope="module")
def lines(heard: Heard) -> Lines:
    return lambda told, shot="overall": [line for line, _ in heard(told, shot)]


def frames(*told: str, every: int = 500, torch: str = "none", moved: bool = False) -> list[dict[str, Any]]:
    """One frame each ``every`` milliseconds: 'good', reasons as 'motion+defocus', advice as '~glare'."""
    made = []
    for number, words in enumerate(told, start=1):
        firm = [] if words == "good" or words.startswith("~") else words.split("+")
        advice = words[1:].split("+") if words.startswith("~") else []
        made.append(
            {"at": number * every, "verdict": {"reasons": firm, "advice": advice}, "moved": moved, "torch": torch}
        )
    return made


def test_one_frame_says_nothing_and_two_agree(lines: Lines) -> None:
    assert lines(frames("motion", "motion", "motion", every=600)) == ["start", "motion", "motion"]
    assert lines(frames("motion", "good", "motion", "good", "motion", every=600)) == ["start"] * 5


def test_the_worst_is_first_and_a_fault_is_worse_than_advice(lines: Lines) -> None:
    assert lines(frames(*["too_dark+defocus"] * 2, every=600))[-1] == "too_dark"
    assert lines(frames(*["~glare+too_small"] * 2, every=600))[-1] == "glare"


def test_in_the_dark_nothing_else_is_blamed(lines: Lines) -> None:
    assert lines(frames(*["blank+too_dark"] * 2, every=600))[-1] == "too_dark"
    assert lines(frames(*["blank"] * 2, every=600))[-1] == "blank"


def test_it_changes_once_a_second_at_most(lines: Lines) -> None:
    told = frames("motion", "motion", "glare", "glare", "defocus", "defocus", "good", "good", "good", every=100)
    assert lines(told) == ["start"] * 9
    told = frames(*(["motion"] * 12 + ["good"] * 12), every=160)
    said = list(zip([frame["at"] for frame in told], lines(told), strict=True))
    changes = [at for (_, before), (at, now) in pairwise(said) if before != now]
    assert len(changes) == 2
    assert all(later - sooner >= 1000 for sooner, later in pairwise([0, *changes]))
    assert said[-1][1] == "good"


def test_a_moving_hand_is_told_to_hold_still_though_each_frame_is_sharp(lines: Lines) -> None:
    assert lines(frames(*["good"] * 2, every=600, moved=True))[-1] == "motion"


@pytest.mark.parametrize("shot", ["close_up", "serial_label"])
def test_what_runs_out_of_a_close_up_is_no_fault(shot: str, lines: Lines) -> None:
    told = frames(*["~cut_off"] * 3, every=600)
    assert lines(told, shot)[-1] == "good"
    assert lines(told, "packaging")[-1] == "cut_off"


@pytest.mark.parametrize(("torch", "line"), [("off", "torch"), ("none", "own_camera"), ("on", "own_camera")])
def test_who_stays_in_the_dark_is_shown_a_way_out(torch: str, line: str, lines: Lines) -> None:
    told = lines(frames(*["too_dark"] * 8, torch=torch))
    assert told[2] == "too_dark"
    assert told[-1] == line
    assert lines(frames(*["too_dark"] * 4, "good", *["too_dark"] * 4, torch=torch))[-2] == "too_dark"


def test_it_takes_itself_only_when_good_for_a_second_and_not_at_once(heard: Heard) -> None:
    told = frames(*["good"] * 6)
    assert [ripe for _, ripe in heard(told)] == [False, False, False, True, True, True]
    late = frames(*["motion"] * 6, *["good"] * 6, every=300)
    assert [ripe for _, ripe in heard(late)] == [False] * 10 + [True] * 2
    assert not any(ripe for _, ripe in heard(frames(*["good", "good", "motion"] * 5)))


def test_every_reason_of_the_gate_has_its_line_in_the_page() -> None:
    page = (Path(__file__).parents[1] / "templates/capture/finder.html").read_text()
    # "tiny" is told of photos only, and what is no goods is not known before the photo is there.
    assert set(SENTENCES) - {"tiny", "not_goods"} <= set(re.findall(r'data-says="(\w+)"', page))
