"""Plots of images: which are drawn in which position, in which shades, and what is refused."""

import numpy as np
import pytest

import ganbridge
from ganbridge import Config

RNG = np.random.default_rng(1)
GREY = RNG.integers(0, 200, (30, 8, 10))
COLOUR = RNG.random((5, 9, 8, 3))


@pytest.fixture(scope="module")
def fit():
    config = Config(generator_hidden=[8], discriminator_hidden=[8], batch_size=10)
    return ganbridge.fit(GREY, kind="image", epochs=4, seed=1, trace=1, config=config)


def mosaic(figure):
    (axes,) = figure.axes
    return axes.images[0].get_array()


def tile(figure, row, column, height=8, width=10, gap=1):
    top, left = row * (height + gap), column * (width + gap)
    return mosaic(figure)[top : top + height, left : left + width]


def test_the_first_images_are_drawn_row_by_row():
    figure = ganbridge.plot_images(GREY)
    assert mosaic(figure).shape == (4 * 9 - 1, 6 * 11 - 1, 3)
    for i in range(24):
        np.testing.assert_allclose(tile(figure, i // 6, i % 6)[..., 0], GREY[i] / GREY[:24].max())
    assert (mosaic(figure)[8] == 1).all()  # between rows there is white
    assert (mosaic(figure)[:, 10] == 1).all()


def test_the_given_images_are_drawn_on_one_scale():
    figure = ganbridge.plot_images(GREY / 255, ids=[7, 0, 29], nrow=3)
    for row, i in enumerate((7, 0, 29)):
        np.testing.assert_allclose(tile(figure, row, 0)[..., 1], GREY[i] / GREY[[7, 0, 29]].max())
    assert mosaic(ganbridge.plot_images(GREY, ids=range(3, 5), nrow=9)).shape == (17, 10, 3)
    assert mosaic(ganbridge.plot_images(GREY, ids=4)).shape == (8, 10, 3)
    np.testing.assert_array_equal(mosaic(ganbridge.plot_images(np.zeros((2, 8, 8)), ids=0)), np.zeros((8, 8, 3)))


def test_colours_and_opacity():
    figure = ganbridge.plot_images(COLOUR, ids=3)
    np.testing.assert_allclose(mosaic(figure), COLOUR[3] / COLOUR[3].max())
    one = ganbridge.plot_images(COLOUR[..., :1], ids=3)
    np.testing.assert_array_equal(mosaic(one)[..., 0], mosaic(one)[..., 2])
    opaque = np.concatenate([COLOUR, np.ones_like(COLOUR[..., :1])], -1)
    np.testing.assert_allclose(mosaic(ganbridge.plot_images(opaque, ids=0)), COLOUR[0])
    opaque[..., 3] = 0.0
    np.testing.assert_allclose(mosaic(ganbridge.plot_images(opaque, ids=0)), np.ones((9, 8, 3)))
    half = np.stack([np.zeros((2, 8, 8)), np.ones((2, 8, 8)) * 0.25], -1)
    half[1] = 1.0
    np.testing.assert_allclose(tile(ganbridge.plot_images(half, nrow=1), 0, 0, 8, 8), 0.75)


def test_a_fit_is_drawn_with_its_seed(fit):
    first, again = (mosaic(ganbridge.plot_images(fit)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    drawn = fit.sample(24, seed=fit.seed)
    np.testing.assert_allclose(tile(ganbridge.plot_images(fit), 0, 1)[..., 0], drawn[1] / drawn.max())


def test_a_trace_is_one_row_for_each_epoch(fit):
    figure = ganbridge.plot_images(fit.trace, ids=range(5))
    assert mosaic(figure).shape == (4 * 9 - 1, 5 * 11 - 1, 3)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["1", "2", "3", "4"]
    assert figure.axes[0].get_ylabel() == "epoch"
    top = max(sample[:5].max() for sample in fit.trace.samples)
    np.testing.assert_allclose(tile(figure, 2, 4)[..., 0], fit.trace.samples[2][4] / top)
    fewer = ganbridge.plot_images(fit.trace, nrow=2)
    assert [label.get_text() for label in fewer.axes[0].get_yticklabels()] == ["1", "4"]


@pytest.mark.parametrize(
    ("samples", "given", "words"),
    [
        (GREY[0], {}, r"n images by height by width .*, not an array of shape \(8, 10\). Write samples\[None\]"),
        (np.zeros((2, 8, 8, 5)), {}, "by 1 to 4 channels"),
        (np.zeros((0, 8, 8)), {}, "n images by height by width"),
        (GREY > 3, {}, "n images by height by width"),
        ("digits", {}, 'not "digits"'),
        (None, {}, "not None"),
        ([[1, 2], [3]], {}, "n images by height by width"),
        (-GREY, {}, "finite values of at least 0 only; see rows 1, 2, 3 and 27 more"),
        (np.where(GREY > 150, np.nan, GREY), {}, "finite values of at least 0 only; see rows"),
        ([], {}, "a trace with samples"),
        (GREY, {"ids": [30]}, r"`ids\[0\]` must be a whole number from 0 to 29, not 30"),
        (GREY, {"ids": []}, "`ids` must be indices of images, counted from 0, at least one"),
        (GREY, {"ids": "all"}, "`ids` must be indices of images"),
        (GREY, {"nrow": 0}, "`nrow` must be a whole number of at least 1, not 0"),
    ],
)
def test_bad_arguments_are_refused(samples, given, words):
    with pytest.raises(ValueError, match=words):
        ganbridge.plot_images(samples, **given)


def test_a_fit_of_something_else_is_refused():
    gan = ganbridge.fit(GREY.reshape(30, -1)[:, :2], epochs=1, seed=1)
    with pytest.raises(ValueError, match="must be a fit of images, not of a table"):
        ganbridge.plot_images(gan)
