"""Who did what, when and why: one append-only chain of records per subject.

Each record carries the hash of the one before it; a head per subject keeps the chain's length
and last hash, so that a changed, removed or invented record is found by ``invariants.chain``.
Below: database. Above: every concept that acts.
"""
