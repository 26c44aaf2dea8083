"""How a case's checks and events read on the page: an icon, a word and a meaning for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recoup.domain.defects import queries as defects
from recoup.domain.returns import deadlines, queries
from recoup.domain.returns.queries import CaseLine, CasePage

CHECKS = {
    "identity": "Whose order",
    "quantity": "How many",
    "warranty": "Warranty",
    "serial": "Serial number",
    "pattern": "Known defect",
    "evidence": "Photos",
    "reuse": "Seen before",
    "product": "Which product",
}
#: result: (meaning, icon, word)
RESULTS = {
    "pass": ("settled", "circle-check", "holds"),
    "fail": ("stops", "circle-x", "does not hold"),
    "unsure": ("waits", "circle-help", "not certain"),
    "not_applicable": ("quiet", "ban", "does not apply"),
}
REMEDIES = {"refund": "Refund", "store_credit": "Store credit", "replacement": "Replacement"}
#: What an agent may wait on for: how many days more.
WAIT_DAYS = {"goods": deadlines.GOODS.days, "order": deadlines.ORDER.days}
_ICONS = {
    "message": "message-circle", "line.approved": "circle-check", "line.refused": "circle-x", "line.more_asked": "camera",
    "line.goods_received": "package-check", "line.goods_lost": "ban", "goods.received": "package-check", "goods.dispositioned": "truck",
    "remedy.posted": "wallet", "remedy.paid": "wallet", "remedy.fulfilled": "truck", "remedy.failed": "triangle-alert", "return.submitted": "send", "return.verified": "list-checks",
    "return.taken": "user", "return.released": "user", "photo.arrived": "image", "photo.accepted": "image", "photo.retake": "image",
    "link.reminded": "mail", "return.reminded": "mail",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """One check as a sentence; ``facts`` are what it used, ready to read."""

    title: str
    sentence: str
    meaning: str
    icon: str
    word: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """One remedy that can be approved, with the words on the key."""

    remedy: str
    words: str
    key_words: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line with everything in words. ``first`` is the photo shown large; ``keys`` is empty while another has the case."""

    item: CaseLine
    first: Any
    checks: list[CheckSeen]
    changed: list[str]
    ways: list[Way]
    shots: list[tuple[str, str, bool]]
    reason_needed: bool
    keys: Sequence[str]


def lines_of(page: CasePage) -> list[LineSeen]:
    held_by_another = bool(page.owner) and not page.mine
    return [_line(item, () if held_by_another else item.keys) for item in page.lines]


def _line(item: CaseLine, keys: Sequence[str]) -> LineSeen:
    return LineSeen(
        item=item,
        first=next((photo for photo in item.photos if "screen" in photo.seen.views), None),
        checks=[_check(check.code, check.result, check.sentence, check.facts) for check in item.checks if _says(check)],
        changed=[_change(*change) for change in item.changed],
        ways=_ways(item),
        shots=_shots(item),
        reason_needed=any(check.result == "fail" for check in item.checks),
        keys=keys,
    )


def _says(check: Any) -> bool:
    """That no photo looks like the catalogue means nothing, so it is not said."""
    return (check.code, check.result) != ("product", "not_applicable")


def _check(code: str, result: str, sentence: str, facts: Mapping[str, Any]) -> CheckSeen:
    meaning, icon, word = RESULTS[result]
    known = [(key.replace("_", " "), text) for key, value in facts.items() if (text := readable(value))]
    return CheckSeen(CHECKS.get(code, code), sentence, meaning, icon, word, known)


def _change(code: str, was: str, now: str) -> str:
    return f"{CHECKS.get(code, code)}: was “{RESULTS[was][2]}”, now “{RESULTS[now][2]}”."


def _ways(item: CaseLine) -> list[Way]:
    """The proposed remedy first; money only where there is some."""
    wanted = item.proposal.remedy if item.proposal else "refund"
    worth = item.money.worth if item.money else None
    words = {"replacement": "Approve replacement"}
    if worth:
        words |= {"refund": f"Approve refund of {worth}", "store_credit": f"Approve store credit of {worth}"}
    first = wanted if wanted in words else next(iter(words))
    return [Way(code, REMEDIES[code], words[code], code == first) for code in REMEDIES if code in words]


def _shots(item: CaseLine) -> list[tuple[str, str, bool]]:
    """(code, words, whether it is missing): every photo that can be asked for, those of this defect first."""
    listed = [each.shot for each in item.line.defect_type.shots.all()]
    every = dict.fromkeys([*listed, *defects.shots()])
    return [(code, queries.shot_words(code), code in item.missing_shots) for code in every]


def readable(value: Any) -> str:
    """A fact as words: lists with commas, nothing as nothing."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key.replace('_', ' ')}: {text}" for key, each in value.items() if (text := readable(each)))
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(readable, value)))
    return str(value).replace("_", " ")


def icon_of(verb: str) -> str:
    """The icon of a timeline's line."""
    return _ICONS.get(verb) or ("mail" if verb.startswith("notice.") else "clock")
