"""The same data, config and seed give the same weights and samples, bit for bit, from R and from Python."""

import datetime
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config

# name: (Python's data, R's data, kind, Python's config, R's config)
CASES = {
    "default table": (
        lambda: ganbridge.make_waves(60, 3, seed=4),
        "get_training_data(60, 3, seed = 4)",
        "table",
        {"steps": 60},
        "steps = 60",
    ),
    "default waves": (
        lambda: ganbridge.make_waves(60, 80, seed=4),
        "get_training_data(60, 80, seed = 4)",
        "wave",
        {"steps": 60},
        "steps = 60",
    ),
    "textbook waves, two members, autograd": (
        lambda: ganbridge.make_waves(60, 80, seed=4),
        "get_training_data(60, 80, seed = 4)",
        "wave",
        {"steps": 60, "objective": "hinge", "r1": 0.1, "activation": "tanh", "dropout": 0.1, "members": 2},
        'steps = 60, objective = "hinge", r1 = 0.1, activation = "tanh", dropout = 0.1, members = 2',
    ),
    "wide layers": (
        lambda: ganbridge.make_waves(300, 200, seed=4),
        "get_training_data(300, 200, seed = 4)",
        "wave",
        {"steps": 30, "objective": "wasserstein_gp", "generator_hidden": (256, 256), "batch_size": 256},
        'steps = 30, objective = "wasserstein_gp", generator_hidden = c(256, 256), batch_size = 256',
    ),
    "mixture of waves": (
        lambda: ganbridge.make_waves(60, 80, seed=4),
        "get_training_data(60, 80, seed = 4)",
        "wave",
        {},
        "",
    ),
    "mixture of waves of two channels": (
        lambda: pixels(60, 30, 2),
        "array((0:3599 %% 256) / 255, c(60, 30, 2))",
        "wave",
        {"range_margin": 0.1},
        "range_margin = .1",
    ),
    "images": (
        lambda: pixels(30, 9, 12),
        "array((0:3239 %% 256) / 255, c(30, 9, 12))",
        "image",
        {"steps": 20},
        "steps = 20",
    ),
    "convolved waves": (
        lambda: ganbridge.make_waves(60, 83, seed=4),
        "get_training_data(60, 83, seed = 4)",
        "wave",
        {"steps": 20, "network": "convolutional"},
        'steps = 20, network = "convolutional"',
    ),
    "colour images, two members, penalties": (
        lambda: pixels(30, 9, 12, 3),
        "array((0:9719 %% 256) / 255, c(30, 9, 12, 3))",
        "image",
        {"steps": 20, "members": 2, "r1": 0.1, "pack": 2, "generator_hidden": (16, 8)},
        "steps = 20, members = 2, r1 = .1, pack = 2, generator_hidden = c(16, 8)",
    ),
}


def pixels(*shape):
    """Each index has a different value; R numbers them with the first index fastest."""
    return (np.arange(np.prod(shape)) % 256 / 255).reshape(shape, order="F")


def python_fit(case):
    data, _, kind, config, _ = CASES[case]
    return ganbridge.fit(data(), kind=kind, seed=11, config=Config(**config))


def r_fit(case):
    _, data, kind, _, config = CASES[case]
    return f'gan_fit({data}, kind = "{kind}", seed = 11, config = gan_config({config}))'


def weights(gan):
    return {role: {k: v.numpy() for k, v in getattr(gan, role).items()} for role in ("generator", "discriminator")}


def assert_same_weights(first, second):
    first, second = weights(first), weights(second)
    for role, layers in first.items():
        assert layers.keys() == second[role].keys()
        for name, value in layers.items():
            assert value.tobytes() == second[role][name].tobytes(), f"{role}.{name}"


