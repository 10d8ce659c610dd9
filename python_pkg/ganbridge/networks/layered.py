"""Networks that are a row of layers, each with one weight and one bias, and an activation after each layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..config import ACTIVATION_NAMES
from ..stored import Rule, choice, listed, number, require
from .base import MOST_LAYERS, Network, Spec, SpecFields

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


@dataclass(frozen=True)
class Layer:
    """The parameters of one layer of one member: the weight's shape, the number of biases, the inputs of one output."""

    weight: tuple[int, ...]
    outputs: int
    fan_in: float


@dataclass(frozen=True)
class LayeredSpec(SpecFields):
    """A spec whose parameters are those of its layers: `0.weight`, `0.bias`, `1.weight` and so on."""

    @classmethod
    def rules(cls) -> dict[str, Rule]:
        """See `SpecFields`; these fields are of all networks of layers."""
        names = choice(ACTIVATION_NAMES)
        return super().rules() | {
            "activations": listed(names),
            "slope": number(0.0, 1.0),
            "dropout": number(0.0, 1.0, open_high=True),
            "output_activation": names,
        }

    @staticmethod
    def check_layers(hidden: int, activations: int) -> None:
        """Raise BadFileError for a file's networks of too many layers, or without one activation for each."""
        require(hidden <= MOST_LAYERS, f"`specs` must have at most {MOST_LAYERS} layers")
        require(hidden == activations, "`specs.activations` must be one for each hidden layer")

    @property
    def layers(self) -> list[Layer]:
        """The parameters of each layer, from input to output."""
        raise NotImplementedError

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of one member's parameters."""
        shapes: dict[str, tuple[int, ...]] = {}
        for i, layer in enumerate(self.layers):
            shapes[f"{i}.weight"], shapes[f"{i}.bias"] = layer.weight, (layer.outputs,)
        return shapes

    @property
    def parameter_count(self) -> int:
        """Weights and biases of one member."""
        return sum(map(math.prod, self.shapes.values()))


class Layered(Network):
    """K networks of layers side by side.

    weights[l]: view of shape (members, *shape of the layer's weight); biases[l]: view of shape (members, 1, out);
    weight_gradients and bias_gradients: the same views of `gradient`.
    """

    def __init__(self, spec: Spec, members: int, device: str = "cpu") -> None:
        super().__init__(spec, members, device)
        self.weights, self.biases = self.by_layer(self.named)
        self.weight_gradients, self.bias_gradients = self.by_layer(self.named_gradients)

    def by_layer(self, named: Mapping[str, Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Weights and biases of each layer, of parameters by name."""
        layers = range(len(named) // 2)
        return [named[f"{i}.weight"] for i in layers], [named[f"{i}.bias"] for i in layers]

    def _view(self, part: Tensor, name: str, shape: tuple[int, ...]) -> Tensor:
        return part.view(self.members, 1, *shape) if name.endswith("bias") else part.view(self.members, *shape)

    def initialize(self, rng: torch.Generator) -> None:
        """Draw weights and biases from U(-1/sqrt(in), 1/sqrt(in)), PyTorch's own default for a linear layer."""
        for layer, weight, bias in zip(self.spec.layers, self.weights, self.biases, strict=True):
            bound = 1.0 / math.sqrt(layer.fan_in)
            for view in (weight, bias):
                drawn = torch.rand(view.shape, generator=rng, dtype=torch.float32)
                view.copy_(drawn.mul_(2.0 * bound).sub_(bound))

    def _between(self, h: Tensor, layer: int, rng: torch.Generator | None) -> Tensor:
        """The output of a hidden layer: its activation, and in training mode its dropout."""
        h = ACTIVATIONS[self.spec.activations[layer]](h, self.spec.slope)
        if rng is not None and self.spec.dropout:
            h = h * dropout_mask(h.shape, self.spec.dropout, rng, self.device)
        return h


def dropout_mask(shape: Sequence[int], share: float, rng: torch.Generator, device: torch.device) -> Tensor:
    """Zeros for dropped units and 1 / (1 - share) for kept ones (inverted dropout, Srivastava et al. 2014)."""
    keep = 1.0 - share
    mask = torch.empty(tuple(shape), dtype=torch.float32).bernoulli_(keep, generator=rng)
    return mask.div_(keep).to(device)
