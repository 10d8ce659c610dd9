"""Which rows of a sample are shown, and whether a sample is a trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check


def chosen_rows(ids: Sequence[int] | None, rows: str, most: int, limit: int | None = None) -> list[int]:
    """The rows that are asked for, counted from 0, of `limit` rows (None: of as many as one likes).

    rows: what they are called, for errors. most: how many are shown if `ids` is None.
    """
    if ids is None:
        return list(range(most if limit is None else min(most, limit)))
    wanted = f"indices of {rows}, counted from 0"
    last = check.SEED_LIMIT if limit is None else limit - 1
    given = list(ids) if isinstance(ids, range) else ids
    chosen = check.sequence("ids", given, lambda name, value: check.whole(name, value, 0, last), wanted)
    if not chosen:
        check.fail("ids", f"{wanted}, at least one", ids)
    return list(chosen)


def epochs_and_samples(samples: Any) -> list[tuple[int, Any]] | None:
    """Pairs of an epoch and its sample, or None if `samples` is one sample."""
    if not isinstance(samples, (list, tuple)) or not all(
        isinstance(entry, tuple) and len(entry) == 2 and np.ndim(entry[0]) == 0 and not np.isscalar(entry[1])
        for entry in samples
    ):
        return None
    if not samples:
        check.fail("samples_or_fit", "a trace with samples", samples, "Fit with a smaller `trace`.")
    return [(int(epoch), sample) for epoch, sample in samples]