@pytest.mark.parametrize("case", CASES)
def test_in_one_process(r, case):
    gan = python_fit(case)
    model = bytes(r(f"(fit <- {r_fit(case)})$model"))
    assert_same_weights(gan, ganbridge.from_bytes(model))
    from_r = np.array(r("gan_sample(fit, 50, seed = 5)"))
    assert from_r.tobytes() == gan.sample(50, seed=5).tobytes()


@pytest.mark.parametrize("case", CASES)
def test_in_two_processes(rscript, tmp_path, case):
    # Rscript has loaded R's BLAS before torch; the Python process has not.
    rscript(
        f"library(ganbridge); fit <- {r_fit(case)}; gan_save(fit, 'r.gan')\n"
        "writeBin(as.double(aperm(gan_sample(fit, 50, seed = 5))), 'r.bin')"
    )
    data = CASES[case][0]()
    np.save(tmp_path / "data.npy", data)
    code = (
        "import numpy as np, ganbridge, sys\n"
        f"gan = ganbridge.fit(np.load('data.npy'), kind={CASES[case][2]!r}, seed=11,"
        f" config=ganbridge.Config(**{CASES[case][3]!r}))\n"
        "gan.save('python.gan'); np.save('python.npy', gan.sample(50, seed=5))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert_same_weights(ganbridge.load(tmp_path / "r.gan"), ganbridge.load(tmp_path / "python.gan"))
    assert np.load(tmp_path / "python.npy").tobytes() == (tmp_path / "r.bin").read_bytes()


def ragged_values(sample):
    """A list of waves as lengths and values."""
    waves = [np.array(wave) for wave in sample]
    return [len(wave) for wave in waves], np.concatenate(waves)


def test_waves_of_several_channels_are_the_same(r):
    array = ganbridge.make_waves(60, 80, seed=4).reshape(60, 40, 2)
    r("x <- aperm(array(t(get_training_data(60, 80, seed = 4)), c(2, 40, 60)), c(3, 2, 1))")
    r("dimnames(x) <- list(NULL, NULL, c('left', 'right'))")
    assert np.array(r("x")).tobytes() == array.tobytes()
    gan = ganbridge.fit(array, kind="wave", seed=3, rate=50, trace=20, config=Config(steps=40))
    r("fit <- gan_fit(x, 'wave', seed = 3, rate = 50, trace = 20, config = gan_config(steps = 40))")
    assert_same_weights(gan, ganbridge.from_bytes(bytes(r("fit$model"))))
    assert np.array(r("(s <- gan_sample(fit, 30, seed = 1))")).tobytes() == gan.sample(30, seed=1).tobytes()
    assert np.array(r("gan_interpolate(fit, 9, seed = 1)")).tobytes() == gan.interpolate(9, seed=1).tobytes()
    assert np.array(r("fit$trace$samples[[1]]")).tobytes() == gan.trace.samples[0].tobytes()
    assert list(r("dim(s)")) == [30, 40, 2]
    assert list(r("dimnames(s)[[3]]")) == ["left", "right"]
    assert r("fit$rate")[0] == 50.0
    moments = np.array(r("as.matrix(fit$moments[-1])"))
    np.testing.assert_array_equal(moments, np.stack(list(gan.moment_columns.values()), 1))
    back = ganbridge.from_bytes(bytes(r("fit$model"))).sample(5, seed=1)
    assert back.shape == (5, 40, 2)


@pytest.mark.parametrize("channels", [0, 2])
def test_waves_of_different_lengths_are_the_same(r, channels):
    waves = [wave[: 20 + i % 21] for i, wave in enumerate(ganbridge.make_waves(60, 40, seed=4))]
    r("x <- lapply(1:60, \\(i) get_training_data(60, 40, seed = 4)[i, 1:(20 + (i - 1) %% 21)])")
    if channels:
        waves = [np.stack([wave, -wave], 1) for wave in waves]
        r("x <- lapply(x, \\(wave) cbind(a = wave, b = -wave))")
    gan = ganbridge.fit(waves, kind="wave", seed=3, config=Config(steps=40))
    r("fit <- gan_fit(x, 'wave', seed = 3, config = gan_config(steps = 40))")
    assert_same_weights(gan, ganbridge.from_bytes(bytes(r("fit$model"))))
    for code, ours in (
        ("gan_sample(fit, 30, seed = 1)", gan.sample(30, seed=1)),
        ("gan_interpolate(fit, 9, 1)", gan.interpolate(9, seed=1)),
    ):
        lengths, values = ragged_values(ours)
        theirs = ragged_values(r(code))
        assert theirs[0] == lengths
        assert theirs[1].tobytes() == values.tobytes()
    if channels:
        assert list(r("colnames(gan_sample(fit, 2, seed = 1)[[1]])")) == ["a", "b"]


def test_integer_waves_stay_integers(r):
    r("x <- lapply(30:40, \\(m) as.integer(1:m %% 7))")
    assert r("typeof(gan_sample(gan_fit(x, 'wave', epochs = 2, seed = 1), 3)[[1]])")[0] == "integer"
    r("x <- array(1:60, c(5, 4, 3))")
    assert r("typeof(gan_sample(gan_fit(x, 'wave', epochs = 2, seed = 1), 3))")[0] == "integer"


def test_the_blends_are_the_same(r):
    from ganbridge.data.datasets import make_blends

    r("drawn <- NULL; local_draw <- function(waves, rate) drawn <<- waves")
    r("old <- ganbridge:::draw_blends; assignInNamespace('draw_blends', local_draw, 'ganbridge'); plot_blends(n = 7)")
    r("assignInNamespace('draw_blends', old, 'ganbridge')")
    np.testing.assert_allclose(np.array(r("t(sapply(drawn, c))")), make_blends(7), atol=1e-13)


def test_data_sets_are_the_same(r):
    assert (
        np.array(r("get_training_data(20, 30, seed = 9)")).tobytes() == ganbridge.make_waves(20, 30, seed=9).tobytes()
    )


def test_several_samples_and_their_pooling_are_the_same(r):
    waves = pd.DataFrame(ganbridge.make_waves(n=20, m=8, seed=1), columns=[f"t{i}" for i in range(8)])
    gan = ganbridge.fit(waves, kind="wave", epochs=1, seed=1)
    drawn = gan.sample(seed=3, m=3)
    pooled = ganbridge.pool(
        [each.mean() for each in drawn], [each.var() / len(each) for each in drawn], rows=20, synthetic_rows=20
    )
    theirs = r("""
        waves <- as.data.frame(make_waves(20, 8, seed = 1))
        names(waves) <- paste0("t", 0:7)
        drawn <- gan_sample(gan_fit(waves, kind = "wave", epochs = 1, seed = 1), seed = 3, m = 3)
        means <- \\(rows) list(estimate = sapply(rows, mean), variance = sapply(rows, var) / nrow(rows))
        list(samples = unname(unlist(drawn)), pooled = gan_pool(drawn, means)$std_error)
    """)
    np.testing.assert_array_equal(
        np.asarray(theirs.rx2("samples")), np.concatenate([d.to_numpy().T.ravel() for d in drawn])
    )
    np.testing.assert_allclose(np.asarray(theirs.rx2("pooled")), pooled["std_error"])


def test_data_frames_are_the_same(r):
    r("frame <- data.frame(a = as.integer(1:40), b = sqrt(1:40))")
    frame = pd.DataFrame({"a": np.arange(1, 41, dtype="int32"), "b": np.sqrt(np.arange(1.0, 41.0))})
    gan = ganbridge.fit(frame, seed=3, config=Config(steps=40))
    model = bytes(r("(fit <- gan_fit(frame, seed = 3, config = gan_config(steps = 40)))$model"))
    assert_same_weights(gan, ganbridge.from_bytes(model))
    ours = gan.sample(30, seed=1)
    theirs = r("gan_sample(fit, 30, seed = 1)")
    assert list(theirs.names) == ["a", "b"]
    assert np.array_equal(np.array(theirs[0]), ours["a"].to_numpy())
    assert np.array(theirs[1]).tobytes() == ours["b"].to_numpy().tobytes()
    assert list(r("sapply(gan_sample(fit, 3, seed = 1), class)")) == ["integer", "numeric"]


def test_integer_images_are_the_same(r):
    r("images <- array(0:3239 %% 256L, c(30, 9, 12))")
    images = np.rint(pixels(30, 9, 12) * 255).astype("uint8")
    assert np.array_equal(np.array(r("images")), images)
    gan = ganbridge.fit(images, kind="image", seed=3, epochs=2)
    model = bytes(r('(fit <- gan_fit(images, kind = "image", seed = 3, epochs = 2))$model'))
    assert_same_weights(gan, ganbridge.from_bytes(model))
    ours, theirs = gan.sample(300, seed=1), r("gan_sample(fit, 300, seed = 1)")
    assert theirs.typeof == r("1L").typeof
    assert np.array_equal(np.array(theirs), ours)


def test_idx_files_are_the_same(r, tmp_path):
    images = np.rint(pixels(5, 9, 12) * 255).astype("uint8")
    path = tmp_path / "images"
    path.write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 9, 0, 0, 0, 12]) + images.tobytes())
    assert np.array_equal(np.array(r(f'read_idx("{path}")')), images)
    assert np.array_equal(ganbridge.read_idx(path), images)


