"""Two data sets side by side: the same columns in the same order, the same levels under the same codes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..check import came, fail
from ..data import Column, Data
from ..data.column import TIMES
from .metrics.variables import Sample


def matched(real: Data, others: dict[str, Data]) -> list[Sample]:
    """The columns of `real`, and those of other data by argument name, in the order of `real`.

    Raises TypeError if one is an array and the other a data frame, ValueError if columns differ.
    """
    columns = {"real": real.columns, **{name: ordered(name, data, real) for name, data in others.items()}}
    labels = _labels(real.columns)
    samples: dict[str, Sample] = {name: [] for name in columns}
    for i, label in enumerate(labels):
        group = {name: part[i] for name, part in columns.items()}
        _check_types(label, group)
        levels = _levels(group)
        for name, column in group.items():
            samples[name].append(_comparable(label, column, levels))
    return list(samples.values())


def ordered(name: str, data: Data, real: Data) -> list[Column]:
    """The columns of `data` in the order of `real`."""
    if data.is_frame != real.is_frame:
        raise TypeError(f"`{name}` must be {real.noun}, as `real` is, not {data.noun}. Convert one of them first.")
    wanted, names = [[str(c.name) for c in d.columns] for d in (real, data)]
    if wanted == names or not (data.has_names and real.has_names):
        if len(wanted) != len(names):
            fail(name, f"an array with the {len(wanted)} columns of `real`", data.to_python())
        return data.columns
    for argument, labels in (("real", wanted), (name, names)):
        twice = [n for i, n in enumerate(labels) if n in labels[:i]]
        if twice:
            raise ValueError(
                f"`{argument}` must have a name of its own for each column, not {came(twice[0])} twice."
                " Rename the columns first."
            )
    lacking, extra = [n for n in wanted if n not in names], [n for n in names if n not in wanted]
    if lacking or extra:
        what = " and ".join(
            f"{word} {', '.join(map(came, listed[:4]))}{', ...' if len(listed) > 4 else ''}"
            for word, listed in (("without", lacking), ("with", extra))
            if listed
        )
        raise ValueError(
            f"`{name}` must have the columns of `real`, not the same {what}. Select the same columns of both first."
        )
    return [data.columns[names.index(n)] for n in wanted]


def _labels(columns: Sequence[Column]) -> list[str]:
    """Names to show: as they are, or with a number if one is repeated."""
    names: list[str] = []
    for column in columns:
        name, count = str(column.name), 1
        while name in names:
            count += 1
            name = f"{column.name} ({count})"
        names.append(name)
    return names


def _type_words(column: Column) -> str:
    if column.type in TIMES:
        return column.type
    if column.type == "logical":
        return "logical"
    return "numbers" if column.numeric else "categories"


def _check_types(label: str, group: dict[str, Column]) -> None:
    wanted = _type_words(group["real"])
    for name, column in group.items():
        empty = not len(column.present)  # nothing to tell the type by
        if _type_words(column) != wanted and not empty:
            raise TypeError(
                f"`{name}` must hold {wanted} in column {came(label)}, as `real` does, not {_type_words(column)}."
                " Convert one of them first."
            )


def _levels(group: dict[str, Column]) -> dict[str, int] | None:
    """Codes by level, counted through all data sets in the order of `real`; None for numbers."""
    if group["real"].numeric:
        return None
    codes: dict[str, int] = {}
    for column in group.values():
        for level in map(str, column.labels):
            codes.setdefault(level, len(codes))
    return codes


def _comparable(label: str, column: Column, levels: dict[str, int] | None) -> Column:
    missing = column.missing
    if levels is None:
        unit = column.seconds if column.type == "difftime" else 1.0
        return Column(label, "double", np.where(missing, 0.0, column.values * unit), missing=missing)
    codes_of = np.array([levels[str(level)] for level in column.labels] or [0], dtype=np.float64)
    codes = codes_of[np.where(missing, 0, column.values).astype(np.int64)]
    return Column(label, "factor", codes, levels=list(levels), missing=missing)
