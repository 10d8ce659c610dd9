"""A trained generator as it makes rows: latent vectors in, decoded rows out, in blocks that do not depend on n."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .calibration import calibrate
from .encode import Conditions, Data, Encoder, Frame, first_of
from .interpolation import WalkingNoise, spherical
from .networks import Network, Spec, build
from .trainer import own_threads, stream, stream_seed

DECODED_NUMBERS = 2**20  # about so many at once: long waves take much memory


@dataclass(frozen=True, eq=False)
class Sampler:
    """What it takes to make rows.

    spec, parameters: the generator's. conditions: what both networks were given, or None. calibration: of the encoded
    columns, (2, width, k), or None. columns: numbers of a decoded row, conditions among them.
    """

    spec: Spec
    parameters: dict[str, Tensor]
    encoder: Encoder
    conditions: Conditions | None
    calibration: np.ndarray | None
    latent_dim: int
    threads: int
    columns: int

    def sample(self, n: int, seed: int, given: Frame | None = None) -> tuple[Data, Frame | None]:
        """n rows, decoded, and the conditions of each, where there are any; a shorter sample begins a longer one."""
        given = self._checked_given(given, n)
        with own_threads(self.threads):
            network, latent = self._network(), stream(seed, "latent")
            rng, condition_rng = (np.random.default_rng(stream_seed(seed, name)) for name in ("encoding", "conditions"))
            parts: list[Data] = []
            drawn: list[Frame] = []
            for start in range(0, n, self.block):
                conditions = self._conditions_of_block(start, n, given, condition_rng)
                encoded = self._generated(network, self._latent(latent, conditions, condition_rng))
                done = 0
                for part in self._decoded(encoded, n - start, rng):
                    parts.append(self._with_conditions(part, conditions, done))
                    done += part.rows
                if conditions is not None:
                    drawn.append(conditions)
        rows = drawn[0].followed_by(drawn[1:]).first(n) if drawn else None
        return first_of(parts, n), rows

    def walk(self, n: int, seed: int, given: Frame | None = None) -> Data:
        """n rows from the first to the second row of a sample, along a great circle of the latent space."""
        given = self._checked_given(given, 1)
        with own_threads(self.threads):
            rng = np.random.default_rng(stream_seed(seed, "conditions"))
            conditions = self._conditions_of_block(0, 1, given, rng)
            first = self._latent(stream(seed, "latent"), conditions, rng)[0].numpy().astype(np.float64)
            latent, condition = first[:2, : self.latent_dim], first[:1, self.latent_dim :]
            path = spherical(latent[0], latent[1], n)
            path = np.concatenate([path, np.repeat(condition, n, axis=0)], 1).astype(np.float32)
            network, parts = self._network(), []
            for start in range(0, n, self.block):
                # In blocks as those of `sample`: products of other sizes may differ in their last bits.
                z = torch.zeros((1, self.block, path.shape[1]), dtype=torch.float32)
                block = torch.from_numpy(path[start : start + self.block])
                z[0, : len(block)] = block
                encoded = self._generated(network, z)[: len(block)]
                for place in range(0, len(block), self._rows_at_once):
                    rng = np.random.default_rng(stream_seed(seed, "encoding"))
                    part = encoded[place : place + self._rows_at_once]
                    decoded = self.encoder.decode(part, WalkingNoise(rng, n, start + place))
                    same = None if conditions is None else conditions.take(np.zeros(decoded.rows, dtype=np.int64))
                    parts.append(self._with_conditions(decoded, same, 0))
        return first_of(parts, n)

    def encoded_rows(self, n: int, seed: int) -> np.ndarray:
        """At least n generated rows before they are decoded, (rows, width), without the offsets of levels."""
        rng = np.random.default_rng(stream_seed(seed, "conditions"))
        calibration, normal = self.calibration, self.encoder.normal
        if calibration is not None and not normal.all():
            calibration = np.where(normal[:, None], calibration, calibration[:1])
        network, latent = self._network(), stream(seed, "latent")
        blocks = []
        for start in range(0, n, self.block):
            conditions = self._conditions_of_block(start, n, None, rng)
            blocks.append(self._raw(network, self._latent(latent, conditions, rng)))
        return calibrate(np.concatenate(blocks), calibration, normal)

    @torch.no_grad()
    def middle(self) -> np.ndarray:
        """The encoded row that a latent vector of zeros becomes, (1, width)."""
        with own_threads(self.threads):
            z = torch.zeros((1, 1, self.spec.inputs), dtype=torch.float32)
            return self._generated(self._network(), z)

    def _checked_given(self, given: Frame | None, n: int) -> Frame | None:
        if given is None:
            return None
        if self.conditions is None:
            raise ValueError("`given` must be left out for a fit without conditions. Fit again with `condition` first.")
        return self.conditions.given(given, n)

    @property
    def block(self) -> int:
        """Rows generated at once; fixed for a fit, so that a row does not depend on how many are asked for."""
        return self.spec.rows_at_once

    def _conditions_of_block(self, start: int, n: int, given: Frame | None, rng: np.random.Generator) -> Frame | None:
        """Conditions of a whole block of rows, of which the last may be beyond what was asked for."""
        if self.conditions is None:
            return None
        if given is not None:
            given = given.take(np.minimum(np.arange(start, start + self.block), n - 1))
        return self.conditions.draw(self.block, rng, given)

    def _with_conditions(self, part: Data, conditions: Frame | None, start: int) -> Data:
        """Decoded rows with their conditions, which are those from `start` on."""
        if self.conditions is None or conditions is None:
            return part
        return self.conditions.merged(part, conditions.take(slice(start, start + part.rows)))

    @property
    def _rows_at_once(self) -> int:
        """Rows that are decoded together; a number that depends on the fit only."""
        schema = self.encoder.schema
        numbers = schema["lengths"][1] * schema["channels"] if "lengths" in schema else self.columns
        return int(max(1, min(self.block, DECODED_NUMBERS // numbers)))

    def _decoded(self, encoded: np.ndarray, rows: int, rng: np.random.Generator) -> Iterator[Data]:
        """The first rows of a block and a few more, decoded in parts whose size depends on the fit only."""
        part = self._rows_at_once
        for start in range(0, min(rows, self.block), part):
            yield self.encoder.decode(encoded[start : start + part], rng)

    def _latent(self, latent: torch.Generator, conditions: Frame | None, rng: np.random.Generator) -> Tensor:
        z = torch.randn((1, self.block, self.latent_dim), generator=latent, dtype=torch.float32)
        if self.conditions is None or conditions is None:
            return z
        encoded = self.conditions.encoder.encode(conditions, rng)
        return torch.cat([z, torch.from_numpy(encoded)[None]], -1)

    @torch.no_grad()
    def _raw(self, network: Network, z: Tensor) -> np.ndarray:
        return np.asarray(network.forward(z)[0].numpy())

    def _generated(self, network: Network, z: Tensor) -> np.ndarray:
        return calibrate(self._raw(network, z), self.calibration, self.encoder.normal)

    def _network(self) -> Network:
        network = build(self.spec, 1)
        network.load(self.parameters)
        return network
