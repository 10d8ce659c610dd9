"""Encode, train, select: from data to a `FittedGan`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

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
from .model.under_way import FITTING, UnderWay
from .ranks import fingerprint, here, together
from .recipes import DataShape, check_for_data, epochs_for, resolve, shared_by, with_epochs
from .training.callbacks import Callback, shown, watched_by
from .training.checkpoint import Checkpoint
from .training.devices import check_device, resolved_device
from .training.memory import memory_named
from .training.prior_fit import PriorRun
from .training.run import Run
from .training.streams import stream_seed
from .training.threads import torch_threads
from .version import __version__


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
    stop_after: int | None = None,
    checkpoint: str | None = None,
    checkpoint_every: Any = None,
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
        progress: True, False, or "auto": a progress line where a terminal shows it, and in other consoles and notebooks
            a line every ten seconds.
        callbacks: functions called once an epoch with the `State` so far; one that returns False stops the fit. A
            table's fit without networks has an epoch for each tree of its discriminator.
        stop_after: epochs after which the training stops before the end of its plan; `FittedGan.resume` goes on. The
            fit keeps the state of its training, also where this is the last of its epochs. It asks for networks, as
            `epochs` does.
        checkpoint: path of a file to which the fit is written every so often while it is trained, and at the end. It
            is written whole or not at all: a process that is killed at any moment leaves the last whole one, which
            `load` reads and `FittedGan.resume` ends with the same bits. An existing file is replaced. A fit without
            networks is written from its first tree on, and fitted again by `resume`.
        checkpoint_every: seconds between two of these (60), or epochs, such as "10 epochs".
        config: a `Config`; what it leaves open is chosen from the data.

    Returns:
        A `FittedGan`. Ctrl-C during training returns the fit as it stands, with `stopped == "interrupted"`;
        `FittedGan.resume` goes on with it.

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
    with shown(progress) as line:
        asked = check_settings(
            kind=kind,
            epochs=epochs,
            seed=seed,
            trace=trace,
            log=log,
            rate=rate,
            stop_after=stop_after,
            checkpoint=checkpoint,
            checkpoint_every=checkpoint_every,
            config=config,
        )
        with together(asked.config.device or Settings.device) as ranks:
            tell = None if line is None or not ranks.first else line.of_reading
            ranks.same({"seed": seed})
            asked = replace(asked, seed=ranks.of_first(lambda: asked.seed))  # of a table in files some rows are chosen
        known = of_kind(to_fit(data, stream_seed(asked.seed, "sample"), tell), kind)
        return fit_data(known, _condition_from_python(known, condition), asked, watched_by(line, callbacks))


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


@dataclass(frozen=True)
class Asked:
    """What a user asked of `fit`, apart from the data: validated, and with a seed."""

    kind: str
    epochs: int | None
    seed: int
    asked_seed: int | None
    trace: int | None
    log: str | None
    rate: float | None
    stop_after: int | None
    checkpoint: Checkpoint | None
    config: Config

    @property
    def networks(self) -> bool:
        """Whether an argument is about networks."""
        return not (self.epochs is None and self.trace is None and self.stop_after is None)


def check_settings(
    *,
    kind: str = "auto",
    epochs: int | None = None,
    seed: int | None = None,
    trace: int | None = None,
    log: str | None = None,
    rate: float | None = None,
    stop_after: int | None = None,
    checkpoint: str | None = None,
    checkpoint_every: Any = None,
    config: Config | None = None,
) -> Asked:
    """Validate what does not depend on the data, before anything is done with them, which may be many."""
    check.choice("kind", kind, ["auto", *KINDS])
    epochs = None if epochs is None else check.whole("epochs", epochs)
    if rate is not None:
        check.rate(rate)
    return Asked(
        kind=kind,
        epochs=epochs,
        seed=secrets.randbelow(SEED_LIMIT) if seed is None else check.seed(seed),
        asked_seed=seed,
        trace=None if trace is None else check.whole("trace", trace),
        log=None if log is None else check.writable("log", log),
        rate=rate,
        stop_after=None if stop_after is None else check.whole("stop_after", stop_after, 1, epochs),
        checkpoint=Checkpoint.asked(checkpoint, checkpoint_every),
        config=_checked_config(config),
    )


def fit_data(data: Data, condition: list[Any] | Frame | None, asked: Asked, callbacks: Sequence[Callback]) -> FittedGan:
    """As `fit`, for data that has left its library behind; condition: names of its columns, or labels of its rows."""
    with together(asked.config.device or Settings.device) as ranks:
        if ranks.world > 1:
            labels = condition.parts if isinstance(condition, Data) else [condition]
            names = ("kind", "epochs", "trace", "rate", "stop_after", "config")
            of_data = {"data": fingerprint(*data.parts), "condition": fingerprint(*labels)}
            given = {"seed": asked.asked_seed} | {name: getattr(asked, name) for name in names}
            ranks.same({"the version of ganbridge": __version__, **of_data, **given})
            asked = replace(asked, seed=ranks.of_first(lambda: asked.seed))
        return _under_way(data, condition, asked).train(asked.log, callbacks, asked.checkpoint)


def _under_way(data: Data, condition: list[Any] | Frame | None, asked: Asked) -> UnderWay:
    """The fit before its first step."""
    survey, (kind, data) = data.survey, accept(data, asked.kind)
    config = asked.config
    if survey is not None and not kind.has_columns:
        check.fail("kind", "one of named columns for data that do not fit into memory", asked.kind)
    all_rows = None if survey is None else AllRows(survey)
    if config.relations is None and kind.has_columns:
        config = replace(config, relations=True)
    names = condition if isinstance(condition, list) else []
    k, of_identifiers = shared_by(config, data.rows), stream_seed(asked.seed, "identifiers")
    whole, identifiers, told = take_out(data, names, config, k, of_identifiers)
    if all_rows is not None and identifiers is not None:
        all_rows.identifiers = identifiers
    if identifiers is not None:
        check_learned(config.relations or False, [*identifiers.names, *map(str, identifiers.dropped)])
    data, labels, indices = split(whole, condition)
    rate = None if asked.rate is None else kind.rate(asked.rate)
    check_for_data(config, kind, data.rows, kind.has_grid(data))
    prior = _prior(kind, data, config, networks=asked.networks or labels is not None)
    if config.refine and not (prior == "mixture" and kind.has_columns):
        wanted = "left out, or False, where no table is drawn from a mixture"
        check.fail("refine", wanted, config.refine, 'Only fits of tables with `prior` "mixture" have draws to refine.')
    plan = kind.plan(whole, config, [str(whole.columns[index].name) for index in indices], all_rows)
    if plan is not None:
        data, labels, indices = split(plan.reduce(whole), condition)
        config = _of_encoded(config, plan, data)
    known = {"seed": asked.seed, "rate": rate, "plan": plan}
    if prior == "mixture":
        under_way = _of_mixture(data, kind, config, known, told, all_rows, whole)
    else:
        under_way = _of_networks(data, kind, config, known, told, asked, labels, indices, all_rows)
    under_way.whole, under_way.identifiers, under_way.run.identifiers = whole, identifiers, identifiers
    return under_way


def _of_networks(
    data: Data,
    kind: Kind,
    config: Config,
    known: dict[str, Any],
    told: list[str],
    asked: Asked,
    labels: Frame | None,
    indices: list[int],
    all_rows: AllRows | None,
) -> UnderWay:
    """A fit whose rows are made by a network."""
    with memory_named(*FITTING), torch_threads(config.threads or Settings.threads):
        encoder = kind.fit_encoder(data, config, all_rows)
        conditions = None
        if labels is not None:
            rng = np.random.default_rng(stream_seed(asked.seed, "conditions"))
            conditions = Conditions.fit(labels, indices, rng, shared_by(config, data.rows))
    if all_rows is not None:  # rows with rare values were for the encoders
        data = data.first(all_rows.random)
        labels = None if labels is None else labels.first(all_rows.random)
    width = encoder.width + (conditions.width if conditions else 0)
    settings, messages = resolve(config, kind, DataShape(data.rows, width, encoder.grid))
    check_processes(settings)
    epochs = asked.epochs or epochs_for(settings, data.rows)
    settings = with_epochs(settings, data.rows, epochs)
    with memory_named(*FITTING), torch_threads(settings.threads):
        run = Run(
            data,
            kind,
            encoder,
            settings,
            asked.seed,
            epochs,
            asked.trace,
            [*told, *messages],
            known["rate"],
            conditions,
            labels,
            plan=known["plan"],
            stop_after=asked.stop_after,
        )
    make = partial(FittedGan, settings=settings, encoder=encoder, conditions=conditions, **known)
    return UnderWay(make, run, data, labels if not indices else None)


def check_processes(settings: Settings) -> None:
    """Raise a ValueError if a batch has fewer packs than there are processes, which each take at least one."""
    least = settings.pack * here().world
    if settings.batch_size < least:
        wanted = f"at least {least} with {here().world} processes" + (
            f" and a `pack` of {settings.pack}" if settings.pack > 1 else ""
        )
        check.fail("batch_size", wanted, settings.batch_size, "Start fewer processes, or raise it.")


def _of_encoded(config: Config, plan: Plan, data: Data) -> Config:
    """The config without scalings of columns that are not encoded."""
    if not isinstance(config.scaling, Mapping):
        return config
    names = {str(column.name) for column in data.columns}
    numbers = {str(like.name) for like in plan.likes if like.numeric}
    scaling = {name: scaling for name, scaling in config.scaling.items() if name in names or name not in numbers}
    return replace(config, scaling=scaling or None)


def _prior(kind: Kind, data: Data, config: Config, networks: bool) -> PriorName:
    """The latent prior: the user's, or what the kind chooses. networks: whether an argument of `fit` asks for them."""
    asks = networks or bool(network_settings(config))
    if config.prior is None:
        return "normal" if asks else kind.prior(data, config)
    if config.prior == "mixture" and kind.prior_encoder is None:
        check.fail("prior", f'"normal" for kind "{kind.name}"', config.prior)
    if config.prior == "mixture" and networks:
        wanted = '"normal" next to `epochs`, `trace`, `stop_after` or `condition`, which are about networks'
        check.fail("prior", wanted, config.prior, "`given` takes any column of a fit without them.")
    return config.prior


