"""Whether a model can tell generated from real rows, and whether one trained on them works on real ones."""

from __future__ import annotations

import math

import numpy as np

from .classifiers import auc, classifier, regressor
from .features import Features, varying
from .variables import Sample

FOLDS = 5
LEAST_ROWS = 10  # on either side, below which a classifier says nothing
TERMS_SHARE = 0.05  # of the rows: squares and products join pMSE's model as long as its terms stay below this
STEPS = 30


def pmse(generated: np.ndarray, real: np.ndarray) -> tuple[float, float]:
    """Propensity score mean squared error of rows (n, p) and (k, p), and its expectation by chance.

    The mean squared distance of a logistic regression's probabilities of being generated from the share of generated
    rows. Its expectation if real rows are given and generated ones come from the right model is
    (terms - 1) (1 - c)^2 c / N, with c that share and N the number of all rows (Snoke et al. 2018); two independent
    samples have 1 / (1 - c) times as much. Terms are the intercept and the features, and their squares and products as
    long as there are few.
    """
    if min(len(generated), len(real)) < LEAST_ROWS:
        return float("nan"), float("nan")
    rows = np.concatenate([generated, real])
    truth = np.concatenate([np.ones(len(generated)), np.zeros(len(real))])
    design = _design(rows)
    share, count = float(truth.mean()), len(truth)
    expected = (design.shape[1] - 1) * (1.0 - share) ** 2 * share / count
    probability = _logistic(design, truth)
    return float(((probability - share) ** 2).mean()), expected


def _design(rows: np.ndarray) -> np.ndarray:
    """Intercept, features, and if they are few their squares and products; only what is linearly independent."""
    rows = rows[:, varying(rows)]
    width = rows.shape[1]
    if width * (width + 3) / 2 + 1 <= TERMS_SHARE * len(rows):
        first, second = np.triu_indices(width)
        rows = np.concatenate([rows, rows[:, first] * rows[:, second]], 1)
    rows = rows - rows.mean(0)
    scale = rows.std(0)
    rows = rows[:, scale > 1e-10] / scale[scale > 1e-10]
    if not rows.shape[1]:
        return np.ones((len(rows), 1))
    left, singular, _ = np.linalg.svd(rows, full_matrices=False)
    left = left[:, singular > 1e-8 * singular[0]] * math.sqrt(len(rows))
    return np.concatenate([np.ones((len(rows), 1)), left], 1)


def _logistic(design: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Probabilities (N,) of a logistic regression, by Newton's steps; they stop growing if rows can be separated."""
    weights = np.zeros(design.shape[1])
    probability = np.full(len(truth), 0.5)
    for _ in range(STEPS):
        gradient = design.T @ (truth - probability)
        hessian = (design * (probability * (1.0 - probability))[:, None]).T @ design
        hessian += 1e-6 * np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        step *= min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))
        weights = weights + step
        probability = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -30.0, 30.0)))
        if np.abs(step).max() < 1e-10:
            break
    return probability


def two_sample_auc(generated: np.ndarray, real: np.ndarray, model: str, seed: int) -> float:
    """How well a model tells generated rows (n, p) from real ones (k, p) that it was not trained on.

    The area under the curve, a mean over five folds: one half is chance, 1 is no doubt (Lopez-Paz and Oquab 2017).
    NaN with fewer than ten rows on either side.
    """
    if min(len(generated), len(real)) < LEAST_ROWS:
        return float("nan")
    rows = np.concatenate([generated, real])
    truth = np.concatenate([np.ones(len(generated), dtype=bool), np.zeros(len(real), dtype=bool)])
    rng = np.random.default_rng(seed)
    fold = np.concatenate([rng.permutation(len(part)) % FOLDS for part in (generated, real)])
    areas = []
    for number in range(FOLDS):
        training = fold != number
        fitted = classifier(model, seed).fit(rows[training], truth[training])
        areas.append(auc(fitted.predict_proba(rows[~training])[:, 1], truth[~training]))
    return float(np.mean(areas))


def prediction_score(training: Sample, test: Sample, target: int, model: str, seed: int) -> float:
    """How well a model trained on `training` predicts the column of index `target` of `test`.

    R^2 for numbers (1 is perfect, 0 is no better than the mean of the test rows); for categories the area under the
    curve of each level against the others, weighted by the level's share of the test rows (one half is chance).
    Everything is fitted to `training`, scales too. NaN if the target of the test rows has one value only.
    """
    training, test = ([v.take(_known(sample, target)) for v in sample] for sample in (training, test))
    if min(len(training[target].values), len(test[target].values)) < LEAST_ROWS:
        return float("nan")
    rest = [i for i in range(len(training)) if i != target]
    if rest:
        features = Features([training[i] for i in rest])
        x, x_test = (features.transform([sample[i] for i in rest]) for sample in (training, test))
    else:
        x, x_test = np.zeros((len(training[target].values), 1)), np.zeros((len(test[target].values), 1))
    if training[target].numeric:
        return _r_squared(x, training[target].values, x_test, test[target].values, model, seed)
    return _level_auc(x, training[target].codes, x_test, test[target].codes, model, seed)


def _known(sample: Sample, target: int) -> np.ndarray:
    """Rows with a target: what is missing in a category is a level, rows without a number are left out."""
    variable = sample[target]
    return ~variable.missing if variable.numeric else np.ones(len(variable.values), dtype=bool)


def _r_squared(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, y_test: np.ndarray, model: str, seed: int) -> float:
    spread = float(((y_test - y_test.mean()) ** 2).mean())
    if spread <= 0.0:
        return float("nan")
    center, scale = float(y.mean()), float(y.std()) or 1.0
    predicted = regressor(model, seed).fit(x, (y - center) / scale).predict(x_test) * scale + center
    return 1.0 - float(((y_test - predicted) ** 2).mean()) / spread


def _level_auc(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, y_test: np.ndarray, model: str, seed: int) -> float:
    levels, counts = np.unique(y_test, return_counts=True)
    if len(levels) < 2:
        return float("nan")
    scores = np.zeros((len(y_test), len(levels)))
    if len(np.unique(y)) > 1:
        fitted = classifier(model, seed).fit(x, y)
        place = {int(level): i for i, level in enumerate(fitted.classes_)}
        probability = fitted.predict_proba(x_test)
        for i, level in enumerate(levels):
            if int(level) in place:
                scores[:, i] = probability[:, place[int(level)]]
    areas = [auc(scores[:, i], y_test == level) for i, level in enumerate(levels)]
    return float(np.average(areas, weights=counts))
