from __future__ import annotations

import pytest

from recoup.conf.scripts import static_headers


@pytest.mark.parametrize(
    ("url", "ruled"),
    [
        ("/static/assets/reading-oMm2_5Ka.js", True),
        ("/static/assets/main-oMm2_5Ka.js", False),
        ("/static/assets/reading-oMm2_5Ka.js.map", False),
        ("/static/assets/proofreading-oMm2_5Ka.js", False),
    ],
)
def test_only_the_reader_of_codes_has_rules_of_its_own(url: str, ruled: bool) -> None:
    headers: dict[str, str] = {}
    static_headers(headers, "/anywhere" + url, url)
    assert list(headers) == (["Content-Security-Policy"] if ruled else [])
    assert "'unsafe-eval'" not in str(headers) and "*" not in str(headers)
