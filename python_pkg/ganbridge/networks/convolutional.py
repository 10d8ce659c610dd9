"""Convolutional networks over grids of one or two dimensions: waves of points, images of pixels.

They map flat rows to flat rows, as dense networks do: a row holds the numbers of its grid in C order with the channels
last, (height, width, channels) or (points, channels). Between their layers the members stand side by side as groups of
channels. After Radford et al. 2016 (DCGAN): strides instead of pooling, and no layer of their own for up- or
downsampling. Any size of the grid works: a layer divides it by its stride, rounded up, and its mirror image undoes
exactly that.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from ..config import CONVOLVED_BLOCK, ROLES, Role, Settings
from ..recipes import KERNELS, STRIDES, Grid
from ..stored import Rule, choice, listed, require, whole
from .base import WIDEST, rows_within
from .layered import ACTIVATIONS, Layer, Layered, LayeredSpec

LARGEST_KERNEL = 1025  # side of a convolution
CONVOLVE = {1: functional.conv1d, 2: functional.conv2d}
TRANSPOSED = {1: functional.conv_transpose1d, 2: functional.conv_transpose2d}


@dataclass(frozen=True)
class ConvSpec(LayeredSpec):
    """What a convolutional generator or discriminator is made of; enough, with its parameters, to build it again.

    role: "generator" takes (latent + condition) numbers by a dense layer to hidden_channels[0] channels on the coarsest
    grid, and by transposed convolutions to the `channels` on the finest; "discriminator" goes the other way, to one
    number. grid: (points,) or (height, width) of the data. hidden_channels: of each hidden layer, from input to output.
    condition: numbers that follow the latent ones in a generator's row, and the grid's in a discriminator's.
    pack: rows that the discriminator sees at once, joined along the last axis; here they become channels.
    kernel: its side, an odd number of points. Others as in DenseSpec.
    """

    role: Role
    grid: tuple[int, ...]
    channels: int
    hidden_channels: tuple[int, ...]
    activations: tuple[str, ...]
    latent: int = 0
    condition: int = 0
    pack: int = 1
    kernel: int = 5
    stride: int = 2
    slope: float = 0.2
    dropout: float = 0.0
    output_activation: str = "linear"

    @classmethod
    def rules(cls) -> dict[str, Rule]:
        """See `SpecFields`."""
        positive = whole(1, WIDEST)
        return super().rules() | {
            "role": choice(ROLES),
            "grid": listed(positive),
            "channels": positive,
            "hidden_channels": listed(positive),
            "pack": whole(1, 1024),
            "kernel": whole(1, LARGEST_KERNEL),
            "stride": whole(1, LARGEST_KERNEL),
        }

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> ConvSpec:
        """Inverse of `to_dict`; files of version 0.1.0 say `maps` for the channels of hidden layers."""
        if isinstance(fields, dict):
            fields = {"hidden_channels" if name == "maps" else name: value for name, value in fields.items()}
        spec = super().from_dict(fields)
        cls.check_layers(len(spec.hidden_channels), len(spec.activations))
        require(len(spec.grid) in CONVOLVE, "`specs.grid` must have one dimension or two")
        # A stride beyond the kernel would leave points out.
        odd = spec.kernel % 2 == 1 and spec.stride <= spec.kernel
        require(odd, "`specs.kernel` must be odd, and at least as large as the stride")
        require(spec.widest <= WIDEST, f"`specs` must have layers of at most {WIDEST} numbers")
        return spec

    @property
    def widest(self) -> int:
        """Numbers that a layer holds of one row at most."""
        channels = (self.pack * self.channels, *self._from_finest)
        return max(self.inputs, *(math.prod(grid) * many for grid, many in zip(self.grids, channels, strict=True)))

    @property
    def _from_finest(self) -> tuple[int, ...]:
        return self.hidden_channels[::-1] if self.role == "generator" else self.hidden_channels

    @property
    def rows_at_once(self) -> int:
        """See `Spec`."""
        return rows_within(CONVOLVED_BLOCK, self.widest)

    @property
    def outputs(self) -> int:
        """Width of an output row."""
        return self.width if self.role == "generator" else 1

    @property
    def width(self) -> int:
        """Numbers of one row of data."""
        return math.prod(self.grid) * self.channels

    @property
    def inputs(self) -> int:
        """Width of an input row."""
        return self.latent + self.condition if self.role == "generator" else self.pack * (self.width + self.condition)

    @property
    def grids(self) -> list[tuple[int, ...]]:
        """The grid at each step, from the data's own to the coarsest."""
        grids = [self.grid]
        for _ in self.hidden_channels:
            grids.append(tuple(math.ceil(size / self.stride) for size in grids[-1]))
        return grids

    @property
    def layers(self) -> list[Layer]:
        """The parameters of each layer; a transposed convolution's weight is (in, out, ...), as PyTorch has it."""
        kernel = (self.kernel,) * len(self.grid)
        coarsest = math.prod(self.grids[-1])
        if self.role == "generator":
            channels = (*self.hidden_channels, self.channels)
            layers = [Layer((self.inputs, coarsest * channels[0]), coarsest * channels[0], self.inputs)]
            for before, after in itertools.pairwise(channels):
                # Of a transposed kernel only every stride-th point reaches one output.
                fan_in = before * math.prod(size / self.stride for size in kernel)
                layers.append(Layer((before, after, *kernel), after, fan_in))
            return layers
        channels = (self.pack * self.channels, *self.hidden_channels)
        layers = [
            Layer((after, before, *kernel), after, before * math.prod(kernel))
            for before, after in itertools.pairwise(channels)
        ]
        outputs = 1 + self.pack * self.condition
        return [*layers, Layer((coarsest * channels[-1], outputs), outputs, coarsest * channels[-1])]

    def describe(self) -> str:
        """The layers in one line: `100 -> 7 x 7 x 128 leaky_relu -> ... -> 28 x 28 x 1 tanh (839,041 parameters)`."""
        names = (*self.activations, self.output_activation)
        if self.role == "generator":
            shapes = zip(self.grids[::-1], (*self.hidden_channels, self.channels), strict=True)
            sizes = [str(self.inputs), *(_by(grid, channels) for grid, channels in shapes)]
        else:
            shapes = zip(self.grids, (self.pack * self.channels, *self.hidden_channels), strict=True)
            sizes = [*(_by(grid, channels) for grid, channels in shapes), "1"]
        # A generator without hidden layers goes straight to the grid.
        words = [sizes[0], *(f"{size} {name}" for size, name in zip(sizes[1:], names, strict=True))]
        dropout = f", dropout {self.dropout:g}" if self.dropout else ""
        return f"{' -> '.join(words)} ({self.parameter_count:,} parameters{dropout})"


