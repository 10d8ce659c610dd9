"""Backward passes: autograd.py for any network, which is the reference; dense.py for gated dense networks, faster."""

from __future__ import annotations

import torch

from ...networks import Dense, Network
from .autograd import AutogradBackward
from .base import Backward
from .dense import OUTPUT_BACKWARD, DenseBackward


def make_backward(
    generator: Network,
    discriminator: Network,
    pack: int,
    condition_width: int,
    rng: torch.Generator,
    rows: int,
    paired: bool,
) -> Backward:
    """The hand-derived passes if they apply, autograd otherwise."""
    if (
        isinstance(generator, Dense)
        and isinstance(discriminator, Dense)
        and generator.spec.piecewise_linear
        and discriminator.spec.piecewise_linear
        and generator.spec.output_activation in {"linear", *OUTPUT_BACKWARD}
        and discriminator.spec.output_activation == "linear"
        and not (generator.spec.residual and generator.spec.output_activation != "linear")
        and not (generator.spec.slope <= 0 or discriminator.spec.slope <= 0)
    ):
        return DenseBackward(generator, discriminator, pack, condition_width, rng, rows, paired)
    return AutogradBackward(generator, discriminator, pack, condition_width, rng)


__all__ = ["AutogradBackward", "Backward", "DenseBackward", "make_backward"]
