"""A fit by a prior that is a mixture: no networks, only it and, for tables, the discriminator that weighs its draws."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .. import check
from ..config import Settings
from ..data import Data
from ..encode.identifiers import Identifiers
from ..encode.ranks import RankEncoder
from ..encode.relations import Plan
from ..encode.wave_scores import WaveScores
from ..prior.fit import fit_prior
from ..prior.local import LocalNormals
from ..prior.local_fit import fit_local
from ..prior.odds import MOST_TREES
from ..prior.table import TablePrior
from .callbacks import Callback, Choice, State, Throttled, any_stops, out_of_time
from .generated import with_identifiers_made_up
from .moments import moments
from .refinement import Refiner
from .streams import stream, stream_seed

NOT_KNOWN = float("nan")
MOST_ROWS = 100_000  # that a prior is fitted to, so that memory does not grow beyond the data's own


@dataclass
class PriorRun:
    """One fit under way. An epoch is one tree of the discriminator.

    watch: called after each tree. It has no state to go on from: the same seed fits the same mixture again.
    described: columns whose moments are kept, if they are not those of data. refine: whether a network moves the draws;
    None: if held-out rows ask for it.
    """

    data: Data
    encoder: RankEncoder | WaveScores
    settings: Settings
    seed: int
    plan: Plan | None = None
    described: Data | None = None
    refine: bool | None = None
    callbacks: list[Callback] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    stopped: str = "budget"
    identifiers: Identifiers | None = None
    watch: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self.prior: TablePrior | LocalNormals | None = None  # as it stands
        self.losses: list[float] = []  # of held-out rows, tree by tree
        self.seconds: list[float] = []
        self.start = time.perf_counter()

    @property
    def threads(self) -> int:
        """CPU threads to run with."""
        return self.settings.threads

    @property
    def epochs(self) -> int:
        """Trees at most."""
        return MOST_TREES

    @property
    def epoch(self) -> int:
        """Trees so far."""
        return len(self.losses)

    @cached_property
    def moments(self) -> dict[str, np.ndarray]:
        """Of the user's columns."""
        described = self.described or self.whole(self.data)
        return moments(described, self.settings.k, typed=isinstance(self.prior, TablePrior))

    def train(self) -> None:
        """Fit the prior and its discriminator. Ctrl-C ends the discriminator's part of it; before, it is raised."""
        try:
            self.prior = self._fitted()
        except KeyboardInterrupt:
            if self.prior is None:
                raise
            self.stopped = "interrupted"  # after the last tree; the prior is as it was at that
        if isinstance(self.prior, TablePrior) and self.prior.interrupted:
            self.stopped = "interrupted"

    def _fitted(self) -> TablePrior | LocalNormals:
        rng = np.random.default_rng(stream_seed(self.seed, "encoding"))
        data = self.data
        if data.rows > MOST_ROWS:  # marginals are those of all rows; for the rest so many are enough
            data = data.take(np.sort(rng.choice(data.rows, MOST_ROWS, replace=False)))
        encoded = self.encoder.encode(data, rng)
        if isinstance(self.encoder, WaveScores):
            return fit_local(encoded, self.encoder.view, stream_seed(self.seed, "weights"))
        encoder, generator = self.encoder, stream(self.seed, "weights")

        def reach(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return encoder.reach(data, rows)

        refine = None
        if self.refine is not False:
            seed = stream_seed(self.seed, "refinement")
            refine = Refiner(encoder.cells, seed, self.refine, self._while_refining)
        return fit_prior(encoded, reach, encoder.cells, generator, self._after_tree, self._while_choosing, refine)

    def _while_choosing(self, tried: int, most: int) -> None:
        """Tell those who show progress."""
        self._show(Choice(tried, most, time.perf_counter() - self.start))

    def _while_refining(self, step: int, steps: int) -> None:
        """The same, for the steps of a network on the draws."""
        self._show(Choice(step, steps, time.perf_counter() - self.start, "step"))

    def _show(self, choice: Choice) -> None:
        for callback in self.callbacks:
            if isinstance(callback, Throttled):
                callback(choice)

    def _after_tree(self, prior: TablePrior, loss: float) -> bool:
        """Note the tree, and tell those who listen; whether to go on."""
        self.prior = prior
        self.losses.append(loss)
        self.seconds.append(time.perf_counter() - self.start)
        epoch = len(self.losses)
        state = State(epoch, MOST_TREES, epoch, NOT_KNOWN, loss, self.seconds[-1], self._sampler(prior))
        if any_stops(self.callbacks, state):
            self.stopped = "callback"
            return False
        if self.watch is not None:
            self.watch()
        if self.settings.minutes and self.seconds[-1] > 60.0 * self.settings.minutes:
            self.stopped = "minutes"
            self.messages.append(out_of_time(f"after {epoch} trees"))
            return False
        return True

    def _sampler(self, prior: TablePrior) -> Callable[[int], Data]:
        def sample(n: int) -> Data:
            n = check.rows("n", n)
            ranks = np.concatenate(list(prior.sampler().rows(n, stream_seed(self.seed, "trace"))))
            rows = self.whole(self.encoder.decode(ranks, np.random.default_rng(0)))
            return with_identifiers_made_up(rows, self.identifiers, self.seed)

        return sample

    def whole(self, data: Data) -> Data:
        """Encoded columns with those that are computed from them."""
        return data if self.plan is None else self.plan.restore(data)

    @property
    def history(self) -> dict[str, np.ndarray]:
        """One entry per tree."""
        trees = np.arange(1, len(self.losses) + 1, dtype=np.int64)
        unknown = np.full(len(trees), NOT_KNOWN)
        return {
            "epoch": trees,
            "step": trees.copy(),
            "generator_loss": unknown,
            "discriminator_loss": np.array(self.losses, dtype=np.float64),
            "score": unknown.copy(),
        }

    def keep(self) -> None:
        """The prior is the same in all processes."""

    def result(self) -> dict[str, Any]:
        """What a fit holds of it, by name."""
        assert self.prior is not None
        kept = len(self.prior.trees) if isinstance(self.prior, TablePrior) else 0
        return {
            "specs": (),
            "generator": {},
            "discriminator": {},
            "prior": self.prior,
            "epochs": self.epoch,
            "kept": {"member": 0, "epoch": kept, "step": kept, "trained": self.epoch},
            "stopped": self.stopped,
            "messages": list(self.messages),
            "diagnosis": [],
            "history_columns": self.history,
            "moment_columns": self.moments,
            "seconds": np.array(self.seconds, dtype=np.float64),
        }

    def so_far(self) -> dict[str, Any]:
        """What it has computed after a tree."""
        return self.result() | {"stopped": "checkpoint"}

    def broken_off(self) -> dict[str, Any]:
        """What it has computed when an interrupt came after the fit of the prior."""
        return self.result() | {"stopped": "interrupted"}
