"""Words: rendered whole or not at all, in the reader's language where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from recoup.foundation.notices.wording import WordingMissing, as_html, write
from recoup.kit.money import Money

pytestmark = pytest.mark.usefixtures("texts")
FACTS: dict[str, Any] = {"name": "Zoë & Co", "amount": Money(4990, "EUR"), "secret": "S", "gift": ""}


def hello(language: str = "en", **facts: Any) -> Any:
    return write(concept="returns", name="hello", language=language, facts=FACTS | facts)


def test_subject_and_body() -> None:
    words = hello()
    assert words.subject_line == "Hello Zoë & Co"
    assert words.body_text == "Dear Zoë & Co,\n\nyou get 49.90 EUR.\nSee http://127.0.0.1:8000/r/S\n"


@pytest.mark.parametrize(
    ("asked", "found"), [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("fr", "en"), ("../../etc", "en"), ("", "en")]
)
def test_the_nearest_language(asked: str, found: str) -> None:
    assert hello(asked).language == found


def test_a_missing_fact_is_a_bug() -> None:
    facts = {k: v for k, v in FACTS.items() if k != "amount"}
    with pytest.raises(KeyError, match="amount"):
        write(concept="returns", name="hello", language="en", facts=facts)


def test_a_missing_wording_is_a_bug() -> None:
    with pytest.raises(WordingMissing, match="returns has no wording “gone”"):
        write(concept="returns", name="gone", language="en", facts={})


def test_what_people_wrote_stays_what_it_is() -> None:
    words = hello(name="{{ secret }} {% x %}\r\nBcc: eve@example.com", gift="<b>")
    assert words.subject_line == "Hello {{ secret }} {% x %}"
    assert "A gift: <b>." in words.body_text
    assert "\r" not in words.body_text


def test_html_says_the_same_and_nothing_runs() -> None:
    page = as_html(
        text="Dear <script>x</script>,\n\nsee https://a.example/r/x?a=1&b=2\nBye", title="</title>", language="en"
    )
    assert "<script>" not in page
    assert "<title>&lt;/title&gt;</title>" in page
    assert '<a href="https://a.example/r/x?a=1&amp;b=2">https://a.example/r/x?a=1&amp;b=2</a><br>Bye</p>' in page


@pytest.mark.parametrize(("language", "root"), [("ar", '<html lang="ar" dir="rtl">'), ("de", '<html lang="de">')])
def test_html_runs_as_its_language_does(language: str, root: str) -> None:
    assert root in as_html(text="x", title="y", language=language)


def test_every_wording_that_ships_can_be_read() -> None:
    """Compiles each concept's own files: a typo must not wait for its first customer."""
    from recoup.foundation.notices import wording

    for config in apps.get_app_configs():
        for path in (Path(config.path) / "notices").glob("*/*.txt"):
            first, _, rest = path.read_text("utf-8").partition("\n")
            assert first.strip(), path
            assert rest.strip(), path
            assert wording._load(path), path
