"""Tables: each column standardized on its own; a column that holds one value only is remembered and takes no room."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..check import fail
from ..data import Column, Data, Frame, Matrix, Schema
from ..stored import anything, listed, number, refuse, require, values
from .all_rows import AllRows
from .base import Encoder, Noise, State
from .category import CategoryCodec
from .codec import Codec
from .number import NumberCodec

CODECS: dict[str, type[Codec]] = {"number": NumberCodec, "category": CategoryCodec}

RULES = {"schema": anything, "range_margin": number(0.0), "columns": listed(anything)}


class TableEncoder(Encoder):
    """Columns of n rows <-> float32 array (n, width), the numbers of one column after those of the other.

    empty: the columns as the training data had them, without a row. codecs: how each is encoded.
    """

    kind = "table"
    grid = None

    def __init__(self, empty: list[Column], codecs: list[Codec], schema: Schema, range_margin: float) -> None:
        self.empty = empty
        self.codecs = codecs
        self.schema = schema
        self.range_margin = range_margin
        ends = np.cumsum([0, *(codec.width for codec in codecs)])
        self._slices = [slice(int(a), int(b)) for a, b in itertools.pairwise(ends)]  # of the numbers of each column
        # With nothing but constant columns the networks still need one number to work on.
        self.width = max(1, int(ends[-1]))

    @classmethod
    def fit(
        cls,
        data: Data,
        scaling: str | dict[str, str],
        range_margin: float,
        k: int = 1,
        all_rows: AllRows | None = None,
    ) -> TableEncoder:
        """Learn each column's encoding.

        scaling: of columns of numbers, dates and times, or of some of them by name. all_rows: of a table of which data
        are a sample.
        """
        if isinstance(scaling, dict):
            _check_scaling(data, scaling)
        codecs: list[Codec] = []
        for column in data.columns:
            of_column = scaling.get(str(column.name), "auto") if isinstance(scaling, dict) else scaling
            if column.numeric:
                values = column if all_rows is None else all_rows.marginal(column)
                codecs.append(NumberCodec.fit(values, "quantile" if of_column == "auto" else of_column, k))
            else:
                codecs.append(CategoryCodec.fit(column, None if all_rows is None else all_rows.levels(column)))
        schema = data.schema if all_rows is None else all_rows.schema(data.schema)
        if data.is_frame:
            schema = replace(schema, encodings=[codec.words() for codec in codecs])
        return cls([column.take(slice(0)) for column in data.columns], codecs, schema, range_margin)

    def _parts(self) -> Iterator[tuple[Column, Codec, slice]]:
        """Each column, its codec, and which numbers of an encoded row are its own."""
        return zip(self.empty, self.codecs, self._slices, strict=True)

    @property
    def normal(self) -> np.ndarray:
        """Which of the encoded numbers have standard normal marginals in the training data, bool (width,)."""
        return np.concatenate([*(codec.normal for codec in self.codecs), np.zeros(self.width, dtype=bool)])[
            : self.width
        ]

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows (n, width) so that levels and missing values get their shares, (width,)."""
        parts = [codec.offsets(generated[:, numbers]) for _, codec, numbers in self._parts()]
        return np.concatenate([*parts, np.zeros(self.width)])[: self.width]

    def present(self, generated: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Indices of numbers that may be missing, each with a mask of the generated rows in which it is not (n,)."""
        for _, codec, numbers in self._parts():
            mask = codec.present(generated[:, numbers])
            if mask is not None:
                yield numbers.start, mask

    def shares(self) -> list[tuple[str, str | None, float]]:
        """Column, level and share of each level that occurs and of what is missing (None)."""
        return [(str(column.name), *pair) for column, codec, _ in self._parts() for pair in codec.shares(column)]

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized columns, float32 (n, width)."""
        encoded = np.zeros((data.rows, self.width), dtype=np.float32)
        for column, (_, codec, numbers) in zip(data.columns, self._parts(), strict=True):
            encoded[:, numbers] = codec.encode(column, rng)
        return encoded

    def decode(self, encoded: np.ndarray, rng: Noise) -> Data:
        """Data like the training data from standardized columns (n, width)."""
        return self.data_of(
            [like.like(*codec.decode(encoded[:, numbers], self.range_margin)) for like, codec, numbers in self._parts()]
        )

    def data_of(self, columns: list[Column]) -> Data:
        """Data like the training data with these columns."""
        if self.schema.types is not None:
            return Frame(columns, self.schema.like or "")
        values = np.stack([column.values for column in columns], axis=1)
        return Matrix(values, self.schema.value_type, self.schema.names, self.schema.numpy_dtype)

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        plain: dict[str, Any] = {"schema": self.schema.to_dict(), "range_margin": self.range_margin, "columns": []}
        arrays: dict[str, np.ndarray] = {}
        for i, (column, codec) in enumerate(zip(self.empty, self.codecs, strict=True)):
            state, of_codec = codec.to_state()
            plain["columns"].append({**column.to_dict(), "codec": state})
            arrays |= {f"{i}.{name}": values for name, values in of_codec.items()}
        return plain, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> TableEncoder:
        """Inverse of `to_state`."""
        plain = values("encoder", plain, RULES)
        schema, columns = Schema.from_dict(plain["schema"]), plain["columns"]
        require(len(columns) > 0, "`encoder.columns` must have an entry")
        of_columns: list[dict[str, np.ndarray]] = [{} for _ in columns]
        for name, part in arrays.items():
            index, _, of_codec = name.partition(".")
            if index.isdecimal() and len(index) < 9 and int(index) < len(columns):
                of_columns[int(index)][of_codec] = part
        empty, codecs = [], []
        for i, fields in enumerate(columns):
            if not isinstance(fields, dict) or "codec" not in fields:
                refuse(f"`encoder.columns[{i}]` has no codec")
            column = Column.from_dict({name: value for name, value in fields.items() if name != "codec"})
            codec = codec_from_state(fields["codec"], of_columns[i])
            codec.check_column(column)
            empty.append(column)
            codecs.append(codec)
        _check_schema(schema, empty)
        return cls(empty, codecs, schema, plain["range_margin"])


def codec_from_state(plain: Any, arrays: dict[str, np.ndarray]) -> Codec:
    """The codec of a column of a file; each kind of codec says what it may hold."""
    kind = plain.get("codec") if isinstance(plain, dict) else None
    if not isinstance(kind, str) or kind not in CODECS:
        refuse("`codec` is of a kind that this version does not have")
    return CODECS[kind].from_state(plain, arrays)


def _check_schema(schema: Schema, columns: list[Column]) -> None:
    """Raise BadFileError if a file's schema is not one of these columns."""
    types = [column.type for column in columns]
    if schema.types is not None:
        require(schema.types == types, "`schema.types` and the columns differ")
        require(schema.names == [column.name for column in columns], "`schema.names` and the columns differ")
        return
    require(schema.form == "matrix" and set(types) == {schema.type}, "`schema.type` and the columns differ")
    require(schema.names is None or len(schema.names) == len(columns), "`schema.names` and the columns differ")


def _check_scaling(data: Data, scaling: dict[str, str]) -> None:
    known = [str(column.name) for column in data.columns if column.numeric]
    for name in scaling:
        if name not in known:
            words = ", ".join(f'"{entry}"' for entry in known[:10]) + (", ..." if len(known) > 10 else "")
            fail("scaling", f"for columns of numbers, dates or times ({words})", name)
