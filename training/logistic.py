"""Logistic regression by Newton's steps, with a ridge and both classes weighing the same. And measures of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


def fit(values: Numbers, wanted: Flags, *, ridge: float) -> tuple[float, Numbers]:
    """Bias and weights for float[n, k] scaled values and bool[n] answers."""
    rows = np.hstack([np.ones((len(values), 1)), values])
    balance = np.where(wanted, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))
    penalty = np.diag([0.0, *[ridge] * values.shape[1]])
    weights = np.zeros(rows.shape[1])
    for _ in range(60):
        guess = 1 / (1 + np.exp(-np.clip(rows @ weights, -40, 40)))
        slope = rows.T @ (balance * (guess - wanted)) + penalty @ weights
        bend = (rows * (balance * guess * (1 - guess))[:, None]).T @ rows + penalty + 1e-9 * np.eye(rows.shape[1])
        step = np.linalg.solve(bend, slope)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    return float(weights[0]), weights[1:]


def auc(higher: Numbers, lower: Numbers) -> float:
    """The chance that one of ``higher`` scores above one of ``lower``; ties count half. NaN when one is empty."""
    if not len(higher) or not len(lower):
        return float("nan")
    wins = (higher[:, None] > lower[None, :]).sum() + 0.5 * (higher[:, None] == lower[None, :]).sum()
    return float(wins / (len(higher) * len(lower)))


def interval(higher: Numbers, lower: Numbers, *, times: int = 500) -> tuple[float, float]:
    """The middle 95 % of the AUC over bootstrap samples of both sides."""
    chance = np.random.default_rng(1)
    draws = [auc(chance.choice(higher, len(higher)), chance.choice(lower, len(lower))) for _ in range(times)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(low), float(high)


def best_cut(high: Numbers, low: Numbers) -> float:
    """The threshold with the most right (high above it, low not), in the middle of the gap that it falls into."""
    both = np.unique(np.concatenate([high, low]))
    cuts = np.concatenate([both[:1] - 1, both])  # the first one lets everything pass
    right = np.searchsorted(np.sort(low), cuts, "right") - np.searchsorted(np.sort(high), cuts, "right")
    at = int(np.argmax(right))
    return float(cuts[at] + cuts[min(at + 1, len(cuts) - 1)]) / 2


def accuracy(high: Numbers, low: Numbers, cut: float) -> float:
    """The share on its own side of the threshold: ``high`` above it, ``low`` not. NaN when both are empty."""
    both = len(high) + len(low)
    return float(((high > cut).sum() + (low <= cut).sum()) / both) if both else float("nan")


def share_interval(flags: Flags, *, times: int = 500) -> tuple[float, float]:
    """The middle 95 % of a share over bootstrap samples; where all are alike, the bound that so few can prove."""
    count = len(flags)
    if not count:
        return float("nan"), float("nan")
    if flags.all() or not flags.any():
        bound = 1 - 0.05 ** (1 / count)
        return (1 - bound, 1.0) if flags.all() else (0.0, bound)
    drawn = np.random.default_rng(1).choice(flags, (times, count)).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)
