"""Networks with a leading member axis.

A network holds K independent members in one flat float32 buffer, so that one optimizer call updates them all and one
batched product applies them all: an input of shape (members, rows, width) meets weights of shape (members, in, out).
K = 1 is the same code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

ACTIVATIONS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "linear": lambda h, slope: h,
    "relu": lambda h, slope: torch.relu(h),
    "leaky_relu": torch.nn.functional.leaky_relu,
    "tanh": lambda h, slope: torch.tanh(h),
    "sigmoid": lambda h, slope: torch.sigmoid(h),
    "elu": lambda h, slope: torch.nn.functional.elu(h),
    "gelu": lambda h, slope: torch.nn.functional.gelu(h),
    "silu": lambda h, slope: torch.nn.functional.silu(h),
    "softplus": lambda h, slope: torch.nn.functional.softplus(h),
}
# With these the derivative of a layer is a gate of zeros, slopes and ones, and gradients of gradients have no
# curvature term: what gradients.py derives by hand.
PIECEWISE_LINEAR = frozenset({"linear", "relu", "leaky_relu"})


def is_narrow(fan_in: int, fan_out: int) -> bool:
    """Whether a layer's weights lie as (out, in) in memory: with few outputs, products are several times faster so."""
    return fan_out < 16 <= fan_in


@dataclass(frozen=True)
class DenseSpec:
    """What a dense network is made of; enough, with its parameters, to build it again.

    sizes: widths from input to output. activations: one name per hidden layer. slope: of leaky_relu.
    dropout: share of hidden units silenced in a training pass. output_activation: after the last layer.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    slope: float = 0.2
    dropout: float = 0.0
    output_activation: str = "linear"

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> DenseSpec:
        """Inverse of `to_dict`."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()
        }
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @property
    def parameter_count(self) -> int:
        """Weights and biases of one member."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in zip(self.sizes, self.sizes[1:], strict=False))

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
        return f"{' -> '.join(words)} ({self.parameter_count:,} parameters{dropout})"


class Dense:
    """K dense networks side by side.

    parameters, gradient: flat float32 buffers. weights[l]: view of shape (members, in, out); biases[l]: view of shape
    (members, 1, out); weight_gradients and bias_gradients: the same views of `gradient`. The weights of narrow layers
    are transposed views.
    """

    def __init__(self, spec: DenseSpec, members: int, device: str = "cpu") -> None:
        self.spec = spec
        self.members = members
        self.device = torch.device(device)
        self.parameters = torch.zeros(members * spec.parameter_count, dtype=torch.float32, device=self.device)
        self.gradient = torch.zeros_like(self.parameters)
        self.weights, self.biases = self.views(self.parameters)
        self.weight_gradients, self.bias_gradients = self.views(self.gradient)

    def views(self, buffer: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Weights and biases of each layer as views of a flat buffer of the parameters' length."""
        weights: list[Tensor] = []
        biases: list[Tensor] = []
        start = 0
        for fan_in, fan_out in zip(self.spec.sizes, self.spec.sizes[1:], strict=False):
            for rows, out in ((fan_in, weights), (1, biases)):
                length = self.members * rows * fan_out
                part = buffer[start : start + length]
                if rows > 1 and is_narrow(fan_in, fan_out):
                    out.append(part.view(self.members, fan_out, rows).transpose(1, 2))
                else:
                    out.append(part.view(self.members, rows, fan_out))
                start += length
        return weights, biases

    def initialize(self, generator: torch.Generator) -> None:
        """Draw weights and biases from U(-1/sqrt(in), 1/sqrt(in)), PyTorch's own default for a linear layer."""
        for weight, bias in zip(self.weights, self.biases, strict=True):
            bound = 1.0 / math.sqrt(weight.shape[1])
            for view in (weight, bias):
                drawn = torch.rand(view.shape, generator=generator, dtype=torch.float32)
                view.copy_(drawn.mul_(2.0 * bound).sub_(bound))

    def forward(
        self,
        x: Tensor,
        weights: Sequence[Tensor] | None = None,
        biases: Sequence[Tensor] | None = None,
        dropout: torch.Generator | None = None,
    ) -> Tensor:
        """Map x of shape (members, rows, in) to (members, rows, out).

        Other parameters than the network's own may be passed, autograd leaves or averages. Units are dropped only
        where `dropout` brings a source of randomness.
        """
        weights = self.weights if weights is None else weights
        biases = self.biases if biases is None else biases
        last = len(weights) - 1
        for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            x = torch.baddbmm(bias, x, weight)
            if layer < last:
                x = ACTIVATIONS[self.spec.activations[layer]](x, self.spec.slope)
                if dropout is not None and self.spec.dropout:
                    x = x * dropout_mask(x.shape, self.spec.dropout, dropout, self.device)
        return ACTIVATIONS[self.spec.output_activation](x, self.spec.slope)

    def member(self, index: int, buffer: Tensor | None = None) -> dict[str, Tensor]:
        """One member's parameters, copied, by name: `0.weight` of shape (in, out), `0.bias` of shape (out,)."""
        weights, biases = self.views(self.parameters if buffer is None else buffer)
        state = {}
        for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            state[f"{layer}.weight"] = weight[index].detach().cpu().clone()
            state[f"{layer}.bias"] = bias[index, 0].detach().cpu().clone()
        return state

    def take(self, index: int, buffer: Tensor) -> Tensor:
        """One member's part of a flat buffer of the parameters' length, as the flat buffer of a network of its own."""
        alone = Dense(self.spec, 1, str(self.device))
        for source, target in zip(self.views(buffer), (alone.weights, alone.biases), strict=True):
            for old, new in zip(source, target, strict=True):
                new[0].copy_(old[index])
        return alone.parameters

    def load(self, state: dict[str, Tensor]) -> None:
        """Take over one member's parameters as `member` gives them; a wrong name or shape is a ValueError."""
        names = {f"{layer}.{part}" for layer in range(len(self.weights)) for part in ("weight", "bias")}
        if set(state) != names:
            raise ValueError(f"the parameters of a network must be {sorted(names)}, not {sorted(state)}")
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            for view, part in ((weight[0], "weight"), (bias[0, 0], "bias")):
                value = state[f"{layer}.{part}"]
                if value.shape != view.shape or value.dtype != torch.float32:
                    raise ValueError(f"parameter {layer}.{part} must be float32 of shape {tuple(view.shape)}")
                view.copy_(value)


def dropout_mask(shape: Sequence[int], share: float, generator: torch.Generator, device: torch.device) -> Tensor:
    """Zeros for dropped units and 1 / (1 - share) for kept ones (inverted dropout, Srivastava et al. 2014)."""
    keep = 1.0 - share
    mask = torch.empty(tuple(shape), dtype=torch.float32).bernoulli_(keep, generator=generator)
    return mask.div_(keep).to(device)
