"""A population: several GANs side by side (`members` above 1), of which one is kept. The rest of the core has one GAN.

With `keep = "best"` a fit has two parts. In the first the members train without a fifth of the rows, and those held-out
rows tell which member is best; the others are dropped. In the second that member goes on with all rows, so that no row
is lost to the model, and the best of its moments is kept. With `keep = "last"` all members train to the end, and the
best of them is kept as it is then.

All tensors and arrays of training carry a member axis, which has length 1 for one GAN and once one member is left.
"""

from __future__ import annotations

from copy import copy

import numpy as np
import torch
from torch import Tensor

from ..config import HELD_OUT_ROWS, HELD_OUT_SHARE, POPULATION_SHARE, ROLES
from ..networks import Network, build
from .optimizers import Adam, RMSprop
from .selection import Kept, Selection
from .streams import stream_seed
from .trainer import Trainer

SCORES_COMPARED = 5  # a member is chosen by the mean of its last scores, because a single one is noisy


def make_selection(trainer: Trainer, x: np.ndarray, seed: int) -> Selection:
    """What decides what is kept of a fit."""
    return Selection(trainer, x, seed) if trainer.config.members == 1 else Population(trainer, x, seed)


class Population(Selection):
    """As `Selection`, over several members."""

    def __init__(self, trainer: Trainer, x: np.ndarray, seed: int) -> None:
        super().__init__(trainer, x, seed)
        self.held_out = self._hold_out()
        if len(self.held_out):
            self.reference = self._subset(x[self.held_out])

    def _hold_out(self) -> np.ndarray:
        """Indices of the rows that the members do not see in the first part; none if there are few rows."""
        rows = len(self.x)
        none = np.zeros(0, dtype=np.int64)
        if self.config.keep != "best":
            return none
        order = np.random.default_rng(stream_seed(self.seed, "selection")).permutation(rows)
        held_out = round(HELD_OUT_SHARE * rows)
        if rows < HELD_OUT_ROWS or rows - held_out < self.config.batch_size:
            self.message = f"The data has {rows} rows: the members are compared on the rows they train on."
            return none
        self.trainer.start(np.sort(order[held_out:]))
        return np.sort(order[:held_out])

    def after_epoch(self, epoch: int) -> np.ndarray | None:
        """See `Selection`; half way through, the best member is chosen."""
        scores = super().after_epoch(epoch)
        half_way = self.trainer.schedule.progress(self.trainer.step) >= POPULATION_SHARE
        if scores is not None and len(self.members) > 1 and half_way and np.isfinite(scores).any():
            self._choose_member()
        return scores

    def _choose_member(self) -> None:
        """The end of the first part."""
        means = np.mean(self.history[-SCORES_COMPARED:], axis=0)  # NaN if one of them is missing
        scores = means if np.isfinite(means).any() else self.history[-1]
        self.go_on_with(int(np.nanargmin(scores)))

    def go_on(self, members: list[int], scores: list[np.ndarray], best: Kept | None, next_checkpoint: int) -> None:
        """See `Selection`."""
        if len(members) < len(self.members):
            self.go_on_with(members[0])
        super().go_on(members, scores, best, next_checkpoint)

    def go_on_with(self, index: int) -> None:
        """Drop all other members, and train this one on all rows from now on."""
        trainer = self.trainer
        self.members = [self.members[index]]
        averaged = part_of(trainer.generator, index, trainer.averaged)
        for role in ROLES:
            network, optimizer = getattr(trainer, role), getattr(trainer, f"{role}_optimizer")
            alone = build(network.spec, 1, trainer.config.device)
            alone.parameters.copy_(part_of(network, index, network.parameters))
            setattr(trainer, role, alone)
            setattr(trainer, f"{role}_optimizer", optimizer_of(optimizer, network, index, alone))
        trainer.averaged = averaged if trainer.config.ema else trainer.generator.parameters
        trainer.healthy = trainer.healthy[[index]]
        trainer.start(np.arange(trainer.rows))
        # Scores against held-out rows and against all rows do not compare.
        self.best, self.history = None, []
        self.reference = self._subset(self.x)

    def keep(self, epoch: int) -> Kept:
        """See `Selection`."""
        if self.config.keep == "last":  # the only score is that at the end
            self.score(epoch)
        return super().keep(epoch)


@torch.no_grad()
def part_of(network: Network, index: int, buffer: Tensor) -> Tensor:
    """One member's part of a flat buffer of the parameters' length, as the flat buffer of a network of its own."""
    alone = build(network.spec, 1, str(network.device))
    for name, view in network.views(buffer).items():
        alone.named[name][0].copy_(view[index])
    return alone.parameters


def optimizer_of(optimizer: Adam | RMSprop, network: Network, index: int, alone: Network) -> Adam | RMSprop:
    """One member's optimizer, which goes on with its moments over the buffers of `alone`."""
    new = copy(optimizer)
    new.parameters, new.gradient = alone.parameters, alone.gradient
    for name in optimizer.moments:
        setattr(new, name, part_of(network, index, getattr(optimizer, name)))
    return new
