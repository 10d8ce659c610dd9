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
) -> list[str]:
    """Findings with remedies; an empty list if nothing was found.

    generated, real: encoded rows (n, width) in the kind's view, in the same order as the rows of `data`. copies_matter:
    whether rows of the data are distinct enough for a copy to mean something. k: training rows that share what a fit
    keeps, by its settings.
    """
    findings = []
    if diverged:
        findings.append(
            "divergence: the losses were no longer finite, and the last good state was kept."
            " Lower `generator_lr` and `discriminator_lr`, or leave the settings open."
        )
    synthetic = generated[: min(len(real), MOST_ROWS)].astype(np.float64)
    indices = _distinct_rows(real)
    distinct = real[indices].astype(np.float64)
    if len(distinct) > 10:
        covered = coverage(synthetic, distinct, math.ceil(NEIGHBOURS * len(distinct) / len(synthetic)))
        if covered < kind.least_coverage:
            _, closest = nearest(synthetic, distinct)
            where = region(kind.summaries(data), indices[closest], max(k, SHARED))
            findings.append(
                f"collapse: generated {kind.rows} come near {100 * covered:.0f} % of the training {kind.rows} only"
                f" ({100 * kind.usual_coverage:.0f} % is usual)"
                + (f"; most lie where {where}." if where else ".")
                + " Leave the settings open, or raise `pack`, `r1` and `r2`, and the number of steps."
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
