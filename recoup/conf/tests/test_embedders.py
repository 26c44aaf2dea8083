"""RECOUP_EMBEDDERS: origins as browsers write them, or a sentence that says what is wrong with a word."""

from __future__ import annotations

import pytest

from recoup.conf import embedders


@pytest.mark.parametrize(("words", "origins"), [
    ("", []), ("  ", []),
    ("https://shop.example", ["https://shop.example"]),
    ("https://Shop.Example/ https://shop.example:443", ["https://shop.example"]),
    ("https://a.example:8443, http://localhost:80 http://[::1]:3000",
     ["https://a.example:8443", "http://localhost", "http://[::1]:3000"]),
])  # fmt: skip
def test_origins_are_told_apart_and_kept_once(words: str, origins: list[str]) -> None:
    assert embedders.origins(words) == origins


@pytest.mark.parametrize("word", [
    "*", "https://*.example", "shop.example", "https://shop.example/returns", "ftp://shop.example", "'self'",
    "https://ann@shop.example", "https://shop.example;script-src", "https://", "https://shop.example:port",
])  # fmt: skip
def test_what_is_no_origin_is_named(word: str) -> None:
    with pytest.raises(embedders.NoOrigin, match="is not the origin of one site") as refused:
        embedders.origins(f"https://shop.example {word}")
    assert f"“{word}”" in str(refused.value)


def test_a_site_without_https_is_refused() -> None:
    with pytest.raises(embedders.NoOrigin, match="no https"):
        embedders.origins("http://shop.example")
