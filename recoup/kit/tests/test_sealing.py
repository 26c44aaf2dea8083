"""The seal: what goes in comes out, anywhere in it, and nothing that was touched opens."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoup.kit import sealing
from recoup.kit.sealing import FRAME, HEADER, TAG, SealBroken, Sealer, sealed_size

KEY = bytes(range(32))
CONTEXT = b"session/file/0"


def plain(length: int) -> bytes:
    return bytes(i * 31 % 251 for i in range(length))


def sealed(data: bytes, *, key: bytes = KEY, context: bytes = CONTEXT, step: int = 10_000) -> bytes:
    chunks = (data[i : i + step] for i in range(0, len(data), step))
    return b"".join(Sealer(key).seal(chunks, context=context))


def opened(blob: bytes, length: int, *, key: bytes = KEY, context: bytes = CONTEXT, **span: int) -> bytes:
    return b"".join(Sealer(key).open(io.BytesIO(blob), context=context, length=length, **span))


@pytest.mark.parametrize("length", [1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 17])
def test_what_goes_in_comes_out_and_takes_the_promised_space(length: int) -> None:
    blob = sealed(plain(length))
    assert len(blob) == sealed_size(length)
    assert opened(blob, length) == plain(length)


@settings(max_examples=40, deadline=None)
@given(start=st.integers(0, 3 * FRAME), size=st.integers(0, 2 * FRAME), step=st.integers(1, 3 * FRAME))
def test_any_range_reads_like_a_slice(start: int, size: int, step: int) -> None:
    data = plain(2 * FRAME + 999)
    assert opened(sealed(data, step=step), len(data), start=start, end=start + size) == data[start : start + size]


def test_a_range_is_read_without_the_rest() -> None:
    data = plain(3 * FRAME)
    blob = bytearray(sealed(data))
    blob[HEADER + 5] ^= 1
    assert opened(bytes(blob), len(data), start=FRAME, end=FRAME + 9) == data[FRAME : FRAME + 9]


@pytest.mark.parametrize("where", [0, 4, HEADER, HEADER + FRAME, HEADER + FRAME + TAG + 3, -1])
def test_a_flipped_bit_does_not_open(where: int) -> None:
    blob = bytearray(sealed(plain(2 * FRAME)))
    blob[where] ^= 1
    with pytest.raises(SealBroken):
        opened(bytes(blob), 2 * FRAME)


def test_the_bad_frame_is_named() -> None:
    blob = bytearray(sealed(plain(3 * FRAME)))
    blob[HEADER + FRAME + TAG + 1] ^= 1
    with pytest.raises(SealBroken) as broken:
        opened(bytes(blob), 3 * FRAME)
    assert broken.value.frame == 1


def test_swapped_frames_do_not_open() -> None:
    blob = sealed(plain(3 * FRAME))
    one, two = HEADER, HEADER + FRAME + TAG
    swapped = blob[:one] + blob[two : two + FRAME + TAG] + blob[one:two] + blob[two + FRAME + TAG :]
    with pytest.raises(SealBroken):
        opened(swapped, 3 * FRAME)


def test_a_segment_cut_at_a_frame_does_not_pass_for_a_shorter_one() -> None:
    blob = sealed(plain(2 * FRAME))
    with pytest.raises(SealBroken):
        opened(blob[: -FRAME - TAG], 2 * FRAME)
    with pytest.raises(SealBroken):
        opened(blob[: -FRAME - TAG], FRAME)


def test_a_segment_opens_in_its_own_place_and_with_its_own_key_only() -> None:
    blob = sealed(plain(100))
    with pytest.raises(SealBroken):
        opened(blob, 100, context=b"session/file/1")
    with pytest.raises(SealBroken):
        opened(blob, 100, key=sealing.new_key())


def test_the_same_bytes_never_seal_alike() -> None:
    assert sealed(plain(100))[HEADER:] != sealed(plain(100))[HEADER:]


def test_a_wrapped_key_opens_with_its_key_and_context_only() -> None:
    key, by = sealing.new_key(), sealing.new_key()
    wrapped = sealing.wrap(key, by, context=b"key 1")
    assert key not in wrapped
    assert sealing.unwrap(wrapped, by, context=b"key 1") == key
    for other, context in ((sealing.new_key(), b"key 1"), (by, b"key 2")):
        with pytest.raises(SealBroken):
            sealing.unwrap(wrapped, other, context=context)


def test_a_destroyed_wrap_is_broken_not_a_crash() -> None:
    with pytest.raises(SealBroken):
        sealing.unwrap(b"", KEY, context=b"key 1")
