"""Shopify: order webhooks and order files of the REST Admin API, into the canonical order.

`signature.py` proves who sent it, `document.py` says what it is, `order.py` translates; `lines.py`, `refunds.py`
and `parcels.py` are its chapters. Amounts are the shop's own currency (`shop_money`).
"""
