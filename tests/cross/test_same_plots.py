"""Plots are the same in both languages: levels, bins, bandwidths, contours and epochs."""

import numpy as np
import pandas as pd
import pytest

from ganbridge.plot.data import density
from ganbridge.plot.data.grid import grid_of, spread_early
from ganbridge.plot.data.levels import aligned
from ganbridge.plot.data.marginal import bin_edges
from ganbridge.plot.data.values import Source

RNG = np.random.default_rng(5)
NUMBERS = {
    "normal": RNG.normal(3.0, 2.0, 300),
    "skewed": RNG.lognormal(8.0, 1.0, 300),
    "whole": RNG.integers(18, 90, 500).astype(float),
    "zeros": np.where(RNG.random(200) < 0.7, 0.0, RNG.gamma(2.0, 1.0, 200)),
    "constant": np.full(5, 4.0),
}


def vector(values) -> str:
    return "c(" + ", ".join(repr(float(value)) for value in values) + ")"


@pytest.mark.parametrize("name", NUMBERS)
def test_bins(r, name):
    edges = r(f"ganbridge:::bin_edges(list({vector(NUMBERS[name])}))")
    np.testing.assert_allclose(np.array(edges), bin_edges([NUMBERS[name]]), rtol=1e-12)


@pytest.mark.parametrize("name", ["normal", "skewed", "whole", "zeros"])
def test_bandwidths(r, name):
    assert r(f"stats::bw.nrd0({vector(NUMBERS[name])})")[0] == pytest.approx(density.bandwidth(NUMBERS[name]))


@pytest.mark.parametrize(
    "values",
    [
        ["b", "a", "b", None, "c"],
        [f"v{i:02}" for i in range(30) for _ in range(i % 7 + 1)],
        [3.0, 1.0, 10.0, None] * 6,
        [True, False, None],
    ],
    ids=["texts", "many", "whole", "logical"],
)
def test_levels(r, values):
    words = {None: "NA", True: "TRUE", False: "FALSE"}
    items = [words.get(v, f'"{v}"' if isinstance(v, str) else v) if not isinstance(v, float) else v for v in values]
    code = f"c({', '.join(map(str, items))})"
    shown = r(f'ganbridge:::align_columns(list(ganbridge:::plot_column({code}, "x", "real")))[[1]]')
    (mine,) = aligned([Source("real", pd.Series(values)).column(0)])
    assert [level.capitalize() for level in shown.rx2("levels")] == [level.capitalize() for level in mine.levels]
    np.testing.assert_array_equal(np.array(shown.rx2("values")) - 1, mine.values)


@pytest.mark.parametrize("count", [1, 5, 12, 13, 100, 400])
def test_epochs(r, count):
    assert [int(i) - 1 for i in r(f"ganbridge:::spread_early({count}, 12)")] == spread_early(count, 12)


def test_grids(r):
    for count in range(1, 21):
        assert [int(i) for i in r(f"ganbridge:::panel_grid({count})")] == list(grid_of(count, None))
