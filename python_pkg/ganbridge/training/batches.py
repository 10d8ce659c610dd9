"""Batches: latent vectors and training rows, drawn for many steps at once. All shapes carry the member axis first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

STEPS_AT_ONCE = 64  # steps for which latent vectors and row indices are drawn at once,
NUMBERS_AT_ONCE = 2**22  # or fewer, if those would be more numbers than this
ALL = slice(None)


def steps_at_once(numbers: int) -> int:
    """Steps to draw for at once, if one step takes so many numbers."""
    return max(1, min(STEPS_AT_ONCE, NUMBERS_AT_ONCE // numbers))


@dataclass(frozen=True)
class Position:
    """Where a source of batches stands: the state of its generator before the last draw, what was left over then, and
    how many batches of that draw were taken. From it the same batches are drawn again, so that none has to be kept.
    """

    rng: Tensor
    used: int
    left: Tensor | None = None


def beside_condition(x: Tensor, z: Tensor, condition_width: int) -> Tensor:
    """Generated rows x, and the condition that z ends with (Mirza and Osindero 2014, figure 1)."""
    return torch.cat([x, z[..., -condition_width:]], -1) if condition_width else x


class Latent:
    """Latent vectors z ~ N(0, I) of shape (members, rows, latent), and the conditions of real rows behind them.

    condition_width: how many numbers at the end of a real row are its condition. part: of the rows, which this process
    takes; all are drawn, so that any number of processes trains on the same.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        condition_width: int,
        rng: torch.Generator,
        device: torch.device,
        part: slice = ALL,
    ) -> None:
        self.shape, self.condition_width, self.rng, self.device, self.part = shape, condition_width, rng, device, part
        self.steps = steps_at_once(math.prod(shape))
        self.drawn, self.used = torch.empty(0), 0
        self.before = rng.get_state()

    @property
    def position(self) -> Position:
        """See `Position`."""
        return Position(self.before, self.used)

    def seek(self, position: Position) -> None:
        """Go on from there."""
        self.rng.set_state(position.rng)
        self.before, self.drawn, self.used = position.rng, torch.empty(0), 0
        if position.used:
            self._draw()
            self.used = position.used

    def next(self, x_real: Tensor | None = None) -> Tensor:
        """The next z (members, rows, latent + condition), with the conditions of x_real (members, rows, width)."""
        if self.used == len(self.drawn):
            self._draw()
        z = self.drawn[self.used]
        self.used += 1
        return z if x_real is None else beside_condition(z, x_real, self.condition_width)

    def _draw(self) -> None:
        self.before = self.rng.get_state()
        drawn = torch.randn((self.steps, *self.shape), generator=self.rng, dtype=torch.float32)
        self.drawn, self.used = drawn[:, :, self.part].to(self.device).contiguous(), 0


class RealRows:
    """Batches of training rows: each member walks through its own endless row of permutations.

    indices: the rows of x that a permutation goes over, rare ones more than once; None takes each row once. part: of a
    batch, which this process takes.
    """

    def __init__(
        self,
        x: Tensor,
        members: int,
        batch: int,
        rng: torch.Generator,
        indices: Tensor | None = None,
        part: slice = ALL,
    ) -> None:
        self.x, self.members, self.batch, self.rng = x, members, batch, rng
        self.indices, self.part = indices, part
        rows = len(range(batch)[part])
        self.queue = torch.empty((members, 0), dtype=torch.int64)
        self.plan: list[Tensor] = []
        self.used, self.before = 0, (rng.get_state(), self.queue)
        self.out = torch.empty((members * rows, x.shape[1]), dtype=torch.float32, device=x.device)

    @property
    def count(self) -> int:
        """Indices that a permutation goes over."""
        return len(self.x if self.indices is None else self.indices)

    @property
    def position(self) -> Position:
        """See `Position`; left (members, fewer than a batch): indices of rows whose turn comes next."""
        return Position(self.before[0], self.used, self.before[1])

    def seek(self, position: Position) -> None:
        """Go on from there."""
        assert position.left is not None
        self.rng.set_state(position.rng)
        self.before, self.queue, self.plan, self.used = (position.rng, position.left), position.left, [], 0
        if position.used:
            self._refill()
            self.used = min(position.used, len(self.plan))
            del self.plan[len(self.plan) - self.used :]

    def next(self) -> Tensor:
        """The next x_real (members, rows, width); valid until the call after it."""
        if not self.plan:
            self._refill()
        self.used += 1
        torch.index_select(self.x, 0, self.plan.pop(), out=self.out)
        return self.out.view(self.members, -1, self.x.shape[1])

    def _refill(self) -> None:
        self.used, self.before = 0, (self.rng.get_state(), self.queue)
        rows = self.count
        steps = steps_at_once(self.members * self.batch)
        passes = math.ceil(max(self.batch * steps, rows) / rows)
        keys = torch.rand((self.members, passes, rows), generator=self.rng, dtype=torch.float64)
        self.queue = torch.cat([self.queue, keys.argsort(-1).flatten(1)], 1)
        steps = self.queue.shape[1] // self.batch
        taken, self.queue = self.queue[:, : steps * self.batch], self.queue[:, steps * self.batch :].clone()
        if self.indices is not None:
            taken = self.indices[taken]
        taken = taken.view(self.members, steps, self.batch)[..., self.part]
        plan = taken.transpose(0, 1).reshape(steps, -1).to(self.x.device)
        self.plan = list(plan.flip(0).unbind())


class Draws:
    """Draws of a prior that generators act on instead of noise, z (m, latent + condition), in endless permutations.

    part: of a batch, which this process takes.
    """

    def __init__(self, z: Tensor, members: int, batch: int, rng: torch.Generator, part: slice = ALL) -> None:
        self.rows = RealRows(z, members, batch, rng, part=part)

    def next(self, x_real: Tensor | None = None) -> Tensor:
        """The next z (members, rows, latent + condition), with its own conditions; valid until the call after it."""
        return self.rows.next()
