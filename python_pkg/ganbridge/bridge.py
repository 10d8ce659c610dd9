"""The one door for R: plain arrays, lists, numbers, texts and bytearrays in and out.

From R without the R package: `gb <- reticulate::import("ganbridge.bridge")`; vignettes/python.Rmd shows it. A data set
is a dict in both directions, as plain.py has it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias


def _load_torch() -> bool:
    """Import torch with its own matrix products; returns whether this call imported it.

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

from .check import rows as check_rows  # noqa: E402
from .check import seed as check_seed  # noqa: E402
from .config import Config, ObjectiveName  # noqa: E402
from .data import Data  # noqa: E402
from .data.datasets import make_waves as make_waves_array  # noqa: E402
from .data.idx import read_idx as read_idx_array  # noqa: E402
from .data.plain import CONTAINERS, arrays, for_r, from_data, to_condition, to_data, to_frame, to_given, untupled  # noqa: E402
from .data.python import rows_from_python, to_fit  # noqa: E402
from .data.write import table_path  # noqa: E402
from .evaluation.evaluation import SYNTHETIC, evaluate_data, evaluate_fit  # noqa: E402
from .evaluation.pooling import pooled  # noqa: E402
from .evaluation.reporting import report_page  # noqa: E402
from .fitting import Asked, fit_data  # noqa: E402
from .fitting import check_settings as check_settings_of_fit  # noqa: E402
from .kinds import KINDS, of_kind  # noqa: E402
from .model.fitted import FittedGan  # noqa: E402
from .model.reader import from_bytes  # noqa: E402
from .model.to_file import write_sample  # noqa: E402
from .plot.data.blends import far_seed  # noqa: E402
from .plot.data.comparison import compare  # noqa: E402
from .plot.data.course import course_panels  # noqa: E402
from .plot.data.plain import as_plain  # noqa: E402
from .plot.data.walk import walk_of  # noqa: E402
from .plot.table import compared  # noqa: E402
from .plot.training import animate_training as write_animation  # noqa: E402
from .recipes import resolve  # noqa: E402
from .training.callbacks import Callback, Choice, State, Throttled  # noqa: E402
from .training.checkpoint import Checkpoint  # noqa: E402
from .training.streams import stream_seed  # noqa: E402
from .version import __version__  # noqa: E402

MODELS_KEPT = 4  # by their bytes, so that repeated sampling does not read them again
_models: dict[bytes, FittedGan] = {}
_now: list[State] = []  # of the fits whose callbacks are running
Plain: TypeAlias = Callable[[dict[str, Any]], Any]  # a function of R's


def version() -> str:
    """The version of the core."""
    return str(__version__)


def config_fields() -> list[str]:
    """The names of all fields of a config."""
    return list(Config().to_dict())


def default_settings(objective: ObjectiveName | None = None) -> dict[str, dict[str, Any]]:
    """By kind of data, what networks get by default for data of the kind's example shape."""
    asked = Config(objective=objective)
    chosen = {name: resolve(asked, kind, kind.example)[0].to_dict() for name, kind in KINDS.items()}
    return {name: {key: untupled(value) for key, value in settings.items()} for name, settings in chosen.items()}


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
    condition: list[str] | dict[str, Any] | None = None,
    progress: Plain | None = None,
    callbacks: Sequence[Plain] = (),
    **asked: Any,
) -> dict[str, Any]:
    """Train on a data dict; see `ganbridge.fit` for all that is `asked`, of which `config` is a dict.

    progress: called a few times a second with epoch, epochs, losses and seconds; before the first tree of a table's
    fit, the epochs are mixtures that were tried (`unit`, and `share` of the whole). callbacks: called after each epoch
    with the same and `step`; one that returns False stops the training. Meanwhile `sample_now` draws rows.

    condition: names of columns, or a data dict of the container "data.frame" with labels of the rows.
    """
    functions, settings = _callbacks(progress, callbacks), _asked(**asked)
    gan = fit_data(_to_fit(data, settings.seed), to_condition(condition), settings, functions)
    return _result(gan, gan.to_bytes())


