"""Error messages: every text is in errors.txt, and every error is raised before training.

After a change of wording: UPDATE_ERRORS=1 python -m pytest tests/python/test_errors.py, then read the difference.
"""

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config, bridge, evaluate, fit, from_bytes, load, make_waves, read_idx, report
from ganbridge.training.trainer import Trainer

SNAPSHOT = Path(__file__).with_name("errors.txt")
X = np.random.default_rng(0).normal(size=(20, 3))
GAN = fit(X, epochs=1, seed=1)
CONDITIONAL = fit(
    pd.DataFrame(
        {
            "x": X[:, 0],
            "kind": pd.Categorical(["a", "b"] * 10, ["a", "b", "never"]),
            "day": pd.date_range("2024-01-01", periods=20),
            "size": np.arange(20) / 10,
        }
    ),
    condition=["kind", "day", "size"],
    epochs=1,
    seed=1,
)
GIVEN: list[object] = [
    "a",
    {},
    {"color": "a"},
    {"x": 1.0},
    {"kind": "c"},
    {"kind": "never"},
    {"kind": None},
    {"kind": ["a", "b"]},
    {"day": "yesterday"},
    {"day": "2031-01-01"},
    {"day": 3},
    {"size": 2.5},
    {"size": "a"},
    {"size": [[1]]},
    {"size": (0.5, 1.0)},
    {"kind": {"a"}},
]
MIXED = pd.DataFrame(
    {
        "x": X[:, 0],
        "kind": pd.Categorical(["a", "b"] * 10, ["a", "b", "never"]),
        "grade": pd.Categorical(["low", "mid"] * 10, ["low", "mid", "high"], ordered=True),
        "day": pd.date_range("2024-01-01", periods=20),
        "count": np.arange(20) % 4,
        "gaps": [None, 1.0] * 10,
        "none": np.nan,
    }
)
MIXTURE = fit(MIXED, seed=1, config=Config(prior="mixture"))
GIVEN_TO_MIXTURE: dict[str, object] = {
    "an unknown column": {"color": "a"},
    "an unknown level": {"kind": "c"},
    "a level that no row has": {"kind": "never"},
    "an unknown level in a set": {"kind": {"a", "c"}},
    "a level among numbers": {"x": "a"},
    "a missing value where none was": {"x": None},
    "a number outside the range": {"x": 1e6},
    "half a count": {"count": 1.5},
    "a reversed range": {"x": (0.5, 0.1)},
    "a reversed range of days": {"day": ("2024-01-05", "2024-01-02")},
    "a reversed range of levels": {"grade": ("mid", "low")},
    "a range without ends": {"x": (None, None)},
    "a range outside the data": {"count": (10, 12)},
    "an open range outside the data": {"day": ("2031-01-01", None)},
    "a range of levels without an order": {"kind": ("a", "b")},
    "a range of other types": {"day": (1, 3)},
    "a value where all are missing": {"none": 3.0},
    "a range where all are missing": {"none": (3.0, 4.0)},
    "an empty set": {"kind": set()},
    "two values for three rows": {"x": [0.1, 0.2]},
    "values row by row beside a range": {"count": [1, 2, 3], "x": (0.0, 0.1)},
}
ROWS: dict[str, object] = {
    "a list": [1, 2],
    "an array of other columns": X,
    "a column less": MIXED.drop(columns="day"),
    "a column more": MIXED.assign(y=1),
    "texts among numbers": MIXED.assign(x="a"),
    "an unknown level": MIXED.assign(kind="c"),
}


def with_value(value: float, dtype: type = np.float64) -> np.ndarray:
    x = X.astype(dtype)
    x[[2, 5, 7, 11, 13], 1] = value
    return x


def frame(**columns) -> pd.DataFrame:
    return pd.DataFrame({"x": X[:, 0], **columns})


class OtherFrame:
    """A data frame of another library."""

    columns, dtypes, shape = ["a"], ["f8"], (3, 1)


