"""The embedded PostgreSQL: one server per var folder, shared by every process that uses it.

Who uses it holds a shared file lock (the kernel lets go of it even after kill -9); the last one to
leave stops the server. Starting is guarded by a second lock, so of many starters one starts.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from recoup.foundation.database import postmaster
from recoup.foundation.database.postmaster import DATABASE, PORT, USER, DatabaseOfAnother
from recoup.kit.refusal import Refusal

_users: dict[Path, int] = {}
_guard = threading.RLock()


class DatabaseInUse(Refusal):
    code = "database.in_use"
    sentence = "The database in {folder} is in use. End “recoup serve”, “web” and “worker” first, then stop it."


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the server runs, its process id, whether anybody uses it, and where it is."""

    running: bool
    pid: int | None
    used: bool
    folder: Path
    socket: Path


def var() -> Path:
    """The folder for everything that this installation keeps: RECOUP_VAR, or ``var`` where it was started."""
    return Path(os.environ.get("RECOUP_VAR") or "var").resolve()


def data() -> Path:
    return var() / "postgres"


def url(database: str = DATABASE) -> str:
    where = quote(str(postmaster.socket_folder(data())), safe="")
    return f"postgresql://{USER}@/{database}?host={where}&port={PORT}"


def attach() -> None:
    """Start the server unless it runs, and count this process as one of its users until it ends.

    Raises NoEmbeddedDatabase, DatabaseOfAnother or DatabaseWillNotStart.
    """
    with _guard:
        _make_folders()
        with _starting():
            if data() not in _users:
                _users[data()] = _use(fcntl.LOCK_SH)
                atexit.register(detach)
            process = postmaster.alive(data())
            if process is None or not process.ready:
                postmaster.start(data())
                _make_database()


def detach() -> None:
    """Leave; the last user to leave stops the server."""
    with _guard:
        handle = _users.pop(data(), None)
        if handle is None:
            return
        with _starting():
            os.close(handle)
            if not _in_use():
                postmaster.stop(data())


def stop() -> bool:
    """Stop a server that nobody uses any more; True when it ran. Raises DatabaseInUse."""
    if not (var() / "run").exists():
        return False
    with _starting():
        if _in_use():
            raise DatabaseInUse(folder=data())
        ran = postmaster.alive(data()) is not None
        postmaster.stop(data())
    return ran


def status() -> Status:
    process = postmaster.alive(data())
    return Status(
        running=process is not None,
        pid=process.pid if process else None,
        used=(var() / "run").exists() and _in_use(),
        folder=data(),
        socket=postmaster.socket_folder(data()),
    )


def watch(*, every: float = 0.5, renewed: Callable[[], object] = lambda: None) -> None:
    """Bring the server back when somebody kills it, for as long as this process uses it.

    ``renewed`` is called when another server is there than before, whichever process brought it back.
    """

    first = status().pid

    def look() -> None:
        known = first
        while data() in _users:
            server = postmaster.alive(data())
            if server is None:
                _bring_back()
            elif server.ready and server.pid != known:
                known = server.pid
                renewed()
            time.sleep(every)

    threading.Thread(target=look, name="database-watch", daemon=True).start()


def _bring_back() -> None:
    import structlog

    log = structlog.get_logger("database")
    with _guard:
        if data() not in _users:
            return
        try:
            attach()
            log.warning("database.brought_back", folder=str(data()))
        except Refusal as refusal:
            log.error(refusal.code, sentence=refusal.say())


def _make_folders() -> None:
    run = var() / "run"
    try:
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        if data().exists() and os.geteuid() not in (0, data().stat().st_uid):
            raise DatabaseOfAnother(folder=data())
    except OSError:
        raise DatabaseOfAnother(folder=data()) from None


@contextmanager
def _starting() -> Iterator[None]:
    handle = _open("database.start")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _use(kind: int) -> int:
    handle = _open("database.users")
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _in_use() -> bool:
    try:
        os.close(_use(fcntl.LOCK_EX))
    except BlockingIOError:
        return True
    return False


def _open(name: str) -> int:
    run = var() / "run"
    try:
        handle = os.open(run / name, os.O_CREAT | os.O_RDWR, 0o600)
    except PermissionError:
        raise DatabaseOfAnother(folder=data()) from None
    if os.geteuid() == 0:
        # Root may look after the folder of an ordinary user, who must be able to come back to it.
        os.fchown(handle, run.stat().st_uid, run.stat().st_gid)
    return handle


def _make_database() -> None:
    made = data() / "recoup.made"
    if made.exists():
        return
    import psycopg

    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')
    made.touch()
