"""All kinds of networks, found by the files of this folder: `NETWORKS["dense"]` is what dense.py defines.

Inside this folder files build on each other in this order: base, then layered and module, then one file per network.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ..config import Settings
from ..recipes import Grid
from ..stored import refuse
from .base import Network, Spec, check_state
from .convolutional import Convolutional, ConvSpec
from .dense import Dense, DenseSpec, is_narrow
from .layered import dropout_mask


def _networks() -> dict[str, type[Network]]:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    kinds, waiting = {}, [Network]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if "name" in vars(kind):
            kinds[kind.name] = kind
    return kinds


NETWORKS: dict[str, type[Network]] = _networks()


def network_specs(
    config: Settings, width: int, condition_width: int = 0, grid: Grid | None = None
) -> tuple[Spec, Spec]:
    """Generator and discriminator of the config's `network` for rows of `width` numbers, as `Network.specs` has it."""
    return NETWORKS[config.network].specs(config, width, condition_width, grid)


def spec_to_dict(spec: Spec) -> dict[str, Any]:
    """Plain values for JSON, with the name of the kind of network."""
    return {"network": _network_of(spec).name, **spec.to_dict()}


def spec_from_dict(fields: dict[str, Any]) -> Spec:
    """Inverse of `spec_to_dict`; without a name the network is dense."""
    name = fields.get("network", "dense") if isinstance(fields, dict) else None
    if not isinstance(name, str) or name not in NETWORKS:
        refuse("`specs` must be of networks that this version has")
    network = NETWORKS[name]
    spec: Spec = network.spec_type.from_dict({name: value for name, value in fields.items() if name != "network"})
    return spec


def build(spec: Spec, members: int, device: str = "cpu") -> Network:
    """A network of that spec, with zeros for parameters."""
    return _network_of(spec)(spec, members, device)


def _network_of(spec: Spec) -> type[Network]:
    return next(network for network in NETWORKS.values() if type(spec) is network.spec_type)


__all__ = [
    "NETWORKS",
    "ConvSpec",
    "Convolutional",
    "Dense",
    "DenseSpec",
    "Network",
    "Spec",
    "build",
    "check_state",
    "dropout_mask",
    "is_narrow",
    "network_specs",
    "spec_from_dict",
    "spec_to_dict",
]
