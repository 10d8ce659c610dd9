"""Bad input: one clear error each, before any training, in the words of errors.txt.

GANBRIDGE_ACCEPT=1 writes that file anew; read it as a stranger before it is committed.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.trainer import Trainer

SNAPSHOT = Path(__file__).parent / "errors.txt"
OK = np.arange(40.0).reshape(20, 2)


def with_value(value):
    data = OK.copy()
    data[3, 1] = value
    return data


FIT = {
    "empty frame": {"data": pd.DataFrame()},
    "no rows": {"data": np.zeros((0, 2))},
    "no columns": {"data": np.zeros((5, 0))},
    "one row": {"data": OK[:1]},
    "NaN in a matrix": {"data": with_value(np.nan)},
    "NaN in a frame": {"data": pd.DataFrame(with_value(np.nan), columns=["a", "b"])},
    "NaN in a wave": {"data": with_value(np.nan), "kind": "wave"},
    "Inf": {"data": with_value(np.inf)},
    "text in a matrix": {"data": np.array([["a", "b"], ["c", "d"]])},
    "text column": {"data": pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})},
    "category": {"data": pd.DataFrame({"a": pd.Categorical(["x", "y"])})},
    "bool column": {"data": pd.DataFrame({"a": [True, False]})},
    "1-d": {"data": np.arange(5.0)},
    "3-d": {"data": np.zeros((2, 2, 2))},
    "ragged": {"data": [[1, 2], [3]]},
    "a number": {"data": 3},
    "frame as wave": {"data": pd.DataFrame(OK), "kind": "wave"},
    "kind": {"kind": "tabel"},
    "epochs 0": {"epochs": 0},
    "epochs -3": {"epochs": -3},
    "epochs 1.5": {"epochs": 1.5},
    "epochs True": {"epochs": True},
    "epochs text": {"epochs": "ten"},
    "trace 0": {"trace": 0},
    "seed -1": {"seed": -1},
    "seed 2^31": {"seed": 2**31},
    "log": {"log": "/no/such/folder/log.txt"},
    "progress": {"progress": "yes"},
    "callbacks": {"callbacks": [3]},
    "callback alone": {"callbacks": print},
    "config": {"config": {"steps": 3}},
    "pack over rows": {"config": Config(pack=50)},
    "device": {"config": Config(device="cuda:63")},
}
CONFIG = {
    "objective": "hing", "generator_hidden": [64, 0], "latent_dim": 2.5, "dropout": 1, "activation": "rely",
    "batch_size": "some", "betas": 0.5, "r1": (1, 0), "ema": 1, "optimizer": {"critic": "adam"}, "generator_lr": 0,
    "members": -1, "scaling": "minmax", "keep": "first", "device": "tpu", "calibration": 1,
}  # fmt: skip


def messages():
    for name, arguments in FIT.items():
        yield f"fit: {name}", lambda arguments=arguments: ganbridge.fit(**{"data": OK} | arguments)
    for name, value in CONFIG.items():
        yield f"Config: {name}", lambda name=name, value=value: Config(**{name: value})
    yield "Config: activations", lambda: Config(generator_hidden=(8, 8), activation=("relu",) * 3)
    yield "Config: pack", lambda: Config(batch_size=10, pack=4)
    yield "Config: noise", lambda: Config(objective="hinge", label_noise=0.1)
    yield "Config: unknown", lambda: Config.from_dict({"epoch": 3})
    yield "make_waves: n", lambda: ganbridge.make_waves(n=0)
    yield "make_waves: cycles", lambda: ganbridge.make_waves(cycles=(1, 2, 3))
    yield "from_bytes: text", lambda: ganbridge.from_bytes("model")
    yield "load: number", lambda: ganbridge.load(3)


def test_errors_read_as_they_should(monkeypatch):
    def trained(self):
        raise AssertionError("training began")

    monkeypatch.setattr(Trainer, "train_epoch", trained)
    torch_state, threads = torch.get_rng_state(), torch.get_num_threads()
    lines = []
    for name, call in messages():
        with pytest.raises((ValueError, TypeError, OSError)) as problem:
            call()
        lines.append(f"{name}\n    {problem.type.__name__}: {problem.value}\n")
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert torch.get_num_threads() == threads
    if os.environ.get("GANBRIDGE_ACCEPT"):
        SNAPSHOT.write_text("".join(lines))
    assert "".join(lines) == SNAPSHOT.read_text()


@pytest.mark.parametrize("n", [0, -1, 2.5, True, None, "3", 2**40])
def test_counts_of_samples(n):
    gan = ganbridge.fit(OK, seed=1, config=Config(steps=2))
    with pytest.raises(ValueError, match="`n` must be a whole number"):
        gan.sample(n)
