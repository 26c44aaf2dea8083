"""What may be set for text messages, and what is refused in a sentence that quotes no secret."""

from __future__ import annotations

import pytest

from recoup.conf.texting import NoCountry, NoGateway, country, gateway, token

GOOD = ["https://gateway.example/texts?x=1", "http://127.0.0.1:8025/", "http://localhost:1/", "http://[::1]:1/"]
BAD = [
    "http://gateway.example/",
    "gateway.example",
    "ftp://gateway.example/",
    "https:///texts",
    "https://ann:pw@gateway.example/",
    "https://gateway.example:port/",
    "https://[gateway.example/",
    "https://gätewäy.example/",
]


@pytest.mark.parametrize("url", GOOD)
def test_a_gateway_is_taken_as_it_stands(url: str) -> None:
    assert gateway(f" {url} ") == url


def test_none_is_none() -> None:
    assert (gateway(" "), country(" ")) == ("", "")


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_gateway_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(NoGateway, match="Write the whole address") as refused:
        gateway(url.replace("gateway.example/", "gateway.example/sesame"))
    assert "sesame" not in refused.value.say() and "pw" not in refused.value.say()


@pytest.mark.parametrize(("word", "read"), [("DE", "DE"), (" at", "AT"), ("uk", "GB")])
def test_countries(word: str, read: str) -> None:
    assert country(word) == read


@pytest.mark.parametrize("word", ["Germany", "D", "49", "+4"])
def test_what_is_no_country(word: str) -> None:
    with pytest.raises(NoCountry, match="two letters"):
        country(word)


def test_a_token_is_what_a_header_can_hold() -> None:
    assert token(" sesame-1\n") == "sesame-1"
    for word in ("schlüssel", "two\nlines"):
        with pytest.raises(NoGateway, match="RECOUP_SMS_TOKEN") as refused:
            token(word)
        assert word not in refused.value.say()
