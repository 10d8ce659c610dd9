"""What all networks share: K independent members in one flat float32 buffer, and the functions between their layers.

One optimizer call updates all members, and one batched or grouped product applies them all. K = 1 is the same code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeVar

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


AnySpec = TypeVar("AnySpec", bound="SpecFields")


@dataclass(frozen=True)
class Layer:
    """The parameters of one layer of one member: the weight's shape, the number of biases, the inputs of one output."""

    weight: tuple[int, ...]
    outputs: int
    fan_in: float

    @property
    def parameter_count(self) -> int:
        """Weights and biases."""
        return math.prod(self.weight) + self.outputs


@dataclass(frozen=True)
class SpecFields:
    """The fields of a spec, a frozen dataclass, as plain values and back."""

    @classmethod
    def from_dict(cls: type[AnySpec], fields: dict[str, Any]) -> AnySpec:
        """Inverse of `to_dict`."""
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()})

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


class Spec(Protocol):
    """What a network is made of; enough, with its parameters, to build it again.

    layers: from input to output. inputs: numbers that each row brings. rows_at_once: of a large number of rows, for
    memory's sake; it depends on nothing but the spec, because bits may depend on it.
    """

    @property
    def layers(self) -> list[Layer]: ...

    @property
    def inputs(self) -> int: ...

    @property
    def rows_at_once(self) -> int: ...

    @property
    def parameter_count(self) -> int: ...

    def to_dict(self) -> dict[str, Any]: ...

    def describe(self) -> str: ...


class Network:
    """K networks of one spec side by side.

    parameters, gradient: flat float32 buffers. weights[l]: view of shape (members, *shape of the layer's weight);
    biases[l]: view of shape (members, 1, out); weight_gradients and bias_gradients: the same views of `gradient`.
    """

    spec: Any

    def __init__(self, spec: Spec, members: int, device: str = "cpu") -> None:
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
        for layer in self.spec.layers:
            length = self.members * math.prod(layer.weight)
            weights.append(self._weight(buffer[start : start + length], layer))
            start += length
            length = self.members * layer.outputs
            biases.append(buffer[start : start + length].view(self.members, 1, layer.outputs))
            start += length
        return weights, biases

    def _weight(self, part: Tensor, layer: Layer) -> Tensor:
        return part.view(self.members, *layer.weight)

    def initialize(self, generator: torch.Generator) -> None:
        """Draw weights and biases from U(-1/sqrt(in), 1/sqrt(in)), PyTorch's own default for a linear layer."""
        for layer, weight, bias in zip(self.spec.layers, self.weights, self.biases, strict=True):
            bound = 1.0 / math.sqrt(layer.fan_in)
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
        raise NotImplementedError

    def _between(self, h: Tensor, layer: int, dropout: torch.Generator | None) -> Tensor:
        """What a hidden layer hands on: its activation, and in a training pass its dropout."""
        h = ACTIVATIONS[self.spec.activations[layer]](h, self.spec.slope)
        if dropout is not None and self.spec.dropout:
            h = h * dropout_mask(h.shape, self.spec.dropout, dropout, self.device)
        return h

    def member(self, index: int, buffer: Tensor | None = None) -> dict[str, Tensor]:
        """One member's parameters, copied, by name: `0.weight` in its layer's shape, `0.bias` of shape (out,)."""
        weights, biases = self.views(self.parameters if buffer is None else buffer)
        state = {}
        for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            state[f"{layer}.weight"] = weight[index].detach().cpu().clone()
            state[f"{layer}.bias"] = bias[index, 0].detach().cpu().clone()
        return state

    def take(self, index: int, buffer: Tensor) -> Tensor:
        """One member's part of a flat buffer of the parameters' length, as the flat buffer of a network of its own."""
        alone = type(self)(self.spec, 1, str(self.device))
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
