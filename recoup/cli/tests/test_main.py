"""The one entry point: finds commands, exits 0, 1 or 2, and never shows a traceback for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from types import ModuleType

import pytest

import recoup.__main__ as entry
from recoup.cli.out import Out
from recoup.kit.refusal import Refusal


class NoKettle(Refusal):
    code = "kettle.missing"
    sentence = "There is no kettle in {room}.\nBring one."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--room", required=True)


def command(run: object) -> ModuleType:
    made = ModuleType("recoup.cli.boil")
    made.add_arguments, made.run = add_arguments, run  # type: ignore[attr-defined]
    return made


def boil(args: object) -> int:
    raise NoKettle(room=args.room)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def kettle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "commands", lambda: {"boil": "Boils water."})
    monkeypatch.setattr(entry, "_prepare", lambda: None)
    monkeypatch.setattr(entry, "_load", lambda name: command(boil))


def test_a_refusal_is_one_line_on_standard_error_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["boil", "--room", "attic"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "There is no kettle in attic. Bring one.\n")


def test_a_refusal_is_one_json_object_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["boil", "--json", "--room", "attic"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["code"], said["facts"]) == ("kettle.missing", {"room": "attic"})


@pytest.mark.parametrize("words", [[], ["boil"], ["roast"], ["boil", "--room"], ["boil", "--room", "attic", "--what"]])
def test_wrong_usage_exits_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        entry.main(words)
    assert left.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_bug_is_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(args: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(entry, "_load", lambda name: command(bug))
    with pytest.raises(ZeroDivisionError):
        entry.main(["boil", "--room", "attic"])


def test_lines_for_people_are_not_json_and_the_other_way_round(capsys: pytest.CaptureFixture[str]) -> None:
    for as_json in (False, True):
        out = Out(as_json=as_json)
        out.say("Three cups.", event="cups", cups=3)
        out.say("Enjoy.")
    assert capsys.readouterr().out.splitlines() == ["Three cups.", "Enjoy.", '{"event": "cups", "cups": 3}']


def test_every_command_file_is_found_and_helps_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    found = entry.commands()
    assert {"serve", "web", "worker", "status", "stop", "manage"} <= set(found)
    assert all(help_.endswith(".") for help_ in found.values())
    assert not {"out", "supervised"} & set(found)


def test_help_loads_neither_django_nor_pixels() -> None:
    code = "import sys, recoup.__main__ as m; m.commands(); print([n for n in ('django', 'cv2', 'numpy') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_web_process_loads_no_pixels_before_it_needs_them() -> None:
    code = (
        "import sys; from recoup.conf import start; start.settings();"
        "import recoup.conf.urls, recoup.foundation.jobs.worker;"
        "print([n for n in ('cv2', 'onnxruntime', 'rapidocr', 'numpy', 'typst') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
