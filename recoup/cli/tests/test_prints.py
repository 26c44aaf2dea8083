"""The sample company's products are known on its customers' photos by what is printed on them, and not by a trick."""

from __future__ import annotations

from functools import cache

import pytest

from recoup.cli.sample import album, scenes
from recoup.cli.sample.shop import SALES, Sale
from recoup.vision.catalogue_match import closely, match
from recoup.vision.decode import decode
from recoup.vision.similar import Sketch


@cache
def reference(sku: str) -> Sketch:
    return closely(scenes.reference(sku))


@pytest.mark.parametrize("sale", SALES[:5], ids=lambda sale: sale.name)
def test_a_customer_s_photo_shows_the_product_that_was_bought(sale: Sale) -> None:
    [photo] = album.rendered(sale, ["overall"])
    every = {sold.sku: [reference(sold.sku)] for sold in SALES}
    found = match(decode(photo.data).pixels, every)
    assert found is not None and found.sku == sale.sku and found.inliers > 40


def test_a_kettle_without_its_print_is_not_taken_for_one() -> None:
    bare = decode(scenes.scene("overall", seed=2001)).pixels
    assert match(bare, {SALES[0].sku: [reference(SALES[0].sku)]}) is None
