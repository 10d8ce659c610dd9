"""Metrics of disclosure, membership, identifiers and dates, compared with pandas, scipy and scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KernelDensity, NearestNeighbors

from ganbridge.data import Column
from ganbridge.encode import times as clocks
from ganbridge.evaluation.metrics import disclosure, identifiers, membership

RNG = np.random.default_rng(4)


def coded(n, rng=RNG):
    """Two keys and a target that depends on them."""
    a, b = rng.integers(0, 12, n), rng.integers(0, 9, n)
    return pd.DataFrame({"a": a, "b": b, "target": (a + b + rng.integers(0, 2, n)) % 4})


REAL, MADE = coded(200), coded(150)


def codes(real, made):
    both = pd.concat([real, made])
    keys = disclosure.joint_codes([both[name].to_numpy() for name in ("a", "b")])
    target = both["target"].to_numpy()
    n = len(real)
    return keys[:n], target[:n], keys[n:], target[n:]


def by_groups(real, made):
    """repU, UiO, DiSCO and DCAP, row by row."""
    groups = {key: group["target"].tolist() for key, group in made.groupby(["a", "b"])}
    sizes = real.groupby(["a", "b"]).size()
    unique = replicated = disclosed = attributed = 0.0
    for a, b, target in real.itertuples(index=False):
        same = groups.get((a, b), [])
        unique += sizes[a, b] == 1
        replicated += sizes[a, b] == 1 and len(same) == 1
        disclosed += len(same) > 0 and set(same) == {target}
        attributed += same.count(target) / len(same) if same else 0.0
    return np.array([replicated, unique, disclosed, attributed]) / len(real)


@pytest.mark.parametrize("made", [MADE, REAL, REAL.iloc[:20], MADE + 20])
def test_disclosure_is_that_of_pandas_groups(made):
    keys, target, made_keys, made_target = codes(REAL, made)
    measured = [
        disclosure.replicated_uniques(keys, made_keys),
        disclosure.unique_share(keys),
        disclosure.correct_disclosures(keys, target, made_keys, made_target),
        disclosure.correct_attribution(keys, target, made_keys, made_target),
    ]
    np.testing.assert_allclose(measured, by_groups(REAL, made))


def test_copies_replicate_all_uniques_and_others_disclose_nothing():
    keys, target, *_ = codes(REAL, MADE)
    assert disclosure.replicated_uniques(keys, keys) == disclosure.unique_share(keys) > 0.0
    assert disclosure.correct_disclosures(keys, target, keys, 1 - (target > 1)) < 1.0
    _, _, far_keys, far_target = codes(REAL, MADE + 20)
    assert disclosure.correct_attribution(keys, target, far_keys, far_target) == 0.0


def test_nearness_is_the_distance_to_scikit_learns_neighbour():
    rows, made = RNG.normal(size=(60, 3)), RNG.normal(size=(80, 3))
    distances = NearestNeighbors(n_neighbors=1).fit(made).kneighbors(rows)[0][:, 0]
    np.testing.assert_allclose(membership.nearness(rows, made), -distances)


def test_the_density_ratio_is_scikit_learns_on_principal_components():
    def draw(n):
        x = RNG.lognormal(size=(n, 3))
        return np.column_stack([x, x[:, 0] + x[:, 1], RNG.integers(0, 2, n)])

    rows, made, known = draw(50), draw(90), draw(120)
    seen = np.concatenate([made, known])
    scored = [part.copy() for part in (seen, rows)]
    for j in range(4):
        for part, scores in zip((seen, rows), scored, strict=True):
            below, upto = (np.searchsorted(np.sort(seen[:, j]), part[:, j], side) for side in ("left", "right"))
            scores[:, j] = stats.norm.ppf(((below + upto) / 2 + 0.5) / (len(seen) + 1))
    pca = PCA().fit(scored[0])
    count = int(np.searchsorted(np.cumsum(pca.explained_variance_ratio_), 0.95) + 1)
    projected, at = (pca.transform(part)[:, :count] for part in scored)
    logs = []
    for part in (projected[:90], projected[90:]):
        root = np.linalg.inv(np.linalg.cholesky(np.cov(part, rowvar=False))).T
        density = KernelDensity(bandwidth=len(part) ** (-1 / (count + 4))).fit(part @ root)
        logs.append(density.score_samples(at @ root) + np.log(abs(np.linalg.det(root))))
    np.testing.assert_allclose(membership.density_ratio(rows, made, known), logs[0] - logs[1], rtol=1e-6, atol=1e-8)


def test_a_constant_sample_tells_nothing():
    rows = np.ones((30, 2))
    assert membership.density_ratio(rows, rows, rows).tolist() == [0.0] * 30


def test_attacks_find_copies_and_not_new_rows():
    training, others, known = RNG.normal(size=(3, 300, 4))
    rows, truth = np.concatenate([training, others]), np.repeat([1, 0], 300)
    fresh = RNG.normal(size=(300, 4))
    error = membership.chance_error(300, 300)
    for scores in (lambda made: membership.nearness(rows, made), lambda m: membership.density_ratio(rows, m, known)):
        assert roc_auc_score(truth, scores(training)) > 0.6
        assert abs(roc_auc_score(truth, scores(fresh)) - 0.5) < 4 * error


def test_the_error_by_chance_is_that_of_simulated_areas():
    truth = np.repeat([1, 0], [40, 60])
    ranks = stats.rankdata(RNG.normal(size=(20000, 100)), axis=1)[:, truth == 1].sum(1)
    areas = (ranks - 40 * 41 / 2) / (40 * 60)
    assert membership.chance_error(40, 60) == pytest.approx(np.std(areas), rel=0.03)


def text(values):
    levels = sorted(set(values))
    return Column("name", "text", np.array([levels.index(value) for value in values], float), levels=levels)


def test_a_column_is_near_unique_if_nine_in_ten_values_stand_alone():
    names = [f"Anna {i}" for i in range(100)]
    assert identifiers.is_near_unique(text(names))
    assert identifiers.is_near_unique(text(names[:90] + ["x"] * 10))
    assert not identifiers.is_near_unique(text(names[:89] + ["x"] * 11))
    assert not identifiers.is_near_unique(text(names[:9]))  # too few to tell
    gaps = Column("id", "integer", np.arange(50.0), missing=np.arange(50) < 45)
    assert not identifiers.is_near_unique(gaps)


def test_known_values_are_counted_as_by_pandas():
    real, made = RNG.integers(0, 500, 200), RNG.integers(0, 500, 100)
    assert identifiers.known_share(made, real) == pytest.approx(pd.Series(made).isin(real).mean())
    assert identifiers.known_share(real, real, same=True) == pytest.approx(
        pd.Series(real).duplicated(keep=False).mean()
    )


@pytest.mark.parametrize(
    ("type", "real", "possible"),
    [
        ("date", np.arange(19000.0, 19153.0), np.arange(19000.0, 19153.0)),
        ("datetime", pd.bdate_range("2024-01-01", periods=200).to_numpy().astype("datetime64[s]").astype(float), None),
        ("integer", RNG.choice(np.arange(1000.0), 300, replace=False), np.arange(1000.0)),
        ("double", np.round(np.cumsum(RNG.integers(1, 4, 300)) * 0.25, 2), np.arange(0.25, 150.0, 0.25)),
        ("date", RNG.choice(np.arange(0.0, 30000.0), 300, replace=False), np.arange(30000.0)),
    ],
    ids=["days", "working days", "whole numbers", "quarters", "birthdays"],
)
def test_values_are_met_by_chance_as_if_drawn_from_their_grid(type, real, possible):
    column = Column("x", type, real)
    possible = real if possible is None else possible[(possible >= real.min()) & (possible <= real.max())]
    drawn = np.random.default_rng(1).choice(possible, 4000)
    share = identifiers.known_share(drawn, real)
    assert identifiers.chance_share(drawn, column) == pytest.approx(share, abs=0.03)


def test_texts_and_numbers_with_all_digits_are_not_met_by_chance():
    exact = np.random.default_rng(1).normal(size=100)
    assert identifiers.chance_share(exact, Column("x", "double", exact)) == 0.0
    assert identifiers.chance_share(np.arange(99.0), text([f"Anna {i}" for i in range(99)])) == 0.0
    cents = np.round(exact * 1e6, 2)
    assert identifiers.chance_share(cents, Column("x", "double", cents)) < 0.001


def test_parts_of_times_are_pandas():
    seen = pd.Series(pd.to_datetime(RNG.integers(-(10**9), 2 * 10**9, 300), unit="s"))
    seconds = (seen - pd.Timestamp(0)).dt.total_seconds().to_numpy()
    column = Column("seen", "datetime", seconds, "datetime64[s]")
    (times,) = clocks.times_of([column], [column], [column])
    year, week, day = times.parts
    np.testing.assert_array_equal(year.values, seen.dt.day_of_year)
    assert [week.levels[int(code)] for code in week.values] == seen.dt.day_name().tolist()
    hours = seen.dt.hour + seen.dt.minute / 60 + seen.dt.second / 3600
    np.testing.assert_allclose(day.values, hours, atol=1e-6)
    assert [part.name for part in times.parts] == ["seen (day of year)", "seen (weekday)", "seen (time of day)"]


@pytest.mark.parametrize(("span", "parts"), [(5, 0), (100, 1), (800, 2)])
def test_parts_that_say_nothing_new_are_left_out(span, parts):
    column = Column("seen", "date", 18000.0 + np.arange(span + 1.0))
    (times,) = clocks.times_of([column, text(["a", "b"])], [column], [column])
    assert len(times.parts) == parts


def test_one_day_and_the_days_between():
    first = Column("a", "date", np.array([10.0, 11.0, 12.0, 13.0]))
    second = Column("b", "datetime", np.array([10.9, 12.1, 12.0, 0.0]), missing=np.array([False, False, False, True]))
    assert clocks.same_day(first, second) == pytest.approx(2 / 3)
    np.testing.assert_allclose(clocks.days_between(first, second), [0.9, 1.1, 0.0])
