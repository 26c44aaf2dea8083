"""A letter before it is written: the words the customer would read, with the link's secret left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from recoup.domain.defects import queries as defects
from recoup.domain.returns import deadlines, letters, queries
from recoup.domain.returns.models import ReturnLine
from recoup.foundation.notices.wording import Wording, write
from recoup.kit.actor import Actor


def need_more(*, actor: Actor, line: ReturnLine, shots: Sequence[str], reason: str, at: datetime) -> Wording:
    """What asking for these shots now would send. Raises NotAllowed."""
    actor.must("agent")
    to = queries.recipient(line.return_case)
    known = [shot for shot in defects.shots() if shot in shots]
    return write(
        concept="returns", name="need_more", language=to.language, way=to.way,
        facts={
            "number": line.return_case.number, "name": to.name, "until": at + deadlines.CUSTOMER, "secret": "…",
            "reason": reason, "shots": letters.shots_asked(line, known),
        },
    )  # fmt: skip
