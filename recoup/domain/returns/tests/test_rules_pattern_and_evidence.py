"""Known defects, and photos against the shot list."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from recoup.domain.returns.rules.evidence import Picture, check_evidence
from recoup.domain.returns.rules.pattern import Hit, check_pattern

STOP, ROUTE, YES = (
    Hit("KP-1", "Handle breaks.", "stop"),
    Hit("KP-2", "Odd noise.", "route"),
    Hit("KP-3", "Lid cracks.", "approve"),
)
GOOD, SENT, RETAKE = Picture("overall", "accepted"), Picture("overall", "accepted", True), Picture("overall", "retake")
WAITING, UNREADABLE = Picture("overall", "arrived"), Picture("overall", "unreadable")


@pytest.mark.parametrize(
    ("hits", "result", "code"),
    [
        ([], "not_applicable", ""),
        ([YES], "pass", "KP-3"),
        ([YES, ROUTE], "unsure", "KP-2"),
        ([YES, ROUTE, STOP], "fail", "KP-1"),
    ],
)
def test_the_gravest_pattern_counts_whatever_their_order(hits: list[Hit], result: str, code: str) -> None:
    for order in permutations(hits):
        answer = check_pattern(hits=order)
        assert answer.result == result and answer.sentence.startswith(code)
        assert [each["code"] for each in answer.facts["patterns"]] == sorted((hit.code for hit in hits), key=str)


def test_a_long_description_is_cut() -> None:
    assert len(check_pattern(hits=[Hit("K" * 40, "x" * 300, "stop")]).sentence) <= 400


@pytest.mark.parametrize(
    ("pictures", "result", "said"),
    [
        ([GOOD], "pass", "Every photo we asked for is there"),
        ([RETAKE, GOOD], "pass", "overall"),
        ([SENT, GOOD], "pass", "overall"),
        ([SENT], "unsure", "Sent although"),
        ([WAITING], "unsure", "still looking"),
        ([RETAKE], "fail", "Still needed: a photo of the overall"),
        ([UNREADABLE], "fail", "Still needed"),
        ([], "fail", "Still needed"),
        ([Picture("packaging", "accepted")], "fail", "Still needed"),
    ],
)
def test_one_required_shot(pictures: list[Picture], result: str, said: str) -> None:
    answer = check_evidence(required=["overall"], pictures=pictures)
    assert (answer.result, said in answer.sentence) == (result, True), answer.sentence


def test_several_shots_are_named_as_people_do() -> None:
    answer = check_evidence(required=["overall", "close_up", "serial_label"], pictures=[GOOD])
    assert answer.sentence == "Still needed: a photo of the close-up and serial label that shows it well."
    assert answer.facts["missing"] == ["close_up", "serial_label"] and answer.facts["good"] == ["overall"]


def test_without_a_shot_list_some_photo_is_wanted() -> None:
    assert check_evidence(required=[], pictures=[]).result == "unsure"
    assert check_evidence(required=[], pictures=[GOOD]).result == "pass"


def test_it_passes_only_when_every_required_shot_has_a_good_photo() -> None:
    states = ["accepted", "sent", "retake", "arrived", "unreadable", None]
    for first, second in product(states, states):
        pictures = [
            Picture(shot, "accepted" if state == "sent" else state, state == "sent")
            for shot, state in (("overall", first), ("close_up", second))
            if state
        ]
        answer = check_evidence(required=["overall", "close_up"], pictures=pictures)
        assert (answer.result == "pass") == (first == second == "accepted")
        assert (answer.result == "fail") == bool({first, second} & {"retake", "unreadable", None})