def of_json(**columns) -> dict:
    made = [{"name": name, "type": "double", "values": values} for name, values in columns.items()]
    return {"container": "data.frame", "columns": made}


DATA: dict[str, object] = {
    "an empty list": [],
    "an array without rows": np.zeros((0, 3)),
    "an array without columns": np.zeros((5, 0)),
    "a frame without rows": pd.DataFrame({"a": []}, dtype="float64"),
    "a frame without columns": pd.DataFrame(index=range(5)),
    "one row": X[:1],
    "one row in a frame": frame().iloc[:1],
    "a flat array": X[:, 0],
    "a number in an array": np.array(3.0),
    "three dimensions": np.zeros((4, 3, 2)),
    "four dimensions": np.zeros((4, 3, 2, 2)),
    "ragged lists": [[1.0, 2.0], [3.0]],
    "text in lists": [[1.0, "a"], [2.0, "b"]],
    "None in lists": [[1.0, None], [2.0, 3.0]],
    "NaN": with_value(np.nan),
    "NaN in float32": with_value(np.nan, np.float32),
    "infinity": with_value(np.inf),
    "minus infinity": with_value(-np.inf),
    "too large": with_value(1e200),
    "infinity in a frame": frame(y=[1.0] * 18 + [np.inf, -np.inf]),
    "a masked value": np.ma.masked_greater(X, 1.0),
    "logical values": X > 0,
    "complex numbers": X + 1j,
    "text array": X.astype(str),
    "objects": X.astype(object),
    "object column": frame(y=[1, 2.5] * 9 + ["x", None]),
    "lists in cells": frame(y=[[1, 2]] * 20),
    "dicts in cells": frame(y=[{"a": 1}] * 20),
    "complex column": frame(y=X[:, 0] + 1j),
    "periods": frame(y=pd.period_range("2020-01", periods=20, freq="M")),
    "intervals for categories": frame(y=pd.cut(X[:, 0], 3)),
    "infinity beside missing values": frame(y=[np.nan, np.inf] * 10),
    "infinity in nullable numbers": frame(y=pd.array([1.0, None, np.inf, 2.0] * 5, dtype="Float64")),
    "integers beyond float64": np.array([[2**53 + 1], [1]]),
    "integers beyond float64 in a frame": pd.DataFrame({"id": np.array([2**63, 1], dtype="uint64")}),
    "Python's integers beyond float64": pd.DataFrame({"id": np.array([2**60 + 1, 1], dtype=object)}),
    "names on two levels": pd.DataFrame(X, columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)])),
    "dates for names": pd.DataFrame(X, columns=pd.date_range("2020-01-01", periods=3)),
    "a name that is missing": pd.DataFrame(X, columns=["a", "b", np.nan]),
    "None": None,
    "text": "data.csv",
    "a dict": {"a": [1, 2, 3]},
    "a series": frame()["x"],
    "a data frame of another library": OtherFrame(),
}
WAVES: dict[str, object] = {
    **{name: DATA[name] for name in ("one row", "NaN", "infinity", "a flat array", "text array", "ragged lists")},
    "vectors and matrices": [np.ones(3), np.ones((4, 2))],
    "other channels": [np.ones((3, 2)), np.ones((4, 2)), np.ones((4, 3))],
    "a wave of one point": [np.ones(3), np.ones(4), np.ones(1)],
    "a wave of no points": [np.ones(3), np.ones(0)],
    "one wave": [np.ones((3, 2)), np.ones((4, 2))][:1],
    "NaN in a wave": [np.ones(3), np.array([1.0, np.nan]), np.array([np.nan, 1.0])],
    "infinity in a wave": [np.ones((3, 2)), np.full((2, 2), -np.inf)],
    "a wave beyond float64": [np.ones(3), np.array([1.0, 1e200])],
    "text in a wave": [[1.0, 2.0], [1.0, "a", 2.0]],
    "NaN in an array": np.where(np.arange(24.0).reshape(4, 3, 2) == 13.0, np.nan, 1.0),
    "infinity in an array": np.where(np.arange(24.0).reshape(4, 3, 2) > 11.0, np.inf, 1.0),
    "an array without points": np.zeros((4, 0, 2)),
    "four dimensions": np.zeros((4, 3, 3, 3)),
    "a masked value in an array": np.ma.masked_greater(np.arange(24.0).reshape(4, 3, 2), 20.0),
    "logical values in an array": np.ones((4, 3, 2), dtype=bool),
}
PIXELS = np.full((4, 8, 8), 0.5)
IMAGES: dict[str, object] = {
    "a matrix": X,
    "a frame": frame(),
    "one image": PIXELS[:1],
    "no images": PIXELS[:0],
    "too low": PIXELS[:, :7],
    "too wide": np.zeros((4, 8, 65)),
    "five channels": np.zeros((4, 8, 8, 5)),
    "five dimensions": np.zeros((4, 8, 8, 1, 1)),
    "NaN": np.where(np.arange(4)[:, None, None] == 2, np.nan, PIXELS),
    "infinity": np.where(np.arange(4)[:, None, None] == 2, np.inf, PIXELS),
    "beyond 1": PIXELS * 510,
    "below 0": -PIXELS,
    "integers beyond 255": np.full((4, 8, 8), 256),
    "integers below 0": np.full((4, 8, 8), -1),
    "masked": np.ma.masked_greater(PIXELS, 0.1),
    "logical values": PIXELS > 0.1,
    "text": PIXELS.astype(str),
}
ARGUMENTS: dict[str, dict] = {
    "an unknown kind": {"kind": "tabel"},
    "an array of four dimensions as a table": {"data": np.ones((4, 3, 3, 2)), "kind": "auto"},
    "an array for a table": {"data": np.ones((4, 3, 2)), "kind": "table"},
    "a list for a table": {"data": [np.ones(3), np.ones(4)], "kind": "table"},
    "a rate for a table": {"rate": 250},
    "a rate of zero": {"data": np.ones((4, 3)), "kind": "wave", "rate": 0},
    "a rate in words": {"data": np.ones((4, 3)), "kind": "wave", "rate": "1 Hz"},
    "a kind that is not text": {"kind": 1},
    "a kind left out": {"kind": None},
    "a frame of waves with text": {"data": frame(y="a"), "kind": "wave"},
    "a frame of waves with missing values": {"data": frame(y=np.nan), "kind": "wave"},
    **{f"epochs {value!r:.30}": {"epochs": value} for value in (0, -3, 2.5, True, "5", np.nan, 10**400, 1e300)},
    **{f"seed {value!r:.30}": {"seed": value} for value in (-1, 1.5, True, "1", 2**31, np.nan)},
    **{f"trace {value!r}": {"trace": value} for value in (0, -1, 0.5, False, "all")},
    "a log in no folder": {"log": "nowhere/at/all/log.txt"},
    "a log that is a folder": {"log": "/"},
    "a log without a name": {"log": ""},
    "a log that is a number": {"log": 3},
    "progress in words": {"progress": "yes"},
    "progress as a number": {"progress": 1},
    "a function, not a list": {"callbacks": print},
    "a callback that is not callable": {"callbacks": [print, 3]},
    "no callbacks": {"callbacks": None},
    "a dict for a config": {"config": {"steps": 3}},
    "images without their kind": {"data": PIXELS},
    "images as a table": {"data": PIXELS, "kind": "table"},
    "scaling of tables for images": {"data": PIXELS, "kind": "image", "config": Config(scaling="quantile")},
    "a margin for images": {"data": PIXELS, "kind": "image", "config": Config(range_margin=0.1)},
    "convolutions for a table": {"config": Config(network="convolutional")},
    "convolutions for waves of different lengths": {
        "data": [np.arange(9.0), np.arange(7.0)],
        "kind": "wave",
        "config": Config(network="convolutional"),
    },
    "convolutions of components": {
        "kind": "wave",
        "config": Config(network="convolutional", scaling="components"),
    },
    "scaling of waves for a table": {"config": Config(scaling="components")},
    "scaling of tables for waves": {"config": Config(scaling="quantile"), "kind": "wave"},
    "a scaling of an unknown column": {"data": frame(), "config": Config(scaling={"y": "standard"})},
    "a scaling of a column of levels": {
        "data": frame(kind=["a", "b"] * 10),
        "config": Config(scaling={"kind": "standard"}),
    },
    "scalings of columns for waves": {"kind": "wave", "config": Config(scaling={"x": "standard"})},
    "numbers beyond float32 without a scaling": {"data": X * 1e39, "config": Config(scaling="none")},
    "waves beyond float32 without a scaling": {"data": X * 1e39, "kind": "wave", "config": Config(scaling="none")},
    "a pack beyond the rows": {"config": Config(pack=21)},
    "activations that do not fit": {"config": Config(activation=["relu"] * 9)},
    "a device that does not exist": {"config": Config(device="cuda:97")},
    "a condition that is not a column": {"data": frame(kind=["a", "b"] * 10), "condition": "kindd"},
    "a condition twice": {"data": frame(kind=["a", "b"] * 10), "condition": ["kind", "kind"]},
    "a condition of that name twice": {
        "data": pd.concat([frame(), frame(a=1), frame(a=2)], axis=1),
        "condition": "a",
    },
    "all columns for conditions": {"data": frame(), "condition": ["x"]},
    "no condition": {"data": frame(), "condition": []},
    "labels for a frame": {"data": frame(), "condition": X},
    "too few labels": {"condition": ["a"] * 19},
    "labels on two axes": {"condition": X},
    "an infinite label": {"condition": np.where(np.arange(20) == 3, np.inf, 1.0)},
    "a time zone without a name": {"data": frame(a=pd.date_range("2024", periods=20, tz="dateutil/Europe/London"))},
    "lists for labels": {"condition": [[1, 2]] * 20},
    "epochs of a mixture": {"epochs": 3, "config": Config(prior="mixture")},
    "a mixture of images": {"kind": "image", "data": np.zeros((60, 8, 8)), "config": Config(prior="mixture")},
    "more epochs than steps can count": {"epochs": 2**31 - 1, "config": Config(batch_size=4)},
}
CONFIGS: dict[str, dict] = {
    "an unknown objective": {"objective": "hinged"},
    "no width": {"generator_hidden": [64, 0]},
    "a half width": {"discriminator_hidden": [2.5]},
    "a width in words": {"generator_hidden": "64"},
    "an unknown activation": {"activation": ["relu", "lrelu"]},
    "an unknown activation of one network": {"activation": {"generator": "rellu"}},
    "an unknown network": {"dropout": {"critic": 0.5}},
    "all units dropped": {"dropout": 1},
    "a slope of zero": {"leaky_slope": 0},
    "a rate of zero": {"generator_lr": 0},
    "one beta": {"betas": 0.5},
    "a beta of one": {"betas": (0.5, 1)},
    "a penalty that falls to zero": {"r1": (1, 0)},
    "three penalties": {"r2": (1, 0.5, 0.1)},
    "a negative penalty": {"gradient_penalty": -1},
    "an unknown kind of network": {"network": "convolution"},
    "an unknown scaling of a column": {"scaling": {"x": "log"}},
    "no scaling": {"scaling": {}},
    "a batch of zero": {"batch_size": 0},
    "a batch in words": {"batch_size": "half"},
    "a batch that breaks a pack": {"batch_size": 30, "pack": 4},
    "noise on no labels": {"objective": "wasserstein_gp", "label_noise": 0.1},
    "activations for other layers": {"generator_hidden": [8, 8], "activation": ["relu"]},
    "calibration as a number": {"calibration": 1},
    "an unknown prior": {"prior": "uniform"},
    "settings of networks beside a mixture": {"prior": "mixture", "steps": 10},
    "a scaling of networks beside a mixture": {"prior": "mixture", "scaling": "standard"},
    "a device of no kind": {"device": "gpu"},
    "too many threads": {"threads": 10**6},
}
EVALUATIONS: dict[str, dict] = {
    "no real rows": {"real": None},
    "one real row": {"real": X[:1]},
    "a missing value in the real rows": {"real": with_value(np.nan)},
    "a path for generated rows": {"synthetic_or_fit": "model.gan"},
    "an infinite generated row": {"synthetic_or_fit": with_value(np.inf)},
    "a flat holdout": {"holdout": X[:, 0]},
    "a frame beside an array": {"synthetic_or_fit": frame()},
    "an array beside a frame": {"real": frame()},
    "fewer columns": {"synthetic_or_fit": X[:, :2]},
    "one column fewer": {"synthetic_or_fit": frame(), "real": frame(y=X[:, 1])},
    "one more column": {"synthetic_or_fit": frame(y=X[:, 1]), "real": frame()},
    "other columns": {"synthetic_or_fit": frame(y=X[:, 1]), "real": frame(z=X[:, 1])},
    "other columns in the holdout": {
        "holdout": frame(),
        "real": frame(z=X[:, 1]),
        "synthetic_or_fit": frame(z=X[:, 1]),
    },
    "names that repeat": {
        "synthetic_or_fit": pd.DataFrame(X, columns=["a", "b", "a"]),
        "real": pd.DataFrame(X, columns=["a", "a", "b"]),
    },
    "a fit of other columns": {"synthetic_or_fit": GAN, "real": X[:, :2]},
    "an unknown target": {"target": "y", "real": frame(), "synthetic_or_fit": frame()},
    "a target beyond the columns": {"target": 3},
    "a target by its number in a frame": {"target": 0, "real": frame(), "synthetic_or_fit": frame()},
    "a target of waves": {"target": 0, "kind": "wave"},
    "waves of one point": {"kind": "wave", "real": frame(), "synthetic_or_fit": frame()},
    "an unknown kind": {"kind": "picture"},
    "images that are a table": {"kind": "image"},
    "another kind than the fit's": {"synthetic_or_fit": GAN, "kind": "wave"},
    "a bad seed": {"seed": -1},
}
OTHER: dict[str, Callable[[], object]] = {
    "an unknown field": lambda: Config.from_dict({"generator_hiden": [8]}),
    "a field that is not text": lambda: Config.from_dict({3: 1}),
    **{f"sample {n!r}": lambda n=n: GAN.sample(n) for n in (0, -1, 2.5, True, "9", 2**31)},
    **{f"walk of {n!r}": lambda n=n: GAN.interpolate(n) for n in (1, 2.5, None)},
    "walk with a bad seed": lambda: GAN.interpolate(3, seed=0.5),
    "blends of a table": lambda: ganbridge.plot_blends(GAN),
    "one blend": lambda: ganbridge.plot_blends(n=1),
    "sample with a bad seed": lambda: GAN.sample(3, seed=-1),
    "given without conditions": lambda: GAN.sample(3, given={"kind": "a"}),
    **{f"given {value!r}": lambda value=value: CONDITIONAL.sample(3, given=value) for value in GIVEN},
    **{
        f"given to a mixture: {name}": lambda value=value: MIXTURE.sample(3, given=value)
        for name, value in GIVEN_TO_MIXTURE.items()
    },
    **{f"impute: {name}": lambda rows=rows: MIXTURE.impute(rows, seed=1) for name, rows in ROWS.items()},
    "impute: no table": lambda: MIXTURE.impute(MIXED, m=0),
    "impute: a bad seed": lambda: MIXTURE.impute(MIXED, seed=-1),
    "impute: a fit with networks": lambda: GAN.impute(X),
    "density of a column less": lambda: MIXTURE.log_density(MIXED.drop(columns="day")),
    "density: a fit with networks": lambda: GAN.log_density(X),
    "conditions of a fit without": lambda: GAN.sample_with_conditions(3),
    "waves without a count": lambda: make_waves(0),
    "waves of one point": lambda: make_waves(5, 1),
    "amplitudes without cycles": lambda: make_waves(5, 9, amplitude=[1, 2], cycles=[3]),
    "no amplitudes": lambda: make_waves(5, 9, amplitude=[], cycles=[]),
    "amplitudes in words": lambda: make_waves(5, 9, amplitude="1"),
    "an amplitude in words": lambda: make_waves(5, 9, amplitude=[1, "2"]),
    "negative noise": lambda: make_waves(5, 9, noise=-0.1),
    "a missing file": lambda: load("nowhere.gan"),
    "a folder": lambda: load("."),
    "no path": lambda: load(3),
    "a path for bytes": lambda: from_bytes("model.gan"),
    "no bytes": lambda: from_bytes(b""),
    "save in no folder": lambda: GAN.save("nowhere/model.gan"),
    "save without a path": lambda: GAN.save(None),
    "losses of no fit": lambda: ganbridge.plot_losses(X),
    "waves of a table": lambda: ganbridge.plot_waves(GAN),
    **{
        f"evaluate: {name}": lambda given=given: evaluate(**{"synthetic_or_fit": X, "real": X, **given})
        for name, given in EVALUATIONS.items()
    },
    "report of no fit": lambda: report(X, X),
    "report in no folder": lambda: report(GAN, X, "nowhere/report.html"),
    "report of other columns": lambda: report(GAN, X[:, :2]),
    "report without real rows": lambda: report(GAN, None),
    "bridge: evaluate nothing": lambda: bridge.evaluate(of_json(x=X[:, 0])),
    "bridge: evaluate no real rows": lambda: bridge.evaluate(of_json(), model=bytearray(GAN.to_bytes())),
    "training of no fit": lambda: ganbridge.plot_training(X),
    "training without a trace": lambda: ganbridge.plot_training(GAN),
    "compared with a file": lambda: ganbridge.plot_compare(GAN, "data.csv"),
    "compared with fewer columns": lambda: ganbridge.plot_compare(GAN, X[:, :2]),
    "compared by rows": lambda: ganbridge.plot_compare(GAN, X, by="row"),
    "compared in an unknown column": lambda: ganbridge.plot_compare(GAN, X, columns=["a"]),
    "an animation of no fit": lambda: ganbridge.animate_training(X, "film.gif"),
    "an animation without a trace": lambda: ganbridge.animate_training(GAN, "film.gif"),
    "images of a table": lambda: ganbridge.plot_images(GAN),
    "images of waves": lambda: ganbridge.plot_images(X),
    "negative images": lambda: ganbridge.plot_images(-PIXELS),
    "images beyond the last one": lambda: ganbridge.plot_images(PIXELS, ids=[9]),
    "idx of no file": lambda: read_idx("nowhere.gz"),
    "idx of no path": lambda: read_idx(3),
    "bridge: an array of text": lambda: bridge.fit(
        {"container": "array", "values": PIXELS.astype(str), "type": "double"}
    ),
    "bridge: no container": lambda: bridge.fit({"values": X}),
    "bridge: no dict": lambda: bridge.fit(X),
    "bridge: a type": lambda: bridge.fit({"container": "matrix", "values": X, "type": "logical"}),
    "bridge: a flat matrix": lambda: bridge.fit({"container": "matrix", "values": X[:, 0], "type": "double"}),
    "bridge: text": lambda: bridge.fit(
        {"container": "matrix", "values": X.astype(str), "type": "double", "names": None}
    ),
    "bridge: words": lambda: bridge.fit(of_json(x=np.array(["a", "b"]))),
    "bridge: infinity": lambda: bridge.fit(of_json(x=with_value(np.inf)[:, 1])),
    "bridge: unequal columns": lambda: bridge.fit(of_json(x=X[:, 0], y=X[:9, 0])),
    "bridge: a flat array": lambda: bridge.fit({"container": "array", "values": X, "type": "double"}),
    "bridge: names of channels": lambda: bridge.fit(
        {"container": "array", "values": np.ones((3, 4, 2)), "type": "double", "names": ["a"]}
    ),
    "bridge: no columns": lambda: bridge.fit(of_json()),
    "bridge: config": lambda: bridge.fit(of_json(x=X[:, 0]), config={"stepps": 3}),
    "bridge: config value": lambda: bridge.fit(of_json(x=X[:, 0]), config={"steps": 0.0}),
    "bridge: epochs": lambda: bridge.fit(of_json(x=X[:, 0]), epochs=-3.0),
    "bridge: seed": lambda: bridge.fit(of_json(x=X[:, 0]), seed=0.5),
    "bridge: kind": lambda: bridge.fit(of_json(x=X[:, 0]), kind="image"),
    "bridge: sample of none": lambda: bridge.sample(bytearray(GAN.to_bytes()), 0, 1),
    "bridge: no model": lambda: bridge.describe(None),
    "bridge: foreign model": lambda: bridge.describe(bytearray(b"PK" * 50)),
}
CASES: dict[str, Callable[[], object]] = {
    **{f"data: {name}": lambda data=data: fit(data, epochs=1, seed=1) for name, data in DATA.items()},
    **{f"wave: {name}": lambda data=data: fit(data, kind="wave", epochs=1, seed=1) for name, data in WAVES.items()},
    **{f"image: {name}": lambda data=data: fit(data, kind="image", epochs=1, seed=1) for name, data in IMAGES.items()},
    **{f"fit: {name}": lambda given=given: fit(**{"data": X, **given}) for name, given in ARGUMENTS.items()},
    **{f"config: {name}": lambda given=given: Config(**given) for name, given in CONFIGS.items()},
    **OTHER,
}


