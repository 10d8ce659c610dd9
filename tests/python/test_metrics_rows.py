"""Whole rows: against scikit-learn, scipy and plain definitions."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import pairwise_distances, r2_score, roc_auc_score
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.neighbors import NearestNeighbors

from ganbridge.data import Column
from ganbridge.evaluation.metrics import classifiers, fidelity, privacy, utility
from ganbridge.training.distances import nearest, nearest_ranks

RNG = np.random.default_rng(11)


@pytest.mark.parametrize("far", [0.0, 1e6, -1e9])
def test_neighbours_do_not_depend_on_the_location(far):
    rows, others = RNG.normal(size=(200, 3)), RNG.normal(size=(150, 3))
    distances, numbers = nearest_ranks(rows + far, others + far, (1, 2))
    expected = NearestNeighbors(n_neighbors=2).fit(others).kneighbors(rows)
    assert np.allclose(distances.T, expected[0], rtol=1e-5 if far else 1e-12)
    if abs(far) <= 1e6:
        assert np.array_equal(numbers.T, expected[1])
    assert nearest(others + far, others + far)[0].max() == 0.0  # a copy is exactly 0 away


@pytest.mark.parametrize("far", [0.0, 1e7])
def test_energy_distance_in_one_dimension_is_the_square_of_scipys(far):
    a, b = RNG.normal(size=(400, 1)), RNG.normal(0.5, 2.0, size=(300, 1))
    expected = stats.energy_distance(a[:, 0], b[:, 0]) ** 2
    assert fidelity.energy_distance(a + far, b + far) == pytest.approx(expected, abs=1e-6)


def test_the_energy_distance_of_many_columns_is_that_of_scikit_learns_distances():
    a, b = RNG.normal(size=(120, 5)), RNG.normal(0.4, 1.0, size=(90, 5))
    between, first, second = (pairwise_distances(x, y).mean() for x, y in ((a, b), (a, a), (b, b)))
    assert fidelity.energy_distance(a, b) == pytest.approx(2 * between - first - second, abs=1e-9)


def test_the_energy_coefficient_has_no_unit():
    a, b = RNG.normal(size=(300, 4)), RNG.normal(0.5, 1.0, size=(200, 4))
    expected = fidelity.energy_distance(a, b) / (2 * cdist(a, b).mean())
    assert fidelity.energy_coefficient(a, b) == pytest.approx(expected)
    assert fidelity.energy_coefficient(1e5 * a, 1e5 * b) == pytest.approx(expected)
    assert fidelity.energy_coefficient(a, RNG.normal(size=(300, 4))) == pytest.approx(1 / 300, abs=1 / 150)
    assert fidelity.energy_coefficient(np.zeros((5, 2)), np.ones((9, 2))) == pytest.approx(1.0)
    assert fidelity.energy_coefficient(np.ones((5, 2)), np.ones((9, 2))) == 0.0


@pytest.mark.parametrize("neighbours", [1, 5])
def test_density_is_its_definition(neighbours):
    real, made = RNG.normal(size=(90, 2)), RNG.normal(size=(60, 2)) * 0.7
    reach = np.sort(cdist(real, real), axis=1)[:, neighbours]
    expected = (cdist(made, real) <= reach).sum() / (neighbours * len(made))
    assert fidelity.density(made, real, neighbours) == pytest.approx(expected)


def test_density_of_known_samples():
    real = RNG.normal(size=(1000, 2))
    assert fidelity.density(RNG.normal(size=(1000, 2)), real) == pytest.approx(1.0, abs=0.1)
    assert fidelity.density(np.repeat(real[:1], 50, axis=0), real[:6], 5) == 6 / 5  # within the radius of all six
    assert fidelity.density(real + 50.0, real) == 0.0


def test_auc_is_scikit_learns():
    truth = RNG.random(500) < 0.3
    for scores in (RNG.random(500) + 0.3 * truth, RNG.integers(0, 4, 500).astype(float), np.zeros(500)):
        assert classifiers.auc(scores, truth) == pytest.approx(roc_auc_score(truth, scores))
    assert math.isnan(classifiers.auc(np.zeros(5), np.ones(5, dtype=bool)))


def test_pmse_is_that_of_an_unpenalized_logistic_regression():
    made, real = RNG.normal(0.3, 1.3, size=(150, 3)), RNG.normal(size=(250, 3))
    rows, truth = np.concatenate([made, real]), np.repeat([1, 0], [150, 250])
    first, second = np.triu_indices(3)
    terms = np.concatenate([rows, rows[:, first] * rows[:, second]], 1)
    assert terms.shape[1] + 1 <= utility.TERMS_SHARE * len(rows)
    probability = LogisticRegression(C=1e10, max_iter=10_000, tol=1e-10).fit(terms, truth).predict_proba(terms)[:, 1]
    share = 150 / 400
    value, expected = utility.pmse(made, real)
    assert value == pytest.approx(((probability - share) ** 2).mean(), rel=1e-4)
    assert expected == pytest.approx(9 * (1 - share) ** 2 * share / 400)


def test_with_few_rows_pmse_uses_only_the_features():
    made, real = RNG.normal(size=(30, 4)), RNG.normal(size=(30, 4))
    probability = (
        LogisticRegression(C=1e10, max_iter=10_000, tol=1e-10)
        .fit(np.concatenate([made, real]), np.repeat([1, 0], 30))
        .predict_proba(np.concatenate([made, real]))[:, 1]
    )
    value, expected = utility.pmse(made, real)
    assert value == pytest.approx(((probability - 0.5) ** 2).mean(), rel=1e-4)
    assert expected == pytest.approx(4 / 8 / 60)


def test_the_expectation_of_pmse_holds_by_simulation():
    """It is that of generated rows given the real ones; if both are drawn, it is 1 / (1 - c) times as large."""
    ratios = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        value, expected = utility.pmse(rng.normal(size=(200, 3)), rng.normal(size=(200, 3)))
        ratios.append(value / expected)
    assert np.mean(ratios) == pytest.approx(2.0, abs=0.35)


def test_pmse_of_rows_that_can_be_separated_and_of_constant_ones():
    made, real = RNG.normal(size=(50, 2)), RNG.normal(size=(50, 2)) + 20.0
    assert utility.pmse(made, real)[0] == pytest.approx(0.25, abs=1e-3)
    assert utility.pmse(np.zeros((20, 2)), np.zeros((30, 2))) == (pytest.approx(0.0, abs=1e-12), 0.0)
    twice = np.repeat(RNG.normal(size=(400, 1)), 3, axis=1)  # columns that repeat each other count once
    assert utility.pmse(twice[:99], twice[99:]) == pytest.approx(utility.pmse(twice[:99, :1], twice[99:, :1]))
    assert math.isnan(utility.pmse(made[:9], real)[0])


@pytest.mark.parametrize("model", classifiers.MODELS)
def test_two_samples_of_one_distribution_cannot_be_distinguished(model):
    found = [
        utility.two_sample_auc(*np.random.default_rng(seed).normal(size=(2, 200, 3)), model, seed) for seed in range(6)
    ]
    assert np.mean(found) == pytest.approx(0.5, abs=0.05)
    made, real = RNG.normal(size=(200, 2)) + 5.0, RNG.normal(size=(200, 2))
    assert utility.two_sample_auc(made, real, model, 1) > 0.99
    assert math.isnan(utility.two_sample_auc(made[:9], real, model, 1))


def test_the_trees_of_the_two_sample_auc_are_scikit_learns_over_the_same_folds(monkeypatch):
    monkeypatch.setattr(classifiers, "TREES", 10)
    made, real = RNG.normal(0.4, 1.2, size=(90, 3)), RNG.normal(size=(110, 3))
    rows, truth = np.concatenate([made, real]), np.repeat([True, False], [90, 110])
    rng = np.random.default_rng(4)
    folds = PredefinedSplit(np.concatenate([rng.permutation(n) % utility.FOLDS for n in (90, 110)]))
    forest = RandomForestClassifier(10, min_samples_leaf=classifiers.LEAF, random_state=4)
    expected = cross_val_score(forest, rows, truth, cv=folds, scoring="roc_auc").mean()
    assert utility.two_sample_auc(made, real, "tree", 4) == pytest.approx(expected)


def test_only_the_tree_model_detects_a_different_spread():
    made, real = 3.0 * RNG.normal(size=(400, 2)), RNG.normal(size=(400, 2))
    assert utility.two_sample_auc(made, real, "linear", 1) < 0.6
    assert utility.two_sample_auc(made, real, "tree", 1) > 0.8


def columns(x, y, levels=None):
    y = Column("y", "double", y) if levels is None else Column("y", "factor", y, levels=list("abc")[:levels])
    return [Column("x", "double", x), y]


def test_prediction_of_numbers_is_scikit_learns_on_the_test_rows():
    x, x_test = RNG.normal(size=200), RNG.normal(size=100)
    y, y_test = 2 * x + RNG.normal(size=200), 2 * x_test + RNG.normal(size=100)
    expected = r2_score(y_test, LinearRegression().fit(x[:, None], y).predict(x_test[:, None]))
    found = utility.prediction_score(columns(x, y), columns(x_test, y_test), 1, "linear", 0)
    assert found == pytest.approx(expected)
    assert utility.prediction_score(columns(x, y * 1e8), columns(x_test, y_test * 1e8), 1, "linear", 0) == (
        pytest.approx(expected)
    )


def test_the_prediction_of_trees_is_scikit_learns_on_the_test_rows(monkeypatch):
    monkeypatch.setattr(classifiers, "TREES", 10)
    x, x_test = RNG.normal(size=(150, 2)), RNG.normal(size=(80, 2))
    y, y_test = (v[:, 0] ** 2 + v[:, 1] for v in (x, x_test))
    samples = [
        [Column("a", "double", v[:, 0]), Column("b", "double", v[:, 1]), Column("y", "double", target)]
        for v, target in ((x, y), (x_test, y_test))
    ]
    scaled = [(v - x.mean(0)) / x.std(0) for v in (x, x_test)]
    forest = RandomForestRegressor(10, min_samples_leaf=classifiers.LEAF, max_features=0.5, random_state=3)
    expected = r2_score(y_test, forest.fit(scaled[0], y).predict(scaled[1]))
    assert utility.prediction_score(samples[0], samples[1], 2, "tree", 3) == pytest.approx(expected, abs=0.02)


def test_prediction_of_levels_is_a_weighted_area_under_the_curve():
    x, x_test = RNG.normal(size=300), RNG.normal(size=200)
    y, y_test = (np.digitize(v + RNG.normal(size=len(v)) * 0.5, [-0.5, 1.0]).astype(float) for v in (x, x_test))
    found = utility.prediction_score(columns(x, y, 3), columns(x_test, y_test, 3), 1, "linear", 0)
    scaled = [(v - x.mean()) / x.std() for v in (x, x_test)]
    probability = LogisticRegression(max_iter=1000).fit(scaled[0][:, None], y).predict_proba(scaled[1][:, None])
    expected = roc_auc_score(y_test, probability, multi_class="ovr", average="weighted")
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("model", classifiers.MODELS)
def test_the_models_are_not_trained_on_test_rows(model, monkeypatch):
    """The target of the test rows is noise, which a model can only know if it was trained on them."""
    rng = np.random.default_rng(2)
    x, x_test = rng.normal(size=300), rng.normal(size=300)
    found = utility.prediction_score(
        columns(x, rng.normal(size=300)), columns(x_test, rng.normal(size=300)), 1, model, 0
    )
    assert found < 0.1
    seen = []
    original = utility.regressor

    def watched(*arguments):
        learned = original(*arguments)
        fit = learned.fit
        learned.fit = lambda rows, y: seen.append(rows) or fit(rows, y)
        return learned

    monkeypatch.setattr(utility, "regressor", watched)
    training = columns(x, rng.normal(size=300))
    for test in (columns(x_test, x_test), columns(100 * x_test, x_test)):
        utility.prediction_score(training, test, 1, model, 0)
    assert np.array_equal(seen[0], seen[1])  # not even the scale depends on the test rows


@pytest.mark.parametrize("model", classifiers.MODELS)
def test_constant_targets(model):
    x = RNG.normal(size=50)
    varied, constant = columns(x, (x > 0).astype(float), 2), columns(x, np.zeros(50), 2)
    assert math.isnan(utility.prediction_score(varied, constant, 1, model, 0))
    assert (
        utility.prediction_score(constant, varied, 1, model, 0) == 0.5
    )  # trained on a single level, it cannot predict
    assert math.isnan(utility.prediction_score(varied[:1], [Column("x", "double", np.zeros(50))], 0, model, 0))
    assert utility.prediction_score(columns(x, np.zeros(50)), columns(x, x), 1, model, 0) <= 0.0
    few = [variable.take(slice(9)) for variable in varied]
    assert math.isnan(utility.prediction_score(few, varied, 1, model, 0))


def test_rows_without_a_target_are_left_out_and_a_missing_level_is_one():
    x = RNG.normal(size=100)
    missing = np.arange(100) % 4 == 0
    numbers = [Column("x", "double", x), Column("y", "double", np.where(missing, 1e9, x), missing=missing)]
    assert utility.prediction_score(numbers, numbers, 1, "linear", 0) == pytest.approx(1.0)
    levels = [
        Column("x", "double", np.where(missing, 5.0, x)),
        Column("y", "factor", np.zeros(100), levels=["a"], missing=missing),
    ]
    assert utility.prediction_score(levels, levels, 1, "tree", 0) == pytest.approx(1.0)


def test_distances_to_the_closest_records():
    training, rows = RNG.normal(size=(200, 2)), RNG.normal(size=(50, 2))
    every = np.sort(cdist(rows, training), axis=1)
    closest, second = privacy.closest_distances(rows, training)
    assert np.allclose(closest, every[:, 0])
    assert np.allclose(second, every[:, 1])
    assert privacy.distance_to_closest_record(closest) == pytest.approx(np.median(every[:, 0]))
    assert privacy.distance_to_closest_record(closest, 0.05) == pytest.approx(np.quantile(every[:, 0], 0.05))
    assert privacy.neighbour_ratio(closest, second) == pytest.approx(np.median(every[:, 0] / every[:, 1]))
    among = np.sort(cdist(training, training), axis=1)
    closest, second = privacy.closest_distances(training, training, same=True)
    assert np.allclose(closest, among[:, 1])
    assert np.allclose(second, among[:, 2])


def test_copies_have_a_small_ratio_and_doubles_a_ratio_of_one():
    training = RNG.normal(size=(300, 2))
    assert privacy.neighbour_ratio(*privacy.closest_distances(training + 1e-5, training)) < 0.01
    zeros = np.zeros((30, 2))
    assert privacy.neighbour_ratio(*privacy.closest_distances(zeros, zeros)) == 1.0
    assert math.isnan(privacy.neighbour_ratio(*privacy.closest_distances(training, training[:1])))
    assert np.isnan(privacy.closest_distances(training[:1], training[:1], same=True)).all()


def test_the_share_of_copied_rows():
    training = RNG.normal(size=(100, 3))
    rows = np.concatenate([training[:20], training[:5], RNG.normal(size=(75, 3))])
    assert privacy.copied_share(rows, training) == 0.25
    assert privacy.copied_share(rows, rows, same=True) == 0.1
    assert privacy.copied_share(training + 1e-12, training) == 0.0


def test_memorized_rows_are_closer_to_training_than_to_holdout():
    training, holdout, rows = RNG.normal(size=(3, 500, 2))
    assert privacy.closer_to_training(training + 1e-6, training, holdout)[0] > 0.99
    assert privacy.closer_to_training(rows, training, holdout)[0] == pytest.approx(0.5, abs=0.08)
    assert privacy.closer_to_training(rows, training, training)[0] == 0.5


def test_the_share_closer_to_training_is_that_of_scikit_learns_neighbours():
    rows, training, holdout = RNG.normal(size=(60, 3)), RNG.normal(size=(40, 3)), RNG.normal(size=(40, 3))
    real = np.concatenate([training, holdout])
    closest = NearestNeighbors(n_neighbors=1).fit(real).kneighbors(rows, return_distance=False)[:, 0]
    share, error = privacy.closer_to_training(rows, training, holdout)
    assert share == pytest.approx((closest < 40).mean())
    shared_out = [np.isin(closest, RNG.permutation(80)[:40]).mean() for _ in range(4000)]
    assert np.mean(shared_out) == pytest.approx(0.5, abs=0.01)
    assert error == pytest.approx(np.std(shared_out), rel=0.05)


def test_without_scikit_learn_the_error_says_how_to_install_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        classifiers.classifier("linear", 0)