def test_torch_keeps_its_own_matrix_products_in_r(rscript):
    printed = rscript("library(ganbridge); cat(format(ganbridge:::core()$torch_state()$loaded_by_bridge))")
    assert printed.endswith("TRUE")


def test_threads_do_not_depend_on_the_machine():
    assert python_fit("default table").config.threads == 1
    assert torch.get_num_threads() >= 1


TYPED_R = """
i <- 1:60
typed <- data.frame(
  x = ifelse(i %% 7 == 0, NA, sqrt(i)), n = ifelse(i %% 5 == 0, NA, i %% 4L),
  flag = ifelse(i %% 6 == 0, NA, i %% 2 == 0),
  word = c("b", "a", NA, "\\u00e4")[i %% 4 + 1], kind = factor(c("lo", "lo", "hi")[i %% 3 + 1], c("lo", "hi", "never")),
  size = factor(c("s", "m", "l")[i %% 3 + 1], c("s", "m", "l"), ordered = TRUE),
  at = as.POSIXct("2024-03-01", tz = "Europe/Berlin") + 3600 * i, took = as.difftime(i %% 9 * 60, units = "secs")
)
"""


def typed_frame() -> pd.DataFrame:
    i = np.arange(1, 61)
    start = pd.Timestamp("2024-03-01", tz="Europe/Berlin")
    return pd.DataFrame(
        {
            "x": np.where(i % 7 == 0, np.nan, np.sqrt(i)),
            "n": pd.array(np.where(i % 5 == 0, None, i % 4), dtype="Int64"),
            "flag": pd.array(np.where(i % 6 == 0, None, i % 2 == 0), dtype="boolean"),
            "word": pd.Series(np.array(["b", "a", None, "ä"], dtype=object)[i % 4], dtype="str"),
            "kind": pd.Categorical(np.array(["lo", "lo", "hi"])[i % 3], ["lo", "hi", "never"]),
            "size": pd.Categorical(np.array(["s", "m", "l"])[i % 3], ["s", "m", "l"], ordered=True),
            "at": (start + pd.to_timedelta(3600 * i, unit="s")).as_unit("us"),
            "took": pd.to_timedelta(i % 9 * 60, unit="s").astype("timedelta64[us]"),
        }
    )


