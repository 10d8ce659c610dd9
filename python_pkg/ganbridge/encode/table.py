"""Tables: numeric columns, each standardized on its own; a constant column is remembered and takes no room."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Data
from .column import NumericColumn
from .data import Column, Frame, Matrix

FORMS = {"matrix": Matrix, "frame": Frame}


class TableEncoder:
    """Data of n rows <-> float32 array of shape (n, width)."""

    kind = "table"
    grid = None

    def __init__(self, columns: list[NumericColumn], schema: dict[str, Any], range_margin: float) -> None:
        self.columns = columns
        self.schema = schema
        self.range_margin = range_margin
        self.encoded_columns = [i for i, column in enumerate(columns) if not column.constant]
        # With nothing but constant columns the networks still need one number to work on.
        self.width = max(1, len(self.encoded_columns))

    @classmethod
    def fit(cls, data: Data, scaling: str, range_margin: float) -> TableEncoder:
        """Learn each column's encoding."""
        columns = [NumericColumn.fit(column.values, column.type, scaling, column.dtype) for column in data.columns]
        schema: dict[str, Any] = {"form": "matrix" if isinstance(data, Matrix) else "frame", "rows": data.rows}
        if isinstance(data, Matrix):
            schema |= {"names": data.names, "type": data.type, "dtype": data.dtype}
        else:
            schema |= {
                "names": [column.name for column in data.columns],
                "types": [column.type for column in data.columns],
                "dtypes": [column.dtype for column in data.columns],
            }
        return cls(columns, schema, range_margin)

    @property
    def normal_margins(self) -> bool:
        """Whether every encoded column of the training data follows the standard normal distribution."""
        return all(self.columns[i].scaling == "quantile" for i in self.encoded_columns)

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized columns, float32 of shape (n, width)."""
        source = data.columns
        encoded = np.zeros((data.rows, self.width), dtype=np.float32)
        for place, i in enumerate(self.encoded_columns):
            encoded[:, place] = self.columns[i].encode(source[i].values, rng)
        return encoded

    def decode(self, encoded: np.ndarray, rng: np.random.Generator) -> Data:
        """Data like the training data from standardized columns (n, width)."""
        values = np.empty((len(encoded), len(self.columns)), dtype=np.float64)
        places = {i: place for place, i in enumerate(self.encoded_columns)}
        for i, column in enumerate(self.columns):
            values[:, i] = column.decode(encoded[:, places.get(i, 0)].astype(np.float64), self.range_margin)
        if self.schema["form"] == "matrix":
            return Matrix(values, self.schema["type"], self.schema["names"], self.schema["dtype"])
        names, dtypes = self.schema["names"], self.schema["dtypes"]
        return Frame(
            [
                Column(names[i], column.type, np.ascontiguousarray(values[:, i]), dtypes[i])
                for i, column in enumerate(self.columns)
            ]
        )

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""
        plain = {"schema": self.schema, "columns": [column.to_dict() for column in self.columns]}
        arrays = {f"knots.{i}": column.knots for i, column in enumerate(self.columns) if column.knots.size}
        return plain | {"range_margin": self.range_margin}, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> TableEncoder:
        """Inverse of `to_state`."""
        columns = [NumericColumn(**fields) for fields in plain["columns"]]
        for i, column in enumerate(columns):
            if f"knots.{i}" in arrays:
                column.knots = arrays[f"knots.{i}"]
        return cls(columns, plain["schema"], plain["range_margin"])
