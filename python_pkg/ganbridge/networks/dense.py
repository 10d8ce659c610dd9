"""Dense networks: an input of shape (members, rows, width) meets weights of shape (members, in, out)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..config import SAMPLE_BLOCK, Settings
from ..recipes import Grid
from ..stored import require
from .base import row_sizes, rows_within
from .layered import ACTIVATIONS, Layer, Layered, LayeredSpec

# With these the derivative of a layer is a gate of zeros, slopes and ones, and gradients of gradients have no
# curvature term: what training/backward/dense.py derives by hand.
PIECEWISE_LINEAR = frozenset({"linear", "relu", "leaky_relu"})


def is_narrow(fan_in: int, fan_out: int) -> bool:
    """Whether a layer's weights lie as (out, in) in memory: with few outputs, products are several times faster so."""
    return fan_out < 16 <= fan_in


@dataclass(frozen=True)
class DenseSpec(LayeredSpec):
    """What a dense network is made of; enough, with its parameters, to build it again.

    sizes: widths from input to output. activations: one name per hidden layer. slope: of leaky_relu.
    dropout: share of hidden units silenced in training mode. output_activation: after the last layer. residual: whether
    the output is added to the first numbers of the input (He et al. 2016); such a network starts as the identity.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    slope: float = 0.2
    dropout: float = 0.0
    output_activation: str = "linear"
    residual: bool = False

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> DenseSpec:
        """Inverse of `to_dict`."""
        spec = super().from_dict(fields)
        require(len(spec.sizes) > 1 and min(spec.sizes) > 0, "`specs.sizes` must be widths from input to output")
        cls.check_layers(len(spec.sizes) - 2, len(spec.activations))
        require(not spec.residual or spec.sizes[-1] <= spec.sizes[0], "`specs.residual` needs inputs for its outputs")
        return spec

    @property
    def rows_at_once(self) -> int:
        """See `Spec`."""
        return rows_within(SAMPLE_BLOCK, max(self.sizes))

    @property
    def layers(self) -> list[Layer]:
        """The parameters of each layer."""
        pairs = zip(self.sizes, self.sizes[1:], strict=False)
        return [Layer((fan_in, fan_out), fan_out, fan_in) for fan_in, fan_out in pairs]

    @property
    def inputs(self) -> int:
        """Width of an input row."""
        return self.sizes[0]

    @property
    def outputs(self) -> int:
        """Width of an output row."""
        return self.sizes[-1]

    @property
    def piecewise_linear(self) -> bool:
        """Whether every hidden layer is a gate, so that the hand-derived passes apply."""
        return set(self.activations) <= PIECEWISE_LINEAR

    def describe(self) -> str:
        """The layers in one line: `2 -> 64 leaky_relu -> 64 leaky_relu -> 1 linear (4,417 parameters)`."""
        words = [str(self.sizes[0])]
        words += [
            f"{size} {name}"
            for size, name in zip(self.sizes[1:], (*self.activations, self.output_activation), strict=True)
        ]
        dropout = f", dropout {self.dropout:g}" if self.dropout else ""
        added = ", added to its input" if self.residual else ""
        return f"{' -> '.join(words)} ({self.parameter_count:,} parameters{dropout}{added})"


class Dense(Layered):
    """K dense networks side by side; see `Network`. The weights of narrow layers are transposed views."""

    name = "dense"
    spec_type = DenseSpec
    spec: DenseSpec

    @classmethod
    def specs(
        cls, config: Settings, width: int, condition_width: int, grid: Grid | None
    ) -> tuple[DenseSpec, DenseSpec]:
        """See `Network.specs`."""
        sizes = row_sizes(config, width, condition_width)
        generator, discriminator = (
            DenseSpec(
                (sizes[role][0], *config.hidden(role), sizes[role][1]),
                config.activations(role),
                config.leaky_slope,
                config.of("dropout", role),
                config.output_activation if role == "generator" else "linear",
            )
            for role in sizes
        )
        return generator, discriminator

    def initialize(self, rng: torch.Generator) -> None:
        """See `Layered`; what is added to an input is 0 at first."""
        super().initialize(rng)
        if self.spec.residual:
            self.weights[-1].zero_()
            self.biases[-1].zero_()

    def _view(self, part: Tensor, name: str, shape: tuple[int, ...]) -> Tensor:
        if name.endswith("weight"):
            fan_in, fan_out = shape
            if fan_in > 1 and is_narrow(fan_in, fan_out):
                return part.view(self.members, fan_out, fan_in).transpose(1, 2)
        return super()._view(part, name, shape)

    def forward(
        self, x: Tensor, parameters: Mapping[str, Tensor] | None = None, rng: torch.Generator | None = None
    ) -> Tensor:
        """See `Network.forward`."""
        weights, biases = (self.weights, self.biases) if parameters is None else self.by_layer(parameters)
        last, first = len(weights) - 1, x
        for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            x = torch.baddbmm(bias, x, weight)
            if layer < last:
                x = self._between(x, layer, rng)
        x = ACTIVATIONS[self.spec.output_activation](x, self.spec.slope)
        return x + first[..., : x.shape[-1]] if self.spec.residual else x
