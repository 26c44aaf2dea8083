"""What goes over the line is packed, files with the best that a browser takes; what streams and what would not shrink is not."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from recoup.conf.packing import PackedMiddleware
from recoup.conf.settings import _built

PAGE = "<p>Please send one more photo.</p>" * 100


def packed(answer: HttpResponseBase, accept: str = "gzip, br") -> Any:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accept})
    return PackedMiddleware(lambda _: answer)(request)


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "image/svg+xml"])
def test_text_is_packed_and_reads_the_same(kind: str) -> None:
    answer = packed(HttpResponse(PAGE, content_type=kind))
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < len(PAGE) / 5
    assert gzip.decompress(answer.content).decode() == PAGE
    assert "Accept-Encoding" in answer["Vary"]


def test_a_tag_is_still_known_once_it_is_packed() -> None:
    assert packed(HttpResponse(PAGE, headers={"ETag": '"one"'}))["ETag"] == 'W/"one"'


@pytest.mark.parametrize(
    ("answer", "accept"),
    [
        (HttpResponse(PAGE), "identity"),
        (HttpResponse(PAGE, content_type="image/jpeg"), "gzip"),
        (HttpResponse(PAGE, content_type="application/pdf"), "gzip"),
        (StreamingHttpResponse(iter([PAGE]), content_type="text/event-stream"), "gzip"),
    ],
    ids=["who cannot", "a photo", "a label", "a stream"],
)
def test_the_rest_goes_as_it_is(answer: HttpResponseBase, accept: str) -> None:
    assert "Content-Encoding" not in packed(answer, accept)


@pytest.mark.django_db  # closing an answer closes connections too
@pytest.mark.skipif(not _built.exists(), reason="The pages are not built; script/setup builds them.")
@pytest.mark.parametrize(("accept", "coding"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)])
def test_a_file_of_the_build_comes_as_small_as_the_browser_takes_it(accept: str, coding: str | None) -> None:
    answer = Client().get("/static/phone.svg", headers={"Accept-Encoding": accept})
    assert (answer.status_code, answer.get("Content-Encoding")) == (200, coding)
    answer.close()
