from __future__ import annotations

import pytest

from recoup.channels.kinds import kind


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("csvfile", b"recoup_row,order,sku,quantity\n6,5005,MUG,-1\n", "order 5005, row 6"),
        ("csvfile", b"order,sku,quantity\n5005,MUG,1\n5005,CUP,1\n", "order 5005, rows 2, 3"),
        ("csvfile", b"order,sku,quantity\n,MUG,1\n", "row 2"),
        ("csvfile", b"no table", ""),
        ("csvfile", b"\x00\xff", ""),
        ("shopify", b'{"id": 7, "name": "#1001", "line_items": []}', "order #1001"),
        ("shopify", b'{"id": 7, "line_items": []}', "order 7"),
        ("shopify", b'{"id": 7, "name": "#1001", "line_items": [{"na', "order #1001"),
        ("shopify", b"{", ""),
        ("shopify", b"\xff\x00", ""),
    ],
)
def test_which_order_it_is_is_said_as_far_as_it_can_be_read(name, raw, said):
    assert kind(name).named(raw) == said
