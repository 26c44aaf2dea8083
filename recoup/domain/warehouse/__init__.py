"""Goods: receiving, grading, bins, quarantine, disposition.

Every unit goes first to Quality Reject; only a recorded disposition moves it, and nothing sells from there.
Stock moves are double entry between bins. Stands on returns; claims stands on it.
"""
