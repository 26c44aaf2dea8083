"""The pipeline: fit, find, take the person's corrections, paint, encode; and settle it with the second look."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from recoup.vision.redact.attackers import second_look
from recoup.vision.redact.covers import Box, Cover, Pixels, Residue
from recoup.vision.redact.finders import find
from recoup.vision.redact.known import Known
from recoup.vision.redact.render import encode, fitted, paint

RULES_VERSION = "redact-1"
ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Redaction:
    """A copy as a supplier may see it once a person has signed for ``sha256``. ``pixels`` are those of the copy."""

    pixels: Pixels
    covers: tuple[Cover, ...]
    encoded: bytes
    sha256: str
    rules_version: str = RULES_VERSION


def redact(
    pixels: Pixels, *, known: Known, extra_covers: Sequence[Cover] = (), removed: Collection[Box] = ()
) -> Redaction:
    """Hide everything in an upright photo uint8[h, w, 3] RGB that is not surely allowed.

    Boxes are in pixels of the copy (see ``fitted``). ``extra_covers`` are a person's; ``removed`` are the boxes of
    covers that a person took away. Raises FinderFailed, which blocks the release.
    """
    copy = fitted(pixels)
    return apply(copy, covers=find(copy, known=known), extra_covers=extra_covers, removed=removed)


def apply(
    pixels: Pixels, *, covers: Sequence[Cover], extra_covers: Sequence[Cover] = (), removed: Collection[Box] = ()
) -> Redaction:
    """Paint and encode given covers without finding again. The same pixels and covers give the same bytes."""
    copy = fitted(pixels)
    gone = {tuple(box) for box in removed}
    kept = (*(cover for cover in covers if tuple(cover.box) not in gone), *extra_covers)
    painted = paint(copy, kept)
    encoded = encode(painted)
    return Redaction(pixels=painted, covers=kept, encoded=encoded, sha256=hashlib.sha256(encoded).hexdigest())


def settle(pixels: Pixels, *, known: Known, rounds: int = ROUNDS) -> tuple[Redaction, list[Residue]]:
    """Redact, attack the copy, hide what the attackers found, attack again. What is left then needs a person."""
    copy = fitted(pixels)
    made = redact(copy, known=known)
    left = second_look(made.encoded, known=known)
    for _ in range(rounds - 1):
        if not left:
            break
        covers = (*made.covers, *(residue.cover() for residue in left if residue.kind != "metadata"))
        made = apply(copy, covers=covers)
        left = second_look(made.encoded, known=known)
    return made, left
