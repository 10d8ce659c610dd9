"""The one door for R: plain arrays, lists, numbers, texts and bytearrays in and out.

From R without the R package: `gb <- reticulate::import("ganbridge.bridge")`; vignettes/ganbridge.Rmd shows it. A data
set is a dict, in both directions:

    {"container": "matrix", "values": (n, p) doubles, "type": "double" or "integer", "names": list or None}
    {"container": "data.frame", "like": "" or "tibble" or "data.table", "columns": [{"name": ..., "type": ...,
        "values": (n,) doubles, "levels": list or None, "missing": (n,) logicals or None, "unit": ...}]}
    {"container": "array", "values": (n, ...) doubles or integers of three dimensions or more, "type": ...,
     "names": list or None}
    {"container": "list", "values": (sum of lengths, channels) doubles, "lengths": (n,) whole numbers,
     "flat": whether the waves are vectors, not matrices, "type": ..., "names": list or None}

The names of a matrix are those of its columns, of the others those of the channels. A column's `type` and `values` are
those of `encode.Column`: codes of levels count from 0, dates are days and times are seconds since 1970-01-01. Where
something is missing, `missing` says so, and NaN in `values` says the same. R's arrays have their first index running
fastest in memory and numpy's their last, but an index means the same in both, and reticulate keeps it so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any


def _load_torch() -> bool:
    """Import torch with its own matrix products; whether it is this call that brought it in.

    In an R process torch's call to BLAS would resolve to the library that R has loaded: several times slower with R's
    reference BLAS, and other results in the last bits than the same code in Python. RTLD_DEEPBIND (Linux with glibc)
    makes torch look into its own libraries first.
    """
    if "torch" in sys.modules:
        return False
    if not hasattr(os, "RTLD_DEEPBIND"):
        import torch

        return True
    before = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_LOCAL | os.RTLD_DEEPBIND)
    try:
        import torch  # noqa: F401
    finally:
        sys.setdlopenflags(before)
    return True


LOADED_BY_BRIDGE = _load_torch()

import numpy as np  # noqa: E402
import torch  # noqa: E402

from .callbacks import State, Throttled  # noqa: E402
from .check import LARGEST_WHOLE, came, fail  # noqa: E402
from .check import seed as check_seed  # noqa: E402
from .config import Config  # noqa: E402
from .datasets import make_waves as make_waves_array  # noqa: E402
from .encode import (  # noqa: E402
    CATEGORIES,
    COLUMN_TYPES,
    LABEL,
    NUMBERS,
    Array,
    Column,
    Data,
    Frame,
    Matrix,
    Ragged,
)
from .encode.data import type_of  # noqa: E402
from .encode.series import check_zone  # noqa: E402
from .evaluation import evaluate_data, evaluate_fit  # noqa: E402
from .fitted import FittedGan, from_bytes  # noqa: E402
from .fitting import fit_data  # noqa: E402
from .idx import read_idx as read_idx_array  # noqa: E402
from .matching import SYNTHETIC, named  # noqa: E402
from .pictures import animate_training as draw_film  # noqa: E402
from .reporting import report_page  # noqa: E402
from .version import __version__  # noqa: E402

CONTAINERS = {"matrix": "matrix", "data.frame": "frame", "array": "array", "list": "ragged"}  # and the core's words
MODELS_KEPT = 4  # revived models are kept by their bytes, so that repeated sampling does not read them again
_models: dict[bytes, FittedGan] = {}


def version() -> str:
    """The version of the core."""
    return str(__version__)


def config_fields() -> list[str]:
    """The names of all fields of a config."""
    return list(Config().to_dict())


def torch_state() -> dict[str, Any]:
    """Which torch this is, and whether it uses its own matrix products."""
    note = (
        "torch was imported before the bridge: where R's BLAS is loaded, fits may be slower and differ in the last bits"
    )
    return {
        "torch": str(torch.__version__),
        "loaded_by_bridge": LOADED_BY_BRIDGE,
        "note": "" if LOADED_BY_BRIDGE else note,
    }


def fit(
    data: dict[str, Any],
    kind: str = "auto",
    epochs: int | None = None,
    seed: int | None = None,
    trace: int | None = None,
    log: str | None = None,
    rate: float | None = None,
    progress: Callable[[dict[str, Any]], Any] | None = None,
    config: dict[str, Any] | None = None,
    condition: list[str] | dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Train on a data dict; `progress` is called a few times a second with epoch, epochs, losses and seconds.

    condition: names of columns, or a data dict of the container "data.frame" with labels of the rows.
    """
    callbacks = []
    if progress is not None:
        callbacks.append(Throttled(lambda state: progress(_progress_of(state))))
    gan = fit_data(
        _to_data(data),
        kind=kind,
        condition=_to_condition(condition),
        epochs=epochs,
        seed=seed,
        trace=trace,
        log=log,
        rate=rate,
        callbacks=callbacks,
        config=Config.from_dict(dict(config or {})),
    )
    return _result(gan, gan.to_bytes())


