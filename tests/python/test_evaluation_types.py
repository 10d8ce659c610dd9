"""Reports of data frames with categories, texts, logicals, dates, time spans and missing values."""

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config, evaluate
from ganbridge.evaluation.metrics import classifiers
from ganbridge.evaluation.verdicts import FAIR, GOOD, NONE, POOR

CITIES = ["Aarhus", "Bonn", "Cork", "Delft"]


@pytest.fixture(autouse=True, scope="module")
def few_trees():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "TREES", 12)
        yield


def people(n, seed):
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 90, n)
    income = np.exp(9.0 + 0.02 * age + 0.3 * rng.normal(size=n))
    frame = pd.DataFrame(
        {
            "age": age,
            "income": np.where(rng.random(n) < 0.1, np.nan, income),
            "city": pd.Categorical(rng.choice(CITIES, n, p=[0.5, 0.3, 0.15, 0.05]), CITIES),
            "size": pd.Categorical(rng.choice(["S", "M"], n), ["S", "M", "L"], ordered=True),
            "old": age > 60,
            "name": rng.choice(["ann", "bob"], n),
            "seen": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), unit="D"),
            "wait": pd.to_timedelta(rng.exponential(1e4, n).round(3), unit="s").round("us"),
        }
    )
    frame.loc[rng.random(n) < 0.2, "city"] = np.nan
    return frame


REAL, MADE, HOLDOUT = people(300, 1), people(300, 2), people(150, 3)


def row(report, metric, column):
    return next(f for f in report.findings if (f.metric, f.column) == (metric, column))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("target", ["age", "income", "city", "old", "name", "seen"])
def test_real_rows_instead_of_generated_ones_are_good_with_any_target(target):
    report = evaluate(MADE, REAL, HOLDOUT, target)
    verdicts = [f.verdict for f in report.findings]
    assert set(verdicts) <= {GOOD, FAIR, NONE}
    assert np.mean([verdict == GOOD for verdict in verdicts]) > 0.85
    scores = [row(report, f"prediction, {model} model", target) for model in ("linear", "tree")]
    if target in ("income", "old"):  # which depends on age
        assert min(f.value for f in scores) > 0.2
    assert max(map(len, str(report).splitlines())) <= 100


def test_each_type_has_its_metrics():
    report = evaluate(MADE, REAL)
    numeric, category = (
        {f.column for f in report.findings if f.metric == m} for m in ("Kolmogorov-Smirnov", "total variation")
    )
    assert numeric == {"age", "income", "seen", "seen (day of year)", "wait"}
    assert category == {"city", "size", "old", "name", "seen (weekday)"}
    assert {f.column for f in report.findings if f.metric == "missing share"} == {"income"}
    pairs = {f.column for f in report.findings if f.metric == "correlation difference"}
    assert pairs == {
        "age, income",
        "age, seen",
        "age, wait",
        "income, seen",
        "income, wait",
        "seen, wait",
        *(f"{name}, seen (day of year)" for name in ("age", "income", "wait")),
        "all 9 pairs",
    }


def test_missing_values_are_a_level_of_categories_and_a_share_of_numbers():
    gone = MADE.copy()
    gone.loc[gone.index[:240], "income"] = np.nan
    gone["city"] = gone["city"].cat.set_categories(CITIES).mask(np.arange(300) < 240)
    report = evaluate(gone, REAL, HOLDOUT)
    share = row(report, "missing share", "income")
    assert share.value > 0.7
    assert share.verdict == POOR
    assert share.meaning.startswith("Missing share 8")
    assert row(report, "total variation", "city").value > 0.5
    assert row(report, "Kolmogorov-Smirnov", "income").verdict == GOOD  # of the values that are present
    assert row(report, "AUC, tree model", "all columns").verdict in (FAIR, POOR)


def test_levels_are_matched_by_name():
    renamed = MADE.assign(city=MADE["city"].cat.reorder_categories(CITIES[::-1]), old=MADE["old"].astype("boolean"))
    renamed["name"] = pd.Categorical(renamed["name"], ["bob", "ann", "unused"])
    assert evaluate(renamed, REAL).to_frame().equals(evaluate(MADE, REAL).to_frame())
    other = MADE.assign(name=MADE["name"].replace("bob", "eve"))
    assert row(evaluate(other, REAL, HOLDOUT), "total variation", "name").value > 0.4


def test_copies_equal_a_row_in_all_columns_and_missing_values():
    report = evaluate(REAL.iloc[::-1], REAL, HOLDOUT)
    assert row(report, "copied rows", "all columns").value == 1.0
    other_gap = REAL.assign(income=REAL["income"].fillna(0.0))
    share = row(evaluate(other_gap, REAL, HOLDOUT), "copied rows", "all columns").value
    assert share == pytest.approx(REAL["income"].notna().mean())


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"x": np.full(30, np.nan), "y": range(30)}),
        pd.DataFrame({"k": pd.Categorical(["a"] * 30)}),
        pd.DataFrame({"k": pd.Categorical([None] * 30, ["a", "b"]), "t": ["u", None] * 15}),
        pd.DataFrame({"when": pd.to_datetime(["2024-01-01"] * 29 + [None]), "flag": [True, False] * 15}),
        pd.DataFrame({"id": [f"person {i}" for i in range(30)], "x": np.arange(30.0)}),
    ],
)
def test_uninformative_columns(frame):
    for target in [None, *frame.columns]:
        report = evaluate(frame, frame.iloc[::2], target=target)
        assert len(report.findings) >= 8
        assert max(map(len, str(report).splitlines())) <= 100
        report.plot()


def test_types_that_do_not_match_are_refused():
    for column, made, words in (
        (
            "city",
            MADE.assign(city=1.0),
            '`synthetic_or_fit` must hold categories in column "city", as `real` does, not numbers',
        ),
        ("old", MADE.assign(old="yes"), '`synthetic_or_fit` must hold logical in column "old"'),
        ("seen", MADE.assign(seen=MADE["seen"].astype(str)), '`synthetic_or_fit` must hold datetime in column "seen"'),
    ):
        assert column in made
        with pytest.raises(TypeError) as problem:
            evaluate(made, REAL)
        assert words in str(problem.value)


def test_a_fit_of_typed_columns_and_of_one_with_a_condition(fit_seed):
    gan = ganbridge.fit(REAL, seed=fit_seed, config=Config(steps=30))
    report = evaluate(gan, REAL, HOLDOUT, target="city")
    levels = {f.column for f in report.findings if f.metric == "total variation"}
    assert levels == {"city", "size", "old", "name", "seen (weekday)"}
    conditional = ganbridge.fit(REAL, seed=fit_seed, condition=["name"], config=Config(steps=30))
    assert row(evaluate(conditional, REAL), "total variation", "name").verdict == GOOD
