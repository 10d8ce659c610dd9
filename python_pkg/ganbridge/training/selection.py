"""Which moment of a fit is kept, with `keep = "best"`.

The score is the sliced Wasserstein distance between generated and real rows, both standardized; 0 is perfect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ..ranks import here
from .batches import beside_condition
from .distances import directions, sliced_wasserstein
from .streams import stream, stream_seed
from .trainer import Trainer

CHECKPOINTS = 40  # moments at which scores may be taken, evenly over all steps
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
    """Scores a fit from epoch to epoch; knows what to keep at its end, whatever ended it.

    x: encoded rows with their conditions (rows, width + condition).
    """

    message = ""  # what the user should be told about the rows that the score uses

    def __init__(self, trainer: Trainer, x: np.ndarray, seed: int) -> None:
        self.trainer = trainer
        self.config = trainer.config
        self.x = x
        self.seed = seed
        self.members = list(range(trainer.config.members))  # those still in training, along the member axis
        self.best: Kept | None = None
        self.history: list[np.ndarray] = []  # scores (members,), NaN for what is not finite
        self.spacing = max(1, self.config.steps // CHECKPOINTS)
        self.next_checkpoint = self.spacing
        self.reference = self._subset(x)
        self.along = directions(x.shape[1], DIRECTIONS).astype(np.float32)
        rows = max(1000, min(MOST_ROWS, 4 * len(x)))
        self.z, _ = trainer.draw_latent(rows, stream(seed, "selection"))

    def _subset(self, x: np.ndarray) -> np.ndarray:
        """Real rows that generated ones are compared with."""
        rng = np.random.default_rng(stream_seed(self.seed, "selection"))
        return x if len(x) <= MOST_ROWS else x[rng.choice(len(x), MOST_ROWS, replace=False)]

    def after_epoch(self, epoch: int) -> np.ndarray | None:
        """Scores (members,) if they are due."""
        if self.config.keep != "best" or self.trainer.step < self.next_checkpoint:
            return None
        self.next_checkpoint = self.trainer.step + self.spacing
        return self.score(epoch)

    def score(self, epoch: int) -> np.ndarray:
        """Scores (members,) of the generators as they are now; the best one so far is copied."""
        self.trainer.align()
        scores = here().of_first(self._scores)
        self.history.append(scores)
        if np.isfinite(scores).any():
            index = int(np.nanargmin(scores))
            if self.best is None or scores[index] < self.best.score:
                self.best = self.copy(index, epoch, float(scores[index]))
        return scores

    def _scores(self) -> np.ndarray:
        x_fake = self.trainer.generate(self.z).cpu()
        z = self.z.expand(len(x_fake), -1, -1)
        generated = beside_condition(x_fake, z, self.trainer.condition_width).numpy()
        scores = np.full(len(generated), np.nan)
        for index, rows in enumerate(generated):
            if self.trainer.healthy[index] and np.isfinite(rows).all():
                scores[index] = sliced_wasserstein(rows, self.reference, self.along)
        return scores

    def copy(self, index: int, epoch: int, score: float) -> Kept:
        """The networks at an index of the member axis, as they are now."""
        trainer = self.trainer
        generator = trainer.generator.state(index, trainer.averaged)
        return Kept(self.members[index], epoch, trainer.step, score, generator, trainer.discriminator.state(index))

    def keep(self, epoch: int) -> Kept:
        """What is kept, at the end of a fit."""
        if self.config.keep == "best":
            self.score(epoch)
        return self.best or self.copy(0, epoch, float("nan"))

    def so_far(self, epoch: int) -> Kept:
        """What would be kept without another score: that of a fit that is still under way."""
        return self.best or self.copy(int(self.trainer.healthy.argmax()), epoch, float("nan"))

    def go_on(self, members: list[int], scores: list[np.ndarray], best: Kept | None, next_checkpoint: int) -> None:
        """Continue a selection that had come so far. scores: of all epochs that had any."""
        self.best, self.next_checkpoint = best, next_checkpoint
        self.history = [each for each in scores if len(each) == len(members)]

    def of_kept(self, values: np.ndarray, member: int = 0) -> np.ndarray:
        """The part of the GAN that is kept, a member, of values of an epoch, which carry the member axis first."""
        return np.asarray(values[member if len(values) > 1 else 0])

    def still_improving(self) -> bool:
        """Whether the last quarter of the scores is clearly below the quarter before, and still far from perfect.

        Falling learning rates let scores fall a little at the end of any fit; and no score can be told from perfect
        that is as small as the distance of two samples of real rows.
        """
        finite = [scores[np.isfinite(scores)] for scores in self.history]
        alone = [scores[0] for scores in finite if len(scores) == 1]
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
