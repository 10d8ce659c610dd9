"""Rows that are there already: what is missing in them is drawn given the rest, and they have a density."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config

MIXTURE = Config(prior="mixture")


def levels_table(n: int, seed: int) -> pd.DataFrame:
    """A chain: b depends on a, c on b, and what is missing in c on a."""
    rng = np.random.default_rng(seed)
    a = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    b = np.where(rng.random(n) < 0.85, a, rng.choice(3, n))
    c = np.where(rng.random(n) < 0.8, b, rng.choice(3, n)).astype(float)
    c[rng.random(n) < np.where(a == 2, 0.5, 0.02)] = np.nan
    texts = np.array(["p", "q", "r"])
    return pd.DataFrame({"a": texts[a], "b": pd.Categorical(texts[b], ["p", "q", "r", "never"]), "c": c})


def numbers_table(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = 2 * x + rng.normal(0, 0.5, n)
    group = np.where(y + rng.normal(0, 0.5, n) > 0, "high", "low")
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.round(50 + 10 * x), unit="D")
    return pd.DataFrame({"x": x, "y": y, "group": group, "day": day, "count": rng.poisson(5, n)})


LEVELS, NUMBERS = levels_table(3000, 1), numbers_table(1500, 1)


@pytest.fixture(scope="module")
def of_levels():
    return ganbridge.fit(LEVELS, seed=1)


@pytest.fixture(scope="module")
def of_numbers():
    return ganbridge.fit(NUMBERS, seed=1)


def with_gaps(data: pd.DataFrame, share: float = 0.3, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({name: data[name].mask(rng.random(len(data)) < share) for name in data})


def distance(a: pd.Series, b: pd.Series) -> float:
    """Total variation distance of two shares."""
    return float(0.5 * a.sub(b, fill_value=0.0).abs().sum())


# --- imputation -------------------------------------------------------------------------------------------------------


def test_what_is_known_stays_bit_for_bit(of_numbers):
    data = with_gaps(NUMBERS[:300]).set_index(pd.Index(range(1000, 1300)))
    before = data.copy()
    completed = of_numbers.impute(data, m=3, seed=1)
    pd.testing.assert_frame_equal(data, before)
    assert len(completed) == 3
    for table in completed:
        assert not table.isna().any(axis=None)
        assert table.index.equals(data.index)
        assert table.dtypes.equals(data.dtypes)
        for name in data:
            known = data[name].notna()
            assert table[name][known].equals(data[name][known])
    first, second = (table["y"][data["y"].isna()] for table in completed[:2])
    assert not first.equals(second)


def test_times_keep_their_nanoseconds():
    times = pd.Series(pd.date_range("2024-01-01", periods=600, freq="1h") + pd.Timedelta(7, "ns"))
    data = pd.DataFrame({"at": times, "x": np.arange(600.0)})
    gan = ganbridge.fit(data.assign(at=times.dt.round("us")), seed=1, config=MIXTURE)  # what is learned has none
    data.loc[5, "at"] = pd.NaT
    completed = gan.impute(data, m=1, seed=1)[0]
    assert completed["at"].dtype == data["at"].dtype
    assert completed["at"].drop(5).equals(data["at"].drop(5))
    assert abs(completed["at"][5] - times[5]) < pd.Timedelta("2D")


def test_the_seed_decides_and_fewer_tables_are_the_first_of_more(of_numbers):
    data = with_gaps(NUMBERS[:200])
    three = of_numbers.impute(data, m=3, seed=4)
    for table, again in zip(of_numbers.impute(data, m=2, seed=4), three, strict=False):
        pd.testing.assert_frame_equal(table, again)
    assert not of_numbers.impute(data, m=1, seed=5)[0].equals(three[0])
    same = ganbridge.from_bytes(of_numbers.to_bytes())
    pd.testing.assert_frame_equal(same.impute(data, m=1, seed=4)[0], three[0])


KNOWN = [("a", "c"), ("a",), ("c",), ("b",)]


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_levels_follow_the_distribution_given_what_is_known(of_levels, known):
    # Compared with the shares in a hundred times as many rows, in each group that the known values make.
    truth = levels_table(300_000, 2)
    missing = [name for name in ("a", "b", "c") if name not in known]
    rows = levels_table(6000, 3)
    rows = rows[rows[list(known)].notna().all(axis=1)]
    data = rows.copy()
    data[missing] = None
    completed = of_levels.impute(data, m=1, seed=1)[0]
    truth = truth[truth.notna().all(axis=1)]  # what is missing has a value, once it is drawn
    far, alone = [], []
    for value, group in completed.groupby(list(known), observed=True):
        if len(group) < 200:
            continue
        alike = truth[(truth[list(known)] == list(value)).all(axis=1)]
        for name in missing:
            drawn = group[name].astype(str).value_counts(normalize=True)
            far.append(distance(drawn, alike[name].astype(str).value_counts(normalize=True)))
            alone.append(distance(truth[name].astype(str).value_counts(normalize=True),
                                  alike[name].astype(str).value_counts(normalize=True)))  # fmt: skip
    assert np.mean(far) < 0.08
    assert np.mean(alone) > 0.2  # as far as draws from the column alone would be


def test_numbers_follow_the_distribution_given_what_is_known(of_numbers):
    rows = numbers_table(2000, 5)
    rows = rows[rows["x"].between(NUMBERS["x"].min(), NUMBERS["x"].max())]
    data = rows.copy()
    data["y"] = np.nan
    drawn = of_numbers.impute(data, m=1, seed=1)[0]["y"]
    error = drawn - 2 * rows["x"]
    assert abs(error.mean()) < 0.15
    assert error.std() == pytest.approx(0.5, abs=0.35)  # draws from the column alone: 2.9
    assert np.corrcoef(drawn, rows["x"])[0, 1] > 0.9
    data = rows.assign(x=np.nan, y=np.nan)
    both = of_numbers.impute(data, m=1, seed=1)[0]
    days = (rows["day"] - pd.Timestamp("2024-01-01")).dt.days
    assert np.corrcoef(both["x"], days)[0, 1] > 0.9
    assert np.corrcoef(both["x"], both["y"])[0, 1] > 0.85  # two drawn values go with each other, too


def test_completed_tables_differ_as_much_as_is_uncertain(of_numbers):
    data = NUMBERS[:1].loc[[0] * 2].assign(y=np.nan, x=[1.0, np.nan], day=pd.NaT, group=None)
    draws = np.array([table["y"] for table in of_numbers.impute(data, m=60, seed=1)])
    assert draws[:, 0].std() < 1.2 < draws[:, 1].std()


def test_tables_without_gaps_stay_and_rows_without_any_value_are_drawn(of_numbers):
    pd.testing.assert_frame_equal(of_numbers.impute(NUMBERS[:5], m=1, seed=1)[0], NUMBERS[:5])
    empty = pd.DataFrame({name: NUMBERS[name].mask(NUMBERS[name].notna()) for name in NUMBERS})[:500]
    drawn = of_numbers.impute(empty, m=1, seed=1)[0]
    assert np.corrcoef(drawn["x"], drawn["y"])[0, 1] > 0.85
    assert len(of_numbers.impute(empty[:1], m=1, seed=1)[0]) == 1
    assert len(of_numbers.impute(empty[:0], m=1, seed=1)[0]) == 0


def test_columns_may_be_in_any_order_and_of_related_types(of_numbers, of_levels):
    data = with_gaps(NUMBERS[:100])[["group", "count", "y", "day", "x"]]
    completed = of_numbers.impute(data, m=1, seed=1)[0]
    assert list(completed) == list(data)
    assert completed.dtypes.equals(data.dtypes)
    assert (completed["count"] == completed["count"].round()).all()  # whole numbers in a column of floats
    data = pd.DataFrame({"a": pd.Categorical([None, "p"], ["p"]), "b": ["q", None], "c": pd.array([None, 1], "Int64")})
    completed = of_levels.impute(data, m=20, seed=1)
    assert {table["a"][0] for table in completed} > {"q"}  # a level that the user's categories did not have
    assert all(table["b"].dtype == data["b"].dtype and table["a"][1] == "p" for table in completed)
    assert {table["c"][0] for table in completed} <= {0, 1, 2}


def test_arrays_and_columns_that_were_never_missing():
    values = NUMBERS[["x", "y", "count"]].to_numpy()
    gan = ganbridge.fit(values, seed=1)
    data = values[:200].copy()
    data[::3, 1] = np.nan
    completed = gan.impute(data, m=1, seed=1)[0]
    assert isinstance(completed, np.ndarray)
    assert np.array_equal(completed[:, [0, 2]], data[:, [0, 2]])
    assert np.corrcoef(completed[::3, 1], values[:200:3, 1])[0, 1] > 0.8


def test_columns_of_the_training_data_that_are_constant_or_all_missing():
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"x": rng.normal(size=600), "one": 3.5, "none": np.nan, "word": "w"})
    gan = ganbridge.fit(data, seed=1)
    completed = gan.impute(pd.DataFrame({"x": [1.0], "one": [None], "none": [7.0], "word": [None]}), m=1, seed=1)[0]
    assert completed.iloc[0].tolist() == [1.0, 3.5, 7.0, "w"]
    assert gan.impute(data[:3], m=1, seed=1)[0].equals(data[:3])


def test_tables_without_numbers_whose_mixture_has_normal_distributions():
    data = LEVELS[["a", "b"]][:60].mask(np.arange(120).reshape(60, 2) % 17 == 0)
    fit = ganbridge.fit(data[:30], seed=1, config=MIXTURE)
    assert fit.prior is not None
    assert fit.prior.mixture.family == "normals"
    completed = fit.impute(data, m=1, seed=1)[0]
    assert set(completed["a"]) <= set("pqr")
    assert completed["b"].notna().all()
    assert completed["a"].where(data["a"].notna()).equals(data["a"])


# --- density ----------------------------------------------------------------------------------------------------------


def test_probabilities_of_all_rows_sum_to_1(of_levels):
    rows = itertools.product(["p", "q", "r"], ["p", "q", "r"], [0.0, 1.0, 2.0, None])
    density = np.exp(of_levels.log_density(pd.DataFrame(rows, columns=["a", "b", "c"])))
    assert density.sum() == pytest.approx(1.0, abs=1e-4)
    truth = levels_table(100_000, 2)
    share = ((truth["a"] == "p") & (truth["b"] == "p") & (truth["c"] == 0)).mean()
    row = pd.DataFrame({"a": ["p"], "b": ["p"], "c": [0.0]})
    assert np.exp(of_levels.log_density(row)[0]) == pytest.approx(share, rel=0.15)


def test_densities_integrate_to_1_and_are_those_of_the_data():
    rng = np.random.default_rng(1)
    x = rng.normal(10, 3, 5000)
    x[:1500] = 0.0  # a spike has a probability
    data = pd.DataFrame({"x": x, "k": rng.choice(["a", "b"], 5000, p=[0.8, 0.2])})
    gan = ganbridge.fit(data, seed=1)
    sd = data["x"].std()
    grid = np.linspace(data["x"].min() + 1e-9, data["x"].max() - 1e-9, 20_001)
    total = 0.0
    for level in ("a", "b"):
        density = np.exp(gan.log_density(pd.DataFrame({"x": grid, "k": level})))
        spike = np.exp(gan.log_density(pd.DataFrame({"x": [0.0], "k": [level]}))[0])
        assert spike == pytest.approx(0.3 * (0.8 if level == "a" else 0.2), rel=0.1)
        total += spike + density.sum() * (grid[1] - grid[0]) / sd
    assert total == pytest.approx(1.0, abs=0.02)
    # Per standard deviation of the column, the normal density at its mean.
    middle = np.exp(gan.log_density(pd.DataFrame({"x": np.linspace(9, 11, 50), "k": "a"}))).mean()
    assert middle == pytest.approx(0.7 * 0.8 * sd / (3 * np.sqrt(2 * np.pi)), rel=0.2)


def test_what_the_data_does_not_hold_has_no_density(of_levels, of_numbers):
    row = NUMBERS[:1]
    assert np.isfinite(of_numbers.log_density(row)).all()
    for name, value in {
        "x": NUMBERS["x"].max() + 1.0,
        "y": -99.0,
        "group": "other",
        "day": pd.Timestamp("2030-01-01"),
        "count": -1,
        "x ": None,
    }.items():
        odd = row.assign(**{name.strip(): [value]}).astype({"count": int})
        assert of_numbers.log_density(odd).tolist() == [-np.inf]
    known = pd.DataFrame({"a": ["p"] * 4, "b": ["p", "never", "new", None], "c": [0.0] * 4})
    assert np.isfinite(of_levels.log_density(known)).tolist() == [True, False, False, False]
    known = pd.DataFrame({"a": ["p"] * 3, "b": ["p"] * 3, "c": [0.0, None, 0.5]})
    assert np.isfinite(of_levels.log_density(known)).tolist() == [True, True, False]


def test_whole_numbers_that_no_row_has_count_for_half_a_row():
    # In a hole that is too large to be filled, 500 is on the grid and within the range, but never seen.
    rng = np.random.default_rng(1)
    data = pd.DataFrame({"n": np.concatenate([rng.poisson(5, 990), [1000] * 10]), "k": ["a", "b"] * 500})
    gan = ganbridge.fit(data, seed=1)
    density = gan.log_density(pd.DataFrame({"n": [5, 500, 1000], "k": "a"}))
    assert np.isfinite(density).all()
    assert density[0] > density[2]
    assert density[0] > density[1] + 3


def test_rows_that_do_not_go_together_are_odd(of_numbers):
    swapped = NUMBERS.assign(y=NUMBERS["y"].to_numpy()[::-1])
    wrong = (np.sign(swapped["y"]) != np.sign(swapped["x"])) & (swapped["y"].abs() > 1.5) & (swapped["x"].abs() > 0.7)
    density = of_numbers.log_density(NUMBERS)
    assert of_numbers.log_density(swapped[wrong]).mean() < np.quantile(density, 0.05)
    assert np.array_equal(of_numbers.log_density(NUMBERS[["day", "y", "x", "count", "group"]]), density)


def test_malignant_tumours_are_odd_among_benign_ones(within):
    datasets = pytest.importorskip("sklearn.datasets")
    metrics = pytest.importorskip("sklearn.metrics")
    data = datasets.load_breast_cancer(as_frame=True)
    columns = [name for name in data.data if name.startswith("mean")]
    benign, malignant = (data.data[columns][data.target == kind] for kind in (1, 0))
    gan = ganbridge.fit(benign[:250], seed=1, config=MIXTURE)
    held_out = pd.concat([benign[250:], malignant])
    density = np.nan_to_num(gan.log_density(held_out), neginf=-1e6)
    is_odd = np.repeat([False, True], [len(benign) - 250, len(malignant)])
    within("AUC of malignant tumours", metrics.roc_auc_score(is_odd, -density), low=0.9)


# --- fits that have neither -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["impute", "log_density"])
def test_fits_with_networks_say_what_to_do(verb):
    gan = ganbridge.fit(NUMBERS[["x", "y"]], seed=1, config=Config(steps=2))
    with pytest.raises(ValueError, match=r'^`prior` must be "mixture" in the fit for'):
        getattr(gan, verb)(NUMBERS[["x", "y"]])


@pytest.mark.parametrize("verb", ["impute", "log_density"])
def test_other_columns_are_refused(of_numbers, verb):
    call = getattr(of_numbers, verb)
    for data, message in (
        (NUMBERS.drop(columns="y"), 'not one without "y"'),
        (NUMBERS.assign(z=1), 'not one with "z"'),
        (NUMBERS.rename(columns={"y": "z"}), 'not one without "y"'),
    ):
        with pytest.raises(ValueError, match=f"^`data` must have the columns of the fit .*, {message}"):
            call(data)
    with pytest.raises(TypeError, match=r"^`data\[x\]` must be of the column's type, double, not text"):
        call(NUMBERS.assign(x="a"))
    with pytest.raises(TypeError, match=r"^`data` must be a pandas DataFrame or a 2-d array"):
        call([1, 2])


def test_a_column_without_values_stays_so_in_completed_rows():
    rng = np.random.default_rng(5)
    rows = pd.DataFrame({"a": rng.normal(size=100), "b": rng.choice(list("xy"), 100), "none": np.nan, "nothing": None})
    holes = rows.mask(rng.random(rows.shape) < 0.2)
    filled = ganbridge.fit(rows, seed=1).impute(holes, m=1, seed=1)[0]
    assert filled[["a", "b"]].notna().all(axis=None)
    assert filled[["none", "nothing"]].isna().all(axis=None)
