"""The protocol's headers, read strictly."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.kit import tus
from recoup.kit.refusal import Refusal


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_metadata_reads_keys_with_and_without_a_value() -> None:
    text = f"filename {b64('Küche.jpg')},confidential,shot {b64('close_up')}"
    assert tus.metadata(text) == {"filename": "Küche.jpg", "confidential": "", "shot": "close_up"}
    assert tus.metadata("") == {}


@pytest.mark.parametrize("text", ["shot not-base64!", "shot YQ==,shot YQ==", "a,,b", "shot /w==", "ké YQ=="])
def test_bad_metadata_is_refused(text: str) -> None:
    with pytest.raises(tus.Malformed):
        tus.metadata(text)


@given(st.dictionaries(st.from_regex(r"\A[a-zA-Z0-9_-]{1,20}\Z"), st.text(max_size=30), max_size=5))
def test_any_metadata_comes_back(pairs: dict[str, str]) -> None:
    assert tus.metadata(",".join(f"{key} {b64(value)}" for key, value in pairs.items())) == pairs


@pytest.mark.parametrize("text", ["", "-1", "1.5", "abc", "١٢", " 5", "9" * 30])
def test_an_offset_is_a_whole_number(text: str) -> None:
    with pytest.raises(tus.Malformed):
        tus.whole({"upload-offset": text}, "upload-offset")


def test_length_is_refused_when_empty_or_too_large() -> None:
    assert tus.length({"upload-length": "100"}, limit=100) == 100
    with pytest.raises(tus.Empty):
        tus.length({"upload-length": "0"}, limit=100)
    with pytest.raises(tus.TooLarge):
        tus.length({"upload-length": "101"}, limit=100)


def test_checksum_names_algorithm_and_digest() -> None:
    found = tus.checksum({"upload-checksum": "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="})
    assert found is not None and found.algorithm == "sha1"
    check = found.start()
    check.update(b"hello world")
    assert check.digest() == found.digest
    assert tus.checksum({}) is None
    with pytest.raises(tus.UnknownSum):
        tus.checksum({"upload-checksum": "crc32 AAAA"})
    with pytest.raises(tus.Malformed):
        tus.checksum({"upload-checksum": "sha1 ???"})


def test_version_and_type() -> None:
    tus.check_version({"tus-resumable": "1.0.0"})
    tus.check_type({"content-type": "application/offset+octet-stream"})
    for headers in ({}, {"tus-resumable": "0.2.2"}):
        with pytest.raises(tus.WrongVersion):
            tus.check_version(headers)
    with pytest.raises(tus.WrongType):
        tus.check_type({"content-type": "image/jpeg"})


def test_the_method_may_be_overridden() -> None:
    assert tus.method("POST", {"x-http-method-override": "patch"}) == "PATCH"
    assert tus.method("HEAD", {}) == "HEAD"


def test_expiry_is_written_as_http_writes_dates() -> None:
    assert tus.expires(dt.datetime(2026, 10, 31, 23, 59, 59, tzinfo=dt.UTC)) == "Sat, 31 Oct 2026 23:59:59 GMT"


def test_every_refusal_can_be_said() -> None:
    facts = {"header": "x", "offset": 1, "asked": 2, "limit_mb": 40, "length": 3, "known": "sha1", "method": "GET"}
    for name, kind in vars(tus).items():
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal:
            assert kind(**facts).say().endswith("."), name
