"""recoup gate: one row for each file, in order, whatever the file is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from recoup.cli import gate
from recoup.vision.tests.pictures import blurred, packed, scene


def recoup(*words: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run([sys.executable, "-m", "recoup", "gate", *words], capture_output=True, text=True, timeout=120)
    rows = [json.loads(line) for line in done.stdout.splitlines()] if "--json" in words else []
    assert "Traceback" not in done.stderr
    return done.returncode, rows, done.stdout


def folder_of_photos(path: Path) -> Path:
    (path / "deep").mkdir()
    (path / "a.jpg").write_bytes(packed(scene()))
    (path / "b.png").write_bytes(packed(blurred(scene()), "PNG"))
    (path / "deep" / "c.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (path / "notes.txt").write_text("left out")
    return path


def test_rows_have_the_promised_fields_in_order(tmp_path: Path) -> None:
    status, rows, _ = recoup(str(folder_of_photos(tmp_path)), "--json")
    assert status == 0
    assert [(Path(row["file"]).name, row["verdict"]) for row in rows] == [
        ("a.jpg", "accept"),
        ("b.png", "retake"),
        ("c.jpg", "unreadable"),
    ]
    for row in rows:
        assert {"file", "verdict", "reasons", "sentence", "scores", "codes", "width", "height", "ms"} <= set(row)
    assert set(rows[0]["scores"]) == {"sharp", "dark", "bright"} and rows[1]["reasons"] == ["defocus"]
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
