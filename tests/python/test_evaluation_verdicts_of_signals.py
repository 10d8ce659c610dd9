"""Verdicts on waves and images with known faults, few rows each."""

import numpy as np
import pytest

from ganbridge import evaluate
from ganbridge.evaluation import image
from ganbridge.evaluation.finding import finding
from ganbridge.evaluation.kind import evaluated_kind
from ganbridge.evaluation.metrics import classifiers
from ganbridge.evaluation.registry import FEATURES, METRICS
from ganbridge.evaluation.verdicts import GOOD, POOR, Measured

TIMES = np.arange(64) / 64


def waves(n, seed, cycles=(3,), noise=0.1):
    rng = np.random.default_rng([seed, n])
    size, phase = 1.0 + 0.2 * rng.normal(size=(n, 1)), rng.uniform(0, 2 * np.pi, (n, 1))
    clean = size * np.sin(2 * np.pi * rng.choice(cycles, (n, 1)) * TIMES + phase)
    return clean + noise * rng.normal(size=(n, 64))


def stripes(n, seed, kinds=3, noise=0.0):
    """Horizontal, vertical or round bars, and the label of each image."""
    rng = np.random.default_rng([seed, n])
    down, across = np.mgrid[:12, :12]
    labels, centers = rng.integers(0, kinds, n), rng.normal(5.5, 0.7, (n, 2, 1, 1))
    squares = (down - centers[:, 0]) ** 2, (across - centers[:, 1]) ** 2
    drawn = np.stack([squares[0], squares[1], squares[0] + squares[1]])
    images = np.exp(-drawn[labels, np.arange(n)] / 4.0) + 0.02 * rng.normal(size=(n, 12, 12))
    return images + noise * rng.normal(size=images.shape), labels


@pytest.fixture(autouse=True, scope="module")
def little_to_learn():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "TREES", 12)
        patch.setattr(image, "STEPS", 60)
        yield


def finding_of(report, metric, column="all columns"):
    return next(f for f in report.findings if (f.metric, f.column) == (metric, column))


def test_waves_far_from_all_real_ones_are_not_copies():
    """The same few real waves are the closest to all of them, from the training data or from the holdout."""
    shares, verdicts = [], []
    for seed in range(6):
        report = evaluate(waves(120, seed, (4,)), waves(120, seed + 50), waves(120, seed + 100), kind="wave")
        closer = finding_of(report, "closer to training than holdout")
        shares.append(closer.value)
        verdicts.append(closer.verdict)
        assert finding_of(report, "spectrum distance", "all waves").verdict == POOR
    assert max(shares) > 0.7  # far too many if each wave had a different closest one
    assert POOR not in verdicts
    assert verdicts.count(GOOD) >= 5


@pytest.mark.parametrize("n", [50, 150])
def test_memorized_waves_are_closer_to_training(n):
    real, held = waves(n, 0), waves(n, 1)
    report = evaluate(real + 0.01 * np.random.default_rng(0).normal(size=real.shape), real, held, kind="wave")
    assert finding_of(report, "closer to training than holdout").verdict == POOR


def test_waves_of_a_wrong_frequency_are_poor_by_every_metric_of_whole_rows():
    report = evaluate(waves(50, 1, (4,)), waves(50, 0), waves(50, 2), kind="wave")
    for metric in ("coverage", "density", "pMSE", "AUC, linear model", "AUC, tree model"):
        assert finding_of(report, metric).verdict == POOR, metric
    assert "clearly sparser than real waves" in finding_of(report, "density").meaning


@pytest.mark.parametrize("labelled", [False, True])
def test_noise_on_images_is_poor(labelled):
    """Features of a classifier hardly change; metrics of pixels must show it."""
    real, labels = stripes(120, 0)
    held = stripes(120, 1)[0]
    report = evaluate(stripes(120, 2, noise=0.2)[0], real, held, labels if labelled else None, kind="image")
    for metric in ("Kolmogorov-Smirnov", "Wasserstein distance"):
        assert finding_of(report, metric, "sharpness").verdict == POOR
    for metric in ("AUC, linear model", "AUC, tree model"):
        assert finding_of(report, metric).verdict == POOR


def test_new_images_are_not_called_poor():
    fresh = evaluate(stripes(120, 3)[0], stripes(120, 0)[0], stripes(120, 1)[0], kind="image")
    assert POOR not in [f.verdict for f in fresh.findings]


def test_a_missing_kind_of_image_is_poor_in_features():
    real, labels = stripes(150, 0)
    report = evaluate(stripes(150, 2, kinds=2)[0], real, stripes(150, 1)[0], labels, kind="image")
    assert finding_of(report, FEATURES).verdict == POOR
    assert finding_of(report, "coverage").verdict == POOR


def test_the_standard_error_by_chance_decides_what_is_closer():
    name = "closer to training than holdout"
    measured = [Measured(0.7, 0.5, (300, 300), chance=error) for error in (0.15, 0.07, 0.02)]
    assert [METRICS[name].rule.assess(m)[0] for m in measured] == ["good", "fair", "poor"]
    assert finding(name, measured[0], evaluated_kind("table").words).meaning == (
        "Closer to training than holdout 70% (by chance: 50%): share of generated rows that are closer to a training"
        " than to a holdout row; within sampling error of chance (300 generated, 300 real rows)."
    )
