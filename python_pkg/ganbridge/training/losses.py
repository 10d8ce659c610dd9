"""Losses: of one step, for its backward pass; of all steps of an epoch, for the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from .objectives import Objective

STEPS_JOINED = 64


class DiscriminatorLoss(NamedTuple):
    """The discriminator's loss at these logits (members, packs), not computed before it is asked for.

    The autograd backward asks for its value, the hand-derived one for its gradients only: in a step as short as that of
    a small dense network, a value that nobody reads costs a twentieth of the time.
    """

    objective: Objective
    logit_real: Tensor
    logit_fake: Tensor
    label_noise: Tensor | None = None

    def value(self) -> Tensor:
        """Shape (members,)."""
        return self.objective.discriminator_loss(self.logit_real, self.logit_fake, self.label_noise)

    def gradients(self) -> tuple[Tensor, Tensor]:
        """Derivatives with respect to the two logits."""
        return self.objective.discriminator_gradients(self.logit_real, self.logit_fake, self.label_noise)


class GeneratorLoss(NamedTuple):
    """The generator's loss at these logits (members, packs); see `DiscriminatorLoss`."""

    objective: Objective
    logit_real: Tensor | None
    logit_fake: Tensor

    def value(self) -> Tensor:
        """Shape (members,)."""
        return self.objective.generator_loss(self.logit_real, self.logit_fake)

    def gradient(self) -> Tensor:
        """Derivative with respect to the logits of generated rows."""
        return self.objective.generator_gradient(self.logit_real, self.logit_fake)


class EpochLosses:
    """Mean losses over the steps since they were last taken, computed from the logits of those steps."""

    def __init__(self) -> None:
        self.discriminator: list[tuple[Tensor, Tensor]] = []
        self.generator: list[tuple[Tensor | None, Tensor]] = []

    def add_discriminator(self, loss: DiscriminatorLoss) -> None:
        """Keep the logits of a discriminator update."""
        self.discriminator.append((loss.logit_real.clone(), loss.logit_fake.clone()))
        _join_steps(self.discriminator)

    def add_generator(self, loss: GeneratorLoss) -> None:
        """Keep the logits of a generator update."""
        logit_real = None if loss.logit_real is None else loss.logit_real.clone()
        self.generator.append((logit_real, loss.logit_fake.clone()))
        _join_steps(self.generator)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The logits (members, rows) of all steps since they were last taken."""
        real, fake = zip(*self.discriminator, strict=True) if self.discriminator else ((), ())
        beside, generated = zip(*self.generator, strict=True) if self.generator else ((), ())
        paired = [part for part in beside if part is not None]
        parts = {"real": real, "fake": fake, "beside": paired, "generated": generated}
        return {name: _joined(part).cpu().numpy() for name, part in parts.items() if part}

    def load(self, arrays: Mapping[str, Tensor]) -> None:
        """Go on from what `to_arrays` returned."""
        self.discriminator = [(arrays["real"], arrays["fake"])] if "fake" in arrays else []
        self.generator = [(arrays.get("beside"), arrays["generated"])] if "generated" in arrays else []

    @property
    def of_both(self) -> bool:
        """Whether both networks have been updated."""
        return bool(self.discriminator and self.generator)

    @torch.no_grad()
    def take(self, objective: Objective, members: int) -> tuple[np.ndarray, np.ndarray]:
        """Mean generator and discriminator losses (members,), and a fresh start; NaN if there was no update."""
        generator_loss = discriminator_loss = np.full(members, np.nan)
        if self.discriminator:
            real, fake = (_joined(part) for part in zip(*self.discriminator, strict=True))
            discriminator_loss = objective.discriminator_loss(real, fake).cpu().numpy().astype(np.float64)
        if self.generator:
            fake = _joined([fake for _, fake in self.generator])
            kept = [real for real, _ in self.generator if real is not None]
            paired_real = _joined(kept) if kept else None
            generator_loss = objective.generator_loss(paired_real, fake).cpu().numpy().astype(np.float64)
        self.discriminator, self.generator = [], []
        return generator_loss, discriminator_loss


def _join_steps(steps: list[Any]) -> None:
    """Join the logits of many steps in place: each would pin down a piece of memory between those that come and go.

    With penalties on convolutional networks, whose pieces differ in size, memory grew by two megabytes a step.
    """
    if len(steps) > STEPS_JOINED:
        parts = zip(*steps, strict=True)
        steps[:] = [tuple(None if part[0] is None else _joined(part) for part in parts)]


def _joined(batches: Sequence[Tensor]) -> Tensor:
    """The logits (members, rows) of several steps side by side; those of one step as they are."""
    return batches[0] if len(batches) == 1 else torch.cat(list(batches), 1)
