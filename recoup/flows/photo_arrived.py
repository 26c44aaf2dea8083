"""A photo arrived: what follows, step by step. The pixels come first, outside any transaction; then one record of it.

decode → upright → judge → codes and printed serials → seen before? → the product of the order? → views → record
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache

from recoup.domain.catalogue import queries as catalogue
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence import originals, queries, reuse
from recoup.domain.evidence.actions import CodeSeen, Judged, SameAs, Shows
from recoup.domain.evidence.facts import PhotoArrived
from recoup.domain.returns import queries as returns
from recoup.foundation.facts.flows import flow
from recoup.foundation.files.keys import KeyDestroyed
from recoup.vision import catalogue_match, codes, gate, overlay, relevance, serials, similar, upright, views
from recoup.vision.decode import Picture, Unreadable, decode

SCREEN, THUMB = 1600, 320  # pixels on the long side
LABELS = frozenset({"serial_label"})  # shots on which text is looked for
WHOLE = frozenset({"overall", "packaging"})  # shots that show a product as a catalogue does


def look(fact: PhotoArrived) -> Judged | Unreadable | None:
    """Everything that can be seen in the photo, from one decode; None when it was erased before anybody looked."""
    photo = queries.photo(photo_id=fact.photo_id)
    try:
        return _judged(photo, decode(originals.bytes_of(photo)))
    except Unreadable as unreadable:
        return unreadable
    except KeyDestroyed:
        return None


def _judged(photo: reuse.SomePhoto, picture: Picture) -> Judged:
    label = photo.shot in LABELS
    turns = upright.estimate(picture.pixels) if label and not picture.says_upright else 0
    pixels = upright.turned(picture.pixels, turns)
    shown = views.fitted(pixels, SCREEN)
    drawn = similar.sketch(shown)
    verdict, found = _verdict(pixels, label=label), similar.fingerprint(shown, drawn)
    return Judged(
        media_type=picture.media_type,
        width=pixels.shape[1],
        height=pixels.shape[0],
        quarter_turns=turns,
        result=verdict.result,
        reasons=verdict.reasons,
        sentence=verdict.sentence,
        scores=verdict.scores,
        near_line=verdict.near_line,
        rules_version=verdict.rules_version,
        codes=_codes(pixels, label=label),
        phash=found.phash,
        words=found.words,
        same_as=list(_same_as(photo, drawn, found)),
        shows=_shows(photo, pixels),
        views={"screen": views.derive(shown, SCREEN), "thumb": views.derive(shown, THUMB, quality=80)},
    )


def _verdict(pixels: similar.Pixels, *, label: bool) -> gate.Verdict:
    """Whether goods are to be seen is asked of every shot but a label's: that one is mostly paper and print."""
    verdict = gate.judge(pixels)
    return verdict if label else relevance.joined(verdict, relevance.judge(pixels))


def _codes(pixels: similar.Pixels, *, label: bool) -> list[CodeSeen]:
    """What the codes say; on a label without any, also the printed words that look like serial numbers."""
    found = codes.read_codes(pixels, closely=label)
    read = [CodeSeen(code.kind, code.value, code.box, code.confidence) for code in found]
    if read or not label:
        return read
    return [CodeSeen("text", word.text, word.box, word.confidence) for word in serials.read_serials(pixels)]


def _same_as(photo: reuse.SomePhoto, drawn: similar.Sketch, found: similar.Fingerprint) -> Iterator[SameAs]:
    """Earlier photos that are this very picture: the same bytes, or pixels that agree when laid over it."""
    asked = reuse.Asked(
        hashes=found.turned,
        words=[*found.words, *found.mirrored],
        within=similar.SAME_PICTURE,
        shared=similar.SHARED_WORDS,
        most=similar.MOST_CANDIDATES,
    )
    for candidate in reuse.candidates(photo=photo, asked=asked):
        if candidate.sha256 == photo.sha256:
            yield SameAs(candidate.pk, exact=True)
            continue
        view = reuse.view_of(candidate)
        likeness = overlay.compare(drawn, similar.sketch(decode(view).pixels)) if view else None
        if likeness and likeness.same_photo:
            yield SameAs(candidate.pk, exact=False, inliers=likeness.inliers, agreeing=likeness.agreeing)


def _shows(photo: reuse.SomePhoto, pixels: similar.Pixels) -> Shows | None:
    """The product of this very order that the photo surely shows; None, which means nothing, costs nothing where
    no product of the order has a reference picture."""
    if photo.shot not in WHOLE:
        return None
    pictures = catalogue.reference_pictures(returns.products_of_session(photo.session_id))
    references = {sku: list(_seen_closely(jpegs)) for sku, jpegs in pictures.items()}
    match = catalogue_match.match(pixels, references) if references else None
    return Shows(match.sku, match.inliers, match.share, match.box) if match else None


def _seen_closely(jpegs: Iterable[bytes]) -> Iterator[similar.Sketch]:
    """One that cannot be opened is no reason to turn the customer's photo away."""
    for jpeg in jpegs:
        with suppress(Unreadable):
            yield reference(jpeg)


@lru_cache(maxsize=32)
def reference(jpeg: bytes) -> similar.Sketch:
    """A reference picture's keypoints, kept: many photos are of the same few products. Raises Unreadable."""
    return catalogue_match.closely(decode(jpeg).pixels)


@flow(before=look)
def judge_photo(fact: PhotoArrived, seen: Judged | Unreadable | None) -> None:
    if seen is None:
        return
    photo = queries.photo(photo_id=fact.photo_id)
    if isinstance(seen, Unreadable):
        evidence.mark_unreadable(photo=photo, reason=seen.code, sentence=seen.say())
    else:
        evidence.judge(photo=photo, judged=seen)
