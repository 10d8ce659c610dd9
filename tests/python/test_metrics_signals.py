"""Metrics of waves, compared with scipy and with waves of known frequency."""

import math

import numpy as np
import pytest
from scipy.signal import periodogram
from sklearn.decomposition import PCA

from ganbridge import make_waves
from ganbridge.evaluation.metrics import signals

RNG = np.random.default_rng(5)


def waves_of(cycles, amplitude=1.0, n=50, noise=0.02, seed=1):
    return make_waves(n, 200, amplitude=[amplitude], cycles=[cycles], noise=noise, seed=seed)


@pytest.mark.parametrize(("cycles", "amplitude"), [(2, 1.0), (10, 3.0), (37, 0.2)])
def test_waves_of_one_frequency_are_recognised(cycles, amplitude):
    waves = waves_of(cycles, amplitude)
    assert (signals.dominant_frequency(waves) == cycles).all()
    assert np.allclose(signals.amplitude(waves), amplitude, atol=0.12)


def test_power_is_scipys_periodogram():
    waves = RNG.normal(size=(5, 64))
    _, expected = periodogram(waves, axis=1)
    found = signals.power(waves)
    assert found.shape == (5, 32)
    assert np.allclose(found / found[0, 0], expected[:, 1:] / expected[0, 1])


def test_constant_and_short_waves_have_no_frequency():
    assert signals.dominant_frequency(np.full((3, 50), 0.1)).tolist() == [0.0] * 3
    assert signals.roughness(np.ones((3, 2))).tolist() == [0.0] * 3
    assert math.isnan(signals.spectrum_distance(np.ones((3, 9)), RNG.normal(size=(3, 9))))


def test_rough_waves_are_distinguished_from_smooth_ones():
    assert signals.roughness(waves_of(2, noise=0.0)).max() < 0.1 * signals.roughness(waves_of(2, noise=0.2)).min()
    noise = RNG.normal(size=(200, 500))
    assert signals.roughness(noise).mean() == pytest.approx(math.sqrt(6.0), rel=0.02)  # variance 1 + 4 + 1


def test_spectra_of_other_waves_differ():
    two, ten = waves_of(2), waves_of(10)
    assert signals.spectrum_distance(two, waves_of(2, seed=2)) < 0.01
    assert signals.spectrum_distance(two, ten) > 0.98
    both = np.concatenate([two, ten])
    assert signals.spectrum_distance(both, two) == pytest.approx(0.5, abs=0.02)
    assert signals.spectrum_distance(two, 7.0 * two + 3.0) == pytest.approx(0.0, abs=1e-12)  # shape, not size or level


def test_components_are_scikit_learns_of_all_samples_together():
    first, second = RNG.normal(size=(60, 5)) @ RNG.normal(size=(5, 30)), RNG.normal(size=(40, 30))
    scores = signals.component_scores([first, second], most=3)
    expected = PCA(3, whiten=False).fit(np.concatenate([first, second]))
    for part, score in zip((first, second), scores, strict=True):
        reference = expected.transform(part) / np.sqrt(expected.explained_variance_ * 99 / 100)
        assert np.allclose(np.abs(score), np.abs(reference), atol=1e-6)
    assert signals.component_scores([np.ones((5, 4)), np.ones((3, 4))])[1].shape == (3, 1)


def test_the_columns_of_waves():
    found = signals.signal_variables(waves_of(3))
    assert [variable.name for variable in found] == ["amplitude", "dominant frequency", "level", "roughness"]
    assert all(variable.numeric and len(variable.values) == 50 for variable in found)
