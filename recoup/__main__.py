"""``recoup``: the one entry point. Finds the command, parses its words, turns a refusal into one line.

Exit status: 0 done, 1 refused (said in one line), 2 wrong usage. Only a bug prints a traceback.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from recoup.cli.out import Out
from recoup.kit.refusal import Refusal

_COMMANDS = Path(__file__).parent / "cli"


def commands() -> dict[str, str]:
    """Name of each command → its help. The files are read, not imported, so help is quick."""
    found = {}
    for path in sorted(_COMMANDS.glob("*.py")):
        tree = ast.parse(path.read_text())
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if {"add_arguments", "run"} <= functions:
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    args = _parse(words)
    try:
        _prepare()
        status: int = args.command.run(args)
        return status
    except Refusal as refusal:
        args.out.refuse(refusal)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has left; say nothing more, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parse(words: list[str]) -> argparse.Namespace:
    known = commands()
    top = argparse.ArgumentParser(prog="recoup", description="From a customer's photo to the supplier's credit.")
    choices = top.add_subparsers(metavar="COMMAND", required=True, title="commands")
    chosen = next((word for word in words if not word.startswith("-")), None)
    for name, help_ in known.items():
        parser = choices.add_parser(name, help=help_, description=help_, allow_abbrev=False)
        if name == chosen:
            _complete(parser, _load(name))
    args = top.parse_args(words)
    args.out = Out(as_json=args.json)
    return args


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"recoup.cli.{name}")


def _complete(parser: argparse.ArgumentParser, command: ModuleType) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object per line on standard output")
    command.add_arguments(parser)
    parser.set_defaults(command=command)


def _prepare() -> None:
    from recoup.cli import supervised
    from recoup.conf import logs

    # A polite end instead of a sudden one, so that what is registered with atexit happens.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    logs.configure()
    supervised.follow()


if __name__ == "__main__":
    sys.exit(main())