def describe(model: bytearray) -> dict[str, Any]:
    """What `fit` returned, from a saved model."""
    gan = _revive(model)
    return _result(gan, bytes(model))


def sample(model: bytearray, n: int, seed: int, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """A data dict of n new rows; for arrays of a fit with conditions, those stand beside it under "condition".

    given: a data dict of the container "data.frame" with one row or n.
    """
    data, rows = _revive(model).sample_data(n, seed, None if given is None else _to_frame(given))
    result = _from_data(data)
    if rows is not None and not isinstance(data, Frame):
        result["condition"] = _from_data(rows)
    return result


def interpolate(model: bytearray, n: int, seed: int, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """A data dict of n rows that walk from one generated row to another; `given` as for `sample`, with one row."""
    return _from_data(_revive(model).interpolate_data(n, seed, None if given is None else _to_frame(given)))


def evaluate(
    real: dict[str, Any],
    synthetic: dict[str, Any] | None = None,
    model: bytearray | None = None,
    holdout: dict[str, Any] | None = None,
    target: str | int | None = None,
    seed: int | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    """Judge a data dict of new rows, or a model; see `ganbridge.evaluate`. `target` by number counts from 0."""
    with named("real"):
        judged = _to_data(real)
    with named("holdout"):
        kept = None if holdout is None else _to_data(holdout)
    seed = None if seed is None else check_seed(seed)
    if model is not None:
        report = evaluate_fit(_revive(model), judged, holdout=kept, target=target, seed=seed, kind=kind)
    else:
        with named(SYNTHETIC):
            made = _to_data(synthetic or {})
        report = evaluate_data(made, judged, kind=kind or "table", holdout=kept, target=target, seed=seed)
    return {
        "columns": _arrays(report.plain_columns()),
        "summary": _arrays(report.summary_columns()),
        "panels": [_arrays(panel) for panel in report.panels()],
        "text": report.describe(),
        "notes": report.notes,
        "counts": report.counts,
        "kind": report.kind,
        "seed": report.seed,
    }


def report(
    model: bytearray,
    real: dict[str, Any],
    holdout: dict[str, Any] | None = None,
    target: str | int | None = None,
    seed: int | None = None,
) -> bytearray:
    """The bytes of an HTML page; see `ganbridge.report`."""
    with named("real"):
        judged = _to_data(real)
    with named("holdout"):
        kept = None if holdout is None else _to_data(holdout)
    return bytearray(report_page(_revive(model), judged, kept, target, seed))


def _arrays(columns: dict[str, Any]) -> dict[str, Any]:
    """Numbers as arrays: a list of one would reach R as a number, and one with NaN as a list."""
    return {
        name: np.array(values) if isinstance(values, list) and not (values and isinstance(values[0], str)) else values
        for name, values in columns.items()
    }


def make_waves(
    n: int, m: int, amplitude: list[float], cycles: list[float], noise: float, seed: int
) -> dict[str, np.ndarray]:
    """Waves (n, m) under the name `values`; see `ganbridge.make_waves`."""
    return {"values": make_waves_array(n, m, amplitude=amplitude, cycles=cycles, noise=noise, seed=seed)}


def animate_training(
    model: bytearray,
    file: str,
    real: dict[str, Any] | None = None,
    columns: list[int] | None = None,
    fps: float | None = None,
) -> None:
    """Write a film of the traced samples; see `ganbridge.animate_training`. `real` is a data dict."""
    data = None if real is None else _to_data(real).to_python()
    draw_film(_revive(model), file, data, columns=columns, fps=fps)


def read_idx(path: str) -> dict[str, np.ndarray]:
    """The array in an idx file under the name `values`; see `ganbridge.read_idx`."""
    return {"values": _for_r(read_idx_array(path))}


def _progress_of(state: State) -> dict[str, Any]:
    return {
        "epoch": state.epoch,
        "epochs": state.epochs,
        "generator_loss": state.generator_loss,
        "discriminator_loss": state.discriminator_loss,
        "seconds": state.seconds,
    }


def _revive(model: bytearray) -> FittedGan:
    data = bytes(model) if isinstance(model, (bytes, bytearray, memoryview)) else b""
    if data not in _models:
        gan = from_bytes(data)
        while len(_models) >= MODELS_KEPT:
            del _models[next(iter(_models))]
        _models[data] = gan
    return _models[data]


def _to_data(data: dict[str, Any]) -> Data:
    if not isinstance(data, dict) or data.get("container") not in CONTAINERS:
        words = ", ".join(f'"{name}"' for name in CONTAINERS)
        fail("data", f'a dict with "container" one of {words}', data, error=TypeError)
    if data["container"] == "array":
        return _to_array(data)
    if data["container"] == "list":
        values, lengths = _doubles(data, 2), np.array(data["lengths"], dtype=np.int64, ndmin=1)
        names = _names(data, values.shape[1])
        return Ragged(values, lengths, bool(data["flat"]), _type(data, NUMBERS), names=names)
    if data["container"] == "matrix":
        values = _doubles(data, 2)
        return Matrix(values, _type(data, NUMBERS), _names(data, values.shape[1]))
    frame = _to_frame(data)
    if len({len(column.values) for column in frame.columns}) > 1:
        raise ValueError("`data` must have columns of one length, not of different lengths.")
    return frame


def _to_array(data: dict[str, Any]) -> Array:
    values, type, names = np.asarray(data.get("values")), _type(data, NUMBERS), data.get("names")
    found = type_of(values.dtype, "`data`")
    if values.ndim < 3:
        fail("data", "numbers in an array of at least 3 dimensions", values)
    if type == "integer" and found == "double" and np.isfinite(values).all():
        values = np.rint(values).astype(np.int64)
    return Array(values, type, names=None if names is None else [str(name) for name in names])


def _to_frame(data: dict[str, Any]) -> Frame:
    return Frame([_to_column(entry) for entry in data["columns"]], str(data.get("like") or ""))


def _to_condition(condition: Any) -> list[Any] | Frame | None:
    if isinstance(condition, dict):
        labels = _to_frame(condition)
        return Frame([replace(column, name=column.name or LABEL) for column in labels.columns])
    return [condition] if isinstance(condition, str) else condition


def _to_column(entry: dict[str, Any]) -> Column:
    type, values = _type(entry, COLUMN_TYPES), _doubles(entry, 1)
    missing = np.isnan(values)
    if entry.get("missing") is not None:
        missing |= np.array(entry["missing"], dtype=bool, ndmin=1)
    values = np.where(missing, 0.0, values)
    levels = entry.get("levels")
    if levels is not None:
        levels = [levels] if isinstance(levels, str) else list(levels)
    if type in CATEGORIES:
        count = 2 if type == "logical" else len(levels or [])
        if not np.isin(values[~missing], np.arange(count)).all():
            raise ValueError(f"`data` must have codes from 0 to {count - 1} in column {came(entry['name'])}.")
    unit = str(entry.get("unit") or "")
    if type == "datetime" and unit:
        check_zone(unit, f"column {came(entry['name'])} of `data`")
    return Column(
        str(entry["name"]),
        type,
        values,
        # What pandas makes of it once it is there; R has one type for both.
        {"integer": "Int64", "logical": "boolean"}.get(type, "") if missing.any() else "",
        levels=levels if type in ("factor", "ordered", "text") else None,
        missing=missing,
        unit=unit,
    )


def _names(data: dict[str, Any], count: int) -> list[str] | None:
    names = data.get("names")
    if names is not None and len(names) != count:
        form, what = ("a matrix", "column") if data["container"] == "matrix" else ("waves", "channel")
        fail("data", f"{form} with one name per {what} ({count})", list(names))
    return None if names is None else [str(name) for name in names]


def _type(entry: dict[str, Any], known: tuple[str, ...]) -> str:
    type = entry.get("type")
    if type not in known:
        raise TypeError(f"`data` must have the type {' or '.join(known)}, not {came(type)}. Drop that column first.")
    return str(type)


def _doubles(entry: dict[str, Any], rank: int | None) -> np.ndarray:
    array = np.array(entry.get("values"), order="C", ndmin=1)
    type_of(array.dtype, "`data`")
    if rank is not None and array.ndim != rank:
        fail("data", f"numbers in an array of {rank} dimension{'s' if rank > 1 else ''}", array)
    return array.astype(np.float64, copy=False)


def _from_data(data: Data) -> dict[str, Any]:
    if isinstance(data, Matrix):
        return {"container": "matrix", "values": data.values, "type": data.type, "names": data.names}
    if isinstance(data, Array):
        return {"container": "array", "values": _for_r(data.values), "type": data.type, "names": data.names}
    if isinstance(data, Ragged):
        form = {"lengths": data.lengths, "flat": data.flat, "type": data.type, "names": data.names}
        return {"container": "list", "values": data.values} | form
    columns = [
        {
            "name": str(column.name),
            "type": column.type,
            "values": column.values,
            "levels": None if column.levels is None else [str(level) for level in column.levels],
            "missing": column.missing,
            "unit": column.unit,
        }
        for column in data.columns
    ]
    return {"container": "data.frame", "like": data.like, "columns": columns}


def _for_r(values: np.ndarray) -> np.ndarray:
    """The same numbers as 32-bit integers where R can hold them so, else as doubles."""
    least = np.iinfo(np.int32).min  # R's NA
    if values.dtype.kind in "iu" and (not values.size or (least < values.min() and values.max() <= LARGEST_WHOLE)):
        return values.astype(np.int32)
    return values.astype(np.float64, copy=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _result(gan: FittedGan, model: bytes) -> dict[str, Any]:
    schema = gan.schema
    names = None if schema["names"] is None else [str(name) for name in schema["names"]]
    trace = None
    if gan.trace_epochs is not None:
        trace = {"epoch": gan.trace_epochs, "samples": [_from_data(data) for data in gan.trace_data()]}
    return {
        "model": bytearray(model),
        "seed": gan.seed,
        "kind": gan.kind,
        "version": gan.version,
        "config": _plain(gan.config.to_dict()),
        "history": dict(gan.history_columns),
        "trace": trace,
        "schema": {
            "container": next(name for name, form in CONTAINERS.items() if form == schema["form"]),
            "names": names,
            "types": schema.get("types") or [schema["type"]],
            "encodings": schema.get("encodings"),
            "condition": schema.get("condition"),
            "rows": schema["rows"],
            **{name: schema[name] for name in ("shape", "lengths", "channels") if name in schema},
        },
        "rate": gan.rate,
        "moments": {"name": gan.moment_names, **gan.moment_columns},
        "shares": _shares(gan),
        "text": gan.describe(),
        "messages": list(gan.messages),
        "diagnosis": list(gan.diagnosis),
        "stopped": gan.stopped,
        "kept": int(gan.kept["epoch"]),
    }


def _shares(gan: FittedGan) -> dict[str, list[Any]]:
    """Levels and missing values of the training data, and the share of each."""
    rows = [] if gan.kind != "table" else gan.shares()
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return {"column": list(columns[0]), "level": list(columns[1]), "share": list(columns[2])}
