"""The contracts of .importlinter hold, and each of them really refuses its kind of violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.layers import ROOT

#: contract id → (module to plant in, the import that it must refuse)
PLANTED = {
    "layers": ("recoup/kit/planted.py", "import recoup.foundation.database.rows"),
    "domain": ("recoup/domain/catalogue/planted.py", "import recoup.domain.claims.states"),
    "models": ("recoup/web/desk/planted.py", "import recoup.domain.returns.models"),
    "audiences": ("recoup/web/supplier/planted.py", "import recoup.web.desk.apps"),
    "channels": ("recoup/channels/shopify/planted.py", "import recoup.channels.csvfile"),
    "channels-translate": ("recoup/channels/csvfile/planted.py", "import recoup.domain.orders.models"),
    "pure-rules": ("recoup/domain/returns/states.py", "import django.db"),
    "pure-kit-and-vision": ("recoup/vision/planted.py", "import socket"),
    "wall": ("recoup/web/supplier/planted.py", "import recoup.domain.evidence.queries"),
    "no-tests": ("recoup/kit/planted.py", "import pytest"),
    "one-engine": ("recoup/domain/returns/planted.py", "import procrastinate"),
}


def _lint(folder: Path, contract: str = "") -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).with_name("lint-imports")
    command = [str(script), "--no-cache", *(["--contract", contract] if contract else [])]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=_environment(folder))


def _environment(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(folder), "PATH": str(Path(sys.executable).parent)}


def test_the_house_keeps_its_contracts() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_violation_is_refused(contract: str, tmp_path: Path) -> None:
    skip = shutil.ignore_patterns("__pycache__", "*.onnx", "migrations", "templates")
    shutil.copytree(ROOT / "recoup", tmp_path / "recoup", ignore=skip)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    module, statement = PLANTED[contract]
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{statement}\n")
    result = _lint(tmp_path, contract)
    assert result.returncode == 1 and "BROKEN" in result.stdout, result.stdout + result.stderr


def test_a_folder_without_a_place_in_the_house_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "recoup", tmp_path / "recoup", ignore=shutil.ignore_patterns("__pycache__", "*.onnx"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    (tmp_path / "recoup" / "misc").mkdir()
    (tmp_path / "recoup" / "misc" / "__init__.py").write_text("")
    result = _lint(tmp_path, "layers")
    assert result.returncode == 1 and "misc" in result.stdout, result.stdout + result.stderr
