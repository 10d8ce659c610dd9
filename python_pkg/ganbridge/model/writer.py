"""A fit as a header of plain values and tensors by name: the newest format. reader.py is the way back.

Tensors have a group before their name: "generator.0.weight", "encoder.center", "conditions.pool.0.values". The rows of
a data frame are the `values` and `missing` of each column by number, wherever they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from ..networks import spec_to_dict
from . import file

if TYPE_CHECKING:
    from .fitted import FittedGan


def to_bytes(gan: FittedGan) -> bytes:
    """The whole fit as bytes."""
    plain, arrays = gan.encoder.to_state()
    groups = {"encoder": arrays, "history": gan.history_columns, "moments": gan.moment_columns}
    conditions = None
    if gan.conditions is not None:
        conditions, groups["conditions"] = gan.conditions.to_state()
    if gan.trace_conditions is not None:
        groups["trace_conditions"] = gan.trace_conditions.to_arrays()
    header = {
        "version": gan.version,
        "kind": gan.kind,
        "config": gan.config.changed,
        "encoder": plain,
        "conditions": conditions,
        "identifiers": None if gan.identifiers is None else gan.identifiers.to_state(),
        "specs": [spec_to_dict(spec) for spec in gan.specs],
        "seed": gan.seed,
        "rate": gan.rate,
        "epochs": gan.epochs,
        "kept": gan.kept,
        "stopped": gan.stopped,
        "messages": gan.messages,
        "diagnosis": gan.diagnosis,
        "history": list(gan.history_columns),
        "moments": list(gan.moment_columns),
    }
    if gan.prior is not None:
        header["prior"], groups["prior"] = gan.prior.to_state()
    if gan.plan is not None:
        header["relations"], groups["relations"] = gan.plan.to_state()
    if gan.fingerprint is not None:
        header["fingerprint"] = gan.fingerprint
    if gan.training is not None:
        header["training"], groups["training"] = gan.training.plain, gan.training.arrays
    return file.write(header, _parameters(gan) | _tensors(groups) | _optional(gan))


def _parameters(gan: FittedGan) -> dict[str, Tensor]:
    networks = {"generator": gan.generator, "discriminator": gan.discriminator}
    return {f"{role}.{name}": value.contiguous() for role, layers in networks.items() for name, value in layers.items()}


def _tensors(groups: dict[str, dict[str, np.ndarray]]) -> dict[str, Tensor]:
    return {f"{group}.{name}": _tensor(values) for group, arrays in groups.items() for name, values in arrays.items()}


def _optional(gan: FittedGan) -> dict[str, Tensor]:
    arrays = {
        "trace_epochs": gan.trace_epochs,
        "trace_encoded": gan.trace_encoded,
        "calibration": gan.calibration,
    }
    return {name: _tensor(values) for name, values in arrays.items() if values is not None}


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(values, order="C"))  # a copy: encodings may hold read-only views
