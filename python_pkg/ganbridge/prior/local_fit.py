"""The fit of `LocalNormals`: groups by k-means, covariances by shrinkage, both chosen by the held-out likelihood."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..encode.clusters import clusters
from .local import LocalNormals

COMPONENTS = (1, 2, 4, 8, 15, 30, 60, 90, 120, 200)  # that are tried,
COMPONENT_ROWS = 20  # with so many training rows each at least,
LEAST_ROWS = 10  # of a group, so that no center is that of a few rows
MOST_ELEMENTS = 2**22  # and so many numbers in all covariances
PSEUDO_ROWS = (5.0, 1.0, 0.25)  # of the mean covariance, in that of a component, for each number: these are tried
DIAGONAL_ROWS = 5.0  # pseudo rows of independent numbers in the mean covariance
RIDGE = 1e-6
HELD_OUT, MOST_HELD_OUT = 0.2, 1_000  # share of the rows, and rows at most, by whose likelihood is chosen
WORSE = 2  # numbers of components in a row, each worse than the best, after which no more are tried


def fit_local(rows: np.ndarray, view: np.ndarray, seed: int) -> LocalNormals:
    """The mixture of rows (n, width); rows times the view (width, k) are as far apart as what they stand for."""
    x, seen = torch.from_numpy(rows.astype(np.float64)), np.einsum("iw,wk->ik", rows.astype(np.float64), view)
    order = np.random.default_rng(seed).permutation(len(rows))
    cut = min(MOST_HELD_OUT, max(1, round(HELD_OUT * len(rows))))
    held_out, train = order[:cut], np.sort(order[cut:])
    tried: dict[tuple[int, float], float] = {}
    worse = 0
    for components in COMPONENTS:
        if components > max(1, min(len(train) // COMPONENT_ROWS, MOST_ELEMENTS // x.shape[1] ** 2)):
            break
        before = max(tried.values(), default=-np.inf)
        groups = Groups(x[torch.from_numpy(train)], _groups(seen[train], components, seed))
        for pseudo_rows in PSEUDO_ROWS if components > 1 else PSEUDO_ROWS[:1]:
            density = groups.mixture(pseudo_rows).log_density(x[torch.from_numpy(held_out)])
            tried[components, pseudo_rows] = float(density.mean())
        worse = 0 if max(tried.values()) > before else worse + 1
        if worse == WORSE:
            break
    components, pseudo_rows = max(tried, key=lambda key: tried[key])
    mixture = Groups(x, _groups(seen, components, seed)).mixture(pseudo_rows)
    for (number, _), value in tried.items():
        mixture.held_out[f"local {number}"] = max(value, mixture.held_out.get(f"local {number}", -np.inf))
    return mixture


def _groups(seen: np.ndarray, components: int, seed: int) -> np.ndarray:
    """The group of each row (n,); those of fewer rows than LEAST_ROWS join the nearest of the others."""
    label = clusters(seen, components, seed)
    while True:
        rows = np.bincount(label)
        small = np.flatnonzero(rows < LEAST_ROWS)
        if not len(small) or len(rows) == 1:
            return label
        smallest = int(small[rows[small].argmin()])
        sums = np.zeros((len(rows), seen.shape[1]))
        np.add.at(sums, label, seen)
        centers = sums / rows[:, None]
        distance = ((centers - centers[smallest]) ** 2).sum(1)
        distance[smallest] = np.inf
        label = np.where(label == smallest, int(distance.argmin()), label)
        label = np.unique(label, return_inverse=True)[1].ravel()


class Groups:
    """Rows x (n, width) in groups, label (n,) without gaps: their counts, means and scatters."""

    def __init__(self, x: Tensor, label: np.ndarray) -> None:
        self.n = len(x)
        parts = [x[torch.from_numpy(np.flatnonzero(label == k))] for k in range(int(label.max()) + 1)]
        self.count = torch.tensor([len(part) for part in parts], dtype=torch.float64)
        self.mean = torch.stack([part.mean(0) for part in parts])
        self.scatter = [(part - mean).T @ (part - mean) for part, mean in zip(parts, self.mean, strict=True)]
        whole = torch.stack(self.scatter).sum(0) / self.n
        ridge = RIDGE * torch.eye(x.shape[1], dtype=torch.float64)
        self.pooled = (self.n * whole + DIAGONAL_ROWS * torch.diag(whole.diagonal())) / (self.n + DIAGONAL_ROWS) + ridge

    def mixture(self, pseudo_rows: float) -> LocalNormals:
        """The mixture whose covariances are shrunken by so many pseudo rows for each number."""
        factors, pseudo = [], pseudo_rows * len(self.pooled)
        for count, scatter in zip(self.count, self.scatter, strict=True):
            covariance = (scatter + pseudo * self.pooled) / (count + pseudo)
            factors.append(torch.linalg.cholesky(covariance))
        return LocalNormals(self.count / self.n, self.mean, torch.stack(factors))
