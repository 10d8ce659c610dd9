"""What happens once an epoch beside training: the state that a user's functions see, progress, a log, a trace."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from .. import check
from ..data import Data
from .streams import stream
from .trainer import Trainer

Callback = Callable[["State"], Any]
SECONDS_BETWEEN_UPDATES = 0.2
SECONDS_BETWEEN_LINES = 10.0
WIDTH = 79  # of a progress line, which is written over
CHOICE_SHARE = 0.4  # of the time of a table's fit, about: the choice of its mixture, before the discriminator's trees
LOG_LINES = 20  # a log gets about so many lines, whatever the number of epochs


@dataclass
class State:
    """A fit after one of its epochs. Losses are means over the epoch (and over the members).

    A fit without networks has an epoch for each tree of its discriminator, whose loss is that of held-out rows; the
    generator's loss is NaN.
    """

    epoch: int
    epochs: int
    step: int
    generator_loss: float
    discriminator_loss: float
    seconds: float
    sample_data: Callable[[int], Data]

    def sample(self, n: int) -> Any:
        """n rows of the first healthy member as it stands, in the type that went in."""
        return self.sample_data(n).to_python()

    @property
    def of_trees(self) -> bool:
        """Whether an epoch is a tree of the discriminator, as there is no generator that is trained."""
        return math.isnan(self.generator_loss)

    @property
    def share(self) -> float:
        """Share of the fit that is done; what is left may take less, if held-out rows ask for fewer trees."""
        share = self.epoch / self.epochs
        return CHOICE_SHARE + (1.0 - CHOICE_SHARE) * share if self.of_trees else share


@dataclass
class Choice:
    """A table's fit before its discriminator: mixtures that were tried on held-out rows, of about so many; or steps of
    a network on the draws of the one that was chosen. unit: what is counted."""

    tried: int
    most: int
    seconds: float
    unit: str = "mixture"

    @property
    def share(self) -> float:
        """Share of the fit that is done, more than 0."""
        done = max(0.5, self.tried) / self.most if self.unit == "mixture" else 1.0
        return CHOICE_SHARE * done


def any_stops(callbacks: Sequence[Callback], state: State) -> bool:
    """Call all of them; whether the answer of any of them, False, ends the fit."""
    answers = [callback(state) for callback in callbacks]
    return any(isinstance(answer, (bool, np.bool_)) and not answer for answer in answers)


def out_of_time(where: str) -> str:
    """What a user is told about a fit that `minutes` has stopped."""
    return (
        f"`minutes` stopped the training {where}. Such a fit is not reproducible: with the same seed, a machine that is"
        " faster or less busy stops elsewhere."
    )


class Throttled:
    """Call a function at most a few times a second, and at the last epoch. Unlike users' callbacks, it also sees a
    table's fit before its first epoch."""

    def __init__(self, show: Callable[[State | Choice], Any]) -> None:
        self.show, self.last = show, -1.0

    def __call__(self, state: State | Choice) -> None:
        """Show the state, unless one was shown a moment ago."""
        now = time.monotonic()
        last = isinstance(state, State) and state.epoch == state.epochs
        if now - self.last >= SECONDS_BETWEEN_UPDATES or last:
            self.last = now
            self.show(state)


