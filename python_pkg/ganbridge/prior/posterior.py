"""Draws of what is missing in rows, given what is known of them: a mixture of trees conditioned on each row.

Rows in which the same columns are missing are conditioned together, by message passing (Pearl 1988) over those columns
only: what is known is a look-up for each row. A completed row is one of a few candidates, chosen with probability
proportional to its odds (sampling/importance resampling, Rubin 1987).

Shapes: cells (n, columns), int64; messages of a column (n, cells, components); log weights of components
(n, components).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from .table import TablePrior
from .trees import TreeMixture

CANDIDATES = 8  # completions of a row, of which one is chosen
MOST_NUMBERS = 2**24  # of the messages of rows that are conditioned together
SMALLEST = 1e-30
IMPOSSIBLE = -1e4  # log odds of 0


def completions(
    prior: TablePrior, cells: Tensor, missing: Tensor, possible: Sequence[Tensor | None], generator: torch.Generator
) -> Tensor:
    """Cells (n, columns) in which those of missing values are drawn given the others.

    missing: bool (n, columns). possible: for each column None or weights in [0, 1] of the cells that may come.
    """
    completed = cells.clone()
    for columns, rows in patterns(missing):
        for part in torch.split(rows, _rows_at_once(prior.mixture, columns)):
            candidates = _Posterior(prior.mixture, cells[part], columns, possible).draw(CANDIDATES, generator)
            if prior.weighs:
                log_odds = prior.log_odds(candidates.flatten(0, 1)).view(len(part), CANDIDATES)
                odds = log_odds.double().nan_to_num(neginf=IMPOSSIBLE).softmax(1)
                chosen = torch.multinomial(odds, 1, generator=generator)[:, 0]
            else:
                chosen = torch.zeros(len(part), dtype=torch.int64)
            completed[part] = candidates[torch.arange(len(part)), chosen]
    return completed


def patterns(missing: Tensor) -> Iterator[tuple[list[int], Tensor]]:
    """Columns that are missing together, and the indices of these rows; rows in which nothing is missing are left out.

    missing: bool (n, columns).
    """
    unique, which = torch.unique(missing, dim=0, return_inverse=True)
    order = which.argsort(stable=True)
    for pattern, rows in zip(unique, order.split(torch.bincount(which, minlength=len(unique)).tolist()), strict=True):
        if bool(pattern.any()):
            yield pattern.nonzero()[:, 0].tolist(), rows


def _rows_at_once(mixture: TreeMixture, columns: Sequence[int]) -> int:
    return max(1, MOST_NUMBERS // (mixture.components * sum(mixture.sizes[j] for j in columns)))


class _Posterior:
    """The mixture given the known cells of rows in which the same columns are missing.

    cells (n, columns): those of missing columns are ignored.
    """

    def __init__(
        self, mixture: TreeMixture, cells: Tensor, columns: Sequence[int], possible: Sequence[Tensor | None]
    ) -> None:
        self.mixture, self.cells, self.columns = mixture, cells, set(columns)
        self.possible = [
            torch.ones(size) if allowed is None else allowed.float()
            for size, allowed in zip(mixture.sizes, possible, strict=True)
        ]
        shape = (len(cells), -1, mixture.components)
        self.messages = {j: self.possible[j][None, :, None].expand(*shape) for j in columns}
        self.log_weight = self._of_known()
        for j in reversed(mixture.order):
            self._pass_up(j)

    def _of_known(self) -> Tensor:
        """Log weights of components by those known cells whose parents are known, too."""
        parents = self.mixture.parents
        known = [j for j, p in enumerate(parents) if j not in self.columns and p not in self.columns]
        if not known:
            return self.mixture.log_weight.expand(len(self.cells), -1).clone()
        pairs = self.mixture.pairs(self.cells)[:, known]
        return functional.embedding_bag(pairs, self.mixture.log_table, mode="sum") + self.mixture.log_weight

    def _pass_up(self, j: int) -> None:
        """Column j's message to its parent if any of the two is missing."""
        p = self.mixture.parents[j]
        if j not in self.columns:
            if p in self.columns:
                log_table = self.mixture.of_column(j, self.mixture.log_table)  # (the parent's cells, cells, components)
                self._tell(p, log_table[:, self.cells[:, j]].transpose(0, 1).exp())
            return
        table = self.mixture.of_column(j, self.mixture.log_table).exp()
        if p in self.columns:
            self._tell(p, torch.einsum("pck,nck->npk", table, self.messages[j]))
        else:
            rows = table[self.cells[:, p]] if p >= 0 else table
            self.log_weight += (rows * self.messages[j]).sum(1).clamp(min=SMALLEST).log()

    def _tell(self, p: int, upward: Tensor) -> None:
        """Put a message (n, the parent's cells, components) to the parent's own; its scale goes to the log weights."""
        scale = upward.amax(1, keepdim=True).clamp(min=SMALLEST)
        self.log_weight += scale[:, 0].log()
        self.messages[p] = self.messages[p] * (upward / scale)

    def draw(self, draws: int, generator: torch.Generator) -> Tensor:
        """So many completed rows of cells for each row, (n, draws, columns)."""
        n = len(self.cells)
        cells = self.cells[:, None].repeat(1, draws, 1)
        component = torch.multinomial(self.log_weight.double().softmax(1), draws, replacement=True, generator=generator)
        row = torch.arange(n)[:, None].expand(-1, draws)
        for j in self.mixture.order:
            if j not in self.columns:
                continue
            p = self.mixture.parents[j]
            table = self.mixture.of_column(j, self.mixture.log_table)
            parent = cells[:, :, p] if p >= 0 else torch.zeros_like(component)
            weights = table.exp()[parent, :, component] * self.messages[j][row, :, component]
            weights = weights.double().flatten(0, 1)
            weights += 1e-300 * self.possible[j]  # a row of zeros, by rounding, is one of equal weights
            cells[:, :, j] = torch.multinomial(weights, 1, generator=generator).view(n, draws)
        return cells
