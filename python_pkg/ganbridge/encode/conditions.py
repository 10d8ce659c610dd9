"""Conditions: columns (or labels of waves and images) that are given to both networks and not generated.

Conditional GANs, Mirza and Osindero 2014. Training rows are drawn so that rare levels occur more often, as in CTGAN's
training by sampling (Xu et al. 2019): both networks see the same conditions, and the distribution given a condition
stays what it is.
"""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import Any

import numpy as np

from ..check import came, fail
from ..data import Column, Data, Frame
from ..data.column import NUMBERS
from ..data.table import Given, check_numbers
from ..stored import anything, array, listed, require, values, whole
from .base import State
from .category import ONE_HOT_MOST
from .given import as_condition
from .number import NumberCodec
from .table import TableEncoder

RULES = {"encoder": anything, "places": listed(whole(0))}
POOL = 10_000  # rows of conditions that a fit remembers, to draw from if nothing is given
NEAR = 0.05  # share of the pool's rows that count as near a given number


class Conditions:
    """Conditions of n training rows, their standardized form (n, width), and what may be asked for.

    pool: rows of conditions as they occur together. indices: of the columns in the user's data frame; none if they are
    labels beside the data.
    """

    def __init__(self, encoder: TableEncoder, pool: Frame, indices: list[int]) -> None:
        self.encoder = encoder
        self.pool = pool
        self.indices = indices
        self.width = encoder.width
        self.names = pool.names

    @classmethod
    def fit(cls, rows: Frame, indices: list[int], rng: np.random.Generator, k: int = 1) -> Conditions:
        """Learn the encoding, and remember rows to draw from. k: rows among which their numbers are blurred."""
        encoder = TableEncoder.fit(rows, "quantile", 0.0, k)
        kept = np.arange(rows.rows)
        if rows.rows > POOL:
            # One row of each level at least, whatever else is left out.
            categories = [column for column in rows.columns if not column.numeric]
            first = [np.unique(column.codes, return_index=True)[1] for column in categories]
            must = np.unique(np.concatenate(first)) if first else kept[:0]
            rest = rng.permutation(np.setdiff1d(kept, must))[: max(0, POOL - len(must))]
            kept = np.sort(np.concatenate([must, rest]))
        return cls(encoder, blurred(rows.take(kept), encoder, k, rows.rows, rng), indices)

    def repeats(self, rows: Frame) -> np.ndarray:
        """How often each row is drawn in a pass, (n,): rows of rare levels more than once.

        A combination of levels with a share of s gets a share proportional to its square root: between what the data
        has, and the same for all. What is missing is one level.
        """
        codes = [column.codes for column in rows.columns if not column.numeric]
        if not codes:
            return np.ones(rows.rows, dtype=np.int64)
        _, combination, counts = np.unique(np.stack(codes, 1), axis=0, return_inverse=True, return_counts=True)
        times = np.sqrt(counts.max() / counts).round().astype(np.int64)
        return np.asarray(times[combination.ravel()])

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
        """For each of n rows the index of a pool row that has the given levels, and is near the given numbers."""
        columns = list(given.values())
        values = [np.where(column.missing, 0.0, column.values) for column in columns]
        keys = np.stack([*values, *(column.missing for column in columns)], 1)  # of float64
        _, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        chosen = np.zeros(n, dtype=np.int64)
        for number, row in enumerate(first):
            rows = np.flatnonzero(which.ravel() == number)
            chosen[rows] = rng.choice(self._candidates(columns, int(row)), len(rows))
        return chosen

    def _candidates(self, given: list[Column], row: int) -> np.ndarray:
        """Indices of the pool's rows that have what one row of the given columns has."""
        distance = np.zeros(self.pool.rows)
        fits = np.ones(self.pool.rows, dtype=bool)
        for asked in given:
            column, value = self.pool.columns[self.names.index(asked.name)], asked.values[row]
            if asked.missing[row]:
                fits &= column.missing
            elif column.numeric:
                spread = float(np.std(column.present)) or 1.0
                distance += np.where(column.missing, np.inf, np.abs(column.values - value) / spread)
            else:
                fits &= ~column.missing & (column.values == value)
        candidates = np.flatnonzero(fits & np.isfinite(distance))
        if not len(candidates):  # the levels never occur together: what is not given is drawn from all rows
            return np.arange(self.pool.rows)
        near = max(1, math.ceil(NEAR * len(candidates))) if distance.any() else len(candidates)
        return candidates[np.argsort(distance[candidates], kind="stable")[:near]]

    def given(self, asked: Frame, n: int) -> Frame:
        """What was asked for, as n rows of columns of the training data's types.

        Raises ValueError for a column that is no condition, a level or a number that the training data does not hold,
        and a number of values other than 1 and n.
        """
        names = asked.names
        known = ", ".join(f'"{name}"' for name in self.names)
        for name in names:
            if name not in self.names or names.count(name) > 1:
                fail("given", f"values for some of the fit's conditions ({known}), each once", name)
        columns = []
        forms = asked.forms if isinstance(asked, Given) else ["values"] * len(names)
        for column, form in zip(asked.columns, forms, strict=True):
            if form != "values":
                raise ValueError(
                    f"`given[{column.name}]` must be one value or {n} (as many as `n`), not a {form}. Ranges and sets"
                    " are for tables that were fitted without networks, and so without `condition`."
                )
            like = self.pool.columns[self.names.index(column.name)]
            codec = self.encoder.codecs[self.names.index(column.name)]
            if len(column.values) not in (1, n):
                raise ValueError(
                    f"`given` must have one value or {n} (as many as `n`) for {came(column.name)},"
                    f" not {len(column.values)}."
                )
            converted = as_condition(column, like, codec)
            columns.append(converted.take(np.zeros(n, dtype=np.int64) if len(column.values) == 1 else slice(n)))
        return Frame(columns)

    def merged(self, data: Data, rows: Frame) -> Data:
        """Generated columns and their conditions in the order of the training data."""
        if not isinstance(data, Frame) or not self.indices:
            return data
        columns = list(data.columns)
        for index, column in sorted(zip(self.indices, rows.columns, strict=True), key=lambda pair: pair[0]):
            columns.insert(index, column)
        return Frame(columns, data.like)

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        plain, arrays = self.encoder.to_state()
        arrays |= {f"pool.{name}": values for name, values in self.pool.to_arrays().items()}
        return {"encoder": plain, "places": self.indices}, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Conditions:
        """Inverse of `to_state`."""
        plain = values("conditions", plain, RULES)
        encoder, indices = TableEncoder.from_state(plain["encoder"], arrays), list(plain["places"])
        require(encoder.schema.form == "frame", "`conditions` must be columns of a data frame")
        placed = len(set(indices)) == len(indices) and len(indices) in (0, len(encoder.empty))
        require(placed, "`conditions.places` must be one for each column")
        pool = {name.removeprefix("pool."): part for name, part in arrays.items() if name.startswith("pool.")}
        return cls(encoder, stored_rows("conditions.pool", Frame(encoder.empty), encoder, pool), indices)


