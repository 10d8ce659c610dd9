"""What is noted of each epoch of a fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..stored import array, only


@dataclass
class EpochRecord:
    """One epoch in the history: losses (members,), and scores (members,) if they were due.

    seconds: from the start of the fit to its end; NaN for an epoch before the fit went on.
    """

    epoch: int
    step: int
    seconds: float
    generator_loss: np.ndarray
    discriminator_loss: np.ndarray
    scores: np.ndarray | None = None


def to_arrays(records: Sequence[EpochRecord]) -> dict[str, np.ndarray]:
    """Records without their seconds; members may be fewer in later ones, so that values of all stand in a row."""
    scores = [record.scores for record in records]
    none = np.zeros(0)
    return {
        "step": np.array([record.step for record in records], dtype=np.int64),
        "members": np.array([len(record.generator_loss) for record in records], dtype=np.int64),
        "generator_loss": np.concatenate([none, *(record.generator_loss for record in records)]),
        "discriminator_loss": np.concatenate([none, *(record.discriminator_loss for record in records)]),
        "scored": np.array([each is not None for each in scores], dtype=np.bool_),
        "scores": np.concatenate([none, *(each for each in scores if each is not None)]),
    }


def from_arrays(part: str, arrays: Mapping[str, np.ndarray]) -> list[EpochRecord]:
    """Inverse of `to_arrays`. Raises BadFileError for what are no records."""
    step = array(part, arrays, "step", "int64", (None,), 0)
    count = len(step)
    members = array(part, arrays, "members", "int64", (count,), 1, 1024)
    scored = array(part, arrays, "scored", "bool", (count,))
    total, of_scores = int(members.sum()), int(members[scored].sum())
    names = ("generator_loss", "discriminator_loss")
    losses = [array(part, arrays, name, "float64", (total,), finite=False) for name in names]
    scores = array(part, arrays, "scores", "float64", (of_scores,), finite=False)
    only(part, arrays, ("step", "members", "scored", "scores", *names))
    ends, of_scored = np.cumsum(members), np.cumsum(members * scored)
    found = []
    for i in range(count):
        own, of_score = slice(ends[i] - members[i], ends[i]), slice(of_scored[i] - members[i], of_scored[i])
        record = EpochRecord(i + 1, int(step[i]), float("nan"), losses[0][own].copy(), losses[1][own].copy())
        record.scores = scores[of_score].copy() if scored[i] else None
        found.append(record)
    return found