def test_typed_and_conditional_frames_are_the_same(r):
    r(TYPED_R)
    r('fit <- gan_fit(typed, condition = c("kind", "n"), seed = 3, config = gan_config(steps = 40))')
    gan = ganbridge.fit(typed_frame(), condition=["kind", "n"], seed=3, config=Config(steps=40))
    from_r = ganbridge.from_bytes(bytes(r("fit$model")))
    assert_same_weights(gan, from_r)
    for given in (None, {"kind": "hi"}, {"kind": "lo", "n": 2}):
        ours = gan.sample(50, given=given, seed=1)
        pd.testing.assert_frame_equal(from_r.sample(50, given=given, seed=1), ours, check_exact=True)
    ours = gan.sample(50, given={"kind": "hi"}, seed=1)
    r('sample <- gan_sample(fit, 50, seed = 1, given = list(kind = "hi"))')
    assert np.array_equal(np.array(r("as.double(sample$x)")), ours["x"].to_numpy(), equal_nan=True)
    assert list(r("as.character(sample$size)")) == list(ours["size"])
    assert list(r("sapply(sample, function(x) sum(is.na(x)))")) == ours.isna().sum().tolist()
    assert list(r("as.double(sample$at)")) == (ours["at"].astype("int64") / 1e6).tolist()


