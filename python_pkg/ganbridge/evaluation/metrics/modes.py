"""How many peaks a column has."""

from __future__ import annotations

import math

import numpy as np

LEAST_VALUES = 10  # distinct values below which a column has levels rather than peaks
PROMINENCE = 0.1  # a peak stands out by this share of the highest one, or by three standard errors
UNSURE = 2.0  # a peak that stands out by less than so many times what counts, or by more than that part, may be chance
GRID = 512
FINE = 4096  # bins in which values are counted before they are smoothed


def mode_count(values: np.ndarray) -> float:
    """Peaks of a kernel density estimate of values (n,), with Silverman's bandwidth (1986, equation 3.31).

    A peak counts if the density falls on both sides, before it rises above the peak, by a tenth of its largest
    value, and by more if there are few values and chance may bring that about. NaN for fewer than ten distinct
    values, which have no density.
    """
    return mode_range(values)[1]


def mode_range(values: np.ndarray) -> tuple[float, float, float]:
    """`mode_count`, between the counts of peaks that stand out by twice and by half as much.

    If the three differ, some peaks hardly stand out, and another sample of as many values may have more or fewer.
    """
    if len(values) == 0 or len(np.unique(values)) < LEAST_VALUES:
        return (float("nan"),) * 3
    values = (values - values.mean()) / max(float(np.abs(values - values.mean()).max()), 1e-300)
    quartiles = np.quantile(values, [0.25, 0.75])
    iqr = float(quartiles[1] - quartiles[0]) / 1.34
    sd = float(values.std())
    bandwidth = 0.9 * (min(sd, iqr) if iqr > 0.0 else sd) * len(values) ** -0.2
    density = _density(values, bandwidth)
    # The variance of an estimate f is f / (2 sqrt(pi) n bandwidth); here n bandwidth f is largest / sqrt(2 pi).
    error = math.sqrt(1.0 / (math.sqrt(2.0) * float(density.max())))
    step = max(PROMINENCE, 3.0 * error) * float(density.max())
    counts = [float(_peaks(density, step * times)) for times in (UNSURE, 1.0, 1.0 / UNSURE)]
    return counts[0], counts[1], counts[2]


def _density(values: np.ndarray, bandwidth: float) -> np.ndarray:
    low, high = float(values.min()) - 3.0 * bandwidth, float(values.max()) + 3.0 * bandwidth
    counts, edges = np.histogram(values, FINE, (low, high))
    used = counts > 0
    centers = ((edges[:-1] + edges[1:]) / 2.0)[used]
    at = np.linspace(low, high, GRID)
    return np.asarray(np.exp(-0.5 * ((at[:, None] - centers[None]) / bandwidth) ** 2) @ counts[used])


def _peaks(density: np.ndarray, step: float) -> int:
    """Peaks that stand out: a rise of at least `step` before each, and a fall of as much after it."""
    count, extreme, rising = 0, math.inf, False
    for value in [*density.tolist(), 0.0]:
        if rising:
            extreme = max(extreme, value)
            if value < extreme - step:
                count, extreme, rising = count + 1, value, False
        else:
            extreme = min(extreme, value)
            if value > extreme + step:
                extreme, rising = value, True
    return count
