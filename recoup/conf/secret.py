"""The key that signs sessions: given by RECOUP_SECRET_KEY, or made once and kept for this user alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def key(*, var: Path) -> str:
    """The signing key. Without RECOUP_SECRET_KEY it is made once under ``var/keys``, readable by its owner only."""
    given = os.environ.get("RECOUP_SECRET_KEY")
    if given:
        return given
    path = var / "keys" / "signing.key"
    if not path.exists():
        _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Write aside and link into place, so that of two first starts both read the same whole key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()
