"""One look at all rows of a table that doesn't fit into memory: a random sample, and what all of its columns hold.

The sample has, after its random rows, a few more: for each column the first row of each level, the first one in which
it is missing, and those with its lowest and its highest value, as far as the random rows hold none such. So nothing
lies outside what the sample holds, but for columns with very many rare levels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..check import came
from ..config import SAMPLED_CELLS, SAMPLED_ROWS
from .arrow import coded_array, missing_of
from .batches import Batches
from .foreign import from_arrow, pyarrow
from .pandas import columns_of
from .table import Frame

MOST_LEVELS = 100_000  # of a column that are counted
RARE = 0.05  # rows with rare levels of a column beside the random ones, for each of these, at most
LISTED = 5  # columns in an error

Tell = Callable[[int, int], Any]  # rows that were read, of how many


def sampled_rows(rows: int, columns: int) -> int:
    """Rows of a random sample of a table."""
    return min(rows, SAMPLED_ROWS, max(2, SAMPLED_CELLS // columns))


def sample_of(batches: Batches, most: int, seed: int) -> Frame:
    """Random rows of a table, in their order, and nothing else."""
    rows = np.sort(np.random.default_rng(seed).choice(batches.rows, min(most, batches.rows), replace=False))
    parts = [part for _, part in _chosen(batches, rows)]
    return _frame(batches, parts)


def _chosen(batches: Batches, rows: np.ndarray) -> Iterator[tuple[Any, Any]]:
    """Each batch, and its rows with these numbers."""
    start = 0
    for batch in batches:
        first, end = np.searchsorted(rows, [start, start + batch.num_rows])
        yield batch, batch.take(_indices(rows[first:end] - start))
        start += batch.num_rows


def _indices(rows: np.ndarray) -> Any:
    return pyarrow("record batches").array(rows)


def _frame(batches: Batches, parts: list[Any]) -> Frame:
    pa = pyarrow("record batches")
    return Frame(columns_of(from_arrow(pa.Table.from_batches(parts, batches.schema)), batches.argument))


@dataclass(frozen=True, eq=False)
class Survey:
    """What was found in all rows. sample: random rows, and rows with rare values after the first `random` ones.

    levels: by the index of a category, rows of each label of the sample's column, and last of what is missing; None if
    there are too many. missing: rows in which each column is missing. tell: whom to tell how many rows are read.
    """

    batches: Batches
    sample: Frame
    random: int
    levels: list[np.ndarray | None]
    missing: list[int]
    tell: Tell | None

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return self.batches.rows


class Surveyed(Frame):
    """A sample of a table that doesn't fit into memory, with what was found in all of its rows."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(survey.sample.columns)
        self.survey = survey


def survey(batches: Batches, seed: int, tell: Tell | None = None) -> Survey:
    """Read all rows once."""
    rows = sampled_rows(batches.rows, len(batches.schema.names))
    chosen = np.sort(np.random.default_rng(seed).choice(batches.rows, rows, replace=False))
    found = [_Found(i, numeric=_is_number(field.type)) for i, field in enumerate(batches.schema)]
    parts, rare, numbers, done = list[Any](), list[Any](), list[np.ndarray](), 0
    for batch, part in _chosen(batches, chosen):
        parts.append(part)
        kept = sorted({row for each in found for row in each.look(batch, len(rare), part)})
        place = {row: i for i, row in enumerate(kept)}
        for each in found:
            each.keep(place)
        rare.append(batch.take(_indices(np.array(kept, dtype=np.int64))))
        numbers.append(done + np.array(kept, dtype=np.int64))
        done += batch.num_rows
        if tell is not None:
            tell(done, batches.rows)
    needed = sorted({at for each in found for at in each.needed(batches.rows, int(RARE * rows))})
    extra = [rare[part].slice(row, 1) for part, row in needed if not _holds(chosen, numbers[part][row])]
    frame = _frame(batches, parts + extra)
    levels = [
        each.counted(column.labels) if not column.numeric else None
        for each, column in zip(found, frame.columns, strict=True)
    ]
    return Survey(batches, frame, rows, levels, [each.missing for each in found], tell)


def _holds(rows: np.ndarray, row: int) -> bool:
    """Whether a number is among rising ones."""
    place = int(np.searchsorted(rows, row))
    return place < len(rows) and bool(rows[place] == row)


def _is_number(of_type: Any) -> bool:
    pa = pyarrow("Arrow's types")
    categories = (pa.types.is_boolean, pa.types.is_string, pa.types.is_large_string, pa.types.is_dictionary)
    return not any(check(of_type) for check in categories)


