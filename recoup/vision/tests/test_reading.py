"""Codes, GS1, text, likeness and derived views."""

from __future__ import annotations

import io

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image

from recoup.vision import upright
from recoup.vision.codes import read_codes
from recoup.vision.decode import decode
from recoup.vision.gs1 import Gs1, parse
from recoup.vision.serials import Serial, TextLine, read_text, serials_in
from recoup.vision.similar import distance, phash
from recoup.vision.tests.pictures import packed, saved, scene
from recoup.vision.views import derive
from tests.sample_data import sample


def with_code(text: str, *, at: tuple[int, int], scale: int = 6) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=scale)
    code = np.asarray(Image.open(out).convert("RGB"))
    pixels = np.full((900, 1200, 3), 200, np.uint8)
    x, y = at
    pixels[y : y + code.shape[0], x : x + code.shape[1]] = code
    return pixels


def test_a_code_is_read_with_its_place() -> None:
    (code,) = read_codes(with_code("RMA-2026-000123", at=(300, 200)))
    x, y, width, height = code.box
    assert (code.value, code.kind, code.confidence) == ("RMA-2026-000123", "qr", 1.0)
    assert 300 <= x <= 330 and 200 <= y <= 230 and 100 < width == pytest.approx(height, abs=3)


def test_in_a_large_photo_a_small_code_is_found_at_its_true_place() -> None:
    small = with_code("SN-4711", at=(0, 0), scale=3)
    pixels = np.full((3000, 4000, 3), 200, np.uint8)
    pixels[2000:2900, 2500:3700] = small
    (code,) = read_codes(pixels)
    assert code.value == "SN-4711"
    assert 2500 <= code.box[0] <= 2530 and 2000 <= code.box[1] <= 2030


def test_a_picture_without_codes_and_one_too_small() -> None:
    assert read_codes(scene()) == []
    assert read_codes(np.zeros((1, 3, 3), np.uint8)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(01)09506000134352(10)ABC123(21)XYZ", Gs1("09506000134352", "ABC123", "XYZ")),
        ("010950600013435210ABC123\x1d21XYZ", Gs1("09506000134352", "ABC123", "XYZ")),
        ("]d2010950600013435217261231\x1d10L-7", Gs1("09506000134352", "L-7", "")),
        ("0109506000134352310300125021S1", Gs1("09506000134352", "", "S1")),
        ("https://example.org/01/9506000134352/10/A%2F1/21/7?17=261231", Gs1("09506000134352", "A/1", "7")),
        ("https://example.org/shop/01/09506000134352", Gs1("09506000134352", "", "")),
        ("(01)09506000134353(10)ABC", None),  # the check digit is wrong
        ("https://example.org/10/ABC", None),
        ("01095060001343", None),
        ("SN-4711", None),
        ("", None),
        ("https://[", None),
    ],
)
def test_gs1(text: str, expected: Gs1 | None) -> None:
    assert parse(text) == expected


def test_a_digital_link_in_a_photo_names_its_product() -> None:
    (code,) = read_codes(with_code("https://id.gs1.org/01/09506000134352/10/B7/21/900", at=(100, 100)))
    assert code.gs1 == Gs1("09506000134352", "B7", "900")


def test_serial_like_words() -> None:
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    lines = [TextLine(text, corners, 0.9) for text in ("Model: KX-200", "s/n: rc0-44710093.", "MADE IN PORTUGAL", "12")]
    assert [serial.text for serial in serials_in(lines)] == ["KX-200", "RC0-44710093"]
    assert [serial.text for serial in serials_in(lines, r"RC\d-\d{8}")] == ["RC0-44710093"]


def test_a_word_has_its_own_place_in_the_line() -> None:
    lines = [TextLine("S/N: RC0-44710093", ((100, 50), (440, 50), (440, 90), (100, 90)), 0.97)]
    assert serials_in(lines) == [Serial("RC0-44710093", (200, 50, 240, 40), 0.97)]


def test_a_word_read_with_doubt_is_no_serial_and_the_surer_of_two_counts() -> None:
    corners = ((0, 0), (90, 0), (90, 9), (0, 9))
    assert serials_in([TextLine("RC0-44710093", corners, 0.5)]) == []
    twice = [TextLine("RC0-44710093", corners, 0.85), TextLine("RC0-44710093", corners, 0.95)]
    assert [serial.confidence for serial in serials_in(twice)] == [0.95]


