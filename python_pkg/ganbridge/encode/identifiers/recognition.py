"""Which columns name their rows: nearly every row has a value of its own, and the values say nothing else.

Texts and levels are identifiers if most rows have a value that no other row has. Whole numbers must look like ids, too:
all different, and either numbered through or long and of one length (six digits if they lie evenly); and they must say
nothing about the other columns, unless the column is called an id. Ages, incomes, counts, years and time stamps are
none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...data import Column
from ...data.column import NUMBERS

NEAR_UNIQUE = 0.8  # share of the values that are in one row only, from which on texts are identifiers,
DIFFERENT = 0.99  # and share of different values among whole numbers
LEAST_VALUES = 10  # of texts, and of numbers that are called ids,
LEAST_NUMBERS = 50  # and of other numbers
GAPS = 1.25  # numbers from the lowest to the highest for each row, up to which they are numbered through
LEAST_DIGITS = 7  # of numbers that are not numbered through; of those that are called ids:
LEAST_DIGITS_OF_NAMED = 4
LEAST_DIGITS_OF_EVEN = 6  # of numbers that lie evenly, as those that somebody drew do, and no amounts
UNEVEN = 1.2  # Kolmogorov and Smirnov's distance from that, times the root of the number of values, at most
SAYING = 4.0  # standard errors from which on neighbours by an id are alike in another column
COMPARED = 20_000  # rows
NAMES = re.compile(
    r"(^|[^a-z])(id|ids|uid|uuid|guid|ssn|iban|phone|telephone|mobile|rownames?|rowid|index|unnamed)($|[^a-z])"
    r"|[a-z](ID|Id|Nr|No)$|^$",
)
SECONDS = ((3e8, 2.3e9), (6e11, 2.3e12), (6e14, 2.3e15))  # since 1970, of 1989 to 2042, and thousandths, millionths


def is_near_unique(column: Column, each: float = 1.0) -> bool:
    """Whether most of the values that are not missing, and at least a few, are in one row only.

    each: rows of the table for each of the column's, which may be a sample. Of rows with the same value few meet there.
    """
    values = column.present
    if len(values) < LEAST_VALUES:
        return False
    single = (np.unique(values, return_counts=True)[1] == 1).sum()
    return bool(single >= (1.0 - (1.0 - NEAR_UNIQUE) / each) * len(values) - 1e-6)


def row_names(columns: Sequence[Column]) -> list[str]:
    """Names of the columns whose values are identifiers."""
    return [str(column.name) for index, column in enumerate(columns) if names_rows(index, columns)]


def names_rows(index: int, columns: Sequence[Column], each: float = 1.0) -> bool:
    """Whether a column's values are identifiers. each: rows of the table for each of the columns'."""
    column = columns[index]
    if column.type in ("text", "factor"):
        return is_near_unique(column, each)
    if column.type not in NUMBERS or len(column.present) < LEAST_VALUES:
        return False
    values, named = column.present, is_called_id(column.name)
    whole = bool((values == np.rint(values)).all()) and values.min() >= 0.0 and values.max() < 2.0**53
    if not whole or len(np.unique(values)) < (1.0 - (1.0 - DIFFERENT) / each) * len(values) - 1e-6:
        return False
    numbered = is_numbered_through(values, each) and (
        named or not column.any_missing
    )  # a number of a row is never missing
    looks = numbered or is_of_one_length(values, LEAST_DIGITS_OF_NAMED if named else LEAST_DIGITS)
    looks = looks or (is_of_one_length(values, LEAST_DIGITS_OF_EVEN) and is_even(values))
    if named or not looks:
        return looks
    others = [other for i, other in enumerate(columns) if i != index]
    return len(values) >= LEAST_NUMBERS and bool(others) and not any(says(column, other) for other in others)


def is_called_id(name: object) -> bool:
    """Whether a column has the name of an id, or the one that software gives to numbers of rows."""
    text = str(name)
    return bool(NAMES.search(text) or NAMES.search(text.lower()))


def is_numbered_through(values: np.ndarray, each: float = 1.0) -> bool:
    """Whether different whole numbers leave few out. each: rows of the table for each value, the ends among them."""
    return bool(values.max() - values.min() + 1.0 <= GAPS * len(values) * each)


def is_of_one_length(values: np.ndarray, least: int) -> bool:
    """Whether whole numbers have the same number of digits, at least so many, and are no times."""
    low, high = float(values.min()), float(values.max())
    if low < 10.0 ** (least - 1) or len(str(int(low))) != len(str(int(high))):
        return False
    if (values % 10.0 == 0.0).mean() > 0.5:
        return False
    return not any(first <= low and high <= last and high / low < 2.0 for first, last in SECONDS)


def is_even(values: np.ndarray) -> bool:
    """Whether numbers lie evenly between the lowest and the highest possible ones of their length."""
    low = 10.0 ** (len(str(int(values.min()))) - 1)
    shares = (np.sort(values) - low) / (9.0 * low)
    steps = np.arange(len(values) + 1) / len(values)
    distance = max(float((steps[1:] - shares).max()), float((shares - steps[:-1]).max()))
    return bool(distance * np.sqrt(len(values)) <= UNEVEN)


def says(column: Column, other: Column) -> bool:
    """Whether rows that are neighbours by a column are alike in the other one, more than chance makes them."""
    both = np.flatnonzero(~column.missing & ~other.missing)
    if len(both) < LEAST_VALUES:
        return False
    both = both[:: -(-len(both) // COMPARED)]
    values = other.values[both][np.argsort(column.values[both], kind="stable")]
    if other.numeric:
        rank = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)
        _, tied = np.unique(values, return_inverse=True)
        rank = (np.bincount(tied, rank) / np.bincount(tied))[tied]
        centered = rank - rank.mean()
        spread = float((centered**2).sum())
        return bool(spread > 0.0 and abs((centered[1:] * centered[:-1]).sum()) / spread * np.sqrt(len(values)) > SAYING)
    shares = np.unique(values, return_counts=True)[1] / len(values)
    chance = float((shares**2).sum())
    alike = float((values[1:] == values[:-1]).sum())
    n = len(values) - 1
    spread = n * (chance * (1.0 - chance) + 2.0 * (float((shares**3).sum()) - chance**2))
    return bool(spread > 1e-9 and (alike - n * chance) / np.sqrt(spread) > SAYING)
