from __future__ import annotations

from pathlib import Path

import pytest

from recoup.kit.typeset import typeset

TEMPLATE = '#json("data.json").said'


@pytest.fixture
def template(tmp_path: Path) -> Path:
    (tmp_path / "said.typ").write_text(TEMPLATE)
    return tmp_path / "said.typ"


@pytest.mark.parametrize(
    "said",
    [
        "深圳灯具有限公司",
        "山田太郎 マグカップ",
        "한국전자",
        "บริษัท",
        "ＡＢＣ",
        "शर्मा",
        "שלום",
        "سلام",
        "ქართული",
        "Ωμέγα Ћирић",
    ],
)
def test_names_of_the_world_are_printed(template: Path, said: str) -> None:
    assert b"pdfaid:part" in typeset(template, {"said": said})


def test_control_characters_are_left_out(template: Path) -> None:
    assert typeset(template, {"said": "Cup\x01 and\x00 \x9flid"}) == typeset(template, {"said": "Cup and lid"})


def test_a_letter_without_a_font_stops_nothing(template: Path) -> None:
    made = typeset(template, {"said": "kept \U0001e900 whole"})  # Adlam
    assert made.startswith(b"%PDF-") and b"pdfaid:part" not in made


def test_the_same_data_gives_the_same_bytes(template: Path) -> None:
    assert typeset(template, {"said": "深圳"}) == typeset(template, {"said": "深圳"})


def test_a_wrong_template_is_loud(tmp_path: Path) -> None:
    (tmp_path / "wrong.typ").write_text("#nothing-such")
    with pytest.raises(Exception, match="unknown variable"):
        typeset(tmp_path / "wrong.typ", {})
