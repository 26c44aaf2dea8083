"""Money: append-only double entry, credit memos out, supplier credits in.

An entry's postings add up to zero per currency (checked by the database at commit). A posted memo is corrected
only by another document. A credit limit per order line holds what was paid for it, so that no line is over-credited.
Neighbours: knows no other concept; others name themselves by id. Returns and claims stand on it.
"""
