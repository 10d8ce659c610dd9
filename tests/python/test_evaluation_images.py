"""Images are evaluated by features if labels are given, and by their pixels."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ganbridge
from ganbridge import Config, evaluate
from ganbridge.evaluation.image import _training
from ganbridge.evaluation.image_features import train_features
from ganbridge.evaluation.metrics import classifiers, pixels
from ganbridge.evaluation.metrics.fidelity import frechet_distance
from ganbridge.evaluation.registry import FEATURES, PIXELS
from ganbridge.evaluation.verdicts import FAIR, GOOD, NONE, POOR


@pytest.fixture(autouse=True, scope="module")
def few_trees():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "TREES", 8)
        yield


def shapes(n, seed):
    """Images of spots, rings and stripes with some noise, and the label of each."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:12, :12]
    kinds, centers = rng.integers(0, 3, n), rng.uniform(3, 8, (n, 2, 1, 1))
    square = (down - centers[:, 0]) ** 2 + (across - centers[:, 1]) ** 2
    drawn = [np.exp(-square / 4), np.exp(-((np.sqrt(square) - 3) ** 2)), np.exp(-((across - centers[:, 1]) ** 2) / 2)]
    images = np.stack([np.broadcast_to(drawn[k][i], (12, 12)) for i, k in enumerate(kinds)])
    return (230 * images + rng.uniform(0, 25, images.shape)).astype(np.uint8), kinds


REAL, LABELS = shapes(240, 1)
FRESH, KINDS = shapes(240, 2)


def finding_of(report, metric):
    (finding,) = [f for f in report.findings if f.metric == metric]
    return finding


@pytest.mark.parametrize("target", [None, LABELS], ids=["pixels", "labels"])
def test_other_real_images_are_good(target):
    report = evaluate(FRESH, REAL, kind="image", target=target)
    frame = report.to_frame()
    assert {"pixel distance", "coverage", "density", "copied rows", FEATURES if target is not None else PIXELS} <= set(
        frame["metric"]
    )
    columns = set(frame[frame["metric"] == "Kolmogorov-Smirnov"]["column"])
    assert columns == {"brightness", "contrast", "sharpness"}
    assert sum(f.verdict == POOR for f in report.findings) == 0
    assert report.describe()[0] == "<ganbridge evaluation> 240 generated and 240 real images"


@pytest.mark.parametrize("target", [None, LABELS], ids=["pixels", "labels"])
def test_a_missing_kind_of_image_is_detected(target):
    report = evaluate(np.concatenate([FRESH[KINDS < 2]] * 2)[:240], REAL, kind="image", target=target)
    distance = finding_of(report, FEATURES if target is not None else PIXELS)
    assert distance.verdict in (FAIR, POOR)
    assert distance.value > 3 * distance.baseline
    assert finding_of(report, "coverage").verdict in (FAIR, POOR)


