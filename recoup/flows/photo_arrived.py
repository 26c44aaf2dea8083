"""A photo arrived: what follows, step by step. The pixels come first, outside any transaction; then one record of it.

decode → judge → codes → perceptual hash → views → record
"""

from __future__ import annotations

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence import originals, queries
from recoup.domain.evidence.actions import CodeSeen, Judged
from recoup.domain.evidence.facts import PhotoArrived
from recoup.foundation.facts.flows import flow
from recoup.foundation.files.keys import KeyDestroyed
from recoup.vision import codes, gate, similar, views
from recoup.vision.decode import Picture, Unreadable, decode

SCREEN, THUMB = 1600, 320  # pixels on the long side


def look(fact: PhotoArrived) -> Judged | Unreadable | None:
    """Everything that can be seen in the photo, from one decode; None when it was erased before anybody looked."""
    try:
        data = originals.bytes_of(queries.photo(photo_id=fact.photo_id))
        return _judged(decode(data))
    except Unreadable as unreadable:
        return unreadable
    except KeyDestroyed:
        return None


def _judged(picture: Picture) -> Judged:
    pixels = picture.pixels
    verdict = gate.judge(pixels)
    return Judged(
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        result=verdict.result,
        reasons=verdict.reasons,
        sentence=verdict.sentence,
        scores=verdict.scores,
        near_line=verdict.near_line,
        rules_version=verdict.rules_version,
        codes=[_seen(code) for code in codes.read_codes(pixels)],
        phash=similar.phash(pixels),
        views={"screen": views.derive(pixels, SCREEN), "thumb": views.derive(pixels, THUMB, quality=80)},
    )


def _seen(code: codes.Code) -> CodeSeen:
    return CodeSeen(kind=code.kind, value=code.value, box=code.box, confidence=code.confidence)


@flow(before=look)
def judge_photo(fact: PhotoArrived, seen: Judged | Unreadable | None) -> None:
    if seen is None:
        return
    photo = queries.photo(photo_id=fact.photo_id)
    if isinstance(seen, Unreadable):
        evidence.mark_unreadable(photo=photo, reason=seen.code, sentence=seen.say())
    else:
        evidence.judge(photo=photo, judged=seen)
