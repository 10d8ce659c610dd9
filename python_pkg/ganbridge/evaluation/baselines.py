"""What is compared with what: generated rows with real ones, and real rows with real ones in the same numbers.

A distance between samples depends on how many rows they have. So the baseline takes as many rows as the value does:
with a holdout, the holdout in the place of the generated rows; without one, one half of the real rows, and both are
compared with the other half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..data import Data
from .matching import SYNTHETIC
from .registry import THINGS
from .sides import SIDES, Side


@dataclass(frozen=True, eq=False)
class Comparison:
    """`generated` is judged against `reference`, and the baseline is `other` against `reference`, in equal numbers.

    all_generated, real, holdout: all there is, for what does not depend on the number of rows. notes: what was done, in
    sentences. frechet: which metric the Frechet distance between points is, for images.
    """

    generated: Side
    other: Side
    reference: Side
    all_generated: Side
    real: Side
    holdout: Side | None
    notes: list[str]
    frechet: str = ""

    @property
    def rows(self) -> tuple[int, int]:
        """Rows that are compared: generated and real ones."""
        return self.generated.rows, self.reference.rows


def compare(
    kind: str, synthetic: Data, real: Data, holdout: Data | None, seed: int, labels: np.ndarray | None = None
) -> Comparison:
    """Bring the data into their forms, and choose the rows, by `seed`. labels: codes (n,) of real images."""
    data = {"real": real, SYNTHETIC: synthetic} | ({} if holdout is None else {"holdout": holdout})
    seen = SIDES[kind](data, labels, seed)
    sides, what = seen.sides, THINGS[kind]
    rng = np.random.default_rng(seed)
    original, generated = sides[0], sides[1]
    untaught, of_all = original, "all"
    if len(seen.taught):
        untaught, of_all = original.take(np.setdiff1d(np.arange(original.rows), seen.taught)), "the other ones"
    if holdout is not None:
        reference, other = untaught, sides[2]
        count = min(generated.rows, other.rows)
        notes = [
            f"Value: {count:,} generated {what} beside {reference.rows:,} real ones.",
            f"Baseline: {count:,} holdout {what} beside the same real ones.",
        ]
    else:
        order = rng.permutation(untaught.rows)
        half = math.ceil(untaught.rows / 2)
        reference, other = untaught.take(np.sort(order[:half])), untaught.take(np.sort(order[half:]))
        count = min(generated.rows, other.rows)
        notes = [
            f"Value: {count:,} generated {what} beside {half:,} real ones, one half of {of_all}.",
            f"Baseline: {count:,} real {what} of the other half beside the same ones.",
        ]
    return Comparison(
        some(generated, count, rng),
        some(other, count, rng),
        reference,
        generated,
        original,
        sides[2] if holdout is not None else None,
        [*seen.notes, *notes],
        seen.frechet,
    )


def some(side: Side, count: int, rng: np.random.Generator) -> Side:
    """At most so many rows, drawn by `rng`."""
    if side.rows <= count:
        return side
    return side.take(np.sort(rng.choice(side.rows, count, replace=False)))
