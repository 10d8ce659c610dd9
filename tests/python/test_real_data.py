"""Data sets that scikit-learn ships: what comes back has the schema that went in, and what hangs together stays so."""

import numpy as np
import pandas as pd
import pytest
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
def pair(request):
    data = DATA[request.param]
    return data, ganbridge.fit(data, seed=1, config=STEPS).sample(2000, seed=2)


def test_the_schema_the_range_and_the_shares_stay(pair):
    data, sample = pair
    assert sample.dtypes.equals(data.dtypes)
    assert list(sample.columns) == list(data.columns)
    for name in data:
        if isinstance(data[name].dtype, pd.CategoricalDtype):
            shares = (s.value_counts(normalize=True, sort=False) for s in (sample[name], data[name]))
            assert np.abs(np.subtract(*shares)).max() < 0.04
        else:
            assert data[name].min() <= sample[name].min() <= sample[name].max() <= data[name].max()
            # The margin of each column is calibrated: its quartiles lie where the data's lie.
            quartiles = [np.quantile(frame[name], [0.25, 0.5, 0.75]) for frame in (data, sample)]
            assert np.abs(np.subtract(*quartiles)).max() < 0.25 * (data[name].std() or 1.0)


def test_missing_values_depend_on_what_they_depended_on():
    rng = np.random.default_rng(0)
    kind = rng.choice(["a", "b"], 600)
    x = np.where(kind == "a", 1.0, 5.0) + rng.normal(0, 0.3, 600)
    data = pd.DataFrame({"kind": kind, "x": np.where((kind == "b") & (rng.random(600) < 0.5), np.nan, x)})
    sample = ganbridge.fit(data, seed=1, config=Config(steps=3000)).sample(4000, seed=2)
    gone = sample["x"].isna()
    assert gone[sample["kind"] == "a"].mean() < 0.06
    assert 0.4 < gone[sample["kind"] == "b"].mean() < 0.6
    means = sample.groupby("kind")["x"].mean()
    assert abs(means["a"] - 1.0) < 0.3
    assert abs(means["b"] - 5.0) < 0.3


def test_conditions_give_what_is_asked_for_and_rare_levels_are_learned():
    rng = np.random.default_rng(0)
    kind = np.r_[["common"] * 950, ["rare"] * 50]
    data = pd.DataFrame({"kind": kind, "x": np.where(kind == "rare", 8.0, 0.0) + rng.normal(0, 1, 1000)})
    gan = ganbridge.fit(data, condition="kind", seed=1, config=Config(steps=3000))
    rare = gan.sample(1000, given={"kind": "rare"}, seed=1)
    assert (rare["kind"] == "rare").all()
    assert len(rare) == 1000
    assert abs(rare["x"].mean() - 8.0) < 0.6
    assert 0.5 < rare["x"].std() < 1.6
    assert gan.sample(300, given={"kind": "rare"}, seed=1).equals(rare.head(300))
    assert abs((gan.sample(4000, seed=1)["kind"] == "rare").mean() - 0.05) < 0.015


def test_a_number_and_a_date_can_be_conditions():
    rng = np.random.default_rng(0)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 366, 800), unit="D")
    dose = rng.uniform(0, 10, 800).round(1)
    data = pd.DataFrame({"day": day, "dose": dose, "y": dose + day.day_of_year / 100 + rng.normal(0, 0.2, 800)})
    gan = ganbridge.fit(data, condition=["dose", "day"], seed=1, config=Config(steps=3000))
    low, high = (gan.sample(500, given={"dose": dose, "day": "2024-07-01"}, seed=1)["y"].mean() for dose in (2.0, 8.0))
    assert abs(low - 3.83) < 0.5
    assert abs(high - 9.83) < 0.5
    # What is not given is drawn as it occurs beside what is.
    beside = gan.sample(400, given={"dose": 5.0}, seed=1)
    assert (beside["dose"] == 5.0).all()
    assert beside["day"].nunique() > 20
