"""Real beside generated, by column and by pair: what is drawn for which type, in which order, and what is refused."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PatchCollection, PathCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle, StepPatch

import ganbridge
from ganbridge.plot.data import density
from ganbridge.plot.data.comparison import compare
from ganbridge.plot.data.grid import spread_early
from ganbridge.plot.data.levels import aligned
from ganbridge.plot.data.values import Source
from ganbridge.plot.draw.panels import GENERATED, REAL, plain, plain_level

RNG = np.random.default_rng(1)


def table(n: int = 200, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "income": rng.lognormal(10, 0.5, n),
            "score": rng.integers(1, 6, n),
            "grade": pd.Categorical(rng.choice(["low", "mid", "high"], n), ["low", "mid", "high"], ordered=True),
            "smoker": rng.random(n) < 0.3,
            "city": rng.choice(["Bonn", "Cork", "Cork", "Cork"], n),
            "born": pd.Timestamp("1950-01-01") + pd.to_timedelta(rng.integers(0, 20000, n), unit="D"),
            "seen": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 10**6, n), unit="s"),
            "constant": 1.0,
        }
    )
    frame.loc[:19, "income"] = np.nan
    frame.loc[:9, "grade"] = np.nan
    return frame


TABLE = table()


def panel(figure, title: str):
    (axes,) = [axes for axes in figure.axes if axes.get_visible() and axes.get_title(loc="left") == title]
    return axes


def levels(axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def bars(axes) -> np.ndarray:
    """Widths of the bars, (sources, levels)."""
    return np.array([[bar.get_width() for bar in container] for container in axes.containers])


def histograms(axes) -> list[np.ndarray]:
    return [patch.get_data().values for patch in axes.patches if isinstance(patch, StepPatch) and patch.get_fill()]


def shown(*columns) -> list:
    return aligned([Source("real", column).column(0) for column in columns])


def test_every_column_gets_a_panel_by_its_type():
    figure = ganbridge.plot_compare(table(seed=1), TABLE)
    titles = [axes.get_title(loc="left") for axes in figure.axes if axes.get_visible()]
    assert titles == list(TABLE.columns)
    rows = [text.get_text() for text in figure.legends[0].get_texts()]
    assert rows == [f"real: {len(TABLE)} rows", f"generated: {len(table(seed=1))} rows"]
    for name in ("income", "born", "seen", "constant"):
        assert len(histograms(panel(figure, name))) == 2
        assert panel(figure, name).get_ylabel() == "share of rows"
    for name in ("score", "grade", "smoker", "city"):
        assert bars(panel(figure, name)).sum(1) == pytest.approx([1.0, 1.0])
        assert panel(figure, name).get_xlabel() == "share of rows"
    figure.draw_without_rendering()


def test_a_histogram_has_shares_of_all_rows_in_bins_of_both_sources():
    axes = panel(ganbridge.plot_compare(table(seed=1), TABLE, columns="income"), "income")
    real, generated = (patch for patch in axes.patches if patch.get_fill())
    np.testing.assert_array_equal(real.get_data().edges, generated.get_data().edges)
    assert real.get_data().values.sum() == pytest.approx(0.9)  # a tenth is missing
    assert [to_hex(patch.get_facecolor()) for patch in (real, generated)] == [to_hex(REAL), to_hex(GENERATED)]


def test_missing_numbers_have_a_separate_bar():
    axes = panel(ganbridge.plot_compare(table(seed=1).dropna(), TABLE, columns="income"), "income")
    (aside,) = axes.child_axes
    assert [bar.get_height() for bar in aside.patches] == pytest.approx([0.1, 0.0])
    assert [label.get_text() for label in aside.get_xticklabels()] == ["missing"]
    assert not panel(ganbridge.plot_compare(TABLE, TABLE, columns="born"), "born").child_axes


def test_levels_are_in_their_order_with_missing_values_last():
    axes = panel(ganbridge.plot_compare(TABLE.iloc[10:], TABLE, columns=["grade"]), "grade")
    assert levels(axes) == ["low", "mid", "high", "missing"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first at the top
    real = TABLE["grade"].value_counts(normalize=True, sort=False, dropna=False)
    assert bars(axes)[0] == pytest.approx(real.to_numpy())
    assert bars(axes)[1][3] == 0.0


def test_texts_are_in_the_order_of_frequency_and_whole_numbers_ascending():
    figure = ganbridge.plot_compare(table(seed=1), TABLE, columns=["city", "score"])
    assert levels(panel(figure, "city")) == ["Cork", "Bonn"]
    assert levels(panel(figure, "score")) == ["1", "2", "3", "4", "5"]
    assert panel(figure, "score").get_ylim()[0] < panel(figure, "score").get_ylim()[1]  # rising


def test_of_many_levels_the_most_frequent_are_drawn_and_the_others_counted():
    names = np.repeat([f"v{i:02}" for i in range(30)], np.arange(1, 31))
    both = shown(names, names)
    assert both[0].levels == (*[f"v{i}" for i in range(29, 20, -1)], "other (21 levels)")
    assert np.bincount(both[0].values.astype(int))[-1] == sum(range(1, 22))
    ordered = shown(pd.Series(pd.Categorical(names)), names[:5])
    assert ordered[0].levels == (*[f"v{i}" for i in range(21, 30)], "other (21 levels)")


def test_levels_of_only_one_source_are_kept():
    real, generated = shown(pd.Series(pd.Categorical(["b", "a"], ["b", "a"])), np.array(["c", "a"]))
    assert real.levels == generated.levels == ("b", "a", "c")
    assert generated.values.tolist() == [2.0, 1.0]


@pytest.mark.parametrize(
    ("column", "column_type", "values"),
    [
        (pd.Series([1, None], dtype="Int64"), "number", [1.0, np.nan]),
        (pd.Series([1.5, np.inf]), "number", [1.5, np.nan]),
        (pd.Series([None, 2.5], dtype="object"), "number", [np.nan, 2.5]),
        (pd.Series([True, None], dtype="boolean"), "category", [1.0, np.nan]),
        (pd.Series([True, None], dtype="object"), "category", [1.0, np.nan]),
        (pd.Series(["b", None, "a"]), "category", [1.0, np.nan, 0.0]),
        (pd.Series([datetime.date(1970, 1, 3), None]), "time", [2.0, np.nan]),
        (pd.Series(pd.to_datetime(["1970-01-02T12:00", None])), "time", [1.5, np.nan]),
        (pd.Series(pd.to_datetime(["1970-01-02T12:00+05:00"])), "time", [1.5]),
        (pd.Series(pd.period_range("1970-01-01", periods=1, freq="D")), "time", [0.0]),
        (pd.Series(pd.to_timedelta([36, 12], unit="h")), "number", [1.5, 0.5]),
        (np.array([1, 2], dtype="uint8"), "number", [1.0, 2.0]),
        ([1.0, 2.0], "number", [1.0, 2.0]),
        (pd.Series([None, None], dtype="object"), "category", [np.nan, np.nan]),
    ],
    ids=str,
)
def test_columns_of_all_types_become_plot_columns(column, column_type, values):
    read = Source("real", column).column(0)
    assert read.column_type == column_type
    np.testing.assert_allclose(read.values, values)


def test_pairs_are_points_boxes_or_tiles_by_their_types():
    names = ["income", "born", "grade", "smoker"]
    figure = ganbridge.plot_compare(table(seed=1), TABLE, by="pair", columns=names)
    figure.draw_without_rendering()
    panels = {(axes.get_xlabel(), axes.get_ylabel()): axes for axes in figure.axes if axes.get_visible()}
    assert len(panels) == 6
    points = [c for c in panels["income", "born"].collections if isinstance(c, PathCollection)]
    assert [len(c.get_offsets()) for c in points] == [180, 180]
    assert len(panels["income", "born"].collections) == 4  # and contours of both
    boxes = [patch for patch in panels["income", "grade"].patches if isinstance(patch, Rectangle)]
    assert len(boxes) == 2 * 4 - 2  # the rows without a grade have no income
    (tiles,) = [c for c in panels["grade", "smoker"].collections if isinstance(c, PatchCollection)]
    assert len(tiles.get_paths()) == 2 * 4 * 2
    assert "Tiles: left half real" in figure.get_supxlabel()


def test_a_box_is_at_the_quartiles_of_its_level():
    figure = ganbridge.plot_compare(TABLE, TABLE, by="pair", columns=["smoker", "born"])
    days = (TABLE["born"] - pd.Timestamp("1970-01-01")).dt.days
    box = next(patch for patch in figure.axes[0].patches)
    quartiles = np.percentile(days[~TABLE["smoker"]], [25, 75])
    assert [box.get_y(), box.get_y() + box.get_height()] == pytest.approx(quartiles)


def test_the_darkest_tile_is_the_most_frequent():
    frame = pd.DataFrame({"a": ["x"] * 30 + ["y"] * 10, "b": ["u"] * 40})
    axes = ganbridge.plot_compare(frame, frame, by="pair").axes[0]
    shades = axes.collections[0].get_facecolors()[:, :3].mean(1)
    real = shades[:2]
    assert real[0] < real[1]
    assert to_hex(axes.collections[0].get_facecolors()[0]) == to_hex(REAL)


def test_a_collapsed_sample_does_not_make_the_real_rows_tiles_pale():
    real = pd.DataFrame({"a": list("vwxyz") * 20, "b": list("vwxyz") * 20})
    collapsed = pd.DataFrame({"a": ["v"] * 100, "b": ["v"] * 100})
    (tiles,) = ganbridge.plot_compare(collapsed, real, by="pair").axes[0].collections
    shades = tiles.get_facecolor()[:, :3]
    ink = np.array(to_rgb(REAL))
    np.testing.assert_allclose(shades[0], 1.0 - 0.5 * (1.0 - ink), atol=1e-6)  # scaled by a half, not by four fifths
    np.testing.assert_allclose(shades[25], to_rgb(GENERATED), atol=1e-6)


def test_of_thousands_of_points_a_part_is_drawn_with_a_note():
    many = RNG.normal(size=(20000, 2))
    figure = ganbridge.plot_compare(many, many, by="pair")
    assert len(figure.axes[0].collections[0].get_offsets()) == 2000
    assert "2,000 are drawn" in figure.get_supxlabel()


def test_at_most_twelve_panels_unless_columns_are_given():
    wide = RNG.normal(size=(300, 15))
    off = wide.copy()
    off[:, 14] += 1.0
    off[:, 13] = RNG.permutation(off[:, 13])
    wide[:, 12] = wide[:, 13]
    off[:, 12] = RNG.permutation(off[:, 13])
    figure = ganbridge.plot_compare(off, wide)
    assert sum(axes.get_visible() for axes in figure.axes) == 12
    assert figure.get_supxlabel() == "The 12 of 15 columns that differ most, the worst first; `columns` names others."
    assert figure.axes[0].get_title(loc="left") == "column 14"
    assert sum(axes.get_visible() for axes in ganbridge.plot_compare(wide, wide, columns=range(15)).axes) == 15
    pairs = ganbridge.plot_compare(off, wide, by="pair")
    assert sum(axes.get_visible() for axes in pairs.axes) == 12
    assert pairs.get_supxlabel().startswith("The 12 of 105 pairs of columns that differ most")
    # Both were drawn from the same numbers, and one was shuffled: no column is wrong, but the pair is.
    assert (pairs.axes[0].get_xlabel(), pairs.axes[0].get_ylabel()) == ("column 12", "column 13")
    first = compare(wide, None, by="pair")
    assert (len(first.pairs), first.note) == (10, "The first 5 of 15 columns; `columns` names others.")


def test_few_rows_are_counted_beside_bars_and_boxes():
    real = pd.DataFrame({"level": ["a"] * 50 + ["b"] * 3, "x": np.arange(53.0)})
    axes = panel(ganbridge.plot_compare(real[:50], real, columns="level"), "level")
    assert sorted(text.get_text() for text in axes.texts) == [" 0", " 3"]
    (axes,) = ganbridge.plot_compare(real, real, by="pair").axes
    assert [text.get_text() for text in axes.texts] == [" 3 ", " 3 "]


def test_columns_are_matched_by_name_and_further_real_ones_left_out():
    generated = TABLE[["score", "income"]]
    figure = ganbridge.plot_compare(generated, TABLE)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["score", "income"]
    assert ganbridge.plot_compare(generated, TABLE, columns=[1]).axes[0].get_title(loc="left") == "income"


def test_names_may_repeat_and_need_not_be_identifiers():
    frame = pd.DataFrame(RNG.normal(size=(30, 4)), columns=["a", "a", "$x_{$ and a very long name that goes on", 7])
    other = frame * 2
    figure = ganbridge.plot_compare(other, frame)
    figure.draw_without_rendering()
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["a", "a", r"\$x_{\$ and a very long n...", "7"]
    assert figure.axes[0].dataLim.x1 != figure.axes[1].dataLim.x1


@pytest.mark.parametrize("rows", [1, 2, 30])
@pytest.mark.parametrize("by", ["column", "pair"])
def test_few_rows_constants_and_only_missing_values_are_drawn(rows, by):
    frame = TABLE.iloc[:rows].assign(none=np.nan)
    ganbridge.plot_compare(frame, frame, by=by, columns=range(9)).draw_without_rendering()


def test_whole_numbers_share_bins_of_whole_numbers():
    ages = RNG.integers(18, 90, 500).astype(float)
    edges = ganbridge.plot_compare(ages, ages).axes[0].patches[0].get_data().edges
    assert edges[0] == ages.min() - 0.5
    assert len(set(np.diff(edges))) == 1
    assert np.diff(edges)[0] == np.floor(np.diff(edges)[0])


def boxes(axes, labels) -> list:
    axes.figure.draw_without_rendering()
    return [label.get_window_extent() for label in labels if label.get_text()]


@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_the_missing_share_has_room_beside_the_ticks(scale):
    frame = pd.DataFrame({name: np.where(RNG.random(90) < 0.2, np.nan, RNG.random(90) * scale) for name in "abc"})
    frame["d"] = pd.to_datetime("1950-01-01") + pd.to_timedelta(
        np.where(RNG.random(90) < 0.2, np.nan, frame.index), "D"
    )
    frame["long"] = RNG.choice([f"{letter} is quite a long level" for letter in "abcdef"], 90)
    for axes in ganbridge.plot_compare(frame, frame).axes[:4]:
        (aside,) = axes.child_axes
        word = boxes(axes, aside.get_xticklabels())[0]
        assert not any(word.overlaps(box) for box in boxes(axes, axes.get_xticklabels()))
        left, right = boxes(axes, aside.texts)
        assert not left.overlaps(right)


@pytest.mark.parametrize("count", [3, 8])
def test_long_labels_below_an_axis_do_not_overlap(count):
    levels = [f"{letter} is quite a long level" for letter in "abcdefgh"[:count]]
    frame = pd.DataFrame({"level": RNG.choice(levels, 90), "x": RNG.random(90)})
    axes = ganbridge.plot_compare(frame, frame, by="pair").axes[0]
    labels = axes.get_xticklabels()
    axes.figure.draw_without_rendering()
    apart = np.diff([axes.transData.transform((at, 0))[0] for at in (0, 1)])[0]
    high = labels[0].get_fontsize() * axes.figure.dpi / 72
    assert apart * np.sin(np.radians(labels[0].get_rotation())) >= 0.95 * high


def test_as_many_rows_are_sampled_from_a_fit_as_it_was_trained_on():
    gan = ganbridge.fit(TABLE[["score", "income"]].dropna(), epochs=1, seed=3, progress=False)
    rows = gan.sample(180, seed=3)
    direct = ganbridge.plot_compare(rows, TABLE, columns=["income"])
    figure = ganbridge.plot_compare(gan, TABLE, columns=["income"])
    for one, other in zip(histograms(figure.axes[0]), histograms(direct.axes[0]), strict=True):
        np.testing.assert_array_equal(one, other)


def test_waves_are_drawn_above_each_other():
    waves = ganbridge.make_waves(20, 30, seed=1)
    gan = ganbridge.fit(waves, kind="wave", epochs=1, seed=3, progress=False)
    figure = ganbridge.plot_compare(gan, waves)
    lines = np.stack([axes.lines[0].get_ydata() for axes in figure.axes])
    np.testing.assert_array_equal(lines[:8], waves[:8])
    np.testing.assert_array_equal(lines[8:], gan.sample(8, seed=3))
    with pytest.raises(ValueError, match="`columns` must be left out for waves"):
        ganbridge.plot_compare(gan, waves, columns=[1])
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [f"{name} {i}" for name in ("real", "generated") for i in range(8)]
    few = ganbridge.plot_compare(gan, waves[:5])
    titles = [axes.get_title(loc="left") if axes.get_visible() else "" for axes in few.axes]
    assert titles == ["real 0", "real 1", "real 2", "real 3", "real 4", "", *(f"generated {i}" for i in range(5)), ""]
    with pytest.raises(ValueError, match="`real` must be waves of 30 points, as the generated ones, not"):
        ganbridge.plot_compare(gan, np.zeros((3, 30, 2)))
    with pytest.raises(ValueError, match="`real` must be waves of 30 points, as the generated ones, not"):
        ganbridge.plot_compare(gan, waves[:, :9])
    with pytest.raises(ValueError, match="`real` must be waves"):
        ganbridge.plot_compare(gan, "waves.csv")


def test_waves_of_channels_and_of_different_lengths_are_drawn_above_each_other():
    channels = np.random.default_rng(1).normal(size=(12, 20, 2)).cumsum(1)
    gan = ganbridge.fit(channels, kind="wave", epochs=1, seed=3, progress=False)
    figure = ganbridge.plot_compare(gan, channels)
    lines = [np.stack([line.get_ydata() for line in axes.lines], 1) for axes in figure.axes]
    np.testing.assert_array_equal(lines[:8], channels[:8])
    np.testing.assert_array_equal(lines[8:], gan.sample(8, seed=3))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["channel 0", "channel 1"]
    unequal = [wave[: 10 + i, 0] for i, wave in enumerate(channels[:10])]
    gan = ganbridge.fit(unequal, kind="wave", epochs=1, seed=3, progress=False, rate=10)
    figure = ganbridge.plot_compare(gan, unequal)
    for axes, wave in zip(figure.axes, [*unequal[:8], *gan.sample(8, seed=3)], strict=True):
        np.testing.assert_array_equal(axes.lines[0].get_ydata(), wave)
    assert figure.get_supxlabel() == "time [s]"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ganbridge.plot_compare(TABLE, TABLE, by="colum"),
            ValueError,
            '`by` must be one of "column", "pair", not "colum". Did you mean "column"?',
        ),
        (
            lambda: ganbridge.plot_compare(TABLE, TABLE, columns=["incom"]),
            ValueError,
            '`columns[0]` must be one of "income", "score", "grade", "smoker", "city", "born", "seen", "constant",'
            ' not "incom". Did you mean "income"?',
        ),
        (
            lambda: ganbridge.plot_compare(TABLE, TABLE, columns=[8]),
            ValueError,
            "`columns[0]` must be a whole number from 0 to 7, not 8.",
        ),
        (
            lambda: ganbridge.plot_compare(TABLE, TABLE, columns=[]),
            ValueError,
            "`columns` must be names or indices of columns, counted from 0, at least one, not [].",
        ),
        (
            lambda: ganbridge.plot_compare(TABLE, TABLE, by="pair", columns=["score"]),
            ValueError,
            '`columns` must be at least two columns for pairs, not ["score"].',
        ),
        (
            lambda: ganbridge.plot_compare(TABLE, TABLE.drop(columns="city")),
            ValueError,
            '`real` must have the columns of the generated data, but "city" is not among "income", "score", "grade",'
            ' "smoker", "born", "seen", ....',
        ),
        (
            lambda: ganbridge.plot_compare(np.zeros((3, 2)), np.zeros((3, 3))),
            ValueError,
            "`real` must be data with 2 columns, not an array of shape (3, 3).",
        ),
        (
            lambda: ganbridge.plot_compare(TABLE, "data.csv"),
            TypeError,
            '`real` must be a pandas DataFrame or a 2-d array, not "data.csv".',
        ),
        (
            lambda: ganbridge.plot_compare(None, TABLE),
            TypeError,
            "`synthetic_or_fit` must be a pandas DataFrame or a 2-d array, not None.",
        ),
        (
            lambda: ganbridge.plot_compare(TABLE.iloc[:0], TABLE),
            ValueError,
            "`synthetic_or_fit` must be data with at least one row and one column, not a data frame of shape (0, 8).",
        ),
        (
            lambda: ganbridge.plot_compare(TABLE[["born"]], TABLE[["born"]].astype(str)),
            ValueError,
            'column "born" of `real` must hold dates as the generated one does, not categories.'
            " Give both the same type first.",
        ),
        (
            lambda: ganbridge.plot_compare(np.zeros(3, dtype=complex), np.zeros(3, dtype=complex)),
            TypeError,
            'column "column 0" of `real` must hold numbers, texts, categories or dates, not complex. Drop it first.',
        ),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message


def test_a_density_follows_scipy():
    stats = pytest.importorskip("scipy.stats")
    values = RNG.normal(3.0, 2.0, 2000)
    x, heights = density.curve(values)
    kernel = stats.gaussian_kde(values, density.bandwidth(values) / values.std(ddof=1))
    np.testing.assert_allclose(heights, kernel(x), atol=0.002 * heights.max())
    assert density.curve(np.full(5, 2.0))[0].mean() == pytest.approx(2.0)


def test_contours_hold_their_share_of_the_rows():
    x, y = RNG.normal(size=(2, 4000))
    band = RNG.uniform(-5.0, 5.0, 4000)
    for one, other in ((x, y), (band, np.sin(2.0 * band) + RNG.normal(0.0, 0.1, 4000))):
        across, up, heights, levels = density.surface(one, other)
        column, row = (
            np.rint((values - points[0]) / (points[1] - points[0])).astype(int)
            for values, points in ((one, across), (other, up))
        )
        for level, share in zip(levels, density.SHARES, strict=True):
            assert (heights[row, column] >= level).mean() == pytest.approx(share, abs=0.04)
        assert not heights[[0, -1]].any()
        assert not heights[:, [0, -1]].any()
    assert density.surface(x, np.ones(4000)) is None
    assert density.surface(x[:19], y[:19]) is None


def test_two_peaks_do_not_make_bins_wide():
    peaks = pd.DataFrame({"x": np.concatenate([RNG.normal(-9.0, 1.0, 500), RNG.normal(9.0, 1.0, 500)])})
    (shown,) = compare(peaks, peaks).marginals
    assert len(shown.edges) - 1 >= 20


def test_contours_follow_a_curve_and_are_not_cut():
    x = RNG.uniform(-5.0, 5.0, 1000)
    y = np.sin(2.0 * x) + RNG.normal(0.0, 0.1, 1000)
    across, up, heights, levels = density.surface(x, y)
    inside = heights >= levels[0]
    off = np.abs(up[:, None] - np.sin(2.0 * across))
    # Silverman's widths put more than half of the region further than .5 from the curve.
    assert off[inside].mean() < 0.35
    (pair,) = compare(np.stack([x, y], 1), np.stack([x, y], 1), by="pair").pairs
    for axis, points, held in ((pair.x, across, inside.any(0)), (pair.y, up, inside.any(1))):
        assert axis.limits[0] < points[held].min()
        assert points[held].max() < axis.limits[1]


def test_epochs_are_spread_with_more_of_the_early_ones():
    assert spread_early(5, 12) == [0, 1, 2, 3, 4]
    chosen = spread_early(400, 12)
    assert (len(chosen), chosen[0], chosen[-1]) == (12, 0, 399)
    assert np.median(chosen) < 100


def test_texts_are_shortened_and_dollars_escaped():
    assert plain("a\nb $5") == r"a b \$5"
    assert plain("x" * 40) == "x" * 23 + "..."
    towns = [f"a town with a long name {i}" for i in range(12)]
    assert len({plain_level(town) for town in towns}) == 12
    assert plain_level("other (11 levels)", 12) == "other"


def test_comparing_needs_no_torch_and_does_not_change_the_data():
    before = TABLE.copy(deep=True)
    ganbridge.plot_compare(TABLE, TABLE)
    ganbridge.plot_compare(TABLE, TABLE, by="pair")
    pd.testing.assert_frame_equal(TABLE, before)


WALK = pd.DataFrame({"income": np.linspace(2e4, 5e4, 9), "grade": ["low"] * 4 + ["high"] * 5, "score": [2.0] * 9})


def test_a_walk_is_drawn_over_its_steps_with_the_usual_real_values_behind():
    figure = ganbridge.plot_walk(WALK, TABLE)
    figure.draw_without_rendering()
    income, grade, score = figure.axes
    np.testing.assert_array_equal(income.lines[0].get_ydata(), WALK["income"])
    assert income.lines[0].get_xdata().tolist() == list(range(1, 10))
    band = income.patches[0].get_bbox()
    np.testing.assert_allclose([band.y0, band.y1], TABLE["income"].quantile([0.05, 0.95]))
    assert [label.get_text() for label in grade.get_yticklabels()] == ["low", "mid", "high", "missing"]
    assert grade.lines[0].get_ydata().tolist() == [0.0] * 4 + [2.0] * 5
    assert score.lines[0].get_ydata().tolist() == [1.0] * 9
    assert {axes.get_xlabel() for axes in figure.axes} == {"step of the walk"}
    assert "middle 90%" in figure.get_supxlabel()
    assert not ganbridge.plot_walk(WALK).axes[0].patches


def test_a_walk_is_a_path_through_pairs_from_a_ring_to_a_dot():
    figure = ganbridge.plot_walk(WALK, TABLE, by="pair", columns=["income", "score"])
    (axes,) = figure.axes
    path, ring, dot = axes.lines
    np.testing.assert_array_equal(path.get_xdata(), WALK["income"])
    assert (ring.get_xdata()[0], ring.get_markerfacecolor()) == (2e4, "white")
    assert dot.get_xdata()[0] == 5e4
    with pytest.raises(ValueError, match="`walk` must be rows along a walk, at least two"):
        ganbridge.plot_walk(WALK.iloc[:1])
    with pytest.raises(ValueError, match='`by` must be one of "column", "pair"'):
        ganbridge.plot_walk(WALK, by="columns")


def test_a_walk_of_a_fit_with_conditions_is_drawn_in_its_types():
    frame = TABLE[["city", "income", "grade", "born"]]
    gan = ganbridge.fit(frame, condition="city", epochs=1, seed=3, progress=False)
    town = str(frame["city"].dropna().iloc[0])
    walk = gan.interpolate(9, given={"city": town}, seed=1)
    axes = ganbridge.plot_walk(walk, frame).axes[0]
    assert axes.get_ylabel() == "city"
    labels = [label.get_text() for label in axes.get_yticklabels()]
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), np.full(9, labels.index(town)))
    figure = ganbridge.plot_walk(walk, frame, by="pair", columns=["city", "grade"])
    offsets = np.asarray(figure.axes[0].collections[0].get_offsets())
    away = np.abs(offsets - offsets.round())
    assert away.max() <= 0.25
    assert len(np.unique(offsets, axis=0)) == len(offsets)  # rows of one level are spread out


def test_waves_and_images_can_be_compared_without_a_fit():
    waves = ganbridge.make_waves(20, 30, seed=1)
    figure = ganbridge.plot_compare(waves[:3], waves[5:], kind="wave", rate=10)
    lines = np.stack([axes.lines[0].get_ydata() for axes in figure.axes if axes.get_visible()])
    np.testing.assert_array_equal(lines, np.concatenate([waves[5:8], waves[:3]]))
    assert figure.axes[0].lines[0].get_xdata()[-1] == pytest.approx(2.9)
    assert figure.get_supxlabel() == "time [s]"
    unequal = [wave[: 10 + i] for i, wave in enumerate(waves[:4])]
    assert len(ganbridge.plot_compare(unequal, waves, kind="wave").axes) == 8
    images = RNG.random((6, 8, 9))
    drawn = ganbridge.plot_compare(images[:4], images, kind="image").axes[0]
    assert [label.get_text() for label in drawn.get_yticklabels() if label.get_text()] == ["real", "generated"]
    for bad, kind, words in [
        ((waves, waves), "waves", '`kind` must be one of "table", "wave", "image"'),
        ((waves, np.zeros((3, 30, 2))), "wave", "`real` must be waves of 1 channel, as the generated ones, not"),
        ((images, images[:, :5]), "image", "`real` must be images of 8 x 9 pixels, as the generated ones, not"),
        ((images, "images"), "image", "`real` must be"),
        (("waves", waves), "wave", "`samples_or_fit` must be"),
    ]:
        with pytest.raises((ValueError, TypeError), match=words):
            ganbridge.plot_compare(*bad, kind=kind)
    with pytest.raises(ValueError, match="`columns` must be left out for waves"):
        ganbridge.plot_compare(waves, waves, kind="wave", columns=[1])
    with pytest.raises(ValueError, match='`rate` must be left out for kind "table"'):
        ganbridge.plot_compare(TABLE, TABLE, rate=10)
    gan = ganbridge.fit(waves, kind="wave", epochs=1, seed=3, progress=False)
    with pytest.raises(ValueError, match='`kind` must be left out, or "wave" for a fit of that kind'):
        ganbridge.plot_compare(gan, waves, kind="table")
