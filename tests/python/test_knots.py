"""Knots that no single row shows: what is kept as it is, what is smoothed, and how little the marginals lose."""

import numpy as np
import pytest

from ganbridge.data import from_python
from ganbridge.encode.knots import mean_of_highest, shared_knots
from ganbridge.encode.scaler import Scaler
from ganbridge.training.moments import moments

K = 10
N = 1000
RNG = np.random.default_rng(20)
SHAPES = {
    "normal": RNG.normal(size=N),
    "uniform": RNG.random(N),
    "skewed": RNG.lognormal(10.0, 0.8, N),
    "two far modes": np.where(RNG.random(N) < 0.4, RNG.normal(-3.0, 0.1, N), RNG.normal(3.0, 0.1, N)),
    "rounded": RNG.normal(5.0, 1.0, N).round(1),
    "counts": RNG.poisson(5, N).astype(float),
    "zeros and amounts": np.where(RNG.random(N) < 0.8, 0.0, RNG.lognormal(8.0, 1.0, N).round()),
    "one far out": np.append(RNG.normal(size=N - 1), 1e7),
}


def sampled(scaler: Scaler, n: int = 20_000) -> np.ndarray:
    return scaler.decode(np.random.default_rng(3).standard_normal(n), 0.0)


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Kolmogorov and Smirnov's."""
    at = np.concatenate([a, b])
    shares = [np.searchsorted(np.sort(part), at, "right") / len(part) for part in (a, b)]
    return float(np.abs(shares[0] - shares[1]).max())


@pytest.mark.parametrize("shape", SHAPES)
def test_knots_are_shared_and_the_marginal_stays(shape):
    values = SHAPES[shape]
    scaler = Scaler.fit(values, "double", "quantile", k=K)
    unique, counts = np.unique(values, return_counts=True)
    alone = unique[counts < K]
    half = scaler.half or 0.0
    kept = np.concatenate([scaler.knots[0] + move for move in (-half, 0.0, half)])
    if scaler.decimals is None:
        assert not np.isin(kept, alone).any()
        assert not np.isin([scaler.low, scaler.high, *scaler.span], alone).any()
    made = sampled(scaler)
    assert scaler.low <= made.min()
    assert made.max() <= scaler.high
    assert distance(made, values) < 0.025  # a sample of another N rows of the same distribution: about .05
    assert (np.diff(scaler.knots, axis=1) >= 0).all()
    z = scaler.encode(values, np.random.default_rng(4))
    assert abs(z.mean()) < 0.05
    assert abs(z.std() - 1.0) < 0.05


def test_samples_stay_within_the_training_data():
    for shape, values in SHAPES.items():
        scaler = Scaler.fit(values, "double", "quantile", k=K)
        assert values.min() <= scaler.low, shape
        assert scaler.high <= values.max(), shape
        low, high = scaler.span
        inner = np.sort(values)[1:-1]
        assert low <= inner[0], shape
        assert inner[-1] <= high, shape


def test_values_that_k_rows_share_stay_exact():
    values = np.concatenate(
        [np.zeros(300), RNG.uniform(1.0, 50.0, 600).round(3), np.full(K, 99999.0), np.full(90, 7.0)]
    )
    scaler = Scaler.fit(values, "double", "quantile", k=K)
    made = sampled(scaler)
    for value in (0.0, 7.0, 99999.0):
        assert abs((made == value).mean() - (values == value).mean()) < 0.01
    assert scaler.span == (0.0, 99999.0)
    assert ((made <= 50.0) | (made == 99999.0)).all()  # nothing in the hole


def test_a_far_value_shows_neither_in_knots_nor_in_moments():
    scaler = Scaler.fit(SHAPES["one far out"], "double", "quantile", k=K)
    assert max(np.abs(scaler.knots[0]).max(), abs(scaler.high), scaler.span[1]) < 10.0
    assert mean_of_highest(SHAPES["one far out"], K) < 4.0
    assert mean_of_highest(np.repeat([0.1, 0.2], K), K) == 0.2


