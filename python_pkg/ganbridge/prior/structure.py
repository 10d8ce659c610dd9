"""Dependence trees: which column each one depends on (Chow and Liu 1968), given a component (Friedman et al. 1997)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

MOST_CELLS = 2**24  # of one table of counts; pairs of columns with more are not joined


def dependence_tree(cells: Tensor, sizes: Sequence[int], component: Tensor, components: int) -> list[int]:
    """Parents (-1 for roots) of the maximum spanning tree of the mutual information given the component (n,).

    What chance gains on average, half of a nat for each free parameter, is taken off: a column for which nothing is
    left becomes a root.
    """
    n, columns = cells.shape
    gain = torch.zeros(columns, columns, dtype=torch.float64)
    for a in range(columns):
        first = component * sizes[a] + cells[:, a]
        for b in range(a):
            if components * sizes[a] * sizes[b] > MOST_CELLS:
                continue
            counts = torch.bincount(first * sizes[b] + cells[:, b], minlength=components * sizes[a] * sizes[b])
            counts = counts.view(components, sizes[a], sizes[b])
            gain[a, b] = gain[b, a] = _information(counts.double()) / n
    return _spanning_tree(gain)


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
