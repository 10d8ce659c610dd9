"""One contract over every objective and kind of data: shapes, finite losses, determinism, saving, printing."""

import re

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config, FittedGan
from ganbridge.config import OBJECTIVE_NAMES
from ganbridge.kinds import KINDS

RNG = np.random.default_rng(7)
X = RNG.normal(size=80)
DATA = {
    "frame": (
        "table",
        pd.DataFrame({"x": X, "count": RNG.poisson(3, 80), "price": (X**2).round(2), "one": 1}),
    ),
    "matrix": ("table", np.stack([X, X**2 + RNG.normal(0, 0.1, 80), RNG.uniform(size=80)], 1)),
    "wave": ("wave", ganbridge.make_waves(60, 40, seed=1)),
    "channels": ("wave", ganbridge.make_waves(60, 40, seed=1).reshape(60, 20, 2)),
    "ragged": ("wave", [wave[: 20 + i % 21] for i, wave in enumerate(ganbridge.make_waves(60, 40, seed=1))]),
    "convolved waves": ("wave", ganbridge.make_waves(60, 45, seed=1).reshape(60, 15, 3)),
    "image": ("image", RNG.integers(0, 256, (60, 8, 9), dtype=np.uint8)),
}
CONFIGS = {
    "default": {},
    **{name: {"objective": name} for name in OBJECTIVE_NAMES},
    "autograd": {"activation": {"generator": "tanh", "discriminator": "silu"}, "output_activation": "elu"},
    "dropout": {"dropout": {"discriminator": 0.2}, "label_noise": 0.1, "objective": "minimax"},
    "penalties": {"objective": "relativistic", "r1": (1.0, 0.1), "r2": 0.5, "pack": 4},
    "three members": {"members": 3, "ema": 0.9, "keep": "best"},
    "more steps": {"discriminator_steps": 2, "generator_steps": 3, "optimizer": "rmsprop", "lr_schedule": "cosine"},
}
EPOCHS = 3
cases = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
kinds = pytest.mark.parametrize("name", DATA)


def fitted(name: str, config: dict, seed: int = 5) -> FittedGan:
    kind, data = DATA[name]
    small = {"generator_hidden": (8, 8), "discriminator_hidden": (8, 8), "batch_size": 16}
    if name.startswith("convolved"):
        small["network"] = "convolutional"
    return ganbridge.fit(data, kind=kind, epochs=EPOCHS, seed=seed, trace=2, config=Config(**{**small, **config}))


def content(sample: np.ndarray | pd.DataFrame | list[np.ndarray]) -> bytes:
    if isinstance(sample, list):
        return b"".join(f"{len(wave)} ".encode() + wave.tobytes() for wave in sample)
    columns = [sample] if isinstance(sample, np.ndarray) else [sample[name].to_numpy() for name in sample]
    return b"".join(column.tobytes() for column in columns)


def assert_like(sample: object, data: object, rows: int) -> None:
    """The sample has the data's form, types and range."""
    assert type(sample) is type(data)
    assert len(sample) == rows
    if isinstance(data, pd.DataFrame):
        pd.testing.assert_series_equal(sample.dtypes, data.dtypes)
        assert (sample >= data.min()).all(axis=None)
        assert (sample <= data.max()).all(axis=None)
        return
    if isinstance(data, list):
        assert {len(wave) for wave in sample} <= set(range(min(map(len, data)), max(map(len, data)) + 1))
        sample, data = np.concatenate(sample), np.concatenate(data)
    assert sample.shape[1:] == data.shape[1:]
    assert sample.dtype == data.dtype
    assert np.isfinite(sample).all()
    assert sample.min() >= data.min()
    assert sample.max() <= data.max()


def weights(gan: FittedGan) -> dict[str, bytes]:
    return {
        f"{role}.{name}": value.numpy().tobytes()
        for role in ("generator", "discriminator")
        for name, value in getattr(gan, role).items()
    }


