"""Tables: each column standardized on its own; a column that holds one value only is remembered and takes no room."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..check import fail
from ..data.array import Data, Noise
from ..data.column import CATEGORIES, EXACT, TIMES, Column
from ..data.table import Frame, Matrix
from .category import CategoryColumn, Cells
from .column import NumericColumn


class NumberColumn:
    """A column of numbers, dates or time spans: its value, and whether it is missing where any is.

    value: the encoding; None where all are missing. grid: first value and distance of dates and times that all lie so
    many days or seconds apart (every Monday, every full hour); they are encoded as whole numbers of those.
    """

    def __init__(
        self, value: NumericColumn | None, missing_share: float, grid: tuple[float, float] = (0.0, 1.0)
    ) -> None:
        self.value = value
        self.grid = grid
        self.missing_share = missing_share
        self.points = Cells(np.array([1.0 - missing_share, missing_share]) if 0.0 < missing_share < 1.0 else np.ones(1))
        self.values = int(value is not None and not value.constant)
        self.width = self.values + self.points.width
        normal = value is not None and value.scaling == "quantile"
        self.normal = np.concatenate([np.full(self.values, normal), self.points.normal])

    @classmethod
    def fit(cls, column: Column, scaling: str) -> NumberColumn:
        """Learn the encoding of the values that are there."""
        there = column.present
        share = 1.0 - len(there) / len(column.values)
        if not len(there):
            return cls(None, 1.0)
        if column.type in TIMES:
            first, distance = _grid_of(there)
            return cls(NumericColumn.fit((there - first) / distance, column.type, scaling), share, (first, distance))
        dtype = "" if column.dtype.startswith("object") else column.dtype
        return cls(NumericColumn.fit(there, column.type, scaling, dtype), share)

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest value of the training data."""
        if self.value is None:
            return math.nan, math.nan
        return self.grid[0] + self.value.low * self.grid[1], self.grid[0] + self.value.high * self.grid[1]

    def encode(self, column: Column, rng: np.random.Generator) -> np.ndarray:
        """Standardized form (n, width); where a value is missing, its number is drawn from the margin."""
        parts = []
        if self.values and self.value is not None:
            numbers = self.value.encode((column.values - self.grid[0]) / self.grid[1], rng)
            if column.missing is not None:
                # A row that is missing in this column lies anywhere in it: what is there keeps its distribution.
                # Where that is known, it does not depend on the other rows: what is given may be nothing but missing.
                count = int(column.missing.sum())
                known = self.value.scaling == "quantile"
                margin = rng.standard_normal(count) if known else rng.choice(numbers[~column.missing], count)
                numbers[column.missing] = margin
            parts.append(numbers[:, None])
        if self.points.width:
            gone = np.zeros(len(column.values), dtype=np.int64) if column.missing is None else column.missing
            parts.append(self.points.encode(gone.astype(np.int64), rng))
        return np.concatenate(parts, axis=1) if parts else np.zeros((len(column.values), 0))

    def decode(self, encoded: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
        """Values (n,) and a mask of what is missing (n,)."""
        if self.value is None:
            return np.zeros(len(encoded)), np.ones(len(encoded), dtype=bool)
        numbers = encoded[:, 0] if self.values else np.zeros(len(encoded))
        gone = self.points.decode(encoded[:, self.values :]) == 1
        return self.grid[0] + self.grid[1] * self.value.decode(numbers.astype(np.float64), margin), gone

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows (n, width) for the right share of missing values."""
        return np.concatenate([np.zeros(self.values), self.points.offsets(generated[:, self.values :])])

    @property
    def may_be_missing(self) -> bool:
        """Whether any value was missing."""
        return self.missing_share > 0.0

    def words(self) -> str:
        """The encoding in few words."""
        what = "constant" if self.value is None or self.value.constant else self.value.scaling
        return what + (" + missing" if self.points.width else "")

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""
        plain = {"codec": "number", "missing_share": self.missing_share, "grid": list(self.grid), "value": None}
        if self.value is None:
            return plain, {}
        knots = {"knots": self.value.knots} if self.value.knots.size else {}
        return plain | {"value": self.value.to_dict()}, knots

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> NumberColumn:
        """Inverse of `to_state`."""
        value = None if plain["value"] is None else NumericColumn(**plain["value"])
        if value is not None and "knots" in arrays:
            value.knots = arrays["knots"]
        return cls(value, plain["missing_share"], (plain["grid"][0], plain["grid"][1]))


def _grid_of(values: np.ndarray) -> tuple[float, float]:
    """The first value, and the largest whole number that divides all distances to it; (0, 1) where there is none."""
    first = float(values.min())
    distances = values - first
    if not (distances == np.rint(distances)).all() or distances.max() > EXACT:
        return 0.0, 1.0
    distance = int(np.gcd.reduce(distances.astype(np.int64)))
    return (first, float(distance)) if distance > 1 else (0.0, 1.0)


def _check_scaling(data: Data, scaling: dict[str, str]) -> None:
    known = [str(column.name) for column in data.columns if column.type not in CATEGORIES]
    for name in scaling:
        if name not in known:
            words = ", ".join(f'"{entry}"' for entry in known[:10]) + (", ..." if len(known) > 10 else "")
            fail("scaling", f"for columns of numbers, dates or times ({words})", name)


class TableEncoder:
    """Data of n rows <-> float32 array of shape (n, width).

    empty: the columns as the training data had them, without a row. codecs: how each is encoded. places: which of the
    encoded numbers are its own.
    """

    kind = "table"
    grid = None

    def __init__(
        self, empty: list[Column], codecs: list[NumberColumn | CategoryColumn], schema: dict[str, Any], margin: float
    ) -> None:
        self.empty = empty
        self.codecs = codecs
        self.schema = schema
        self.range_margin = margin
        ends = np.cumsum([0, *(codec.width for codec in codecs)])
        self.places = [slice(int(a), int(b)) for a, b in itertools.pairwise(ends)]
        # With nothing but constant columns the networks still need one number to work on.
        self.width = max(1, int(ends[-1]))

    @classmethod
    def fit(cls, data: Data, scaling: str | dict[str, str], range_margin: float) -> TableEncoder:
        """Learn each column's encoding. scaling: of columns of numbers, dates and times, or of some of them by name."""
        if isinstance(scaling, dict):
            _check_scaling(data, scaling)
        codecs: list[NumberColumn | CategoryColumn] = []
        for column in data.columns:
            if column.type in CATEGORIES:
                codecs.append(CategoryColumn.fit(column.values, column.missing, column.type == "ordered"))
            else:
                own = scaling.get(str(column.name), "auto") if isinstance(scaling, dict) else scaling
                codecs.append(NumberColumn.fit(column, "quantile" if own == "auto" else own))
        empty = [column.take(slice(0)) for column in data.columns]
        schema: dict[str, Any] = {"form": "frame" if isinstance(data, Frame) else "matrix", "rows": data.rows}
        if isinstance(data, Matrix):
            schema |= {"names": data.names, "type": data.type, "dtype": data.dtype}
        else:
            schema |= {
                "names": [column.name for column in empty],
                "types": [column.type for column in empty],
                "encodings": [codec.words() for codec in codecs],
                "like": data.like if isinstance(data, Frame) else "",
            }
        return cls(empty, codecs, schema, range_margin)

    @property
    def normal(self) -> np.ndarray:
        """Which of the encoded numbers follow the standard normal distribution in the training data (width,)."""
        return np.concatenate([*(codec.normal for codec in self.codecs), np.zeros(self.width, dtype=bool)])[
            : self.width
        ]

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows, (width,), so that levels and missing values get their shares."""
        parts = [codec.offsets(generated[:, place]) for codec, place in zip(self.codecs, self.places, strict=True)]
        return np.concatenate([*parts, np.zeros(self.width)])[: self.width]

    def present(self, generated: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Places of values that may be missing, and in which of the generated rows (n, width) each is not (n,)."""
        for codec, place in zip(self.codecs, self.places, strict=True):
            first = codec.values if isinstance(codec, NumberColumn) else int(codec.ranked)
            if first and codec.points.width:
                yield place.start, codec.points.decode(generated[:, place][:, first:]) == 0

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized columns, float32 of shape (n, width)."""
        encoded = np.zeros((data.rows, self.width), dtype=np.float32)
        for column, codec, place in zip(data.columns, self.codecs, self.places, strict=True):
            if isinstance(codec, CategoryColumn):
                encoded[:, place] = codec.encode(column.values, column.missing, rng)
            else:
                encoded[:, place] = codec.encode(column, rng)
        return encoded

    def decode(self, encoded: np.ndarray, rng: Noise) -> Data:
        """Data like the training data from standardized columns (n, width)."""
        columns = []
        for like, codec, place in zip(self.empty, self.codecs, self.places, strict=True):
            if isinstance(codec, CategoryColumn):
                columns.append(like.like(*codec.decode(encoded[:, place])))
            else:
                columns.append(like.like(*codec.decode(encoded[:, place], self.range_margin)))
        if self.schema["form"] == "frame":
            return Frame(columns, self.schema["like"])
        values = np.stack([column.values for column in columns], axis=1)
        return Matrix(values, self.schema["type"], self.schema["names"], self.schema["dtype"])

    def shares(self) -> list[tuple[str, str | None, float]]:
        """Column, level and share of each level that occurs and of what is missing (None)."""
        found: list[tuple[str, str | None, float]] = []
        for column, codec in zip(self.empty, self.codecs, strict=True):
            if isinstance(codec, CategoryColumn):
                cells = zip(codec.cells.tolist(), codec.shares.tolist(), strict=True)
                found += [(str(column.name), None if code < 0 else str(column.labels[code]), s) for code, s in cells]
            elif codec.missing_share:
                found.append((str(column.name), None, codec.missing_share))
        return found

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""
        plain: dict[str, Any] = {"schema": self.schema, "range_margin": self.range_margin, "columns": []}
        arrays: dict[str, np.ndarray] = {}
        for i, (column, codec) in enumerate(zip(self.empty, self.codecs, strict=True)):
            state, own = codec.to_state()
            fields = {name: getattr(column, name) for name in ("name", "type", "dtype", "levels", "unit")}
            plain["columns"].append(fields | {"codec": state})
            arrays |= {f"{i}.{name}": values for name, values in own.items()}
        return plain, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> TableEncoder:
        """Inverse of `to_state`."""
        empty, codecs = [], []
        for i, fields in enumerate(plain["columns"]):
            own = {name.removeprefix(f"{i}."): values for name, values in arrays.items() if name.startswith(f"{i}.")}
            state = fields["codec"]
            codec = CategoryColumn if state["codec"] == "category" else NumberColumn
            codecs.append(codec.from_state(state, own))
            described = {name: value for name, value in fields.items() if name != "codec"}
            empty.append(Column(values=np.zeros(0), **described))
        return cls(empty, codecs, plain["schema"], plain["range_margin"])