class ProgressLine:
    """One line that is written over: `epoch 120/400 [######--------] generator 0.71 discriminator 1.36 4 s left`.

    A table's fit has `mixture 3/30`, and then `tree 12/400`, in one bar.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stderr
        self.open = False

    def __call__(self, state: State | Choice) -> None:
        """Draw the line."""
        left = state.seconds / state.share * (1.0 - state.share)
        bar = "#" * round(20 * state.share)
        if isinstance(state, Choice):
            step, losses, most = f"{state.unit} {state.tried}/{state.most}", "", "about "
        elif state.of_trees:
            step, losses = f"tree {state.epoch}/{state.epochs}", f"held-out loss {state.discriminator_loss:.3f}, "
            most = "at most "
        else:
            step, most = f"epoch {state.epoch}/{state.epochs}", ""
            losses = f"generator {state.generator_loss:.3f} discriminator {state.discriminator_loss:.3f}, "
        self.draw(f"{step} [{bar:-<20}] {losses}{most}{left:.0f} s left")

    def of_reading(self, rows: int, most: int) -> None:
        """Draw the line of rows that are read."""
        self.draw(f"read {rows:,} of {most:,} rows [{'#' * round(20 * rows / most):-<20}]")

    def of_rows(self, rows: int, most: int, left: float) -> None:
        """Draw the line of rows that are written, so many seconds before the end."""
        self.draw(f"row {rows:,} of {most:,} [{'#' * round(20 * rows / most):-<20}] {left:.0f} s left")

    def draw(self, words: str) -> None:
        """Write over the line."""
        self.out.write(f"\r{words}".ljust(WIDTH))
        self.open = True
        self.out.flush()

    def end(self) -> None:
        """Leave the line, however the fit ended."""
        if self.open:
            self.out.write("\n")
            self.out.flush()
        self.open = False


class ProgressLines(ProgressLine):
    """Where no line can be written over, as in a notebook or a log: a new one every ten seconds.

    asked: whether the user has asked for it, and gets a first and a last line, too, of a fit of any length.
    """

    def __init__(self, out: TextIO | None = None, asked: bool = True) -> None:
        super().__init__(out)
        self.shown, self.words = asked, ""
        self.due = time.monotonic() + (0.0 if asked else SECONDS_BETWEEN_LINES)

    def draw(self, words: str) -> None:
        """Write the line if it is due."""
        self.words = words
        if time.monotonic() >= self.due:
            self._write()
            self.due, self.shown = time.monotonic() + SECONDS_BETWEEN_LINES, True

    def _write(self) -> None:
        self.out.write(f"{self.words}\n")
        self.out.flush()
        self.words = ""

    def end(self) -> None:
        """Write the last line, if there were others."""
        if self.shown and self.words:
            self._write()


@contextmanager
def shown(progress: Any) -> Iterator[ProgressLine | None]:
    """The progress line of a fit, if it has one; it is left at the end."""
    line = progress_line(checked_progress(progress))
    try:
        yield line
    finally:
        if line is not None:
            line.end()


def watched_by(line: ProgressLine | None, callbacks: Sequence[Callback]) -> Sequence[Callback]:
    """The callbacks of a fit, with its progress line."""
    return callbacks if line is None else [Throttled(line), *callbacks]


def checked_progress(progress: Any) -> Any:
    """What a user may ask for as progress."""
    if not (progress is None or isinstance(progress, bool) or (isinstance(progress, str) and progress == "auto")):
        check.fail("progress", 'True, False or "auto"', progress)
    return "auto" if progress is None else progress


def progress_line(progress: Any) -> ProgressLine | None:
    """The line that `progress` asks for: "auto" shows one on a terminal, and lines in a notebook or a console."""
    if sys.stderr is None:
        return None
    terminal = sys.stderr.isatty()
    if progress is not True and not (progress == "auto" and (terminal or hasattr(sys, "ps1"))):
        return None
    return ProgressLine() if terminal else ProgressLines(asked=progress is True)


class Log:
    """Append a line to a file every so often, and at the last epoch.

    A file that can no longer be written ends the log and not the training; `problem` then says so.
    """

    def __init__(self, path: str, epochs: int) -> None:
        self.path, self.every = path, max(1, epochs // LOG_LINES)
        self.problem = ""

    def __call__(self, state: State) -> None:
        """Write the line if it is due."""
        if self.problem or (state.epoch % self.every and state.epoch not in (1, state.epochs)):
            return
        of_generator = "" if state.of_trees else f" step {state.step} generator_loss {state.generator_loss:.6g}"
        line = (
            f"{'tree' if state.of_trees else 'epoch'} {state.epoch}/{state.epochs}{of_generator}"
            f" discriminator_loss {state.discriminator_loss:.6g} seconds {state.seconds:.1f}\n"
        )
        try:
            with Path(self.path).open("a", encoding="utf-8") as out:
                out.write(line)
        except OSError as error:  # a full disk, a deleted folder: hours of training are worth more than a log
            self.problem = (
                f"`log` could not be written from epoch {state.epoch} on ({error.strerror or error});"
                " the training went on without it."
            )


class TraceRecorder:
    """Keep generated rows of every so many epochs, always from the same latent vectors, so that one sees them move."""

    def __init__(self, trainer: Trainer, every: int, rows: int, seed: int) -> None:
        self.trainer, self.every = trainer, every
        self.z, self.indices = trainer.draw_latent(rows, stream(seed, "trace"))
        self.epochs: list[int] = []
        self.encoded: list[np.ndarray] = []  # (members, rows, width)

    def __call__(self, state: State) -> None:
        """Keep rows if they are due."""
        if state.epoch % self.every == 0:
            self.epochs.append(state.epoch)
            self.encoded.append(self.trainer.generate(self.z).cpu().numpy())

    def take(self, of_kept: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Epoch numbers (k,) and encoded rows (k, rows, width) of the GAN that is kept."""
        if not self.epochs:
            return np.zeros(0, dtype=np.int64), np.zeros((0, len(self.z), self.trainer.width), dtype=np.float32)
        return np.array(self.epochs, dtype=np.int64), np.stack([of_kept(rows) for rows in self.encoded])