def test_a_frame_of_every_type_is_unchanged_from_r_to_python_and_back(r):
    r(TYPED_R)
    r("typed$day <- as.Date('2024-01-01') + i")
    r("bridge <- ganbridge:::core(); to_core <- ganbridge:::data_to_core; from_core <- ganbridge:::data_from_core")
    # A round trip by the core's classes gives an identical data.frame, including attributes.
    r("back <- from_core(bridge$from_data(bridge$to_data(to_core(typed))))")
    assert r("identical(back, typed)")[0], str(r("paste(all.equal(back, typed), collapse = '; ')")[0])


def test_a_frame_of_every_type_keeps_its_schema_from_python_to_r_and_back(r):
    from rpy2 import robjects

    frame = typed_frame()
    model = ganbridge.fit(frame, epochs=1, seed=1).to_bytes()
    robjects.globalenv["bytes"] = robjects.vectors.ByteVector(model)
    # R samples from Python's fit, fits to that sample, and Python gets a sample of that: the schema is still the same.
    r("sampled <- gan_sample(ganbridge:::new_gan_fit(ganbridge:::call_core('describe', bytes)), 60, seed = 1)")
    back = ganbridge.from_bytes(bytes(r("gan_fit(sampled, epochs = 1, seed = 1)$model"))).sample(60, seed=1)
    assert back.dtypes.equals(frame.dtypes), f"{back.dtypes}\n{frame.dtypes}"
    assert list(r("levels(sampled$kind)")) == ["lo", "hi", "never"]
    assert str(r("attr(sampled$at, 'tzone')")[0]) == "Europe/Berlin"


MIXED_R = """
i <- 0:599
mixed <- data.frame(
  x = ifelse(i %% 11 == 0, NA, sqrt(i)), n = (i * i) %% 7L, k = c("b", "a", NA, "c")[(i %/% 100) %% 4 + 1],
  f = factor(c("lo", "hi")[i %% 2 + 1], c("lo", "hi", "never")), day = as.Date("2024-01-01") + (i * 37) %% 90
)
"""


