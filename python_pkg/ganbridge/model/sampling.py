"""Rows from a trained generator: latent vectors in, decoded rows out.

Everything is done in blocks and parts whose size depends on the fit only, so that row i is the same however many rows
are asked for. A block holds the rows that are generated together; of it only the parts that are needed are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ..data import Data, Frame
from ..encode import Conditions, Encoder
from ..encode.relations import Plan
from ..training.generated import GeneratedRows
from ..training.streams import stream, stream_seed
from ..training.threads import torch_threads
from .interpolation import WalkingNoise, spherical

DECODED_NUMBERS = 2**20  # at most about so many are decoded together: long waves take much memory


@dataclass(frozen=True, eq=False)
class Sampler:
    """Samples and walks.

    generated: the generator's encoded rows. threads: torch's. columns: of a decoded row, conditions among them. plan:
    what is computed from generated columns.
    """

    generated: GeneratedRows
    threads: int
    columns: int
    plan: Plan | None = None

    @property
    def encoder(self) -> Encoder:
        """What decodes the generated rows."""
        return self.generated.encoder

    @property
    def conditions(self) -> Conditions | None:
        """What both networks were given."""
        return self.generated.conditions

    def sample(self, n: int, seed: int, given: Frame | None = None) -> tuple[Data, Frame | None]:
        """n decoded rows, and the conditions of each; None without conditions."""
        with torch_threads(self.threads):
            blocks = list(self._blocks(n, seed, given))
        parts = [part for parts, _ in blocks for part in parts]
        data = parts[0].followed_by(parts[1:]).first(n)
        conditions = [of_block for _, of_block in blocks if of_block is not None]
        return data, conditions[0].followed_by(conditions[1:]).first(n) if conditions else None

    def parts(self, n: int, seed: int, given: Frame | None = None, first: int = 0) -> Iterator[tuple[int, Data]]:
        """The rows of `sample`, part by part, each with the number of the block after it; those before `first` not."""
        for block, (parts, _) in enumerate(self._blocks(n, seed, given), 1):
            if block > first:
                yield block, parts[0].followed_by(parts[1:])

    def _blocks(self, n: int, seed: int, given: Frame | None) -> Iterator[tuple[list[Data], Frame | None]]:
        """The decoded rows of each block, and their conditions."""
        given = self._checked_given(given, n)
        latent_rng = stream(seed, "latent")
        encoding_rng, condition_rng = (
            np.random.default_rng(stream_seed(seed, name)) for name in ("encoding", "conditions")
        )
        network = self.generated.network()
        for start in range(0, n, self.generated.block):
            conditions = self._conditions_of_block(start, n, given, condition_rng)
            z = self.generated.latent(latent_rng, conditions, condition_rng)
            encoded = self.generated.calibrated(network, z)
            yield (
                [
                    self._with_conditions(self.encoder.decode(rows, encoding_rng), conditions, first)
                    for first, rows in self._parts(encoded, n - start)
                ],
                conditions,
            )

    def walk(self, n: int, seed: int, given: Frame | None = None) -> Data:
        """n rows from the first to the second row of a sample, along a great circle of the latent space."""
        given = self._checked_given(given, 1)
        condition_rng = np.random.default_rng(stream_seed(seed, "conditions"))
        decoded: list[Data] = []
        with torch_threads(self.threads):
            conditions = self._conditions_of_block(0, 1, given, condition_rng)
            path = self._path(n, self.generated.latent(stream(seed, "latent"), conditions, condition_rng)[0].numpy())
            network = self.generated.network()
            for start in range(0, n, self.generated.block):
                # In whole blocks, as a sample: products of other sizes may differ in their last bits.
                z = torch.zeros((1, self.generated.block, path.shape[1]), dtype=torch.float32)
                block = torch.from_numpy(path[start : start + self.generated.block])
                z[0, : len(block)] = block
                encoded = self.generated.calibrated(network, z)[: len(block)]
                for first, rows in self._parts(encoded, len(block)):
                    rng = np.random.default_rng(stream_seed(seed, "encoding"))
                    part = self.encoder.decode(rows, WalkingNoise(rng, n, start + first))
                    same = None if conditions is None else conditions.take(np.zeros(part.rows, dtype=np.int64))
                    decoded.append(self._with_conditions(part, same, 0))
        return decoded[0].followed_by(decoded[1:]).first(n)

    def _path(self, n: int, z: np.ndarray) -> np.ndarray:
        """The generator's inputs (n, latent + condition) from one of z to the next, with the first condition."""
        z = z.astype(np.float64)
        latent, condition = z[:2, : self.generated.latent_dim], z[:1, self.generated.latent_dim :]
        path = spherical(latent[0], latent[1], n)
        return np.concatenate([path, np.repeat(condition, n, axis=0)], 1).astype(np.float32)

    def _checked_given(self, given: Frame | None, n: int) -> Frame | None:
        if given is None:
            return None
        if self.conditions is None:
            raise ValueError("`given` must be left out for a fit without conditions. Fit again with `condition` first.")
        return self.conditions.given(given, n)

    def _conditions_of_block(self, start: int, n: int, given: Frame | None, rng: np.random.Generator) -> Frame | None:
        """Conditions of a whole block of rows, of which the last may be beyond what was asked for."""
        if self.conditions is None:
            return None
        if given is not None:
            given = given.take(np.minimum(np.arange(start, start + self.generated.block), n - 1))
        return self.conditions.draw(self.generated.block, rng, given)

    def _with_conditions(self, part: Data, conditions: Frame | None, first: int) -> Data:
        """Decoded rows with their conditions, which are those of a block from index `first` on, and what follows."""
        if self.conditions is not None and conditions is not None:
            part = self.conditions.merged(part, conditions.take(slice(first, first + part.rows)))
        return part if self.plan is None else self.plan.restore(part)

    def _parts(self, encoded: np.ndarray, n: int) -> Iterator[tuple[int, np.ndarray]]:
        return parts_of(encoded, n, self.encoder, self.columns)


def parts_of(encoded: np.ndarray, n: int, encoder: Encoder, columns: int) -> Iterator[tuple[int, np.ndarray]]:
    """Parts of a block that hold its first n rows, each whole and with the index of its first row.

    columns: of a decoded row.
    """
    schema = encoder.schema
    numbers = schema.lengths[1] * schema.channels if schema.lengths and schema.channels else columns
    size = int(max(1, min(len(encoded), DECODED_NUMBERS // numbers)))
    for first in range(0, min(n, len(encoded)), size):
        yield first, encoded[first : first + size]
