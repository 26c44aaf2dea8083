"""Runs one benchmark of this checkout, paired with its peer or limit; without a name, lists them."""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from pathlib import Path

from recoup.kit.refusal import Refusal

_BENCHES = Path(__file__).resolve().parents[2] / "bench"


class NoSuchBench(Refusal):
    code = "bench.unknown"
    status = 404
    sentence = "There is no benchmark “{name}” here. There are: {known}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="which one; without it, all are listed")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="options of that benchmark")


def run(args: argparse.Namespace) -> int:
    known = benches()
    if args.name is None:
        for name, words in known.items():
            args.out.say(f"{name:<12} {words}", event="bench", name=name, about=words)
        return 0
    if args.name not in known:
        raise NoSuchBench(name=args.name, known=", ".join(known) or "none, outside a checkout")
    options = [*args.rest, *(["--json"] if args.out.as_json else [])]
    # A process of its own: a benchmark must not be warmed or slowed by what started it.
    return subprocess.run([sys.executable, str(_BENCHES / f"{args.name}.py"), *options], check=False).returncode


def benches() -> dict[str, str]:
    """Name of each benchmark → the first line of its docstring."""
    found = {}
    for path in sorted(_BENCHES.glob("*.py")):
        if not path.stem.startswith("_"):
            found[path.stem] = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]
    return found
