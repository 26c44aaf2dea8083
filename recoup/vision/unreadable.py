"""Files that are not photos we can look at: one refusal and one kind sentence for each way."""

from __future__ import annotations

import re
from collections.abc import Mapping

from recoup.kit.refusal import Refusal

SEND = "Send a photo (JPEG, PNG, WebP, HEIC or AVIF)."


class Unreadable(Refusal):
    """The file cannot be looked at as a photo. Subclasses say why; all answer 415."""

    code = "photo.unreadable"
    status = 415
    sentence = "This photo could not be opened. Take it again, or send another one."


class Empty(Unreadable):
    code = "photo.empty"
    sentence = "This file is empty. Choose the photo again, or take a new one."


class NotAPhoto(Unreadable):
    """Facts: ``what`` ("a PDF", "a video", …)."""

    code = "photo.not_a_photo"
    sentence = "This file is {what}, not a photo. " + SEND


class UnknownKind(Unreadable):
    code = "photo.unknown_kind"
    sentence = "This file is not a photo that can be opened here. " + SEND


class Damaged(Unreadable):
    code = "photo.damaged"
    sentence = "This photo is damaged or did not arrive whole. Send it again, or take a new one."


class TooLarge(Unreadable):
    """Facts: ``megabytes`` of the file, ``limit`` in megabytes."""

    code = "photo.too_large"
    sentence = "This file has {megabytes} MB; photos may have up to {limit} MB. Send a smaller one."


class TooManyPixels(Unreadable):
    """Facts: ``width``, ``height``."""

    code = "photo.too_many_pixels"
    sentence = "This picture claims {width} × {height} pixels, more than a phone takes. Send an ordinary photo."


class TookTooLong(Unreadable):
    code = "photo.took_too_long"
    sentence = "This photo took too long to open. Take it again with the ordinary camera, or send another one."


class NeedsTooMuch(Unreadable):
    code = "photo.needs_too_much"
    sentence = "This photo needs too much memory to open. Send a smaller one."


REFUSED_BY_CHILD: dict[str, type[Unreadable]] = {
    "damaged": Damaged,
    "unknown_kind": UnknownKind,
    "too_many_pixels": TooManyPixels,
    "needs_too_much": NeedsTooMuch,
    "took_too_long": TookTooLong,
}


def known_again(sentence: str) -> tuple[str, Mapping[str, str]]:
    """Which refusal's sentence this is, with its facts, so that it can be said in another language; '' when none's."""
    for pattern in (NotAPhoto.sentence, TooLarge.sentence, TooManyPixels.sentence):
        if found := re.fullmatch(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(pattern)), sentence):
            return pattern, found.groupdict()
    return "", {}
