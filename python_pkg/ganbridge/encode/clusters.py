"""Groups of alike rows: k-means (Lloyd 1982) from rows far apart (k-means++, Arthur and Vassilvitskii 2007)."""

from __future__ import annotations

import numpy as np

ROUNDS = 15


def clusters(rows: np.ndarray, count: int, seed: int) -> np.ndarray:
    """The group of each row (n,), counted from 0 and without gaps; rows (n, p)."""
    import torch

    rng, x = np.random.default_rng(seed), torch.from_numpy(np.ascontiguousarray(rows, dtype=np.float64))
    chosen = [int(rng.integers(len(x)))]
    distance = ((x - x[chosen[0]]) ** 2).sum(1)
    for _ in range(count - 1):
        reach = distance.cumsum(0)
        if not reach[-1] > 0.0:
            break
        chosen.append(int(torch.searchsorted(reach, float(reach[-1]) * rng.random(), right=True).clamp(max=len(x) - 1)))
        distance = torch.minimum(distance, ((x - x[chosen[-1]]) ** 2).sum(1))
    centers = x[torch.tensor(chosen)]
    label = torch.zeros(len(x), dtype=torch.int64)
    for _ in range(ROUNDS):
        before, label = label, ((centers**2).sum(1) - 2.0 * x @ centers.T).argmin(1)
        total = torch.bincount(label, minlength=len(centers))[:, None]
        sums = torch.zeros_like(centers).index_add_(0, label, x)
        centers = torch.where(total > 0, sums / total.clamp(min=1), centers)
        if torch.equal(before, label):
            break
    return np.unique(label.numpy(), return_inverse=True)[1].ravel()
