"""Draws from a mixture of normal distributions, under a condition on any columns.

Levels, missing values and one range of numbers are exact: they change the components' weights. With more ranges,
numbers are drawn one after the other along the Cholesky factor, each within its range (Geweke 1991; Hajivassiliou and
McFadden 1998; Keane 1994), and importance weights say with what probability a draw is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from .mixture import AllowedRanks, Drawn, cells_of, within_cells

if TYPE_CHECKING:
    from .normals import NormalMixture

ESTIMATED = 256  # draws of each component that estimate the probability of ranges of numbers


class NormalDraws:
    """See `Draws`.

    intervals: for each column of numbers the scores that are allowed (k, 2), or None. bound: indices of those with
    such scores, order: these first. missing (numbers, components): probability of a missing value.
    """

    def __init__(self, mixture: NormalMixture, allowed: Sequence[AllowedRanks | None]) -> None:
        self.mixture, self.allowed = mixture, list(allowed)
        log_weight = mixture.weight.log()
        self.level_reach: list[Tensor] = []  # of each column of levels: component k's reach from k to k + 1
        for j, share in zip(mixture.layout.levels, mixture.shares, strict=False):
            asked = self.allowed[j]
            part = share if asked is None else share * torch.from_numpy(asked.shares(mixture.edges[j]))[:, None]
            total = part.sum(0).clamp(min=1e-300)
            log_weight = log_weight + (total.log() if asked is not None else 0.0)
            reach = (part / total).cumsum(0).clamp(max=1.0) + torch.arange(mixture.components)
            self.level_reach.append(reach.T.contiguous())
        self.intervals: list[Tensor | None] = []
        self.missing = torch.zeros(mixture.mean.shape[1], mixture.components, dtype=torch.float64)
        for i, j in enumerate(mixture.layout.numbers):
            intervals, log_total, self.missing[i] = self._of_number(i, self.allowed[j])
            log_weight = log_weight + log_total
            self.intervals.append(intervals)
        self.bound = [i for i, part in enumerate(self.intervals) if part is not None]
        rest = [i for i, part in enumerate(self.intervals) if part is None]
        self.order = torch.tensor([*self.bound, *rest], dtype=torch.int64)
        self.factor, self.mean = mixture.factor, mixture.mean[:, self.order]
        if self.bound:
            covariance = (mixture.factor @ mixture.factor.mT)[:, self.order][:, :, self.order]
            self.factor = torch.linalg.cholesky(covariance)
        self.log_inside = self._estimated() if self.bound else torch.zeros_like(log_weight)
        log_weight = log_weight + self.log_inside
        self.log_probability = float(log_weight.logsumexp(0))
        self.component_reach = log_weight.softmax(0).cumsum(0)

    def _of_number(self, i: int, asked: AllowedRanks | None) -> tuple[Tensor | None, Tensor, Tensor]:
        """Allowed scores, log probabilities (components,) of what is asked of gaps, and those of missing values."""
        missing, present = self.mixture.missing_share(i), float(self.mixture.layout.present[i])
        if asked is None:
            return None, torch.zeros_like(missing), missing
        below = asked.intervals[asked.intervals[:, 0] < present]
        scores = self.mixture.score(i, below.clip(max=present) / present)
        with_missing = float(np.diff(asked.measure(np.array([present, 1.0])))[0]) > 0.0
        parts = torch.stack([missing * with_missing, (1.0 - missing) * bool(len(below))])
        total = parts.sum(0).clamp(min=1e-300)
        return torch.from_numpy(scores) if len(below) else None, total.log(), parts[0] / total

    def _estimated(self) -> Tensor:
        """Log probabilities (components,) of the allowed scores, by draws that are the same in every call."""
        generator, result = torch.Generator().manual_seed(0), []
        for k in range(self.mixture.components):
            component = torch.full((ESTIMATED,), k)
            u = torch.rand(ESTIMATED, 2, len(self.order), generator=generator, dtype=torch.float64)
            inside = self._bound_numbers(component, u[:, 0], self._missing(component, u[:, 1]))[1]
            result.append(inside.exp().mean().clamp(min=1e-300).log())
        return torch.stack(result)

    def _missing(self, component: Tensor, u: Tensor) -> Tensor:
        """Mask (n, numbers)."""
        return u < self.missing.T[component]

    def _bound_numbers(self, component: Tensor, u: Tensor, missing: Tensor) -> tuple[Tensor, Tensor]:
        """Standard normal numbers (n, numbers of which scores are asked), and log probabilities of their ranges."""
        e = torch.zeros(len(u), len(self.bound), dtype=torch.float64)
        log_inside = torch.zeros(len(u), dtype=torch.float64)
        for m, i in enumerate(self.bound):
            row = self.factor[component, m, : m + 1]
            center = self.mean[component, m] + (row[:, :m] * e[:, :m]).sum(1)
            intervals = self.intervals[i]
            assert intervals is not None
            e[:, m], inside = truncated((intervals - center[:, None, None]) / row[:, m, None, None], u[:, i])
            free = torch.special.ndtri(u[:, i].clamp(1e-12, 1.0 - 1e-12))
            e[:, m] = torch.where(missing[:, i], free, e[:, m])
            log_inside += torch.where(missing[:, i], 0.0, inside)
        return e, log_inside

    def _scores(self, component: Tensor, u: Tensor, missing: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (n, numbers), and log probabilities (n,) of what was asked of numbers given the component."""
        normal = torch.special.ndtri(u[:, self.order].clamp(1e-12, 1.0 - 1e-12))
        bound, log_inside = self._bound_numbers(component, u, missing)
        normal[:, : len(self.bound)] = bound
        z = torch.empty_like(normal)
        for k in range(self.mixture.components):
            at = torch.nonzero(component == k).flatten()
            z[at] = self.mean[k] + normal[at] @ self.factor[k].T
        scores = torch.empty_like(z)
        scores[:, self.order] = z
        return scores, log_inside

    def at(self, u: Tensor) -> Drawn:
        """See `Draws`: the component; a score or a level of each column; whether it is missing, or the rank within."""
        layout, columns = self.mixture.layout, len(self.allowed)
        component = torch.searchsorted(self.component_reach, u[:, 0].contiguous(), right=True)
        component = component.clamp(max=self.mixture.components - 1)
        first, second = u[:, 1 : 1 + columns], u[:, 1 + columns :]
        missing = self._missing(component, second[:, layout.numbers])
        z, log_inside = self._scores(component, first[:, layout.numbers], missing)
        ranks = np.empty((columns, len(u))).T  # column by column
        cells = torch.empty(columns, len(u), dtype=torch.int64).t()
        for i, j in enumerate(layout.numbers):
            present, asked = float(layout.present[i]), self.allowed[j]
            column = present * self.mixture.share_below(i, z[:, i].numpy()).clip(0.0, 1.0 - 1e-12)
            if self.missing[i].any():
                within = (second[:, j] / self.missing[i][component].clamp(min=1e-300)).numpy()
                inside = (present + within * (1.0 - present)).clip(present, 1.0 - 1e-12)
                column = np.where(missing[:, i].numpy(), inside, column)
            ranks[:, j] = column if asked is None else asked.at(asked.measure(column))
            cells[:, j] = cells_of(ranks[:, [j]], [self.mixture.edges[j]])[:, 0]
        for j, reach in zip(layout.levels, self.level_reach, strict=True):
            levels = reach.shape[1]
            last = reach[:, -1][component] - component  # 1, or less by rounding
            at = component + first[:, j] * (1.0 - 1e-9) * last
            level = torch.searchsorted(reach.flatten(), at, right=True) - component * levels
            cells[:, j] = level.clamp(0, levels - 1)
            ranks[:, j] = within_cells(
                cells[:, j].numpy(), second[:, j].numpy(), self.mixture.edges[j], self.allowed[j]
            )
        return Drawn(ranks, cells, log_inside - self.log_inside[component] if self.bound else None)


def truncated(intervals: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """Standard normal numbers (n,) within intervals (n, k, 2), by uniform numbers u (n,), and their log probability."""
    a, b = intervals.unbind(2)
    upper = a > 0  # the upper tail is mirrored, where the distribution function has digits
    first = torch.special.ndtr(torch.where(upper, -b, a))
    width = (torch.special.ndtr(torch.where(upper, -a, b)) - first).clamp(min=0.0)
    reach = width.cumsum(1)
    total = reach[:, -1]
    share = u * total
    which = (share[:, None] >= reach).sum(1, keepdim=True).clamp(max=a.shape[1] - 1)
    a, b, upper, first, width, reach = (part.gather(1, which)[:, 0] for part in (a, b, upper, first, width, reach))
    below = share - (reach - width)
    x = torch.special.ndtri((first + torch.where(upper, width - below, below)).clamp(1e-300, 1.0 - 1e-16))
    x = torch.where(total > 0, torch.where(upper, -x, x), 0.0)
    return torch.minimum(torch.maximum(x, a), b), total.clamp(min=1e-300).log()
