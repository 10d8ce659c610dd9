"""The log-linear discriminator: its quadratic forms, and when it is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from ganbridge.data import from_python
from ganbridge.encode.ranks import RankEncoder
from ganbridge.prior.mixture import cells_of
from ganbridge.prior.moment_fit import MomentFit
from ganbridge.prior.moments import LevelMoments

RNG = np.random.default_rng(1)


def cells_and_columns(rows: int, numbers: int, levels: int):
    """Cells of numbers and of a category, and what is known of the columns."""
    data = {f"x{j}": RNG.normal(size=rows) for j in range(numbers)}
    data["k"] = pd.Categorical.from_codes(RNG.integers(0, levels, rows), [f"level {i}" for i in range(levels)])
    encoder = RankEncoder.fit(from_python(pd.DataFrame(data)), "auto", 0.0)
    ranks = encoder.encode(from_python(pd.DataFrame(data)), np.random.default_rng(0))
    return cells_of(ranks, [column.edges for column in encoder.cells]), encoder.cells


@pytest.mark.parametrize("numbers", [1, 3, 14])
def test_quadratic_forms_are_the_sum_of_features(numbers):
    cells, columns = cells_and_columns(2000, numbers, 4)
    moments = LevelMoments.of_columns(cells, columns)
    generator = torch.Generator().manual_seed(2)
    moments.weights = {j: torch.randn(part.shape, generator=generator) for j, part in moments.weights.items()}
    values = {j: torch.from_numpy(columns[j].values) for j in range(numbers)}
    moments.fit_ranges(cells[:500], values, [column.count for column in columns])
    outside = torch.zeros(len(cells), dtype=torch.bool)
    for (level, number), (low, high) in moments.ranges.items():
        here = cells[:, level]
        outside |= (cells[:, number] < low[here]) | (cells[:, number] > high[here])
    assert torch.equal(moments.outside(cells), outside)
    logit = moments.logit(cells)
    assert torch.equal(logit == -torch.inf, outside)
    assert torch.allclose(logit[~outside], moments.exact(cells)[~outside], atol=1e-4)


def test_moments_are_left_out_if_there_are_fewer_rows_than_weights():
    assert LevelMoments.of_columns(*cells_and_columns(400, 3, 4)) is not None
    assert LevelMoments.of_columns(*cells_and_columns(400, 14, 30)) is None


def test_weights_are_where_the_penalized_likelihood_is_flat():
    cells, columns = cells_and_columns(2000, 3, 4)
    shifted = torch.where(torch.arange(len(columns)) == 0, (cells * 0.8).long(), cells)  # one number is smaller
    moments = LevelMoments.of_columns(cells, columns)
    precision = 1.0
    fit = MomentFit(moments, cells, shifted, torch.ones(len(shifted)))
    moments.weights = fit.fitted(torch.ones(2 * len(cells)), precision, moments.weights)
    both = torch.cat([cells, shifted])
    weights = {j: part.clone().requires_grad_() for j, part in moments.weights.items()}
    logit = moments.logit_of(both, {j: moments.features(both, j) for j in weights}, weights)
    loss = torch.nn.functional.softplus(torch.where(torch.arange(len(both)) < len(cells), -logit, logit)).sum()
    loss = loss + 0.5 * precision * sum((part**2).sum() for part in weights.values())
    gradients = torch.autograd.grad(loss, list(weights.values()))
    assert max(part.abs().max() for part in moments.weights.values()) > 0.1
    assert max(part.abs().max() for part in gradients) < 0.01 * len(cells)
