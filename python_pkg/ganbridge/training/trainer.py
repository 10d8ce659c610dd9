"""What is trained, and all that a step needs: networks, optimizers, batches, averages.

Shapes carry the member axis first: x (members, rows, width), z (members, rows, latent), logits (members, packs).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import numpy as np
import torch
from torch import Tensor

from ..config import ROLES, Role, Settings
from ..networks import DenseSpec, Network, Spec, build, network_specs
from ..ranks import here
from ..recipes import Grid, rounds_per_epoch
from . import step
from .backward import make_backward
from .batches import Draws, Latent, RealRows
from .losses import EpochLosses
from .objectives import make_objective
from .optimizers import Adam, RMSprop, make_optimizer
from .schedule import Schedule
from .streams import stream, stream_of_rank


class Trainer:
    """A GAN and its training on encoded rows; along the member axis, independent ones side by side.

    x: encoded rows (rows, width + condition), float32; the last numbers are the condition that is given to both
    networks. config: resolved. repeats: how often each row is met in a pass (rows,). grid: on which the `width` numbers
    lie, if they do. healthy: whether all that was seen of each member was finite (members,). averaged: the generators'
    moving averages, a flat buffer like the generator's own; without averaging it is that buffer itself. packs: of a
    batch, those that this process takes. draws: of a prior (m, latent + condition), float32, that the generators move
    instead of making rows from noise, with the conditions of each draw.
    """

    def __init__(
        self,
        x: np.ndarray,
        config: Settings,
        seed: int,
        condition_width: int = 0,
        repeats: np.ndarray | None = None,
        grid: Grid | None = None,
        draws: np.ndarray | None = None,
    ) -> None:
        self.config = config
        self.device = torch.device(config.device)
        self.x = torch.from_numpy(x).to(self.device)
        self.draws = None if draws is None else torch.from_numpy(draws).to(self.device)
        self.rows = len(x)
        self.condition_width = condition_width
        self.repeats = None if repeats is None or (repeats == 1).all() else torch.from_numpy(repeats)
        self.width = x.shape[1] - condition_width
        self.rounds = rounds_per_epoch(config, self.rows)
        self.ranks = here()
        self.packs = self.ranks.share(config.batch_size // config.pack)
        self.streams = {name: stream(seed, name) for name in ("weights", "rows", "latent", "layers")}
        # Each process drops units of its own rows; all else is drawn for all rows, and everywhere alike.
        self.dropout_stream = self.streams["layers"] if self.ranks.world == 1 else stream_of_rank(seed, self.ranks.rank)
        specs = self._specs(grid)
        self.generator, self.discriminator = (build(spec, config.members, config.device) for spec in specs)
        self.generator.initialize(self.streams["weights"])
        self.discriminator.initialize(self.streams["weights"])
        self.averaged = self.generator.parameters.clone() if config.ema else self.generator.parameters
        self.healthy = np.ones(config.members, dtype=bool)
        self.objective = make_objective(config)
        self.schedule = Schedule(config)
        self.generator_optimizer = self._optimizer("generator", self.generator)
        self.discriminator_optimizer = self._optimizer("discriminator", self.discriminator)
        self.start(np.arange(self.rows))
        self.step = 0  # generator updates so far
        self.round = 0  # of the epoch under way
        self.losses = EpochLosses()

    def _specs(self, grid: Grid | None) -> tuple[Spec, Spec]:
        """Of the generator, which adds to draws if there are any, and of the discriminator."""
        generator, discriminator = network_specs(self.config, self.width, self.condition_width, grid)
        if self.draws is not None:
            generator = replace(cast("DenseSpec", generator), residual=True)
        return generator, discriminator

    def _optimizer(self, role: Role, network: Network) -> Adam | RMSprop:
        config = self.config
        betas = config.of("betas", role)
        name = config.of("optimizer", role)
        return make_optimizer(name, network.parameters, network.gradient, betas, config.rho, config.eps)

    def start(self, indices: np.ndarray) -> None:
        """Train on the rows with these indices from now on; an epoch keeps its number of steps."""
        config, members = self.config, self.generator.members
        self.backward = make_backward(
            self.generator,
            self.discriminator,
            config.pack,
            self.condition_width,
            self.dropout_stream,
            self.packs.length * config.pack,
            self.objective.paired,
        )
        chosen = torch.from_numpy(indices)
        repeated = None
        if self.repeats is not None:
            repeated = torch.repeat_interleave(torch.arange(len(chosen)), self.repeats[chosen])
        x = self.x if len(chosen) == self.rows else self.x[chosen.to(self.device)]
        part = self.packs.times(config.pack).slice
        self.real_rows = RealRows(x, members, config.batch_size, self.streams["rows"], repeated, part)
        shape = (members, config.batch_size, config.latent_dim)
        self.latent: Latent | Draws = Latent(shape, self.condition_width, self.streams["latent"], self.device, part)
        if self.draws is not None:
            self.latent = Draws(self.draws, members, config.batch_size, self.streams["latent"], part)

    def train_epoch(self, after_round: Callable[[], None] = lambda: None) -> None:
        """One pass over the rows, or what is left of it."""
        while self.round < self.rounds:
            self.train_round()
            self.round += 1
            self.ranks.stop_if_asked()
            after_round()
        self.ranks.listen()
        self.round = 0

    def train_round(self) -> None:
        """One round of Algorithm 1."""
        step.train_round(self)

    def label_noise(self) -> Tensor | None:
        """Uniform noise on the labels of real and of generated packs (2, members, packs), if there is to be any."""
        if not self.config.label_noise:
            return None
        shape = (2, self.generator.members, self.packs.count)
        noise = torch.rand(shape, generator=self.streams["layers"], dtype=torch.float32)[..., self.packs.slice]
        return noise.mul_(self.config.label_noise).to(self.device)

    def add_up(self, network: Network) -> None:
        """The gradient of a whole batch from those of its parts, which are means over packs."""
        self.ranks.add(network.gradient, self.packs.weight)

    def align(self) -> None:
        """Have the first process's networks everywhere, should processors of different makers round differently."""
        for role in ROLES:
            optimizer = getattr(self, f"{role}_optimizer")
            moments = (getattr(optimizer, name) for name in optimizer.moments)
            for part in (getattr(self, role).parameters, *moments):
                self.ranks.spread(part)
        if self.config.ema:
            self.ranks.spread(self.averaged)

    def average(self) -> None:
        """Exponential moving average of the generator (Yazici et al. 2019), shorter at the start of a fit."""
        if self.config.ema:
            decay = min(self.config.ema, (1.0 + self.step) / (10.0 + self.step))
            self.averaged.lerp_(self.generator.parameters, 1.0 - decay)

    def take_losses(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean generator and discriminator losses (members,) since the last call; NaN if nothing was trained."""
        losses = [torch.from_numpy(loss * self.packs.weight) for loss in self._losses_of_part()]
        generator_loss, discriminator_loss = (loss.numpy() for loss in self.ranks.summed(losses))
        return generator_loss, discriminator_loss

    def _losses_of_part(self) -> tuple[np.ndarray, np.ndarray]:
        return self.losses.take(self.objective, self.generator.members)

    def draw_latent(self, rows: int, rng: torch.Generator) -> tuple[Tensor, np.ndarray]:
        """Latent vectors (rows, latent + condition) to generate rows from, and the rows whose conditions they have."""
        z = torch.randn((rows, self.config.latent_dim), generator=rng, dtype=torch.float32)
        if not self.condition_width:
            return z, np.zeros(0, dtype=np.int64)
        passes = [torch.randperm(self.rows, generator=rng) for _ in range(math.ceil(rows / self.rows))]
        indices = torch.cat(passes)[:rows]
        return torch.cat([z, self.x[indices.to(self.device), self.width :].cpu()], 1), indices.numpy()

    @torch.no_grad()
    def generate(self, z: Tensor) -> Tensor:
        """Rows (members, n, width) of the averaged generators from z (n, latent + condition), in evaluation mode."""
        averaged = self.generator.views(self.averaged)
        rows = self.generator.spec.rows_at_once
        z = z.to(self.device).expand(self.generator.members, -1, -1)
        blocks = [self.generator.forward(z[:, start : start + rows], averaged) for start in range(0, z.shape[1], rows)]
        return blocks[0] if len(blocks) == 1 else torch.cat(blocks, 1)