class _Found:
    """What was found of one column so far. first: rows that are kept of it: key -> (part, row within it)."""

    def __init__(self, index: int, numeric: bool) -> None:
        self.index, self.numeric, self.missing = index, numeric, 0
        self.counts: dict[Any, int] | None = None if numeric else {}
        self.sampled = set[Any]()  # levels, and None for a missing value, that random rows hold
        self.kept: dict[Any, tuple[int, int]] = {}
        self.waiting: dict[Any, tuple[int, int]] = {}
        self.ends: list[float] = [np.inf, -np.inf]

    def look(self, batch: Any, part: int, chosen: Any) -> list[int]:
        """Rows of a batch that have to be kept. chosen: its random rows."""
        array = batch.column(self.index)
        missing = missing_of(array)
        self.waiting = {}
        if missing.any():
            self.missing += int(missing.sum())
            if None not in self.kept:
                self.waiting[None] = part, int(missing.argmax())
        if missing_of(chosen.column(self.index)).any():
            self.sampled.add(None)
        if self.numeric:
            self._look_at_numbers(array, missing, part)
        elif self.counts is not None:
            self._look_at_levels(array, chosen.column(self.index), part)
        return [row for _, row in self.waiting.values()]

    def _look_at_numbers(self, array: Any, missing: np.ndarray, part: int) -> None:
        if missing.all():
            return
        values = array.to_numpy(zero_copy_only=False)
        if values.dtype == object:  # decimals and the like, of which a data frame tells what is wrong with them
            return
        if values.dtype.kind in "mM":
            values = values.astype(np.int64)
        for end, (least, sign) in enumerate((("lowest", 1.0), ("highest", -1.0))):
            signed = np.where(missing, np.inf, values.astype(np.float64) * sign)
            row = int(signed.argmin())
            if signed[row] < self.ends[end] * (1.0 if end == 0 else -1.0):
                self.ends[end] = float(signed[row]) * sign
                self.waiting[least] = part, row

    def _look_at_levels(self, array: Any, chosen: Any, part: int) -> None:
        assert self.counts is not None
        coded = coded_array(array)
        labels = coded.dictionary.to_pylist()
        codes = coded.indices.fill_null(len(labels)).to_numpy(zero_copy_only=False)
        counts = np.bincount(codes, minlength=len(labels) + 1)
        new = {code for code in np.flatnonzero(counts[:-1]).tolist() if labels[code] not in self.counts}
        for code in np.flatnonzero(counts[:-1]).tolist():
            self.counts[labels[code]] = self.counts.get(labels[code], 0) + int(counts[code])
        if new:
            found, first = np.unique(codes, return_index=True)
            for code, row in zip(found.tolist(), first.tolist(), strict=True):
                if code in new:
                    self.waiting[labels[code]] = part, row
        of_chosen = coded_array(chosen)
        occurring = np.unique(of_chosen.indices.drop_null().to_numpy(zero_copy_only=False))
        drawn = of_chosen.dictionary.to_pylist()
        self.sampled |= {drawn[code] for code in occurring.tolist()}
        if len(self.counts) > MOST_LEVELS:
            self.counts, self.sampled = None, self.sampled & {None}
            self.waiting = {key: at for key, at in self.waiting.items() if key is None}
            self.kept = {key: at for key, at in self.kept.items() if key is None}

    def keep(self, place: dict[int, int]) -> None:
        """place: where each kept row of the batch stands in its part."""
        self.kept |= {key: (part, place[row]) for key, (part, row) in self.waiting.items()}

    def needed(self, rows: int, most: int) -> list[tuple[int, int]]:
        """The kept rows that the random ones don't make superfluous.

        Of levels at most so many, the most frequent ones; none if most of the table's rows have a level of their own.
        """
        left = {key: at for key, at in self.kept.items() if key not in self.sampled}
        if self.counts is None:
            return list(left.values())
        counts = self.counts
        levels = sorted((key for key in left if key is not None), key=lambda key: -counts[key])
        levels = [] if len(counts) > rows / 2 else levels[:most]
        return [left[key] for key in (*levels, *({None} & left.keys()))]

    def counted(self, labels: list[Any]) -> np.ndarray | None:
        """Rows of each label, and of what is missing."""
        if self.counts is None:
            nothing = self.numeric and not labels  # no value at all, and so no type
            return np.array([self.missing]) if nothing else None
        counts = {str(label): count for label, count in self.counts.items()}
        return np.array([counts.get(str(label), 0) for label in labels] + [self.missing], dtype=np.int64)


def check_levels(survey: Survey, names: set[str]) -> None:
    """Raise ValueError for columns of those names that have more levels than are counted."""
    columns = zip(survey.sample.columns, survey.levels, strict=True)
    columns = zip(survey.sample.columns, survey.levels, strict=True)
    many = [c.name for c, counts in columns if not c.numeric and counts is None and str(c.name) in names]
    if many:
        words = ", ".join(map(came, many[:LISTED])) + (", ..." if len(many) > LISTED else "")
        raise ValueError(
            f"`{survey.batches.argument}` must have columns of at most {MOST_LEVELS:,} levels each if it doesn't fit"
            f' into memory, not more as {words}. Set `roles` in the config: "identifier" or "drop" for them.'
        )
