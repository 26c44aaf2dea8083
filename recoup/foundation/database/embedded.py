"""The embedded PostgreSQL: one server per var folder, shared by every process that uses it.

Who uses it holds a shared file lock (the kernel lets go of it even after kill -9); the last one to
leave stops the server. Starting is guarded by a second lock, so of many starters one starts.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shlex
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from recoup.foundation.database import binaries
from recoup.kit.refusal import Refusal

PORT = 5432  # Only part of the socket's name: the server listens on no network address.
USER = DATABASE = "recoup"
# sizeof(sockaddr_un.sun_path) is 108 on Linux and 104 on macOS, with the closing NUL.
_LONGEST_SOCKET = 103
_START_WITHIN = 30.0  # seconds; recovery after kill -9 replays at most one checkpoint interval

_users: dict[Path, int] = {}
_guard = threading.Lock()


class DatabaseWillNotStart(Refusal):
    code = "database.will_not_start"
    status = 503
    sentence = "The embedded PostgreSQL in {folder} does not start: {reason} Its log is {log}."


class DatabaseOfAnother(Refusal):
    code = "database.of_another"
    status = 503
    sentence = (
        "The database in {folder} belongs to another user. Run Recoup as that user, or set RECOUP_VAR to a folder of yours."
    )


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the server runs, its process id, and where it is."""

    running: bool
    pid: int | None
    folder: Path
    socket: Path


def var() -> Path:
    """The folder for everything that this installation keeps: RECOUP_VAR, or ``var`` where it was started."""
    return Path(os.environ.get("RECOUP_VAR") or "var").absolute()


def data() -> Path:
    return var() / "postgres"


