"""What all networks share: K members side by side, whose parameters lie in one flat float32 buffer.

One optimizer call then updates all members. K = 1 is the same code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, ClassVar, Protocol, TypeVar

import torch
from torch import Tensor

from ..config import Role, Settings
from ..recipes import Grid
from ..stored import Rule, flag, listed, number, refuse, require, text, values, whole

AnySpec = TypeVar("AnySpec", bound="SpecFields")
WIDEST = 2**24  # numbers that a layer makes of a row at most, and of rows at once
MOST_LAYERS = 1000
# What the fields of a spec may be in a file, by their types.
BY_TYPE: dict[str, Rule] = {
    "int": whole(0, WIDEST),
    "float": number(),
    "bool": flag,
    "str": text(100),
    "tuple[int, ...]": listed(whole(0, WIDEST)),
    "tuple[float, ...]": listed(number()),
    "tuple[str, ...]": listed(text(100)),
}


@dataclass(frozen=True)
class SpecFields:
    """The fields of a spec, a frozen dataclass, as plain values and back."""

    @classmethod
    def from_dict(cls: type[AnySpec], fields: dict[str, Any]) -> AnySpec:
        """Inverse of `to_dict`. Raises BadFileError for values that break a rule."""
        absent = {each.name: each.default for each in dataclass_fields(cls) if each.default is not MISSING}
        found = values("specs", fields, cls.rules(), {name: _listed(value) for name, value in absent.items()})
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in found.items()})

    @classmethod
    def rules(cls) -> dict[str, Rule]:
        """What each field may be: by its type, unless a subclass says more."""
        return {each.name: _rule_of(each.type) for each in dataclass_fields(cls)}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def _rule_of(annotation: Any) -> Rule:
    """The rule of a field by its type; None is right for a field whose type has none and whose class says nothing."""
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return BY_TYPE.get(name, lambda field, value: refuse(f"`{field}` has no rule, which `rules` of its class may give"))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def rows_within(most: int, widest: int) -> int:
    """Rows at once, so that no layer makes more than WIDEST numbers of them."""
    return max(1, min(most, WIDEST // max(1, widest)))


def check_state(spec: Spec, state: Mapping[str, Tensor]) -> None:
    """Raise BadFileError if the tensors of a file are not the parameters of such a network."""
    shapes = spec.shapes
    require(set(state) == set(shapes), "its networks and their parameters differ")
    for name, shape in shapes.items():
        value = state[name]
        right = value.shape == shape and value.dtype == torch.float32
        require(right and bool(value.isfinite().all()), f"parameter {name} must be finite float32 of {tuple(shape)}")


class Spec(Protocol):
    """What a network is made of; enough, with its parameters, to build it again.

    shapes: of one member's parameters, by name, in their order in the flat buffer. inputs: width of an input row.
    outputs: of an output row.
    rows_at_once: of a large number of rows, to bound memory; it depends on nothing but the spec, because bits may
    depend on it.
    """

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]: ...

    @property
    def inputs(self) -> int: ...

    @property
    def outputs(self) -> int: ...

    @property
    def rows_at_once(self) -> int: ...

    @property
    def parameter_count(self) -> int: ...

    def to_dict(self) -> dict[str, Any]: ...

    def describe(self) -> str: ...


def row_sizes(config: Settings, width: int, condition_width: int) -> dict[Role, tuple[int, int]]:
    """Width of an input row and of an output row, by role, for data of `width` numbers beside `condition` numbers."""
    return {
        "generator": (config.latent_dim + condition_width, width),
        "discriminator": (config.pack * (width + condition_width), 1),
    }


class Network:
    """K networks of one spec side by side.

    A subclass in a file of this folder is a network that users can name. It sets `name` (what a user writes as
    `network`) and `spec_type`, and defines `specs`, `initialize` and `forward`.

    parameters, gradient: flat float32 buffers of all members. named: the parameters by name, each a view of
    `parameters` with the member axis first. named_gradients: the same views of `gradient`, without what no optimizer
    moves.
    """

    name: ClassVar[str]
    spec_type: ClassVar[Any]
    spec: Any

    def __init__(self, spec: Spec, members: int, device: str = "cpu") -> None:
        self.spec = spec
        self.members = members
        self.device = torch.device(device)
        self.parameters = torch.zeros(members * spec.parameter_count, dtype=torch.float32, device=self.device)
        self.gradient = torch.zeros_like(self.parameters)
        self.named = self.views(self.parameters)
        self.named_gradients = self.views(self.gradient)

    @classmethod
    def specs(cls, config: Settings, width: int, condition_width: int, grid: Grid | None) -> tuple[Spec, Spec]:
        """Generator's and discriminator's spec for rows of `width` numbers, which may lie on a grid.

        condition_width: how many numbers both networks get beside the latent vector and the data, at the end of a row.
        """
        raise NotImplementedError

    def initialize(self, rng: torch.Generator) -> None:
        """Draw the parameters of all members."""
        raise NotImplementedError

    def forward(
        self, x: Tensor, parameters: Mapping[str, Tensor] | None = None, rng: torch.Generator | None = None
    ) -> Tensor:
        """Map x of shape (members, rows, in) to (members, rows, out).

        parameters: other ones than the network's own, such as autograd leaves or averages, as `views` returns them.
        rng: given in training mode only; dropout draws from it.
        """
        raise NotImplementedError

    def views(self, buffer: Tensor) -> dict[str, Tensor]:
        """Each parameter by name, as a view of a flat buffer of the parameters' length."""
        views: dict[str, Tensor] = {}
        start = 0
        for name, shape in self.spec.shapes.items():
            length = self.members * math.prod(shape)
            views[name] = self._view(buffer[start : start + length], name, shape)
            start += length
        return views

    def _view(self, part: Tensor, name: str, shape: tuple[int, ...]) -> Tensor:
        return part.view(self.members, *shape)

    def state(self, index: int = 0, buffer: Tensor | None = None) -> dict[str, Tensor]:
        """One member's parameters by name, copied, in the shapes of the spec."""
        views = self.named if buffer is None else self.views(buffer)
        return {
            name: views[name][index].detach().cpu().clone().reshape(shape) for name, shape in self.spec.shapes.items()
        }

    def load(self, state: dict[str, Tensor]) -> None:
        """Copy the parameters that `state` returned into the first member; a wrong name or shape is a ValueError."""
        if set(state) != set(self.named):
            raise ValueError(f"the parameters of a network must be {sorted(self.named)}, not {sorted(state)}")
        for name, shape in self.spec.shapes.items():
            value = state[name]
            if value.shape != shape or value.dtype != torch.float32:
                raise ValueError(f"parameter {name} must be float32 of shape {tuple(shape)}")
            self.named[name][0].copy_(value.reshape(self.named[name][0].shape))
