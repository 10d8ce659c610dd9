"""Metrics compared with independent computations by scipy, scikit-learn and pandas, if other files have none."""

import numpy as np
import pandas as pd
import pytest
from scipy import linalg, signal, stats
from scipy.spatial.distance import cdist
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.neighbors import NearestNeighbors

from ganbridge.evaluation.metrics import fidelity, modes, privacy, signals, utility
from ganbridge.training import distances

RNG = np.random.default_rng(0)
SYNTHETIC, REAL, HELD = (
    RNG.normal(size=(120, 3)) * [1.0, 0.7, 1.2],
    RNG.normal(size=(150, 3)),
    RNG.normal(size=(150, 3)),
)


def test_the_frechet_distance_is_that_of_scipys_square_root_of_matrices():
    a, b = np.cov(SYNTHETIC, rowvar=False), np.cov(REAL, rowvar=False)
    shift = SYNTHETIC.mean(0) - REAL.mean(0)
    expected = shift @ shift + np.trace(a + b - 2.0 * np.real(linalg.sqrtm(a @ b)))
    assert fidelity.frechet_distance(SYNTHETIC, REAL) == pytest.approx(expected)


def test_sliced_wasserstein_is_the_mean_of_scipys():
    along = distances.directions(3, 16)
    expected = np.mean([stats.wasserstein_distance(SYNTHETIC @ line, REAL[:120] @ line) for line in along])
    assert distances.sliced_wasserstein(SYNTHETIC, REAL[:120], along) == pytest.approx(expected)


def test_coverage_and_density_count_scikit_learns_neighbours():
    index = NearestNeighbors(n_neighbors=6).fit(REAL)
    reach = index.kneighbors(REAL)[0][:, 5]
    near = NearestNeighbors(n_neighbors=1).fit(SYNTHETIC).kneighbors(REAL)[0][:, 0]
    assert distances.coverage(SYNTHETIC, REAL, 5) == pytest.approx((near <= reach).mean())
    index = NearestNeighbors().fit(SYNTHETIC)
    among = [len(index.radius_neighbors([x], r, return_distance=False)[0]) for x, r in zip(REAL, reach, strict=True)]
    assert fidelity.density(SYNTHETIC, REAL, 5) == pytest.approx(sum(among) / (5 * len(SYNTHETIC)))


def test_the_two_sample_auc_is_scikit_learns_over_the_same_folds():
    rows, truth = np.concatenate([SYNTHETIC, REAL]), np.repeat([1, 0], [len(SYNTHETIC), len(REAL)])
    rng = np.random.default_rng(3)
    folds = PredefinedSplit(np.concatenate([rng.permutation(len(part)) % utility.FOLDS for part in (SYNTHETIC, REAL)]))
    scores = cross_val_score(LogisticRegression(max_iter=1000), rows, truth, cv=folds, scoring="roc_auc")
    assert utility.two_sample_auc(SYNTHETIC, REAL, "linear", 3) == pytest.approx(scores.mean())


def test_prediction_of_two_levels_is_scikit_learns_area():
    from ganbridge.data import Column

    def sample(x):
        level = (x[:, 0] + x[:, 1] > 0).astype(float)
        return [Column("x", "double", x[:, 0]), Column("level", "factor", level, levels=["a", "b"])]

    x, y = SYNTHETIC[:, :1], SYNTHETIC[:, 0] + SYNTHETIC[:, 1] > 0
    trained = LogisticRegression(max_iter=1000).fit((x - x.mean()) / x.std(), y)
    chance = trained.predict_proba((REAL[:, :1] - x.mean()) / x.std())[:, 1]
    expected = roc_auc_score(REAL[:, 0] + REAL[:, 1] > 0, chance)
    assert utility.prediction_score(sample(SYNTHETIC), sample(REAL), 1, "linear", 0) == pytest.approx(expected)


def test_the_share_closer_to_training_is_that_of_scipys_distances():
    first, second = cdist(SYNTHETIC, REAL).min(1), cdist(SYNTHETIC, HELD).min(1)
    assert privacy.closer_to_training(SYNTHETIC, REAL, HELD)[0] == pytest.approx((first < second).mean())


def test_copies_are_those_of_pandas():
    rows = pd.DataFrame(RNG.integers(0, 5, size=(80, 3)))
    training = pd.DataFrame(RNG.integers(0, 5, size=(60, 3)))
    expected = rows.merge(training.drop_duplicates(), how="left", indicator=True)["_merge"].eq("both").mean()
    assert 0.0 < expected < 1.0
    assert privacy.copied_share(rows.to_numpy(float), training.to_numpy(float)) == pytest.approx(expected)
    expected = training.duplicated(keep=False).mean()
    assert privacy.copied_share(training.to_numpy(float), training.to_numpy(float), same=True) == pytest.approx(
        expected
    )


@pytest.mark.parametrize("centers", [(0.0,), (-5.0, 5.0), (-8.0, 0.0, 8.0)])
def test_peaks_are_those_of_scipys_density(centers):
    values = np.concatenate([RNG.normal(center, 1.0, 400) for center in centers])
    at = np.linspace(values.min() - 3.0, values.max() + 3.0, 1000)
    density = stats.gaussian_kde(values, 0.25)(at)
    peaks, _ = signal.find_peaks(density, prominence=0.2 * density.max())
    assert modes.mode_count(values) == len(peaks) == len(centers)
    assert modes.mode_range(values)[0] == len(centers)


def test_dominant_frequencies_are_those_of_scipys_periodogram():
    waves = RNG.normal(size=(30, 64))
    frequency, power = signal.periodogram(waves, fs=64.0, axis=1)
    assert np.array_equal(signals.dominant_frequency(waves), frequency[power.argmax(1)])
    assert np.allclose(signals.amplitude(waves), np.ptp(waves, axis=1) / 2.0)
    shares = [part.mean(0) / part.mean(0).sum() for part in (power[:15, 1:], power[15:, 1:])]
    expected = np.abs(shares[0] - shares[1]).sum() / 2.0
    assert signals.spectrum_distance(waves[:15], waves[15:]) == pytest.approx(expected)
