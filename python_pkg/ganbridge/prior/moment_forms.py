"""The log odds of moments as quadratic forms of scores, for many rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

if TYPE_CHECKING:
    from .moments import LevelMoments

MOST_PRODUCTS = 12  # products of two columns of numbers are features up to so many columns of numbers
CLIP = 3.5  # largest size of a normal score, also within a level


class MomentForms:
    """The same log odds for many rows at once.

    Given its levels, a row's log odds are a quadratic form in its scores: the sum of the forms of its levels, one
    look-up for all of them. Rows with a score that is clipped within a level are evaluated one level after the other.
    """

    def __init__(self, moments: LevelMoments) -> None:
        self.moments, self.levels = moments, list(moments.weights)
        sizes = [len(moments.weights[j]) for j in self.levels]
        self.starts = torch.tensor([0, *sizes]).cumsum(0)[:-1]
        self.numbers = sorted({number for _, number in moments.ranges})
        self.products = 1 < len(moments.scores) <= MOST_PRODUCTS
        self.forms = torch.cat([self._form(j) for j in self.levels])
        scales = torch.cat([moments.scales[j] for j in self.levels], 1)
        reach = CLIP * scales[1]
        ends = [torch.cat([self._range(j, end) for j in self.levels]).float() for end in (0, 1)]
        self.bounds = torch.cat([scales[0] - reach, -scales[0] - reach, ends[0], -ends[1]], 1)

    def _range(self, level: int, end: int) -> Tensor:
        """First (0) or last (1) cells that each level may have (levels, numbers)."""
        free = torch.full((len(self.moments.weights[level]),), (-1, 1 << 20)[end])
        parts = [self.moments.ranges.get((level, number)) for number in self.numbers]
        return (
            torch.stack([free if part is None else part[end] for part in parts], 1) if parts else free[:, None][:, :0]
        )

    def _form(self, j: int) -> Tensor:
        """Coefficients of 1, scores and their products (or squares) that are not clipped, (levels, coefficients)."""
        moments = self.moments
        weights, (mean, sd) = moments.weights[j].double(), moments.scales[j].double()
        p = mean.shape[1]
        square, at = weights[:, p : 2 * p], -mean / sd  # the scaled score of a score of 0
        constant = ((square * at + weights[:, :p]) * at - square).sum(1, keepdim=True)
        linear = (weights[:, :p] + 2.0 * square * at) / sd
        square = square / sd**2
        if self.products:
            a, b = torch.triu_indices(p, p, 1)
            product = torch.zeros(len(mean), p, p, dtype=torch.float64)
            product[:, a, b] = weights[:, 2 * p :]
            turned = ((product + product.mT) @ at[:, :, None])[:, :, 0]
            constant = constant + 0.5 * (turned * at).sum(1, keepdim=True)
            linear = linear + turned / sd
            product = product / (sd[:, :, None] * sd[:, None, :]) + torch.diag_embed(square)
            square = product.flatten(1)
        return torch.cat([constant, linear, square], 1).float()

    def _bounds(self, at: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Least and largest scores that are not clipped, first and last cells that may be."""
        bounds, p, q = embedding_bag(at, self.bounds, mode="max"), len(self.moments.scores), len(self.numbers)
        low, high, first, last = torch.split(bounds, [p, p, q, q], 1)
        return low, -high, first, -last

    def _outside(self, cells: Tensor, first: Tensor, last: Tensor) -> Tensor:
        values = cells[:, self.numbers]
        return ((values < first) | (values > last)).any(1)

    def _of_levels(self, cells: Tensor) -> Tensor:
        return cells[:, self.levels] + self.starts

    def outside(self, cells: Tensor) -> Tensor:
        """See `LevelMoments`."""
        return self._outside(cells, *self._bounds(self._of_levels(cells))[2:])

    def logit(self, cells: Tensor) -> Tensor:
        """See `LevelMoments`."""
        at = self._of_levels(cells)
        z = self.moments.scores_of(cells)
        form, p = embedding_bag(at, self.forms, mode="sum"), z.shape[1]
        products = (z[:, :, None] * z[:, None, :]).flatten(1) if self.products else z * z
        total = form[:, 0] + (form[:, 1 : 1 + p] * z).sum(1) + (form[:, 1 + p :] * products).sum(1)
        low, high, first, last = self._bounds(at)
        outside = self._outside(cells, first, last)
        clipped = (((z < low) | (z > high)).any(1) & ~outside).nonzero()[:, 0]
        if len(clipped):
            total[clipped] = self.moments.exact(cells[clipped])
        return total.masked_fill(outside, -torch.inf)
