"""How well draws are told from rows that no fit has seen: the area under the curve, with its sampling error.

A copy of the training rows gains nothing by it. 0.5: not at all, 1: always. Errors: DeLong et al. 1988.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..encode.marginal import Cells
from ..prior.odds import Booster

TREES = 60  # however many few rows would ask for: ranks need no odds that are right


@dataclass(frozen=True, eq=False)
class Told:
    """of_rows (n,): for each row the share of draws below it; of_draws (m,): for each draw the share of rows above."""

    of_rows: Tensor
    of_draws: Tensor

    @classmethod
    def by(cls, rows: Tensor, draws: Tensor) -> Told:
        """By the log odds of rows (n,) and of draws (m,)."""
        return cls(_share_below(draws, rows), 1.0 - _share_below(rows, draws))

    @property
    def area(self) -> float:
        """The area under the curve."""
        return float(self.of_rows.mean())

    @property
    def error(self) -> float:
        """Its standard error."""
        return _error(self.of_rows, self.of_draws)

    def error_of_difference(self, other: Told) -> float:
        """The standard error of the difference from the area of the same rows and of as many draws, one for one."""
        return _error(self.of_rows - other.of_rows, self.of_draws - other.of_draws)


def _share_below(values: Tensor, at: Tensor) -> Tensor:
    """The share of values (m,) below each of others (n,); equal ones count half."""
    values = values.sort().values
    below, upto = (torch.searchsorted(values, at.contiguous(), right=right) for right in (False, True))
    return (below + upto).double() / (2.0 * len(values))


def _error(*parts: Tensor) -> float:
    return math.sqrt(sum(float(part.var()) / len(part) for part in parts))


def told_by_trees(rows: Tensor, draws: Tensor, columns: Sequence[Cells], seed: int) -> Told:
    """By boosted trees on cells of rows (n, columns) and of draws (m, columns).

    Trees of the even ones tell the odd ones apart, and the other way round.
    """
    sizes, ordered = [column.count for column in columns], [column.ordered for column in columns]
    halves = []
    for fit, test in ((0, 1), (1, 0)):
        real, drawn = rows[fit::2], draws[fit::2]
        even, weights = torch.zeros(len(real) + len(drawn)), torch.ones(len(drawn))
        generator = torch.Generator().manual_seed(seed)
        booster = Booster(sizes, ordered)
        trees = booster.fit(real, drawn, weights, even, generator, count=TREES)
        if booster.interrupted:
            raise KeyboardInterrupt
        halves.append(Told.by(trees.logit(rows[test::2]), trees.logit(draws[test::2])))
    return Told(torch.cat([half.of_rows for half in halves]), torch.cat([half.of_draws for half in halves]))
