"""JSON as it came: numbers stay text, so that an 18-digit id and a cent survive; doubled keys are seen."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from recoup.kit.problem import Blocked, Problem, step

_SPACE = re.compile(r"[ \t\n\r]*")


class Doubled(dict[str, Any]):
    """An object in which ``names`` came more than once; the last value counts."""

    names: tuple[str, ...] = ()


def load(raw: bytes) -> tuple[Any, list[Problem]]:
    """The value, with every number as text, and a held problem per doubled key. Raises Blocked."""
    text = decode(raw)
    try:
        value = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_pairs
        )  # fmt: skip
    except RecursionError:
        raise _blocked("too_deep", "It is nested too deeply to be an order.") from None
    except json.JSONDecodeError as error:
        raise _blocked("not_json", f"This is not JSON: {error.msg} in line {error.lineno}.") from None
    return value, list(_doubled(value))


def decode(raw: bytes) -> str:
    """The text, without a byte order mark. Raises Blocked for what is empty or not text."""
    if not raw.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise _blocked("empty", "There is nothing in it.")
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _blocked("not_text", f"This is not text in UTF-8 (byte {error.start}).") from None


def spans(text: str) -> list[tuple[int, str]]:
    """The exact text of each order in ``{"orders": […]}`` or ``[…]``, with its index; [] for any other shape."""
    try:
        start = _list_start(text)
        return [(i, text[a:b]) for i, (a, b) in enumerate(_items(text, start))] if start is not None else []
    except (ValueError, IndexError, RecursionError):
        return []


def _list_start(text: str) -> int | None:
    """Where the list of orders begins."""
    at = _skip(text, 0)
    if text[at] == "[":
        return at
    for key, value_at in _members(text, at):
        if key == "orders" and text[value_at] == "[":
            return value_at
    return None


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    if text[at] != "{":
        return
    at = _skip(text, at + 1)
    while text[at] == '"':
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        yield key, at
        at = _next(text, _DECODER.raw_decode(text, at)[1])


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    at = _skip(text, at + 1)
    while text[at] != "]":
        end = _DECODER.raw_decode(text, at)[1]
        yield at, end
        at = _next(text, end)


def _next(text: str, at: int) -> int:
    """Behind the comma, or at the closing bracket."""
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _no_constant(name: str) -> NoReturn:
    raise _blocked("not_json", f"{name} is not a number that JSON knows.")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = Doubled(pairs)
    if len(made) < len(pairs):
        times = Counter(name for name, _ in pairs)
        made.names = tuple(name for name in made if times[name] > 1)
    return made


def _doubled(value: Any) -> Iterator[Problem]:
    waiting = [("", value)]
    while waiting:
        at, each = waiting.pop()
        for name in each.names if isinstance(each, Doubled) else ():
            yield Problem(
                "structure.doubled_key", at + step(name), "hold",
                f"“{name}” is there more than once; the last one counted.", "Ask the source which one is right.",
            )  # fmt: skip
        inner = each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
        waiting += [(at + step(name), item) for name, item in inner if isinstance(item, (dict, list))]


def _blocked(code: str, sentence: str) -> Blocked:
    remedy = "Deliver the order as the shop sends it, in JSON."
    return Blocked(Problem(f"structure.{code}", "", "block", sentence, remedy))


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
