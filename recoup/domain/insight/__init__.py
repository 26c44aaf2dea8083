"""Figures about everything below; reads all, writes nothing.

Each figure has a definition, a period, and the period before to compare with. Numbers come from the database, always.
"""