def stored_rows(part: str, like: Frame, encoder: TableEncoder, arrays: dict[str, np.ndarray]) -> Frame:
    """Rows of conditions from the arrays of a file. Raises BadFileError for values that its columns can't have."""
    rows: int | None = None
    for i, (column, codec) in enumerate(zip(like.columns, encoder.codecs, strict=True)):
        values_of = array(part, arrays, f"{i}.values", "float64", (rows,))
        rows = len(values_of)
        if f"{i}.missing" in arrays:
            array(part, arrays, f"{i}.missing", "bool", (rows,))
        found = column.like(values_of, arrays.get(f"{i}.missing"))
        require(rows > 0 and codec.holds(found), f"`{part}.{i}.values` must be values of the training data")
    return like.with_arrays(arrays)


def blurred(rows: Frame, encoder: TableEncoder, k: int, n: int, rng: np.random.Generator) -> Frame:
    """The rows with each number moved by up to k / 2 of n rows in its column's order; values that k share stay."""
    if k == 1:
        return rows
    columns = []
    for column, codec in zip(rows.columns, encoder.codecs, strict=True):
        if isinstance(codec, NumberCodec):
            missing = column.missing if codec.scaler else np.ones(rows.rows, dtype=bool)
            column = column.like(codec.blurred(column, k / n, rng), missing)
        columns.append(column)
    return Frame(columns, rows.like)


def split(data: Data, condition: list[Any] | Frame | None) -> tuple[Data, Frame | None, list[int]]:
    """Data to generate, the conditions that are given instead, and the indices that those columns had.

    condition: names of columns of the data, or labels of its rows, which stand beside it and have no index.
    """
    if condition is None:
        return data, None, []
    if isinstance(condition, Frame):
        return data, _as_labels(condition, data.rows), []
    return _without(data, condition)


def _without(data: Data, names: list[Any]) -> tuple[Data, Frame, list[int]]:
    """A data frame without the columns of these names, those columns, and their indices."""
    if not isinstance(data, Frame):
        fail("condition", "one label for each row of an array, or names of columns where `data` is a data frame", names)
        raise AssertionError
    indices = []
    for name in names:
        if data.names.count(name) != 1 or names.count(name) > 1:
            near = get_close_matches(str(name), map(str, data.names), n=1)
            remedy = f'Did you mean "{near[0]}"?' if near and name not in data.names else ""
            fail("condition", "names of columns of `data`, each once", name, remedy)
        indices.append(data.names.index(name))
    free = [column for i, column in enumerate(data.columns) if i not in indices]
    if not free:
        raise ValueError("`condition` must leave at least one column to generate, not name all of them.")
    return Frame(free, data.like), Frame([data.columns[i] for i in indices]), indices


def _as_labels(labels: Frame, rows: int) -> Frame:
    """Labels of so many rows of an array, validated: one for each row, and no infinite one.

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
