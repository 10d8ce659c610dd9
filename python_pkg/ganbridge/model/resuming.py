"""A fit that goes on with its training: to the end of its plan, or beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .. import check
from ..config import Settings
from ..data import Data, Frame
from ..encode import split
from ..kinds import KINDS, accept
from ..prior.table import TablePrior
from ..ranks import fingerprint, together
from ..recipes import with_epochs
from ..training.callbacks import Callback
from ..training.checkpoint import Checkpoint
from ..training.continuation import begin_again, restore
from ..training.devices import check_device
from ..training.memory import memory_named
from ..training.prior_fit import PriorRun
from ..training.records import EpochRecord
from ..training.run import Run
from ..training.threads import torch_threads
from ..version import __version__
from .fingerprint import check_same, own_moments
from .under_way import FITTING, UnderWay

if TYPE_CHECKING:
    from ..encode.ranks import RankEncoder
    from ..encode.wave_scores import WaveScores
    from .fitted import FittedGan


TOLD_WHILE_FITTED = ("`minutes`", "`log`", "`checkpoint`")  # messages that are not of the data


def resumed(
    gan: FittedGan,
    data: Data,
    condition: Any,
    epochs: int | None,
    stop_after: int | None,
    log: str | None,
    callbacks: Sequence[Callback],
    checkpoint: Checkpoint | None,
) -> FittedGan:
    """The fit after more training; see `FittedGan.resume`. condition: labels of the rows, if the fit had any."""
    log = None if log is None else check.writable("log", log)
    planned = None if gan.prior is not None else gan.planned_epochs
    epochs = _epochs(gan, planned, epochs)
    stop_after = _stop_after(gan, planned, stop_after)
    if epochs is None:
        return gan
    check_device(gan.settings.device)
    with together(gan.settings.device) as ranks:
        if ranks.world > 1:
            given = {"epochs": epochs, "stop_after": stop_after, "fit": fingerprint(gan.to_bytes().hex())}
            ranks.same({"the version of ganbridge": __version__, "data": fingerprint(*data.parts), **given})
        whole, beside = _rows(gan, data, condition)
        random = None if data.survey is None else data.survey.random  # others have been added for what is rare
        if gan.prior is not None:
            under_way = _prior_under_way(gan, whole, random)
        else:
            under_way = _under_way(gan, whole, beside, epochs, random, stop_after)
        under_way.run.moments = own_moments(gan)
        return under_way.train(log, callbacks, checkpoint)


def _epochs(gan: FittedGan, planned: int | None, epochs: int | None) -> int | None:
    """Epochs at whose end the fit is to be; None if it has come to the end of its plan. Of a mixture it is 0."""
    if planned is None:
        if epochs is not None:
            check.fail("epochs", "left out for a fit without networks, which has none", epochs)
        return 0 if gan.unfinished else None
    if gan.stopped == "diverged":
        raise ValueError(
            "`fit` must be one that can go on, not one whose training diverged. Fit again with lower rates."
        )
    if epochs is not None:
        epochs = check.whole("epochs", epochs)
        low = planned if gan.training is not None else max(planned, gan.epochs + 1)
        low = low + 1 if gan.stopped == "budget" and low == gan.epochs else low
        if epochs < low:
            remedy = "They count from the beginning of the fit."
            check.fail("epochs", f"at least {low} for a fit of {gan.epochs} of {planned} epochs", epochs, remedy)
        return epochs
    if gan.training is not None:
        return None if gan.stopped == "budget" else planned
    if gan.stopped != "budget":
        raise ValueError(
            "`fit` must hold the state of its training, which fits of ganbridge 0.1.0 do not. Set `epochs`, to train it"
            " further from its networks alone."
        )
    return None


def _stop_after(gan: FittedGan, planned: int | None, stop_after: int | None) -> int | None:
    if stop_after is None:
        return None
    if planned is None:
        check.fail("stop_after", "left out for a fit without networks, which has no epochs", stop_after)
    return check.whole("stop_after", stop_after, gan.epochs + 1)


def _rows(gan: FittedGan, data: Data, condition: Any) -> tuple[Data, Frame | None]:
    """The data without identifiers, and labels of its rows, once they are known to be those of the fit."""
    survey, (_, data) = data.survey, accept(data, gan.kind)
    if gan.identifiers is not None:
        data = gan.identifiers.without(data)
    if gan.labelled != (condition is not None):
        wanted = "the labels of the rows, as in the fit" if gan.labelled else "left out, as the fit has no labels"
        check.fail("condition", wanted, condition)
    beside = None
    if gan.labelled:
        _, beside, _ = split(data, condition)
    check_same(gan, data, beside, None if survey is None else survey.rows)
    return data, beside


def _under_way(
    gan: FittedGan, whole: Data, beside: Frame | None, epochs: int, random: int | None, stop_after: int | None
) -> UnderWay:
    """The fit's training, at the place at which it ended. random: so many rows are for training, if not all."""
    data, labels = whole if gan.plan is None else gan.plan.reduce(whole), beside
    if gan.conditions is not None and not gan.labelled:
        data, labels, _ = split(data, list(gan.conditions.names))
    if random is not None:
        data, labels = data.first(random), None if labels is None else labels.first(random)
    settings = gan.settings
    if epochs != gan.planned_epochs:
        settings = with_epochs(settings, data.rows, epochs)
    with memory_named(*FITTING), torch_threads(settings.threads):
        run = _run(gan, data, labels, settings, epochs)
    run.stop_after = stop_after
    make = partial(replace, gan, settings=settings, identifiers=None, version=__version__)
    return UnderWay(partial(make, **_no_leftovers(gan)), run, whole, beside, gan.identifiers)


