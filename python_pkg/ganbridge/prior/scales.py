"""Scales on which a column of numbers may be normal: its normal scores, itself, or a power (Yeo and Johnson 2000).

A mixture has the training marginals on any of them, as ranks go through its own marginals; what differs is on which
scale groups are normal and covariances linear.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import torch

ScaleName = Literal["scores", "standard", "power"]
SCALES: tuple[ScaleName, ...] = get_args(ScaleName)
POWERS = np.linspace(-1.5, 3.5, 26)
SHARES = (np.arange(512) + 0.5) / 512  # at which a column's quantiles show its mean, its spread and its power
SMALLEST = 1e-6  # share that a normal score is taken of
LARGEST = 7.9  # size of a score on any scale


class Scale:
    """Scores of shares of a column. quantiles (2, k): shares of present values, and the values."""

    def __init__(self, name: ScaleName, quantiles: np.ndarray) -> None:
        self.name, self.quantiles = name, quantiles
        if name == "scores":
            return
        values = np.interp(SHARES, *quantiles)
        self.center, self.spread = float(values.mean()), float(values.std()) or 1.0
        w = (values - self.center) / self.spread
        self.power = 1.0
        if name == "power":
            self.power = float(max(POWERS, key=lambda power: _likelihood(w, power)))
            w = yeo_johnson(w, self.power)
        self.after = float(w.mean()), float(w.std()) or 1.0

    def scores(self, shares: np.ndarray) -> np.ndarray:
        """Scores (n,) of shares (n,)."""
        if self.name == "scores":
            z: np.ndarray = torch.special.ndtri(torch.from_numpy(shares).clamp(SMALLEST, 1.0 - SMALLEST)).numpy()
            return z
        w = (np.interp(shares, *self.quantiles) - self.center) / self.spread
        w = yeo_johnson(w, self.power) if self.name == "power" else w
        return np.asarray(((w - self.after[0]) / self.after[1]).clip(-LARGEST, LARGEST))


def yeo_johnson(w: np.ndarray, power: float) -> np.ndarray:
    """The power transform of Yeo and Johnson 2000."""
    size, rest = np.log1p(np.abs(w)), 2.0 - power
    positive = size if abs(power) < 1e-9 else np.expm1(power * size) / power
    negative = size if abs(rest) < 1e-9 else np.expm1(rest * size) / rest
    return np.asarray(np.where(w >= 0, positive, -negative))


def _likelihood(w: np.ndarray, power: float) -> float:
    """Log-likelihood of a normal distribution on the scale of a power."""
    variance = yeo_johnson(w, power).var() + 1e-12
    return float(-0.5 * len(w) * np.log(variance) + (power - 1.0) * (np.sign(w) * np.log1p(np.abs(w))).sum())
