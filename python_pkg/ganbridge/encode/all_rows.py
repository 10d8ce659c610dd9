"""All rows of a table of which a sample is at hand: what they say of single columns, and of relations between columns.

A second look at the rows counts how many have each value of a column, or lie between two of up to 16,384 of the
sample's values, and how many break each relation that the sample's rows keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..check import came
from ..data import Column, Data, Frame, Schema
from ..data.arrow import frame_of
from ..data.survey import Survey, check_levels
from .identifiers import HeldMarks, Identifiers
from .relations import Relation
from .relations.find import MOST_NEARLY

EDGES = 2**14  # values of a column around which rows are counted,
STAND_INS = 500_000  # and values that stand for all of its rows
UNSEEN = 0.5  # different values for each of the sample's, up to which others are counted one by one, too
NEARLY = 0.99  # share of the rows in which a relation holds that is reported


class AllRows:
    """What is known of all rows. survey: of the first look at them. identifiers: whose made-up values must be new."""

    def __init__(self, survey: Survey) -> None:
        self.survey, self.identifiers = survey, Identifiers([], [])
        self._counts: dict[int, Counts] = {}

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return self.survey.rows

    @property
    def random(self) -> int:
        """Rows of the sample that are random; others have been added for what is rare."""
        return self.survey.random

    def read(self, columns: Sequence[Column], relations: Sequence[Relation]) -> list[int]:
        """Read all rows, and count how many break each relation. columns: those that are wanted, by name."""
        names = {str(column.name) for column in columns}
        check_levels(self.survey, names)
        likes = self.survey.sample.columns
        wanted = [i for i, like in enumerate(likes) if str(like.name) in names]
        self._counts = {i: Counts(likes[i].present) for i in wanted if likes[i].numeric and len(likes[i].present)}
        held = self._held()
        broken, done = [0] * len(relations), 0
        for batch in self.survey.batches:
            frame = frame_of(batch.select(wanted), [likes[i] for i in wanted])
            for i, column in zip(wanted, frame.columns, strict=True):
                if i in self._counts:
                    self._counts[i].add(column.present)
            for i, marks in held.items():
                marks.add(batch.column(i))
            for j, relation in enumerate(relations):
                broken[j] += int(relation.broken(frame).sum())
            done += batch.num_rows
            if self.survey.tell is not None:
                self.survey.tell(done, self.rows)
        new = {id(marks.identifier): marks.without() for marks in held.values()}
        self.identifiers.columns = [new.get(id(each), each) for each in self.identifiers.columns]
        return broken

    def _held(self) -> dict[int, HeldMarks]:
        """By the index of a column, the marks of its made-up values."""
        names = [str(like.name) for like in self.survey.sample.columns]
        marked = [each for each in self.identifiers.columns if each.pattern.marked is not None]
        places = [names.index(str(each.like.name)) for each in marked]
        return {i: HeldMarks(each, self.survey.sample.columns[i]) for i, each in zip(places, marked, strict=True)}

    def kept(self, relations: Sequence[Relation], broken: Sequence[int], by_hand: set[str]) -> list[Relation]:
        """The relations of the sample's rows that hold in all rows, and those that nearly do, which are not enforced.

        Raises ValueError for a relation by hand that rows break.
        """
        whole, nearly = list[Relation](), list[Relation]()
        for relation, rows in zip(relations, broken, strict=True):
            if not rows:
                whole.append(relation)
                continue
            if relation.words in by_hand:
                raise ValueError(
                    f"`relations` must hold in every row of `data`, unlike {came(relation.words)}, which {rows:,} of"
                    f" {self.rows:,} rows break. Correct those rows, or leave it out."
                )
            relation.holds, relation.enforced = 1.0 - rows / self.rows, False
            if relation.holds >= NEARLY:
                nearly.append(relation)
        return whole + sorted(nearly, key=lambda relation: -relation.holds)[:MOST_NEARLY]

    def _index(self, column: Column) -> int | None:
        """The index of a column of the sample that is the table's own, and not computed; None for others."""
        for i, like in enumerate(self.survey.sample.columns):
            same = str(like.name) == str(column.name) and like.type == column.type
            if same and np.array_equal(like.missing, column.missing) and np.array_equal(like.values, column.values):
                return i
        return None

    def levels(self, column: Column) -> np.ndarray | None:
        """Rows of each label of a category, and last of what is missing; None if only the sample's are known."""
        index = self._index(column)
        return None if index is None else self.survey.levels[index]

    def marginal(self, column: Column) -> Column:
        """Values that stand for those of all rows, rising, with their share of missing ones; or the column itself."""
        index = self._index(column)
        if index is None or index not in self._counts:
            return column
        missing = self.survey.missing[index]
        rows = min(self.rows, STAND_INS)
        left_out = min(max(round(rows * missing / self.rows), int(missing > 0)), rows - 1)
        values = np.concatenate([self._counts[index].quantiles(rows - left_out), np.zeros(left_out)])
        return column.like(values, np.arange(rows) >= rows - left_out if left_out else None)

    def described(self, data: Data) -> Data:
        """Data with the columns of numbers as all rows have them, in no common order."""
        return Frame([self.marginal(column) if column.numeric else column for column in data.columns])

    def schema(self, schema: Schema) -> Schema:
        """The schema of all rows."""
        return replace(schema, rows=self.rows)

    def shares(self, column: Column) -> list[tuple[str | None, float]] | None:
        """Levels that occur, and what is missing (None), each with its share; None if only the sample's are known."""
        counts = self.levels(column)
        if counts is None:
            return None
        shares = [(str(column.labels[i]), counts[i] / self.rows) for i in np.flatnonzero(counts[:-1]).tolist()]
        return shares + ([(None, counts[-1] / self.rows)] if counts[-1] else [])


