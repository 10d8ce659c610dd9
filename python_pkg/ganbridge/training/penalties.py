"""Penalties on the discriminator's input gradient g(x) = dD(x)/dx: R1, R2 and that of WGAN-GP.

In a conditional GAN g is the gradient in the data and not in the condition, which is why the condition's part of g is
cut off or 0 before it comes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ..ranks import Share


@dataclass(frozen=True)
class Penalties:
    """Weights of the penalties at one step.

    r1: gamma / 2 * mean ||g(x_real)||^2 (Mescheder et al. 2018, equation 9); r2: the same on generated rows
    (equation 10); interpolated: lambda * mean (||g(x)|| - 1)^2 between real and generated rows (Gulrajani et al.
    2017, equation 3).
    """

    r1: float = 0.0
    r2: float = 0.0
    interpolated: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.r1 or self.r2 or self.interpolated)

    @property
    def parts(self) -> int:
        """How many batches of rows pass the discriminator: real, generated, and interpolated ones if penalised."""
        return 3 if self.interpolated else 2

    def value(self, g: Tensor, rows: int) -> Tensor:
        """The penalty, shape (members,), of input gradients (members, parts * rows, width)."""
        square = g.square().sum(-1).view(-1, self.parts, rows).mean(-1)
        total: Tensor = 0.5 * (self.r1 * square[:, 0] + self.r2 * square[:, 1])
        if self.interpolated:
            norm = g[:, 2 * rows :].norm(dim=-1)
            total = total + self.interpolated * (norm - 1.0).square().mean(-1)
        return total

    def gradient(self, g: Tensor, rows: int) -> Tensor:
        """Derivative of `value` with respect to the input gradients, same shape."""
        out = torch.empty_like(g)
        torch.mul(g[:, :rows], self.r1 / rows, out=out[:, :rows])
        torch.mul(g[:, rows : 2 * rows], self.r2 / rows, out=out[:, rows : 2 * rows])
        if self.interpolated:
            between = g[:, 2 * rows :]
            norm = between.norm(dim=-1, keepdim=True).clamp_min(1e-12)
            out[:, 2 * rows :] = between * (2.0 * self.interpolated / rows * (1.0 - 1.0 / norm))
        return out


class Penalty(NamedTuple):
    """The penalty of one step, not computed before it is asked for.

    g: input gradients (members, parts * rows, width). rows: packs of each part.
    """

    weights: Penalties
    g: Tensor
    rows: int

    def value(self) -> Tensor:
        """Shape (members,)."""
        return self.weights.value(self.g, self.rows)

    def gradient(self) -> Tensor:
        """Derivative with respect to g."""
        return self.weights.gradient(self.g, self.rows)


def interpolate(x_real: Tensor, x_fake: Tensor, pack: int, rng: torch.Generator, part: Share | None = None) -> Tensor:
    """Rows between real and generated ones, each pack at its own uniformly drawn point (Gulrajani et al. 2017).

    part: which packs of a batch these are, if this process has some of them only.
    """
    members, rows, _ = x_real.shape
    part = part or Share(rows // pack, 0, rows // pack)
    point = torch.rand((members, part.count, 1), generator=rng, dtype=torch.float32)[:, part.slice]
    return torch.lerp(x_real, x_fake, point.to(x_real.device).repeat_interleave(pack, 1))
