"""Rows of a fit to a file, part by part: memory does not grow with them, and an interrupted call goes on."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data import Data, Frame
from ..data.files import Format
from ..data.parts import Parts
from ..data.table import Given
from ..data.write import as_rows, write_table
from ..training.streams import stream_seed
from ..training.threads import torch_threads

if TYPE_CHECKING:
    from .fitted import FittedGan

PART_ROWS = 2**17  # of a part, at least, but for the last one

Tell = Callable[[int, int, float], Any]  # rows, of how many, after how many seconds


def write_sample(
    gan: FittedGan,
    file: Path,
    of_format: Format,
    n: int,
    seed: int | None,
    given: Frame | None,
    tell: Tell | None = None,
) -> int:
    """Write the rows of a sample to a file; returns the seed. tell: called after each part."""
    if gan.identifiers is not None:
        gan.identifiers.refuse_given(given)
    several = given is not None and any(
        form == "values" and len(column.values) > 1
        for column, form in zip(given.columns, getattr(given, "forms", ["values"] * len(given.columns)), strict=True)
    )
    if n <= PART_ROWS or several:  # with a condition for each row there is memory for all of them
        used = gan.chosen_seed(seed)
        data, _ = gan.sample_data(n, used, given)
        write_table(file, as_rows(data.to_python()), of_format, data.columns)
        return used
    parts = Parts(file, of_format)
    fingerprint = {"fit": hashlib.sha256(gan.to_bytes()).hexdigest(), "given": _fingerprint(given)}
    known = parts.known()
    if seed is None and known is not None and {**known, "seed": 0} == {**fingerprint, "seed": 0}:
        seed = known["seed"]  # of the call that did not get to its end
    used = gan.chosen_seed(seed)
    with torch_threads(gan.settings.threads):
        _write_parts(gan, parts, {**fingerprint, "seed": used}, n, used, given, tell)
    return used


def _write_parts(
    gan: FittedGan, parts: Parts, about: dict[str, Any], n: int, seed: int, given: Frame | None, tell: Tell | None
) -> None:
    start, drawn = time.monotonic(), gan.sampler.parts(n, seed, given)
    first = next(drawn)  # what can't be drawn is refused before anything is left behind
    written = parts.open(about, n)
    rows = before = written[-1].rows if written else 0
    drawn = gan.sampler.parts(n, seed, given, written[-1].after or 0) if written else chain([first], drawn)
    made_up = None if gan.identifiers is None else gan.identifiers.rows(stream_seed(seed, "identifiers"))
    if made_up is not None:
        made_up.skip(rows)
    for part, after in _collected(drawn, n - rows):
        data = part if made_up is None else made_up.merged(part)
        rows += data.rows
        table = as_rows(data.to_python())
        written.append(parts.add(data.columns, table, len(written), rows, after if rows < n else None))
        if tell is not None:
            tell(rows, n, (time.monotonic() - start) * (n - rows) / (rows - before))
    parts.finish(written)


def _collected(drawn: Iterator[tuple[int, Data]], n: int) -> Iterator[tuple[Data, int]]:
    """n rows in parts of at least PART_ROWS, each with the block after it; the last one is cut off."""
    waiting, rows = list[Data](), 0
    while n > 0:
        after, data = next(drawn)
        waiting.append(data)
        rows += data.rows
        if rows >= min(n, PART_ROWS):
            yield waiting[0].followed_by(waiting[1:]).first(n), after
            n, waiting, rows = n - rows, [], 0


def _fingerprint(given: Frame | None) -> str | None:
    """What is asked for, as a short text."""
    if given is None:
        return None
    forms = given.forms if isinstance(given, Given) else []
    columns = [
        [column.to_dict(), np.where(column.missing, 0.0, column.values).tolist(), column.missing.tolist()]
        for column in given.columns
    ]
    return hashlib.sha256(json.dumps([columns, forms], sort_keys=True).encode()).hexdigest()
