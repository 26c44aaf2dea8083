"""recoup redact: one row for each photo, a copy under a number for each that could be redacted."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from recoup.vision.redact.tests import scenes


def recoup(*words: str) -> tuple[int, list[dict[str, Any]], str]:
    command = [sys.executable, "-m", "recoup", "redact", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()] if "--json" in words else []
    return done.returncode, rows, done.stdout + done.stderr


def planted(path: Path) -> Path:
    """A scene with a name and a SKU, saved with a comment that must not travel."""
    scene = scenes.blank(width=720, height=90)
    scenes.write(scene, scenes.NAME, at=(30, 20))
    scenes.write(scene, scenes.SKU, at=(520, 20))
    scene.save(path, "JPEG", comment=b"from Wilhelmina")
    return path


def test_copies_have_numbers_for_names_and_rows_have_the_promised_fields(tmp_path: Path) -> None:
    photo = planted(tmp_path / "wilhelmina_flat_12.jpg")
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff no photo")
    words = (str(photo), str(broken), "--out", str(tmp_path / "out"), "--json", "--keep", scenes.SKU)
    status, rows, _ = recoup(*words, "--hide", scenes.NAME)
    assert status == 1
    assert {"file", "out", "width", "height", "covers", "residue", "ms"} <= set(rows[0])
    assert [Path(row["out"]).name if row["out"] else None for row in rows] == ["photo-0001.jpg", None]
    assert rows[1]["sentence"]
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["photo-0001.jpg"]

    data = Path(rows[0]["out"]).read_bytes()
    assert b"Wilhelmina" not in data
    assert hashlib.sha256(data).hexdigest() == rows[0]["sha256"]
    assert (rows[0]["width"], rows[0]["height"]) == Image.open(rows[0]["out"]).size == (720, 90)
    assert [cover["kind"] for cover in rows[0]["covers"]] == ["identifier"]
    assert rows[0]["residue"] == []


def test_a_missing_photo_and_a_folder_that_cannot_be_written_are_told_in_one_line(tmp_path: Path) -> None:
    status, rows, _ = recoup(str(tmp_path / "none.jpg"), "--out", str(tmp_path / "out"), "--json")
    assert (status, rows[0]["code"], rows[0]["out"]) == (1, "file.unavailable", None)
    (tmp_path / "taken").write_text("a file, not a folder")
    status, _, said = recoup(str(tmp_path / "none.jpg"), "--out", str(tmp_path / "taken"))
    assert status == 1
    assert said.count("\n") == 1