@cases
@kinds
def test_a_fit_keeps_its_contract(name, config):
    kind, data = DATA[name]
    gan = fitted(name, config)

    assert gan.kind == kind
    assert gan.stopped == "budget"
    assert None not in gan.config.to_dict().values()

    history = gan.history
    assert list(history) == ["epoch", "step", "generator_loss", "discriminator_loss", "score"]
    assert history["epoch"].tolist() == [1, 2, 3]
    assert np.isfinite(history.drop(columns="score")).all(axis=None)
    assert (np.diff(history["step"], prepend=0) == history["step"][0]).all()
    assert (np.diff(gan.seconds) >= 0).all()
    assert gan.config.steps == history["step"].iloc[-1]

    assert_like(gan.sample(33, seed=1), data, 33)
    assert_like(gan.interpolate(9, seed=1), data, 9)

    assert gan.trace is not None
    assert gan.trace.epoch.tolist() == [2]
    assert_like(gan.trace.samples[0], data, min(len(data), KINDS[kind].traced))
    for state in (gan.generator, gan.discriminator):
        assert all(value.isfinite().all() for value in state.values())


@cases
@kinds
def test_a_seed_decides_everything(name, config):
    gan, again, other = fitted(name, config), fitted(name, config), fitted(name, config, seed=6)

    assert weights(gan) == weights(again)
    assert content(gan.sample(50, seed=3)) == content(again.sample(50, seed=3))
    assert content(gan.trace.samples[0]) == content(again.trace.samples[0])
    pd.testing.assert_frame_equal(gan.history, again.history)
    assert gan.to_bytes() == again.to_bytes()

    assert weights(gan) != weights(other)
    assert content(gan.sample(50, seed=3)) != content(gan.sample(50, seed=4))


@cases
@kinds
def test_a_saved_fit_is_the_same_fit(name, config, tmp_path):
    gan = fitted(name, config)
    gan.save(tmp_path / "model.gan")
    loaded = ganbridge.load(tmp_path / "model.gan")

    assert gan.to_bytes() == (tmp_path / "model.gan").read_bytes() == loaded.to_bytes()
    assert weights(loaded) == weights(gan)
    assert content(loaded.sample(50, seed=3)) == content(gan.sample(50, seed=3))
    assert content(loaded.trace.samples[0]) == content(gan.trace.samples[0])
    assert str(loaded) == str(gan)
    for what in ("config", "kind", "seed", "stopped", "messages", "diagnosis", "version", "kept", "epochs", "schema"):
        assert getattr(loaded, what) == getattr(gan, what)
    pd.testing.assert_frame_equal(loaded.history, gan.history)


@cases
@kinds
def test_printing_tells_layers_and_parameters(name, config):
    gan = fitted(name, config)
    text = str(gan)

    waves = {
        "wave": "40 points",
        "channels": "20 points x 2 channels",
        "convolved waves": "15 points x 3 channels",
        "ragged": "20 to 40 points",
    }
    shown = {name: f"wave: 60 waves of {words}" for name, words in waves.items()} | {
        "image": "image: 60 images of 8 x 9"
    }
    assert text.startswith("<ganbridge fit> " + shown.get(name, "table: 80 rows"))
    for role, state in (("generator", gan.generator), ("discriminator", gan.discriminator)):
        line = next(line for line in text.splitlines() if line.startswith(f"  {role} "))
        count = sum(value.numel() for value in state.values())
        assert f"({count:,} parameters" in line
        sizes = [int(size) for size in re.findall(r"(?:  |-> )(?:\d+ x )*(\d+)", line.split("(")[0])]
        assert sizes[1:-1] == [8, 8]
    assert f"seed           {gan.seed}" in text
    assert repr(gan) == text


def test_without_a_seed_every_fit_and_sample_differs():
    first, second = fitted("matrix", {}, seed=None), fitted("matrix", {}, seed=None)
    assert first.seed != second.seed
    assert content(first.sample(9)) != content(first.sample(9))
    again = fitted("matrix", {}, seed=first.seed)
    assert weights(again) == weights(first)
