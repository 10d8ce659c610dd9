"""The discriminator of boosted trees: it tells distributions apart, and only if they differ."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import ganbridge
from ganbridge.prior.odds import (
    DEPTH,
    MOST_COLUMNS,
    MOST_TREES,
    PATIENCE,
    RATE,
    Booster,
    ObliviousTrees,
    Split,
    leaf_of,
)

SIZES, ORDERED = [8, 5, 3], [True, False, False]


def uniform_rows(n: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.stack([torch.randint(size, (n,), generator=generator) for size in SIZES], 1)


def log_odds(cells: torch.Tensor) -> torch.Tensor:
    """Of the rows that `real_rows` draws: a category whose even cells are frequent, in the upper half of a number."""
    return torch.where((cells[:, 1] % 2 == 0) & (cells[:, 0] >= 4), 1.2, -0.4)


def real_rows(n: int, seed: int) -> torch.Tensor:
    cells = uniform_rows(4 * n, seed)
    generator = torch.Generator().manual_seed(seed + 100)
    kept = torch.rand(4 * n, generator=generator) < (log_odds(cells) - 1.2).exp()
    return cells[kept][:n]


def fitted(real, generated, progress=None, weights=None, offset=None, seed=1) -> ObliviousTrees:
    weights = torch.ones(len(generated)) if weights is None else weights
    offset = torch.zeros(len(real) + len(generated)) if offset is None else offset
    return Booster(SIZES, ORDERED).fit(real, generated, weights, offset, torch.Generator().manual_seed(seed), progress)


def test_known_odds_are_found():
    trees = fitted(real_rows(3000, 1), uniform_rows(6000, 2))
    cells = uniform_rows(2000, 3)
    truth = log_odds(cells)
    truth = truth - truth.exp().mean().log()  # both sides weigh the same
    assert len(trees) > 5
    assert (trees.logit(cells) - truth).abs().mean() < 0.2


def test_equal_distributions_have_even_odds():
    for seed in range(3):
        trees = fitted(uniform_rows(3000, seed), uniform_rows(6000, 50 + seed), seed=seed)
        assert len(trees) <= 5
        assert trees.logit(uniform_rows(2000, 3)).abs().mean() < 0.05


def test_weights_of_generated_rows_count():
    generated = real_rows(6000, 5)  # rows like the real ones, but for weights that undo it
    weights = (-log_odds(generated)).exp()
    trees = fitted(real_rows(3000, 1), generated, weights=weights / weights.mean())
    cells = uniform_rows(2000, 3)
    high, low = log_odds(cells) > 0, log_odds(cells) < 0
    assert trees.logit(cells)[high].mean() - trees.logit(cells)[low].mean() == pytest.approx(1.6, abs=0.4)


def test_what_the_offset_says_already_is_not_said_again():
    found = []
    for seed in range(10, 14):
        real, generated = real_rows(3000, seed), uniform_rows(6000, seed + 10)
        offset = log_odds(torch.cat([real, generated]))
        offset = offset - log_odds(generated).exp().mean().log()
        found.append(fitted(real, generated, offset=offset).logit(generated).abs().mean().item())
    assert fitted(real, generated).logit(generated).abs().mean() > 0.6
    assert np.median(found) < 0.05


def test_the_logit_is_the_sum_over_trees_row_by_row():
    trees = fitted(real_rows(500, 1), uniform_rows(1000, 2))
    cells = uniform_rows(200, 3)
    expected = []
    for row in cells.tolist():
        total = 0.0
        for columns, masks, leaves in zip(trees.columns, trees.masks, trees.leaves, strict=True):
            leaf = sum(int(masks[level, row[columns[level]]]) << level for level in range(DEPTH))
            total += float(leaves[leaf])
        expected.append(total)
    np.testing.assert_allclose(trees.logit(cells).numpy(), expected, atol=1e-5)
    assert trees.logit(cells[:0]).shape == (0,)


def test_parts_of_rows_make_no_difference(monkeypatch):
    from ganbridge.prior import odds

    trees = fitted(real_rows(500, 1), uniform_rows(1000, 2))
    cells = uniform_rows(200, 3)
    whole = trees.logit(cells)
    monkeypatch.setattr(odds, "ROWS_AT_ONCE", 7)
    assert torch.equal(trees.logit(cells), whole)


def test_splits_of_numbers_keep_their_order():
    trees = fitted(real_rows(1500, 1), uniform_rows(3000, 2))
    of_numbers = trees.masks[trees.columns == 0][:, : SIZES[0]].long()
    assert len(of_numbers)
    assert (of_numbers.diff(dim=1) >= 0).all()
    assert (trees.masks <= 1).all()


def test_no_trees_are_even_odds():
    none = Booster(SIZES, ORDERED).none()
    assert len(none) == 0
    assert torch.equal(none.logit(uniform_rows(10, 1)), torch.zeros(10))
    assert len(ObliviousTrees.from_arrays(none.to_arrays(), SIZES)) == 0


def test_boosting_ends_after_trees_without_a_gain():
    losses: list[float] = []
    trees = fitted(real_rows(1000, 1), uniform_rows(2000, 2), lambda _, loss: losses.append(loss) or True)
    assert len(losses) == min(MOST_TREES, len(trees) + PATIENCE)
    assert np.argmin(losses) + 1 >= len(trees)
    assert min(losses[: len(trees)]) < losses[0]


def test_whoever_watches_can_stop_it():
    seen: list[int] = []

    def stop_at_7(count: int, _: float) -> bool:
        seen.append(count)
        return count < 7

    assert len(fitted(real_rows(1000, 1), uniform_rows(2000, 2), stop_at_7)) <= 7
    assert seen == list(range(1, 8))


def test_an_interrupt_keeps_the_trees_so_far():
    def interrupt(count: int, _: float) -> bool:
        if count == 7:
            raise KeyboardInterrupt
        return True

    booster = Booster(SIZES, ORDERED)
    real, generated = real_rows(1000, 1), uniform_rows(2000, 2)
    arguments = (real, generated, torch.ones(2000), torch.zeros(3000), torch.Generator().manual_seed(1))
    trees = booster.fit(*arguments, interrupt)
    assert booster.interrupted
    assert 0 < len(trees) <= 7
    assert trees.leaves.abs().max() < 10 * RATE


def test_few_rows_and_columns_of_one_cell_are_no_problem():
    booster = Booster([1, 1], [True, False])
    cells = torch.zeros(4, 2, dtype=torch.int64)
    trees = booster.fit(cells[:2], cells, torch.ones(4), torch.zeros(6), torch.Generator().manual_seed(1))
    assert trees.logit(cells).unique().numel() == 1


WRONG = {
    "columns": lambda t: (t.columns + len(SIZES), t.masks, t.leaves),
    "negative columns": lambda t: (t.columns - len(SIZES), t.masks, t.leaves),
    "masks": lambda t: (t.columns, t.masks + 1, t.leaves),
    "fewer cells": lambda t: (t.columns, t.masks[:, :, 1:], t.leaves),
    "fewer leaves": lambda t: (t.columns, t.masks, t.leaves[1:]),
    "leaves": lambda t: (t.columns, t.masks, t.leaves / 0.0),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_arrays_that_are_no_trees_are_refused(wrong):
    trees = fitted(real_rows(500, 1), uniform_rows(1000, 2))
    assert len(ObliviousTrees.from_arrays(trees.to_arrays(), SIZES)) == len(trees)
    with pytest.raises(ganbridge.BadFileError, match=r"`prior\.tree_"):
        ObliviousTrees.from_arrays(ObliviousTrees(*wrong(trees)).to_arrays(), SIZES)


def test_all_trees_at_once_give_what_one_after_the_other_gives():
    trees, cells = fitted(real_rows(3000, 1), uniform_rows(6000, 2)), uniform_rows(5000, 3)
    total, by_column = torch.zeros(len(cells)), cells.t().contiguous()
    for columns, masks, leaves in zip(trees.columns.tolist(), trees.masks.long(), trees.leaves, strict=True):
        total += leaves[leaf_of(by_column, [Split(*split) for split in zip(columns, masks, strict=True)])]
    assert torch.allclose(trees.logit(cells), total, atol=1e-5)
    assert torch.equal(trees.logit(cells)[:100], trees.logit(cells[:100]))


def test_of_many_columns_each_tree_sees_some():
    columns = MOST_COLUMNS + 8
    generator = torch.Generator().manual_seed(1)
    cells = torch.randint(4, (2000, columns), generator=generator)
    real = cells[:1000].clone()
    real[:, 3] = real[:, 45]  # a pair that generated rows lack
    booster = Booster([4] * columns, [False] * columns)
    trees = booster.fit(real, cells[1000:], torch.ones(1000), torch.zeros(2000), generator)
    same = cells[:, 3] == cells[:, 45]
    odds = trees.logit(cells)
    assert odds[same].mean() > odds[~same].mean() + 0.2
