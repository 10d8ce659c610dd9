"""Images keep their shape, type and range, and a short fit of digits generates digits."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits

import ganbridge
from ganbridge import Config
from ganbridge.data import Array, from_python
from ganbridge.encode import ImageEncoder
from ganbridge.evaluation.image_features import train_features
from ganbridge.evaluation.metrics.fidelity import frechet_distance

DIGITS = load_digits().images.astype("uint8")  # 1,797 of 8 x 8, 0 to 16
LABELS = load_digits().target
RNG = np.random.default_rng(1)
SMALL = {"generator_hidden": [8, 8], "discriminator_hidden": [8, 8], "batch_size": 16}


def noise(shape, dtype):
    if np.dtype(dtype).kind == "f":
        return RNG.random(shape).astype(dtype)
    return RNG.integers(0, 128 if dtype == "int8" else 256, shape).astype(dtype)


def encoder_of(images):
    return ImageEncoder.fit(from_python(images), "range", 0.0)


# --- encoding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int32", "int64", "uint16", "float64", "float32", "float16"])
@pytest.mark.parametrize("shape", [(5, 8, 8), (5, 9, 64), (3, 64, 10, 1), (3, 8, 11, 2), (4, 10, 8, 3), (2, 8, 8, 4)])
def test_images_are_unchanged_by_encoding_and_decoding(shape, dtype):
    images = noise(shape, dtype)
    data = from_python(images)
    encoder = encoder_of(images)
    encoded = encoder.encode(data, RNG)
    assert encoded.dtype == np.float32
    assert encoded.shape == (shape[0], encoder.width)
    assert (encoded.min(), encoded.max()) == (pytest.approx(-1), pytest.approx(1))
    back = encoder.decode(encoded, RNG).to_python()
    assert back.dtype == images.dtype
    if images.dtype.kind == "f":
        np.testing.assert_allclose(back, images, atol=1e-3 if dtype == "float16" else 1e-6)
    else:
        np.testing.assert_array_equal(back, images)


def test_an_encoded_row_is_the_image_row_by_row_channels_last():
    images = noise((2, 9, 10, 3), "uint8")
    encoded = encoder_of(images).encode(from_python(images), RNG)
    assert encoded[1, (4 * 10 + 7) * 3 + 2] == encoded[1].reshape(9, 10, 3)[4, 7, 2]
    order = np.argsort(images[1].ravel(), kind="stable")
    np.testing.assert_array_equal(np.argsort(encoded[1], kind="stable"), order)


def test_the_order_in_memory_does_not_matter():
    images = noise((5, 9, 11, 3), "uint8")
    others = np.asfortranarray(images), images[::-1][::-1], np.concatenate([images] * 2, 3)[..., :3]
    encoder = encoder_of(images)
    for other in others:
        np.testing.assert_array_equal(encoder.encode(from_python(other), RNG), encoder.encode(from_python(images), RNG))


def test_values_stay_within_the_range_of_the_data():
    images = np.full((4, 8, 8), 100, dtype="uint8")
    images[0, 0, 0], images[1, 2, 3] = 30, 200
    made = encoder_of(images).decode(np.array([[-3.0] * 64, [3.0] * 64, [0.1] * 64]), RNG).to_python()
    assert [image.min() for image in made] == [image.max() for image in made] == [30, 200, 124]
    constant = encoder_of(np.full((3, 8, 8), 0.25))
    assert (constant.decode(np.zeros((2, 64)), RNG).to_python() == 0.25).all()


def test_images_are_not_copied():
    images = noise((50, 9, 9), "uint8")
    assert np.shares_memory(from_python(images).values, images)


REFUSED = {
    "too small": (np.zeros((5, 7, 8)), "height of 8 to 64 pixels, not images of 7 x 8"),
    "too wide": (np.zeros((5, 8, 65)), "width of 8 to 64 pixels, not images of 8 x 65"),
    "five channels": (np.zeros((5, 8, 8, 5)), "1 to 4 channels in its last dimension, not 5"),
    "channels first": (np.zeros((5, 3, 28, 28)), "height of 8 to 64 pixels, not images of 3 x 28"),
    "no images": (np.zeros((0, 8, 8)), "at least two rows, not 0"),
    "one image": (np.zeros((1, 8, 8)), "at least two rows, not 1"),
    "doubles beyond 1": (DIGITS.astype(float), r"pixels from 0 to 1 .*, not 16 .*Divide by 16 first"),
    "integers beyond 255": (DIGITS.astype(int) * 16, "integer pixels from 0 to 255, not 256"),
    "below 0": (np.where(DIGITS > 8, -0.5, 0.5), "not -0.5"),
    "negative integers": (-DIGITS.astype(int), "integer pixels from 0 to 255, not -16"),
    "NaN": (np.where(DIGITS > 15, np.nan, 0.5), r"finite values only, not a missing one \(row"),
    "infinity": (np.where(DIGITS > 15, np.inf, 0.5), r"finite values only, not an infinite one \(row"),
    "minus infinity": (np.where(DIGITS > 15, -np.inf, 0.5), r"finite values only, not an infinite one \(row"),
    "masked": (np.ma.masked_greater(DIGITS, 15), "must have no masked values"),
    "logical": (DIGITS > 8, "must be numeric, not logical"),
    "text": (DIGITS.astype(str), "must be numeric, not text"),
    "five dimensions": (np.zeros((5, 8, 8, 1, 1)), "n images of height x width"),
    "a matrix": (DIGITS.reshape(-1, 64), "n images of height x width"),
    "a frame": (pd.DataFrame(DIGITS.reshape(-1, 64)), "n images of height x width"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_unsupported_images_are_refused(data, words):
    with pytest.raises((ValueError, TypeError), match=words):
        ganbridge.fit(data, kind="image", epochs=1)


def test_a_three_dimensional_array_needs_its_kind():
    for kind in ("auto", "table"):
        with pytest.raises(ValueError, match=r'^`kind` must be "image" or "wave" for an array of 3 dimensions'):
            ganbridge.fit(DIGITS, kind=kind)
    with pytest.raises(ValueError, match=r'^`kind` must be "image" for an array of 4 dimensions, not "table"'):
        ganbridge.fit(DIGITS[..., None], kind="table")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"scaling": "standard"}, '`scaling` must be "auto" or "range" for kind "image", not "standard"'),
        ({"range_margin": 0.1}, '`range_margin` must be 0 for kind "image", whose pixels have bounds, not 0.1'),
    ],
)
def test_settings_that_images_cannot_have_are_refused(config, words):
    with pytest.raises(ValueError, match=words):
        ganbridge.fit(DIGITS, kind="image", config=Config(**config))


def test_other_kinds_have_no_convolutions_without_a_grid():
    with pytest.raises(ValueError, match='`network` must be "dense" for kind "table", not "convolutional"'):
        ganbridge.fit(DIGITS.reshape(-1, 64), config=Config(network="convolutional"))


# --- fits -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def digits(fit_seed) -> ganbridge.FittedGan:
    return ganbridge.fit(DIGITS, kind="image", epochs=12, seed=fit_seed, trace=2)


def similarity(images, others):
    """For each of the images, the largest correlation with one of the others."""
    a, b = (x.reshape(len(x), -1).astype(float) for x in (images, others))
    a, b = ((x - x.mean(1, keepdims=True)) / np.maximum(x.std(1, keepdims=True), 1e-9) for x in (a, b))
    return (a @ b.T / a.shape[1]).max(1)


def distance(images):
    """Frechet distance of the pixels to those of all digits."""
    pixels = (x.reshape(len(x), -1).astype(float) for x in (images, DIGITS))
    return frechet_distance(*pixels)


def test_a_short_fit_of_digits_generates_digits(digits, within):
    made = digits.sample(500, seed=2)
    assert made.dtype == np.uint8
    assert made.shape == (500, 8, 8)
    assert made.max() <= 16

    noise = RNG.integers(0, 17, (500, 8, 8))
    assert np.median(similarity(noise, DIGITS)) < 0.4
    assert np.median(similarity(DIGITS[:500], DIGITS[900:])) > 0.9
    within("similarity to the nearest digit", np.median(similarity(made, DIGITS)), low=0.8)
    of_means = np.corrcoef(made.mean(0).ravel(), DIGITS.mean(0).ravel())[0, 1]
    within("correlation of the mean images", of_means, low=0.97)
    assert distance(DIGITS[:500]) < 0.03 * distance(noise)
    # Noise has 55, and the images of one digit have 12 to 25.
    within("distance beside that of real digits", distance(made) / distance(DIGITS[:500]), high=3.0)

    # Neither altered copies of one image, with a similarity near 1, nor noise, with .4; real images have .90.
    among, real = (np.median(similarity(x[:250], x[250:500])) for x in (made, DIGITS))
    within("similarity among each other, less that of real ones", among - real, -0.08, 0.05)
    assert len(np.unique(made, axis=0)) == 500
    assert digits.diagnosis == []


def test_the_trace_moves_towards_the_data(digits, within):
    assert digits.trace.epoch.tolist() == [2, 4, 6, 8, 10, 12]
    assert all(sample.shape == (64, 8, 8) and sample.dtype == np.uint8 for sample in digits.trace.samples)
    distances = [distance(sample) for sample in digits.trace.samples]
    within("half-time distance beside the first", distances[2] / distances[0], high=1.0)
    within("last distance beside that at half time", distances[5] / distances[2], high=1.0)
    within("last distance beside the first", distances[5] / distances[0], high=0.7)
    within("last distance beside that of real digits", distances[5] / distance(DIGITS[:64]), high=1.5)


def test_the_classes_are_about_equally_frequent(digits, within):
    seer = train_features(DIGITS, LABELS, epochs=15)
    assert (seer.classify(DIGITS) == LABELS).mean() > 0.95
    shares = np.bincount(seer.classify(digits.sample(1000, seed=3)), minlength=10) / 1000
    within("smallest share of a digit, really .1", shares.min(), low=0.02)
    within("largest share of a digit, really .1", shares.max(), high=0.25)


def test_a_fit_prints_its_kind(digits):
    text = str(digits)
    assert text.startswith("<ganbridge fit> image: 1,797 images of 8 x 8\n  generator      100 -> 2 x 2 x 128 ")
    assert digits.config.network == "convolutional"
    assert len(digits.moment_columns["mean"]) == 64
    columns = Array(DIGITS, "integer").columns
    assert [column.name for column in columns[:9]] == [f"{i},1" for i in range(1, 9)] + ["1,2"]
    np.testing.assert_allclose(digits.moment_columns["mean"], [column.values.mean() for column in columns])
    np.testing.assert_allclose(digits.moment_columns["sd"], [column.values.std(ddof=1) for column in columns])


def test_a_row_does_not_depend_on_how_many_are_asked_for(digits):
    longer = digits.sample(600, seed=3)
    for n in (1, 255, 256, 257, 512):
        np.testing.assert_array_equal(digits.sample(n, seed=3), longer[:n])
    assert not np.array_equal(longer[:256], longer[256:512])


def test_colour_images_of_odd_sizes_are_generated():
    images = noise((40, 9, 13, 3), "float32")
    gan = ganbridge.fit(images, epochs=2, seed=1, config=Config(**SMALL))  # four dimensions can be images only
    made = gan.sample(7, seed=1)
    assert gan.kind == "image"
    assert made.shape == (7, 9, 13, 3)
    assert made.dtype == np.float32
    assert made.min() >= images.min()
    assert made.max() <= images.max()
    assert "40 images of 9 x 13 x 3" in str(gan)


def test_constant_images_stay_constant():
    gan = ganbridge.fit(np.full((20, 8, 8), 7), kind="image", epochs=2, seed=1, config=Config(**SMALL))
    made = gan.sample(5)
    assert made.dtype == np.int64
    assert (made == 7).all()


def test_dense_networks_can_be_used():
    gan = ganbridge.fit(DIGITS, kind="image", epochs=1, seed=1, config=Config(network="dense"))
    assert "64 tanh" in str(gan)
    assert gan.sample(3, seed=1).shape == (3, 8, 8)


def test_members_are_compared_and_one_goes_on():
    gan = ganbridge.fit(DIGITS[:300], kind="image", epochs=4, seed=1, config=Config(members=2, **SMALL))
    assert gan.config.keep == "best"
    assert gan.history["score"].iloc[-1] > 0
    assert gan.sample(3, seed=1).shape == (3, 8, 8)


def test_checked_data_is_not_made_larger():
    data = from_python(DIGITS).checked()
    assert data.values.dtype == np.uint8


@pytest.mark.parametrize("network", ["convolutional", "dense"])
def test_images_of_a_given_label_can_be_sampled(network, fit_seed, within):
    few = LABELS < 3
    labels = LABELS[few].astype(str)
    config = Config(network=network)
    gan = ganbridge.fit(DIGITS[few], kind="image", condition=labels, epochs=45, seed=fit_seed, config=config)
    seer = train_features(DIGITS[few], LABELS[few], epochs=15)
    # Labels without effect would give a third of each digit.
    for label in ("0", "1", "2"):
        made = gan.sample(100, given={"label": label}, seed=1)
        within(f"share of the given label: {label}", (seer.classify(made) == int(label)).mean(), low=0.9)
        within(f"different images of 100: {label}", len(np.unique(made, axis=0)), low=96)
    made, conditions = gan.sample_with_conditions(300, seed=2)
    right = seer.classify(made).astype(str) == conditions["label"]
    within("share of the label drawn", right.mean(), low=0.9)
