"""Fits of data sets from scikit-learn: samples keep the schema and the dependences."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.datasets import load_diabetes, load_iris, load_wine

import ganbridge
from ganbridge import Config

STEPS = Config(steps=400)


def named_target(bunch, name: str) -> pd.DataFrame:
    """The features, and the class as a category."""
    codes = np.asarray(bunch.target)
    return bunch.data.assign(**{name: pd.Categorical.from_codes(codes, [str(text) for text in bunch.target_names])})


DATA = {
    "diabetes": load_diabetes(as_frame=True, scaled=False).frame,
    "wine": named_target(load_wine(as_frame=True), "cultivar"),
    "iris": named_target(load_iris(as_frame=True), "species"),
}


@pytest.fixture(scope="module", params=DATA)
def pair(request, fit_seed):
    data = DATA[request.param]
    return data, ganbridge.fit(data, seed=fit_seed, config=STEPS).sample(2000, seed=2)


def test_samples_keep_the_schema_the_range_and_the_shares(pair, within):
    data, sample = pair
    assert sample.dtypes.equals(data.dtypes)
    assert list(sample.columns) == list(data.columns)
    shares_off, distance = 0.0, 0.0
    for name in data:
        if isinstance(data[name].dtype, pd.CategoricalDtype):
            shares = (s.value_counts(normalize=True, sort=False) for s in (sample[name], data[name]))
            shares_off = max(shares_off, np.abs(np.subtract(*shares)).max())
        else:
            assert data[name].min() <= sample[name].min() <= sample[name].max() <= data[name].max()
            distance = max(distance, stats.ks_2samp(data[name], sample[name]).statistic)
    # Each column is calibrated. Without that, shares of wine are off by .10 to .16, and the distance is .24 to .36.
    within("shares of levels, off by at most", shares_off, high=0.06)
    within("Kolmogorov-Smirnov distance, largest of all columns", distance, high=0.16)


def test_missing_values_depend_on_the_same_columns(fit_seed, within):
    rng = np.random.default_rng(0)
    kind = rng.choice(["a", "b"], 600)
    x = np.where(kind == "a", 1.0, 5.0) + rng.normal(0, 0.3, 600)
    data = pd.DataFrame({"kind": kind, "x": np.where((kind == "b") & (rng.random(600) < 0.5), np.nan, x)})
    sample = ganbridge.fit(data, seed=fit_seed, config=Config(steps=3000)).sample(4000, seed=2)
    gone = sample["x"].isna()
    # Independent of the kind, both shares would be .25, and both means about 2.3.
    within("missing where none is", gone[sample["kind"] == "a"].mean(), high=0.06)
    within("missing where half are", gone[sample["kind"] == "b"].mean(), 0.4, 0.6)
    means = sample.groupby("kind")["x"].mean()
    within("mean of a, really 1", means["a"], 0.7, 1.3)
    within("mean of b, really 5", means["b"], 4.5, 5.5)


def test_conditions_have_an_effect_and_rare_levels_are_learned(fit_seed, within):
    rng = np.random.default_rng(0)
    kind = np.r_[["common"] * 950, ["rare"] * 50]
    data = pd.DataFrame({"kind": kind, "x": np.where(kind == "rare", 8.0, 0.0) + rng.normal(0, 1, 1000)})
    gan = ganbridge.fit(data, condition="kind", seed=fit_seed, config=Config(steps=3000))
    rare = gan.sample(1000, given={"kind": "rare"}, seed=1)
    assert (rare["kind"] == "rare").all()
    assert len(rare) == 1000
    # A condition without effect gives rows of both levels: a mean of .4. If half of the rows have the right level, the
    # mean is 4 and the sd 4. Today a few rows in a hundred are those of the common level.
    within("mean of the rare level, really 8", rare["x"].mean(), 6.0, 9.0)
    within("sd of the rare level, really 1", rare["x"].std(), 0.4, 3.0)
    assert gan.sample(300, given={"kind": "rare"}, seed=1).equals(rare.head(300))
    assert abs((gan.sample(4000, seed=1)["kind"] == "rare").mean() - 0.05) < 0.015


def test_a_number_and_a_date_can_be_conditions(fit_seed, within):
    rng = np.random.default_rng(0)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 366, 800), unit="D")
    dose = rng.uniform(0, 10, 800).round(1)
    data = pd.DataFrame({"day": day, "dose": dose, "y": dose + day.day_of_year / 100 + rng.normal(0, 0.2, 800)})
    gan = ganbridge.fit(data, condition=["dose", "day"], seed=fit_seed, config=Config(steps=3000))
    low, high = (gan.sample(500, given={"dose": dose, "day": "2024-07-01"}, seed=1)["y"].mean() for dose in (2.0, 8.0))
    # A condition that has no effect gives 6.8 for both.
    within("mean at a dose of 2, really 3.83", low, 3.33, 4.33)
    within("mean at a dose of 8, really 9.83", high, 9.33, 10.33)
    # Conditions that are not given are drawn from rows with the given ones.
    beside = gan.sample(400, given={"dose": 5.0}, seed=1)
    assert (beside["dose"] == 5.0).all()
    assert beside["day"].nunique() > 20
