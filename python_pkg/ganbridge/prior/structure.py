"""Dependence trees: which column each one depends on (Chow and Liu 1968), given a component (Friedman et al. 1997)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

MOST_CELLS = 2**24  # of one table of counts; pairs of columns with more are not joined
MANY_COLUMNS = 40  # from which on only the likeliest pairs are counted:
PARTNERS = 8  # so many of each column,
COARSE = 8  # by tables of so few cells,
COARSE_ROWS = 20_000  # of so many rows


def dependence_tree(cells: Tensor, sizes: Sequence[int], component: Tensor, components: int) -> list[int]:
    """Parents (-1 for roots) of the maximum spanning tree of the mutual information given the component (n,).

    What chance gains on average, half of a nat for each free parameter, is taken off: a column for which nothing is
    left becomes a root.
    """
    n, columns = cells.shape
    gain = torch.zeros(columns, columns, dtype=torch.float64)
    likely = _likely(cells[:COARSE_ROWS], sizes) if columns >= MANY_COLUMNS else torch.ones_like(gain) > 0
    for a in range(columns):
        first = component * sizes[a] + cells[:, a]
        for b in torch.nonzero(likely[a, :a]).flatten().tolist():
            if components * sizes[a] * sizes[b] > MOST_CELLS:
                continue
            counts = torch.bincount(first * sizes[b] + cells[:, b], minlength=components * sizes[a] * sizes[b])
            counts = counts.view(components, sizes[a], sizes[b])
            gain[a, b] = gain[b, a] = _information(counts.double()) / n
    return _spanning_tree(gain)


def _likely(cells: Tensor, sizes: Sequence[int]) -> Tensor:
    """Pairs of columns that share the most information in tables of few cells, bool (columns, columns).

    All tables come of one product of matrices; cells are put together by their order, with equal counts.
    """
    n, columns = cells.shape
    coarse = torch.zeros(n, columns, COARSE)
    for j, size in enumerate(sizes):
        counts = torch.bincount(cells[:, j], minlength=size).double()
        middle = (counts.cumsum(0) - 0.5 * counts) / n
        group = (middle * COARSE).long().clamp(max=COARSE - 1) if size > COARSE else torch.arange(size)
        coarse[torch.arange(n), j, group[cells[:, j]]] = 1.0
    flat = coarse.flatten(1)
    information = torch.empty(columns, columns)
    total = flat.mean(0).view(columns, COARSE)
    own = torch.special.entr(total).sum(1)
    for j in range(columns):  # a row of tables at a time: all of them take much memory
        shares = (coarse[:, j].T @ flat).view(COARSE, columns, COARSE) / n
        information[j] = own[j] + own - torch.special.entr(shares).sum((0, 2))
    information.fill_diagonal_(-torch.inf)
    likely = torch.zeros(columns, columns, dtype=torch.bool)
    likely.scatter_(1, information.topk(min(PARTNERS, columns - 1), dim=1).indices, True)
    return likely | likely.T


def _information(counts: Tensor) -> float:
    """Log-likelihood that dependence gains over independence, less what chance gains; counts (components, a, b)."""
    rows, columns = counts.sum(2), counts.sum(1)
    total = rows.sum(1)
    parts = [torch.special.xlogy(part, part).sum() for part in (counts, rows, columns, total)]
    free = ((rows > 0).sum(1) - 1).clamp(min=0) * ((columns > 0).sum(1) - 1).clamp(min=0)
    return float(parts[0] - parts[1] - parts[2] + parts[3] - 0.5 * free.sum())


def _spanning_tree(gain: Tensor) -> list[int]:
    """Parents by Prim's algorithm; edges without a gain are left out."""
    columns = len(gain)
    parents, inside = [-1] * columns, torch.zeros(columns, dtype=torch.bool)
    best, source = gain[0].clone(), torch.zeros(columns, dtype=torch.int64)
    inside[0] = True
    for _ in range(columns - 1):
        j = int(best.masked_fill(inside, -torch.inf).argmax())
        parents[j] = int(source[j]) if best[j] > 0 else -1
        inside[j] = True
        closer = (gain[j] > best) & ~inside
        best, source = torch.where(closer, gain[j], best), torch.where(closer, j, source)
    return parents


def parents_first(parents: Sequence[int]) -> list[int]:
    """Columns in an order in which each comes after its parent. Raises ValueError if there is none."""
    depth = [0] * len(parents)
    for j in range(len(parents)):
        above, steps = parents[j], 0
        while above >= 0:
            above, steps = parents[above], steps + 1
            if steps > len(parents):
                raise ValueError("its columns depend on each other in a circle")
        depth[j] = steps
    return sorted(range(len(parents)), key=lambda j: (depth[j], j))