def printed_code(kind: str, text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    bars = np.asarray(made.to_image(scale=4))
    pixels = np.full((500, 700, 3), 230, np.uint8)
    pixels[100 : 100 + bars.shape[0], 80 : 80 + bars.shape[1]] = bars[..., None]
    return pixels


@pytest.mark.parametrize(
    ("kind", "text", "named", "value", "gtin"),
    [
        ("EAN13", "4006381333931", "ean13", "4006381333931", "04006381333931"),
        ("UPCA", "036000291452", "upca", "036000291452", "00036000291452"),
        ("UPCE", "01234565", "upce", "01234565", "00012345000065"),
        ("EAN8", "96385074", "ean8", "96385074", "00000096385074"),
        ("Code128", "SN-4711", "code128", "SN-4711", ""),
        ("DataMatrix", "BATCH 24-117", "datamatrix", "BATCH 24-117", ""),
    ],
)
def test_each_kind_says_what_is_printed_under_it(kind: str, text: str, named: str, value: str, gtin: str) -> None:
    (code,) = read_codes(printed_code(kind, text))
    assert (code.kind, code.value, code.gtin, code.confidence) == (named, value, gtin, 1.0)
    assert code.gs1 == (Gs1(gtin) if gtin else None)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_code_tells_how_it_is_turned(turns: int) -> None:
    straight = with_code("RMA-1", at=(300, 200))[:480, :640]
    pixels = np.ascontiguousarray(np.rot90(straight, turns))
    (code,) = read_codes(pixels)
    assert code.angle == -turns * 90 % 360
    assert np.array_equal(upright.turned(pixels, upright.estimate(pixels)), straight)


def test_a_code_too_small_for_a_quick_look_is_found_by_a_close_one() -> None:
    pixels = np.full((3000, 4000, 3), 200, np.uint8)
    made = zxingcpp.create_barcode("RMA-1", zxingcpp.BarcodeFormat.QRCode).to_image(scale=2)
    tall, wide = np.asarray(made).shape
    pixels[1000 : 1000 + tall, 1001 : 1001 + wide] = np.asarray(made)[..., None]
    assert read_codes(pixels, closely=False) == []
    assert [code.value for code in read_codes(pixels)] == ["RMA-1"]


def test_where_nothing_shows_what_is_up_nothing_is_turned() -> None:
    assert upright.estimate(scene()) == 0
    assert upright.estimate(np.zeros((1, 1, 3), np.uint8)) == 0


def test_of_real_photos_of_codes_most_are_read() -> None:
    """87 of 101 when this was written; most of the others are blurred beyond reading."""
    right = wrong = 0
    photos = sorted(sample("photos/barcode").glob("*.png"))
    for photo in photos:
        expected = photo.with_suffix(".expected.txt").read_text("utf-8").strip()
        values = [code.value.strip() for code in read_codes(decode(photo.read_bytes()).pixels)]
        right += expected in values
        wrong += bool(values) and expected not in values
    assert right >= 0.84 * len(photos) and wrong <= 2


def test_printed_text_is_read() -> None:
    receipt = min(sample("photos/receipt").glob("*.jpg"))
    lines = read_text(decode(receipt.read_bytes()).pixels[:400])
    assert len(lines) > 5
    assert all(len(line.polygon) == 4 and 0 <= line.confidence <= 1 for line in lines)


def test_copies_are_near_and_strangers_far() -> None:
    pixels = scene(800, 600)
    copy = decode(derive(pixels, 480, 55)).pixels
    stranger = np.ascontiguousarray(scene(800, 600)[::-1, ::-1])
    assert distance(phash(pixels), phash(copy)) <= 4
    assert distance(phash(pixels), phash(stranger)) > 15
    assert 0 <= phash(pixels) < 1 << 64


def test_a_view_carries_nothing_of_the_file() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Anna's kitchen"
    original = packed(scene(1000, 500), exif=exif, comment=b"call me")
    view = derive(decode(original).pixels, 400, 80)
    opened = Image.open(io.BytesIO(view))
    assert opened.size == (400, 200) and opened.format == "JPEG"
    assert not opened.getexif() and not {"exif", "comment", "icc_profile"} & set(opened.info)
    assert b"Anna" in original and b"Anna" not in view and b"call me" not in view
    assert view == derive(decode(original).pixels, 400, 80)


def test_a_view_is_never_larger_than_the_photo() -> None:
    assert Image.open(io.BytesIO(derive(scene(100, 50), 1600, 85))).size == (100, 50)


def test_foreign_colours_become_srgb() -> None:
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    plain = Image.new("RGB", (32, 32), (200, 40, 40))
    tagged = decode(saved(plain, "PNG", icc_profile=lab.tobytes())).pixels
    assert np.abs(tagged[16, 16].astype(int) - (200, 40, 40)).max() <= 1
