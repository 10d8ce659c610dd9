"""The data of plots: plain arrays and labels, computed without matplotlib."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge.model.protocol import is_fit
from ganbridge.plot.data.blends import blends_of
from ganbridge.plot.data.comparison import compare
from ganbridge.plot.data.course import course_frames, course_panels
from ganbridge.plot.data.images import image_comparison, image_frames, image_mosaic
from ganbridge.plot.data.losses import losses_of
from ganbridge.plot.data.marginal import Bars, Histogram
from ganbridge.plot.data.metrics import metric_panels
from ganbridge.plot.data.pair import Boxes, Points, Tiles
from ganbridge.plot.data.walk import walk_of
from ganbridge.plot.data.waves import wave_comparison, wave_frames, wave_panels

RNG = np.random.default_rng(4)
TABLE = pd.DataFrame(
    {
        "size": np.where(RNG.random(60) < 0.2, np.nan, RNG.gamma(2.0, 1.0, 60)),
        "grade": pd.Categorical(RNG.choice(["low", "mid", "high"], 60), ["low", "mid", "high"], ordered=True),
        "town": RNG.choice(["Bonn", "Cork"], 60),
        "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(RNG.integers(0, 400, 60), unit="D"),
    }
)
TRACE = [(2, TABLE), (4, TABLE.iloc[::-1])]
WAVES = ganbridge.make_waves(9, 20, seed=1)
STRIPS = np.stack([WAVES, 1000.0 * WAVES], 2)
IMAGES = RNG.integers(0, 256, (7, 8, 9))
PLOTS = {
    "columns": lambda: compare(TABLE[:30], TABLE),
    "pairs": lambda: compare(TABLE[:30], TABLE, by="pair"),
    "course of a column": lambda: course_panels(TRACE, TABLE, ["size"]),
    "course of a pair": lambda: course_panels(TRACE, TABLE, ["size", "grade"]),
    "course of columns": lambda: course_frames(TRACE, TABLE),
    "walk": lambda: walk_of(TABLE[:9], TABLE),
    "walk through pairs": lambda: walk_of(TABLE[:9], TABLE, by="pair"),
    "waves": lambda: wave_panels(WAVES, rate=10.0),
    "strips": lambda: wave_panels(STRIPS, channels=["left", "right"]),
    "compared waves": lambda: wave_comparison(WAVES[:5], WAVES),
    "frames of waves": lambda: wave_frames([(1, WAVES), (2, WAVES)], WAVES),
    "blends": lambda: blends_of(STRIPS),
    "images": lambda: image_mosaic([(1, IMAGES), (2, IMAGES)], real=IMAGES),
    "compared images": lambda: image_comparison(IMAGES[:5], IMAGES),
    "frames of images": lambda: image_frames([(1, IMAGES), (2, IMAGES)], IMAGES),
    "losses": lambda: losses_of(
        {"epoch": [1, 2], "generator_loss": [1.0, 2.0], "discriminator_loss": [1.0, np.nan], "score": [0.5, np.nan]}, 1
    ),
    "metrics": lambda: metric_panels([{"title": "a", "unit": "b", "label": ["c"], "value": [0.1], "baseline": [0.2]}]),
}


def leaves(value: Any) -> list[Any]:
    """All that a plot's data hold, without the dataclasses, lists and tuples around it."""
    if dataclasses.is_dataclass(value):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, (list, tuple)) else [value]


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_arrays_of_numbers_and_labels(name):
    held = leaves(PLOTS[name]())
    assert {type(leaf) for leaf in held} <= {np.ndarray, str, int, float, bool, type(None)}
    assert {leaf.dtype.kind for leaf in held if isinstance(leaf, np.ndarray)} <= {"f", "i"}


def test_what_plots_show_is_computed_without_matplotlib():
    code = """
import sys
sys.modules["matplotlib"] = sys.modules["PIL"] = sys.modules["torch"] = None
import test_plot_data
for name, plot in test_plot_data.PLOTS.items():
    plot()
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent)


def test_a_column_is_shares_of_rows_in_bins_or_by_level():
    size, grade = compare(TABLE[["size", "grade"]][:30], TABLE).marginals
    assert isinstance(size, Histogram)
    assert isinstance(grade, Bars)
    np.testing.assert_allclose(size.shares.sum(1) + size.missing, 1.0)
    np.testing.assert_allclose(size.missing, [TABLE["size"].isna().mean(), TABLE["size"][:30].isna().mean()])
    np.testing.assert_allclose(grade.shares[0], TABLE["grade"].value_counts(normalize=True, sort=False))
    assert grade.axis.levels == ("low", "mid", "high")
    assert grade.sources == ("real", "generated")


def test_a_pair_is_points_boxes_or_tiles():
    points, boxes, tiles = (
        compare(TABLE, TABLE, by="pair", columns=columns).pairs[0]
        for columns in (["size", "seen"], ["grade", "seen"], ["grade", "town"])
    )
    assert isinstance(points, Points)
    assert len(points.clouds[0].x) == TABLE["size"].notna().sum()
    assert isinstance(boxes, Boxes)
    assert boxes.upright
    days = (TABLE["seen"] - pd.Timestamp("1970-01-01")).dt.days
    np.testing.assert_allclose(boxes.values[2, 1:4], np.percentile(days[TABLE["grade"] == "high"], [25, 50, 75]))
    assert isinstance(tiles, Tiles)
    assert tiles.shares.shape == (2, 2, 3)
    np.testing.assert_allclose(tiles.shares.sum((1, 2)), 1.0)


def test_strips_are_above_each_other_with_their_ranges():
    shown = wave_panels(STRIPS, ids=[0], channels=["left", "right"])
    upper, lower = shown.panels[0].waves[0].T
    assert (upper.min(), lower.max()) == (pytest.approx(1.0), pytest.approx(0.9))
    np.testing.assert_allclose(shown.channels.ticks, [1.45, 0.45])
    assert shown.channels.spans[0] == f"{WAVES[0].min():.3g} to {WAVES[0].max():.3g}"


def test_a_fit_is_distinguished_from_data_with_a_column_of_that_name():
    gan = ganbridge.fit(WAVES[:, :2], epochs=1, seed=1, progress=False)
    assert is_fit(gan)
    assert not any(is_fit(value) for value in (TABLE.assign(sample_data=1.0), WAVES, [WAVES], None, "fit"))
