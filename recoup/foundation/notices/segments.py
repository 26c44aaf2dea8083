"""What a text message costs: how many segments it is sent in, and in which alphabet. Pure.

Within the GSM's own alphabet (GSM 03.38, seven bits) one segment holds 160 signs, 153 when there are several. One sign from
outside it, such as ’ or я, and the whole message is sent in UCS-2, where a segment holds 70, or 67.
"""

from __future__ import annotations

from dataclasses import dataclass

_PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")  # two septets each
# What typesetting made of signs that the alphabet has.
_TYPED = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-", "…": "...", "×": "x", "\xa0": " ", "\u202f": " "}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    segments: int
    alphabet: str  # GSM-7 or UCS-2


def size(text: str) -> Size:
    """How a text leaves."""
    if all(sign in _PLAIN or sign in _ESCAPED for sign in text):
        return Size(_segments(text, [2 if sign in _ESCAPED else 1 for sign in text], 160, 153), "GSM-7")
    return Size(_segments(text, [len(sign.encode("utf-16-le")) // 2 for sign in text], 70, 67), "UCS-2")


def plain(text: str) -> str:
    """The text with plain quotes, dashes and spaces, so that none of them costs a second segment."""
    return text.translate(_TYPED)


def _segments(text: str, widths: list[int], alone: int, together: int) -> int:
    """A sign is never cut in two, so a segment may end one short."""
    if sum(widths) <= alone:
        return 1
    count, room = 1, together
    for width in widths:
        if width > room:
            count, room = count + 1, together
        room -= width
    return count
