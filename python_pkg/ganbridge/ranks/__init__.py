"""The processes that fit together, through torch.distributed; one process alone unless a launcher asks for more.

Launchers (torchrun, SLURM, Ray Train's TorchTrainer, Spark's TorchDistributor) start the same program several times,
and set RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, or initialise torch.distributed themselves. `together` reads
that, once per fit, and `here()` is what the rest of the core asks. Nothing is initialised for a single process, in
which every method below does nothing or returns what it was given.

All processes hold the same data and make the same decisions. What differs between them is which part of a sum each one
computes (`share`), and that the first one alone draws, scores and reports (`of_first`).
"""

from __future__ import annotations

from .base import Ranks, Share, as_current, here, share_of
from .fingerprint import fingerprint
from .joined import ProcessLostError
from .launch import first_of_job, together

__all__ = [
    "ProcessLostError",
    "Ranks",
    "Share",
    "as_current",
    "fingerprint",
    "first_of_job",
    "here",
    "share_of",
    "together",
]
