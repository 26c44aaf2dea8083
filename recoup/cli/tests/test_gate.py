"""recoup gate: one row for each file, in order, whatever the file is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recoup.cli import gate
from recoup.cli.sheet import sheet
from recoup.vision.tests.pictures import blurred, packed, scene


def recoup(*words: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run([sys.executable, "-m", "recoup", "gate", *words], capture_output=True, text=True, timeout=120)
    rows = [json.loads(line) for line in done.stdout.splitlines()] if "--json" in words else []
    assert "Traceback" not in done.stderr
    return done.returncode, rows, done.stdout


@dataclass(frozen=True)
class Told:
    """What was said of a folder of photos, and the sheet of it."""

    status: int
    rows: list[dict[str, Any]]
    sheet: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    photos, page = tmp_path_factory.mktemp("photos"), tmp_path_factory.mktemp("sheet") / "out.html"
    status, rows, _ = recoup(str(folder_of_photos(photos)), "--json", "--sheet", str(page))
    return Told(status, rows, page.read_text())


def folder_of_photos(path: Path) -> Path:
    (path / "deep").mkdir()
    (path / "<img onerror=alert(1)>.jpg").write_bytes(packed(scene()))
    (path / "b.png").write_bytes(packed(blurred(scene()), "PNG"))
    (path / "deep" / "c.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (path / "notes.txt").write_text("left out")
    return path


def test_rows_have_the_promised_fields_in_order(told: Told) -> None:
    rows = told.rows
    assert told.status == 0
    assert [(Path(row["file"]).name, row["verdict"]) for row in rows] == [
        ("<img onerror=alert(1)>.jpg", "accept"),
        ("b.png", "retake"),
        ("c.jpg", "unreadable"),
    ]
    for row in rows:
        assert {"file", "verdict", "reasons", "sentence", "scores", "codes", "width", "height", "ms"} <= set(row)
    assert set(rows[0]["scores"]) == {"sharp", "dark", "bright", "relevant"} and rows[1]["reasons"] == ["defocus"]
    assert rows[2]["reasons"] == ["photo.damaged"] and rows[2]["scores"] is None


def test_a_missing_file_is_a_row_and_exit_1(tmp_path: Path) -> None:
    good = tmp_path / "a.jpg"
    good.write_bytes(packed(scene()))
    status, rows, _ = recoup(str(good), str(tmp_path / "missing.jpg"), "--json")
    assert status == 1
    assert [row["verdict"] for row in rows] == ["accept", "unreadable"]
    assert rows[1]["sentence"] == "This file cannot be read: No such file or directory."


def test_nothing_readable_is_exit_1_and_words_go_to_people(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 ")
    status, _, said = recoup(str(tmp_path / "a.pdf"))
    assert status == 1
    assert "This file is a PDF, not a photo." in said


def test_many_files_keep_their_order(tmp_path: Path) -> None:
    paths = []
    for turn in range(30):
        paths.append(tmp_path / f"{turn:02}.jpg")
        paths[-1].write_bytes(packed(scene(80 + turn, 80)))
    rows = list(gate._judged(paths, codes=False))
    assert [row["width"] for row in rows] == [80 + turn for turn in range(30)]


class TestSheet:
    def test_it_lays_photos_out_by_verdict_and_shows_each(self, told: Told) -> None:
        text = told.sheet
        assert told.status == 0 and len(told.rows) == 3
        assert text.count("<figure") == 3 and text.count('src="data:image/jpeg;base64,') == 2
        assert text.index("Take again: 1") < text.index("Accepted") < text.index("Not opened: 1")
        assert re.findall(r"<h3>(.*?)</h3>", text) == ["defocus: 1", "damaged: 1"]
        assert re.search(r"deep</td><td>1</td>.*<td>1</td></tr>", text)

    def test_it_is_one_file_that_runs_nothing(self, told: Told) -> None:
        text = told.sheet
        assert "&lt;img onerror" in text and "<img onerror" not in text
        assert not re.search(r"<script|<link|\bon\w+=\"|http", text)

    def test_the_most_doubtful_come_first(self) -> None:
        def row(file: str, verdict: str, sharp: float, dark: float = 0.0) -> dict[str, Any]:
            scores = {"sharp": sharp, "dark": dark, "bright": 0.0}
            reasons = [] if verdict == "accept" else ["defocus"]
            return {
                "file": file, "verdict": verdict, "reasons": reasons, "sentence": "", "scores": scores,
                "near_line": False, "codes": [], "width": 9, "height": 9, "ms": 1.0,
            }  # fmt: skip

        rows = [row("a", "retake", 0.1), row("b", "retake", 0.4), row("c", "accept", 0.9), row("d", "accept", 0.9, 0.7)]
        assert re.findall(r'<figure title="(.)"', sheet(rows, {})) == ["b", "a", "d", "c"]

    def test_a_place_where_nothing_can_be_written_is_said_before_the_work(self, tmp_path: Path) -> None:
        photo = tmp_path / "a.jpg"
        photo.write_bytes(packed(scene()))
        status, rows, _ = recoup(str(photo), "--json", "--sheet", str(tmp_path / "nowhere" / "out.html"))
        assert status == 1 and [row["code"] for row in rows] == ["gate.no_sheet"]