def test_noise_and_darkness_are_detected():
    rng = np.random.default_rng(0)
    noisy = np.clip(FRESH + rng.normal(0, 30, FRESH.shape), 0, 255).astype(np.uint8)
    report = evaluate(noisy, REAL, kind="image")
    assert {f.column for f in report.findings if f.metric == "Kolmogorov-Smirnov" and f.verdict == POOR} >= {
        "sharpness"
    }
    dark = evaluate(FRESH // 3, REAL, kind="image")
    assert finding_of(dark, "pixel distance").verdict == POOR


def test_copies_are_detected_with_a_holdout():
    report = evaluate(REAL, REAL, FRESH, LABELS, kind="image")
    assert finding_of(report, "copied rows").value == 1.0
    assert finding_of(report, "distance to closest record").verdict == POOR
    assert finding_of(report, "closer to training than holdout").verdict == POOR


def test_the_classifier_is_trained_on_other_images_than_those_compared():
    report = evaluate(FRESH, REAL, FRESH[::-1], LABELS, kind="image", seed=4)
    training = _training(LABELS, True, 4)
    assert len(training) == 120
    assert set(LABELS[training]) == {0, 1, 2}
    model = train_features(REAL[training][..., None], LABELS[training], 300, 4)
    features = model.features(REAL[..., None])
    scale = np.sqrt(features.var(0).sum())  # the whole spread of the features of all real images
    rest = np.setdiff1d(np.arange(240), training)
    expected = frechet_distance(model.features(FRESH[..., None]) / scale, features[rest] / scale)
    assert finding_of(report, FEATURES).value == pytest.approx(expected, rel=1e-6)
    assert finding_of(report, FEATURES).value == pytest.approx(finding_of(report, FEATURES).baseline)  # the same images
    assert "trained on the labels of 120 real images with which nothing else is compared" in report.notes[0]


def test_without_labels_the_report_explains_the_distances():
    report = evaluate(FRESH, REAL, kind="image")
    assert "no labels were given" in finding_of(report, PIXELS).meaning
    assert "principal components of the pixels of real images" in report.notes[0]


def test_labels_may_be_texts_categories_or_numbers():
    names = np.array(["ring", "spot", "stripe"])[LABELS]
    frames = [
        evaluate(FRESH, REAL, kind="image", target=target, seed=1).to_frame()
        for target in (names, names.tolist(), pd.Series(names).astype("category"), LABELS + 7, LABELS.astype(float))
    ]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


def test_a_fit_of_images_is_evaluated_with_its_seed():
    small = Config(generator_hidden=(4, 4), discriminator_hidden=(4, 4), batch_size=40)
    gan = ganbridge.fit(REAL, kind="image", epochs=1, seed=3, progress=False, config=small)
    report = evaluate(gan, REAL, target=LABELS)
    assert (report.kind, report.seed, report.counts["generated"]) == ("image", 3, 240)
    pd.testing.assert_frame_equal(
        report.to_frame(), evaluate(gan.sample(240, seed=3), REAL, kind="image", target=LABELS, seed=3).to_frame()
    )
    assert finding_of(report, FEATURES).verdict == POOR


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("made", "real", "target"),
    [
        (np.zeros((20, 8, 8)), np.zeros((16, 8, 8)), None),
        (np.zeros((20, 8, 8)), np.zeros((16, 8, 8)), [0, 1] * 8),
        (np.ones((3, 2, 2, 3)), np.zeros((2, 2, 2, 3)), None),
        (np.ones((3, 2, 2, 3)), np.zeros((6, 2, 2, 3)), list("aaaaab")),
        (FRESH[:3, :1, :1], REAL[:12, :1, :1], None),
        (np.stack([FRESH] * 3, 3)[:40] / 255.0, np.stack([REAL] * 3, 3)[:30] / 255.0, LABELS[:30]),
    ],
    ids=["black", "black with labels", "two", "few with labels", "one pixel", "colours"],
)
def test_unusual_images_have_a_report(made, real, target):
    report = evaluate(made, real, kind="image", target=target)
    assert len(report.to_frame()) >= 8
    assert np.isfinite(report.to_frame()["value"].dropna()).all()
    assert {f.verdict for f in report.findings} <= {GOOD, FAIR, POOR, NONE}
    report.plot()


def test_the_pixel_distance_is_the_mean_of_scipys():
    a, b = (images.reshape(len(images), -1)[:50, :30].astype(float) for images in (FRESH, REAL))
    expected = np.mean([stats.wasserstein_distance(a[:, i], b[:, i]) for i in range(30)]) / b.std()
    assert pixels.pixel_distance(a, b) == pytest.approx(expected)


def test_the_metrics_of_an_image():
    image = np.array([[[[0.0], [2.0]], [[4.0], [6.0]]]])
    values = {variable.name: variable.values[0] for variable in pixels.image_variables(image)}
    assert values == {"brightness": 3.0, "contrast": pytest.approx(np.sqrt(5.0)), "sharpness": 3.0}


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (
            {"target": LABELS[:9]},
            ValueError,
            "`target` must be the labels of the real images .* one for each of the 240",
        ),
        ({"target": "label"}, ValueError, '`target` must be the labels .*, not "label"'),
        ({"target": [*LABELS[1:], None]}, ValueError, "one for each of the 240, none of them missing"),
        ({"target": LABELS * 0}, ValueError, "`target` must hold at least two different labels, not only 0"),
        (
            {"synthetic_or_fit": FRESH[:, :8]},
            ValueError,
            "`synthetic_or_fit` must be images of 12 x 12 pixels, as `real`",
        ),
        ({"real": REAL[0]}, TypeError, "`real` must be an array of n images of height x width"),
        ({"holdout": pd.DataFrame({"x": [1.0, 2.0]})}, TypeError, "`holdout` must be an array of n images of height"),
    ],
)
def test_unsupported_arguments_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        evaluate(**{"synthetic_or_fit": FRESH, "real": REAL, "kind": "image", **arguments})


def test_metrics_of_images_equal_a_loop_over_neighbours():
    images = np.random.default_rng(0).random((6, 5, 4, 1))
    found = {variable.name: variable.values for variable in pixels.image_variables(images)}
    assert found["brightness"] == pytest.approx(images.mean((1, 2, 3)))
    assert found["contrast"] == pytest.approx([np.std(image) for image in images])
    steps = [
        [abs(a - b) for a, b in itertools.pairwise(line)]
        for image in images[..., 0].tolist()
        for line in [*image, *zip(*image, strict=True)]
    ]
    expected = [
        math.fsum(step for line in steps[9 * i : 9 * i + 9] for step in line) / (5 * 3 + 4 * 4) for i in range(6)
    ]
    assert found["sharpness"] == pytest.approx(expected)
