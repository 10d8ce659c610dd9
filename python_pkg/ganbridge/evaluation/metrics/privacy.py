"""How close generated rows come to the very rows that were trained on."""

from __future__ import annotations

import math

import numpy as np

from ...training.distances import nearest, nearest_ranks

RESAMPLES = 400
CHANCE = 0.01  # of a sample of new real rows, to be called too close


def closest_distances(rows: np.ndarray, training: np.ndarray, *, same: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Distances (n,) of rows from the closest and from the second closest of the training rows.

    same: the rows are among the training rows, and the distance of a row from itself does not count. NaN if there
    are not so many training rows.
    """
    ranks = [rank for rank in ((2, 3) if same else (1, 2)) if rank <= len(training)]
    distances = list(nearest_ranks(rows, training, tuple(ranks))[0]) if ranks else []
    distances += [np.full(len(rows), np.nan)] * (2 - len(distances))
    return distances[0], distances[1]


def distance_to_closest_record(closest: np.ndarray, share: float = 0.5) -> float:
    """A quantile of the distances (n,) of rows from the closest training row each."""
    return float(np.quantile(closest, share)) if len(closest) else float("nan")


def chance_of_closer(closest: np.ndarray, count: int, share: float, seed: int) -> float:
    """Down to about which share of itself chance takes a quantile of the distances (n,), in a sample of `count` rows.

    The first percentile of the ratio of that quantile in a sample of `count` rows to that in one of n rows, both drawn
    with replacement from the distances (bootstrap, Efron 1979). 1 if there is nothing to draw from, or the quantile
    is 0.
    """
    if not len(closest) or not count or np.quantile(closest, share) <= 0.0:
        return 1.0
    rng = np.random.default_rng(seed)
    drawn = [
        np.quantile(closest[rng.integers(len(closest), size=(RESAMPLES, n))], share, 1) for n in (count, len(closest))
    ]
    return float(np.quantile(drawn[0] / np.maximum(drawn[1], 1e-300), CHANCE))


def neighbour_ratio(closest: np.ndarray, second: np.ndarray) -> float:
    """Median of closest over second closest distance, from 0 to 1; 1 if both are 0.

    Small if a row lies at one training row and far from all others, as a copy with a little noise does.
    """
    if np.isnan(second).any():
        return float("nan")
    ratio = np.divide(closest, second, out=np.ones(len(closest)), where=second > 0.0)
    return float(np.median(ratio)) if len(ratio) else float("nan")


def copied_share(rows: np.ndarray, training: np.ndarray, *, same: bool = False) -> float:
    """Share of rows (n, p) that equal a training row (k, p) in every value.

    same: both are the same rows, and those count that have a double.
    """
    both = training if same else np.concatenate([training, rows])
    indices = np.unique(np.ascontiguousarray(both), axis=0, return_inverse=True)[1].ravel()
    if same:
        return float((np.bincount(indices)[indices] > 1).mean())
    seen = np.zeros(int(indices.max()) + 1, dtype=bool)
    seen[indices[: len(training)]] = True
    return float(seen[indices[len(training) :]].mean())


def closer_to_training(rows: np.ndarray, training: np.ndarray, holdout: np.ndarray) -> tuple[float, float]:
    """Share of rows that lie closer to a training row than to any holdout row, and its standard error by chance.

    Ties count half. About one half for as many training as holdout rows, if the generator did not memorize its
    rows (Platzer and Reutterer 2021). By chance, training and holdout rows might have changed places: the standard
    error is that over all ways to share them out (permutation, Fisher 1935). It is wide if a few real rows are the
    closest ones to most rows, as for rows that lie off all real ones.
    """
    both = [nearest(rows, real) for real in (training, holdout)]
    (first, _), (second, _) = both
    share = (first < second) + 0.5 * (first == second)
    # How many rows each real row is closest to.
    counts = np.concatenate(
        [
            np.bincount(indices, weights, minlength=len(real))
            for (_, indices), weights, real in zip(both, (share, 1.0 - share), (training, holdout), strict=True)
        ]
    )
    drawn = len(training) * len(holdout) / (len(counts) * (len(counts) - 1.0))
    error = math.sqrt(drawn * float(((counts - counts.mean()) ** 2).sum())) / len(rows)
    return float(share.mean()), error
