"""What a user's data is, apart from its values: form, size, names and types. Every saved fit holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

Form = Literal["frame", "matrix", "array", "ragged"]


@dataclass(frozen=True)
class Schema:
    """What the training data was.

    form: "frame" (typed columns), "matrix", "array" (three dimensions or more), "ragged" (waves of different lengths).
    rows: how many. names: of the columns of a frame or a matrix, of the channels of the others; None for none.

    Of all but frames: type, "double" or "integer"; dtype, numpy's name for it, "" if the data came from R.
    Of frames: types of the columns, and their `encodings` in words; like, the class that it had in R beside data.frame.
    Of arrays: shape of a row. Of ragged data: the least and the largest of the lengths, the number of channels, and
    flat: whether a wave was a vector. condition: names of the columns or labels that were given to both networks.
    """

    form: Form
    rows: int
    names: list[Any] | None = None
    type: str | None = None
    dtype: str | None = None
    types: list[str] | None = None
    encodings: list[str] | None = None
    like: str | None = None
    shape: list[int] | None = None
    lengths: list[int] | None = None
    channels: int | None = None
    flat: bool | None = None
    condition: list[Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The fields that data of this form has, as plain values for JSON."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in plain.items() if name == "names" or value is not None}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Schema:
        """Inverse of `to_dict`."""
        return cls(**plain)

    @property
    def value_type(self) -> str:
        """The one type of all values of data that is no frame."""
        return str(self.type)

    @property
    def numpy_dtype(self) -> str | None:
        """numpy's name of the dtype of all values; None if the data came from R."""
        return self.dtype or None

    def with_conditions(self, conditions: Schema, indices: Sequence[int]) -> Schema:
        """The schema with conditions, which were the columns of these indices; labels beside the data have none."""
        given = replace(self, condition=conditions.names)
        if not indices:
            return given

        def whole(mine: list[Any] | None, theirs: list[Any] | None) -> list[Any]:
            values = list(mine or [])
            for index, value in sorted(zip(indices, theirs or [], strict=True), key=lambda pair: pair[0]):
                values.insert(index, value)
            return values

        return replace(
            given,
            names=whole(self.names, conditions.names),
            types=whole(self.types, conditions.types),
            encodings=whole(self.encodings, conditions.encodings),
        )
