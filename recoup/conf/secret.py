"""The key that signs sessions: given by RECOUP_SECRET_KEY, or made once and kept for this user alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from recoup.kit.refusal import Refusal


class FolderClosed(Refusal):
    code = "conf.folder_closed"
    status = 503
    sentence = (
        "Recoup keeps its files in {folder}, but may not read or write there ({reason}). Run it as the user who owns"
        " that folder, or set RECOUP_VAR to a folder of yours."
    )


def key(*, var: Path) -> str:
    """The signing key. Without RECOUP_SECRET_KEY it is made once under ``var/keys``, readable by its owner only.

    Raises FolderClosed: this is the first file that any process of ours touches.
    """
    given = os.environ.get("RECOUP_SECRET_KEY")
    if given:
        return given
    path = var / "keys" / "signing.key"
    try:
        if not path.exists():
            _make(path)
        return path.read_text().strip()
    except OSError as error:
        raise FolderClosed(folder=var, reason=(error.strerror or str(error)).lower()) from None


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
