"""How the queries' answers are laid out on the phone: photo steps by shot, states by tone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop

from recoup.domain.returns.queries import CapturePage, Kind

#: The derived word → the colour and icon it comes in.
TONES = {
    "need_more": ("waits", "camera"),
    "looking": ("", "clock"),
    "order_wanted": ("waits", "search"),
    "send_back": ("settled", "package"),
    "approved": ("settled", "circle-check"),
    "received": ("settled", "package-check"),
    "money_sent": ("settled", "wallet"),
    "credit_given": ("settled", "wallet"),
    "replaced": ("settled", "truck"),
    "refused": ("stops", "circle-x"),
    "cancelled": ("", "circle-x"),
}
TITLES = {
    "overall": gettext_noop("Show all of it"),
    "close_up": gettext_noop("Show the damage close up"),
    "serial_label": gettext_noop("Show the label with the serial number"),
    "packaging": gettext_noop("Show the packaging"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What one defect type says about a shot."""

    defect: str
    instruction: str
    required: bool


@dataclass(slots=True)
class PhotoStep:
    """One screen: a shot, told in the words of each defect type that asks for it."""

    shot: str
    title: str
    told: list[Told] = field(default_factory=list)

    @property
    def sketch(self) -> str:
        return f"capture/sketches/{self.shot}.html"


def photo_steps(page: CapturePage) -> list[PhotoStep]:
    """The shots of all kinds of defect, in the order people take them; when we asked for more, only those."""
    kinds: Sequence[Kind] = [page.chosen] if page.stage == "asked" and page.chosen else page.kinds
    steps: dict[str, PhotoStep] = {shot: PhotoStep(shot, title) for shot, title in TITLES.items()}
    for kind in kinds:
        for asked in kind.shots:
            steps[asked.shot].told.append(Told(kind.code, asked.instruction, asked.required))
    return [step for step in steps.values() if step.told]
