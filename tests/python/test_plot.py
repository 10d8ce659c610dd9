"""Plots: what is drawn, with which limits, and what is refused."""

from __future__ import annotations

import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import ganbridge
from ganbridge import bridge
from ganbridge.plot import draw
from ganbridge.plot.data.blends import far_seed
from ganbridge.plot.data.losses import losses_of
from ganbridge.plot.data.waves import wave_panels

WAVES = ganbridge.make_waves(20, 50, seed=1)


@pytest.fixture(scope="module")
def wave_fit() -> ganbridge.FittedGan:
    return ganbridge.fit(WAVES, kind="wave", epochs=4, seed=3, trace=2, progress=False)


@pytest.fixture(scope="module")
def table_fit() -> ganbridge.FittedGan:
    return ganbridge.fit(WAVES[:, :2], epochs=1, seed=3, progress=False)


def visible(figure: Figure) -> list:
    return [axes for axes in figure.axes if axes.get_visible()]


def drawn(axes) -> np.ndarray:
    return np.stack([line.get_ydata() for line in axes.lines])


def titles(figure: Figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in visible(figure)]


def assert_limits(limits: tuple[float, float], values: np.ndarray, room: float) -> None:
    low, high = limits
    reach = np.max(values) - np.min(values)
    assert np.min(values) - room * reach <= low <= np.min(values)
    assert np.max(values) <= high <= np.max(values) + room * reach


def test_an_array_gets_one_panel_for_each_of_its_first_twelve_waves():
    figure = ganbridge.plot_waves(WAVES)
    assert isinstance(figure, Figure)
    assert titles(figure) == [f"wave {i}" for i in range(12)]
    np.testing.assert_array_equal(np.concatenate([drawn(axes) for axes in visible(figure)]), WAVES[:12])


def test_the_given_waves_are_drawn_in_their_order():
    figure = ganbridge.plot_waves(WAVES, ids=np.array([7, 0, 19]))
    assert titles(figure) == ["wave 7", "wave 0", "wave 19"]
    np.testing.assert_array_equal(drawn(visible(figure)[2])[0], WAVES[19])
    assert titles(ganbridge.plot_waves(WAVES, ids=range(3, 5))) == ["wave 3", "wave 4"]
    assert titles(ganbridge.plot_waves(WAVES, ids=4)) == ["wave 4"]


def test_limits_are_those_of_the_data_drawn():
    scaled = WAVES * 1000.0 + 5.0
    figure = ganbridge.plot_waves(scaled, ids=[0, 1, 2])
    for axes in visible(figure):
        assert axes.get_xlim() == (0, 49)
        assert_limits(axes.get_ylim(), scaled[:3], 0.05)
    assert (figure.get_supxlabel(), figure.get_supylabel()) == ("point", "value")


def test_any_number_of_waves_can_be_drawn():
    for count in range(1, 21):
        assert len(visible(ganbridge.plot_waves(WAVES, ids=range(count)))) == count


def test_a_flat_wave_has_room_around_it():
    low, high = ganbridge.plot_waves(np.full((1, 5), 3.0)).axes[0].get_ylim()
    assert low < 3.0 < high


@pytest.mark.parametrize(
    ("count", "nrow", "shape"), [(12, None, (3, 4)), (1, None, (1, 1)), (7, 2, (2, 4)), (3, 9, (3, 1))]
)
def test_rows_of_panels(count, nrow, shape):
    figure = ganbridge.plot_waves(WAVES, ids=range(count), nrow=nrow)
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == shape
    assert len(visible(figure)) == count


def test_every_column_of_panels_has_tick_labels():
    figure = ganbridge.plot_waves(WAVES, ids=range(7), nrow=2)
    figure.draw_without_rendering()
    for axes in visible(figure)[3:]:
        assert any(label.get_visible() for label in axes.get_xticklabels())


def test_a_fit_draws_a_sample_with_its_seed(wave_fit):
    figure = ganbridge.plot_waves(wave_fit, ids=[0, 5])
    sample = wave_fit.sample(6, seed=wave_fit.seed)
    np.testing.assert_array_equal(np.concatenate([drawn(axes) for axes in visible(figure)]), sample[[0, 5]])


def test_a_trace_gets_one_panel_for_each_epoch(wave_fit):
    figure = ganbridge.plot_waves(wave_fit.trace, ids=[0, 1, 2])
    assert titles(figure) == ["epoch 2", "epoch 4"]
    np.testing.assert_array_equal(drawn(visible(figure)[1]), wave_fit.trace.samples[1][:3])


