"""What went wrong in a fit, in words with remedies: collapse, divergence, copying, too few steps."""

from __future__ import annotations

import math

import numpy as np

from ..data import Data
from ..kinds import Kind
from .distances import coverage, nearest, nearest_distance_ratio
from .regions import SHARED, region

MOST_ROWS = 1000  # on either side of a comparison
NEIGHBOURS = 5  # the distance to this neighbour counts as near, if all rows are distinct
LARGEST_LOSS = 1e4  # losses are of logits, of which a good fit has few beyond 10
FEW_STEPS = 100  # with fewer, no generator comes near all rows
SLOWER = "Lower `generator_lr` and `discriminator_lr`, or leave the settings open."
LEAST_DISTANCE = 0.2  # of generated rows to training rows, in distances among training rows


def diagnose(
    generated: np.ndarray,
    real: np.ndarray,
    data: Data,
    kind: Kind,
    *,
    diverged: bool,
    still_improving: bool,
    copies_matter: bool,
    k: int = 1,
    loss: float = 0.0,
    steps: int | None = None,
) -> list[str]:
    """Findings with remedies; an empty list if nothing was found.

    generated, real: encoded rows (n, width) in the kind's view, in the same order as the rows of `data`. copies_matter:
    whether rows of the data are distinct enough for a copy to mean something. k: training rows that share what a fit
    keeps, by its settings. loss: the largest of the last epoch, by size. steps: that were run; None if that says
    nothing.
    """
    findings = []
    if loss > LARGEST_LOSS:  # whatever else is wrong comes of it
        return [f"divergence: the losses left all bounds ({loss:.2g} at the end). {SLOWER}"]
    if diverged:
        findings.append(f"divergence: the losses were no longer finite, and the last good state was kept. {SLOWER}")
    synthetic = generated[: min(len(real), MOST_ROWS)].astype(np.float64)
    indices = _distinct_rows(real)
    distinct = real[indices].astype(np.float64)
    if len(distinct) > 10:
        covered = coverage(synthetic, distinct, math.ceil(NEIGHBOURS * len(distinct) / len(synthetic)))
        if covered < kind.least_coverage:
            _, closest = nearest(synthetic, distinct)
            where = region(kind.summaries(data), indices[closest], max(k, SHARED))
            few = steps is not None and steps < FEW_STEPS
            remedy = "Leave the settings open, or raise `pack`, `r1` and `r2`, and the number of steps."
            if few:
                remedy = "Networks need hundreds of steps at least. Raise `epochs` or `steps`, or leave both open."
            findings.append(
                (f"unfinished: after {steps} steps " if few else "collapse: ")
                + f"generated {kind.rows} come near {100 * covered:.0f} % of the training {kind.rows} only"
                f" ({100 * kind.usual_coverage:.0f} % is usual)"
                + (f"; most lie where {where}." if where else ".")
                + f" {remedy}"
            )
    if copies_matter and len(distinct) > 10 and nearest_distance_ratio(synthetic, distinct) < LEAST_DISTANCE:
        findings.append(
            f"copying: generated {kind.rows} lie much closer to training {kind.rows} than training {kind.rows} to each"
            " other. Use fewer steps or smaller networks, or more data."
        )
    if still_improving:
        findings.append(
            "unfinished: the score was still improving when all steps had been run. Raise `steps` or `epochs`."
        )
    return findings


def _distinct_rows(real: np.ndarray) -> np.ndarray:
    """Indices of rows (n, width), at most `MOST_ROWS` of them.

    Equal rows count once, because the distance between them is 0; the fewer are left, the fewer are near.
    """
    indices = np.arange(len(real))
    if len(real) > MOST_ROWS:
        indices = np.sort(np.random.default_rng(0).choice(len(real), MOST_ROWS, replace=False))
    return np.asarray(indices[np.sort(np.unique(real[indices], axis=0, return_index=True)[1])])
