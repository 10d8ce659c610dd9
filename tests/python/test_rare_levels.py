"""Rare levels, and combinations of levels that few rows have: their rows are as in the training data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge.encode.marginal import Cells
from ganbridge.prior.moment_fit import MomentFit
from ganbridge.prior.moments import LevelMoments
from ganbridge.prior.ranges import LEAST_ROWS, MARGIN, CombinedRanges, ranges_within

SIZES = [3, 2, 50]  # two columns of levels, and cells of a number with the values 0 to 49


def cells_of_levels(rows: dict[tuple[int, int], range]) -> torch.Tensor:
    """Rows of two levels, with these cells of the number."""
    return torch.tensor([[*levels, cell] for levels, cells in rows.items() for cell in cells])


def test_numbers_stay_in_the_range_of_few_rows_with_two_levels():
    cells = cells_of_levels({(0, 0): range(10, 30), (0, 1): range(30, 50), (1, 0): range(LEAST_ROWS - 1)})
    ranges = CombinedRanges.fit(cells, [0, 1], {2: torch.arange(50.0)}, SIZES)
    assert MARGIN * 19 < 1.0  # of one cell
    asked = torch.tensor([[0, 0, 9], [0, 0, 10], [0, 0, 29], [0, 0, 45], [0, 1, 29], [0, 1, 49], [1, 0, 40]])
    assert ranges.outside(asked).tolist() == [True, False, False, True, True, False, False]


def test_levels_of_fewer_rows_have_no_ranges():
    cell, value = torch.tensor([10, 20, 30]), torch.arange(50.0)
    ranges = ranges_within(torch.tensor([0, 0, 1]), torch.tensor([True, False]), cell, value)
    assert ranges.T.tolist() == [[10, 20], [0, 50]]


class Columns:
    """A category of two levels, and a number of 50 cells."""

    def __init__(self, real: torch.Tensor) -> None:
        self.columns = [Cells(np.array([0.0, 0.5, 1.0]), False, None), Cells(np.arange(51) / 50, True, np.arange(50.0))]
        moments = LevelMoments.of_columns(real, self.columns)
        assert moments is not None
        self.moments = moments

    @staticmethod
    def rows(n: int, shift: int, seed: int) -> torch.Tensor:
        generator = torch.Generator().manual_seed(seed)
        level, number = torch.randint(2, (n,), generator=generator), torch.randint(40, (n,), generator=generator)
        return torch.stack([level, number + shift * level], 1)

    def fitted(self, real: torch.Tensor, generated: torch.Tensor) -> LevelMoments:
        fit = MomentFit(self.moments, real, generated, torch.ones(len(generated)))
        fit.fit(torch.Generator().manual_seed(1))
        return self.moments


def test_moments_that_differ_within_levels_get_weights():
    real = Columns.rows(400, 10, 1)
    moments = Columns(real).fitted(real, Columns.rows(1200, 0, 2))
    high, low = torch.tensor([[1, 38]]), torch.tensor([[1, 2]])
    assert float(moments.logit(high) - moments.logit(low)) > 1.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_moments_that_lose_on_held_out_rows_get_no_weights_or_small_ones(seed):
    generator = torch.Generator().manual_seed(seed)
    level, numbers = torch.randint(2, (500, 1), generator=generator), torch.randint(50, (500, 12), generator=generator)
    rows = torch.cat([level, numbers], 1)  # real and generated ones do not differ, but 180 weights find something
    columns = [Cells(np.array([0.0, 0.5, 1.0]), False, None)]
    columns += [Cells(np.arange(51) / 50, True, np.arange(50.0)) for _ in range(12)]
    moments = LevelMoments.of_columns(rows[:200], columns)
    assert moments is not None
    fit = MomentFit(moments, rows[:200], rows[200:], torch.ones(300))
    zero = moments.weights
    fit.fit(generator)
    chosen = moments.logit(rows).abs().mean()
    moments.weights = fit.fitted(torch.ones(500), 1.0, zero)
    assert chosen < 0.5 * moments.logit(rows).abs().mean()


def groups(seed: int) -> pd.DataFrame:
    """A rare level with 25 rows, and a site that shifts a number in every group."""
    rng = np.random.default_rng(seed)
    group = np.repeat(["common", "rare"], [475, 25])
    site = np.where(rng.random(500) < 0.4, "south", "north")
    x = rng.normal(np.where(group == "rare", 4.0, 0.0), np.where(group == "rare", 0.5, 1.0))
    y = rng.normal(np.where(site == "south", 3.0, 0.0) + x, 0.5)
    return pd.DataFrame({"group": group, "site": site, "x": x, "y": y})


def test_rare_levels_alone_and_with_another_have_their_rows_means_and_spreads(fit_seed, within):
    data, seed = groups(1), fit_seed
    gan = ganbridge.fit(data, seed=seed, progress=False)
    for asked in ({"group": "rare"}, {"group": "rare", "site": "south"}):
        own = data[np.logical_and.reduce([data[name] == level for name, level in asked.items()])]
        drawn = gan.sample(2000, seed=seed, given=asked)
        for name in ("x", "y"):
            shift = (drawn[name].mean() - own[name].mean()) / own[name].std()
            within(f"mean of {name} given {asked}", shift, -0.5, 0.5)  # all rows' mean of x is 8 off
            within(f"spread of {name} given {asked}", drawn[name].std() / own[name].std(), 0.6, 1.5)


def test_a_survey_of_few_scores_keeps_its_correlations(fit_seed, within):
    rng, seed = np.random.default_rng(1), fit_seed
    scores = 0.8 * rng.normal(size=(550, 1)) + 0.6 * rng.normal(size=(550, 12))
    data = pd.DataFrame((scores * 1.2 + 2.5).round().clip(0, 5).astype(int), columns=[f"q{i}" for i in range(12)])
    data["asked"] = np.where(scores.mean(1) > 0, "yes", "no")
    drawn = ganbridge.fit(data, seed=seed, progress=False).sample(2000, seed=seed)
    numbers = [name for name in data if name != "asked"]
    error = np.abs(drawn[numbers].corr().to_numpy() - data[numbers].corr().to_numpy()).mean()
    within("error of correlations", error, 0.0, 0.08)  # with moments fitted without held-out rows: .2 to .4
