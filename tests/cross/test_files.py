"""Files of one language load in the other; the bridge works without the R package; names agree."""

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config, bridge


def test_python_loads_files_of_r(rscript, tmp_path):
    rscript(
        "library(ganbridge)\n"
        "fit <- gan_fit(faithful, seed = 2, trace = 5, config = gan_config(steps = 40))\n"
        "gan_save(fit, 'faithful.gan'); s <- gan_sample(fit, 6, seed = 8)\n"
        "writeBin(c(s$eruptions, s$waiting), 'sample.bin')"
    )
    gan = ganbridge.load(tmp_path / "faithful.gan")
    sample = gan.sample(6, seed=8)
    assert list(sample.columns) == ["eruptions", "waiting"]
    assert sample.to_numpy().T.tobytes() == (tmp_path / "sample.bin").read_bytes()
    assert gan.trace.epoch.tolist() == list(range(5, 5 * len(gan.trace) + 1, 5))


def test_r_loads_files_of_python(rscript, tmp_path):
    frame = pd.DataFrame({"x": np.arange(30), "y": np.linspace(0, 1, 30) ** 2})
    gan = ganbridge.fit(frame, seed=2, config=Config(steps=30))
    gan.save(tmp_path / "python.gan")
    printed = rscript(
        "library(ganbridge); fit <- gan_load('python.gan'); s <- gan_sample(fit, 4, seed = 6)\n"
        "cat(class(fit), class(s), sapply(s, class), sprintf('%a', s$y), fit$seed, nrow(fit$history))"
    )
    words = printed.split()
    assert words[:4] == ["gan_fit", "data.frame", "integer", "numeric"]
    assert [float.fromhex(word) for word in words[4:8]] == gan.sample(4, seed=6)["y"].tolist()
    assert words[8:] == ["2", str(len(gan.history))]


def test_altered_file_is_refused_in_r(r, tmp_path):
    gan = ganbridge.fit(np.random.default_rng(0).normal(size=(20, 2)), seed=1, config=Config(steps=5))
    data = bytearray(gan.to_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "altered.gan").write_bytes(data)
    message = r(f"tryCatch(gan_load('{tmp_path / 'altered.gan'}'), error = conditionMessage)")[0]
    assert "damaged" in message
    assert "Traceback" not in message


def test_bridge_without_the_r_package(rscript):
    # As the vignette shows it: reticulate alone, the core on Python's own path.
    printed = rscript(
        "gb <- reticulate::import('ganbridge.bridge')\n"
        "x <- as.matrix(faithful)\n"
        "data <- list(container = 'matrix', values = unname(x), type = 'double', names = as.list(colnames(x)))\n"
        "fit <- gb$fit(data, seed = 1L, config = list(steps = 20L))\n"
        "s <- gb$sample(fit$model, 5L, seed = 2L)\n"
        "cat(is.raw(fit$model), dim(s$values), unlist(s$names), gb$torch_state()$loaded_by_bridge)",
        core_path=True,
    )
    assert printed.split() == ["TRUE", "5", "2", "eruptions", "waiting", "TRUE"]


def test_gan_config_has_the_fields_of_config(r):
    assert list(r("names(formals(gan_config))")) == bridge.config_fields()


def test_versions_agree(r):
    assert r("as.character(packageVersion('ganbridge'))")[0] == ganbridge.__version__


@pytest.mark.parametrize(
    ("python", "in_r"),
    [
        ({"epochs": -3}, "epochs = -3"),
        ({"epochs": 1.5}, "epochs = 1.5"),
        ({"kind": "tabel"}, 'kind = "tabel"'),
        ({"seed": -1}, "seed = -1"),
        ({"config": {"objective": "hing"}}, 'config = gan_config(objective = "hing")'),
        ({"config": {"batch_size": 10, "pack": 4}}, "config = gan_config(batch_size = 10, pack = 4)"),
        ({"config": {"latent_dim": 0}}, "config = gan_config(latent_dim = 0)"),
    ],
)
def test_errors_are_the_same(r, python, in_r):
    data = np.arange(20.0).reshape(10, 2)

    def fit():
        config = Config.from_dict(python.get("config", {}))
        ganbridge.fit(data, **{name: value for name, value in python.items() if name != "config"}, config=config)

    with pytest.raises(ValueError, match="must be") as problem:
        fit()
    message = r(f"tryCatch(gan_fit(matrix(as.double(0:19), 10), {in_r}), error = conditionMessage)")[0]
    assert message == str(problem.value)


def test_random_state_of_r(r):
    r("x <- matrix(rnorm(40), 20); few <- gan_config(steps = 4)")
    r("after <- function(code) { set.seed(1); try(force(code), silent = TRUE); .Random.seed }")
    r("nothing <- after(NULL); one_draw <- after(runif(1))")
    assert r("identical(after(gan_fit(x, seed = 1, config = few)), nothing)")[0]
    assert r("identical(after(gan_fit(x, config = few)), one_draw)")[0]
    assert r("identical(after(gan_fit(x, epochs = -1)), nothing)")[0]
    assert r("fit <- gan_fit(x, seed = 1, config = few); identical(after(gan_sample(fit, 5)), one_draw)")[0]
    assert r("set.seed(7); a <- gan_sample(fit, 5); set.seed(7); b <- gan_sample(fit, 5); identical(a, b)")[0]


def test_random_state_of_python_from_r(r):
    import torch

    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002  (the legacy state is what must not change)
    numpy_state = np.random.get_state()[1].copy()  # noqa: NPY002
    torch_state, threads = torch.get_rng_state(), torch.get_num_threads()
    r("fit <- gan_fit(matrix(rnorm(40), 20), config = gan_config(steps = 4)); s <- gan_sample(fit, 5)")
    assert torch.equal(torch_state, torch.get_rng_state())
    assert np.array_equal(numpy_state, np.random.get_state()[1])  # noqa: NPY002
    assert threads == torch.get_num_threads()
    assert torch.get_default_dtype() == torch.float32


def test_a_file_gives_the_same_bits_in_both(rscript, tmp_path):
    rng = np.random.default_rng(1)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 90, 60), unit="D")
    pd.DataFrame({"sex": rng.choice(["f", "m"], 60), "day": days}).to_csv(tmp_path / "people.csv", index=False)
    rscript(
        "library(ganbridge)\ngan_save(gan_fit('people.csv', seed = 2, config = gan_config(steps = 20)), 'people.gan')"
    )
    gan = ganbridge.fit(tmp_path / "people.csv", seed=2, config=Config(steps=20))
    assert (tmp_path / "people.gan").read_bytes() == gan.to_bytes()
