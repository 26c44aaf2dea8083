"""The embedded database, with real servers and real kills."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from recoup.foundation.database import binaries, embedded, postmaster

ROOT = Path(__file__).parents[2]

# A holder attaches, says so, and leaves when its standard input closes.
# Imports come first: the interpreter itself may lie in a folder that the other user cannot read.
HOLD = """
import json, os, psycopg, sys
from recoup.foundation.database import embedded
for word in sys.argv[1:]:
    if word.startswith("uid="):
        os.setgroups([]); os.setgid(int(word[4:])); os.setuid(int(word[4:]))
embedded.attach()
if "watch" in sys.argv: embedded.watch(every=0.1)
print(json.dumps({"pid": embedded.status().pid}), flush=True)
sys.stdin.read()
"""


class Holder:
    """A process that uses the database until it is let go."""

    def __init__(self, var: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "RECOUP_VAR": str(var)},
        )

    def postmaster(self) -> int:
        assert self.process.stdout
        return int(json.loads(self.process.stdout.readline())["pid"])

    def leave(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(30) == 0


@pytest.fixture
def var(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where no database was made yet."""
    yield from _left_stopped(home / "var", monkeypatch)


@pytest.fixture
def made_var(lived_in: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a database was made; it does not run."""
    yield from _left_stopped(lived_in / "var", monkeypatch)


def _left_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RECOUP_VAR", str(folder))
    yield folder
    embedded.detach()
    if postmaster.alive(embedded.data()):
        postmaster.stop(embedded.data())
    assert postmaster.alive(embedded.data()) is None


def ask(query: str, database: str = "recoup") -> Any:
    import psycopg

    with psycopg.connect(embedded.url(database), autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def until(happened: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_many_starters_share_one_server_and_the_last_to_leave_stops_it(var: Path) -> None:
    holders = [Holder(var) for _ in range(4)]
    assert len({holder.postmaster() for holder in holders}) == 1
    for holder in holders[:3]:
        holder.leave()
    assert ask("SELECT 1") == 1
    holders[3].leave()
    assert embedded.status().running is False


def test_it_survives_the_kill_of_a_user_and_of_itself(made_var: Path) -> None:
    killed = Holder(made_var)
    first = killed.postmaster()
    killed.process.kill()
    killed.process.wait()
    embedded.attach()
    assert embedded.status().pid == first
    ask("CREATE TABLE kept AS SELECT 42 AS n")
    os.kill(first, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(first) or psutil.Process(first).status() == psutil.STATUS_ZOMBIE)
    embedded.attach()
    assert embedded.status().pid not in (None, first)
    assert ask("SELECT n FROM kept") == 42


def test_a_watching_user_brings_a_killed_server_back(made_var: Path) -> None:
    holder, renewed = Holder(made_var, "watch"), list[int | None]()
    first = holder.postmaster()
    embedded.attach()
    # Whoever brings it back: each who watches hears that what they were connected to is gone.
    embedded.watch(every=0.1, renewed=lambda: renewed.append(embedded.status().pid))
    os.kill(first, signal.SIGKILL)
    until(lambda: renewed)
    assert renewed == [embedded.status().pid] != [first]
    embedded.detach()
    holder.leave()
    assert embedded.status().running is False


def test_a_stale_pid_that_is_another_process_by_now_is_seen_through(made_var: Path) -> None:
    embedded.attach()
    real = embedded.status().pid
    assert real
    content = (embedded.data() / "postmaster.pid").read_text()
    os.kill(real, signal.SIGKILL)
    owner = (embedded.data().stat().st_uid, embedded.data().stat().st_gid)
    rights: dict[str, Any] = {"user": owner[0], "group": owner[1]} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **rights)
    try:
        (embedded.data() / "postmaster.pid").write_text(content.replace(str(real), str(stranger.pid), 1))
        assert embedded.status().running is False
        embedded.attach()
        assert ask("SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()


def test_an_initdb_that_was_killed_is_begun_again(var: Path) -> None:
    embedded.data().mkdir(parents=True, mode=0o700)
    (embedded.data() / "base").mkdir()
    (embedded.data() / "pg_hba.conf").write_text("half")
    embedded.attach()
    assert ask("SELECT 1") == 1


def test_a_long_path_gets_a_short_private_socket(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = var.joinpath(*["a-folder-with-a-rather-long-name"] * 4)
    monkeypatch.setenv("RECOUP_VAR", str(deep))
    embedded.attach()
    socket = embedded.status().socket
    assert len(str(socket)) < 60
    assert socket.stat().st_mode & 0o077 == 0
    assert ask("SELECT 1") == 1
    embedded.detach()
    socket.rmdir()


def test_it_cannot_be_stopped_while_it_is_used_and_can_afterwards(made_var: Path) -> None:
    holder = Holder(made_var)
    holder.postmaster()
    with pytest.raises(embedded.DatabaseInUse):
        embedded.stop()
    assert embedded.status().running
    holder.process.kill()
    holder.process.wait()
    assert embedded.stop() is True
    assert embedded.stop() is False


def test_it_listens_on_no_network_and_keeps_what_it_promises(made_var: Path) -> None:
    embedded.attach()
    assert ask("SHOW listen_addresses") == ""
    assert ask("SHOW fsync") == "on"
    assert ask("SHOW data_checksums") == "on"
    pid = embedded.status().pid
    assert pid
    assert [c for c in psutil.Process(pid).net_connections(kind="inet") if c.status == "LISTEN"] == []


def test_a_platform_without_the_wheel_gets_a_sentence(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr("importlib.util.find_spec", lambda name: None)
        with pytest.raises(binaries.NoEmbeddedDatabase, match="Set DATABASE_URL"):
            embedded.attach()
    assert not (var / "postgres" / "PG_VERSION").exists()


def test_a_server_that_cannot_start_says_why(made_var: Path) -> None:
    embedded.attach()
    embedded.detach()
    conf = embedded.data() / "postgresql.conf"
    good = conf.read_text()
    conf.write_text(f"{good}shared_buffers = 'much'\n")
    with pytest.raises(postmaster.DatabaseWillNotStart, match=r"server\.log"):
        embedded.attach()
    conf.write_text(good)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_has_a_database_of_their_own_and_not_another_ones(home: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    them = f"uid={nobody.pw_uid}"
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    theirs = Holder(home / "var", them)
    pid = theirs.postmaster()
    assert psutil.Process(pid).uids().effective == nobody.pw_uid
    roots = Holder(home / "var")
    assert roots.postmaster() == pid
    theirs.leave()
    roots.leave()
    again = Holder(home / "var", them)
    again.postmaster()
    again.leave()
    os.chown(home / "var" / "postgres", 0, 0)
    refused = Holder(home / "var", them)
    assert refused.process.wait(30) == 1
