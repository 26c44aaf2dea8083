"""Small pure tools that every layer may use: money, moves, refusals, ids, time words.

No database, no domain, no network. A file here holds one noun.
"""
