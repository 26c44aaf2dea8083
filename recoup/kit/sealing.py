"""Sealing: AES-256-GCM over frames of 64 KiB, so that a long file can be written as it comes and read anywhere.

A sealed segment is::

    "RCS1"  salt (32 bytes)  frame 0  frame 1 …  last frame

Each frame is up to 64 KiB of ciphertext and a 16-byte tag; every frame but the last is full. The segment's own
key is HKDF-SHA-256(key, salt, context), so a frame's nonce may simply be its number and the flag "last": no
nonce is ever used twice with one key (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
The context (which key, file and segment this is) and the frame's number and flag are associated data: a frame
that was changed, swapped, cut off, repeated or brought from elsewhere does not open.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FRAME = 64 * 1024
TAG = 16
MAGIC = b"RCS1"
SALT = 32
HEADER = len(MAGIC) + SALT
KEY = 32
_NONCE = 12


class SealBroken(Exception):
    """What was opened is not what was sealed. ``frame`` is the first bad frame, None for the segment as a whole."""

    def __init__(self, why: str, *, frame: int | None = None) -> None:
        self.frame = frame
        super().__init__(why)


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=8 * KEY)


def sealed_size(length: int) -> int:
    """How many bytes a segment of ``length`` plain bytes takes."""
    return HEADER + length + TAG * _frames(length)


def _frames(length: int) -> int:
    return max(1, -(-length // FRAME))


def wrap(key: bytes, by: bytes, *, context: bytes) -> bytes:
    """``key`` encrypted under ``by``; opens only with the same context."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(by).encrypt(nonce, key, context)


def unwrap(wrapped: bytes, by: bytes, *, context: bytes) -> bytes:
    """The key again. Raises SealBroken when the key, the context or the bytes are other ones."""
    try:
        return AESGCM(by).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], context)
    except (InvalidTag, ValueError):
        raise SealBroken("The wrapped key does not open with this installation key.") from None


class Sealer:
    """Seals and opens the segments of one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY:
            raise ValueError(f"A key has {KEY} bytes.")
        self._key = key

    def start(self, *, context: bytes) -> SegmentSeal:
        """Begin a segment that is fed piece by piece."""
        salt = os.urandom(SALT)
        return SegmentSeal(self._segment_key(salt, context), salt, context)

    def seal(self, chunks: Iterable[bytes], *, context: bytes) -> Iterator[bytes]:
        """The sealed bytes of a whole segment, in order."""
        segment = self.start(context=context)
        for chunk in chunks:
            yield segment.feed(chunk)
        yield segment.finish()

    def open(
        self, sealed: BinaryIO, *, context: bytes, length: int, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """The plain bytes ``start`` … ``end`` of a segment of ``length`` plain bytes.

        Reads only the frames it needs. Raises SealBroken before it yields a byte that is not the sealed one.
        """
        stop = length if end is None else min(end, length)
        key = self._segment_key(self._salt(sealed, length), context)
        last = _frames(length) - 1
        for number in range(start // FRAME, _frames(stop) if stop > start else 0):
            sealed.seek(HEADER + number * (FRAME + TAG))
            plain = _open_frame(key, sealed.read(FRAME + TAG), context, number, number == last)
            low = number * FRAME
            yield plain[max(start - low, 0) : stop - low]

    def _salt(self, sealed: BinaryIO, length: int) -> bytes:
        size = sealed.seek(0, os.SEEK_END)
        sealed.seek(0)
        header = sealed.read(HEADER)
        if size != sealed_size(length):
            raise SealBroken(f"The segment has {size} bytes instead of {sealed_size(length)}.")
        if not header.startswith(MAGIC):
            raise SealBroken("The segment does not begin as a sealed segment does.")
        return header[len(MAGIC) :]

    def _segment_key(self, salt: bytes, context: bytes) -> AESGCM:
        return AESGCM(HKDF(algorithm=SHA256(), length=KEY, salt=salt, info=context).derive(self._key))


class SegmentSeal:
    """One segment in the making: ``feed`` gives back what may be written so far, ``finish`` the rest."""

    def __init__(self, key: AESGCM, salt: bytes, context: bytes) -> None:
        self._key, self._context = key, context
        self._out = MAGIC + salt
        self._waiting = bytearray()
        self._number = 0

    def feed(self, chunk: bytes) -> bytes:
        """Seal every frame that is full. A full frame waits until more comes: it could be the last one."""
        self._waiting += chunk
        out, self._out = [self._out], b""
        full = (len(self._waiting) - 1) // FRAME
        view = bytes(self._waiting[: full * FRAME])
        del self._waiting[: full * FRAME]
        out += [self._frame(view[i * FRAME : (i + 1) * FRAME], last=False) for i in range(full)]
        return b"".join(out)

    def finish(self) -> bytes:
        return self._out + self._frame(bytes(self._waiting), last=True)

    def _frame(self, plain: bytes, *, last: bool) -> bytes:
        nonce, associated = _binding(self._context, self._number, last)
        self._number += 1
        return self._key.encrypt(nonce, plain, associated)


def _binding(context: bytes, number: int, last: bool) -> tuple[bytes, bytes]:
    nonce = struct.pack(">7xI?", number, last)
    return nonce, context + nonce


def _open_frame(key: AESGCM, frame: bytes, context: bytes, number: int, last: bool) -> bytes:
    nonce, associated = _binding(context, number, last)
    try:
        return key.decrypt(nonce, frame, associated)
    except (InvalidTag, ValueError):
        raise SealBroken(f"Frame {number} is not what was sealed.", frame=number) from None
