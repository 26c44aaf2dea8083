"""The metadata attacker: walks the JPEG container and reports everything that is not the picture itself."""

from __future__ import annotations

from collections.abc import Iterator

# Quantisation, Huffman and arithmetic tables, frames, restart interval, scan.
PICTURE = {0xDB, 0xC4, 0xCC, 0xDD, 0xDA, *range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)}
JFIF, END = 0xE0, 0xD9
PLAIN_JFIF = 14  # bytes of a JFIF header without a thumbnail


def foreign_parts(encoded: bytes) -> list[str]:
    """Names of everything in the file besides the picture: segments, a thumbnail, bytes after the end."""
    if encoded[:2] != b"\xff\xd8":
        return ["not a JPEG"]
    return list(_foreign(encoded))


def _foreign(encoded: bytes) -> Iterator[str]:
    place = 2
    while place + 4 <= len(encoded):
        if encoded[place] != 0xFF:
            yield "bytes between segments"
            return
        marker, length = encoded[place + 1], int.from_bytes(encoded[place + 2 : place + 4], "big")
        yield from _judged(marker, encoded[place + 4 : place + 2 + length])
        place += 2 + length
        if marker == 0xDA:
            place = _after_scan(encoded, place)
            if encoded[place : place + 2] == b"\xff\xd9":
                yield from (["bytes after the end of the picture"] if place + 2 < len(encoded) else [])
                return
    yield "no end of the picture"


def _judged(marker: int, body: bytes) -> Iterator[str]:
    if marker == JFIF and body[:5] == b"JFIF\0" and len(body) == PLAIN_JFIF and body[12:14] == b"\0\0":
        return
    if marker not in PICTURE:
        yield "comment" if marker == 0xFE else f"segment {marker:02X} ({_name(body)})"


def _name(body: bytes) -> str:
    return body[:12].split(b"\0")[0].decode("ascii", "replace") or "unnamed"


def _after_scan(encoded: bytes, place: int) -> int:
    """The next marker after entropy-coded data, where FF 00 is a byte and FF D0 … D7 are restarts."""
    while True:
        place = encoded.find(b"\xff", place)
        if place < 0 or place + 1 >= len(encoded):
            return len(encoded)
        if encoded[place + 1] != 0 and not 0xD0 <= encoded[place + 1] <= 0xD7:
            return place
        place += 2
