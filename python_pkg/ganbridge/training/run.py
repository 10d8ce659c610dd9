"""A run: epochs of training, what watches them, and the result."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from torch import Tensor

from .. import check
from ..config import Settings
from ..data import Data, Frame
from ..encode import Conditions, Encoder
from ..encode.conditions import blurred
from ..encode.identifiers import Identifiers
from ..encode.relations import Plan
from ..kinds import Kind
from ..networks import Spec
from ..ranks import here
from .calibration import calibration_map
from .calibration import rows_for as calibration_rows
from .callbacks import Callback, State, TraceRecorder, any_stops, out_of_time
from .continuation import captured
from .diagnosis import MOST_ROWS as COMPARED
from .diagnosis import diagnose
from .generated import GeneratedRows, with_identifiers_made_up
from .health import Health
from .moments import moments
from .pace import Pace
from .population import make_selection
from .records import EpochRecord
from .selection import Kept
from .state import TrainingState
from .streams import stream, stream_seed
from .trainer import Trainer

SECONDS_BETWEEN_STATES = 1.0  # that are kept in memory
WITHOUT_DIAGNOSIS = ("interrupted", "stop_after")  # which is for what a user keeps
DISTINCT_NUMBERS = 2**23  # with more numbers in all rows, some rows tell whether rows are distinct


class TimeIsUp(Exception):
    """The `minutes` of a fit are over."""


@dataclass
class Trained:
    """The result of a run: all that a fit holds and that training computed.

    generator, discriminator: parameters by layer. trained: generator updates that were made, of which `step` stand
    behind the networks that are kept, of member `member` after epoch `epoch`. calibration: (2, width, k), or None.
    seconds: since the start, at the end of each epoch. trace_epochs (k,), trace_encoded (k, rows, width),
    trace_conditions: if a trace was asked for. training: of a fit that can go on.
    """

    specs: tuple[Spec, Spec]
    generator: dict[str, Tensor]
    discriminator: dict[str, Tensor]
    epochs: int
    kept: dict[str, Any]
    stopped: str
    messages: list[str]
    history_columns: dict[str, np.ndarray]
    moment_columns: dict[str, np.ndarray]
    seconds: np.ndarray
    calibration: np.ndarray | None = None
    trace_epochs: np.ndarray | None = None
    trace_encoded: np.ndarray | None = None
    trace_conditions: Frame | None = None
    diagnosis: list[str] = field(default_factory=list)
    training: TrainingState | None = None

    def by_name(self) -> dict[str, Any]:
        """The fields by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass
