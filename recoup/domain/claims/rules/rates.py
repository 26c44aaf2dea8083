"""How often a batch fails."""

from __future__ import annotations


def rate(defective: int, shipped: int | None) -> str:
    """Such as '1.2 % of 250 shipped (12,000 PPM)'; 'rate unknown' without a shipped quantity."""
    if not shipped:
        return "rate unknown"
    percent = f"{100 * defective / shipped:.2f}".rstrip("0").rstrip(".")
    return f"{percent} % of {shipped:,} shipped ({round(1_000_000 * defective / shipped):,} PPM)"