def resume(
    model: bytearray,
    data: dict[str, Any],
    condition: dict[str, Any] | None = None,
    progress: Plain | None = None,
    callbacks: Sequence[Plain] = (),
    checkpoint: str | None = None,
    checkpoint_every: Any = None,
    **asked: Any,
) -> dict[str, Any]:
    """The fit of a saved model after the rest of its training; see `FittedGan.resume`."""
    before = from_bytes(model)
    gan = before.resume_data(
        of_kind(_to_fit(data, before.seed), before.kind),
        None if condition is None else to_frame(condition),
        callbacks=_callbacks(progress, callbacks),
        checkpoint=Checkpoint.asked(checkpoint, checkpoint_every),
        **asked,
    )
    told = {"messages": [message for message in gan.messages if message not in before.messages]}
    return _result(gan, gan.to_bytes()) | told


def check_settings(**asked: Any) -> None:
    """Raise what `fit` would raise about these arguments, before data have crossed."""
    _asked(**asked)


def _asked(config: dict[str, Any] | None = None, **asked: Any) -> Asked:
    return check_settings_of_fit(config=Config.from_dict(dict(config or {})), **asked)


def _to_fit(data: dict[str, Any], seed: int) -> Data:
    """Training data: a data dict, or one of `paths` of files."""
    return to_fit(data["paths"], stream_seed(seed, "sample")) if "paths" in data else to_data(data)


def _callbacks(progress: Plain | None, callbacks: Sequence[Plain]) -> list[Callback]:
    """Functions of plain dicts as functions of states."""
    shown: list[Callback] = []
    if progress is not None:
        shown.append(Throttled(lambda state: progress(_progress_of(state))))
    return [*shown, *(_of_plain(callback) for callback in callbacks)]


def _of_plain(callback: Plain) -> Callback:
    def called(state: State) -> Any:
        _now.append(state)
        try:
            return callback(_progress_of(state) | {"step": state.step})
        finally:
            _now.pop()

    return called


def sample_now(n: int) -> dict[str, Any]:
    """A data dict of n rows of the fit whose callback is running."""
    if not _now:
        raise ValueError("`sample` must be called while a callback of a fit runs, not after it.")
    return from_data(_now[-1].sample_data(n))


def describe(model: bytearray) -> dict[str, Any]:
    """What `fit` returned, from a saved model."""
    return _result(_revive(model), bytes(model))