class Run:
    """A fit while it is trained.

    stop_after: epochs after which it stops, and keeps the state from which it goes on, also at the end of its plan.
    watch: called between rounds. saved: the state at most about a second ago, for an interrupt within a round.
    """

    data: Data
    kind: Kind
    encoder: Encoder
    config: Settings
    seed: int
    epochs: int
    trace: int | None
    messages: list[str]
    rate: float | None = None
    conditions: Conditions | None = None
    condition_rows: Frame | None = None
    callbacks: list[Callback] = field(default_factory=list)
    stopped: str = "budget"
    plan: Plan | None = None
    identifiers: Identifiers | None = None
    stop_after: int | None = None
    watch: Callable[[], None] | None = None
    saved: TrainingState | None = None
    kept: Kept | None = None

    def __post_init__(self) -> None:
        rng = np.random.default_rng(stream_seed(self.seed, "encoding"))
        with np.errstate(over="ignore"):
            self.x = self.encoder.encode(self.data, rng)
        if not np.isfinite(self.x).all():  # beyond float32, which networks compute with
            remedy = "Numbers beyond 1e38 in size need one."
            check.fail("scaling", '"auto", "standard" or "range" for this data', self.config.scaling, remedy)
        joined, width, repeats = self.x, 0, None
        if self.conditions is not None and self.condition_rows is not None:
            given = self.conditions.encoder.encode(self.condition_rows, rng)
            joined, width = np.concatenate([self.x, given], 1), self.conditions.width
            repeats = self.conditions.repeats(self.condition_rows)
        self.trainer = Trainer(joined, self.config, self.seed, width, repeats, self.encoder.grid)
        self.selection = make_selection(self.trainer, joined, self.seed)
        self.health = Health(self.trainer, self.selection.z)
        if self.selection.message:
            self.messages.append(self.selection.message)
        self.recorder: TraceRecorder | None = None
        if self.trace is not None:
            rows = min(self.kind.traced, self.data.rows)
            self.recorder = TraceRecorder(self.trainer, self.trace, rows, self.seed)
        self.records: list[EpochRecord] = []
        self.start = time.perf_counter()
        self.pace = Pace(SECONDS_BETWEEN_STATES)

    @cached_property
    def moments(self) -> dict[str, np.ndarray]:
        """Of the user's columns, conditions among them."""
        return moments(self.whole, self.config.k, self.kind.has_columns)

    @property
    def whole(self) -> Data:
        """The user's data, conditions among it, without identifiers."""
        return self._whole(self.data, self.condition_rows)

    def _whole(self, data: Data, conditions: Frame | None) -> Data:
        """Rows with their conditions and with what is computed from both."""
        if self.conditions is not None and conditions is not None:
            data = self.conditions.merged(data, conditions)
        return data if self.plan is None else self.plan.restore(data)

    @property
    def epoch(self) -> int:
        """Epochs that are done."""
        return len(self.records)

    def train(self) -> None:
        """Epoch after epoch, until all steps are run or something else ends it."""
        try:
            self.saved = captured(self)
            while self.epoch < self.epochs:
                self.trainer.train_epoch(self._between_rounds)
                if not self._end_epoch():
                    return
            if self.stop_after is not None:
                self.saved = captured(self)
        except KeyboardInterrupt:
            if self.trainer.step == 0:
                raise
            self._break_off("interrupted")
        except TimeIsUp:
            self.saved = captured(self)
            self.messages.append(out_of_time(f"in epoch {min(self.epoch + 1, self.epochs)} of {self.epochs}"))
            self._break_off("minutes")

    def _between_rounds(self) -> None:
        """See to what is due by time; several processes do so after epochs only, as each has a part of the rows."""
        if self.trainer.ranks.world == 1:
            self._look_at_time()

    def _look_at_time(self) -> None:
        if self.pace.due():
            self.saved = captured(self)
            self.pace.done()
        if self.watch is not None:
            self.watch()
        if self.config.minutes and time.perf_counter() - self.start > 60.0 * self.config.minutes:
            raise TimeIsUp

    def _break_off(self, stopped: str) -> None:
        """End it within an epoch, whose steps so far count as one."""
        self.stopped = stopped
        losses = self._record() if self.trainer.losses.of_both else ()
        if self.records and not self.health.check(*losses):
            self.health.restore()

    def _record(self) -> tuple[np.ndarray, np.ndarray]:
        losses = self.trainer.take_losses()
        seconds = time.perf_counter() - self.start
        self.records.append(EpochRecord(self.epoch + 1, self.trainer.step, seconds, *losses))
        return losses

    def _end_epoch(self) -> bool:
        """Note losses and scores of the epoch; whether to go on."""
        losses = self._record()
        if not self.health.check(*losses):
            self.stopped = "diverged"
            self.health.restore()
            return False
        means = [float(np.mean(loss[self.trainer.healthy])) for loss in losses]
        record = self.records[-1]
        record.scores = self.selection.after_epoch(record.epoch)
        self.health.remember()
        state = State(record.epoch, self.epochs, record.step, means[0], means[1], record.seconds, self._sample_now)
        go_on = here().of_first(lambda: self._call(state))
        if self.trainer.ranks.world > 1 and go_on and record.epoch < self.epochs:
            here().of_first(self._look_at_time)
        return go_on

    def _call(self, state: State) -> bool:
        if self.recorder is not None:
            self.recorder(state)
        stops = any_stops(self.callbacks, state)
        if not (stops or state.epoch == self.stop_after) or state.epoch == self.epochs:
            return True
        self.stopped = "callback" if stops else "stop_after"
        self.saved = captured(self)
        return False

    def _sample_now(self, n: int) -> Data:
        n = check.rows("n", n)
        z, indices = self.trainer.draw_latent(n, stream(self.seed, "trace"))
        rng = np.random.default_rng(stream_seed(self.seed, "trace"))
        first = int(self.trainer.healthy.argmax())
        data = self.encoder.decode(self.trainer.generate(z)[first].cpu().numpy(), rng)
        rows = None if self.condition_rows is None else self.condition_rows.take(indices)
        whole = self._whole(data, rows)
        return with_identifiers_made_up(whole, self.identifiers, self.seed)

    def keep(self) -> Kept:
        """What is kept of the networks; of several processes, all must ask for it first."""
        if self.kept is None:
            self.kept = self.selection.keep(self.epoch)
        return self.kept

    @property
    def threads(self) -> int:
        """CPU threads to run with."""
        return self.config.threads

    def result(self) -> dict[str, Any]:
        """What training computed, by name, for the fit."""
        kept = self.keep()
        trained = self._result(kept)
        if self.stopped not in WITHOUT_DIAGNOSIS:
            trained.diagnosis = self._diagnosis(trained)
        if self.stopped not in ("budget", "diverged") or self.stop_after is not None:
            trained.training = self.saved
        return trained.by_name()

    def so_far(self) -> dict[str, Any]:
        """What training has computed between two rounds, without a diagnosis; nothing changes by it."""
        trained = self._result(self.selection.so_far(self.epoch))
        trained.stopped, trained.training = "checkpoint", captured(self)
        return trained.by_name()

    def broken_off(self) -> dict[str, Any]:
        """What it has computed when an interrupt came after the training."""
        trained = self._result(self.selection.so_far(self.epoch))
        trained.stopped, trained.training = "interrupted", self.saved
        return trained.by_name()

    def _result(self, kept: Kept) -> Trained:
        trained = Trained(
            specs=(self.trainer.generator.spec, self.trainer.discriminator.spec),
            generator=kept.generator,
            discriminator=kept.discriminator,
            epochs=self.epoch,
            kept={"member": kept.member, "epoch": kept.epoch, "step": kept.step, "trained": self.trainer.step},
            stopped=self.stopped,
            messages=list(self.messages),
            history_columns=self._history(kept.member),
            moment_columns=self.moments,
            seconds=np.array([record.seconds for record in self.records], dtype=np.float64),
        )
        if self.recorder is not None:
            trained.trace_epochs, trained.trace_encoded = self.recorder.take(
                lambda values: self.selection.of_kept(values, kept.member)
            )
            if self.condition_rows is not None:
                trained.trace_conditions = self._traced_conditions(self.recorder.indices)
        if self.config.calibration and self.kind.calibrated:
            z, _ = self.trainer.draw_latent(calibration_rows(self.encoder.width), stream(self.seed, "calibration"))
            trained.calibration = calibration_map(trained.specs[0], kept.generator, self.encoder, z)
        return trained

    def _traced_conditions(self, indices: np.ndarray) -> Frame:
        """The conditions of traced rows as the fit keeps them."""
        assert self.conditions is not None
        assert self.condition_rows is not None
        rng = np.random.default_rng(stream_seed(self.seed, "trace"))
        rows, n = self.condition_rows.take(indices), self.condition_rows.rows
        return blurred(rows, self.conditions.encoder, self.config.k, n, rng)

    def _diagnosis(self, trained: Trained) -> list[str]:
        subset = self.x[:: math.ceil(self.x.size / DISTINCT_NUMBERS)]
        distinct = np.unique(subset, axis=0)
        rows = GeneratedRows(
            trained.specs[0],
            trained.generator,
            self.encoder,
            self.conditions,
            trained.calibration,
            self.config.latent_dim,
        )
        generated = rows.without_offsets(COMPARED, self.seed)
        generated, real = (self.kind.view(rows, self.x, self.encoder.grid) for rows in (generated, self.x))
        return diagnose(
            generated,
            real,
            self.whole,
            self.kind,
            diverged=self.stopped == "diverged",
            still_improving=self.stopped == "budget" and self.selection.still_improving(),
            copies_matter=len(distinct) > 0.9 * len(subset),
            k=self.config.k,
            loss=self._last_loss(trained.kept["member"]),
            steps=trained.kept["trained"] if self.stopped == "budget" else None,
        )

    def _last_loss(self, member: int) -> float:
        """The largest loss of the kept member's last epoch, by size."""
        losses = [loss for record in self.records[-1:] for loss in (record.generator_loss, record.discriminator_loss)]
        sizes = [abs(float(self.selection.of_kept(loss, member))) for loss in losses]
        return max((size for size in sizes if math.isfinite(size)), default=0.0)

    def _history(self, member: int) -> dict[str, np.ndarray]:
        def kept(values: np.ndarray) -> np.ndarray:
            return self.selection.of_kept(values, member)

        none = np.full(1, np.nan)  # of an epoch without a score
        columns: dict[str, tuple[type, list[Any]]] = {
            "epoch": (np.int64, [record.epoch for record in self.records]),
            "step": (np.int64, [record.step for record in self.records]),
            "generator_loss": (np.float64, [kept(record.generator_loss) for record in self.records]),
            "discriminator_loss": (np.float64, [kept(record.discriminator_loss) for record in self.records]),
            "score": (np.float64, [kept(none if record.scores is None else record.scores) for record in self.records]),
        }
        return {name: np.array(values, dtype=dtype) for name, (dtype, values) in columns.items()}
