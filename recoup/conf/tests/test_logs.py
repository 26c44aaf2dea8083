"""Logs never carry a link's secret."""

from __future__ import annotations

from recoup.conf import logs
from recoup.kit import ids


def test_a_secret_in_a_path_is_hidden_and_hashes_and_ids_are_not() -> None:
    secret = ids.secret()
    line = f'{{"path": "/r/{secret}/photos", "sha256": "{ids.fingerprint(secret)}", "id": "{ids.new()}"}}'
    said = logs.hide(None, "", line)
    assert secret not in said
    assert said == line.replace(secret, "…")
