"""A loaded fit is the same fit; a sample is the beginning of a longer one; the caller's state does not matter."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.config import SAMPLE_BLOCK
from ganbridge.fitting import check_settings

RNG = np.random.default_rng(1)
DATA = RNG.normal(size=(30, 2))
FRAME = pd.DataFrame({"a": DATA[:, 0], "k": RNG.integers(0, 9, 30)})
SMALL = {"generator_hidden": (4,), "discriminator_hidden": (4,)}


def fitted(form: str) -> ganbridge.FittedGan:
    data, kind = {
        "matrix": (DATA, "table"),
        "frame": (FRAME, "table"),
        "wave": (ganbridge.make_waves(20, 12, seed=1), "wave"),
    }[form]
    return ganbridge.fit(data, kind=kind, seed=1, epochs=4, trace=2, config=Config(**SMALL))


@pytest.fixture(scope="module", params=["matrix", "frame", "wave"])
def gan(request):
    return fitted(request.param)


# --- saving and loading ----------------------------------------------------------------------------------------------


def test_save_and_load(gan, tmp_path):
    path = tmp_path / "model.gan"
    gan.save(path)
    gan.save(str(path))  # over an older one
    loaded = ganbridge.load(str(path))
    assert loaded.to_bytes() == gan.to_bytes() == path.read_bytes()
    for data in (bytearray(path.read_bytes()), memoryview(path.read_bytes())):
        assert ganbridge.from_bytes(data).to_bytes() == gan.to_bytes()
    assert np.array_equal(loaded.sample(9, seed=1), gan.sample(9, seed=1))
    assert [epoch for epoch, _ in loaded.trace] == [epoch for epoch, _ in gan.trace] == [2, 4]
    assert all(np.array_equal(a, b) for a, b in zip(loaded.trace.samples, gan.trace.samples, strict=True))
    assert [file.name for file in tmp_path.iterdir()] == ["model.gan"]


def test_unreadable_and_unwritable_files_are_an_oserror(tmp_path):
    gan = fitted("matrix")
    with pytest.raises(FileNotFoundError, match="missing"):
        ganbridge.load(tmp_path / "missing.gan")
    with pytest.raises(OSError, match="folder"):
        gan.save(tmp_path)
    with pytest.raises(OSError, match="folder that exists"):
        gan.save(tmp_path / "nowhere" / "model.gan")


def test_a_fit_returns_copies():
    gan = fitted("matrix")
    before = gan.to_bytes()
    history, trace, sample = gan.history, gan.trace, gan.sample(5, seed=1)
    history.loc[0, "generator_loss"] = 99.0
    trace.epoch[:] = 0
    for array in (sample, *trace.samples):
        array[:] = 0.0
    assert gan.to_bytes() == before


# --- samples ---------------------------------------------------------------------------------------------------------


def test_a_sample_is_the_beginning_of_a_longer_one(gan):
    longer = np.asarray(gan.sample(2 * SAMPLE_BLOCK + 10, seed=3))
    for n in (1, 2, 63, 64, 1000, SAMPLE_BLOCK - 1, SAMPLE_BLOCK, SAMPLE_BLOCK + 1, 2 * SAMPLE_BLOCK, len(longer)):
        shorter = np.asarray(gan.sample(n, seed=3))
        assert shorter.tobytes() == longer[:n].tobytes(), n
    blocks = longer[:SAMPLE_BLOCK], longer[SAMPLE_BLOCK : 2 * SAMPLE_BLOCK]
    assert not np.array_equal(*blocks)


def test_a_sample_of_long_waves_is_the_beginning_of_a_longer_one():
    # Long waves are decoded in parts.
    gan = ganbridge.fit(ganbridge.make_waves(8, 3000, seed=1), kind="wave", seed=1, epochs=1, config=Config(**SMALL))
    longer = gan.sample(800, seed=3)
    for n in (1, 2, 348, 349, 350, 700):
        assert gan.sample(n, seed=3).tobytes() == longer[:n].tobytes()


def test_samples_are_drawn_without_dropout(fit_seed, within):
    gan = ganbridge.fit(DATA, seed=fit_seed, epochs=2, config=Config(dropout=0.9, objective="hinge"))
    assert gan.sample(50, seed=1).tobytes() == gan.sample(50, seed=1).tobytes()
    within("different rows of 200", len(np.unique(gan.sample(200, seed=1)[:, 0])), low=151)


# --- the caller's state ----------------------------------------------------------------------------------------------

STATES = {
    "doubles": (lambda: torch.set_default_dtype(torch.float64), lambda: torch.set_default_dtype(torch.float32)),
    "a default device": (lambda: torch.set_default_device("meta"), lambda: torch.set_default_device(None)),
    "no gradients": (lambda: torch.set_grad_enabled(False), lambda: torch.set_grad_enabled(True)),
    "two threads": (lambda: torch.set_num_threads(2), lambda: torch.set_num_threads(1)),
    "seeded": (lambda: torch.manual_seed(99), lambda: None),
    "numpy errors": (lambda: np.seterr(all="raise"), lambda: np.seterr(all="warn", under="ignore")),
}
CONTEXTS = {
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
}


def bits(config: dict) -> bytes:
    gan = ganbridge.fit(DATA, seed=3, trace=2, config=Config(steps=8, **SMALL, **config))
    again = ganbridge.from_bytes(gan.to_bytes())
    samples = [gan.sample(20, seed=4), again.sample(20, seed=4), *gan.trace.samples]
    return b"".join(sample.tobytes() for sample in samples)


def callers_state() -> list[object]:
    words = np.random.get_state()  # noqa: NPY002 (the global state is what must not change)
    return [
        *(torch.get_rng_state().tolist(), words[1].tolist(), words[2:]),
        *(torch.get_default_dtype(), torch.empty(0).device, torch.is_grad_enabled(), torch.is_inference_mode_enabled()),
        *(torch.get_num_threads(), torch.is_autocast_enabled("cpu"), np.geterr()),
    ]


@pytest.mark.parametrize("config", [{}, {"activation": "tanh", "dropout": 0.1, "objective": "hinge", "r1": 0.1}])
def test_the_callers_state_neither_changes_nor_matters(config):
    expected = bits(config)
    for name, (set_it, set_back) in STATES.items():
        set_it()
        try:
            before = callers_state()
            found = bits(config)
            after = callers_state()
        finally:
            set_back()
        assert found == expected, name
        assert after == before, name
    for name, context in CONTEXTS.items():
        with context():
            before = callers_state()
            found = bits(config)
            assert callers_state() == before, name
        assert found == expected, name


def test_a_fit_made_in_inference_mode_can_be_used_outside():
    with torch.inference_mode():
        gan = ganbridge.fit(DATA, seed=3, config=Config(steps=4, **SMALL))
    assert gan.sample(3, seed=1).shape == (3, 2)
    assert not any(value.is_inference() for value in gan.generator.values())


def test_printing_shows_conditions_and_encodings():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"size": rng.gamma(2.0, size=40), "town": list("abcd") * 10, **{f"x{i}": rng.normal(size=40) for i in range(4)}}
    )
    fit = ganbridge.fit
    gan = fit(frame, condition=["town", "x0"], epochs=1, seed=1, progress=False)
    assert gan.describe()[1:3] == ["  given          town, x0", "  encoded        quantile (5 columns), one-hot (town)"]
    assert gan.schema["condition"] == ["town", "x0"]
    assert list(gan.schema["names"]) == list(frame)
    assert len(gan.schema["encodings"]) == len(gan.schema["types"]) == frame.shape[1]
    plain = fit(frame[["size", "x0"]], epochs=1, seed=1, progress=False).describe()
    assert not any(line.startswith(("  given", "  encoded")) for line in plain)
    labelled = fit(rng.normal(size=(20, 8)), kind="wave", condition=["a", "b"] * 10, epochs=1, seed=1, progress=False)
    assert labelled.describe()[1] == "  given          label"


def test_a_device_is_chosen_and_the_model_does_not_need_it(tmp_path, monkeypatch):
    """Without a GPU at hand, a fit that was trained on one is a fit of the processor whose settings say so."""
    config = Config(device="auto", generator_hidden=(4,), discriminator_hidden=(4,))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    gan = ganbridge.fit(DATA, epochs=2, seed=1, config=config)
    alone = ganbridge.fit(DATA, epochs=2, seed=1, config=replace(config, device="cpu"))
    assert gan.settings.device == "cpu"
    assert " on cpu" not in str(gan)
    np.testing.assert_array_equal(gan.sample(5, seed=1), alone.sample(5, seed=1))

    gan.settings = replace(gan.settings, device="cuda:1")
    gan.save(tmp_path / "gpu.gan")
    elsewhere = ganbridge.load(tmp_path / "gpu.gan")
    assert "epochs on cuda:1;" in str(elsewhere)
    np.testing.assert_array_equal(elsewhere.sample(5, seed=1), alone.sample(5, seed=1))

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    asked = check_settings(kind="auto", epochs=None, seed=1, trace=None, log=None, rate=None, config=config)
    assert asked.config.device == "cuda"
