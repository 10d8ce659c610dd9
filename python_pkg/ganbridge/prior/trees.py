"""A mixture of dependence trees over cells, fitted by EM (Meila and Jordan 2000).

p(x) = sum_k w_k prod_j p_k(x_j | x_parent(j)). The tree is shared by all components. All of it is look-ups in one table
with a row for each pair of a parent's and a child's cell and a column for each component, so that an EM step is one
`embedding_bag` and one `index_add_` per column. Weights on the cells of any columns condition it exactly, by message
passing (Pearl 1988).

Shapes: cells (n, columns), int64; responsibilities (n, components); weights of cells: for each column None or (cells,).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from ..ranks import here
from .structure import dependence_tree, parents_first

COMPONENT_ROWS = 5.0  # pseudo rows with which a component's marginal is shrunk towards that of all rows
POOLED_ROWS = 2.0  # pseudo rows with which p(x_j | parent) is shrunk towards p(x_j)
TOLERANCE = 1e-3  # EM ends when the mean log-likelihood gains less,
MOST_STEPS = 40  # or after so many steps
AGREEMENT = 1.5  # weight of each cell that a row shares with a component's first row, at the start of EM


class TreeMixture:
    """A mixture of trees.

    sizes: cells of each column. parents: of each column, -1 for a root. log_table (pairs, components): the log
    probabilities of cells given the parent's cell. log_weight (components,). pair_rows: pseudo rows with which
    p_k(x_j | parent) is shrunk towards p(x_j | parent).
    """

    def __init__(self, sizes: Sequence[int], parents: Sequence[int], components: int, pair_rows: float) -> None:
        self.sizes, self.parents = list(sizes), list(parents)
        self.components, self.pair_rows = components, pair_rows
        widths = [n * (self.sizes[p] if p >= 0 else 1) for n, p in zip(self.sizes, self.parents, strict=True)]
        self.starts = [0, *torch.tensor(widths).cumsum(0).tolist()]
        self.log_table = torch.zeros(self.starts[-1], components)
        self.log_weight = torch.zeros(components)
        self.order = parents_first(self.parents)

    def pairs(self, cells: Tensor) -> Tensor:
        """Rows of the table (n, columns) that belong to cells (n, columns)."""
        rows = torch.empty_like(cells)
        for j, p in enumerate(self.parents):
            rows[:, j] = self.starts[j] + cells[:, j] + (cells[:, p] * self.sizes[j] if p >= 0 else 0)
        return rows

    def of_column(self, j: int, table: Tensor) -> Tensor:
        """Column j's part of a table (pairs, components): (the parent's cells or 1, cells, components)."""
        return table[self.starts[j] : self.starts[j + 1]].view(-1, self.sizes[j], table.shape[1])

    def log_joint(self, pairs: Tensor) -> Tensor:
        """log w_k p_k(x), (n, components)."""
        return functional.embedding_bag(pairs, self.log_table, mode="sum") + self.log_weight

    def log_prob(self, cells: Tensor) -> Tensor:
        """log p(x), (n,)."""
        return self.log_joint(self.pairs(cells)).logsumexp(1)

    # --- EM -----------------------------------------------------------------------------------------------------------

    def fit(self, cells: Tensor, responsibilities: Tensor) -> Tensor:
        """EM from responsibilities to start with; returns the last ones.

        Each process has the E step of its share of the rows, and all of them the sums.
        """
        n, ranks = len(cells), here().for_rows(len(cells))
        part = ranks.share(n).slice
        pairs, before, responsibilities = self.pairs(cells[part]), -torch.inf, responsibilities[part]
        for _ in range(MOST_STEPS):
            self.maximize(*ranks.summed([self.counts(pairs, responsibilities), responsibilities.sum(0)]))
            joint = self.log_joint(pairs)
            log_prob = joint.logsumexp(1, keepdim=True)
            responsibilities = (joint - log_prob).exp()
            (total,) = ranks.summed([log_prob.sum()])
            mean = (total / n).item()
            if mean - before < TOLERANCE:
                break
            before = mean
        return ranks.joined(responsibilities, n)

    def counts(self, pairs: Tensor, responsibilities: Tensor) -> Tensor:
        """Expected counts (pairs, components): the E step's sums."""
        counts = torch.zeros(self.starts[-1], self.components)
        for j in range(pairs.shape[1]):
            counts.index_add_(0, pairs[:, j], responsibilities)
        return counts

    def maximize(self, counts: Tensor, rows: Tensor) -> None:
        """M step from counts (pairs, components) and the rows of each component (components,).

        Probabilities are shrunk level by level: those of a component towards those of all, and these towards the
        column's marginal.
        """
        self.log_weight = ((rows + 1.0) / (rows.sum() + self.components)).log()
        log_table = torch.empty_like(counts)
        for j, p in enumerate(self.parents):
            of_components = self.of_column(j, counts)
            pooled = of_components.sum(2, keepdim=True)
            marginal = pooled.sum(0, keepdim=True) + 0.5 / self.sizes[j]
            marginal = marginal / marginal.sum(1, keepdim=True)
            if p < 0:
                shrunk = of_components + COMPONENT_ROWS * marginal
            else:
                pooled = pooled + POOLED_ROWS * marginal
                shrunk = of_components + self.pair_rows * pooled / pooled.sum(1, keepdim=True)
            part = (shrunk / shrunk.sum(1, keepdim=True)).log()
            log_table[self.starts[j] : self.starts[j + 1]] = part.view(-1, self.components)
        self.log_table = log_table

    def refit(self, cells: Tensor, rows_at_once: int) -> None:
        """One more M step over all rows, a part at a time."""
        counts, rows = torch.zeros_like(self.log_table), torch.zeros(self.components)
        for part in torch.split(cells[here().share(len(cells)).slice], rows_at_once):
            pairs = self.pairs(part)
            responsibilities = self.log_joint(pairs).softmax(1)
            counts += self.counts(pairs, responsibilities)
            rows += responsibilities.sum(0)
        self.maximize(*here().summed([counts, rows]))

    # --- conditions ---------------------------------------------------------------------------------------------------

    def condition(self, weights: Sequence[Tensor | None]) -> tuple[Tensor, list[Tensor]]:
        """Log weights of the components (components,), and messages (cells, components) of each column.

        weights: for each column None or weights in [0, 1] of its cells: 0 for cells that must not come, a share for
        cells of which a part may. The log weights sum (by logsumexp) to the log probability of the condition.
        """
        messages = [
            torch.ones(n, self.components) if w is None else w.float()[:, None].repeat(1, self.components)
            for n, w in zip(self.sizes, weights, strict=True)
        ]
        log_weight = self.log_weight.clone()
        for j in reversed(self.order):
            upward = (self.of_column(j, self.log_table).exp() * messages[j]).sum(1)  # (the parent's cells, components)
            scale = upward.amax(0).clamp(min=1e-30)
            log_weight += scale.log()
            if self.parents[j] >= 0:
                messages[self.parents[j]] *= upward / scale
            else:
                log_weight += (upward[0] / scale).log()
        return log_weight, messages


