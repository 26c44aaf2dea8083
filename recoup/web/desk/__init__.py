"""What staff see: queue, case, receiving, stock, claims, finance, insight, dead letters. Decides nothing.

A view reads through one query, writes through one action, and names the person who does it (doors.py).
"""
