"""Whether what is trained is still finite, and the last state in which it was."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from ..ranks import here
from .trainer import Trainer

TAME = 100.0  # with parameters below it, what a network makes of a row is finite
WILD = 1e30  # beyond it, the next product may leave float32


class Health:
    """Watches `trainer.healthy` from epoch to epoch. z: latent vectors to try generators with."""

    def __init__(self, trainer: Trainer, z: Tensor) -> None:
        self.trainer, self.z = trainer, z
        self.good: list[Tensor] = []
        self.healthy_then = trainer.healthy

    def check(self, *losses: np.ndarray) -> bool:
        """Note which members are finite, and which of their last losses (members,); whether any member is.

        The losses tell of the parameters before the last step only, so that step's outcome is looked at too: closely
        when parameters are no longer small.
        """
        trainer = self.trainer
        healthy = np.all([np.isfinite(loss) for loss in (trainer.healthy, *losses)], axis=0)
        largest = [float(part.abs().max()) for part in (trainer.averaged, trainer.discriminator.parameters)]
        if not all(size < TAME for size in largest):
            healthy &= self._tame()
        trainer.healthy = here().of_first(lambda: trainer.healthy & healthy)
        return bool(trainer.healthy.any())

    def _tame(self) -> np.ndarray:
        """Whether each member's parameters, and what it generates, are numbers to go on with (members,)."""
        trainer = self.trainer
        generated = trainer.generate(self.z)
        tame = np.ones(len(generated), dtype=bool)
        for index, rows in enumerate(generated):
            generator = trainer.generator.state(index, trainer.averaged)
            discriminator = trainer.discriminator.state(index)
            parts = [*generator.values(), *discriminator.values(), rows]
            tame[index] = all(bool((part.abs() < WILD).all()) for part in parts)
        return tame

    def remember(self) -> None:
        """Copy the state, once it is known to be good."""
        state = [self.trainer.averaged, self.trainer.discriminator.parameters]
        if [len(copy) for copy in self.good] != [len(part) for part in state]:
            self.good = [part.clone() for part in state]
        for copy, part in zip(self.good, state, strict=True):
            copy.copy_(part)
        self.healthy_then = self.trainer.healthy

    def restore(self) -> None:
        """Go back to the last good state; a FloatingPointError if there was none."""
        if not self.good:
            raise FloatingPointError(
                "the losses were not finite in the first epoch already. Lower `generator_lr` and `discriminator_lr`,"
                " and `r1`, `r2` and `gradient_penalty` where they were set, or leave them to the default."
            )
        self.trainer.averaged.copy_(self.good[0])
        self.trainer.discriminator.parameters.copy_(self.good[1])
        self.trainer.healthy = self.healthy_then