def random_state() -> list[object]:
    words = np.random.get_state()  # noqa: NPY002 (the global state is what must not change)
    return [torch.get_rng_state().tolist(), [str(part) for part in words], random.getstate()]


@pytest.fixture(scope="module")
def snapshot():
    """Texts by case, as in errors.txt, which is written again if UPDATE_ERRORS is set."""
    text = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    texts = dict(re.findall(r"^# (.*)\n(.*)\n", text, flags=re.MULTILINE))
    yield texts
    if os.environ.get("UPDATE_ERRORS"):
        written = [f"# {name}\n{texts[name]}\n" for name in CASES if name in texts]
        SNAPSHOT.write_text("\n".join(written), encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_error(case, snapshot, monkeypatch, tmp_path):
    def train_round(self):
        pytest.fail("trained before the error")

    monkeypatch.setattr(Trainer, "train_round", train_round)
    monkeypatch.chdir(tmp_path)
    before = random_state(), torch.get_num_threads()

    with pytest.raises((ValueError, TypeError, OSError)) as caught:
        CASES[case]()

    assert (random_state(), torch.get_num_threads()) == before
    assert list(tmp_path.iterdir()) == []
    text = f"{caught.type.__name__}: {caught.value}".replace(str(tmp_path), "/folder")
    if os.environ.get("UPDATE_ERRORS"):
        snapshot[case] = text
    assert text == snapshot.get(case)


def test_the_file_has_no_unused_texts(snapshot):
    assert list(snapshot) == list(CASES)


def test_every_text_names_the_argument_and_its_value(snapshot):
    for name, text in snapshot.items():
        kind, _, words = text.partition(": ")
        assert kind in (
            "ValueError",
            "TypeError",
            "OSError",
            "FileNotFoundError",
            "IsADirectoryError",
            "BadFileError",
        ), name
        if kind in ("ValueError", "TypeError"):
            assert re.match(r"`\w+(\[\w+\])*` must |column \".*\" of `data` must |the (data|saved)", words), name
            assert words.endswith((".", "?", "].")), name
