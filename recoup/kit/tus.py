"""tus 1.0.0, the protocol without the network: headers in, meanings out, and the refusals the standard names.

Source: tus.io/protocols/resumable-upload, version 1.0.0 (2016-03-25). Extensions spoken here: creation,
creation-with-upload, termination, checksum, expiration.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Protocol

from recoup.kit.refusal import Refusal

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
CHECKSUMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
BODY_TYPE = "application/offset+octet-stream"

# RFC 9110 and the standard's "ASCII key": no space, no comma, nothing unprintable.
_KEY = re.compile(r"^[\x21-\x2b\x2d-\x7e]+$")
_WHOLE = re.compile(r"^[0-9]{1,18}$")

Headers = Mapping[str, str]
"""Header names in lower case."""


class Malformed(Refusal):
    code, status = "tus.malformed", 400
    sentence = "The upload's “{header}” header cannot be read. Reload the page and try again."


class WrongVersion(Refusal):
    code, status = "tus.version", 412
    sentence = "This server speaks tus 1.0.0. Send “Tus-Resumable: 1.0.0”."


class WrongType(Refusal):
    code, status = "tus.type", 415
    sentence = "Upload bytes travel as “application/offset+octet-stream”, nothing else."


class WrongOffset(Refusal):
    code, status = "tus.offset", 409
    sentence = "The upload stands at byte {offset}, not at {asked}. Ask with HEAD and go on from there."


class TooLarge(Refusal):
    code, status = "tus.too_large", 413
    sentence = "The photo is larger than {limit_mb} MB. Take it again at a smaller size, or send another one."


class TooMuch(Refusal):
    code, status = "tus.too_much", 413
    sentence = "More bytes came than the {length} that were announced. Nothing of this part was kept; start it again."


class Empty(Refusal):
    code, status = "tus.empty", 400
    sentence = "The photo has no bytes. Choose it again, or take another one."


class Gone(Refusal):
    code, status = "tus.gone", 410
    sentence = "This upload has ended or was given up. Send the photo again."


class Busy(Refusal):
    code, status = "tus.busy", 423
    sentence = "This photo is already being sent from another page or phone. Wait a moment; it goes on by itself."


class WrongSum(Refusal):
    code, status = "tus.checksum", 460
    sentence = "The bytes that arrived are not the bytes that were sent. Nothing was kept; send the photo again."


class UnknownSum(Refusal):
    code, status = "tus.checksum_algorithm", 400
    sentence = "Checksums are understood as {known}."


class WrongMethod(Refusal):
    code, status = "tus.method", 405
    sentence = "An upload does not understand “{method}”."


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Checksum:
    """What one request says its own body hashes to."""

    algorithm: str
    digest: bytes

    def start(self) -> Any:
        return CHECKSUMS[self.algorithm]()


def method(given: str, headers: Headers) -> str:
    """What is meant: X-HTTP-Method-Override counts, for networks that let only POST through."""
    return headers.get("x-http-method-override", given).upper()


def check_version(headers: Headers) -> None:
    if headers.get("tus-resumable") != VERSION:
        raise WrongVersion()


def check_type(headers: Headers) -> None:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != BODY_TYPE:
        raise WrongType()


def whole(headers: Headers, name: str) -> int:
    """A header that is a whole number, not negative. Raises Malformed when it is missing or something else."""
    text = headers.get(name, "")
    if not _WHOLE.match(text):
        raise Malformed(header=name)
    return int(text)


def length(headers: Headers, *, limit: int) -> int:
    """The announced size of a new upload, in bytes. Raises Malformed, Empty or TooLarge."""
    size = whole(headers, "upload-length")
    if size == 0:
        raise Empty()
    if size > limit:
        raise TooLarge(limit_mb=limit // 2**20)
    return size


def check_room(headers: Headers, *, offset: int, length: int) -> None:
    """Refuse before a byte is read when the body, as announced, would run over the upload's length."""
    if "content-length" in headers and offset + whole(headers, "content-length") > length:
        raise TooMuch(length=length)


def metadata(text: str) -> dict[str, str]:
    """``Upload-Metadata`` as {key: text}. Raises Malformed for a bad or repeated key, bad base64 or bad UTF-8."""
    pairs = [pair.strip().partition(" ") for pair in text.split(",")] if text.strip() else []
    read: dict[str, str] = {}
    for key, _, value in pairs:
        if not _KEY.match(key) or key in read:
            raise Malformed(header="upload-metadata")
        read[key] = _text(value.strip())
    return read


def _text(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Malformed(header="upload-metadata") from None


def checksum(headers: Headers) -> Checksum | None:
    """``Upload-Checksum``, if there is one. Raises Malformed or UnknownSum."""
    if "upload-checksum" not in headers:
        return None
    algorithm, _, value = headers["upload-checksum"].strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise UnknownSum(known=" and ".join(CHECKSUMS))
    try:
        return Checksum(algorithm, base64.b64decode(value.strip(), validate=True))
    except binascii.Error:
        raise Malformed(header="upload-checksum") from None


def options(*, limit: int) -> dict[str, str]:
    """What this server can do: the answer to OPTIONS."""
    return {
        "tus-version": VERSION,
        "tus-extension": EXTENSIONS,
        "tus-checksum-algorithm": ",".join(CHECKSUMS),
        "tus-max-size": str(limit),
    }


def expires(at: datetime) -> str:
    """``Upload-Expires`` in the form of RFC 9110: 'Fri, 31 Oct 2025 23:59:59 GMT'. ``at`` is in UTC."""
    return format_datetime(at, usegmt=True)
