"""Traced samples over the epochs, side by side and as an animation."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import ganbridge
from ganbridge import Config, bridge
from ganbridge.plot.data import density
from ganbridge.plot.data.course import course_frames, course_panels
from ganbridge.plot.data.grid import frames_of
from ganbridge.plot.draw import GENERATED, REAL, animation, draw_course

RNG = np.random.default_rng(2)
TWO = pd.DataFrame({"x": RNG.normal(2.0, 3.0, 60), "y": RNG.normal(size=60)})


def fit(data, **settings) -> ganbridge.FittedGan:
    return ganbridge.fit(data, seed=3, progress=False, **{"epochs": 4, "trace": 2, **settings})


@pytest.fixture(scope="module")
def one() -> ganbridge.FittedGan:
    return fit(TWO[["x"]])


@pytest.fixture(scope="module")
def two() -> ganbridge.FittedGan:
    return fit(TWO)


@pytest.fixture(scope="module")
def waves() -> ganbridge.FittedGan:
    return fit(ganbridge.make_waves(20, 30, seed=1), kind="wave")


def titles(figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in figure.axes if axes.get_visible()]


def course(samples, real=None, columns=None):
    return draw_course(course_panels(samples, real, columns))


def keys(figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_one_column_is_drawn_as_densities_with_real_rows_and_noise(one):
    figure = ganbridge.plot_training(one, TWO)
    assert titles(figure) == ["epoch 2", "epoch 4"]
    assert keys(figure) == ["noise", "real", "generated"]
    assert (figure.get_supxlabel(), figure.get_supylabel()) == ("x", "density")
    for axes, sample in zip(figure.axes, one.trace.samples, strict=True):
        real, generated, noise = axes.lines
        np.testing.assert_allclose(real.get_ydata(), density.curve(TWO["x"].to_numpy())[1])
        np.testing.assert_allclose(generated.get_ydata(), density.curve(sample["x"].to_numpy())[1])
        np.testing.assert_allclose(
            noise.get_ydata(), np.exp(-0.5 * noise.get_xdata() ** 2) / np.sqrt(2 * np.pi), rtol=1e-6
        )
        assert noise.get_zorder() < real.get_zorder()
        assert axes.get_xlim()[0] <= -3.2


def test_the_noise_is_rescaled_for_data_far_from_0():
    far = TWO[["x"]] * 100 + 5000
    figure = course([(1, far), (2, far)], far)
    assert keys(figure)[0] == "noise, rescaled"
    x, heights = figure.axes[0].lines[2].get_data()
    assert x[heights.argmax()] == pytest.approx(far["x"].mean(), abs=10)
    assert "noise" not in " ".join(keys(course([(1, far * 0)], far * 0)))


def test_the_peak_of_a_collapsed_sample_is_cut():
    figure = course([(1, TWO[["x"]] * 1e-4 + 2.0), (2, TWO[["x"]])], TWO)
    highest = max(density.curve(TWO["x"].to_numpy())[1].max(), 1.0 / np.sqrt(2 * np.pi))
    assert figure.axes[1].get_ylim() == (0.0, pytest.approx(2 * highest * 1.04))


def test_two_columns_are_drawn_as_scatter_plots_on_common_axes(two):
    figure = ganbridge.plot_training(two, TWO)
    assert titles(figure) == ["epoch 2", "epoch 4"]
    assert keys(figure) == ["real", "generated"]
    assert (figure.get_supxlabel(), figure.get_supylabel()) == ("x", "y")
    real, generated = figure.axes[1].collections[:2]
    np.testing.assert_array_equal(real.get_offsets(), TWO)
    np.testing.assert_array_equal(generated.get_offsets(), two.trace.samples[1])
    assert figure.axes[0].get_xlim() == figure.axes[1].get_xlim()
    assert keys(ganbridge.plot_training(two)) == ["generated"]
    assert titles(ganbridge.plot_training(two, TWO, columns="y")) == ["epoch 2", "epoch 4"]


def test_more_columns_are_drawn_as_rows_of_densities_for_four_epochs():
    frames = [(epoch, pd.DataFrame(RNG.normal(size=(50, 6)), columns=list("abcdef"))) for epoch in range(1, 21)]
    figure = course(frames, frames[0][1])
    assert len(figure.axes) == 16
    assert titles(figure)[:4] == ["epoch 1", "epoch 3", "epoch 7", "epoch 20"]
    assert "The first 4 of 6 columns" in figure.get_supxlabel()
    with pytest.raises(ValueError, match="`columns` must be at most 4 columns, not 5"):
        course(frames, columns=list("abcde"))


def test_levels_are_drawn_as_bars_and_types_may_differ():
    frame = pd.DataFrame(
        {
            "grade": pd.Categorical(RNG.choice(["low", "high"], 40), ["low", "high"]),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(RNG.integers(0, 900, 40), unit="D"),
            "size": RNG.gamma(2.0, 1.0, 40),
        }
    )
    frames = [(1, frame), (2, frame.iloc[::-1])]
    figure = course(frames, frame, columns=["grade"])
    assert figure.get_supxlabel() == "share of rows"
    assert [axes.get_xlim() for axes in figure.axes] == [(0.0, 1.0)] * 2
    for columns in (["grade", "size"], ["day", "grade"], ["day", "size"], ["grade", "day", "size"]):
        course(frames, frame, columns=columns).draw_without_rendering()


def test_waves_are_drawn_by_plot_waves(waves):
    assert titles(ganbridge.plot_training(waves)) == ["epoch 2", "epoch 4"]


def test_real_waves_are_the_last_panel(waves):
    truth = ganbridge.make_waves(20, 30, seed=1)
    figure = ganbridge.plot_training(waves, truth)
    assert titles(figure) == ["epoch 2", "epoch 4", "real"]
    np.testing.assert_array_equal([line.get_ydata() for line in figure.axes[2].lines], truth[:12])
    assert {line.get_color() for line in figure.axes[2].lines} == {REAL}
    assert {line.get_color() for line in figure.axes[1].lines} == {GENERATED}


def test_images_are_a_row_per_epoch_and_animations_may_have_real_ones(tmp_path):
    images = RNG.integers(0, 256, size=(15, 8, 10)).astype(np.uint8)
    small = {"generator_hidden": (4, 4), "discriminator_hidden": (4, 4), "batch_size": 5}
    gan = ganbridge.fit(images, kind="image", epochs=4, trace=2, seed=3, progress=False, config=Config(**small))
    figure = ganbridge.plot_training(gan, images)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["2", "4", "real"]
    mosaic = figure.axes[0].images[0].get_array()
    assert mosaic.shape == (3 * 9 - 1, 12 * 11 - 1, 3)
    top = max(images[:12].max(), *(sample[:12].max() for sample in gan.trace.samples))
    np.testing.assert_allclose(mosaic[18:26, 11:21, 0], images[1] / top)
    beside = ganbridge.plot_compare(gan, images)
    assert [label.get_text() for label in beside.axes[0].get_yticklabels()] == ["real", "", "generated", ""]
    mosaic, drawn = beside.axes[0].images[0].get_array(), gan.sample(15, seed=3)
    top = max(images.max(), drawn.max())
    np.testing.assert_allclose(mosaic[:8, 11:21, 0], images[1] / top)
    np.testing.assert_allclose(mosaic[18:26, 11:21, 0], drawn[1] / top)
    assert (mosaic[9:17, 77:] == 1.0).all()  # 15 images in two rows of eight leave one position white
    for real in (None, images):
        ganbridge.animate_training(gan, tmp_path / "images.png", real)
        animated = Image.open(tmp_path / "images.png")
        assert animated.n_frames == 2
    wide, high = animated.size
    assert wide > 1.5 * high
    with pytest.raises(ValueError, match="`real` must be images of 8 x 10 pixels, as the generated ones, not"):
        ganbridge.plot_compare(gan, images[:, :, :8])
    with pytest.raises(ValueError, match="`columns` must be left out for images"):
        ganbridge.plot_training(gan, columns=[1])


def test_animations_of_channels_and_of_different_lengths(tmp_path):
    channels = RNG.normal(size=(12, 20, 2)).cumsum(1)
    unequal = [wave[: 10 + i, 0] for i, wave in enumerate(channels)]
    for data in (channels, unequal, channels * [1.0, 1000.0]):
        gan = fit(data, kind="wave", rate=10)
        ganbridge.plot_training(gan, data).draw_without_rendering()
        ganbridge.animate_training(gan, tmp_path / "a.gif", data)
        assert Image.open(tmp_path / "a.gif").n_frames == 2


@pytest.mark.parametrize("ending", [".gif", ".png", ".apng", ".GIF"])
def test_an_animation_has_one_frame_for_each_epoch(two, tmp_path, ending):
    file = tmp_path / f"animation{ending}"
    ganbridge.animate_training(two, file, TWO, fps=5)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    animated = Image.open(file)
    assert (animated.n_frames, animated.info["loop"]) == (2, 0)
    assert animated.info["duration"] == 200
    first = np.asarray(animated.convert("RGB"))
    animated.seek(1)
    assert animated.info["duration"] == 2000
    second = np.asarray(animated.convert("RGB"))
    changed = (first != second).any(axis=(1, 2)), (first != second).any(axis=(0, 2))
    assert all(part.any() for part in changed)
    assert (first == 255).all(2).mean() > 0.5  # a plot with a white background


def test_the_axes_of_an_animation_do_not_move(one, tmp_path):
    shown = course_frames([(1, TWO[["x"]]), (2, TWO[["x"]] + 9.0)], TWO)
    animation.write_course(str(tmp_path / "a.png"), shown, None)
    animated = Image.open(tmp_path / "a.png")
    frames = []
    for i in range(2):
        animated.seek(i)
        frames.append(np.asarray(animated.convert("L")).astype(int))
    below = slice(int(0.9 * frames[0].shape[0]), None)  # tick labels and the name of the axis
    np.testing.assert_array_equal(frames[0][below], frames[1][below])


def test_equal_frames_are_kept(tmp_path):
    same = [(epoch, TWO) for epoch in range(1, 4)]
    animation.write_course(str(tmp_path / "a.png"), course_frames(same), 2.0)
    assert Image.open(tmp_path / "a.png").n_frames == 3


def test_of_long_traces_evenly_spaced_epochs_are_drawn():
    thinned = frames_of([(epoch, None) for epoch in range(1, 1001)])
    assert (len(thinned), thinned[0][0], thinned[-1][0]) == (100, 1, 1000)


def test_animations_and_plots_explain_tiles(tmp_path, monkeypatch):
    rows = pd.DataFrame({"a": ["x", "y"] * 20, "b": ["u"] * 20 + ["v"] * 20})
    gan = ganbridge.fit(rows, epochs=2, seed=1, trace=1, progress=False)
    tiles = "Tiles: left half real, right half generated; the darker, the more rows."
    assert tiles in ganbridge.plot_training(gan, rows).get_supxlabel()
    assert "Tiles" not in ganbridge.plot_training(gan).get_supxlabel()
    below, notes = animation.label_below, []
    monkeypatch.setattr(animation, "label_below", lambda *given: (notes.append(given[2]), below(*given)))
    ganbridge.animate_training(gan, tmp_path / "animation.gif", rows)
    assert notes == [tiles]


def test_animations_of_waves_and_of_many_columns(waves, tmp_path):
    ganbridge.animate_training(waves, tmp_path / "waves.gif")
    wide = fit(pd.DataFrame(RNG.normal(size=(30, 5)), columns=list("abcde")))
    ganbridge.animate_training(wide, tmp_path / "wide.gif", columns=["b", "c", "d"])
    assert [Image.open(tmp_path / name).n_frames for name in ("waves.gif", "wide.gif")] == [2, 2]


def test_the_bridge_writes_the_same_animation(two, tmp_path):
    real = {
        "container": "data.frame",
        "columns": [{"name": name, "type": "double", "values": TWO[name].to_numpy()} for name in TWO],
    }
    bridge.animate_training(bytearray(two.to_bytes()), str(tmp_path / "r.gif"), real, fps=3)
    ganbridge.animate_training(two, tmp_path / "python.gif", TWO, fps=3)
    assert (tmp_path / "r.gif").read_bytes() == (tmp_path / "python.gif").read_bytes()


def test_an_animation_that_cannot_be_written_leaves_no_files(two, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError("no space left")

    monkeypatch.setattr(animation.os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        ganbridge.animate_training(two, tmp_path / "animation.gif")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda two, waves: ganbridge.plot_training(TWO),
            TypeError,
            "`fit` must be a fit made by fit() or load(), not a data frame of shape (60, 2).",
        ),
        (
            lambda two, waves: ganbridge.plot_training(fit(TWO, trace=None)),
            ValueError,
            "`fit` must be a fit with a trace, not one without. Fit with, for example, trace=100.",
        ),
        (
            lambda two, waves: ganbridge.plot_training(fit(TWO, trace=9)),
            ValueError,
            "`fit` must be a fit with a traced sample, not []. Fit with a smaller `trace`.",
        ),
        (
            lambda two, waves: ganbridge.plot_training(waves, np.zeros((3, 30, 2))),
            ValueError,
            "`real` must be waves of 30 points, as the generated ones, not an array of shape (3, 30, 2).",
        ),
        (
            lambda two, waves: ganbridge.plot_training(waves, columns=[1]),
            ValueError,
            "`columns` must be left out for waves.",
        ),
        (
            lambda two, waves: ganbridge.plot_training(two, TWO[["x"]]),
            ValueError,
            '`real` must have the columns of the generated data, but "y" is not among "x".',
        ),
        (
            lambda two, waves: ganbridge.animate_training(two, "animation.mp4"),
            ValueError,
            '`file` must be a path that ends in .gif, .png or .apng, not "animation.mp4".',
        ),
        (
            lambda two, waves: ganbridge.animate_training(two, "nowhere/animation.gif"),
            OSError,
            '`file` must lie in a folder that exists, not "nowhere/animation.gif". Create "{folder}/nowhere" first.',
        ),
        (
            lambda two, waves: ganbridge.animate_training(two, "animation.gif", fps=0),
            ValueError,
            "`fps` must be a number from 0.1 to 50, not 0.",
        ),
    ],
)
def test_bad_arguments_are_refused(call, error, message, two, waves, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error) as raised:
        call(two, waves)
    assert str(raised.value) == message.format(folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_animations_do_not_change_pyplot_and_its_settings(two, tmp_path):
    before = dict(matplotlib.rcParams)
    ganbridge.animate_training(two, tmp_path / "animation.gif")
    ganbridge.plot_training(two, TWO)
    assert dict(matplotlib.rcParams) == before


def test_all_plots_of_a_fit_of_typed_columns_are_drawn(tmp_path):
    frame = pd.DataFrame(
        {
            "size": np.where(RNG.random(50) < 0.2, np.nan, RNG.gamma(2.0, 1.0, 50)),
            "grade": pd.Categorical(RNG.choice(["low", "high"], 50), ["low", "high"], ordered=True),
            "good": pd.array(RNG.choice([True, False], 50), dtype="boolean"),
            "town": RNG.choice(["Bonn", "Cork", "Oslo"], 50),
            "seen": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(RNG.integers(0, 10**6, 50), unit="s"),
            "took": pd.to_timedelta(RNG.integers(0, 10**6, 50), unit="s"),
        }
    )
    gan = fit(frame)
    ganbridge.plot_compare(gan, frame).draw_without_rendering()
    ganbridge.plot_compare(gan, frame, by="pair", columns=["size", "grade", "good"]).draw_without_rendering()
    ganbridge.plot_training(gan, frame).draw_without_rendering()
    ganbridge.plot_walk(gan.sample(5, seed=1), frame).draw_without_rendering()
    ganbridge.animate_training(gan, tmp_path / "a.gif", frame, columns=["grade", "size", "seen"])
    assert Image.open(tmp_path / "a.gif").n_frames == 2
