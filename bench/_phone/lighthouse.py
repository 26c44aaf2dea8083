"""Lighthouse's judgement of a customer's screens, as its own command gives it for a phone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests import chromium

COMMAND = Path(__file__).parents[1] / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
ASKED = ("performance", "accessibility", "best-practices")


class NotHere(Exception):
    """Why it cannot be asked."""


def scores(address: str, folder: str) -> dict[str, float]:
    """Category → of 100. Raises NotHere."""
    node = shutil.which("node")
    if not node or not COMMAND.exists():
        raise NotHere("Lighthouse is not installed; script/bench fetches it where there is a network.")
    told = Path(folder, "lighthouse.json")
    words = [
        node, str(COMMAND), address, "--quiet", "--output=json", f"--output-path={told}",
        f"--only-categories={','.join(ASKED)}", "--chrome-flags=--headless=new --no-sandbox",
    ]  # fmt: skip
    ran = subprocess.run(words, env={**os.environ, "CHROME_PATH": chromium.path() or ""}, capture_output=True, text=True, check=False)  # fmt: skip
    if ran.returncode or not told.exists():
        raise NotHere(f"Lighthouse could not look at {address}: {ran.stderr.strip()[-300:]}")
    report = json.loads(told.read_text())
    for name in ASKED:
        if report["categories"][name]["score"] is None:
            raise NotHere(f"Lighthouse gave no score for {name}: {report.get('runtimeError', {}).get('message', '')}")
    return {name: round(report["categories"][name]["score"] * 100) for name in ASKED}


def lacking(folder: str) -> list[str]:
    """What cost points in the last report."""
    report = json.loads(Path(folder, "lighthouse.json").read_text())
    asked = {each["id"] for name in ASKED for each in report["categories"][name]["auditRefs"] if each["weight"] > 0}
    audits = [report["audits"][name] for name in sorted(asked)]
    return [f"{each['id']}: {each.get('displayValue', '')}" for each in audits if (each["score"] or 0) < 1 and each["scoreDisplayMode"] != "notApplicable"]  # fmt: skip
