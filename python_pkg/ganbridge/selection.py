"""Which member, at which moment, is kept.

The score is the sliced Wasserstein distance between generated and training rows, both standardized; 0 is perfect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .judging.fidelity import directions, sliced_wasserstein
from .trainer import Trainer, stream

CHECKPOINTS = 20  # moments at which `keep = "best"` scores the members, over the second half of the budget
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
        self.best: Kept | None = None
        self.scores = np.full(trainer.config.members, np.nan)
        self.checkpoint_every = max(1, trainer.config.steps // (2 * CHECKPOINTS))
        self.next_checkpoint = trainer.config.steps // 2
        rng = np.random.default_rng(seed)
        self.x = x if len(x) <= MOST_ROWS else x[rng.choice(len(x), MOST_ROWS, replace=False)]
        self.along = directions(trainer.width, DIRECTIONS).astype(np.float32)
        rows = max(1000, min(MOST_ROWS, 4 * len(x)))
        shape = (rows, trainer.config.latent_dim)
        self.z = torch.randn(shape, generator=stream(seed, "selection"), dtype=torch.float32)

    def after_epoch(self, epoch: int, healthy: np.ndarray) -> np.ndarray | None:
        """Score the members where a score is due; returns the scores (members,), or None where none was due.

        healthy: members whose losses are finite.
        """
        if self.trainer.config.keep != "best" or self.trainer.step < self.next_checkpoint:
            return None
        self.next_checkpoint = self.trainer.step + self.checkpoint_every
        return self._score(epoch, healthy)

    def _score(self, epoch: int, healthy: np.ndarray) -> np.ndarray:
        generated = self.trainer.generate(self.z).cpu().numpy()
        self.scores = np.full(len(generated), np.nan)
        for member in np.flatnonzero(healthy & np.isfinite(generated).all((1, 2))).tolist():
            self.scores[member] = sliced_wasserstein(generated[member], self.x, self.along)
        if np.isfinite(self.scores).any():
            member = int(np.nanargmin(self.scores))
            if self.best is None or self.scores[member] < self.best.score:
                self.best = self._copy(member, epoch, float(self.scores[member]))
        return self.scores

    def _copy(self, member: int, epoch: int, score: float) -> Kept:
        trainer = self.trainer
        generator = trainer.generator.member(member, trainer.averaged)
        return Kept(member, epoch, trainer.step, score, generator, trainer.discriminator.member(member))

    def keep(self, epoch: int, healthy: np.ndarray) -> Kept:
        """What is kept, at the end of a fit."""
        if self.trainer.config.members > 1 or self.trainer.config.keep == "best":
            if self.trainer.config.keep == "last":
                self.best = None
            self._score(epoch, healthy)
            if self.best is not None:
                return self.best
        return self._copy(0, epoch, float("nan"))
