"""Wordings of the tests' own, in a folder of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recoup.foundation.notices import wording

TEXTS = {
    "en/approved.txt": """Your return {{ number }}
is approved""",
    "en/hello.txt": """Hello   {{ name }}

Dear {{ name }},

{% if gift %}A gift: {{ gift }}.{% endif %}

you get {{ amount }}.
See {{ address }}/r/{{ secret }}
""",
    "de/hello.txt": "Hallo {{ name }}\n\nGuten Tag, {{ name }}.",
    "en/hello.sms.txt": "Hello {{ name }}\n\n{{ site_name }}: {{ name }}’s {{ amount }} – {{ address }}/r/{{ secret }}\n\n@{{ host }} #1",
}


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in TEXTS.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.setattr(wording, "_folder", lambda concept: tmp_path)
    wording._load.cache_clear()
    yield tmp_path
    wording._load.cache_clear()
