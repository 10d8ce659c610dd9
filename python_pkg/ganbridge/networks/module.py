"""Networks made of any `torch.nn.Module`: normalisation layers, embeddings, attention, residual blocks.

A new one is a file in this folder with two classes: a frozen dataclass that subclasses `ModuleSpec` and builds the
module from plain values, and a subclass of `ModuleNetwork` with `name`, `spec_type` and `specs`. Its parameters are
copied into the flat buffer that optimizers and averages work on; `torch.func` runs the module with views of that
buffer, and maps it over the member axis. Gradients come from autograd.

Floating-point buffers of the module, such as the running statistics of batch normalisation, lie in the flat buffer
too, behind the parameters: they are saved, averaged and restored with them, and their gradient is always 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel

from ..config import SAMPLE_BLOCK
from .base import Network, Spec, SpecFields

LARGEST_SEED = 2**62


@dataclass(frozen=True)
class ModuleSpec(SpecFields):
    """What a module is built from. Subclasses add plain values: numbers, names, tuples.

    inputs: width of an input row. outputs: of an output row.
    """

    inputs: int
    outputs: int

    rows_at_once = SAMPLE_BLOCK

    def module(self) -> nn.Module:
        """The module, which maps (rows, inputs) to (rows, outputs), freshly initialised."""
        raise NotImplementedError

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of one member's parameters, and of the buffers behind them."""
        return _parameter_shapes(self) | _buffer_shapes(self)

    @property
    def parameter_count(self) -> int:
        """Numbers that are saved for one member."""
        return sum(map(math.prod, self.shapes.values()))

    def describe(self) -> str:
        """The network in one line."""
        return f"{type(self).__name__.removesuffix('Spec').lower()} ({self.parameter_count:,} parameters)"


@contextmanager
def seeded(rng: torch.Generator | None) -> Iterator[None]:
    """Let code that draws from torch's global generator draw from `rng` instead; the global state stays as it was."""
    with torch.random.fork_rng():
        if rng is not None:
            torch.manual_seed(int(torch.randint(LARGEST_SEED, (), generator=rng)))
        yield


@lru_cache(maxsize=32)
def _template(spec: ModuleSpec) -> nn.Module:
    # Without memory: a file may ask for any size.
    with seeded(None), torch.device("meta"):
        return spec.module()


def _parameter_shapes(spec: ModuleSpec) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in _template(spec).named_parameters()}


def _buffer_shapes(spec: ModuleSpec) -> dict[str, tuple[int, ...]]:
    buffers = _template(spec).named_buffers()
    return {name: tuple(value.shape) for name, value in buffers if value.is_floating_point()}


class ModuleNetwork(Network):
    """K modules side by side; see `Network`."""

    spec: ModuleSpec

    def __init__(self, spec: Spec, members: int, device: str = "cpu") -> None:
        super().__init__(spec, members, device)
        with seeded(None):
            self.module = self.spec.module().to(self.device)
        self.buffers = frozenset(_buffer_shapes(self.spec))
        for name in self.buffers:
            del self.named_gradients[name]

    def initialize(self, rng: torch.Generator) -> None:
        """As the module does it."""
        for index in range(self.members):
            with seeded(rng):
                values = self.spec.module().state_dict()
            for name, view in self.named.items():
                view[index].copy_(values[name])

    def forward(
        self, x: Tensor, parameters: Mapping[str, Tensor] | None = None, rng: torch.Generator | None = None
    ) -> Tensor:
        """See `Network.forward`."""
        named = dict(self.named if parameters is None else parameters)
        for name in self.buffers:
            # Without its version counter, because autograd takes an update of running statistics for one of the
            # parameters that lie in the same buffer.
            named[name] = named[name].data
        self.module.train(rng is not None)
        # Of attention's kernels only this one has the second derivatives that gradient penalties need.
        with sdpa_kernel(SDPBackend.MATH), nullcontext() if rng is None else seeded(rng):
            return self._call(named, x)

    def _call(self, named: dict[str, Tensor], x: Tensor) -> Tensor:
        if self.members == 1:
            alone: Tensor = functional_call(self.module, {name: value[0] for name, value in named.items()}, x[0])
            return alone[None]
        together = vmap(lambda values, rows: functional_call(self.module, values, rows), randomness="different")
        rows: Tensor = together(named, x)
        return rows
