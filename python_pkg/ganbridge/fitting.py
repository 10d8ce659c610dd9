"""Encode, train, select: from data to a `FittedGan`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch

from . import check
from .check import SEED_LIMIT
from .config import Config, PriorName, Settings, network_settings
from .data import Data, Frame
from .data.python import labels_from_python, to_fit
from .data.table import LABEL
from .encode import Conditions, split
from .encode.all_rows import AllRows
from .encode.identifiers import take_out
from .encode.relations import Plan, check_learned
from .kinds import KINDS, Kind, accept, of_kind
from .model.fitted import FittedGan
from .model.reader import from_bytes
from .prior.odds import MOST_TREES
from .ranks import fingerprint, here, together
from .recipes import DataShape, check_for_data, epochs_for, resolve, shared_by, with_epochs
from .training.callbacks import Callback, Log, Throttled, progress_line
from .training.lost import ROWS, lost_links
from .training.lost_link import LEAST_ROWS
from .training.memory import memory_named
from .training.prior_fit import PriorRun, train_prior
from .training.run import Run, Trained
from .training.streams import stream_seed
from .training.threads import torch_threads
from .version import __version__

FITTING = ("this fit", "Choose smaller networks or a smaller `batch_size`, or fit fewer rows or columns.")


def fit(
    data: Any,
    *,
    kind: str = "auto",
    condition: Any = None,
    epochs: int | None = None,
    seed: int | None = None,
    trace: int | None = None,
    log: str | None = None,
    rate: float | None = None,
    progress: Any = "auto",
    callbacks: Sequence[Callback] = (),
    config: Config | None = None,
) -> FittedGan:
    """Train a GAN on a user's data.

    Args:
        data: a DataFrame, or an array of n rows by p columns; for kind "wave" an array of n waves by m points, or by m
            points by channels, or a list of waves of different lengths, each (points,) or (points, channels); for kind
            "image" an array of n images by height by width (by channels), with pixels that are integers from 0 to 255
            or other numbers from 0 to 1. At least two rows, no infinite values. A DataFrame's columns are numbers,
            logicals, texts, categories, dates or time spans, and what is missing in them is learned; elsewhere nothing
            may be missing. What holds between columns in every row holds in samples, too, and columns that name rows
            come back made up: see `relations` and `roles` of `Config`. A DataFrame's rows may also lie in files: the
            path of a Parquet, Arrow, Feather or CSV file, several paths, a folder, or a pattern such as
            "folder/*.parquet"; an Arrow dataset, a polars LazyFrame or a DuckDB relation. If these have more than 20
            million values, memory does not grow with their rows: distributions of columns are those of all rows, links
            between them those of a sample of 500,000 rows, and what is to hold in every row is checked in all of them.
        kind: "table", "wave" or "image"; "auto" means table, and image for an array of four dimensions.
        condition: names of columns of a DataFrame that are given to the generator and not generated (a conditional
            GAN, Mirza and Osindero 2014); for an array one label for each row, as a sequence, a Series or a DataFrame;
            whole numbers of at most 24 different values are classes. `sample(n, given={"species": "Adelie"})` then
            draws rows of that kind only.
        epochs: passes over the rows, run in full; None leaves the number to `config.steps`.
        seed: a whole number from 0 to 2^31 - 1. The same data, config and seed give the same fit, in R too. None
            draws one; it is kept in the fit.
        trace: keep samples every so many epochs. It asks for networks, as `epochs` does.
        log: path of a text file that gets a line every so often. If it can't be written any more, the training goes on
            without it, and the fit's `messages` say so.
        rate: points of a wave per second (Hz), for kind "wave": it is kept in the fit, and plots of its waves have
            an axis of time. It changes nothing in the training.
        progress: True, False, or "auto": a progress line where a terminal shows it.
        callbacks: functions called once an epoch with the `State` so far; one that returns False stops the fit. A
            table's fit without networks has an epoch for each tree of its discriminator.
        config: a `Config`; what it leaves open is chosen from the data.

    Returns:
        A `FittedGan`. Ctrl-C during training returns the fit as it stands, with `stopped == "interrupted"`.

    Raises:
        ValueError, TypeError, OSError: for an argument that can't be used, before any training.
        FloatingPointError: if the losses were not finite in the first epoch already.

    Examples:
        >>> import ganbridge
        >>> import pandas as pd
        >>> people = pd.DataFrame({"sex": ["f", "m"] * 50, "height": [165.5, 178.0] * 50})
        >>> gan = ganbridge.fit(people, condition="sex", epochs=5, seed=1)
        >>> gan.sample(3, given={"sex": "f"}, seed=2)["sex"].tolist()
        ['f', 'f', 'f']
    """
    callbacks = check.callables("callbacks", callbacks)
    line = progress_line(_checked_progress(progress))
    asked = check_settings(kind=kind, epochs=epochs, seed=seed, trace=trace, log=log, rate=rate, config=config)
    try:
        with together(asked.config.device or Settings.device) as ranks:
            line = line if ranks.first else None
            ranks.same({"seed": seed})
            seed = ranks.of_first(lambda: asked.seed)  # of a table in files some rows are chosen
        known = of_kind(to_fit(data, stream_seed(seed, "sample"), None if line is None else line.of_reading), kind)
        return fit_data(
            known,
            kind=kind,
            condition=_condition_from_python(known, condition),
            epochs=epochs,
            seed=seed,
            trace=trace,
            log=log,
            rate=rate,
            callbacks=callbacks if line is None else [Throttled(line), *callbacks],
            config=config,
        )
    finally:
        if line is not None:
            line.end()


def _condition_from_python(data: Data, condition: Any) -> list[Any] | Frame | None:
    if condition is None:
        return None
    if data.is_frame:
        numpys = isinstance(condition, np.generic) or (isinstance(condition, np.ndarray) and condition.ndim == 1)
        names = condition.tolist() if numpys else condition
        names = [names] if isinstance(names, (str, int, float)) else names
        if not isinstance(names, (list, tuple)) or not names:
            check.fail("condition", "names of columns of `data`, each once", condition)
        return list(names)
    return labels_from_python(condition, LABEL)


def _checked_progress(progress: Any) -> Any:
    if not (progress is None or isinstance(progress, bool) or (isinstance(progress, str) and progress == "auto")):
        check.fail("progress", 'True, False or "auto"', progress)
    return "auto" if progress is None else progress


@dataclass(frozen=True)
class Asked:
    """What a user asked of `fit`, apart from the data: validated, and with a seed."""

    epochs: int | None
    seed: int
    trace: int | None
    log: str | None
    config: Config


def check_settings(
    *,
    kind: str,
    epochs: int | None,
    seed: int | None,
    trace: int | None,
    log: str | None,
    rate: float | None,
    config: Config | None,
) -> Asked:
    """Validate what does not depend on the data, before anything is done with them, which may be many."""
    check.choice("kind", kind, ["auto", *KINDS])
    if rate is not None:
        check.rate(rate)
    return Asked(
        epochs=None if epochs is None else check.whole("epochs", epochs),
        trace=None if trace is None else check.whole("trace", trace),
        seed=secrets.randbelow(SEED_LIMIT) if seed is None else check.seed(seed),
        log=None if log is None else check.writable("log", log),
        config=_checked_config(config),
    )


def fit_data(
    data: Data,
    *,
    kind: str,
    condition: list[Any] | Frame | None,
    epochs: int | None,
    seed: int | None,
    trace: int | None,
    log: str | None,
    rate: float | None,
    callbacks: Sequence[Callback],
    config: Config | None,
) -> FittedGan:
    """As `fit`, for data that has left its library behind; condition: names of its columns, or labels of its rows."""
    asked = check_settings(kind=kind, epochs=epochs, seed=seed, trace=trace, log=log, rate=rate, config=config)
    with together(asked.config.device or Settings.device) as ranks:
        if ranks.world > 1:
            labels = condition.parts if isinstance(condition, Data) else [condition]
            given = {"kind": kind, "epochs": epochs, "seed": seed, "trace": trace, "rate": rate}
            of_data = {"data": fingerprint(*data.parts), "condition": fingerprint(*labels)}
            ranks.same({"the version of ganbridge": __version__, **of_data, **given, "config": asked.config})
            asked = replace(asked, seed=ranks.of_first(lambda: asked.seed), log=asked.log if ranks.first else None)
        callbacks = callbacks if ranks.first else ()
        return _fit_asked(data, kind, condition, asked, rate, callbacks)


def _fit_asked(
    data: Data,
    kind: str,
    condition: list[Any] | Frame | None,
    asked: Asked,
    rate: float | None,
    callbacks: Sequence[Callback],
) -> FittedGan:
    epochs, seed, trace, log, config = asked.epochs, asked.seed, asked.trace, asked.log, asked.config
    survey, (kind_of_data, data) = data.survey, accept(data, kind)
    if survey is not None and not kind_of_data.has_columns:
        check.fail("kind", "one of named columns for data that do not fit into memory", kind)
    all_rows = None if survey is None else AllRows(survey)
    if config.relations is None and kind_of_data.has_columns:
        config = replace(config, relations=True)
    names = condition if isinstance(condition, list) else []
    k, of_identifiers = shared_by(config, data.rows), stream_seed(seed, "identifiers")
    data, identifiers, told = take_out(data, names, config, k, of_identifiers)
    if all_rows is not None and identifiers is not None:
        all_rows.identifiers = identifiers
    if identifiers is not None:
        check_learned(config.relations or False, [*identifiers.names, *map(str, identifiers.dropped)])
    whole = data
    data, labels, indices = split(whole, condition)
    rate = None if rate is None else kind_of_data.rate(rate)
    check_for_data(config, kind_of_data, data.rows, kind_of_data.has_grid(data))
    prior = _prior(kind_of_data, data, config, networks=not (epochs is None and trace is None and labels is None))
    if config.refine and not (prior == "mixture" and kind_of_data.has_columns):
        wanted = "left out, or False, where no table is drawn from a mixture"
        check.fail("refine", wanted, config.refine, 'Only fits of tables with `prior` "mixture" have draws to refine.')
    plan = kind_of_data.plan(whole, config, [str(whole.columns[index].name) for index in indices], all_rows)
    if plan is not None:
        data, labels, indices = split(plan.reduce(whole), condition)
        config = _of_encoded(config, plan, data)
    if prior == "mixture":
        gan = _fit_mixture(data, kind_of_data, config, seed, log, rate, callbacks, plan, all_rows, whole)
        return _of_first(lambda: _linked(gan, whole).with_identifiers(identifiers, told))

    with memory_named(*FITTING), torch_threads(config.threads or Settings.threads):
        encoder = kind_of_data.fit_encoder(data, config, all_rows)
        conditions = None
        if labels is not None:
            rng = np.random.default_rng(stream_seed(seed, "conditions"))
            conditions = Conditions.fit(labels, indices, rng, k)
    if all_rows is not None:  # rows with rare values were for the encoders
        data = data.first(all_rows.random)
        labels = None if labels is None else labels.first(all_rows.random)
    width = encoder.width + (conditions.width if conditions else 0)
    settings, messages = resolve(config, kind_of_data, DataShape(data.rows, width, encoder.grid))
    check_processes(settings)
    epochs = epochs or epochs_for(settings, data.rows)
    settings = with_epochs(settings, data.rows, epochs)

    with memory_named(*FITTING), torch_threads(settings.threads):
        run = Run(
            data, kind_of_data, encoder, settings, seed, epochs, trace, messages, rate, conditions, labels, plan=plan
        )
        _train(run, log, callbacks)

    def finished() -> FittedGan:
        with memory_named(*FITTING), torch_threads(settings.threads):
            trained = _result(run)
        parts = {each.name: getattr(trained, each.name) for each in fields(trained)}
        parts |= {"conditions": conditions, "rate": rate, "plan": plan}
        gan = _linked(FittedGan(settings=settings, encoder=encoder, seed=seed, **parts), whole)
        return gan.with_identifiers(identifiers, told)

    return _of_first(finished)


def check_processes(settings: Settings) -> None:
    """Raise a ValueError if a batch has fewer packs than there are processes, which each take at least one."""
    least = settings.pack * here().world
    if settings.batch_size < least:
        wanted = f"at least {least} with {here().world} processes" + (
            f" and a `pack` of {settings.pack}" if settings.pack > 1 else ""
        )
        check.fail("batch_size", wanted, settings.batch_size, "Start fewer processes, or raise it.")


def _of_first(finish: Callable[[], FittedGan]) -> FittedGan:
    """The fit that the first process makes of its training, in all processes."""
    ranks = here()
    if ranks.world == 1:
        return finish()
    fits: list[FittedGan] = []

    def saved() -> bytes:
        fits.append(finish())
        return fits[0].to_bytes()

    data = ranks.of_first(saved)
    return fits[0] if fits else from_bytes(data)


def _of_encoded(config: Config, plan: Plan, data: Data) -> Config:
    """The config without scalings of columns that are not encoded."""
    if not isinstance(config.scaling, Mapping):
        return config
    names = {str(column.name) for column in data.columns}
    numbers = {str(like.name) for like in plan.likes if like.numeric}
    scaling = {name: scaling for name, scaling in config.scaling.items() if name in names or name not in numbers}
    return replace(config, scaling=scaling or None)


def _linked(gan: FittedGan, data: Data) -> FittedGan:
    """The fit, with findings on links between columns that its rows have lost, unless it has failed altogether.

    data: the training data, conditions among them.
    """
    failed = any(finding.startswith(("collapse", "divergence", "unfinished: after")) for finding in gan.diagnosis)
    if KINDS[gan.kind].has_columns and data.rows >= LEAST_ROWS and not failed:
        generated, _ = gan.sample_data(ROWS, gan.seed)
        gan.diagnosis.extend(lost_links(generated, data, stream_seed(gan.seed, "selection"), gan.prior is None))
    return gan


def _prior(kind: Kind, data: Data, config: Config, networks: bool) -> PriorName:
    """The latent prior: the user's, or what the kind chooses. networks: whether an argument of `fit` asks for them."""
    asks = networks or bool(network_settings(config))
    if config.prior is None:
        return "normal" if asks else kind.prior(data, config)
    if config.prior == "mixture" and kind.prior_encoder is None:
        check.fail("prior", f'"normal" for kind "{kind.name}"', config.prior)
    if config.prior == "mixture" and networks:
        wanted = '"normal" next to `epochs`, `trace` or `condition`, which are about networks'
        check.fail("prior", wanted, config.prior, "`given` takes any column of a fit without them.")
    return config.prior


