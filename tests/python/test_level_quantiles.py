"""Rows under a level have the numbers of the level's own rows, and no quantile tells of single ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge.encode.level_quantiles import LARGEST_SPIKE, SHARES, _quantiles

RNG = np.random.default_rng(5)
RARE = 20


def grouped(rows: int = 600) -> pd.DataFrame:
    """A number whose mean and spread differ between a common, a second and a rare level; another that goes with it."""
    group = np.repeat(["common", "second", "rare"], [rows - 150, 150 - RARE, RARE])
    mean, sd = np.where(group == "rare", 3.0, 0.0), np.where(group == "rare", 0.3, 1.0)
    x = RNG.normal(mean, sd)
    side = np.where(RNG.random(rows) < 0.4, "left", "right")
    return pd.DataFrame({"x": x, "y": np.exp(0.5 * RNG.normal(x, 0.5)), "group": group, "side": side})


@pytest.fixture(scope="module")
def fits() -> tuple[pd.DataFrame, ganbridge.FittedGan]:
    data = grouped()
    return data, ganbridge.fit(data, seed=1, progress=False)


@pytest.mark.parametrize("asked", [{"group": "rare"}, {"group": "second", "side": "left"}])
def test_numbers_under_levels_have_their_mean_spread_and_range(fits, asked):
    data, gan = fits
    own = data[np.logical_and.reduce([data[name] == level for name, level in asked.items()])]
    rows = gan.sample(3000, seed=2, given=asked)
    for name in ("x", "y"):
        assert abs(rows[name].mean() - own[name].mean()) < 0.15 * own[name].std()
        assert 0.85 < rows[name].std() / own[name].std() < 1.15
        tenth = 0.1 * (own[name].max() - own[name].min())
        outside = (rows[name] < own[name].min() - tenth) | (rows[name] > own[name].max() + tenth)
        assert outside.mean() <= 0.005
    if asked["group"] == "second":
        assert rows[["x", "y"]].corr("spearman").iloc[0, 1] > 0.6


def test_the_first_rows_of_a_longer_sample_under_a_level_are_a_shorter_one(fits):
    _, gan = fits
    given = {"group": "rare"}
    pd.testing.assert_frame_equal(gan.sample(50, seed=3, given=given), gan.sample(400, seed=3, given=given).iloc[:50])


def test_quantiles_of_levels_are_kept_in_a_file(fits, tmp_path):
    _, gan = fits
    path = str(tmp_path / "fit.gan")
    gan.save(path)
    given = {"group": "rare", "side": "right"}
    loaded = ganbridge.load(path)
    pd.testing.assert_frame_equal(loaded.sample(50, seed=3, given=given), gan.sample(50, seed=3, given=given))


def test_rows_with_a_range_beside_a_level_are_not_moved(fits):
    _, gan = fits
    rows = gan.sample(200, seed=3, given={"group": "rare", "x": (2.9, 3.1)})
    assert rows["x"].between(2.9, 3.1).all()


def test_a_far_value_is_not_in_the_quantiles():
    values = np.append(RNG.normal(size=30), 1e6)
    assert np.abs(_quantiles(values, 10, 0.0)).max() < 20.0


def test_few_rows_have_no_quantiles():
    assert np.isnan(_quantiles(RNG.normal(size=9), 5, 0.0)).all()
    assert np.isnan(_quantiles(RNG.normal(size=30), 31, 0.0)).all()


@pytest.mark.parametrize("rows", [12, 40, 300])
def test_quantiles_have_the_mean_and_the_spread_of_the_rows(rows):
    values = RNG.gamma(3.0, size=rows)
    seen = np.interp((np.arange(4000) + 0.5) / 4000, SHARES, _quantiles(values, 10, 0.0))
    assert abs(seen.mean() - values.mean()) < 0.1 * values.std()
    assert 0.9 < seen.std() / values.std() < 1.1


def test_columns_with_a_spike_off_any_grid_are_not_moved():
    data = grouped().assign(spiky=lambda frame: np.where(frame["x"] > 0.5, frame["x"], 0.0))
    gan = ganbridge.fit(data, seed=1, progress=False)
    assert (data["spiky"] == 0.0).mean() > LARGEST_SPIKE[True]
    rows = gan.sample(500, seed=1, given={"group": "second"})
    assert abs((rows["spiky"] == 0.0).mean() - (data[data["group"] == "second"]["spiky"] == 0.0).mean()) < 0.15