def _by(grid: Sequence[int], channels: int) -> str:
    return " x ".join(str(size) for size in (*grid, channels))


class Convolutional(Layered):
    """K convolutional networks side by side; see `Network`."""

    name = "convolutional"
    spec_type = ConvSpec
    spec: ConvSpec

    @classmethod
    def specs(cls, config: Settings, width: int, condition_width: int, grid: Grid | None) -> tuple[ConvSpec, ConvSpec]:
        """See `Network.specs`; `width` is what the grid holds."""
        assert grid is not None
        generator, discriminator = (
            ConvSpec(
                role,
                grid.sizes,
                grid.channels,
                config.hidden(role),
                config.activations(role),
                latent=config.latent_dim if role == "generator" else 0,
                condition=condition_width,
                pack=config.pack if role == "discriminator" else 1,
                kernel=KERNELS[len(grid.sizes)],
                stride=STRIDES[len(grid.sizes)],
                slope=config.leaky_slope,
                dropout=config.of("dropout", role),
                output_activation=config.output_activation if role == "generator" else "linear",
            )
            for role in ROLES
        )
        return generator, discriminator

    def forward(
        self, x: Tensor, parameters: Mapping[str, Tensor] | None = None, rng: torch.Generator | None = None
    ) -> Tensor:
        """See `Network.forward`."""
        weights, biases = (self.weights, self.biases) if parameters is None else self.by_layer(parameters)
        way = self._generate if self.spec.role == "generator" else self._discriminate
        return ACTIVATIONS[self.spec.output_activation](way(x, weights, biases, rng), self.spec.slope)

    def _generate(
        self, z: Tensor, weights: Sequence[Tensor], biases: Sequence[Tensor], rng: torch.Generator | None
    ) -> Tensor:
        spec, last = self.spec, len(weights) - 1
        grids = spec.grids[::-1]
        rows = torch.baddbmm(biases[0], z, weights[0])
        if not last:
            return rows
        h = self._as_images(self._between(rows, 0, rng), grids[0])
        for layer in range(1, last + 1):
            # Output padding: the points by which rounding up had made the coarser grid cover more than the finer.
            added = [
                fine - (coarse - 1) * spec.stride - 1
                for coarse, fine in zip(grids[layer - 1], grids[layer], strict=True)
            ]
            weight, bias = weights[layer].flatten(0, 1), biases[layer].flatten()
            h = TRANSPOSED[len(spec.grid)](h, weight, bias, spec.stride, spec.kernel // 2, added, self.members)
            if layer < last:
                h = self._between(h, layer, rng)
        return self._as_rows(h)

    def _discriminate(
        self, x: Tensor, weights: Sequence[Tensor], biases: Sequence[Tensor], rng: torch.Generator | None
    ) -> Tensor:
        spec = self.spec
        x = x.reshape(self.members, x.shape[1], spec.pack, -1)
        condition = x[..., spec.width :].flatten(2)
        # (members, rows, pack, points, channels): what is packed lies side by side as channels.
        images = x[..., : spec.width].reshape(*x.shape[:3], -1, spec.channels).transpose(2, 3)
        h = self._as_images(images.flatten(2), spec.grid)
        for layer, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True)):
            h = CONVOLVE[len(spec.grid)](
                h, weight.flatten(0, 1), bias.flatten(), spec.stride, spec.kernel // 2, 1, self.members
            )
            h = self._between(h, layer, rng)
        outputs = torch.baddbmm(biases[-1], self._as_rows(h), weights[-1])
        if not spec.condition:
            return outputs
        # The projection of Miyato and Koyama 2018: a condition weighs the features; added to them, it would be the
        # same for a row that meets it and one that does not.
        return outputs[..., :1] + (outputs[..., 1:] * condition).sum(-1, keepdim=True)

    def _as_images(self, rows: Tensor, grid: tuple[int, ...]) -> Tensor:
        """(members, rows, points * channels) as (rows, members * channels, *grid); in memory the channels stay last."""
        h = rows.reshape(*rows.shape[:2], *grid, -1)
        return h.movedim(0, -2).flatten(-2).movedim(-1, 1)

    def _as_rows(self, h: Tensor) -> Tensor:
        """Inverse of `_as_images`."""
        h = h.movedim(1, -1)
        return h.reshape(*h.shape[:-1], self.members, -1).movedim(-2, 0).flatten(2)
