"""Log densities of held-out rows under a mixture that few rows were fitted to.

A normal distribution whose covariance was estimated from few rows predicts as a Student t distribution does (Geisser
1964): with its heavier tails no single row decides which of several mixtures is chosen. The probability that a normal
number lies between the cuts of its level is exact for one such column, and simulated for more (Geweke 1991;
Hajivassiliou and McFadden 1998; Keane 1994).
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from .normals import KNOTS, NormalMixture

LEAST_DEGREES = 3.0  # of freedom of a component's t distribution
COARSE = KNOTS[::8]  # scores between which its marginals are linear
DRAWS = 16  # by which probabilities of several levels are estimated
SMALLEST = 1e-300


def predictive(mixture: NormalMixture, ranks: np.ndarray, rows: int) -> np.ndarray:
    """Log density of rows of ranks (n, columns) with respect to independent columns with the same marginals, (n,).

    rows: to which the mixture was fitted.
    """
    layout = mixture.layout
    missing, codes = torch.from_numpy(layout.missing(ranks)), layout.codes(ranks)
    degrees = (rows * mixture.weight).clamp(min=LEAST_DEGREES)
    z, density = _marginals(mixture, degrees, ranks, missing)
    for c, j in enumerate(layout.levels):
        density = density - torch.from_numpy(np.log(np.diff(layout.edges[j])))[codes[:, c]]
    low, high, width = _cuts(mixture, ranks)
    joint = mixture.weight.log().expand(len(ranks), -1).clone()
    for j, share in enumerate(mixture.shares):
        joint += share.log()[codes[:, j]]
    covariance = mixture.factor @ mixture.factor.mT
    number = torch.ones(len(layout.numbers), dtype=torch.bool)
    number[layout.cut] = False
    if not layout.numbers:
        return np.asarray((joint.logsumexp(1) + density).numpy())
    patterns, which = torch.unique(missing, dim=0, return_inverse=True)
    for i, pattern in enumerate(patterns):
        at = torch.nonzero(which == i)[:, 0]
        order = torch.cat([torch.nonzero(number & ~pattern)[:, 0], torch.tensor(layout.cut, dtype=torch.int64)])
        seen = len(order) - len(layout.cut)
        for k in range(mixture.components):
            factor = torch.linalg.cholesky(covariance[k][order][:, order])
            joint[at, k] += _of_component(
                factor, z[at][:, order[:seen]], mixture.mean[k][order], degrees[k], low[at], high[at]
            )
    return np.asarray((joint.logsumexp(1) + density - width).numpy())


def _of_component(factor: Tensor, z: Tensor, mean: Tensor, degrees: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Log densities (n,) of scores z (n, seen), and of numbers after them that lie from low to high (n, cuts)."""
    seen, inner = z.shape[1], factor[: z.shape[1], : z.shape[1]]
    e = torch.linalg.solve_triangular(inner, (z - mean[:seen]).T, upper=False).T
    square = (e**2).sum(1)
    log_density = _log_t(square, degrees, seen) - inner.diagonal().log().sum()
    if low.shape[1] == 0:
        return log_density
    wider = ((degrees + square) / (degrees + seen)).sqrt()[:, None]
    draws = DRAWS if low.shape[1] > 1 else 1
    u = (torch.arange(draws, dtype=torch.float64) + 0.5) / draws
    e = e[:, None].expand(-1, draws, -1)
    log_inside = torch.zeros(len(z), draws, dtype=torch.float64)
    for c in range(low.shape[1]):
        row = factor[seen + c]
        center, sd = mean[seen + c] + e @ row[: seen + c], row[seen + c] * wider
        first, last = (torch.special.ndtr((end[:, c, None] - center) / sd) for end in (low, high))
        inside = (last - first).clamp(min=SMALLEST)
        log_inside = log_inside + inside.log()
        shuffled = u[torch.arange(draws) * (2 * c + 1) % draws]  # in another order for each column
        drawn = torch.special.ndtri((first + shuffled * inside).clamp(1e-12, 1.0 - 1e-12)) * wider
        e = torch.cat([e, drawn[:, :, None]], 2)
    return log_density + log_inside.logsumexp(1) - math.log(draws)


def _log_t(square: Tensor, degrees: Tensor, width: int) -> Tensor:
    """Log density of a t distribution of so many numbers, without its determinant, at squared distances."""
    half = (degrees + width) / 2.0
    constant = torch.lgamma(half) - torch.lgamma(degrees / 2.0) - 0.5 * width * (degrees * math.pi).log()
    return constant - half * torch.log1p(square / degrees)


def _marginals(mixture: NormalMixture, degrees: Tensor, ranks: np.ndarray, missing: Tensor) -> tuple[Tensor, Tensor]:
    """Scores (n, numbers) of ranks under the marginals of the t distributions, and minus their log densities (n,)."""
    layout = mixture.layout
    z, total = torch.zeros(len(ranks), len(layout.numbers), dtype=torch.float64), torch.zeros(len(ranks)).double()
    for i, (j, share) in enumerate(zip(layout.numbers, layout.present.tolist(), strict=True)):
        if i in layout.cut:
            continue
        mean, sd = mixture.mean[:, i], mixture.sd[:, i]
        parts = _log_t(((COARSE[:, None] - mean) / sd) ** 2, degrees, 1) - sd.log()
        log_density = (parts + mixture.present_weight(i).log()).logsumexp(1)
        density = log_density.exp()
        below = torch.cat([torch.zeros(1).double(), (0.5 * (density[1:] + density[:-1])).cumsum(0)])
        shares = (below / below[-1]).numpy()
        z[:, i] = torch.from_numpy(np.interp(ranks[:, j] / share, shares, COARSE.numpy()))
        own = torch.from_numpy(np.interp(z[:, i].numpy(), COARSE.numpy(), log_density.numpy()))
        total -= torch.where(missing[:, i], math.log(max(1.0 - share, SMALLEST)), own + math.log(share))
    return z, total


def _cuts(mixture: NormalMixture, ranks: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
    """Scores (n, cuts) between which levels lie, and the logarithm (n,) of the shares of rows' levels."""
    layout, n = mixture.layout, len(ranks)
    low, high = np.zeros((n, len(layout.cut))), np.zeros((n, len(layout.cut)))
    width = np.zeros(n)
    for c, i in enumerate(layout.cut):
        edges = layout.edges[layout.numbers[i]]
        cell = (np.searchsorted(edges, ranks[:, layout.numbers[i]], "right") - 1).clip(0, len(edges) - 2)
        low[:, c], high[:, c] = mixture.score(i, edges[cell]), mixture.score(i, edges[cell + 1])
        width += np.log(edges[cell + 1] - edges[cell])
    return torch.from_numpy(low), torch.from_numpy(high), torch.from_numpy(width)
