"""Two data sets side by side: the same columns in the same order, the same levels under the same codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..check import came, fail
from ..data import Column, Data
from ..data.column import TIMES
from .metrics.variables import Sample

SYNTHETIC = "synthetic_or_fit"
LEAST_LABELLED = 6  # images, two of which a classifier is taught, and the others compared


@contextmanager
def named(name: str, inside: str = "data") -> Iterator[None]:
    """Errors about the argument `inside` are about the argument of that name."""
    try:
        yield
    except (TypeError, ValueError) as problem:
        raise type(problem)(str(problem).replace(f"`{inside}`", f"`{name}`")) from None


def matched(real: Data, others: dict[str, Data]) -> list[Sample]:
    """The columns of `real`, and those of other data by argument name, in the order of `real`.

    Raises TypeError where one is an array and the other a data frame, ValueError where columns differ.
    """
    columns = {"real": real.columns, **{name: _ordered(name, data, real) for name, data in others.items()}}
    labels = _labels(real.columns)
    samples: dict[str, Sample] = {name: [] for name in columns}
    for i, label in enumerate(labels):
        group = {name: found[i] for name, found in columns.items()}
        _check_types(label, group)
        levels = _levels(group)
        for name, column in group.items():
            samples[name].append(_variable(label, column, levels))
    return list(samples.values())


def _ordered(name: str, data: Data, real: Data) -> list[Column]:
    """The columns of `data` in the order of `real`."""
    if data.is_frame != real.is_frame:
        raise TypeError(f"`{name}` must be {real.noun}, as `real` is, not {data.noun}. Convert one of them first.")
    wanted, found = [[str(c.name) for c in d.columns] for d in (real, data)]
    if wanted == found or not (data.has_names and real.has_names):
        if len(wanted) != len(found):
            fail(name, f"an array with the {len(wanted)} columns of `real`", data.to_python())
        return data.columns
    for which, names in (("real", wanted), (name, found)):
        twice = [n for i, n in enumerate(names) if n in names[:i]]
        if twice:
            raise ValueError(
                f"`{which}` must have a name of its own for each column, not {came(twice[0])} twice."
                " Rename the columns first."
            )
    lacking, extra = [n for n in wanted if n not in found], [n for n in found if n not in wanted]
    if lacking or extra:
        what = " and ".join(
            f"{word} {', '.join(map(came, names[:4]))}{', ...' if len(names) > 4 else ''}"
            for word, names in (("without", lacking), ("with", extra))
            if names
        )
        raise ValueError(
            f"`{name}` must have the columns of `real`, not the same {what}. Select the same columns of both first."
        )
    return [data.columns[found.index(n)] for n in wanted]


def _labels(columns: Sequence[Column]) -> list[str]:
    """Names to show: as they are, or with a number where one comes again."""
    names: list[str] = []
    for column in columns:
        name, count = str(column.name), 1
        while name in names:
            count += 1
            name = f"{column.name} ({count})"
        names.append(name)
    return names


def _kind(column: Column) -> str:
    if column.type in TIMES:
        return column.type
    if column.type == "logical":
        return "logical"
    return "numbers" if column.numeric else "categories"


def _check_types(label: str, group: dict[str, Column]) -> None:
    wanted = _kind(group["real"])
    for name, column in group.items():
        empty = not len(column.present)  # nothing to tell the type by
        if _kind(column) != wanted and not empty:
            raise TypeError(
                f"`{name}` must hold {wanted} in column {came(label)}, as `real` does, not {_kind(column)}."
                " Convert one of them first."
            )


def _levels(group: dict[str, Column]) -> dict[str, int] | None:
    """Codes by level, counted through all data sets in the order of `real`; None for numbers."""
    if group["real"].numeric:
        return None
    found: dict[str, int] = {}
    for column in group.values():
        for level in map(str, column.labels):
            found.setdefault(level, len(found))
    return found


def _variable(label: str, column: Column, levels: dict[str, int] | None) -> Column:
    missing = column.missing
    if levels is None:
        unit = column.seconds if column.type == "difftime" else 1.0
        return Column(label, "double", np.where(missing, 0.0, column.values * unit), missing=missing)
    own = np.array([levels[str(level)] for level in column.labels] or [0], dtype=np.float64)
    codes = own[np.where(missing, 0, column.values).astype(np.int64)]
    return Column(label, "factor", codes, levels=list(levels), missing=missing)


def label_codes(labels: Any, count: int) -> np.ndarray:
    """Labels of so many images as codes (n,) that count them from 0 in their order."""
    found = np.asarray(labels)
    wanted = f'the labels of the real images for kind "image", one for each of the {count:,}'
    if found.shape != (count,):
        fail("target", wanted, labels)
    if count < LEAST_LABELLED:
        fail("target", f"left out for fewer than {LEAST_LABELLED} real images", labels)
    plain = found.tolist()
    if any(label is None or label != label for label in plain):
        fail("target", f"{wanted}, none of them missing", labels)
    known = sorted(set(plain)) if found.dtype.kind in "biuf" else sorted(set(map(str, plain)))
    if len(known) < 2:
        raise ValueError(f"`target` must hold at least two different labels, not only {came(known[0])}.")
    places = {label: i for i, label in enumerate(known)}
    return np.array([places[label if found.dtype.kind in "biuf" else str(label)] for label in plain])


def target_number(target: Any, real: Data) -> int:
    """The number of the column that `target` names: by name, or in an array by its place, counted from 0."""
    names = [column.name for column in real.columns]
    if target in names and not isinstance(target, bool):
        return names.index(target)
    whole = isinstance(target, (int, np.integer)) and not isinstance(target, bool)
    if not real.is_frame and whole and 0 <= target < len(names):
        return int(target)
    shown = ", ".join(came(name) for name in names[:6]) + (", ..." if len(names) > 6 else "")
    what = "the name of a column of `real`" + (
        f" ({shown})" if real.has_names else f", or its number from 0 to {len(names) - 1}"
    )
    fail("target", what, target)
    raise AssertionError  # fail() always raises
