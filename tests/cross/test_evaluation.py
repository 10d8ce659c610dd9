"""The same data, seed and fit give the same report in both languages: numbers, sentences, lines."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config


def table_of(r, name):
    texts = ("metric", "column", "verdict", "meaning")
    columns = {column: list(r(f"as.data.frame({name})[['{column}']]")) for column in texts}
    for column in ("value", "baseline"):
        columns[column] = np.array(r(f"as.data.frame({name})[['{column}']]"))
    return pd.DataFrame(columns)[["metric", "column", "value", "baseline", "verdict", "meaning"]]


def assert_same(r, name, report):
    ours, theirs = report.to_frame(), table_of(r, name)
    for column in ("value", "baseline"):
        assert theirs[column].to_numpy().tobytes() == ours[column].to_numpy().tobytes()
    pd.testing.assert_frame_equal(theirs, ours, check_dtype=False)
    assert list(r(f"format({name})")) == report.describe()
    assert list(r(f"{name}$notes")) == report.notes
    assert list(r(f"summary({name})$good")) == report.summary()["good"].tolist()


@pytest.mark.parametrize("seed", [None, 5])
def test_of_data_frames(r, seed):
    rng = np.random.default_rng(1)
    real, synthetic, holdout = (
        pd.DataFrame({"a": rng.normal(size=n), "b": rng.integers(0, 9, n).astype("int32")}) for n in (120, 90, 60)
    )
    for name, frame in (("real", real), ("synthetic", synthetic), ("holdout", holdout)):
        values = ", ".join(f"{x!r}" for x in frame["a"].tolist())
        r(f"{name} <- data.frame(a = c({values}), b = c({', '.join(f'{x}L' for x in frame['b'])}))")
    in_r = "NULL" if seed is None else str(seed)
    r(f"without <- gan_evaluate(synthetic, real, seed = {in_r})")
    assert_same(r, "without", ganbridge.evaluate(synthetic, real, seed=seed))
    r(f"with <- gan_evaluate(synthetic, real, holdout, target = 'b', seed = {in_r})")
    assert_same(r, "with", ganbridge.evaluate(synthetic, real, holdout, target="b", seed=seed))


def test_of_images(r):
    images = np.random.default_rng(1).integers(0, 200, (60, 8, 8))
    numbers = ", ".join(f"{x}L" for x in images.ravel(order="F"))
    r(f"images <- array(c({numbers}), c(60, 8, 8)); labels <- factor(rep(c('b', 'a', 'c'), 20))")
    labels = ["b", "a", "c"] * 20
    r("of_images <- gan_evaluate(images[60:1, , ], images, target = labels, kind = 'image')")
    assert_same(r, "of_images", ganbridge.evaluate(images[::-1], images, target=labels, kind="image"))


@pytest.mark.parametrize("kind", ["table", "wave"])
def test_of_a_fit_of_arrays(r, kind):
    waves = ganbridge.make_waves(80, 40, seed=4)
    gan = ganbridge.fit(waves, kind=kind, seed=9, config=Config(steps=30))
    r("waves_here <- get_training_data(80, 40, seed = 4)")
    r(f"fit <- gan_fit(waves_here, kind = '{kind}', seed = 9, config = gan_config(steps = 30))")
    r("of_fit <- gan_evaluate(fit, waves_here)")
    assert_same(r, "of_fit", ganbridge.evaluate(gan, waves))


def test_errors_are_the_same(r):
    real = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20.0)})
    r("real <- data.frame(x = 0:19 + 0, y = 0:19 + 0)")
    for python, in_r in (
        (lambda: ganbridge.evaluate(real[["x"]], real), "gan_evaluate(real['x'], real)"),
        (lambda: ganbridge.evaluate(real, real, kind="matrix"), "gan_evaluate(real, real, kind = 'matrix')"),
        (lambda: ganbridge.evaluate(real, real, seed=-1), "gan_evaluate(real, real, seed = -1)"),
        (lambda: ganbridge.evaluate(real, real.to_numpy()), "gan_evaluate(real, unname(as.matrix(real)))"),
    ):
        with pytest.raises((ValueError, TypeError)) as problem:
            python()
        assert r(f"tryCatch({in_r}, error = conditionMessage)")[0] == str(problem.value)


@pytest.mark.parametrize("kind", ["table", "wave"])
def test_a_report_is_the_same_page(r, tmp_path, kind):
    real = ganbridge.make_waves(60, 30 if kind == "wave" else 3, seed=3)
    gan = ganbridge.fit(real, kind=kind, seed=5, config=Config(steps=20))
    gan.save(tmp_path / "model.gan")
    target = 1 if kind == "table" else None
    ganbridge.report(gan, real, tmp_path / "python.html", target=target, seed=6)
    r(f"fit <- gan_load('{tmp_path / 'model.gan'}'); real <- get_training_data(60, {real.shape[1]}, seed = 3)")
    in_r = "NULL" if target is None else target + 1
    r(f"gan_report(fit, real, '{tmp_path / 'r.html'}', target = {in_r}, seed = 6)")
    assert (tmp_path / "r.html").read_bytes() == (tmp_path / "python.html").read_bytes()


def test_a_report_of_a_data_frame_is_the_same_page(r, tmp_path):
    r("real <- faithful; fit <- gan_fit(real, seed = 1, config = gan_config(steps = 20))")
    r(f"gan_save(fit, '{tmp_path / 'model.gan'}'); gan_report(fit, real, '{tmp_path / 'r.html'}', real[1:50, ])")
    frame = pd.DataFrame({name: np.array(r(f"faithful${name}")) for name in ("eruptions", "waiting")})
    ganbridge.report(ganbridge.load(tmp_path / "model.gan"), frame, tmp_path / "python.html", frame.iloc[:50])
    assert (tmp_path / "r.html").read_bytes() == (tmp_path / "python.html").read_bytes()


def test_in_two_processes(rscript, tmp_path):
    """Rscript has loaded R's BLAS; the Python process has not."""
    rscript(
        "library(ganbridge); new <- get_training_data(90, 30, seed = 1); real <- get_training_data(80, 30, seed = 2)\n"
        "e <- gan_evaluate(new, real, target = 3, seed = 4); writeBin(c(e$table$value, e$table$baseline), 'r.bin')"
    )
    code = (
        "import numpy as np, ganbridge\n"
        "new, real = ganbridge.make_waves(90, 30, seed=1), ganbridge.make_waves(80, 30, seed=2)\n"
        "frame = ganbridge.evaluate(new, real, target=2, seed=4).to_frame()\n"
        "np.concatenate([frame['value'], frame['baseline']]).tofile('python.bin')"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert np.array_equal(np.fromfile(tmp_path / "r.bin"), np.fromfile(tmp_path / "python.bin"), equal_nan=True)


def test_of_typed_columns(r, tmp_path):
    rng = np.random.default_rng(2)
    n = 150
    frame = pd.DataFrame(
        {
            "x": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n).round(3)),
            "k": pd.Categorical(rng.choice(["c", "b", "a"], n), ["b", "a", "c"]),
            "o": pd.Categorical(rng.choice(["lo", "hi"], n), ["lo", "hi"], ordered=True),
            "flag": rng.random(n) < 0.4,
            "t": rng.choice(["\u00e4pfel", "Zoo", "ant", "B"], n),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), unit="D"),
        }
    )
    frame.loc[::7, "k"] = np.nan
    frame.loc[::9, "t"] = None
    frame.to_csv(tmp_path / "data.csv", index=False)
    r(
        f"d <- read.csv('{tmp_path / 'data.csv'}', na.strings = '', encoding = 'UTF-8')\n"
        "d$k <- factor(d$k, c('b', 'a', 'c')); d$o <- factor(d$o, c('lo', 'hi'), ordered = TRUE)\n"
        "d$flag <- d$flag == 'True'; d$day <- as.Date(d$day)\n"
        "synthetic <- d[1:80, ]; real <- d[81:150, ]\n"
        "typed <- gan_evaluate(synthetic, real, target = 'k')"
    )
    frame["day"] = frame["day"].dt.date  # R's Date; a datetime of pandas counts seconds
    synthetic, real = frame.iloc[:80].reset_index(drop=True), frame.iloc[80:].reset_index(drop=True)
    assert_same(r, "typed", ganbridge.evaluate(synthetic, real, target="k"))
    gan = ganbridge.fit(real, seed=1, config=Config(steps=20))
    gan.save(tmp_path / "model.gan")
    ganbridge.report(gan, real, tmp_path / "python.html", target="flag")
    r(f"gan_report(gan_load('{tmp_path / 'model.gan'}'), real, '{tmp_path / 'r.html'}', target = 'flag')")
    assert (tmp_path / "r.html").read_bytes() == (tmp_path / "python.html").read_bytes()
