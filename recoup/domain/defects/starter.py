"""The defect types a new installation starts with, as a customer would say them, and the photos each asks for."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.domain.defects.rules import Shot


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    name: str
    shots: tuple[Shot, ...]


_WHOLE = Shot("overall", "The whole thing, so that we see what it is.")
_LABEL = Shot("serial_label", "The label with the serial number, if there is one.", required=False)
_PACKAGE = Shot("packaging", "The package it came in, if you still have it.", required=False)

STARTER = (
    Kind("cracked", "It is cracked or broken", (
        _WHOLE, Shot("close_up", "The crack, close enough to see where it begins."), _LABEL, _PACKAGE,
    )),
    Kind("does_not_start", "It does not start", (
        _WHOLE, Shot("close_up", "The switch or display while it is plugged in and switched on."), _LABEL,
    )),
    Kind("stops_working", "It starts, then stops or works badly", (
        _WHOLE, Shot("close_up", "What goes wrong, at the moment it does."), _LABEL,
    )),
    Kind("leaks", "It leaks", (
        _WHOLE, Shot("close_up", "Where it comes out, with a drop or a stain in the picture."), _LABEL,
    )),
    Kind("scratched", "It is scratched, dented or stained", (
        _WHOLE, Shot("close_up", "The mark, with light from the side."), _PACKAGE,
    )),
    Kind("damaged_on_the_way", "It was damaged on the way", (
        _WHOLE, Shot("close_up", "The damage."), Shot("packaging", "The package from outside, with the damaged side."),
    )),
    Kind("missing_part", "A part is missing", (
        Shot("overall", "Everything that was in the package, side by side."), _PACKAGE, _LABEL,
    )),
    Kind("wrong_item", "It is not what I ordered", (
        _WHOLE, Shot("serial_label", "The label or the name on it."), _PACKAGE,
    )),
    Kind("other", "Something else", (
        _WHOLE, Shot("close_up", "What is wrong, from near."), _LABEL,
    )),
)  # fmt: skip
