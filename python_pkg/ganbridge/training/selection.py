"""Which member, at which moment, is kept, with `keep = "best"`.

The score is the sliced Wasserstein distance between generated and real rows, both standardized; 0 is perfect. The fit
has two parts. In the first the members train without a fifth of the rows, and those held-out rows tell which member is
best; the others are dropped. In the second that member goes on with all rows, so that no row is lost to the model, and
the best of its moments is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ..config import HELD_OUT_ROWS, HELD_OUT_SHARE, POPULATION_SHARE
from .distances import directions, sliced_wasserstein
from .gradients import beside_condition
from .trainer import Trainer, stream, stream_seed

CHECKPOINTS = 40  # moments at which scores may be taken, evenly over the budget
JUDGED_BY = 5  # a member is judged by the mean of its last scores, because a single one is noisy
MOST_ROWS = 4000  # rows on either side of a score
DIRECTIONS = 64


@dataclass
class Kept:
    """A generator with its discriminator, copied out of training."""

    member: int
    epoch: int
    step: int
    score: float
    generator: dict[str, Tensor]
    discriminator: dict[str, Tensor]


class Selection:
    """Watches a fit from epoch to epoch; knows what to keep at its end, whatever ended it."""

    def __init__(self, trainer: Trainer, x: np.ndarray, seed: int) -> None:
        self.trainer = trainer
        self.config = trainer.config
        self.x = x
        self.seed = seed
        self.best: Kept | None = None
        self.history: list[dict[int, float]] = []  # scores by member, of the part that is under way
        self.spacing = max(1, self.config.steps // CHECKPOINTS)
        self.next_checkpoint = self.spacing
        self.message = ""  # what the user should be told about the rows that the score uses
        self.held_out = self._hold_out()
        self.reference = self._some(x[self.held_out] if len(self.held_out) else x)
        self.along = directions(x.shape[1], DIRECTIONS).astype(np.float32)
        rows = max(1000, min(MOST_ROWS, 4 * len(x)))
        self.z, _ = trainer.some_latent(rows, stream(seed, "selection"))

    def _hold_out(self) -> np.ndarray:
        """Numbers of the rows that the members do not see in the first part; none where there are few rows."""
        rows = len(self.x)
        none = np.zeros(0, dtype=np.int64)
        if self.config.keep != "best" or self.config.members == 1:
            return none
        order = np.random.default_rng(stream_seed(self.seed, "selection")).permutation(rows)
        held_out = round(HELD_OUT_SHARE * rows)
        if rows < HELD_OUT_ROWS or rows - held_out < self.config.batch_size:
            self.message = f"The data has {rows} rows: the members are compared on the rows they train on."
            return none
        self.trainer.use_rows(np.sort(order[held_out:]))
        return np.sort(order[:held_out])

    def _some(self, x: np.ndarray) -> np.ndarray:
        rng = np.random.default_rng(stream_seed(self.seed, "selection"))
        return x if len(x) <= MOST_ROWS else x[rng.choice(len(x), MOST_ROWS, replace=False)]

    def after_epoch(self, epoch: int, healthy: np.ndarray) -> dict[int, float]:
        """Scores by member where they are due, else none. healthy: whether each member's losses are finite."""
        if self.config.keep != "best" or self.trainer.step < self.next_checkpoint:
            return {}
        self.next_checkpoint = self.trainer.step + self.spacing
        scores = self._score(epoch, healthy)
        if len(self.trainer.alive) > 1 and self.trainer.progress() >= POPULATION_SHARE and scores:
            self._choose_member(scores)
        return scores

    def _score(self, epoch: int, healthy: np.ndarray) -> dict[int, float]:
        z = self.z.expand(len(self.trainer.alive), -1, -1)
        generated = beside_condition(self.trainer.generate(self.z).cpu(), z, self.trainer.condition).numpy()
        scores = {
            member: sliced_wasserstein(rows, self.reference, self.along)
            for member, rows in zip(self.trainer.alive, generated, strict=True)
            if healthy[member] and np.isfinite(rows).all()
        }
        self.history.append(scores)
        if scores:
            member = min(scores, key=scores.__getitem__)
            if self.best is None or scores[member] < self.best.score:
                self.best = self._copy(member, epoch, scores[member])
        return scores

    def _choose_member(self, scores: dict[int, float]) -> None:
        """The end of the first part."""
        last = self.history[-JUDGED_BY:]
        means = {
            member: np.mean([entry[member] for entry in last]) for member in scores if all(member in e for e in last)
        }
        self.trainer.go_on_with(min(means or scores, key=(means or scores).__getitem__))
        # Scores against held-out rows and against all rows do not compare.
        self.best, self.history = None, []
        self.reference = self._some(self.x)

    def _copy(self, member: int, epoch: int, score: float) -> Kept:
        trainer = self.trainer
        index = trainer.alive.index(member)
        generator = trainer.generator.member(index, trainer.averaged)
        return Kept(member, epoch, trainer.step, score, generator, trainer.discriminator.member(index))

    def keep(self, epoch: int, healthy: np.ndarray) -> Kept:
        """What is kept, at the end of a fit."""
        if len(self.trainer.alive) > 1 or self.config.keep == "best":
            if self.config.keep == "last":
                self.best = None
            self._score(epoch, healthy)
            if self.best is not None:
                return self.best
        return self._copy(self.trainer.alive[0], epoch, float("nan"))

    def still_improving(self) -> bool:
        """Whether the last quarter of the scores is clearly below the quarter before, and still far from perfect.

        Falling learning rates let scores fall a little at the end of any fit; and no score can be told from perfect
        that is as small as the distance of two samples of real rows.
        """
        alone = [next(iter(scores.values())) for scores in self.history if len(scores) == 1]
        quarter = len(alone) // 4
        if quarter < 2 or not np.ptp(self.reference):  # constant data leave nothing to learn
            return False
        last, before = np.mean(alone[-quarter:]), np.mean(alone[-2 * quarter : -quarter])
        return bool(last < 0.8 * before and last > 3.0 * self._distance_by_chance())

    def _distance_by_chance(self) -> float:
        """About the score of a perfect generator: half the distance between two halves of the rows."""
        order = np.random.default_rng(stream_seed(self.seed, "selection")).permutation(len(self.reference))
        halves = self.reference[order[::2]], self.reference[order[1::2]]
        return 0.5 * sliced_wasserstein(halves[0], halves[1], self.along)