def _of_mixture(
    data: Data,
    kind: Kind,
    config: Config,
    known: dict[str, Any],
    told: list[str],
    all_rows: AllRows | None,
    whole: Data,
) -> UnderWay:
    """A fit whose rows are draws from a mixture. whole: the training data before relations were taken away."""
    assert kind.prior_encoder is not None
    k, scaling = shared_by(config, data.rows), kind.scalings(kind.network)[0]
    settings = Settings().replaced_by(replace(config, prior="mixture", scaling=scaling, k=k))
    with memory_named(*FITTING), torch_threads(settings.threads):
        more = {} if all_rows is None else {"all_rows": all_rows}
        of_columns, seed = kind.scaling(config), known["seed"]
        encoder = kind.prior_encoder.fit(data, of_columns, settings.range_margin, settings.k, seed, **more)
        run = PriorRun(data, encoder, settings, seed, known["plan"], refine=config.refine, messages=list(told))
        if all_rows is not None:
            run.data, run.described = data.first(all_rows.random), all_rows.described(whole)

    def make(**parts: Any) -> FittedGan:
        refined = getattr(parts["prior"], "refinement", None) is not None
        return FittedGan(settings=replace(settings, refine=refined), encoder=encoder, **known, **parts)

    return UnderWay(make, run, data)


def _checked_config(config: Config | None) -> Config:
    """The config with a device that is present: "auto" is a GPU that torch calls "cuda", or else the processor."""
    if config is None:
        return Config()
    if not isinstance(config, Config):
        check.fail("config", "a Config", config, "Write config=Config(...).", TypeError)
    if config.device == "auto":
        return replace(config, device=resolved_device())
    check_device(config.device or Settings.device)
    return config
