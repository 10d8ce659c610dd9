"""Conditions: columns (or labels of waves and images) that are given to both networks and not generated.

Conditional GANs, Mirza and Osindero 2014. Training rows are drawn so that rare levels are met more often, as in CTGAN's
training by sampling (Xu et al. 2019): both networks see the same conditions, and the distribution given a condition
stays what it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..check import came, fail
from ..data.array import Data
from ..data.column import CATEGORIES, NUMBERS, Column
from ..data.table import Frame, check_numbers
from .category import ONE_HOT_MOST
from .given import as_levels, as_numbers
from .table import TableEncoder

POOL = 10_000  # rows of conditions that a fit remembers, to draw from where nothing is given
NEAR = 0.05  # share of the pool's rows that count as near a given number


class Conditions:
    """Conditions of n training rows, their standardized form (n, width), and what may be asked for.

    pool: rows of conditions as they occur together. places: where the columns stand in the user's data frame; empty
    where they are labels beside the data.
    """

    def __init__(self, encoder: TableEncoder, pool: Frame, places: list[int]) -> None:
        self.encoder = encoder
        self.pool = pool
        self.places = places
        self.width = encoder.width
        self.names = [column.name for column in pool.columns]

    @classmethod
    def fit(cls, rows: Frame, places: list[int], rng: np.random.Generator) -> Conditions:
        """Learn the encoding, and remember rows to draw from."""
        encoder = TableEncoder.fit(rows, "quantile", 0.0)
        kept = np.arange(rows.rows)
        if rows.rows > POOL:
            # One row of each level at least, whatever else is left out.
            first = [np.unique(_cells(column), return_index=True)[1] for column in rows.columns if _is_category(column)]
            must = np.unique(np.concatenate(first)) if first else kept[:0]
            rest = rng.permutation(np.setdiff1d(kept, must))[: max(0, POOL - len(must))]
            kept = np.sort(np.concatenate([must, rest]))
        return cls(encoder, rows.take(kept), places)

    def repeats(self, rows: Frame) -> np.ndarray:
        """How often each row is met in a pass, (n,): rows of rare levels more than once.

        A combination of levels with a share of s gets a share proportional to its square root: between what the data
        has, and the same for all.
        """
        cells = [_cells(column) for column in rows.columns if _is_category(column)]
        if not cells:
            return np.ones(rows.rows, dtype=np.int64)
        _, number, counts = np.unique(np.stack(cells, 1), axis=0, return_inverse=True, return_counts=True)
        times = np.sqrt(counts.max() / counts).round().astype(np.int64)
        return np.asarray(times[number.ravel()])

    def draw(self, n: int, rng: np.random.Generator, given: Frame | None = None) -> Frame:
        """n rows of conditions as they occur, or as they are given; `given` has n rows of some of the columns."""
        if given is None:
            return self.pool.take(rng.integers(self.pool.rows, size=n))
        columns = {column.name: column for column in given.columns}
        all_given = len(columns) == len(self.names)
        drawn = given if all_given else self.pool.take(self._matching(columns, n, rng))
        by_name = {column.name: column for column in drawn.columns} | columns
        return Frame([by_name[name] for name in self.names])

    def _matching(self, given: dict[Any, Column], n: int, rng: np.random.Generator) -> np.ndarray:
        """For each of n rows the number of a pool row that has the given levels, and is near the given numbers."""
        keys = np.stack([_cells(column) for column in given.values()], 1)
        different, which = np.unique(keys, axis=0, return_inverse=True)
        chosen = np.zeros(n, dtype=np.int64)
        for number, key in enumerate(different):
            rows = np.flatnonzero(which.ravel() == number)
            chosen[rows] = rng.choice(self._candidates(list(given), key), len(rows))
        return chosen

    def _candidates(self, names: list[Any], key: np.ndarray) -> np.ndarray:
        far = np.zeros(self.pool.rows)
        fits = np.ones(self.pool.rows, dtype=bool)
        for name, value in zip(names, key, strict=True):
            column = self.pool.columns[self.names.index(name)]
            cells = _cells(column)
            if _is_category(column) or not np.isfinite(value):
                fits &= (cells == value) | (np.isnan(cells) & np.isnan(value))
            else:
                spread = float(np.std(column.present)) or 1.0
                far += np.where(np.isnan(cells), np.inf, np.abs(cells - value) / spread)
        found = np.flatnonzero(fits & np.isfinite(far))
        if not len(found):  # the levels never occur together: what is not given is drawn from all rows
            return np.arange(self.pool.rows)
        near = max(1, math.ceil(NEAR * len(found))) if far.any() else len(found)
        return found[np.argsort(far[found], kind="stable")[:near]]

    def given(self, asked: Frame, n: int) -> Frame:
        """What was asked for, as n rows of columns of the training data's types.

        Raises ValueError for a column that is no condition, a level or a number that the training data does not hold,
        and a number of values other than 1 and n.
        """
        names = [column.name for column in asked.columns]
        known = ", ".join(f'"{name}"' for name in self.names)
        for name in names:
            if name not in self.names or names.count(name) > 1:
                fail("given", f"values for some of the fit's conditions ({known}), each once", name)
        columns = []
        for column in asked.columns:
            like = self.pool.columns[self.names.index(column.name)]
            codec = self.encoder.codecs[self.names.index(column.name)]
            if len(column.values) not in (1, n):
                raise ValueError(
                    f"`given` must have one value or {n} (as many as `n`) for {came(column.name)},"
                    f" not {len(column.values)}."
                )
            converted = as_levels(column, like, codec) if _is_category(like) else as_numbers(column, like, codec)
            columns.append(converted.take(np.zeros(n, dtype=np.int64) if len(column.values) == 1 else slice(n)))
        return Frame(columns)

    def merged(self, data: Data, rows: Frame) -> Data:
        """Generated columns and their conditions in the order of the training data."""
        if not isinstance(data, Frame) or not self.places:
            return data
        columns = list(data.columns)
        for place, column in sorted(zip(self.places, rows.columns, strict=True), key=lambda pair: pair[0]):
            columns.insert(place, column)
        return Frame(columns, data.like)

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""
        plain, arrays = self.encoder.to_state()
        arrays |= {f"pool.{name}": values for name, values in self.pool.to_arrays().items()}
        return {"encoder": plain, "places": self.places}, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Conditions:
        """Inverse of `to_state`."""
        encoder = TableEncoder.from_state(plain["encoder"], arrays)
        pool = {name.removeprefix("pool."): values for name, values in arrays.items() if name.startswith("pool.")}
        return cls(encoder, Frame(encoder.empty).with_arrays(pool), list(plain["places"]))


def _is_category(column: Column) -> bool:
    return column.type in CATEGORIES


def _cells(column: Column) -> np.ndarray:
    """Values with NaN where they are missing."""
    return column.values if column.missing is None else np.where(column.missing, np.nan, column.values)


def split(data: Data, names: Sequence[Any]) -> tuple[Data, Frame, list[int]]:
    """A data frame without the columns of these names, those columns, and where they stood."""
    if not isinstance(data, Frame):
        fail("condition", "one label for each row of an array, or names of columns where `data` is a data frame", names)
        raise AssertionError
    known = [column.name for column in data.columns]
    places = []
    for name in names:
        if known.count(name) != 1 or names.count(name) > 1:
            from difflib import get_close_matches

            near = get_close_matches(str(name), [str(k) for k in known], n=1)
            fail(
                "condition",
                "names of columns of `data`, each once",
                name,
                f'Did you mean "{near[0]}"?' if near and name not in known else "",
            )
        places.append(known.index(name))
    free = [column for i, column in enumerate(data.columns) if i not in places]
    if not free:
        raise ValueError("`condition` must leave at least one column to generate, not name all of them.")
    return Frame(free, data.like), Frame([data.columns[i] for i in places]), places


def as_labels(labels: Frame, rows: int) -> Frame:
    """Labels of an array's rows, once it is known that there is one for each, and no infinite one.

    Few different whole numbers are classes: they become levels.
    """
    check_numbers(labels.columns, "condition")
    if labels.rows != rows:
        raise ValueError(f"`condition` must have one label for each row of `data` ({rows}), not {labels.rows}.")
    return Frame([_as_classes(column) for column in labels.columns])


def _as_classes(column: Column) -> Column:
    values = np.unique(column.present)
    if column.type not in NUMBERS or len(values) > ONE_HOT_MOST or not (values == np.rint(values)).all():
        return column
    codes = np.searchsorted(values, column.values).clip(0, max(0, len(values) - 1)).astype(np.float64)
    levels = [int(value) for value in values]
    return Column(column.name, "factor", codes, "category[int64]", levels, column.missing)
