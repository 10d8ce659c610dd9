"""A mixture of trees given the known cells of rows: message passing (Pearl 1988) over the missing columns only.

What is known is a look-up for each row. Shapes: cells (n, columns), int64; messages of a column (n, cells, components);
log weights of components (n, components).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from .trees import TreeMixture

SMALLEST = 1e-30


class TreePosterior:
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
