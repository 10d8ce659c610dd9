"""What changes over a fit: learning rates and the weights of gradient penalties."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..config import Role, Settings
from .penalties import Penalties


@dataclass(frozen=True)
class Schedule:
    """The settings that depend on how many generator updates have been made.

    config: resolved.
    """

    config: Settings

    def progress(self, step: int) -> float:
        """Share of all steps that have been run."""
        return min(1.0, step / int(self.config.steps))

    def lr(self, role: Role, step: int) -> float:
        """Learning rate of the generator or the discriminator."""
        rate = self.config.generator_lr if role == "generator" else self.config.discriminator_lr
        return rate * self.lr_factor(step)

    def lr_factor(self, step: int) -> float:
        """Factor on both learning rates."""
        if self.config.lr_schedule == "linear":
            return 1.0 - self.progress(step)
        if self.config.lr_schedule == "cosine":
            return 0.5 * (1.0 + math.cos(math.pi * self.progress(step)))
        return 1.0

    def penalties(self, step: int) -> Penalties:
        """Weights of the gradient penalties; a pair moves geometrically from its first to its last."""
        weights = []
        for value in (self.config.r1, self.config.r2):
            if isinstance(value, tuple):
                first, last = value
                value = first * (last / first) ** self.progress(step)
            weights.append(value)
        return Penalties(weights[0], weights[1], self.config.gradient_penalty)