def mixed_frame() -> pd.DataFrame:
    i = np.arange(600)
    return pd.DataFrame(
        {
            "x": np.where(i % 11 == 0, np.nan, np.sqrt(i)),
            "n": (i * i % 7).astype("int32"),
            "k": np.array(["b", "a", None, "c"], dtype=object)[i // 100 % 4],
            "f": pd.Categorical(np.array(["lo", "hi"])[i % 2], ["lo", "hi", "never"]),
            "day": [datetime.date(2024, 1, 1) + datetime.timedelta(days=int(d)) for d in i * 37 % 90],
        }
    )


def as_plain(frame: pd.DataFrame) -> list[list[object]]:
    """Columns as numbers and texts, None if missing."""
    columns = []
    for name in frame:
        values = [None if pd.isna(value) else value for value in frame[name].tolist()]
        epoch = datetime.date(1970, 1, 1)
        columns.append([(v - epoch).days if isinstance(v, datetime.date) else v for v in values])
    return columns


def r_plain(r, code: str) -> list[list[object]]:
    """The same of a data.frame in R."""
    r(f"shown <- {code}")
    columns = []
    for name in r("names(shown)"):
        text = r(f"is.character(shown${name}) || is.factor(shown${name})")[0]
        values = r(f"as.character(shown${name})" if text else f"as.double(shown${name})")
        missing = r(f"is.na(shown${name})")
        columns.append([None if gone else value for value, gone in zip(values, missing, strict=True)])
    return columns


GIVEN_IN_BOTH = {
    "NULL": None,
    'list(f = "hi")': {"f": "hi"},
    "list(x = gan_range(3, 10.5), n = gan_levels(1, 4))": {"x": (3.0, 10.5), "n": {1, 4}},
    "list(x = gan_range(high = 5), k = NA)": {"x": (None, 5.0), "k": None},
    'list(day = gan_range(as.Date("2024-02-01"), as.Date("2024-02-10")))': {
        "day": (datetime.date(2024, 2, 1), datetime.date(2024, 2, 10))
    },
    "list(n = c(1, 2, 4, 0, 1))": {"n": [1, 2, 4, 0, 1]},
}


def test_fits_without_networks_are_the_same(r):
    r(MIXED_R)
    r("fit <- gan_fit(mixed, seed = 3)")
    ours = ganbridge.fit(mixed_frame(), seed=3)
    theirs = ganbridge.from_bytes(bytes(r("fit$model")))
    state, other = (gan.prior.to_state() for gan in (ours, theirs))
    assert state[0] == other[0]
    assert {name: part.tobytes() for name, part in state[1].items()} == {
        n: part.tobytes() for n, part in other[1].items()
    }
    for code, given in GIVEN_IN_BOTH.items():
        n = 5 if "c(1" in code else 300
        assert r_plain(r, f"gan_sample(fit, {n}, seed = 1, given = {code})") == as_plain(
            ours.sample(n, given=given, seed=1)
        )
    completed = ours.impute(mixed_frame(), m=2, seed=5)
    r("completed <- gan_impute(fit, mixed, m = 2, seed = 5)")
    for i, table in enumerate(completed):
        assert r_plain(r, f"completed[[{i + 1}]]") == as_plain(table)
    assert np.array(r("gan_density(fit, mixed)")).tobytes() == ours.log_density(mixed_frame()).tobytes()


def test_fits_without_networks_are_the_same_in_two_processes(rscript, tmp_path):
    rscript(f"library(ganbridge)\n{MIXED_R}\ngan_save(gan_fit(mixed, seed = 3), 'r.gan')")
    ours, theirs = ganbridge.fit(mixed_frame(), seed=3), ganbridge.load(tmp_path / "r.gan")
    state, other = (gan.prior.to_state()[1] for gan in (ours, theirs))
    assert {name: part.tobytes() for name, part in state.items()} == {n: part.tobytes() for n, part in other.items()}


def test_networks_on_draws_are_the_same(r):
    r(MIXED_R)
    r("refined <- gan_fit(mixed, seed = 3, config = gan_config(refine = TRUE))")
    ours = ganbridge.fit(mixed_frame(), seed=3, config=Config(refine=True))
    theirs = ganbridge.from_bytes(bytes(r("refined$model")))
    state, other = (gan.prior.to_state() for gan in (ours, theirs))
    assert state[0] == other[0]
    assert {name: part.tobytes() for name, part in state[1].items()} == {n: p.tobytes() for n, p in other[1].items()}
    assert r_plain(r, "gan_sample(refined, 300, seed = 1)") == as_plain(ours.sample(300, seed=1))


RELATED_R = """
i <- 1:150
day <- as.Date("2022-01-01") + (i * 7919L) %% 700L
far <- abs(as.integer(format(day, "%j")) - 200L)
a <- (i * 331L) %% 97L
b <- (i * 577L) %% 53L
related <- data.frame(
  patient = sprintf("P%06d", (i * 104729L) %% 999983L),
  city = paste0("c", i %% 9L), country = paste0("L", i %% 9L %/% 3L),
  day = day, at = as.POSIXct(as.integer(day) * 86400 + 30000 + (i * 331L) %% 20000L, origin = "1970-01-01", tz = "UTC"),
  temperature = (250L - far + (i * 15485863) %% 31) / 10, a = a / 10, b = b / 10, total = (a + b) / 10,
  nights = (i * 13L) %% 5L, out = day + (i * 13L) %% 5L, month = as.integer(format(day, "%m")),
  net = a * b / 10, fee = i %% 3L, gross = round(1.25 * a * b) / 10 + i %% 3L
)
"""


def related_frame() -> pd.DataFrame:
    i = np.arange(1, 151)
    days = [datetime.date(2022, 1, 1) + datetime.timedelta(int(each)) for each in i * 7919 % 700]
    since = np.array([(day - datetime.date(1970, 1, 1)).days for day in days])
    far = np.abs(np.array([day.timetuple().tm_yday for day in days]) - 200)
    a, b = i * 331 % 97, i * 577 % 53
    return pd.DataFrame(
        {
            "patient": [f"P{number:06d}" for number in i * 104729 % 999983],
            "city": [f"c{each}" for each in i % 9],
            "country": [f"L{each}" for each in i % 9 // 3],
            "day": days,
            "at": pd.to_datetime(since * 86400 + 30000 + i * 331 % 20000, unit="s", utc=True).astype(
                "datetime64[us, UTC]"
            ),
            "temperature": (250 - far + i * 15485863 % 31) / 10,
            "a": a / 10,
            "b": b / 10,
            "total": (a + b) / 10,
            "nights": i * 13 % 5,
            "out": [day + datetime.timedelta(int(each)) for day, each in zip(days, i * 13 % 5, strict=True)],
            "month": [day.month for day in days],
            "net": a * b / 10,
            "fee": i % 3,
            "gross": np.round(1.25 * a * b) / 10 + i % 3,
        }
    )


def test_fits_with_relations_times_and_identifiers_are_the_same(r):
    r(RELATED_R)
    gan = ganbridge.fit(related_frame(), seed=3)
    from_r = ganbridge.from_bytes(bytes(r("(fit <- suppressMessages(gan_fit(related, seed = 3)))$model")))
    words = {"day is the day of at", "total = a + b", "city determines country", "gross = 1.25 * net + fee"}
    words |= {"the month of day determines month", "nights = days from day to out"}
    assert words <= {relation["words"].replace("`", "") for relation in gan.relations if relation["enforced"]}
    assert gan.identifiers.names == ["patient"]
    assert from_r.relations == gan.relations
    assert list(r("fit$relations$words")) == [relation["words"] for relation in gan.relations]
    assert list(r("fit$identifiers")) == gan.identifiers.words()
    assert any(step.name == "calendar" for step in gan.plan.steps)
    for given in (None, {"country": "L1"}):
        ours = gan.sample(80, given=given, seed=1)
        asked = "NULL" if given is None else 'list(country = "L1")'
        r(f"sample <- gan_sample(fit, 80, seed = 1, given = {asked})")
        for name in ("patient", "city", "country"):
            assert list(r(f"as.character(sample${name})")) == list(ours[name])
        for name in ("temperature", "a", "b", "total"):
            assert np.array(r(f"sample${name}")).tobytes() == ours[name].to_numpy().tobytes()
        assert list(r("format(sample$day)")) == [day.isoformat() for day in ours["day"]]
        seconds = np.asarray((ours["at"] - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(1, "s"))
        assert np.array(r("as.double(sample$at)")).tobytes() == seconds.tobytes()
