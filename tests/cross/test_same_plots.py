"""Plots show the same in both languages: R draws what the core computed, and of plain data what it computes alike."""

import numpy as np
import pandas as pd
import pytest

from ganbridge.plot.data.channels import Channels
from ganbridge.plot.data.comparison import compare
from ganbridge.plot.data.grid import grid_of, spread_early
from ganbridge.plot.data.images import _colours
from ganbridge.plot.data.losses import losses_of

RNG = np.random.default_rng(5)
TABLE = pd.DataFrame(
    {
        "size": np.where(RNG.random(80) < 0.2, np.nan, RNG.gamma(2.0, 1.0, 80)),
        "town": RNG.choice(["Bonn", "Cork", "Graz"], 80),
        "score": RNG.normal(size=80),
    }
)
CODE = """{
  table <- read.csv(text = "%s", na.strings = "")
  marks <- lapply(ganbridge::plot_compare(table[1:50, ], table%s)$layers, `[[`, "data")
  marks <- Filter(is.data.frame, marks)
  kinds <- c("xmin", "group", "label", "size")
  names(marks) <- vapply(marks, \\(rows) paste(intersect(kinds, names(rows)), collapse = ""), "")
  %s
}"""


def drawn(r, arguments: str, result: str) -> np.ndarray:
    """What the layers of R's plot of TABLE hold."""
    return np.array(r(CODE % (TABLE.to_csv(index=False), arguments, result)))


def test_histograms_and_bars(r):
    shown = compare(TABLE[:50], TABLE, columns=["size"]).marginals[0]
    heights = drawn(r, ', columns = "size"', "marks$xmin$ymax[marks$xmin$alpha < 0.5]")
    np.testing.assert_allclose(heights, shown.shares.ravel(), rtol=1e-12)
    edges = drawn(r, ', columns = "size"', "unique(marks$xmin$xmin[marks$xmin$alpha < 0.5])")
    np.testing.assert_allclose(edges, shown.edges[:-1], rtol=1e-12)
    shown = compare(TABLE[:50], TABLE, columns=["town"]).marginals[0]
    np.testing.assert_allclose(drawn(r, ', columns = "town"', "marks$xmin$xmax"), shown.shares.ravel(), rtol=1e-12)


def test_points_and_contours(r):
    shown = compare(TABLE[:50], TABLE, by="pair", columns=["size", "score"]).pairs[0]
    arguments = ', by = "pair", columns = c("size", "score")'
    points = drawn(r, arguments, "cbind(marks$size$x, marks$size$y)")
    np.testing.assert_allclose(points, np.concatenate([np.stack([c.x, c.y], 1) for c in shown.clouds]), rtol=1e-12)
    # R's contour lines lie where the core's density has the levels.
    lines = drawn(r, arguments, 'with(subset(marks$group, source == "real"), cbind(x, y))')
    contours = shown.clouds[0].contours
    column, row = (
        np.rint((values - points[0]) / (points[1] - points[0])).astype(int)
        for values, points in ((lines[:, 0], contours.x), (lines[:, 1], contours.y))
    )
    off = np.abs(contours.density[row, column][:, None] - np.array(contours.levels)).min(1)
    assert off.max() < 0.25 * max(contours.levels)


@pytest.mark.parametrize("count", [1, 5, 12, 13, 100, 400])
def test_epochs(r, count):
    assert [int(i) - 1 for i in r(f"ganbridge:::spread_early({count}, 12)")] == spread_early(count, 12)


def test_grids(r):
    for count in range(1, 21):
        assert [int(i) for i in r(f"ganbridge:::panel_grid({count})")] == list(grid_of(count, None))


def test_trends_of_losses(r):
    values = RNG.normal(size=47)
    shown = losses_of({"epoch": np.arange(47), "generator_loss": values, "discriminator_loss": values})
    code = f"ganbridge:::moving_mean(c({', '.join(map(repr, values.tolist()))}), {47 // 15})"
    np.testing.assert_allclose(np.array(r(code)), shown.losses[0].trend, rtol=1e-9)


def test_strips_of_channels(r):
    waves = [np.stack([np.sin(np.arange(9.0) + i), 1000 * np.cos(np.arange(9.0) - i)], 1) for i in range(3)]
    matrices = [f"matrix(c({', '.join(map(repr, wave.ravel(order='F').tolist()))}), 9)" for wave in waves]
    placed = np.array(r(f"local({{ w <- list({', '.join(matrices)}); ganbridge:::wave_scales(w)$place(w[[2]]) }})"))
    np.testing.assert_allclose(placed, Channels.of(waves).placed(waves[1]), rtol=1e-12)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_colours_of_images(r, channels):
    images = RNG.integers(0, 256, (2, 3, 4, channels)).astype(float)
    values = ", ".join(map(repr, images.ravel(order="F").tolist()))
    code = f"col2rgb(ganbridge:::image_colours(array(c({values}), c(2, 3, 4, {channels}))))"
    expected = np.moveaxis(_colours(images), -1, 0).reshape(3, -1, order="F")
    np.testing.assert_allclose(np.array(r(code)) / 255.0, expected, atol=0.51 / 255.0)