class Counts:
    """Rows at and between some values of a sample (n,)."""

    def __init__(self, sample: np.ndarray) -> None:
        self.sample = np.sort(sample)
        values = np.unique(self.sample)
        if len(values) > EDGES:
            at = np.linspace(0, len(self.sample) - 1, EDGES).round().astype(np.int64)
            values = np.unique(self.sample[at])
        # Of a column with few different values those that the sample lacks are counted one by one, too.
        self.unseen: tuple[np.ndarray, np.ndarray] | None = (np.zeros(0), np.zeros(0, dtype=np.int64))
        if len(values) < len(np.unique(self.sample)) or len(values) > UNSEEN * len(sample):
            self.unseen = None
        self.edges = values
        self.at = np.zeros(len(values), dtype=np.int64)
        self.below = np.zeros(len(values) + 1, dtype=np.int64)  # between each edge and the one before it

    def add(self, values: np.ndarray) -> None:
        """Count rows with these values."""
        at, between, others = self._places(values)
        self.at += at
        self.below += between
        if self.unseen is not None and len(others):
            joined = np.concatenate([self.unseen[0], others])
            rows = np.concatenate([self.unseen[1], np.ones(len(others), dtype=np.int64)])
            unique, places = np.unique(joined, return_inverse=True)
            self.unseen = unique, np.bincount(places, rows).astype(np.int64)
            if len(unique) > EDGES:
                self.unseen = None

    def _places(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows at each edge, rows below each, and the values that are no edges."""
        place = np.searchsorted(self.edges, values, "left")
        equal = self.edges[place.clip(max=len(self.edges) - 1)] == values
        return (
            np.bincount(place[equal], minlength=len(self.edges)),
            np.bincount(place[~equal], minlength=len(self.edges) + 1),
            values[~equal],
        )

    def quantiles(self, m: int) -> np.ndarray:
        """m values, rising, distributed as all rows are."""
        if self.unseen is not None:
            values, weight = np.append(self.edges, self.unseen[0]), np.append(self.at, self.unseen[1])
            order = np.argsort(values, kind="stable")
            return _evenly(values[order], weight[order], m)
        at, below, _ = self._places(self.sample)
        rows_at, rows_below = self.at.astype(np.float64), self.below.astype(np.float64)
        alone = below == 0  # no value of the sample stands for these rows: they count as the edge beside them
        np.add.at(rows_at, np.flatnonzero(alone).clip(max=len(self.edges) - 1), rows_below[alone])
        place = np.searchsorted(self.edges, self.sample, "left")
        equal = self.edges[place.clip(max=len(self.edges) - 1)] == self.sample
        on = place.clip(max=len(self.edges) - 1)
        weight = np.where(equal, rows_at[on] / np.maximum(at[on], 1), rows_below[place] / np.maximum(below[place], 1))
        return _evenly(self.sample, weight, m)


def _evenly(values: np.ndarray, weight: np.ndarray, m: int) -> np.ndarray:
    """m of the values, each as often as its weight says."""
    total = np.cumsum(weight)
    wanted = (np.arange(m) + 0.5) / m * total[-1]
    return np.asarray(values[np.searchsorted(total, wanted, "left").clip(max=len(total) - 1)])
