"""A fit under way: its run, what watches it, and the fit that comes of it, at its end or before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..data import Data, Frame
from ..encode.identifiers import Identifiers
from ..kinds import KINDS
from ..ranks import ProcessLostError, Ranks, as_current, here
from ..training.callbacks import Callback, Log
from ..training.checkpoint import Checkpoint
from ..training.lost import ROWS, lost_links
from ..training.lost_link import LEAST_ROWS
from ..training.memory import memory_named
from ..training.prior_fit import PriorRun
from ..training.run import WITHOUT_DIAGNOSIS, Run
from ..training.streams import stream_seed
from ..training.threads import torch_threads
from .fingerprint import fingerprint

if TYPE_CHECKING:
    from .fitted import FittedGan

FITTING = ("this fit", "Choose smaller networks or a smaller `batch_size`, or fit fewer rows or columns.")


@dataclass
class UnderWay:
    """A fit while it is trained.

    make: the fit from what its run has computed, by name. whole: the training data without identifiers. beside: labels
    of its rows.
    """

    make: Callable[..., FittedGan]
    run: Run | PriorRun
    whole: Data
    beside: Frame | None = None
    identifiers: Identifiers | None = None

    def train(self, log: str | None, callbacks: Sequence[Callback], checkpoint: Checkpoint | None) -> FittedGan:
        """The fit at the end of its training, also of one that was interrupted."""
        run = self.run
        ranks = here()
        if not ranks.first:
            log, callbacks, checkpoint = None, (), None
        if checkpoint is not None:
            checkpoint.start(run.epoch)
            run.watch = lambda: checkpoint.look(run.epoch, self._bytes_so_far)
        with memory_named(*FITTING), torch_threads(run.threads), self._logged(log):
            run.callbacks.extend(callbacks)
            try:
                run.train()
                if ranks.world > 1:
                    run.keep()
            except (ProcessLostError, SystemExit):
                self._save_what_there_is(checkpoint)
                raise
        return ranks.of_first(lambda: self._saved(checkpoint))

    def _save_what_there_is(self, checkpoint: Checkpoint | None) -> None:
        """Another process was lost, or this one was told to end: keep the last state that all of them were in."""
        if checkpoint is not None and isinstance(self.run, Run) and self.run.saved is not None:
            with as_current(Ranks()):
                checkpoint.write(self._fit(self.make(**self.run.broken_off())).to_bytes())

    def _saved(self, checkpoint: Checkpoint | None) -> FittedGan:
        gan = self._finished()
        if checkpoint is not None:
            checkpoint.write(gan.to_bytes())
            gan.messages.extend([checkpoint.problem] if checkpoint.problem else [])
        return gan

    def _finished(self) -> FittedGan:
        try:
            with memory_named(*FITTING), torch_threads(self.run.threads):
                parts = self.run.result()
            return self._fit(_linked(self.make(**parts), self.whole))
        except KeyboardInterrupt:  # training is over, and nothing of it is lost; only the diagnosis is left out
            with torch_threads(self.run.threads):
                return self._fit(self.make(**self.run.broken_off()))

    def _bytes_so_far(self) -> bytes:
        return self._fit(self.make(**self.run.so_far())).to_bytes()

    def _fit(self, gan: FittedGan) -> FittedGan:
        """The fit with its identifiers, and if it can go on, with the fingerprint of its data."""
        if gan.unfinished:
            gan.fingerprint = fingerprint(self.whole, self.beside, gan.seed)
        return gan.with_identifiers(self.identifiers)

    @contextmanager
    def _logged(self, log: str | None) -> Iterator[None]:
        """While it is trained, the log is the first of its callbacks; what went wrong with it is told at the end."""
        if log is None:
            yield
            return
        writer = Log(log, self.run.epochs)
        self.run.callbacks.append(writer)
        yield
        if writer.problem:
            self.run.messages.append(writer.problem)


def _linked(gan: FittedGan, data: Data) -> FittedGan:
    """The fit, with findings on links between columns that its rows have lost, unless it has failed altogether.

    data: the training data, conditions among them.
    """
    failed = any(finding.startswith(("collapse", "divergence", "unfinished: after")) for finding in gan.diagnosis)
    failed = failed or gan.stopped in WITHOUT_DIAGNOSIS
    if KINDS[gan.kind].has_columns and data.rows >= LEAST_ROWS and not failed:
        generated, _ = gan.sample_data(ROWS, gan.seed)
        gan.diagnosis.extend(lost_links(generated, data, stream_seed(gan.seed, "selection"), gan.prior is None))
    return gan