def test_a_long_trace_is_thinned_to_twelve_panels_with_both_ends():
    figure = ganbridge.plot_waves([(epoch, WAVES) for epoch in range(10, 1010, 10)])
    assert len(visible(figure)) == 12
    assert (titles(figure)[0], titles(figure)[-1]) == ("epoch 10", "epoch 1,000")


def test_losses_are_drawn_over_the_epochs(wave_fit):
    figure = ganbridge.plot_losses(wave_fit)
    axes, scores = figure.axes
    history = wave_fit.history
    for line, role in zip(axes.lines[::2], ("generator", "discriminator"), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), history[f"{role}_loss"])
    assert axes.get_xlim() == (1, 4)
    assert_limits(axes.get_ylim(), history[["generator_loss", "discriminator_loss"]].to_numpy(), 0.05)
    assert (scores.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["generator", "discriminator"]


def test_scores_have_a_separate_panel_and_the_kept_epoch_is_marked(wave_fit):
    axes = ganbridge.plot_losses(wave_fit).axes[1]
    scored = wave_fit.history["score"].notna()
    np.testing.assert_array_equal(axes.lines[0].get_xdata(), wave_fit.history["epoch"][scored])
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), wave_fit.history["score"][scored])
    assert axes.get_ylim()[0] == 0.0
    assert "0 is perfect" in axes.get_ylabel()
    assert list(axes.lines[1].get_xdata()) == [wave_fit.kept["epoch"]] * 2
    assert axes.get_title(loc="right") == f"kept: epoch {wave_fit.kept['epoch']}"


def test_without_scores_there_is_no_panel_for_them():
    columns = {"epoch": [1, 2], "generator_loss": [1.0, 2.0], "discriminator_loss": [1.0, 2.0], "score": [np.nan] * 2}
    assert len(draw.draw_losses(losses_of(columns, kept=2)).axes) == 1


def test_losses_that_are_not_finite_are_left_out():
    columns = {"epoch": [1, 2, 3], "generator_loss": [1.0, np.nan, 3.0], "discriminator_loss": [1.0, np.inf, 2.0]}
    (axes,) = draw.draw_losses(losses_of(columns)).axes
    assert axes.lines[0].get_xdata().tolist() == [1, 3]
    assert_limits(axes.get_ylim(), np.array([1.0, 3.0]), 0.05)
    with pytest.raises(ValueError, match="at least one finite loss"):
        losses_of({"epoch": [1], "generator_loss": [np.nan], "discriminator_loss": [np.inf]})


def test_a_single_epoch_is_a_point():
    columns = {"epoch": [1], "generator_loss": [0.7], "discriminator_loss": [1.4]}
    assert draw.draw_losses(losses_of(columns)).axes[0].lines[1].get_marker() == "o"