def _fit_mixture(
    data: Data,
    kind: Kind,
    config: Config,
    seed: int,
    log: str | None,
    rate: float | None,
    callbacks: Sequence[Callback],
    plan: Plan | None,
    all_rows: AllRows | None,
    whole: Data,
) -> FittedGan:
    """A fit whose rows are draws from a mixture. whole: the training data before relations were taken away."""
    assert kind.prior_encoder is not None
    k, scaling = shared_by(config, data.rows), kind.scalings(kind.network)[0]
    settings = Settings().replaced_by(replace(config, prior="mixture", scaling=scaling, k=k))
    with memory_named(*FITTING), torch_threads(settings.threads):
        known = {} if all_rows is None else {"all_rows": all_rows}
        encoder = kind.prior_encoder.fit(data, kind.scaling(config), settings.range_margin, settings.k, seed, **known)
        run = PriorRun(data, encoder, settings, seed, plan, refine=config.refine)
        if all_rows is not None:
            run.data, run.described = data.first(all_rows.random), all_rows.described(whole)
        with _logged(run, log, MOST_TREES):
            trained = train_prior(run, callbacks)
    settings = replace(settings, refine=getattr(trained["prior"], "refinement", None) is not None)
    return FittedGan(settings=settings, encoder=encoder, seed=seed, rate=rate, plan=plan, **trained)


