"""A trained generator as it makes encoded rows: latent vectors and conditions in, calibrated rows out, in blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data import Data, Frame
from ..encode import Conditions, Encoder
from ..encode.identifiers import Identifiers
from ..networks import Network, Spec, build
from .calibration import calibrate
from .streams import stream, stream_seed
from .threads import torch_threads


def with_identifiers_made_up(data: Data, identifiers: Identifiers | None, seed: int) -> Data:
    """Generated rows of a table with its identifiers, if it has any."""
    return data if identifiers is None else identifiers.merged(data, stream_seed(seed, "identifiers"))


@dataclass(frozen=True, eq=False)
class GeneratedRows:
    """What it takes to make encoded rows.

    spec, parameters: the generator's. conditions: what both networks were given, or None. calibration: of the encoded
    columns, (2, width, k), or None.
    """

    spec: Spec
    parameters: dict[str, Tensor]
    encoder: Encoder
    conditions: Conditions | None
    calibration: np.ndarray | None
    latent_dim: int

    @property
    def block(self) -> int:
        """Rows generated at once; fixed for a fit, so that a row does not depend on how many are asked for."""
        return self.spec.rows_at_once

    def network(self) -> Network:
        """The generator."""
        network = build(self.spec, 1)
        network.load(self.parameters)
        return network

    def latent(self, generator: torch.Generator, conditions: Frame | None, rng: np.random.Generator) -> Tensor:
        """A block of latent vectors (1, block, latent + condition)."""
        z = torch.randn((1, self.block, self.latent_dim), generator=generator, dtype=torch.float32)
        if self.conditions is None or conditions is None:
            return z
        encoded = self.conditions.encoder.encode(conditions, rng)
        return torch.cat([z, torch.from_numpy(encoded)[None]], -1)

    @torch.no_grad()
    def raw(self, network: Network, z: Tensor) -> np.ndarray:
        """Rows (n, width), before calibration; what overflowed is moved to the ends of the ranges."""
        rows = network.forward(z)[0]
        return np.asarray((rows if bool(rows.isfinite().all()) else rows.nan_to_num()).numpy())

    def calibrated(self, network: Network, z: Tensor) -> np.ndarray:
        """Rows (n, width), each column moved onto its own distribution."""
        return calibrate(self.raw(network, z), self.calibration, self.encoder.normal)

    def middle(self, threads: int) -> np.ndarray:
        """The encoded row that a latent vector of zeros becomes, (1, width)."""
        with torch_threads(threads):
            z = torch.zeros((1, 1, self.spec.inputs), dtype=torch.float32)
            return self.calibrated(self.network(), z)

    def without_offsets(self, n: int, seed: int) -> np.ndarray:
        """At least n generated rows before they are decoded, (rows, width), without the offsets of levels."""
        rng = np.random.default_rng(stream_seed(seed, "conditions"))
        calibration, normal = self.calibration, self.encoder.normal
        if calibration is not None and not normal.all():
            calibration = np.where(normal[:, None], calibration, calibration[:1])
        network, generator = self.network(), stream(seed, "latent")
        blocks = []
        for _ in range(0, n, self.block):
            conditions = None if self.conditions is None else self.conditions.draw(self.block, rng, None)
            blocks.append(self.raw(network, self.latent(generator, conditions, rng)))
        return calibrate(np.concatenate(blocks), calibration, normal)
