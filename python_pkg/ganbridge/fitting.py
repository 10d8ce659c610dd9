"""Encode, train, select: from data to a `FittedGan`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from . import check
from .callbacks import Callback, Log, State, TraceRecorder, progress_callback
from .check import SEED_LIMIT
from .config import KINDS, TRACE_ROWS, Config, DataShape, choose_scaling, epochs_for, resolve, with_epochs
from .encode import ENCODERS, Data, Encoder, checked, from_python
from .encode.column import normal_scores
from .fitted import FittedGan
from .selection import Kept, Selection
from .trainer import Trainer, own_threads, stream, stream_seed

CALIBRATION_ROWS = 20_000
CALIBRATION_LEVELS = 400


def fit(
    data: Any,
    *,
    kind: str = "auto",
    epochs: int | None = None,
    seed: int | None = None,
    trace: int | None = None,
    log: str | None = None,
    progress: Any = "auto",
    callbacks: Sequence[Callback] = (),
    config: Config | None = None,
) -> FittedGan:
    """Train a GAN on a user's data.

    Args:
        data: a DataFrame of numeric columns, or an array of n rows by p columns; for kind "wave" an array of n waves
            by m points. At least two rows; no missing and no infinite values.
        kind: "table" or "wave"; "auto" means table.
        epochs: passes over the rows, run in full; None leaves the number to `config.steps`.
        seed: a whole number from 0 to 2^31 - 1. The same data, config and seed give the same fit, in R too. None
            draws one; it is kept in the fit.
        trace: keep samples every so many epochs.
        log: path of a text file that gets a line every so often.
        progress: True, False, or "auto": a progress line where a terminal shows it.
        callbacks: functions called once an epoch with the `State` so far; one that returns False stops the fit.
        config: a `Config`; what it leaves open is chosen from the data.

    Returns:
        A `FittedGan`. Ctrl-C during training returns the fit as it stands, with `stopped == "interrupted"`.

    Raises:
        ValueError, TypeError, OSError: for an argument that can't be used, before any training.
    """
    return fit_data(
        from_python(data),
        kind=kind,
        epochs=epochs,
        seed=seed,
        trace=trace,
        log=log,
        callbacks=[*progress_callback(_checked_progress(progress)), *check.callables("callbacks", callbacks)],
        config=config,
    )


def _checked_progress(progress: Any) -> Any:
    if not (progress in ("auto", None) or isinstance(progress, bool)):
        check.fail("progress", 'True, False or "auto"', progress)
    return "auto" if progress is None else progress


def fit_data(
    data: Data,
    *,
    kind: str,
    epochs: int | None,
    seed: int | None,
    trace: int | None,
    log: str | None,
    callbacks: Sequence[Callback],
    config: Config | None,
) -> FittedGan:
    """As `fit`, for data that has left its library behind."""
    check.choice("kind", kind, KINDS)
    kind = "table" if kind == "auto" else kind
    epochs = None if epochs is None else check.whole("epochs", epochs)
    trace = None if trace is None else check.whole("trace", trace)
    seed = secrets.randbelow(SEED_LIMIT) if seed is None else check.seed(seed)
    log = None if log is None else check.writable("log", log)
    if config is not None and not isinstance(config, Config):
        check.fail("config", "a Config", config, "Write config=Config(...).", TypeError)
    config = Config() if config is None else config
    _check_device(config)
    data = checked(data)
    encoder = ENCODERS[kind].fit(data, choose_scaling(config, kind), config.range_margin or 0.0)
    config, messages = resolve(config, DataShape(kind, data.rows, encoder.width))
    if epochs is None:
        epochs = epochs_for(config, data.rows)
    config = with_epochs(config, data.rows, epochs)
    run = Run(data, encoder, config, seed, epochs, trace, messages)
    if log is not None:
        run.callbacks.append(Log(log, epochs))
    run.callbacks.extend(callbacks)
    with own_threads(config.threads):
        run.train()
        return run.fitted()


def _check_device(config: Config) -> None:
    device = config.device or "cpu"
    name = device.split(":")[0]
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there[name]:
        check.fail("device", "a device that this machine has", device, 'Use "cpu".')


@dataclass
class Run:
    """One fit under way."""

    data: Data
    encoder: Encoder
    config: Config
    seed: int
    epochs: int
    trace: int | None
    messages: list[str]
    callbacks: list[Callback] = field(default_factory=list)
    stopped: str = "budget"
    epoch: int = 0

    def __post_init__(self) -> None:
        rng = np.random.default_rng(stream_seed(self.seed, "encoding"))
        x = self.encoder.encode(self.data, rng)
        self.trainer = Trainer(x, self.config, self.seed)
        self.selection = Selection(self.trainer, x, self.seed)
        self.recorder: TraceRecorder | None = None
        if self.trace is not None:
            rows = min(TRACE_ROWS[self.encoder.kind], self.data.rows)
            self.recorder = TraceRecorder(self.trainer, self.trace, rows, self.seed)
        self.records: list[tuple[int, int, np.ndarray, np.ndarray, float, np.ndarray | None]] = []
        self.healthy = np.ones(self.config.members, dtype=bool)
        self.good: tuple[torch.Tensor, torch.Tensor] | None = None
        self.start = time.perf_counter()

    def train(self) -> None:
        """Epoch after epoch, until the budget is spent or something else ends it."""
        try:
            for _ in range(self.epochs):
                self.trainer.train_epoch()
                if not self._end_epoch():
                    return
        except KeyboardInterrupt:
            if self.trainer.step == 0:
                raise
            self.stopped = "interrupted"
            if self.trainer.logits and self.trainer.generator_logits:
                self._record()

    def _record(self) -> None:
        self.epoch += 1
        generator_loss, discriminator_loss = self.trainer.take_losses()
        seconds = time.perf_counter() - self.start
        self.records.append((self.epoch, self.trainer.step, generator_loss, discriminator_loss, seconds, None))

    def _end_epoch(self) -> bool:
        """Note what the epoch brought; whether to go on."""
        self._record()
        epoch, step, generator_loss, discriminator_loss, seconds, _ = self.records[-1]
        self.healthy &= np.isfinite(generator_loss) & np.isfinite(discriminator_loss)
        if not self.healthy.any():
            self.stopped = "diverged"
            self._restore()
            return False
        self._remember()
        scores = self.selection.after_epoch(epoch, self.healthy)
        self.records[-1] = (*self.records[-1][:-1], scores)
        if self.recorder is not None or self.callbacks:
            state = State(
                epoch,
                self.epochs,
                step,
                float(generator_loss[self.healthy].mean()),
                float(discriminator_loss[self.healthy].mean()),
                seconds,
                self._sample_now,
            )
            if self.recorder is not None:
                self.recorder(state)
            answers = [callback(state) for callback in self.callbacks]
            if any(answer is False for answer in answers) and epoch < self.epochs:
                self.stopped = "callback"
                return False
        return True

    def _remember(self) -> None:
        state = self.trainer.averaged, self.trainer.discriminator.parameters
        if self.good is None:
            self.good = (state[0].clone(), state[1].clone())
        else:
            for copy, current in zip(self.good, state, strict=True):
                copy.copy_(current)

    def _restore(self) -> None:
        if self.good is None:
            raise FloatingPointError(
                "the losses were not finite in the first epoch already. Lower `generator_lr` and `discriminator_lr`,"
                " or leave them to the default."
            )
        self.trainer.averaged.copy_(self.good[0])
        self.trainer.discriminator.parameters.copy_(self.good[1])
        self.healthy[:] = True

    def _sample_now(self, n: int) -> Any:
        n = check.rows("n", n)
        z = torch.randn((n, self.config.latent_dim), generator=stream(self.seed, "trace"), dtype=torch.float32)
        rng = np.random.default_rng(stream_seed(self.seed, "trace"))
        return self.encoder.decode(self.trainer.generate(z)[0].cpu().numpy(), rng).to_python()

    def fitted(self) -> FittedGan:
        """What came of it."""
        kept = self.selection.keep(self.epoch, self.healthy)
        gan = FittedGan(
            config=self.config,
            encoder=self.encoder,
            specs=(self.trainer.generator.spec, self.trainer.discriminator.spec),
            generator=kept.generator,
            discriminator=kept.discriminator,
            seed=self.seed,
            epochs=self.epoch,
            kept={"member": kept.member, "epoch": kept.epoch, "step": kept.step, "trained": self.trainer.step},
            stopped=self.stopped,
            messages=self.messages,
            history_columns=self._history(kept),
            moment_columns=_moments(self.data),
        )
        if self.recorder is not None:
            gan.trace_epochs, gan.trace_encoded = self.recorder.of_member(kept.member)
        if self.config.calibration and self.encoder.normal_margins:
            gan.calibration = calibration(self.trainer, kept, self.seed)
        return gan

    def _history(self, kept: Kept) -> dict[str, np.ndarray]:
        member = kept.member
        scores = [np.nan if record[5] is None else record[5][member] for record in self.records]
        return {
            "epoch": np.array([record[0] for record in self.records], dtype=np.int64),
            "step": np.array([record[1] for record in self.records], dtype=np.int64),
            "generator_loss": np.array([record[2][member] for record in self.records], dtype=np.float64),
            "discriminator_loss": np.array([record[3][member] for record in self.records], dtype=np.float64),
            "seconds": np.array([record[4] for record in self.records], dtype=np.float64),
            "score": np.array(scores, dtype=np.float64),
        }


def _moments(data: Data) -> dict[str, np.ndarray]:
    columns = [column.values for column in data.columns]
    moments: dict[str, Callable[[np.ndarray], float]] = {
        "mean": np.mean,
        "sd": lambda values: float(np.std(values, ddof=1)),
        "min": np.min,
        "max": np.max,
    }
    return {
        name: np.array([moment(values) for values in columns], dtype=np.float64) for name, moment in moments.items()
    }


def calibration(trainer: Trainer, kept: Kept, seed: int) -> np.ndarray:
    """Quantiles (2, width, levels) of what the kept generator makes, and the normal scores they should have."""
    network = type(trainer.generator)(trainer.generator.spec, 1, "cpu")
    network.load(kept.generator)
    shape = (1, CALIBRATION_ROWS, trainer.config.latent_dim)
    with torch.no_grad():
        z = torch.randn(shape, generator=stream(seed, "calibration"), dtype=torch.float32)
        generated = network.forward(z)[0].numpy().astype(np.float64)
    # Levels lie closer towards the ends, where a normal score changes fastest.
    levels = np.sin((np.arange(CALIBRATION_LEVELS) + 0.5) / CALIBRATION_LEVELS * np.pi / 2.0) ** 2
    found = np.quantile(generated, levels, axis=0).T
    scores = np.broadcast_to(normal_scores(levels), found.shape)
    return np.stack([found, scores])
