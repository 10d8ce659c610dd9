"""Pooling of analyses of several synthetic data sets."""

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import pool
from ganbridge.training.streams import seeds_of_repeats


def test_the_pooled_variance_is_that_of_real_rows_and_of_the_samples():
    pooled = pool([{"a": 1.0, "b": 2.0}, {"a": 3.0, "b": 2.0}], [{"a": 4.0, "b": 1.0}] * 2, rows=50, synthetic_rows=100)
    assert pooled["term"].tolist() == ["a", "b"]
    assert pooled["estimate"].tolist() == [2.0, 2.0]
    np.testing.assert_allclose(pooled["std_error"], np.sqrt([4.0 * 2.5, 1.0 * 2.5]))
    np.testing.assert_allclose(pooled["high"] - pooled["low"], 2 * 1.959963984540054 * pooled["std_error"])


def test_intervals_cover_the_truth_as_often_as_they_say():
    # A right model: a normal distribution with the mean and sd of n real rows, k rows drawn from it m times. Taking the
    # k * m rows for real ones, the interval would cover the truth in 37 percent of cases.
    rng = np.random.default_rng(1)
    n, k, m, covered, naive = 60, 200, 5, [], []
    for _ in range(600):
        real = rng.normal(0.0, 1.0, n)
        samples = rng.normal(real.mean(), real.std(ddof=1), (m, k))
        pooled = pool(samples.mean(1), samples.var(1, ddof=1) / k, rows=n, synthetic_rows=k).iloc[0]
        covered.append(pooled["low"] <= 0.0 <= pooled["high"])
        naive.append(abs(samples.mean()) <= 1.96 * samples.std() / np.sqrt(k * m))
    assert 0.92 < np.mean(covered) < 0.975
    assert np.mean(naive) < 0.5


@pytest.mark.parametrize(
    "estimates",
    [
        [pd.Series({"x": 1.0, "y": 2.0})] * 3,
        [{"x": 1.0, "y": 2.0}] * 3,
        [[1.0, 2.0]] * 3,
        np.array([[1.0, 2.0]] * 3),
    ],
)
def test_estimates_have_many_forms(estimates):
    pooled = pool(estimates, estimates, rows=10, synthetic_rows=10)
    assert pooled["estimate"].tolist() == [1.0, 2.0]
    assert pooled["term"].tolist() == (["1", "2"] if isinstance(estimates[0], (list, np.ndarray)) else ["x", "y"])


@pytest.mark.parametrize(
    ("estimates", "variances", "text"),
    [
        ([], [1.0], "`estimates` must be finite numbers"),
        ("ab", [1.0], "`estimates` must be finite numbers"),
        ([1.0, 2.0], [1.0], "`variances` must be 1 of each of 2 data sets"),
        ([1.0, 2.0], [1.0, -2.0], "`variances` must be numbers of at least 0, not -2.0"),
        ([1.0, float("nan")], [1.0, 1.0], "`estimates` must be finite numbers"),
        ([{"a": 1.0}, {"b": 1.0}], [1.0, 1.0], "`estimates` must be of the same terms"),
        ([{"a": 1.0}], [{"b": 1.0}], "`variances` must be 1 of each of 1 data sets"),
    ],
)
def test_what_cannot_be_pooled_is_refused(estimates, variances, text):
    with pytest.raises(ValueError, match=text):
        pool(estimates, variances, rows=10, synthetic_rows=10)


def test_m_samples_begin_with_the_one_that_is_drawn_alone():
    frame = pd.DataFrame({"x": np.random.default_rng(0).normal(size=30), "g": list("abc") * 10})
    gan = ganbridge.fit(frame, seed=1, epochs=1)
    samples = gan.sample(seed=4, m=3)
    assert [len(sample) for sample in samples] == [30, 30, 30]
    pd.testing.assert_frame_equal(samples[0], gan.sample(30, seed=4))
    pd.testing.assert_frame_equal(samples[1], gan.sample(seed=4, m=2)[1])
    assert not samples[1].equals(samples[0])
    with pytest.raises(ValueError, match="`m` must be a whole number of at least 1, not 0"):
        gan.sample(5, m=0)
    assert len(set(seeds_of_repeats(4, 1000))) == 1000
    assert max(seeds_of_repeats(4, 1000)) < 2**31


def test_waves_may_be_the_rows_of_a_data_frame():
    array = ganbridge.make_waves(n=20, m=12, seed=1).astype(np.float32)
    frame = pd.DataFrame(array, columns=[f"t{i}" for i in range(12)])
    gan = ganbridge.fit(frame, kind="wave", epochs=1, seed=1)
    same = ganbridge.from_bytes(gan.to_bytes())
    drawn = same.sample(3, seed=2)
    assert list(drawn) == list(frame)
    assert (drawn.dtypes == np.float32).all()
    np.testing.assert_array_equal(drawn, ganbridge.fit(array, kind="wave", epochs=1, seed=1).sample(3, seed=2))
    labelled = ganbridge.fit(frame, kind="wave", epochs=1, seed=1, condition=list("ab") * 10)
    assert labelled.sample_with_conditions(2, given={"label": "b"}, seed=1)[1]["label"].tolist() == ["b", "b"]
    whole = ganbridge.fit(pd.DataFrame({0: [1, 2, 3] * 4, 1: [2.5, 1.0, 0.5] * 4}), kind="wave", epochs=1, seed=1)
    assert list(whole.sample(2, seed=1)) == [0, 1]
    frame["t3"] = frame["t3"].where(frame["t3"] > 0)
    with pytest.raises(TypeError, match='not missing values in column "t3"'):
        ganbridge.fit(frame, kind="wave")
