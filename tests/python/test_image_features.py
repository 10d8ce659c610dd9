"""Features of a small classifier, and the Frechet distance between them."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from ganbridge.evaluation.image_features import FEATURES, train_features
from ganbridge.evaluation.metrics.fidelity import frechet_distance

DIGITS = load_digits()
IMAGES = DIGITS.images.astype("uint8")


@pytest.fixture(scope="module")
def seer(fit_seed):
    return train_features(IMAGES[:900], DIGITS.target[:900], epochs=20, seed=fit_seed - 1)


def test_it_learns_the_labels(seer, within):
    right = seer.classify(IMAGES[900:]) == DIGITS.target[900:]
    within("share of correct labels", right.mean(), low=0.75)  # .1 by chance
    assert seer.features(IMAGES[:7]).shape == (7, FEATURES)


def test_labels_may_be_words_and_images_in_colour():
    colours = np.repeat(IMAGES[:200, :, :, None], 3, axis=3) / 16
    words = np.array([f"digit {label}" for label in DIGITS.target[:200]])
    assert set(train_features(colours, words, epochs=1).classify(colours)) <= set(words)


def test_the_seed_determines_the_result_and_the_random_state_does_not_change():
    state = torch.get_rng_state()
    first, again, other = (train_features(IMAGES[:300], DIGITS.target[:300], 1, seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    np.testing.assert_array_equal(first.features(IMAGES[:5]), again.features(IMAGES[:5]))
    assert not np.array_equal(first.features(IMAGES[:5]), other.features(IMAGES[:5]))


def test_real_images_are_closer_than_altered_ones(seer, within):
    real, other = IMAGES[900:1300], IMAGES[1300:1700]
    rng = np.random.default_rng(1)
    noisy = np.clip(other + rng.normal(0, 4, other.shape), 0, 16)
    one_class = IMAGES[DIGITS.target == 3][:180]
    found = [seer.distances(made, real, other) for made in (other, noisy, other[:, ::-1], one_class)]
    assert found[0]["generated"] == found[0]["real"]
    names = ("noisy images", "images upside down", "one digit")
    for name, times, distances in zip(names, (1.5, 3, 5), found[1:], strict=True):
        within(f"distance of {name} beside that of real ones", distances["generated"] / found[0]["real"], low=times)
    # from 180 images, as the generated ones are
    within("distance of fewer real images beside that of all", found[3]["real"] / found[0]["real"], low=1.0)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="`labels` must be one label for each of the 1797 images"):
        train_features(IMAGES, DIGITS.target[:5])
    with pytest.raises(ValueError, match="`labels` must hold at least two different labels, not 1"):
        train_features(IMAGES, np.zeros(1797))
    with pytest.raises(ValueError, match="`images` must be an array of n images"):
        train_features(IMAGES.reshape(-1, 64), DIGITS.target)


def test_the_images_must_have_the_size_of_the_training(seer):
    with pytest.raises(ValueError, match="`images` must be an array of n images of 8 x 8"):
        seer.features(np.zeros((2, 9, 8)))


def test_the_frechet_distance_of_normal_samples_is_known():
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((200_000, 2)), rng.standard_normal((200_000, 2)) * [2.0, 3.0] + [1.0, -1.0]
    # |m|^2 + (1 - 2)^2 + (1 - 3)^2
    assert frechet_distance(a, b) == pytest.approx(2.0 + 1.0 + 4.0, rel=0.02)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))
    assert frechet_distance(a, a) == pytest.approx(0.0, abs=1e-9)
    turn = np.linalg.qr(rng.standard_normal((2, 2)))[0]
    assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b))
    assert frechet_distance(np.ones((5, 1)), np.zeros((5, 1))) == pytest.approx(1.0)
