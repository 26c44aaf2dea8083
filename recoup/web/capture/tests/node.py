"""The phone's pure scripts in Node, as the build would ship them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

PHONE = Path(settings.ROOT) / "phone"
MISSING = pytest.mark.skipif(
    not shutil.which("node") or not (PHONE / "node_modules").exists(), reason="the pages' tools are not installed"
)
PROGRAM = """
  import { readFileSync } from "node:fs";
  import { transformWithOxc } from "vite";
  const [file, name, told] = JSON.parse(readFileSync(0, "utf8"));
  const { code } = await transformWithOxc(readFileSync(file, "utf8"), file);
  const script = await import("data:text/javascript," + encodeURIComponent(code));
  const alive = (key, value) => (value?.regexp ? new RegExp(`^(?:${value.regexp})$`, "i") : value);
  console.log(JSON.stringify(JSON.parse(told, alive).map((words) => script[name](...words))));
"""


def called(file: str, name: str, *calls: list[Any]) -> list[Any]:
    """What the function of that script answers to each of the calls; ``{"regexp": …}`` becomes one."""
    told = json.dumps([file, name, json.dumps(calls)])
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", PROGRAM],
        cwd=PHONE, input=told, text=True, capture_output=True, check=True,
    )  # fmt: skip
    answers: list[Any] = json.loads(ran.stdout)
    return answers
