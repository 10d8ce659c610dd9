"""Networks with a leading member axis: dense ones and convolutional ones, over one flat buffer each.

Inside this folder files build on each other in this order: members, then one file per kind of network.
"""

from __future__ import annotations

from typing import Any

from .convolutional import Convolutional, ConvSpec
from .dense import Dense, DenseSpec, is_narrow
from .members import Network, Spec, dropout_mask

NETWORKS: dict[str, tuple[Any, type[Network]]] = {
    "dense": (DenseSpec, Dense),
    "convolutional": (ConvSpec, Convolutional),
}


def spec_to_dict(spec: Spec) -> dict[str, Any]:
    """Plain values for JSON, with the name of the kind of network."""
    name = next(name for name, (kind, _) in NETWORKS.items() if isinstance(spec, kind))
    return {"network": name, **spec.to_dict()}


def spec_from_dict(fields: dict[str, Any]) -> Spec:
    """Inverse of `spec_to_dict`; without a name the network is dense."""
    kind, _ = NETWORKS[fields.get("network", "dense")]
    spec: Spec = kind.from_dict({name: value for name, value in fields.items() if name != "network"})
    return spec


def build(spec: Spec, members: int, device: str = "cpu") -> Network:
    """A network of that spec, with zeros for parameters."""
    network = next(network for kind, network in NETWORKS.values() if isinstance(spec, kind))
    return network(spec, members, device)


__all__ = [
    "ConvSpec",
    "Convolutional",
    "Dense",
    "DenseSpec",
    "Network",
    "Spec",
    "build",
    "dropout_mask",
    "is_narrow",
    "spec_from_dict",
    "spec_to_dict",
]
