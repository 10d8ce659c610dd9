"""The fit of a table's prior: the mixture by held-out likelihood, then the discriminator against its draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from ..encode.allowed import Allowed
from ..encode.marginal import Cells
from ..ranks import here
from .choice import MOST_ROWS, RankRows, Reach, Tell, choose
from .mixture import AllowedRanks, cells_of
from .moment_fit import MomentFit
from .moments import LevelMoments
from .odds import Booster
from .table import TablePrior, capped

MOMENT_ROWS = 100  # from which on the discriminator has its log-linear part,
DISCRIMINATOR_ROWS = 500  # and trees,
ROWS_PER_COLUMN = 4  # if there are also so many for each column
GENERATED = 3  # generated rows for each real one that the discriminator is fitted to
ENRICHED = 500  # generated rows for each rare level,
MOST_STRATA = 50  # of so many levels at most,
MANY_COLUMNS = 40  # of a table without more columns, which have too many such levels
CAP_ROWS = 20_000  # generated rows that show at which odds these are capped

Refine = Callable[[TablePrior, np.ndarray], None]  # gives a prior a network on its draws, if ranks (n, columns) ask
Progress = Callable[[TablePrior, float], bool]  # after each tree, with its held-out loss; whether to go on


def fit_prior(
    ranks: np.ndarray,
    reach: Reach,
    columns: Sequence[Cells],
    generator: torch.Generator,
    progress: Progress | None = None,
    choosing: Tell | None = None,
    refine: Refine | None = None,
) -> TablePrior:
    """The prior of rows of ranks (n, columns), and its discriminator.

    choosing: called with how many mixtures were tried, and of about how many. refine: called before the discriminator
    is fitted.

    reach: the first and the last rank, each (k, columns), of the values of rows with indices (k,).
    """
    order = torch.randperm(len(ranks), generator=generator).numpy()
    rows = RankRows(ranks[order], order, reach)
    mixture, held_out = choose(rows, columns, generator, choosing)
    sizes = [column.count for column in columns]
    prior = TablePrior(mixture, Booster(sizes, [column.ordered for column in columns]).none())
    prior.held_out = held_out
    if refine is not None:
        refine(prior, rows.ranks)
    if len(rows) >= max(MOMENT_ROWS, ROWS_PER_COLUMN * len(columns)):
        _fit_odds(prior, cells_of(rows.ranks, prior.edges), columns, generator, progress)
    return prior


def _fit_odds(
    prior: TablePrior, cells: Tensor, columns: Sequence[Cells], generator: torch.Generator, progress: Progress | None
) -> None:
    """Fit the discriminator against draws of the prior: moments within levels first, then trees."""
    real = cells[:MOST_ROWS]
    generated, weights = _draws(prior, real, columns, generator)
    prior.moments = LevelMoments.of_columns(real, columns)
    if prior.moments is not None:
        values = {
            j: torch.from_numpy(column.values)
            for j, column in enumerate(columns)
            if column.values is not None and not np.isnan(column.values).any()
        }
        prior.moments.fit_ranges(cells, values, prior.sizes)
        MomentFit(prior.moments, real, generated, weights).fit(generator)
        inside = ~prior.moments.outside(generated)
        generated, weights = generated[inside], weights[inside] / weights[inside].mean()

    def after_tree(_: int, loss: float) -> bool:
        return progress is None or progress(prior, loss)

    if len(cells) >= DISCRIMINATOR_ROWS:
        booster = Booster(prior.sizes, [column.ordered for column in columns])
        offset = here().row_by_row(prior.log_odds, torch.cat([real, generated])).nan_to_num(neginf=-50.0)
        prior.trees = booster.fit(real, generated, weights, offset, generator, after_tree)
        prior.interrupted = booster.interrupted
    if prior.weighs:
        sampler = prior.sampler()
        prior.log_cap = capped(prior.log_odds(sampler.cells(sampler.uniform(generator, CAP_ROWS))))


def _draws(
    prior: TablePrior, real: Tensor, columns: Sequence[Cells], generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draws of the prior, those of rare levels more often, and weights (m,) that undo it (Owen and Zhou 2000)."""
    sampler = prior.sampler()
    count = GENERATED * len(real)
    parts = [here().row_by_row(sampler.cells, sampler.uniform(generator, count))]
    strata: list[tuple[int, int, float]] = []
    for j, column in enumerate(columns):
        if column.values is not None or column.count < 2 or len(columns) > MANY_COLUMNS:
            continue
        share = torch.bincount(real[:, j], minlength=column.count) / len(real)
        for level in torch.nonzero((share > 0) & (share * count < ENRICHED)).flatten().tolist():
            if len(strata) < MOST_STRATA:
                allowed: list[AllowedRanks | None] = [None] * len(columns)
                allowed[j] = Allowed(column.edges[None, level : level + 2])
                within = prior.sampler(allowed)
                strata.append((j, level, float(np.exp(within.log_probability))))
                parts.append(within.cells(sampler.uniform(generator, ENRICHED)))
    cells = torch.cat(parts)
    density = torch.full((len(cells),), float(count))
    for j, level, probability in strata:
        density += (cells[:, j] == level) * (ENRICHED / probability)
    return cells, (1.0 / density) / (1.0 / density).mean()
