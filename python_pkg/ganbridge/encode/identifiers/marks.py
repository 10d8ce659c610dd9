"""Marks of made-up values, compared with all rows of a table of which a pattern has seen a sample."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...data import Column
from ...data.arrow import coded_array, column_of
from .columns import Identifier
from .pattern import ALPHABETS, LARGEST_TABLE, MOST_MARKS, present_runs

LONGER = 2  # letters by which marks may become longer, because all shorter runs are held


class HeldMarks:
    """Which runs of letters real values hold, of the lengths that an identifier's marks may have."""

    def __init__(self, identifier: Identifier, like: Column) -> None:
        pattern = identifier.pattern
        assert pattern.marked is not None
        self.identifier, self.like = identifier, like
        self.letters, length = ALPHABETS[pattern.marked], len(pattern.marks[0])
        size, longest = len(self.letters), length + (0 if like.numeric else LONGER)  # numbers have a largest one
        lengths = [each for each in range(length, longest + 1) if each == length or size**each <= LARGEST_TABLE]
        self.held = {each: np.zeros(size**each, dtype=bool) for each in lengths}

    def add(self, array: Any) -> None:
        """Look at the values of a part of the rows, an array of Arrow's."""
        if self.like.numeric:
            texts = [str(int(value)) for value in column_of(array, self.like).present.tolist()]
        else:
            texts = [str(value) for value in coded_array(array).dictionary.to_pylist()]
        for length, held in self.held.items():
            held |= present_runs(texts, self.letters, length)

    def without(self) -> Identifier:
        """The identifier with marks that no real value holds; as it is if there are none."""
        pattern, size = self.identifier.pattern, len(self.letters)
        length = len(pattern.marks[0])
        codes = [sum(self.letters.index(c) * size**i for i, c in enumerate(mark[::-1])) for mark in pattern.marks]
        marks = [mark for mark, code in zip(pattern.marks, codes, strict=True) if not self.held[length][code]]
        marks = marks or next(filter(None, map(self._free, self.held)), pattern.marks)
        return replace(self.identifier, pattern=replace(pattern, marks=marks))

    def _free(self, length: int) -> list[str]:
        """Some runs of this length that no real value holds."""
        size = len(self.letters)
        free = np.flatnonzero(~self.held[length])
        if self.letters[0] == "0":  # no number begins with 0
            free = free[free // size ** (length - 1) > 0]
        free = free[:: max(1, -(-len(free) // MOST_MARKS))]
        places = free[:, None] // size ** np.arange(length - 1, -1, -1) % size
        return ["".join(self.letters[place] for place in row) for row in places.tolist()]
