"""Settings are safe without being told to, and only RECOUP_* (and DATABASE_URL) change them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recoup.conf import secret

ROOT = Path(__file__).parents[3]
SHOW = """
import json
from recoup.conf import settings
named = lambda value: getattr(value, "__name__", str(value))
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=named))
"""


def read(var: Path, **environment: str) -> dict[str, Any]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("RECOUP_", "DATABASE_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={**kept, "RECOUP_VAR": str(var), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def test_the_defaults_are_safe_and_the_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert first["DEBUG"] is False
    assert first["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) > 60
    assert (tmp_path / "keys" / "signing.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert first["SESSION_COOKIE_SECURE"] is False


def test_the_demo_changes_nothing_of_that(tmp_path: Path) -> None:
    plain, demo = read(tmp_path), read(tmp_path, RECOUP_DEMO="1", DEBUG="1", DJANGO_DEBUG="1")
    assert demo.pop("RECOUP_DEMO") is True
    assert plain.pop("RECOUP_DEMO") is False
    assert demo == plain


def test_an_https_address_makes_cookies_secure_and_its_host_known(tmp_path: Path) -> None:
    made = read(tmp_path, RECOUP_ADDRESS="https://returns.example/", RECOUP_HOSTS="a.example, b.example")
    assert made["RECOUP_ADDRESS"] == "https://returns.example"
    assert made["ALLOWED_HOSTS"] == ["a.example", "b.example", "returns.example", "127.0.0.1", "localhost"]
    assert made["SESSION_COOKIE_SECURE"] is made["CSRF_COOKIE_SECURE"] is True
    assert made["SECURE_HSTS_SECONDS"] > 0
    assert made["CSRF_TRUSTED_ORIGINS"] == ["https://returns.example"]


def test_mail_goes_to_the_terminal_until_a_server_is_named(tmp_path: Path) -> None:
    assert read(tmp_path)["EMAIL_BACKEND"].endswith("terminal.EmailBackend")
    made = read(tmp_path, RECOUP_MAIL="smtp://ann:s%40crt@mail.example:2525", RECOUP_SECRET_KEY="given")
    assert made["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    named = [made[name] for name in ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD")]
    assert named == ["mail.example", 2525, "ann", "s@crt"]
    assert made["EMAIL_USE_TLS"] is True
    assert made["SECRET_KEY"] == "given"


def test_addresses_are_lines_and_returns_go_to_the_company_unless_told_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path)["RECOUP_RETURN_ADDRESS"] == []
    made = read(tmp_path, RECOUP_COMPANY_ADDRESS="Dock Street 4; 20457 Hamburg;")
    assert made["RECOUP_COMPANY_ADDRESS"] == made["RECOUP_RETURN_ADDRESS"] == ["Dock Street 4", "20457 Hamburg"]
    assert read(tmp_path, RECOUP_RETURN_ADDRESS="Ramp 2; Bremen")["RECOUP_RETURN_ADDRESS"] == ["Ramp 2", "Bremen"]


def test_a_folder_that_is_closed_to_us_is_said_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RECOUP_SECRET_KEY", raising=False)
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(secret.FolderClosed, match="set RECOUP_VAR"):
        secret.key(var=tmp_path)
    assert (tmp_path / "keys").read_text() == "in the way"
