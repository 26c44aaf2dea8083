"""The server process itself: is it alive, start it, stop it. Its callers hold the start lock."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from recoup.foundation.database import binaries
from recoup.kit.refusal import Refusal

PORT = 5432  # Only part of the socket's name: the server listens on no network address.
USER = DATABASE = "recoup"
# sizeof(sockaddr_un.sun_path) is 108 on Linux and 104 on macOS, with the closing NUL.
_LONGEST_SOCKET = 103
_START_WITHIN = 120.0  # seconds; after kill -9 the server first replays what it had not yet written
# What a server says while one that was killed is still going away; it passes by itself.
_PASSING = ("shared memory block", "lock file", "is being accessed", "Address already in use")


class DatabaseWillNotStart(Refusal):
    code = "database.will_not_start"
    status = 503
    sentence = "The embedded PostgreSQL in {folder} does not start: {reason} Its log is {log}."


class DatabaseOfAnother(Refusal):
    code = "database.of_another"
    status = 503
    sentence = "The database in {folder} belongs to another user. Run Recoup as that user, or set RECOUP_VAR to a folder of yours."


@dataclass(frozen=True, slots=True)
class Process:
    """A living server; ``ready`` once it answers."""

    pid: int
    ready: bool


def alive(data: Path) -> Process | None:
    """The server of this folder, or None. A pid file alone proves nothing: the number may be somebody else's by now."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _is_ours(pid, data):
        return None
    return Process(pid=pid, ready=len(lines) >= 8 and lines[7].strip() == "ready")


def _is_ours(pid: int, data: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        # Gone; or a system without /proc, where only asking tells.
        return not Path("/proc/self").exists() and binaries.run("pg_isready", "-q", *_where(data), data=data)[0] == 0
    return Path(os.fsdecode(command[0])).name == "postgres" and os.fsencode(data) in command


def _where(data: Path) -> tuple[str, ...]:
    return ("-h", str(socket_folder(data)), "-p", str(PORT))


def socket_folder(data: Path) -> Path:
    """Where the socket lies: in the data folder, or in a short private folder when that path is too long."""
    if len(os.fsencode(data / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET:
        return data
    # The same for every user and environment of this machine, unlike TMPDIR.
    return Path("/tmp") / f"recoup-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108


def start(data: Path) -> None:
    """Make it run and answer, first making its folder. Raises NoEmbeddedDatabase, DatabaseOfAnother, DatabaseWillNotStart."""
    runner = binaries.account(data)
    owner = runner or (os.geteuid(), os.getegid())
    data.mkdir(mode=0o700, exist_ok=True)
    if runner is not None:
        os.chown(data, *owner)
        binaries.open_the_way(data)
        binaries.open_programs()
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    _make_socket_folder(data, owner)
    _configure(data, owner)
    _until_it_answers(data)


def _initialise(data: Path) -> None:
    # Without PG_VERSION there is no data: only an initdb that was killed leaves files like these.
    for left in data.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    status, said = binaries.run(
        "initdb",
        "-D",
        str(data),
        "-U",
        USER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
        "--set",
        "include_if_exists=recoup.conf",
        data=data,
    )
    if status:
        (data / "PG_VERSION").unlink(missing_ok=True)
        reason = (said.splitlines() or ["it gave no reason"])[-1]
        raise DatabaseWillNotStart(folder=data, reason=f"making it failed with “{reason}”.", log=data / "server.log")


def _make_socket_folder(data: Path, owner: tuple[int, int]) -> None:
    folder = socket_folder(data)
    if folder == data:
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), owner[0]):
        raise DatabaseOfAnother(folder=folder)
    os.chown(folder, *owner)
    folder.chmod(0o700)


def _configure(data: Path, owner: tuple[int, int]) -> None:
    path, quoted = data / "recoup.conf", str(socket_folder(data)).replace("'", "''")
    path.write_text(
        "# Written by Recoup at every start.\n"
        "listen_addresses = ''\n"
        f"unix_socket_directories = '{quoted}'\n"
        "unix_socket_permissions = 0700\n"
        f"port = {PORT}\n"
        "max_connections = 200\n"
        "timezone = 'UTC'\n"
        "log_timezone = 'UTC'\n"
        "jit = off\n"
    )
    os.chown(path, *owner)
    path.chmod(0o600)


def _until_it_answers(data: Path) -> None:
    deadline, log, said = time.monotonic() + _START_WITHIN, data / "server.log", ""
    while True:
        if (process := alive(data)) is None:
            (data / "postmaster.pid").unlink(missing_ok=True)
            if log.exists():
                log.replace(data / "server.log.before")
            _, said = binaries.run(
                "pg_ctl", "-D", str(data), "-l", str(log), "-w", "-t", "20", "-s", "start", data=data
            )
            process = alive(data)
        if process is not None and process.ready:
            return
        reason = _last_words(log) or f"{(said or 'it gave no reason').splitlines()[0]}."
        if time.monotonic() > deadline or (process is None and not any(word in reason for word in _PASSING)):
            raise DatabaseWillNotStart(folder=data, reason=reason, log=log)
        time.sleep(0.1)


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    fatal = [line.partition(": ")[2].strip() for line in lines if "FATAL:" in line or "PANIC:" in line]
    return f"{fatal[-1]}." if fatal else ""


def stop(data: Path) -> None:
    if alive(data) is not None:
        binaries.run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "-s", "stop", data=data)
