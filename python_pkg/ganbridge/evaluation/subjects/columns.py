"""Columns, channels of waves, and pairs of columns, as metrics are computed on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ...data import Column
from ..baselines import Comparison
from ..metrics import modes, pairs
from ..metrics.features import center_and_scale
from ..verdicts import Measured

Distance = Callable[[np.ndarray, np.ndarray], float]


@dataclass(frozen=True, eq=False)
class ColumnSubject:
    """One column of generated, other and reference rows; methods return None if the column is of another type."""

    generated: Column
    other: Column
    real: Column
    rows: tuple[int, int]

    @property
    def present(self) -> tuple[int, int]:
        """Rows with a value."""
        return len(self.generated.present), len(self.real.present)

    def numbers(self, distance: Distance) -> Measured | None:
        """A distance between the values of a numeric column that are not missing."""
        if not self.real.numeric:
            return None
        value, baseline = (distance(side.present, self.real.present) for side in (self.generated, self.other))
        return Measured(value, baseline, self.present)

    def scaled_numbers(self, distance: Distance) -> Measured | None:
        """As `numbers`, in standard deviations."""
        if not self.real.numeric:
            return None
        _, scale = center_and_scale(self.real.present, self.generated.present, self.other.present)
        return self.numbers(lambda a, b: distance(a, b) / scale)

    def codes(self, distance: Distance) -> Measured | None:
        """A distance between the codes of a column of categories."""
        if self.real.numeric:
            return None
        value, baseline = (distance(side.codes, self.real.codes) for side in (self.generated, self.other))
        return Measured(value, baseline, self.rows)

    def missing(self, share: Callable[[np.ndarray], float]) -> Measured | None:
        """What is missing in a numeric column of generated and of real rows; None if nothing is."""
        if not self.real.numeric or not any(v.missing.any() for v in (self.generated, self.other, self.real)):
            return None
        return Measured(share(self.generated.missing), share(self.real.missing), self.rows)

    def peaks(self) -> Measured | None:
        """Counts of peaks; they differ if they do so beyond the peaks that sampling error may add or remove."""
        if not self.real.numeric:
            return None
        (low, count, high), (least, wanted, most) = (modes.mode_range(v.present) for v in (self.generated, self.real))
        if np.isnan(wanted):
            return None
        unsure = (high - count, wanted - least) if count < wanted else (count - low, most - wanted)
        return Measured(count, wanted, self.present, unsure=unsure)


@dataclass(frozen=True, eq=False)
class ChannelSubject:
    """One channel of waves: (n, m) of generated, other and reference rows."""

    generated: np.ndarray
    other: np.ndarray
    real: np.ndarray
    rows: tuple[int, int]

    def waves(self, distance: Distance) -> Measured:
        """A distance between two sets of waves."""
        return Measured(distance(self.generated, self.real), distance(self.other, self.real), self.rows)


@dataclass(frozen=True, eq=False)
class PairSubject:
    """Two columns, each of generated, other and reference rows, and their codes (numbers are binned)."""

    first: tuple[Column, ...]
    second: tuple[Column, ...]
    codes: tuple[tuple[np.ndarray, np.ndarray], ...]
    rows: tuple[int, int]

    def numbers(self, statistic: Distance) -> Measured | None:
        """How far a statistic of two numeric columns is from that of the reference."""
        if not (self.first[2].numeric and self.second[2].numeric):
            return None
        return self._differences([_of_present(statistic, a, b) for a, b in zip(self.first, self.second, strict=True)])

    def associations(self, statistic: Distance) -> Measured:
        """How far a statistic of two columns' codes is from that of the reference."""
        return self._differences([statistic(a, b) for a, b in self.codes])

    def tables(self, distance: Distance) -> Measured:
        """A distance between the two columns' cross tables."""
        levels = 1 + max(int(second.max()) for _, second in self.codes)
        generated, other, real = (pairs.joint(first, second, levels) for first, second in self.codes)
        return Measured(distance(generated, real), distance(other, real), self.rows)

    def _differences(self, values: list[float]) -> Measured:
        return Measured(abs(values[0] - values[2]), abs(values[1] - values[2]), self.rows)


def _of_present(statistic: Distance, a: Column, b: Column) -> float:
    both = ~(a.missing | b.missing)
    return statistic(a.values[both], b.values[both])


def columns(comparison: Comparison) -> Iterator[tuple[str, ColumnSubject]]:
    """Every column by its name, and parts of dates and times."""
    for _, sides in _sides(comparison):
        yield sides[2].name, ColumnSubject(*sides, comparison.rows)


def _sides(comparison: Comparison) -> list[tuple[int, tuple[Column, Column, Column]]]:
    """Columns and parts of dates: the index of the column, and generated, other and reference rows."""
    views = comparison.generated, comparison.other, comparison.reference
    sides = list(enumerate(zip(*(view.sample for view in views), strict=True)))
    for of in zip(*(view.times for view in views), strict=True):
        sides += [(of[2].index, parts) for parts in zip(*(times.parts for times in of), strict=True)]
    return sides


def channels(comparison: Comparison) -> Iterator[tuple[str, ChannelSubject]]:
    """Every channel by its name, of waves."""
    for name, real in comparison.reference.channels.items():
        generated, other = (view.channels[name] for view in (comparison.generated, comparison.other))
        yield name, ChannelSubject(generated, other, real, comparison.rows)


def column_pairs(comparison: Comparison) -> list[tuple[str, PairSubject]]:
    """Every pair of columns by both names; parts of dates and times beside the columns that they are not of."""
    sides = _sides(comparison)
    count = len(comparison.reference.sample)
    codes = [_codes(columns, min(comparison.rows)) for _, columns in sides]
    pairs_of = []
    for j, (second, columns) in enumerate(sides):
        for i, (first, others) in enumerate(sides[: min(j, count)]):
            if first != second:
                both = tuple(zip(codes[i], codes[j], strict=True))
                name = f"{others[2].name}, {columns[2].name}"
                pairs_of.append((name, PairSubject(others, columns, both, comparison.rows)))
    return pairs_of


def _codes(columns: tuple[Column, Column, Column], rows: int) -> list[np.ndarray]:
    """Codes of generated, other and reference rows, numbers in bins of the reference."""
    edges = pairs.bin_edges(columns[2], rows) if columns[2].numeric else np.zeros(0)
    return [pairs.binned(column, edges) for column in columns]