def sample(model: bytearray, n: int | None, seed: int, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """A data dict of n new rows; for a fit with labels, those of the rows are in it under "condition".

    n: None draws as many as the training data had. given: a data dict of the container "data.frame" with one row or n.
    """
    return samples(model, n, seed, 1, given)[0]


def samples(
    model: bytearray, n: int | None, seed: int, m: int, given: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """m data dicts as `sample` returns them, of which the first is that of `sample`."""
    gan = _revive(model)
    drawn = gan.samples_data(n, seed, None if given is None else to_given(given), m)
    return [
        from_data(data) | ({"condition": from_data(labels)} if gan.labelled and labels is not None else {})
        for data, labels in drawn
    ]


def sample_to(model: bytearray, path: str, n: int | None, seed: int, given: dict[str, Any] | None = None) -> None:
    """Write the rows of `sample` to a file; see `FittedGan.sample_to`."""
    file, of_format = table_path("path", path)
    gan = _revive(model)
    rows = gan.data_schema.rows if n is None else check_rows("n", n)
    write_sample(gan, file, of_format, rows, seed, None if given is None else to_given(given))


def interpolate(model: bytearray, n: int, seed: int, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """A data dict of n rows that walk from one generated row to another; `given` as for `sample`, with one row."""
    return from_data(_revive(model).interpolate_data(n, seed, None if given is None else to_given(given)))


def impute(model: bytearray, data: dict[str, Any], m: int, seed: int) -> list[dict[str, Any]]:
    """m data dicts of the rows of a data dict, with their missing values drawn; see `FittedGan.impute`."""
    return [from_data(rows) for rows in _revive(model).impute_data(to_data(data), m, seed)]


def log_density(model: bytearray, data: dict[str, Any]) -> dict[str, np.ndarray]:
    """Log densities of the rows of a data dict under the name `values`; see `FittedGan.log_density`."""
    return {"values": _revive(model).log_density_data(to_data(data))}


def evaluate(
    real: dict[str, Any],
    synthetic: dict[str, Any] | None = None,
    model: bytearray | None = None,
    holdout: dict[str, Any] | None = None,
    target: str | int | None = None,
    seed: int | None = None,
    kind: str | None = None,
) -> dict[str, Any]:
    """Evaluate a data dict of new rows, or a model; see `ganbridge.evaluate`. `target` by number counts from 0."""
    rows = to_data(real, "real")
    kept = None if holdout is None else to_data(holdout, "holdout")
    seed = None if seed is None else check_seed(seed)
    if model is not None:
        report = evaluate_fit(_revive(model), rows, holdout=kept, target=target, seed=seed, kind=kind)
    else:
        generated = to_data(synthetic or {}, SYNTHETIC)
        report = evaluate_data(generated, rows, kind=kind, holdout=kept, target=target, seed=seed)
    return {
        "columns": arrays(report.plain_columns()),
        "summary": arrays(report.summary_columns()),
        "panels": [arrays(panel) for panel in report.panels()],
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
    rows = to_data(real, "real")
    kept = None if holdout is None else to_data(holdout, "holdout")
    return bytearray(report_page(_revive(model), rows, kept, target, seed))


def pool(q: np.ndarray, v: np.ndarray, rows: int, synthetic_rows: int) -> dict[str, np.ndarray]:
    """Pooled estimates of estimates and variances (m, p); see `ganbridge.pool`."""
    q, v = (np.ascontiguousarray(values, dtype=np.float64) for values in (q, v))
    return pooled(q, v, rows, synthetic_rows)


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
    """Write an animation of the traced samples; see `ganbridge.animate_training`. `real` is a data dict."""
    data = None if real is None else to_data(real, "real").to_python()
    write_animation(_revive(model), file, data, columns=columns, fps=fps)


def plot_compare(
    real: dict[str, Any] | None,
    synthetic: dict[str, Any] | None = None,
    model: bytearray | None = None,
    rows: int | None = None,
    by: str = "column",
    columns: list[int] | None = None,
) -> dict[str, Any]:
    """What a plot of a table beside real rows shows, if there are any; see `plot.data.comparison`.

    synthetic: a data dict; or model: a fit that so many rows are sampled from, with its seed (None:
    as many as its training data had).
    """
    if model is None:
        generated = to_data(synthetic or {}, "synthetic_or_fit")
    else:
        gan = _revive(model)
        generated = gan.samples_data(compared(gan) if rows is None else rows, gan.seed, None, 1)[0][0]
    shown = compare(generated, None if real is None else to_data(real, "real"), by, columns)
    plain: dict[str, Any] = as_plain(shown)
    return plain


def plot_training(
    epochs: list[int], samples: list[dict[str, Any]], real: dict[str, Any] | None, columns: list[int] | None = None
) -> dict[str, Any]:
    """What a plot of a table's traced samples shows; see `plot.data.course`."""
    pairs = [(int(epoch), to_data(sample, "fit")) for epoch, sample in zip(epochs, samples, strict=True)]
    shown: dict[str, Any] = as_plain(course_panels(pairs, None if real is None else to_data(real, "real"), columns))
    return shown


def plot_walk(
    walk: dict[str, Any], real: dict[str, Any] | None, by: str, columns: list[int] | None = None
) -> dict[str, Any]:
    """What a plot of the rows of a walk shows; see `plot.data.walk`."""
    rows = None if real is None else to_data(real, "real")
    shown: dict[str, Any] = as_plain(walk_of(to_data(walk, "walk"), rows, by, columns))
    return shown


def walk_seed(model: bytearray) -> int:
    """The seed of a walk between waves that differ; see `plot.data.blends`."""
    return far_seed(_revive(model))


def read_files(paths: list[str]) -> dict[str, Any]:
    """A data dict of the rows of files."""
    return from_data(rows_from_python(list(paths)))


def read_idx(path: str) -> dict[str, np.ndarray]:
    """The array in an idx file under the name `values`; see `ganbridge.read_idx`."""
    return {"values": for_r(read_idx_array(path))}


def _progress_of(state: State | Choice) -> dict[str, Any]:
    if isinstance(state, Choice):
        return {
            "epoch": state.tried,
            "epochs": state.most,
            "generator_loss": float("nan"),
            "discriminator_loss": float("nan"),
            "seconds": state.seconds,
            "share": state.share,
            "unit": state.unit,
        }
    return {
        "epoch": state.epoch,
        "epochs": state.epochs,
        "generator_loss": state.generator_loss,
        "discriminator_loss": state.discriminator_loss,
        "seconds": state.seconds,
        "share": state.share,
        "unit": "tree" if state.of_trees else "epoch",
    }


def _revive(model: bytearray) -> FittedGan:
    data = bytes(model) if isinstance(model, (bytes, bytearray, memoryview)) else b""
    if data not in _models:
        gan = from_bytes(data)
        while len(_models) >= MODELS_KEPT:
            del _models[next(iter(_models))]
        _models[data] = gan
    return _models[data]


def _result(gan: FittedGan, data: bytes) -> dict[str, Any]:
    """What R holds of a fit: `model` for sampling, and `whole`, if there is more in its bytes, for files, animations
    and more training.
    """
    schema = gan.data_schema
    shape = {"shape": schema.shape, "lengths": schema.lengths, "channels": schema.channels}
    trace = None
    if gan.trace_epochs is not None:
        trace = {"epoch": gan.trace_epochs, "samples": [from_data(data) for data in gan.trace_data()]}
    small = gan.for_sampling()
    return {
        "model": bytearray(data if small is gan else small.to_bytes()),
        "whole": None if small is gan else bytearray(data),
        "seed": gan.seed,
        "kind": gan.kind,
        "version": gan.version,
        "config": untupled(gan.config.to_dict()),
        "history": dict(gan.history_columns),
        "trace": trace,
        "schema": {
            "container": {form: name for name, form in CONTAINERS.items()}[schema.form],
            "names": None if schema.names is None else [str(name) for name in schema.names],
            "types": schema.types or [schema.value_type],
            "encodings": schema.encodings,
            "condition": schema.condition,
            "rows": schema.rows,
            **{name: value for name, value in shape.items() if value is not None},
        },
        "rate": gan.rate,
        "moments": {"name": gan.moment_names, **gan.moment_columns},
        "shares": _shares(gan),
        "relations": _relations(gan),
        "identifiers": [] if gan.identifiers is None else gan.identifiers.words(),
        "text": gan.describe(),
        "messages": list(gan.messages),
        "diagnosis": list(gan.diagnosis),
        "stopped": gan.stopped,
        "kept": int(gan.kept["epoch"]),
    }


def _shares(gan: FittedGan) -> dict[str, list[Any]]:
    """Levels and missing values of the training data, and the share of each."""
    shares = gan.shares()
    return {name: [entry[i] for entry in shares] for i, name in enumerate(("column", "level", "share"))}


def _relations(gan: FittedGan) -> dict[str, list[Any]]:
    """What holds between columns, by field."""
    fields = ("words", "kind", "columns", "holds", "enforced")
    found = {name: [entry[name] for entry in gan.relations] for name in fields}
    return found | {"implied_by": ["; ".join(entry["implied_by"]) for entry in gan.relations]}
