"""Streams of random numbers: one for each use, so that one use never shifts another."""

from __future__ import annotations

import numpy as np
import torch

# A stream's position decides its seeds: new names go to the end.
STREAMS = (
    "weights",
    "rows",
    "latent",
    "layers",
    "trace",
    "selection",
    "encoding",
    "calibration",
    "conditions",
    "identifiers",
    "sample",  # of rows of a table that does not fit into memory
    "refinement",
)


def stream_seed(seed: int, name: str) -> int:
    """The seed of a stream, in a fit with this seed."""
    return int(np.random.SeedSequence([seed, STREAMS.index(name)]).generate_state(1, np.uint64)[0]) >> 1


def stream_of_rank(seed: int, rank: int) -> torch.Generator:
    """What one of several processes draws for its own rows only: dropout."""
    seeds = np.random.SeedSequence([seed, STREAMS.index("layers")], spawn_key=(rank,))
    return torch.Generator().manual_seed(int(seeds.generate_state(1, np.uint64)[0]) >> 1)


def seeds_of_repeats(seed: int, m: int) -> list[int]:
    """The seeds of m samples: of the first one the seed itself, so that it is the sample that is drawn alone."""
    spawned = (np.random.SeedSequence(seed, spawn_key=(i,)) for i in range(1, m))
    return [seed, *(int(each.generate_state(1, np.uint32)[0]) >> 1 for each in spawned)]


def stream(seed: int, name: str) -> torch.Generator:
    """A stream as a generator of torch's."""
    return torch.Generator().manual_seed(stream_seed(seed, name))


def later_stream(seed: int, name: str, step: int) -> torch.Generator:
    """A stream for training that goes on after so many steps, and must not draw what the first of them have drawn."""
    seeds = np.random.SeedSequence([seed, STREAMS.index(name), step]).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(seeds[0]) >> 1)
