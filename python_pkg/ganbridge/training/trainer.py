"""Training: one step as the papers write it, and what goes around it (batches, schedules, averages, losses).

Shapes carry the member axis first: x (members, rows, width), z (members, rows, latent), logits (members, packs).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..config import Settings
from ..networks import ConvSpec, DenseSpec, Network, Spec, build
from ..recipes import KERNELS, STRIDES, Grid, rounds_per_epoch
from .gradients import make_gradients
from .objectives import Penalties, make_objective
from .optimizers import make_optimizer

STREAMS = ("weights", "rows", "latent", "layers", "trace", "selection", "encoding", "calibration", "conditions")
CHUNK = 64  # steps for which latent vectors and row numbers are drawn at once,
CHUNK_NUMBERS = 2**22  # or fewer, where those would be more numbers than this


def stream_seed(seed: int, name: str) -> int:
    """A seed of its own for each use of randomness, so that one use never shifts another."""
    return int(np.random.SeedSequence([seed, STREAMS.index(name)]).generate_state(1, np.uint64)[0]) >> 1


def stream(seed: int, name: str) -> torch.Generator:
    """A source of randomness of its own for each use."""
    return torch.Generator().manual_seed(stream_seed(seed, name))


@contextmanager
def own_threads(threads: int) -> Iterator[None]:
    """Run with so many threads, and give the caller's number back.

    What else the caller may have set for torch (inference mode, autocast, a default device) rests meanwhile.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    elsewhere = torch.empty(0).device.type != "cpu"
    try:
        with (
            torch.inference_mode(False),
            torch.autocast("cpu", enabled=False),
            torch.device("cpu") if elsewhere else nullcontext(),
        ):
            yield
    finally:
        torch.set_num_threads(before)


def network_specs(config: Settings, width: int, condition: int = 0, grid: Grid | None = None) -> tuple[Spec, Spec]:
    """Generator and discriminator for rows of `width` numbers, which may lie on a grid, under a condition."""
    if config.network == "dense" or grid is None:
        return dense_specs(config, width, condition)
    return conv_specs(config, grid, condition)


def conv_specs(config: Settings, grid: Grid, condition: int = 0) -> tuple[ConvSpec, ConvSpec]:
    """Convolutional networks for rows of numbers on a grid, under a condition of so many numbers."""
    specs = [
        ConvSpec(
            role,
            grid.sizes,
            grid.channels,
            getattr(config, f"{role}_hidden"),
            config.activations(role),
            latent=config.latent_dim if role == "generator" else 0,
            condition=condition,
            pack=config.pack if role == "discriminator" else 1,
            kernel=KERNELS[len(grid.sizes)],
            stride=STRIDES[len(grid.sizes)],
            slope=config.leaky_slope,
            dropout=config.of("dropout", role),
            output_activation=config.output_activation if role == "generator" else "linear",
        )
        for role in ("generator", "discriminator")
    ]
    return specs[0], specs[1]


def dense_specs(config: Settings, width: int, condition: int = 0) -> tuple[DenseSpec, DenseSpec]:
    """Dense networks for rows of `width` numbers, under a condition of so many numbers."""
    ends = {
        "generator": (config.latent_dim + condition, width),
        "discriminator": (config.pack * (width + condition), 1),
    }
    specs = []
    for role, (first, last) in ends.items():
        hidden = getattr(config, f"{role}_hidden")
        output = config.output_activation if role == "generator" else "linear"
        specs.append(
            DenseSpec(
                (first, *hidden, last),
                config.activations(role),
                config.leaky_slope,
                config.of("dropout", role),
                output,
            )
        )
    return specs[0], specs[1]