def test_the_trend_of_many_epochs_follows_their_mean():
    epoch = np.arange(1, 101)
    columns = {"epoch": epoch, "generator_loss": 0.5 * epoch, "discriminator_loss": np.full(100, 2.0)}
    lines = draw.draw_losses(losses_of(columns)).axes[0].lines
    np.testing.assert_allclose(lines[1].get_ydata(), 0.5 * epoch)
    np.testing.assert_allclose(lines[3].get_ydata(), 2.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ganbridge.plot_waves(WAVES, ids=[20]),
            ValueError,
            "`ids[0]` must be a whole number from 0 to 19, not 20.",
        ),
        (
            lambda: ganbridge.plot_waves(WAVES, ids=[]),
            ValueError,
            "`ids` must be indices of waves, counted from 0, at least one, not [].",
        ),
        (
            lambda: ganbridge.plot_waves(WAVES, ids="all"),
            ValueError,
            '`ids` must be indices of waves, counted from 0, not "all".',
        ),
        (
            lambda: ganbridge.plot_waves(WAVES, nrow=0),
            ValueError,
            "`nrow` must be a whole number of at least 1, not 0.",
        ),
        (
            lambda: ganbridge.plot_waves(WAVES[0]),
            ValueError,
            "`samples_or_fit` must be waves (an array or a list), a trace of waves or a fit of waves, not an array"
            " of shape (50,). Write samples.reshape(1, -1) to draw one wave.",
        ),
        (
            lambda: ganbridge.plot_waves("waves.csv"),
            ValueError,
            '`samples_or_fit` must be waves (an array or a list), a trace of waves or a fit of waves, not "waves.csv".',
        ),
        (
            lambda: ganbridge.plot_waves(None),
            ValueError,
            "`samples_or_fit` must be waves (an array or a list), a trace of waves or a fit of waves, not None.",
        ),
        (
            lambda: ganbridge.plot_waves([]),
            ValueError,
            "`samples_or_fit` must be a trace with samples, not []. Fit with a smaller `trace`.",
        ),
        (
            lambda: ganbridge.plot_waves([[1.0, np.nan, 2.0], [1.0, 2.0, 3.0]]),
            ValueError,
            "`samples_or_fit` must hold finite values only; see row 1.",
        ),
        (
            lambda: ganbridge.plot_losses(WAVES),
            TypeError,
            "`fit` must be a fit made by fit() or load(), not an array of shape (20, 50).",
        ),
    ],
)
def test_bad_arguments_are_refused(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message


def test_a_fit_of_a_table_has_no_waves(table_fit):
    with pytest.raises(ValueError, match="must be a fit of waves, not of a table"):
        ganbridge.plot_waves(table_fit)


def test_drawing_does_not_change_pyplot_and_its_settings(wave_fit):
    before = dict(matplotlib.rcParams)
    ganbridge.plot_waves(wave_fit)
    ganbridge.plot_losses(wave_fit)
    assert dict(matplotlib.rcParams) == before
    code = (
        "import sys, ganbridge; ganbridge.plot_waves(ganbridge.make_waves(2, 10, seed=1))._repr_png_();"
        "assert 'matplotlib.pyplot' not in sys.modules and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_notebook_gets_a_png():
    assert ganbridge.plot_waves(WAVES)._repr_png_().startswith(b"\x89PNG")


def test_without_matplotlib_the_error_says_how_to_get_it():
    code = """
import sys
sys.modules["matplotlib"] = None
import ganbridge
try:
    ganbridge.plot_waves(ganbridge.make_waves(2, 10, seed=1))
except ImportError as error:
    assert "pip install matplotlib" in str(error), error
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# --- channels, lengths, labels and time -----------------------------------------------------------------------------

CHANNELS = np.stack([WAVES, WAVES + 1.0], 2)
RAGGED = [wave[: 20 + i] for i, wave in enumerate(WAVES)]


def key(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_channels_have_a_colour_each_and_a_key_outside_of_the_panels():
    figure = ganbridge.plot_waves(CHANNELS, ids=[3, 4])
    for axes, i in zip(visible(figure), (3, 4), strict=True):
        np.testing.assert_array_equal(drawn(axes), CHANNELS[i].T)
        assert [line.get_color() for line in axes.lines] == ["#0072B2", "#D55E00"]
    assert key(figure) == ["channel 0", "channel 1"]
    figure.draw_without_rendering()
    legend = figure.legends[0].get_window_extent()
    for axes in visible(figure):
        assert not legend.overlaps(axes.get_tightbbox())
    assert key(ganbridge.plot_waves(WAVES)) == key(ganbridge.plot_waves(WAVES[:, :, None])) == []


@pytest.mark.parametrize("waves", [np.repeat(WAVES[:, :, None], 7, 2), CHANNELS * [1.0, 1000.0]], ids=["7", "unlike"])
def test_many_or_different_channels_have_a_strip_each(waves):
    figure = ganbridge.plot_waves(waves, ids=[0, 1])
    assert key(figure) == []
    axes = visible(figure)[0]
    names = [f"channel {k}" for k in range(waves.shape[2])]
    if len(names) == 2:  # if there is room for two lines, the range of the strip is below the name
        names = [f"{name}\n{waves[:2, :, k].min():.3g} to {waves[:2, :, k].max():.3g}" for k, name in enumerate(names)]
    assert [text.get_text() for text in axes.get_yticklabels()] == names
    ticks = axes.get_yticks()
    for k, line in enumerate(axes.lines):
        assert np.abs(line.get_ydata() - ticks[k]).max() <= 0.45 + 1e-9
        place = line.get_ydata()
        assert np.corrcoef(place, waves[0, :, k])[0, 1] > 0.999999
    np.testing.assert_allclose(np.diff(ticks), -1.0)


def test_waves_of_different_lengths_are_drawn_to_their_end():
    figure = ganbridge.plot_waves(RAGGED, ids=[0, 19])
    first, last = visible(figure)
    np.testing.assert_array_equal(first.lines[0].get_ydata(), RAGGED[0])
    np.testing.assert_array_equal(last.lines[0].get_xdata(), np.arange(39))
    assert first.get_xlim() == (0, 38)
    assert len(visible(ganbridge.plot_waves([np.stack([wave, wave], 1) for wave in RAGGED]))) == 12


def test_labels_are_the_titles():
    by_wave = [f"class {i % 2}" for i in range(20)]
    assert titles(ganbridge.plot_waves(WAVES, ids=[1, 4], labels=by_wave)) == ["class 1", "class 0"]
    assert titles(ganbridge.plot_waves(WAVES, ids=[1, 4], labels=np.array([7, 8]))) == ["7", "8"]
    for labels in ("ab", ["a"], [1, 2, 3], 5):
        with pytest.raises(ValueError, match="`labels` must be one for each of the 20 waves, or of the 2 shown, not "):
            ganbridge.plot_waves(WAVES, ids=[1, 4], labels=labels)
    with pytest.raises(ValueError, match="`labels` must be None for a trace, whose panels are epochs"):
        ganbridge.plot_waves([(1, WAVES), (2, WAVES)], labels=["a", "b"])


def test_a_rate_gives_a_time_axis():
    figure = ganbridge.plot_waves(WAVES, rate=10)
    axes = visible(figure)[0]
    np.testing.assert_allclose(axes.lines[0].get_xdata(), np.arange(50) / 10)
    assert figure.get_supxlabel() == "time [s]"
    assert ganbridge.plot_waves(WAVES).get_supxlabel() == "point"
    fit = ganbridge.fit(CHANNELS, kind="wave", epochs=2, seed=3, trace=1, rate=10, progress=False)
    for what in (fit, fit.trace, fit.sample(3, seed=1)):
        of_fit = ganbridge.plot_waves(what, ids=[0, 1])
        assert of_fit.get_supxlabel() == ("point" if isinstance(what, np.ndarray) else "time [s]")
        assert key(of_fit) == ["channel 0", "channel 1"]
    assert ganbridge.plot_blends(fit, 5).axes[0].get_xlabel() == "time [s]"
    with pytest.raises(ValueError, match="`rate` must be a number above 0, not -1"):
        ganbridge.plot_waves(WAVES, rate=-1)


def test_blends_of_the_formula_go_from_one_wave_to_the_other():
    figure = ganbridge.plot_blends()
    (axes,) = figure.axes
    assert len(axes.lines) == len(axes.collections) == 48
    t = np.linspace(0.0, 1.0, 250)
    np.testing.assert_allclose(axes.lines[0].get_xdata(), t)
    ends = [line.get_ydata() for line in (axes.lines[0], axes.lines[-1])]
    np.testing.assert_allclose(ends[1], 3 * np.sin(2 * np.pi * 10 * t), atol=1e-12)
    np.testing.assert_allclose(ends[0] - ends[0].mean(), np.sin(2 * np.pi * 2 * t), atol=1e-12)
    order = [line.get_zorder() for line in axes.lines]
    assert order == sorted(order)


def test_blends_of_a_fit_are_its_walk(wave_fit):
    figure = ganbridge.plot_blends(wave_fit, 9, seed=wave_fit.seed)
    walk = wave_fit.interpolate(9, seed=wave_fit.seed)
    for line, wave in zip(figure.axes[0].lines, walk, strict=True):
        np.testing.assert_allclose(np.diff(line.get_ydata()), np.diff(wave), atol=1e-9)
    assert len(ganbridge.plot_blends(CHANNELS).axes) == 2
    assert len(ganbridge.plot_blends(RAGGED).axes[0].lines) == 20


def test_blends_of_a_fit_go_between_waves_that_differ(wave_fit):
    far = wave_fit.interpolate(9, seed=far_seed(wave_fit))
    ends = [wave_fit.sample(2, seed=wave_fit.seed + k) for k in range(8)]
    assert np.abs(far[0] - far[-1]).mean() == pytest.approx(max(np.abs(a - b).mean() for a, b in ends))
    lines = ganbridge.plot_blends(wave_fit, 9).axes[0].lines
    np.testing.assert_allclose(np.diff(lines[0].get_ydata()), np.diff(far[0]), atol=1e-9)


def test_channels_of_a_fit_from_r_have_their_names():
    waves = np.random.default_rng(1).normal(size=(10, 12, 2))
    data = {"container": "array", "values": waves, "type": "double", "names": ["left", "right"]}
    gan = ganbridge.from_bytes(bridge.fit(data, kind="wave", epochs=2, seed=1, trace=1)["whole"])
    assert gan.channels == gan.trace.channels == ["left", "right"]
    for figure in (
        ganbridge.plot_waves(gan),
        ganbridge.plot_waves(gan.trace),
        ganbridge.plot_training(gan, waves),
        ganbridge.plot_compare(gan, waves),
    ):
        assert key(figure) == ["left", "right"]
    assert titles(ganbridge.plot_blends(gan)) == ["left", "right"]
    strips = draw.draw_waves(wave_panels(waves * [1.0, 99.0], channels=gan.channels))
    assert [label.get_text().split("\n")[0] for label in strips.axes[0].get_yticklabels()] == ["left", "right"]
    assert ganbridge.fit(waves, kind="wave", epochs=1, seed=1, progress=False).channels is None
