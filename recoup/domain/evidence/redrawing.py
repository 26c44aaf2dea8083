"""Making redacted copies from originals: pixels only, nothing is written. Seconds of work, so not inside a transaction.

``hide`` is the automatic first version; ``redraw`` is a person's: exactly the covers they left standing.
The result goes to ``actions.propose_redaction`` or ``actions.recover``. The pixel libraries are loaded when
first needed, because every page and command imports this file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from recoup.domain.evidence import originals
from recoup.domain.evidence.actions.redaction import Redrawn
from recoup.domain.evidence.models import Photo, RedactedCopy
from recoup.kit.refusal import Refusal

if TYPE_CHECKING:
    from recoup.vision.redact import Cover, Known, Redaction, Residue


_FARTHEST = 100_000  # pixels; no picture that we open has a side as long


class BadCover(Refusal):
    code, status = "evidence.bad_cover", 422
    sentence = "Cover {number} is not a box of whole pixels within the picture. Draw it again."


def hide(*, photo: Photo, known: Known) -> Redrawn:
    """Find, cover, attack and cover again. Raises Unreadable, FileDamaged, and FinderFailed, which blocks the release."""
    from recoup.vision import redact

    made, left = redact.settle(originals.pixels_of(photo), known=known)
    return _redrawn(made, left)


def redraw(*, copy: RedactedCopy, covers: Sequence[Mapping[str, Any]], known: Known) -> Redrawn:
    """The photo of ``copy`` with exactly these covers, in pixels of the copy, and what a second look reads in it.

    A cover is {"box": [x, y, width, height]} with, optionally, kind, why, confidence, polygon. Raises BadCover.
    """
    from recoup.vision import redact

    wanted = [_cover(cover, number) for number, cover in enumerate(covers, start=1)]
    made = redact.apply(originals.pixels_of(copy.photo), covers=wanted)
    return _redrawn(made, redact.second_look(made.encoded, known=known))


def _cover(given: Mapping[str, Any], number: int) -> Cover:
    from recoup.vision.redact import Cover

    try:
        x, y, width, height = (int(value) for value in given["box"])
        polygon = tuple((int(across), int(down)) for across, down in given.get("polygon", ()))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise BadCover(number=number) from None
    if min(width, height) <= 0 or max(abs(x), abs(y), width, height) > _FARTHEST:
        raise BadCover(number=number)
    return Cover(
        kind=given.get("kind", "drawn"), box=(x, y, width, height), why=str(given.get("why", "drawn by a person")),
        confidence=float(given.get("confidence", 1.0)), polygon=polygon,
    )  # fmt: skip


def _redrawn(made: Redaction, left: Sequence[Residue]) -> Redrawn:
    covers = [asdict(cover) for cover in made.covers]
    return Redrawn(
        encoded=made.encoded, rules_version=made.rules_version, covers=covers, residue=[asdict(each) for each in left]
    )