def steps_at_once(numbers: int) -> int:
    """Steps to draw for at once, where one step takes so many numbers."""
    return max(1, min(CHUNK, CHUNK_NUMBERS // numbers))


class Latent:
    """Latent vectors z ~ N(0, I), drawn for many steps at once."""

    def __init__(self, shape: tuple[int, int, int], randomness: torch.Generator, device: torch.device) -> None:
        self.shape, self.randomness, self.device = shape, randomness, device
        self.steps = steps_at_once(math.prod(shape))
        self.drawn, self.used = torch.empty(0), 0

    def next(self) -> Tensor:
        """The next z (members, rows, latent)."""
        if self.used == len(self.drawn):
            drawn = torch.randn((self.steps, *self.shape), generator=self.randomness, dtype=torch.float32)
            self.drawn, self.used = drawn.to(self.device), 0
        self.used += 1
        return self.drawn[self.used - 1]


class RealRows:
    """Batches of training rows: each member walks through its own endless row of permutations.

    numbers: which rows of x a permutation goes over, rare ones more than once; None takes each row once.
    """

    def __init__(
        self, x: Tensor, members: int, batch: int, randomness: torch.Generator, numbers: Tensor | None = None
    ) -> None:
        self.x, self.members, self.batch, self.randomness = x, members, batch, randomness
        self.numbers = numbers
        self.queue = torch.empty((members, 0), dtype=torch.int64)
        self.plan: list[Tensor] = []
        self.out = torch.empty((members * batch, x.shape[1]), dtype=torch.float32, device=x.device)

    def next(self) -> Tensor:
        """The next x_real (members, rows, width); valid until the call after it."""
        if not self.plan:
            self._refill()
        torch.index_select(self.x, 0, self.plan.pop(), out=self.out)
        return self.out.view(self.members, self.batch, -1)

    def _refill(self) -> None:
        rows = len(self.x) if self.numbers is None else len(self.numbers)
        steps = steps_at_once(self.members * self.batch)
        passes = math.ceil(max(self.batch * steps, rows) / rows)
        keys = torch.rand((self.members, passes, rows), generator=self.randomness, dtype=torch.float64)
        self.queue = torch.cat([self.queue, keys.argsort(-1).flatten(1)], 1)
        steps = self.queue.shape[1] // self.batch
        taken, self.queue = self.queue[:, : steps * self.batch], self.queue[:, steps * self.batch :].clone()
        if self.numbers is not None:
            taken = self.numbers[taken]
        plan = taken.view(self.members, steps, self.batch).transpose(0, 1).reshape(steps, -1).to(self.x.device)
        self.plan = list(plan.flip(0).unbind())


class Trainer:
    """K independent GANs on the same encoded rows, trained side by side.

    x: encoded rows (rows, width + condition), float32; the last numbers are the condition that is given to both
    networks. config: resolved. repeats: how often each row is met in a pass (rows,). grid: on which the `width` numbers
    lie, where they do. alive: numbers of the members still in training; the member axis of all tensors goes over them.
    The generators' moving averages are in `averaged`, a flat buffer like the generator's own; without averaging it is
    that buffer itself.
    """

    def __init__(
        self,
        x: np.ndarray,
        config: Settings,
        seed: int,
        condition: int = 0,
        repeats: np.ndarray | None = None,
        grid: Grid | None = None,
    ) -> None:
        self.config = config
        self.device = torch.device(config.device)
        self.x = torch.from_numpy(x).to(self.device)
        self.rows = len(x)
        self.condition = condition
        self.repeats = None if repeats is None or (repeats == 1).all() else torch.from_numpy(repeats)
        self.width = x.shape[1] - condition
        self.rounds = rounds_per_epoch(config, self.rows)
        self.alive = list(range(config.members))
        self.streams = {name: stream(seed, name) for name in ("weights", "rows", "latent", "layers")}
        generator, discriminator = network_specs(config, self.width, condition, grid)
        self.generator: Network = build(generator, config.members, config.device)
        self.discriminator: Network = build(discriminator, config.members, config.device)
        self.generator.initialize(self.streams["weights"])
        self.discriminator.initialize(self.streams["weights"])
        self.averaged = self.generator.parameters.clone() if config.ema else self.generator.parameters
        self.objective = make_objective(config.objective, config.focal_gamma)
        self.generator_optimizer, self.discriminator_optimizer = (
            make_optimizer(
                config.of("optimizer", role),
                network.parameters,
                network.gradient,
                config.of("betas", role),
                config.rho,
                config.eps,
            )
            for role, network in (("generator", self.generator), ("discriminator", self.discriminator))
        )
        self._prepare(np.arange(self.rows))
        self.step = 0  # generator updates so far
        self.logits: list[tuple[Tensor, Tensor]] = []
        self.generator_logits: list[tuple[Tensor | None, Tensor]] = []

    def _prepare(self, numbers: np.ndarray) -> None:
        """Buffers for the members that are alive, and batches from the rows of these numbers."""
        config, members = self.config, len(self.alive)
        self.gradients = make_gradients(
            self.generator,
            self.discriminator,
            self.objective,
            config.pack,
            config.batch_size,
            self.streams["layers"],
            self.condition,
        )
        chosen = torch.from_numpy(numbers)
        repeated = None
        if self.repeats is not None:
            repeated = torch.repeat_interleave(torch.arange(len(chosen)), self.repeats[chosen])
        x = self.x if len(chosen) == self.rows else self.x[chosen.to(self.device)]
        self.real = RealRows(x, members, config.batch_size, self.streams["rows"], repeated)
        shape = (members, config.batch_size, config.latent_dim)
        self.latent = Latent(shape, self.streams["latent"], self.device)

    def use_rows(self, numbers: np.ndarray) -> None:
        """Train on these rows only from now on; an epoch keeps its number of steps."""
        self._prepare(numbers)

    @torch.no_grad()
    def go_on_with(self, member: int) -> None:
        """Drop all other members, and train this one on all rows from now on."""
        index = self.alive.index(member)
        self.alive = [member]
        averaged = self.generator.take(index, self.averaged)
        for role in ("generator", "discriminator"):
            network, optimizer = getattr(self, role), getattr(self, f"{role}_optimizer")
            alone = build(network.spec, 1, self.config.device)
            alone.parameters.copy_(network.take(index, network.parameters))
            optimizer.carry_over(alone.parameters, alone.gradient, partial(network.take, index))
            setattr(self, role, alone)
        self.averaged = averaged if self.config.ema else self.generator.parameters
        self._prepare(np.arange(self.rows))

    # --- one step ---------------------------------------------------------------------------------------------------

    def train_round(self) -> None:
        """Algorithm 1 of Goodfellow et al. 2014: some updates of the discriminator, then of the generator."""
        config = self.config
        for _ in range(config.discriminator_steps):
            x_real = self.real.next()
            z = self._latent_for(x_real)
            x_fake = self.gradients.generate(z)
            real, fake = self.gradients.discriminator(x_real, x_fake, self.penalties(), self._label_noise())
            self.discriminator_optimizer.step(config.discriminator_lr * self.lr_factor())
            self.logits.append((real.clone(), fake.clone()))
            _tidy(self.logits)
        for _ in range(config.generator_steps):
            beside = self.real.next() if self.objective.paired or self.condition else None
            z = self._latent_for(beside)
            paired_real, fake = self.gradients.generator(z, beside if self.objective.paired else None)
            self.generator_optimizer.step(config.generator_lr * self.lr_factor())
            self.generator_logits.append((None if paired_real is None else paired_real.clone(), fake.clone()))
            _tidy(self.generator_logits)
            self.step += 1
            self._average()

    def _latent_for(self, x_real: Tensor | None) -> Tensor:
        """The next latent vectors z, in a conditional GAN with the conditions of real rows (members, rows, width)."""
        z = self.latent.next()
        if not self.condition or x_real is None:
            return z
        return torch.cat([z, x_real[..., self.width :]], -1)

    def some_latent(self, rows: int, randomness: torch.Generator) -> tuple[Tensor, np.ndarray]:
        """Latent vectors (rows, latent + condition) to look at generators with, and the rows of their conditions."""
        z = torch.randn((rows, self.config.latent_dim), generator=randomness, dtype=torch.float32)
        if not self.condition:
            return z, np.zeros(0, dtype=np.int64)
        passes = [torch.randperm(self.rows, generator=randomness) for _ in range(math.ceil(rows / self.rows))]
        numbers = torch.cat(passes)[:rows]
        return torch.cat([z, self.x[numbers.to(self.device), self.width :].cpu()], 1), numbers.numpy()

    def progress(self) -> float:
        """Share of the budget that is spent."""
        return min(1.0, self.step / int(self.config.steps))

    def lr_factor(self) -> float:
        """Factor on both learning rates."""
        if self.config.lr_schedule == "linear":
            return 1.0 - self.progress()
        if self.config.lr_schedule == "cosine":
            return 0.5 * (1.0 + math.cos(math.pi * self.progress()))
        return 1.0

    def penalties(self) -> Penalties:
        """Weights of the gradient penalties at this step; a pair moves geometrically from its first to its last."""
        weights = []
        for value in (self.config.r1, self.config.r2):
            if isinstance(value, tuple):
                first, last = value
                value = first * (last / first) ** self.progress()
            weights.append(value)
        return Penalties(weights[0], weights[1], self.config.gradient_penalty)

    def _label_noise(self) -> Tensor | None:
        if not self.config.label_noise:
            return None
        shape = (2, len(self.alive), self.config.batch_size // self.config.pack)
        noise = torch.rand(shape, generator=self.streams["layers"], dtype=torch.float32)
        return noise.mul_(self.config.label_noise).to(self.device)

    @torch.no_grad()
    def _average(self) -> None:
        """Exponential moving average of the generator (Yazici et al. 2019), shorter at the start of a fit."""
        if self.config.ema:
            decay = min(self.config.ema, (1.0 + self.step) / (10.0 + self.step))
            self.averaged.lerp_(self.generator.parameters, 1.0 - decay)

    # --- one epoch --------------------------------------------------------------------------------------------------

    def train_epoch(self) -> None:
        """One pass over the rows."""
        for _ in range(self.rounds):
            self.train_round()

    @torch.no_grad()
    def take_losses(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean generator and discriminator losses since the last call, one for each of the members that are alive.

        NaN where nothing was trained. They are computed here from the kept logits, because a loss in every step would
        cost more than it tells.
        """
        generator_loss = discriminator_loss = np.full(len(self.alive), np.nan)
        if self.logits:
            real, fake = (_joined(part) for part in zip(*self.logits, strict=True))
            discriminator_loss = self.objective.discriminator_loss(real, fake).cpu().numpy().astype(np.float64)
        if self.generator_logits:
            fake = _joined([fake for _, fake in self.generator_logits])
            kept = [real for real, _ in self.generator_logits if real is not None]
            paired_real = _joined(kept) if kept else None
            generator_loss = self.objective.generator_loss(paired_real, fake).cpu().numpy().astype(np.float64)
        self.logits, self.generator_logits = [], []
        return generator_loss, discriminator_loss

    @torch.no_grad()
    def generate(self, z: Tensor) -> Tensor:
        """Rows (alive members, n, width) of the averaged generators from z (n, latent + condition), without dropout."""
        weights, biases = self.generator.views(self.averaged)
        rows = self.generator.spec.rows_at_once
        z = z.to(self.device).expand(len(self.alive), -1, -1)
        made = [
            self.generator.forward(z[:, start : start + rows], weights, biases) for start in range(0, z.shape[1], rows)
        ]
        return made[0] if len(made) == 1 else torch.cat(made, 1)


def _tidy(steps: list[Any]) -> None:
    """Join the logits of many steps in place: each would pin down a piece of memory between those that come and go.

    With penalties on convolutional networks, whose pieces differ in size, memory grew by two megabytes a step.
    """
    if len(steps) > CHUNK:
        parts = zip(*steps, strict=True)
        steps[:] = [tuple(None if part[0] is None else _joined(part) for part in parts)]


def _joined(batches: Sequence[Tensor]) -> Tensor:
    """The logits (members, rows) of several steps side by side; those of one step as they are."""
    return batches[0] if len(batches) == 1 else torch.cat(list(batches), 1)