def _train(run: Run, log: str | None, callbacks: Sequence[Callback]) -> None:
    with _logged(run, log, run.epochs):
        run.callbacks.extend(callbacks)
        run.train()
    if here().world > 1:
        run.keep()


def _result(run: Run) -> Trained:
    """What came of the training, also of one that was interrupted."""
    try:
        return run.result()
    except KeyboardInterrupt:  # pressed once more: training is over, and what is left takes a moment
        return run.result()


@contextmanager
def _logged(run: Run | PriorRun, log: str | None, epochs: int) -> Iterator[None]:
    """While a run is trained, the log is the first of its callbacks; what went wrong with it is told at the end."""
    if log is None:
        yield
        return
    writer = Log(log, epochs)
    run.callbacks.append(writer)
    yield
    if writer.problem:
        run.messages.append(writer.problem)


def _checked_config(config: Config | None) -> Config:
    """The config with a device that is present: "auto" is a GPU that torch calls "cuda", or else the processor."""
    if config is None:
        return Config()
    if not isinstance(config, Config):
        check.fail("config", "a Config", config, "Write config=Config(...).", TypeError)
    device = config.device or Settings.device
    if device == "auto":
        return replace(config, device="cuda" if torch.cuda.is_available() else "cpu")
    name, _, number = device.partition(":")
    present = {
        "cpu": True,
        "cuda": torch.cuda.device_count() > int(number or 0),
        "mps": torch.backends.mps.is_available(),
    }
    if not present[name]:
        check.fail("device", "a device that this machine has", device, 'Use "cpu".')
    return config