def socket_folder() -> Path:
    """Where the socket lies: in the data folder, or in a short private folder when that path is too long."""
    inside = data()
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET:
        return inside
    mark = hashlib.sha256(os.fsencode(inside.resolve())).hexdigest()[:16]
    return Path(tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp") / f"recoup-{mark}"  # noqa: S108


def url() -> str:
    return f"postgresql://{USER}@/{DATABASE}?host={quote(str(socket_folder()), safe='')}&port={PORT}"


def attach() -> None:
    """Start the server unless it runs, and count this process as one of its users until it ends.

    Raises NoEmbeddedDatabase, DatabaseOfAnother or DatabaseWillNotStart.
    """
    with _guard:
        _claim_folder()
        with _starting():
            if data() not in _users:
                _users[data()] = _hold(fcntl.LOCK_SH)
                atexit.register(detach)
            if not status().running:
                _start()


def detach() -> None:
    """Leave; the last user to leave stops the server."""
    with _guard:
        handle = _users.pop(data(), None)
        if handle is None:
            return
        os.close(handle)
        with _starting():
            if _nobody_uses_it():
                _stop()


def stop() -> bool:
    """Stop the server whoever uses it; True when it ran."""
    with _starting():
        ran = status().running
        _stop()
    return ran


def status() -> Status:
    pid = _postmaster()
    return Status(running=pid is not None, pid=pid, folder=data(), socket=socket_folder())


def watch(*, every: float = 0.5) -> None:
    """Bring the server back when somebody kills it, for as long as this process lives."""

    def look() -> None:
        while data() in _users:
            time.sleep(every)
            if _postmaster() is None and data() in _users:
                _bring_back()

    threading.Thread(target=look, name="database-watch", daemon=True).start()


def _bring_back() -> None:
    import structlog

    try:
        attach()
        structlog.get_logger().warning("database.brought_back", folder=str(data()))
    except Refusal as refusal:
        structlog.get_logger().error(refusal.code, sentence=refusal.say())


def _claim_folder() -> None:
    try:
        var().mkdir(mode=0o700, parents=True, exist_ok=True)
        (var() / "run").mkdir(mode=0o700, exist_ok=True)
        if data().exists() and os.geteuid() not in (0, data().stat().st_uid):
            raise DatabaseOfAnother(folder=data())
    except PermissionError:
        raise DatabaseOfAnother(folder=data()) from None


@contextmanager
def _starting() -> Iterator[None]:
    handle = os.open(var() / "run" / "database.start", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _hold(kind: int) -> int:
    handle = os.open(var() / "run" / "database.users", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _nobody_uses_it() -> bool:
    try:
        os.close(_hold(fcntl.LOCK_EX))
    except BlockingIOError:
        return False
    return True


def _postmaster() -> int | None:
    """The server's process id, or None. A pid file alone proves nothing: the number may be somebody else's by now."""
    try:
        lines = (data() / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if len(lines) >= 8 and lines[7].strip() == "ready" and _is_postgres(pid) else None


def _is_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    except FileNotFoundError:
        # No /proc (macOS), or it ended between the two lines.
        return _answers()
    return os.fsencode(data()) in command


def _answers() -> bool:
    return _run("pg_isready", "-q", "-h", str(socket_folder()), "-p", str(PORT), check=False).returncode == 0


def _start() -> None:
    programs, folder = binaries.folder(), data()
    runner = binaries.account(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    if runner is not None:
        os.chown(folder, runner.pw_uid, runner.pw_gid)
        binaries.open_the_way(folder)
        binaries.open_programs(programs)
    if not (folder / "PG_VERSION").exists():
        _initialise(folder)
    _private_socket_folder(runner.pw_uid if runner else os.geteuid())
    (folder / "recoup.conf").write_text(_configuration())
    _until_it_runs(folder)
    _make_database()


def _initialise(folder: Path) -> None:
    for left_over in folder.iterdir():
        # Only an initdb that was killed leaves files without PG_VERSION; there is no data in them.
        _run("rm", "-rf", str(left_over))
    _run(
        "initdb", "-D", str(folder), "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin",
        "--locale=C.UTF-8", "--set", "include_if_exists=recoup.conf",
    )  # fmt: skip


def _configuration() -> str:
    return "\n".join(
        [
            "# Written by Recoup at every start.",
            "listen_addresses = ''",
            f"unix_socket_directories = '{str(socket_folder()).replace(chr(39), chr(39) * 2)}'",
            "unix_socket_permissions = 0700",
            f"port = {PORT}",
            "max_connections = 200",
            "timezone = 'UTC'",
            "jit = off",
            "",
        ]
    )


def _private_socket_folder(owner: int) -> None:
    folder = socket_folder()
    if folder == data():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), owner):
        raise DatabaseOfAnother(folder=folder)
    os.chown(folder, owner, -1)
    folder.chmod(0o700)


def _until_it_runs(folder: Path) -> None:
    """Start, and start again while what an earlier server left (children, shared memory) is still going away."""
    deadline = time.monotonic() + _START_WITHIN
    while True:
        if _postmaster() is None:
            (folder / "postmaster.pid").unlink(missing_ok=True)
        log = folder / "server.log"
        done = _run("pg_ctl", "-D", str(folder), "-l", str(log), "-w", "-t", "30", "-s", "start", check=False)
        if done.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise DatabaseWillNotStart(folder=folder, reason=_last_words(log), log=log)
        time.sleep(0.2)


def _last_words(log: Path) -> str:
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines() if "FATAL" in line or "PANIC" in line]
    except OSError:
        lines = []
    return (lines[-1].partition(": ")[2].strip() + ".") if lines else "it gave no reason."


def _make_database() -> None:
    import psycopg

    with psycopg.connect(url().replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _stop() -> None:
    if _postmaster() is not None:
        _run("pg_ctl", "-D", str(data()), "-m", "fast", "-w", "-s", "stop", check=False)


def _run(program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the account that owns the data."""
    path = binaries.folder() / program
    command = [str(path) if path.exists() else program, *arguments]
    runner = binaries.account(data())
    rights = {"user": runner.pw_uid, "group": runner.pw_gid, "extra_groups": []} if runner else {}
    # Files, not pipes: the server inherits them, and a pipe would never be closed.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", start_new_session=True, check=False,
            text=True, **rights,
        )  # type: ignore[call-overload]  # fmt: skip
        said.seek(0)
        done.stdout = said.read()
    if check and done.returncode:
        raise DatabaseWillNotStart(
            folder=data(), reason=f"{shlex.join(command[:1])} says “{done.stdout.strip()[-300:]}”.", log=data() / "server.log"
        )
    return done
