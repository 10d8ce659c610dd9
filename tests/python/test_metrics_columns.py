"""Columns and pairs of columns against scipy, scikit-learn and, where it is installed, sdmetrics."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import normalized_mutual_info_score

from ganbridge.data import Column
from ganbridge.evaluation.metrics import marginals, modes, pairs
from ganbridge.evaluation.metrics.features import Features, center_and_scale, varying
from ganbridge.evaluation.metrics.variables import distinct_codes, take

RNG = np.random.default_rng(3)
SAMPLES = {
    "normal": (RNG.normal(size=300), RNG.normal(0.3, 1.2, size=200)),
    "ties": (RNG.integers(0, 5, 300).astype(float), RNG.integers(1, 6, 211).astype(float)),
    "one row": (np.array([1.0]), RNG.normal(size=40)),
    "far from 0": (1e9 + RNG.normal(size=300), 1e9 + RNG.normal(0.5, 1, size=300)),
    "constant and not": (np.zeros(20), RNG.normal(size=50)),
    "apart": (RNG.random(30), RNG.random(30) + 5.0),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_distances_of_columns_are_scipys(name):
    a, b = SAMPLES[name]
    assert marginals.kolmogorov_smirnov(a, b) == pytest.approx(stats.ks_2samp(a, b).statistic, abs=1e-12)
    assert marginals.wasserstein(a, b) == pytest.approx(stats.wasserstein_distance(a, b), rel=1e-9, abs=1e-12)
    assert marginals.wasserstein(b, a) == pytest.approx(marginals.wasserstein(a, b), rel=1e-12)


def test_empty_samples_have_no_distance():
    for distance in (marginals.kolmogorov_smirnov, marginals.wasserstein):
        assert math.isnan(distance(np.zeros(0), np.ones(3)))
    assert math.isnan(marginals.total_variation(np.zeros(0, dtype=int), np.ones(3, dtype=int)))


def test_total_variation_is_half_the_difference_of_the_shares():
    a, b = RNG.integers(0, 4, 500), RNG.integers(1, 7, 300)
    shares = [pd.Series(x).value_counts(normalize=True).reindex(range(7), fill_value=0.0) for x in (a, b)]
    assert marginals.total_variation(a, b) == pytest.approx(np.abs(shares[0] - shares[1]).sum() / 2)
    assert marginals.total_variation(a, a[::-1]) == 0.0
    assert marginals.total_variation(np.zeros(5, dtype=int), np.ones(9, dtype=int)) == 1.0


@pytest.mark.parametrize("scale", [1.0, 1e-180, 1e140])
def test_correlation_is_scipys(scale):
    a = RNG.normal(size=200)
    b = 0.5 * a + RNG.normal(size=200)
    expected = stats.pearsonr(a, b).statistic
    assert pairs.correlation(a * scale, b * scale) == pytest.approx(expected, abs=1e-12)
    assert pairs.correlation(a * scale, -b) == pytest.approx(-expected, abs=1e-12)
    assert pairs.correlation(1e6 + a, b) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e8])
def test_a_constant_column_has_no_correlation(constant):
    assert math.isnan(pairs.correlation(np.full(50, constant), RNG.normal(size=50)))
    assert math.isnan(pairs.correlation(np.zeros(1), np.zeros(1)))


@pytest.mark.parametrize("levels", [(2, 3), (6, 6), (1, 4), (1, 1)])
def test_mutual_information_is_scikit_learns(levels):
    a, b = (RNG.integers(0, count, 400) for count in levels)
    b = np.where(RNG.random(400) < 0.5, a % levels[1], b)
    assert pairs.mutual_information(a, b) == pytest.approx(
        normalized_mutual_info_score(a, b) if min(levels) > 1 else 0.0, abs=1e-12
    )


def test_the_contingency_difference_is_that_of_pandas_tables():
    made, real = (
        pd.DataFrame({"k": RNG.integers(0, 3, n), "g": RNG.integers(0, 4, n), "x": RNG.normal(size=n)})
        for n in (150, 220)
    )
    edges = pairs.bin_edges(Column("x", "double", real["x"].to_numpy()), 150)
    for frame in (made, real):
        frame["bin"] = pd.cut(frame["x"], [-np.inf, *edges, np.inf], labels=False, right=False)
    for second in ("g", "bin"):
        tables = [pd.crosstab(frame["k"], frame[second], normalize=True) for frame in (made, real)]
        expected = tables[0].sub(tables[1], fill_value=0.0).abs().to_numpy().sum() / 2
        codes = [
            (frame["k"].to_numpy(), pairs.binned(Column(second, "double", frame["x"].to_numpy()), edges))
            if second == "bin"
            else (frame["k"].to_numpy(), frame["g"].to_numpy())
            for frame in (made, real)
        ]
        levels = 1 + max(int(part[1].max()) for part in codes)
        cells = [pairs.joint(a, b, levels) for a, b in codes]
        assert marginals.total_variation(cells[0], cells[1]) == pytest.approx(expected)


def test_numbers_have_bins_of_equal_shares_and_missing_values_a_bin():
    values = RNG.exponential(size=1000)
    missing = RNG.random(1000) < 0.1
    variable = Column("x", "double", np.where(missing, 0.0, values), missing=missing)
    edges = pairs.bin_edges(variable, 1000)
    codes = pairs.binned(variable, edges)
    counts = np.bincount(codes[~missing])
    assert len(counts) == pairs.MOST_BINS
    assert counts.max() - counts.min() <= 2
    assert (codes[missing] == pairs.MOST_BINS).all()
    assert len(pairs.bin_edges(variable, 20)) == 1  # few rows, few bins
    nothing = Column("x", "double", np.zeros(5), missing=np.ones(5, dtype=bool))
    assert pairs.binned(nothing, pairs.bin_edges(nothing, 5)).tolist() == [1] * 5


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", range(5))
def test_peaks_are_counted(count, seed):
    rng = np.random.default_rng(seed)
    values = 8.0 * rng.integers(0, count, 1500) + rng.normal(size=1500)
    assert modes.mode_count(values) == count
    assert modes.mode_count(values * 1e-150 + 5e-150) == count


def test_a_small_bump_is_no_peak_and_few_values_have_none():
    rng = np.random.default_rng(0)
    assert modes.mode_count(np.concatenate([rng.normal(size=2000), rng.normal(6.0, 1.0, 20)])) == 1
    assert modes.mode_count(rng.exponential(size=500)) == 1
    assert (
        modes.mode_count(np.concatenate([np.zeros(900), rng.normal(50, 1, 100)])) >= 1
    )  # without an interquartile range
    assert math.isnan(modes.mode_count(rng.integers(0, 5, 500).astype(float)))
    assert math.isnan(modes.mode_count(np.zeros(0)))


def test_features_are_standardized_and_a_level_is_as_far_as_one_sd():
    missing = np.array([False, False, True, False])
    real = [
        Column("x", "double", np.array([1.0, 3.0, 0.0, 5.0]), missing=missing),
        Column("k", "factor", np.array([0.0, 1.0, 1.0, 2.0]), levels=list("abc")),
    ]
    features = Features(real).transform(real)
    assert features.shape == (4, 2 + 4)
    present = features[~missing, 0]
    assert present.mean() == pytest.approx(0.0)
    assert present.std() == pytest.approx(1.0)
    assert features[2, 0] == 0.0
    assert features[:, 1].astype(bool).tolist() == missing.tolist()
    levels = features[:, 2:]
    assert np.linalg.norm(levels[0] - levels[1]) == pytest.approx(1.0)
    assert np.array_equal(levels[1], levels[2])


def test_rare_and_new_levels_share_an_indicator():
    real = [Column("k", "factor", np.repeat([0.0, 1.0, 2.0], [990, 9, 1001]), levels=list("abcd"))]
    other = [Column("k", "factor", np.array([0.0, 1.0, 3.0]), levels=list("abcd"))]
    features = Features(real, other).transform(other)
    assert features.shape[1] == 3  # two common levels and the rest
    assert np.array_equal(features[1], features[2])


def test_a_column_constant_in_the_first_sample_is_scaled_by_the_others():
    assert center_and_scale(np.full(5, 2.0), np.array([0.0, 4.0]))[0] == 2.0
    center, scale = center_and_scale(np.full(2, 2.0), np.array([0.0, 4.0]))
    assert (center, scale) == (2.0, pytest.approx(np.std([0, 0, -2, 2])))
    assert center_and_scale(np.full(5, 2.0)) == (2.0, 1.0)
    assert center_and_scale(np.zeros(0), np.zeros(0)) == (0.0, 1.0)
    assert varying(np.array([[1.0, 2.0], [1.0, 3.0]])).tolist() == [False, True]


def test_rows_are_distinct_by_value_and_by_what_is_missing():
    missing = np.array([False, True, True, False])
    sample = [Column("x", "double", np.array([0.0, 0.0, 7.0, -0.0]), missing=missing)]
    codes = distinct_codes(sample)
    assert len(np.unique(codes, axis=0)) == 2
    assert take(sample, slice(2))[0].missing.tolist() == [False, True]


def test_the_same_as_sdmetrics():
    metrics = pytest.importorskip("sdmetrics", reason="sdmetrics is no part of the development environment")
    from sdmetrics.column_pairs import ContingencySimilarity, CorrelationSimilarity

    column = metrics.single_column
    real = pd.DataFrame(
        {"x": RNG.normal(size=400), "k": RNG.choice(list("abcd"), 400), "g": RNG.choice(list("uv"), 400)}
    )
    real["y"] = real["x"] + RNG.normal(size=400)
    made = real.sample(300, replace=True, random_state=1).reset_index(drop=True)
    made["k"] = RNG.choice(list("abd"), 300)
    made["y"] = RNG.normal(size=300)
    codes = [[frame[name].map(ord).to_numpy() - ord("a") for name in ("k", "g")] for frame in (made, real)]
    assert column.KSComplement.compute(real["y"], made["y"]) == pytest.approx(
        1 - marginals.kolmogorov_smirnov(made["y"].to_numpy(), real["y"].to_numpy())
    )
    assert column.TVComplement.compute(real["k"], made["k"]) == pytest.approx(
        1 - marginals.total_variation(codes[0][0], codes[1][0])
    )
    found = [pairs.correlation(frame["x"].to_numpy(), frame["y"].to_numpy()) for frame in (made, real)]
    assert CorrelationSimilarity.compute(real[["x", "y"]], made[["x", "y"]]) == pytest.approx(
        1 - abs(found[0] - found[1]) / 2
    )
    cells = [pairs.joint(first, second, 30) for first, second in codes]
    assert ContingencySimilarity.compute(real[["k", "g"]], made[["k", "g"]]) == pytest.approx(
        1 - marginals.total_variation(cells[0], cells[1])
    )
