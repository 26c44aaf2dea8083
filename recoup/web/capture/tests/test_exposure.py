"""How the camera is asked for more light, step by step: phone/capture/camera/exposure.ts in Node."""

from __future__ import annotations

from typing import Any

from recoup.web.capture.tests import node

pytestmark = node.MISSING
#: Stops so far, milliseconds since they changed, what is seen → stops asked for.
CASES: list[tuple[float, int, tuple[str, ...], float]] = [
    (0, 600, ("dark",), 0.5),
    (0, 599, ("dark",), 0),
    (1.5, 600, ("dark",), 2),
    (2, 600, ("dark",), 2),
    (0, 600, ("bright",), -0.5),
    (-1, 600, ("bright",), -1),
    (1, 600, ("dark", "bright"), 1),
    (1, 600, (), 1),  # what helps stays
    (1, 0, ("lamp",), 0),  # with a lamp the camera chooses again, and at once
    (1, 600, ("lamp", "dark"), 0),
    (0, 600, ("lamp", "dark"), 0),
    (-0.5, 600, ("lamp",), -0.5),
]


def test_a_step_at_a_time_never_beyond_what_helps_and_back_for_a_lamp() -> None:
    calls: list[list[Any]] = [
        [{"stops": was, "since": 1000}, 1000 + after, {name: name in seen for name in ("dark", "bright", "lamp")}]
        for was, after, seen, _ in CASES
    ]
    answers = node.called("capture/camera/exposure.ts", "nextExposure", *calls)
    assert [answer["stops"] for answer in answers] == [wanted for *_, wanted in CASES]