def _run(gan: FittedGan, data: Data, labels: Frame | None, settings: Settings, epochs: int) -> Run:
    traced = gan.trace_epochs
    trace = gan.training.plain["trace"] if gan.training is not None else None
    if trace is None and traced is not None and len(traced):
        trace = int(traced[0])
    run = Run(
        data,
        KINDS[gan.kind],
        gan.encoder,
        settings,
        gan.seed,
        epochs,
        trace,
        [],
        gan.rate,
        gan.conditions,
        labels,
        plan=gan.plan,
        identifiers=gan.identifiers,
    )
    if gan.training is not None:
        gan.training.check(gan.specs, gan.settings)
        restore(run, gan.training)
        run.saved = gan.training
        return run
    run.messages[:] = gan.messages
    run.records = _records(gan)
    if run.recorder is not None and traced is not None and gan.trace_encoded is not None:
        run.recorder.epochs, run.recorder.encoded = traced.tolist(), list(gan.trace_encoded[:, None])
    networks = {"generator": gan.generator, "discriminator": gan.discriminator}
    begin_again(run, networks, gan.kept["member"], gan.kept["trained"], gan.seed)
    return run


def _records(gan: FittedGan) -> list[EpochRecord]:
    """The history of a finished fit, of the member that it kept."""
    columns = gan.history_columns
    none = np.full(gan.epochs, np.nan)
    losses = [columns.get(name, none)[:, None] for name in ("generator_loss", "discriminator_loss")]
    scores = columns.get("score", none)
    return [
        EpochRecord(
            i + 1,
            int(columns["step"][i]),
            float("nan"),
            losses[0][i],
            losses[1][i],
            None if np.isnan(scores[i]) else scores[i : i + 1],
        )
        for i in range(gan.epochs)
    ]


def _no_leftovers(gan: FittedGan) -> dict[str, Any]:
    """Fields that training may leave open, as they are before it."""
    return {"training": None, "fingerprint": None, "calibration": None, "prior": None}


def _prior_under_way(gan: FittedGan, whole: Data, random: int | None) -> UnderWay:
    """A mixture has no state to go on from: it is fitted once more, with the same seed, to the same bits."""
    data = whole if gan.plan is None else gan.plan.reduce(whole)
    data = data if random is None else data.first(random)
    kept = [message for message in gan.messages if not message.startswith(TOLD_WHILE_FITTED)]
    encoder = cast("RankEncoder | WaveScores", gan.encoder)
    run = PriorRun(data, encoder, gan.settings, gan.seed, gan.plan, messages=kept, identifiers=gan.identifiers)
    trial = gan.prior.trial if isinstance(gan.prior, TablePrior) else None
    # What came of a network on the draws tells what was asked: one that was kept is kept again.
    run.refine = False if trial is None else True if trial.outcome == "kept" else None
    make = partial(replace, gan, identifiers=None, version=__version__)
    return UnderWay(partial(make, **_no_leftovers(gan)), run, whole, None, gan.identifiers)
