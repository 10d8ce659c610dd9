"""Many levels in few groups: levels that occur with the same things share one, whatever their names and order."""

from __future__ import annotations

import numpy as np

PSEUDO_ROWS = 5.0  # with which a level's profile is shrunk towards that of all rows
ROUNDS = 20


def _apart(
    centers: np.ndarray, weight: np.ndarray, rest: np.ndarray, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Levels to start k-means with, each far from those before (k-means++, Arthur and Vassilvitskii 2007)."""
    chosen = [int(rng.choice(rest, p=weight[rest] / weight[rest].sum()))]
    distance = np.full(len(rest), np.inf)
    for _ in range(count - 1):
        distance = np.minimum(distance, ((centers[rest] - centers[chosen[-1]]) ** 2).sum(1))
        odds = distance * weight[rest]
        chosen.append(int(rng.choice(rest, p=odds / odds.sum() if odds.sum() > 0 else None)))
    return np.array(chosen)


def in_order(levels: np.ndarray, rows: np.ndarray, profile: np.ndarray) -> np.ndarray:
    """Levels in the order of the direction along which what they occur with differs most.

    levels (n,): of the rows. rows (k,): of each level. profile (n, p).
    """
    centers = _centers(levels, rows, profile) - profile.mean(0)
    direction = np.linalg.svd(centers * np.sqrt(rows)[:, None], full_matrices=False)[2][0]
    return np.argsort(centers @ direction * np.sign(direction[np.abs(direction).argmax()]), kind="stable")


def _centers(levels: np.ndarray, rows: np.ndarray, profile: np.ndarray) -> np.ndarray:
    """Mean profile of each level, shrunk towards that of all rows (k, p)."""
    sums = np.zeros((len(rows), profile.shape[1]))
    np.add.at(sums, levels, profile)
    return np.asarray((sums + PSEUDO_ROWS * profile.mean(0)) / (rows + PSEUDO_ROWS)[:, None])


def grouped(
    levels: np.ndarray, rows: np.ndarray, chosen: np.ndarray, profile: np.ndarray, groups: int, seed: int
) -> np.ndarray:
    """Group of each chosen level, counted from 0: frequent levels alone, the others by k-means of their profiles.

    A level's profile is the mean of its rows' other columns, shrunk towards the mean of all rows (target encoding,
    Micci-Barreca 2001, with all other columns as targets); levels weigh as much as they have rows.

    levels (n,): of the rows. rows (k,): of each level. chosen (k,): which levels are grouped, bool. profile (n, p).
    """
    centers = _centers(levels, rows, profile)[chosen]
    weight = rows[chosen]
    alone = np.zeros(len(weight), dtype=bool)
    frequent = weight >= weight.sum() / groups
    alone[np.flatnonzero(frequent)[np.argsort(-weight[frequent], kind="stable")][: groups // 2]] = True
    rest = np.flatnonzero(~alone)
    most = groups - int(alone.sum())
    if len(rest) <= most:
        return np.arange(len(weight))
    rng = np.random.default_rng(seed)
    means = centers[_apart(centers, weight, rest, most, rng)]
    label = np.zeros(len(rest), dtype=np.int64)
    for _ in range(ROUNDS):
        label = ((means**2).sum(1) - 2.0 * np.einsum("ip,kp->ik", centers[rest], means)).argmin(1)
        total = np.bincount(label, weight[rest], most)
        moved = np.zeros_like(means)
        np.add.at(moved, label, centers[rest] * weight[rest][:, None])
        filled = total > 0
        means[filled] = moved[filled] / total[filled, None]
    group = np.empty(len(weight), dtype=np.int64)
    group[alone] = np.arange(int(alone.sum()))
    group[rest] = int(alone.sum()) + np.unique(label, return_inverse=True)[1]
    return group