def test_a_far_value_cannot_be_inferred_from_mean_and_sd():
    incomes = np.random.default_rng(1).lognormal(10.0, 0.5, 399)

    def of(values, k):
        return {name: float(column[0]) for name, column in moments(from_python(values[:, None]), k, typed=True).items()}

    far, without = of(np.append(incomes, 1e7), K), of(incomes, K)
    assert abs(far["mean"] / without["mean"] - 1.0) < 0.02
    assert abs(far["sd"] / without["sd"] - 1.0) < 0.2  # 41 times as large if it counted in full
    assert without["mean"] == pytest.approx(incomes.mean(), rel=1e-12)  # nothing is far out here
    assert of(np.append(incomes, 1e7), 1)["max"] == 1e7


def test_few_rows_beyond_a_shared_value_count_as_it():
    values = np.concatenate([np.repeat(np.arange(0.0, 50.0, 10.0), 100), [70.0, 90.0, 90.0]])
    knots = shared_knots(np.sort(values), K, 0.5, 4096)
    assert (knots.low, knots.high) == (0.0, 40.0)
    assert knots.span[0] == 0.0
    assert 40.0 < knots.span[1] < 60.0


def test_every_number_of_rows_has_knots():
    rng = np.random.default_rng(0)
    for n in range(2, 60, 3):
        for k in (2, 3, 10):
            if n < k:
                continue
            for values in (rng.normal(size=n), rng.integers(0, 5, n) * 1.0, rng.integers(0, 40, n) * 1.0):
                scaler = Scaler.fit(values, "double", "quantile", k=k)
                made = sampled(scaler, 50)
                assert np.isfinite(made).all()
                assert (values.min() <= made).all()
                assert (made <= values.max()).all()
                assert np.isfinite(scaler.encode(values, rng)).all()


def test_large_columns_keep_few_knots():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(size=20_000), rng.integers(0, 5000, 20_000)])
    for part in (values, values.round(), values.round(2)):
        scaler = Scaler.fit(part, "double", "quantile", k=K)
        assert scaler.knots.shape[1] < 3 * 4096
        assert distance(sampled(scaler), part) < 0.02


def test_few_whole_numbers_are_levels():
    values = np.concatenate([np.zeros(995), np.ones(3), [5.0, 5.0]])
    scaler = Scaler.fit(values, "integer", "quantile", k=K)
    assert set(scaler.decode(scaler.encode(values, np.random.default_rng(0)), 0.0)) == {0.0, 1.0}
    assert scaler.high == 1.0  # not 5, which two rows have


def test_the_largest_count_of_a_few_rows_is_top_coded():
    counts = np.concatenate([np.repeat(np.arange(17.0), 60), [27.0]])
    scaler = Scaler.fit(counts, "integer", "quantile", k=K)
    assert scaler.high == 16.0
    assert 27.0 not in sampled(scaler)
    falling = np.repeat(np.arange(15.0), [200, 300, 200, 100, 50, 40, 30, 20, 15, 10, 8, 5, 4, 3, 1])
    scaler = Scaler.fit(falling, "integer", "quantile", k=K)
    assert scaler.high == 11.0  # 5 + 4 + 3 + 1 rows reach it
    assert abs((sampled(scaler) == 11.0).mean() - 13 / 986) < 0.004
    assert Scaler.fit(falling, "integer", "quantile", k=1).high == 14.0


def test_a_short_scale_keeps_its_rare_grades():
    grades = np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], [3, 40, 200, 150, 4])
    scaler = Scaler.fit(grades, "integer", "quantile", k=K)
    assert (scaler.low, scaler.high) == (1.0, 5.0)
    assert set(sampled(scaler)) == {1.0, 2.0, 3.0, 4.0, 5.0}
