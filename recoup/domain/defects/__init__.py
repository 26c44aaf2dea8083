"""What can be wrong: defect types with their shot lists, and known patterns.

A defect type says why goods came back; what we did with them is a disposition (warehouse).
Neighbours: stands on catalogue; returns and claims stand on it.
"""
