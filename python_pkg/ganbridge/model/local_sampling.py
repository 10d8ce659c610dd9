"""Rows from a mixture of normal distributions over encoded rows: latent numbers in, decoded rows out, in blocks.

The size of a block depends on nothing, so that row i is the same however many rows are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..config import SAMPLE_BLOCK
from ..data import Data, Frame
from ..encode import Encoder
from ..encode.base import Noise
from ..prior.local import LocalNormals
from ..training.streams import stream, stream_seed
from ..training.threads import torch_threads
from .interpolation import WalkingNoise, spherical
from .sampling import parts_of


@dataclass(frozen=True, eq=False)
class LocalSampling:
    """Samples and walks. columns: of a decoded row."""

    prior: LocalNormals
    encoder: Encoder
    threads: int
    columns: int

    def sample(self, n: int, seed: int, given: Frame | None = None) -> tuple[Data, Frame | None]:
        """n decoded rows; there are no conditions beside them."""
        with torch_threads(self.threads):
            decoded = [part for _, part in self.parts(n, seed, given)]
        return decoded[0].followed_by(decoded[1:]).first(n), None

    def parts(self, n: int, seed: int, given: Frame | None = None, first: int = 0) -> Iterator[tuple[int, Data]]:
        """The rows of `sample`, part by part, each with the number of the block after it; those before `first` not."""
        _refuse(given)
        rng, generator = np.random.default_rng(stream_seed(seed, "encoding")), stream(seed, "latent")
        for block, start in enumerate(range(0, n, SAMPLE_BLOCK), 1):
            decoded = self._decoded(self.prior.rows(*self._latent(generator)), n - start, rng)
            if block > first:
                yield block, decoded[0].followed_by(decoded[1:])

    def walk(self, n: int, seed: int, given: Frame | None = None) -> Data:
        """n rows from the first to the second row of a sample.

        Normal numbers move along a great circle, and the components that turn them into a row are those on the straight
        line between the two rows: the walk goes along the surface on which rows lie, and jumps where there are none.
        """
        _refuse(given)
        with torch_threads(self.threads):
            component, normal = self._latent(stream(seed, "latent"))
            ends = self.prior.rows(component, normal)[:2]
            path = torch.from_numpy(spherical(normal[0].numpy(), normal[1].numpy(), n))
            share = torch.linspace(0.0, 1.0, n, dtype=torch.float64)[:, None]
            passed = self.prior.log_joint((1.0 - share) * ends[0] + share * ends[1]).argmax(1)
            rows = self.prior.rows(passed, path)
            rows[[0, -1]] = ends
            rng = np.random.default_rng(stream_seed(seed, "encoding"))
            decoded = self._decoded(rows, n, rng, walked=n)
        return decoded[0].followed_by(decoded[1:]).first(n)

    def middle(self) -> Data:
        """The row at the center of the first component."""
        with torch_threads(self.threads):
            center = self.prior.rows(torch.zeros(1, dtype=torch.int64), torch.zeros(1, self.prior.width).double())
            return self._decoded(center, 1, np.random.default_rng(0))[0]

    def _latent(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Components and normal numbers of a block."""
        u = torch.rand(SAMPLE_BLOCK, generator=generator, dtype=torch.float64)
        normal = torch.randn(SAMPLE_BLOCK, self.prior.width, generator=generator, dtype=torch.float64)
        return self.prior.component(u), normal

    def _decoded(self, rows: Tensor, n: int, rng: np.random.Generator, walked: int = 0) -> list[Data]:
        """The first n of encoded rows, decoded part by part; walked: rows of the walk that they are."""
        encoded, decoded = rows.float().numpy(), []
        for first, part in parts_of(encoded, n, self.encoder, self.columns):
            noise: Noise = WalkingNoise(deepcopy(rng), walked, first) if walked else rng
            decoded.append(self.encoder.decode(part, noise))
        return decoded


def _refuse(given: Frame | None) -> None:
    if given is not None:
        raise ValueError("`given` must be left out for a fit without conditions. Fit again with `condition` first.")
