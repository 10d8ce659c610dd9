"""Draws of what is missing in rows, given what is known of them: a mixture conditioned on each row.

Rows in which the same columns are missing are conditioned together. A completed row is one of a few candidates, chosen
with probability proportional to its odds (sampling/importance resampling, Rubin 1987).

Shapes: cells (n, columns), int64.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from .mixture import cells_of, within_cells
from .table import TablePrior

CANDIDATES = 8  # completions of a row, of which one is chosen
MOST_NUMBERS = 2**24  # cells times components of rows that are conditioned together
IMPOSSIBLE = -1e4  # log odds of 0


def completions(
    prior: TablePrior, cells: Tensor, missing: Tensor, possible: Sequence[Tensor | None], generator: torch.Generator
) -> Tensor:
    """Cells (n, columns) in which those of missing values are drawn given the others.

    missing: bool (n, columns). possible: for each column None or weights in [0, 1] of the cells that may come.
    """
    completed = cells.clone()
    for columns, rows in patterns(missing):
        at_once = MOST_NUMBERS // (prior.mixture.components * sum(prior.sizes[j] for j in columns))
        for part in torch.split(rows, max(1, at_once)):
            posterior = prior.mixture.posterior(cells[part], columns, possible)
            candidates = posterior.draw(CANDIDATES, generator)
            if prior.refinement is not None:
                candidates = _moved(prior, candidates, columns, generator)
            if prior.weighs:
                log_odds = prior.log_odds(candidates.flatten(0, 1)).view(len(part), CANDIDATES)
                odds = log_odds.double().nan_to_num(neginf=IMPOSSIBLE).softmax(1)
                chosen = torch.multinomial(odds, 1, generator=generator)[:, 0]
            else:
                chosen = torch.zeros(len(part), dtype=torch.int64)
            completed[part] = candidates[torch.arange(len(part)), chosen]
    return completed


def _moved(prior: TablePrior, candidates: Tensor, columns: Sequence[int], generator: torch.Generator) -> Tensor:
    """Candidates (n, draws, columns) whose drawn columns the network has moved, from anywhere within their cells."""
    assert prior.refinement is not None
    cells = candidates.flatten(0, 1)
    u = torch.rand(cells.shape, generator=generator, dtype=torch.float64).numpy()
    of_columns = zip(cells.numpy().T, u.T, prior.edges, strict=True)
    ranks = np.stack([within_cells(column, part, edges, None) for column, part, edges in of_columns], 1)
    known = [j for j in range(len(prior.edges)) if j not in columns]
    moved = cells_of(prior.refinement.moved(ranks, known), prior.edges)
    moved[:, known] = cells[:, known]
    return moved.view(candidates.shape)


def patterns(missing: Tensor) -> Iterator[tuple[list[int], Tensor]]:
    """Columns that are missing together, and the indices of these rows; rows in which nothing is missing are left out.

    missing: bool (n, columns).
    """
    unique, which = torch.unique(missing, dim=0, return_inverse=True)
    order = which.argsort(stable=True)
    for pattern, rows in zip(unique, order.split(torch.bincount(which, minlength=len(unique)).tolist()), strict=True):
        if bool(pattern.any()):
            yield pattern.nonzero()[:, 0].tolist(), rows
