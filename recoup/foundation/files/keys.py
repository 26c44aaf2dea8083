"""The installation's own keys, which wrap every data key; and the data keys, opened for use.

RECOUP_KEY holds one or more keys (32 bytes in base64, separated by spaces), the current one first; RECOUP_KEY_FILE
names a file with the same, one a line. With neither, ``keys/installation.key`` under the var folder is used, and
made on first use when the database is the embedded one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from recoup.foundation.database import connect
from recoup.foundation.files.models import SealKey
from recoup.kit import sealing
from recoup.kit.refusal import Refusal
from recoup.kit.sealing import SealBroken, Sealer


class KeyMissing(Refusal):
    code, status = "files.key_missing", 503
    sentence = "The installation key {ring_key_id} is not here. Put it back into RECOUP_KEY, RECOUP_KEY_FILE or {path}."


class KeyUnreadable(Refusal):
    code, status = "files.key_unreadable", 503
    sentence = "{source} must hold keys of 32 bytes in base64."


class KeyDestroyed(Refusal):
    code, status = "files.key_destroyed", 410
    sentence = "These photos were erased, as was asked. Nothing of them can be shown or added."


@dataclass(frozen=True, slots=True)
class Ring:
    """Every installation key by its id; ``current`` wraps what is new."""

    current: str
    keys: Mapping[str, bytes]


def ring() -> Ring:
    """Raises KeyMissing or KeyUnreadable."""
    env = os.environ
    return _ring(env.get("RECOUP_KEY", ""), env.get("RECOUP_KEY_FILE", ""), Path(settings.RECOUP_VAR))


def opened(key: SealKey) -> bytes:
    """The data key itself; never stored, never logged. Raises KeyDestroyed, KeyMissing or SealBroken."""
    if key.destroyed_at:
        raise KeyDestroyed()
    by = ring().keys.get(key.ring_key_id)
    if by is None:
        raise KeyMissing(ring_key_id=key.ring_key_id, path=_default_path(Path(settings.RECOUP_VAR)))
    return sealing.unwrap(bytes(key.wrapped), by, context=key.id.bytes)


def wrapped(data_key: bytes, key_id: UUID) -> tuple[bytes, str]:
    """The data key wrapped by the current installation key, and that key's id."""
    held = ring()
    return sealing.wrap(data_key, held.keys[held.current], context=key_id.bytes), held.current


def sealer(key: SealKey) -> Sealer:
    return Sealer(opened(key))


def binding(key_id: UUID, file_id: UUID, number: int) -> bytes:
    """What a segment is sealed to: its session's key, its file, its place in the file."""
    return key_id.bytes + file_id.bytes + number.to_bytes(4, "big")


def is_open(key: SealKey) -> bool:
    """Can this key still be used? Destroyed on purpose counts as no."""
    try:
        opened(key)
    except (SealBroken, Refusal):
        return False
    return True


@lru_cache(maxsize=4)
def _ring(inline: str, path: str, var: Path) -> Ring:
    if inline:
        return _parse(inline, "RECOUP_KEY")
    file = Path(path) if path else _default_path(var)
    if not path and not file.exists():
        _create(file)
    try:
        return _parse(file.read_text(), str(file))
    except OSError:
        raise KeyMissing(ring_key_id="file", path=file) from None


def _default_path(var: Path) -> Path:
    return var / "keys" / "installation.key"


def _parse(text: str, source: str) -> Ring:
    try:
        keys = [base64.b64decode(word, validate=True) for word in text.split()]
    except binascii.Error:
        keys = []
    if not keys or any(len(key) != sealing.KEY for key in keys):
        raise KeyUnreadable(source=source)
    ids = [hashlib.sha256(b"recoup installation key" + key).hexdigest()[:16] for key in keys]
    return Ring(current=ids[0], keys=dict(zip(ids, keys, strict=True)))


def _create(file: Path) -> None:
    """A new key, for a new installation only: a second one would lock everybody out of the first one's photos."""
    if not connect.is_embedded() or SealKey.objects.exists():
        raise KeyMissing(ring_key_id="file", path=file)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, base64.b64encode(sealing.new_key()) + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    _publish(draft, file)


def _publish(draft: Path, file: Path) -> None:
    """Of several processes that start at once, the first one's key counts."""
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()