class TreeSampler:
    """Draws from a mixture under a condition; made once for many draws."""

    def __init__(self, mixture: TreeMixture, weights: Sequence[Tensor | None]) -> None:
        self.mixture = mixture
        log_weight, messages = mixture.condition(weights)
        self.log_probability = float(log_weight.logsumexp(0))
        self.component_reach = log_weight.double().softmax(0).cumsum(0)
        self.reach = []  # of each column: row r of its table reaches from r to r + 1
        for j, size in enumerate(mixture.sizes):
            table = (mixture.of_column(j, mixture.log_table).exp() * messages[j]).transpose(1, 2).double()
            table = table.reshape(-1, size)
            reach = (table / table.sum(1, keepdim=True).clamp(min=1e-300)).cumsum(1).clamp(max=1.0)
            self.reach.append((reach + torch.arange(len(reach))[:, None]).flatten())

    def cells(self, u: Tensor) -> Tensor:
        """Cells (n, columns) from uniform numbers u (n, 1 + columns): of the component, then of each column."""
        mixture = self.mixture
        u = u * (1.0 - 1e-9)
        component = torch.searchsorted(self.component_reach, u[:, 0].contiguous(), right=True)
        component = component.clamp(max=mixture.components - 1)
        cells = torch.zeros(len(mixture.sizes), len(u), dtype=torch.int64).t()  # column by column
        for j in mixture.order:
            p, size = mixture.parents[j], mixture.sizes[j]
            row = component if p < 0 else cells[:, p] * mixture.components + component
            last = self.reach[j][row * size + size - 1] - row  # 1, or less by rounding
            drawn = torch.searchsorted(self.reach[j], row + u[:, 1 + j] * last, right=True) - row * size
            cells[:, j] = drawn.clamp(0, size - 1)
        return cells


def fit_trees(
    cells: Tensor, sizes: Sequence[int], components: int, pair_rows: float, generator: torch.Generator
) -> TreeMixture:
    """A mixture of so many trees: products from random rows, a tree given their components, and EM from there."""
    responsibilities = torch.ones(len(cells), 1)
    if components > 1:
        first = cells[torch.randperm(len(cells), generator=generator)[:components]]
        agreeing = torch.zeros(len(cells), components)
        for j in range(cells.shape[1]):
            agreeing += cells[:, j, None] == first[None, :, j]
        products = TreeMixture(sizes, [-1] * len(sizes), components, pair_rows)
        responsibilities = products.fit(cells, (AGREEMENT * agreeing).softmax(1))
    parents = dependence_tree(cells, sizes, responsibilities.argmax(1), components)
    mixture = TreeMixture(sizes, parents, components, pair_rows)
    mixture.fit(cells, responsibilities)
    return mixture
