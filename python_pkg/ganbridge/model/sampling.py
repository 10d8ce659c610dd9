"""A trained generator as it makes rows: latent vectors in, decoded rows out, in blocks that do not depend on n."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ..data.array import Data, first_of
from ..data.table import Frame
from ..encode import Conditions, Encoder
from ..training.generated import GeneratedRows
from ..training.streams import stream, stream_seed
from ..training.threads import torch_threads
from .interpolation import WalkingNoise, spherical

DECODED_NUMBERS = 2**20  # about so many at once: long waves take much memory


@dataclass(frozen=True, eq=False)
class Sampler:
    """What it takes to make rows.

    generated: the generator's encoded rows. threads: torch's. columns: of a decoded row, conditions among them.
    """

    generated: GeneratedRows
    threads: int
    columns: int

    @property
    def encoder(self) -> Encoder:
        """The way back from encoded rows."""
        return self.generated.encoder

    @property
    def conditions(self) -> Conditions | None:
        """What both networks were given."""
        return self.generated.conditions

    def sample(self, n: int, seed: int, given: Frame | None = None) -> tuple[Data, Frame | None]:
        """n rows, decoded, and the conditions of each, where there are any; a shorter sample begins a longer one."""
        given = self._checked_given(given, n)
        with torch_threads(self.threads):
            network, latent = self.generated.network(), stream(seed, "latent")
            rng, condition_rng = (np.random.default_rng(stream_seed(seed, name)) for name in ("encoding", "conditions"))
            parts: list[Data] = []
            drawn: list[Frame] = []
            for start in range(0, n, self.generated.block):
                conditions = self._conditions_of_block(start, n, given, condition_rng)
                encoded = self.generated.calibrated(network, self.generated.latent(latent, conditions, condition_rng))
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
        with torch_threads(self.threads):
            rng = np.random.default_rng(stream_seed(seed, "conditions"))
            conditions = self._conditions_of_block(0, 1, given, rng)
            first = self.generated.latent(stream(seed, "latent"), conditions, rng)[0].numpy().astype(np.float64)
            latent, condition = first[:2, : self.generated.latent_dim], first[:1, self.generated.latent_dim :]
            path = spherical(latent[0], latent[1], n)
            path = np.concatenate([path, np.repeat(condition, n, axis=0)], 1).astype(np.float32)
            network, parts = self.generated.network(), []
            for start in range(0, n, self.generated.block):
                # In blocks as those of `sample`: products of other sizes may differ in their last bits.
                z = torch.zeros((1, self.generated.block, path.shape[1]), dtype=torch.float32)
                block = torch.from_numpy(path[start : start + self.generated.block])
                z[0, : len(block)] = block
                encoded = self.generated.calibrated(network, z)[: len(block)]
                for place in range(0, len(block), self._rows_at_once):
                    rng = np.random.default_rng(stream_seed(seed, "encoding"))
                    part = encoded[place : place + self._rows_at_once]
                    decoded = self.encoder.decode(part, WalkingNoise(rng, n, start + place))
                    same = None if conditions is None else conditions.take(np.zeros(decoded.rows, dtype=np.int64))
                    parts.append(self._with_conditions(decoded, same, 0))
        return first_of(parts, n)

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
        return int(max(1, min(self.generated.block, DECODED_NUMBERS // numbers)))

    def _decoded(self, encoded: np.ndarray, rows: int, rng: np.random.Generator) -> Iterator[Data]:
        """The first rows of a block and a few more, decoded in parts whose size depends on the fit only."""
        part = self._rows_at_once
        for start in range(0, min(rows, self.generated.block), part):
            yield self.encoder.decode(encoded[start : start + part], rng)
