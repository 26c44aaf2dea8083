"""The outside worlds that orders come from. One folder each; a folder only translates, it neither reads nor writes.

`kinds.py` lists them. Each offers `split`, `translate`, `verify`, `delivery_key` and `topic`; `reading.py`,
`amounts.py`, `moments.py` and `jsontext.py` are how all of them read values.
"""
