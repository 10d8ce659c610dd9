"""EM for the mixture of normal distributions: starts, M step with shrinkage, redrawing of ties and missing values."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from ..ranks import here
from .normals import RIDGE, Layout, NormalMixture, Rows, Shrinkage

AUGMENT_STEPS = 20  # of stochastic EM, if scores are redrawn
EM_STEPS = 60
TOLERANCE = 1e-4  # EM ends when the mean log-likelihood gains less
LLOYD_STEPS = 10


def maximize(layout: Layout, rows: Rows, responsibilities: Tensor, shrinkage: Shrinkage) -> NormalMixture:
    """M step with shrinkage (Fraley and Raftery 2007 have the same aim).

    responsibilities (n, components): of the rows of this process's share.
    """
    n, components, ranks = len(rows.z), responsibilities.shape[1], here().for_rows(len(rows.z))
    part = ranks.share(n).slice
    z, codes = rows.z[part], rows.codes[part]
    count, total = ranks.summed([responsibilities.sum(0), responsibilities.T @ z])
    mean = (total + rows.z.mean(0)) / (count[:, None] + 1.0)
    scatter = torch.stack([_scatter(z - mean[k], responsibilities[:, k]) for k in range(components)])
    counts = [
        torch.zeros(size, components, dtype=torch.float64).index_add_(0, codes[:, j], responsibilities)
        for j, size in enumerate(layout.sizes)
    ]
    scatter, *counts = ranks.summed([scatter, *counts])
    pooled, a = scatter.sum(0) / n, shrinkage.diagonal
    pooled = (n * pooled + a * _by_factors(pooled, shrinkage.rank)) / (n + a) + RIDGE * torch.eye(z.shape[1]).double()
    covariance = pooled[None] if components == 1 else _shrunken(scatter, count, pooled, shrinkage)
    factor = torch.linalg.cholesky(covariance + RIDGE * torch.eye(z.shape[1]).double())
    shares = []
    for of_levels in counts:
        share = (of_levels.sum(1, keepdim=True) + 0.5 / len(of_levels)) / (n + 0.5)
        shares.append((of_levels + shrinkage.levels * share) / (of_levels.sum(0) + shrinkage.levels))
    return NormalMixture(layout, (count + 0.5) / (n + 0.5 * components), mean, factor, shares)


def _by_factors(covariance: Tensor, rank: int) -> Tensor:
    """The covariance that so many factors explain, with the same variances (Tipping and Bishop 1999)."""
    variance = covariance.diagonal()
    if rank == 0:
        return torch.diag(variance)
    sd = variance.clamp(min=RIDGE).sqrt()  # a column may be constant in few rows
    values, vectors = torch.linalg.eigh(covariance / (sd[:, None] * sd))
    noise = values[:-rank].mean()
    factors = vectors[:, -rank:] * (values[-rank:] - noise).clamp(min=0.0).sqrt()
    correlation: Tensor = factors @ factors.T
    size = correlation.diagonal().clamp(min=1.0).sqrt()
    correlation = correlation / (size[:, None] * size)
    correlation.diagonal().fill_(1.0)
    return correlation * sd[:, None] * sd


def _scatter(centered: Tensor, weight: Tensor) -> Tensor:
    return (centered.T * weight) @ centered


def _shrunken(scatter: Tensor, count: Tensor, pooled: Tensor, shrinkage: Shrinkage) -> Tensor:
    """Covariances of the components: few rows tell a spread well enough, but not a correlation."""
    pseudo = torch.tensor(shrinkage.pooled * len(pooled), dtype=torch.float64)
    square, variance = scatter.diagonal(dim1=1, dim2=2), pooled.diagonal()
    sd = ((square + shrinkage.spread * variance) / (count[:, None] + shrinkage.spread)).sqrt()
    root = (square + 1e-9 * variance).sqrt()
    of_component = scatter / (root[:, :, None] * root[:, None, :])
    common = pooled / (variance.sqrt()[:, None] * variance.sqrt()[None, :])
    pseudo_rows = torch.minimum(pseudo, _noise_rows(of_component - common, common, count))[:, None, None]
    correlation = (count[:, None, None] * of_component + pseudo_rows * common) / (count[:, None, None] + pseudo_rows)
    correlation.diagonal(dim1=1, dim2=2).fill_(1.0)
    return sd[:, :, None] * correlation * sd[:, None, :]


def _noise_rows(difference: Tensor, common: Tensor, count: Tensor) -> Tensor:
    """Pseudo rows (components,) by which correlations that differ from the pooled ones are best shrunk towards these.

    Of the squared differences, chance explains (1 - r^2)^2 / rows each (Schaefer and Strimmer 2005).
    """
    pairs = max(1, len(common) * (len(common) - 1) // 2)
    square = 0.5 * (difference**2).sum((1, 2))
    noise = 0.5 * ((1.0 - common**2) ** 2).sum() / pairs  # of a pair, for one row
    by_chance = noise * pairs / count.clamp(min=1.0)
    excess = square - by_chance * (1.0 + 2.0 * math.sqrt(2.0 / pairs))
    return torch.where(excess > 0, noise * pairs / excess.clamp(min=1e-12), torch.inf)


def fit_normals(
    layout: Layout, rows: Rows, start: Tensor, shrinkage: Shrinkage, generator: torch.Generator, ties: bool = True
) -> NormalMixture:
    """EM from starting responsibilities (n, components); its stochastic form if scores are redrawn.

    ties: whether tied values are redrawn, and not only missing ones and levels.
    """
    free = rows.free if ties else rows.missing.clone()
    free[:, layout.cut] = True
    redraws = bool(free.any())
    n, ranks = len(rows.z), here().for_rows(len(rows.z))
    part = ranks.share(n).slice
    mixture, before = maximize(layout, rows, start[part], shrinkage), -math.inf
    for _ in range(AUGMENT_STEPS if redraws else EM_STEPS):
        joint = mixture.log_joint(rows.z[part], rows.codes[part])
        log_prob = joint.logsumexp(1, keepdim=True)
        responsibilities = (joint - log_prob).exp()
        if redraws:
            rows = redrawn(mixture, rows, free, ranks.joined(responsibilities, n), generator)
        elif mixture.components == 1:
            break
        mixture = maximize(layout, rows, responsibilities, shrinkage)
        (total,) = ranks.summed([log_prob.sum()])
        mean = (total / n).item()
        if not redraws and abs(mean - before) < TOLERANCE:
            break
        before = mean
    return mixture


def redrawn(
    mixture: NormalMixture, rows: Rows, free: Tensor, responsibilities: Tensor, generator: torch.Generator
) -> Rows:
    """One Gibbs sweep over free scores (n, numbers), each within its interval given the rest of its row."""
    k = torch.multinomial(responsibilities, 1, generator=generator)[:, 0]
    precision, z = torch.cholesky_inverse(mixture.factor), rows.z.clone()
    for j in torch.nonzero(free.any(0)).flatten().tolist():
        at = torch.nonzero(free[:, j]).flatten()
        row = precision[k[at], j]  # (rows, numbers)
        variance = 1.0 / row[:, j]
        mean = z[at, j] - ((z[at] - mixture.mean[k[at]]) * row).sum(1) * variance
        low, high, sd = rows.low[at, j], rows.high[at, j], variance.sqrt()
        first, last = torch.special.ndtr((low - mean) / sd), torch.special.ndtr((high - mean) / sd)
        u = first + torch.rand(len(at), generator=generator, dtype=torch.float64) * (last - first)
        drawn = mean + sd * torch.special.ndtri(u.clamp(1e-12, 1.0 - 1e-12))
        z[at, j] = torch.minimum(torch.maximum(drawn, low), high)
    return Rows(z, rows.codes, rows.low, rows.high, rows.missing)


def start_from_rows(layout: Layout, rows: Rows, components: int, generator: torch.Generator) -> Tensor:
    """Responsibilities (n, components) by k-means++ (Arthur and Vassilvitskii 2007) and Lloyd's steps."""
    z = rows.z
    if not layout.numbers:
        z = torch.cat([one_hot(rows.codes[:, j], size) for j, size in enumerate(layout.sizes)], 1).double()
    centers = [z[int(torch.randint(len(z), (1,), generator=generator))]]
    for _ in range(components - 1):
        distance = torch.stack([((z - center) ** 2).sum(1) for center in centers]).amin(0)
        centers.append(z[int(torch.multinomial(distance + 1e-12, 1, generator=generator))])
    center, nearest = torch.stack(centers), torch.zeros(len(z), dtype=torch.int64)
    for _ in range(LLOYD_STEPS if components > 1 else 0):
        nearest = torch.cdist(z, center).argmin(1)
        for k in range(components):
            if (nearest == k).any():
                center[k] = z[nearest == k].mean(0)
    return softened(nearest, components)


def softened(labels: Tensor, components: int) -> Tensor:
    """Responsibilities (n, components) that leave a tenth to the other components."""
    return one_hot(labels, components).double() * 0.9 + 0.1 / components
