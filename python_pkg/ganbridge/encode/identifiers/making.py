"""Made-up identifiers: different from each other and from all real ones, the same for a row however many there are.

Row i takes a form by chance; the rows of one form are numbered, and the number, put out of order, is written in the
form's letters and digits, behind a mark that no real value holds. A form that has no more values goes on one letter or
digit longer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .pattern import ALPHABETS, LITERAL, Part, Pattern

LARGEST_CODE = 2**38  # numbers that are written in a value; further letters are drawn
PART = 2**18  # rows made up at once: memory does not grow with all of them
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def made_up(pattern: Pattern, n: int, seed: Sequence[int]) -> np.ndarray:
    """n different texts as an array of objects; the first ones of a larger n are the same."""
    return Making(pattern, seed).next(n)


class Making:
    """Made-up texts part by part: those of several parts are those of one part as long as all of them."""

    def __init__(self, pattern: Pattern, seed: Sequence[int]) -> None:
        self.pattern, self.seed = pattern, seed
        self._shares = np.cumsum(pattern.shares) / sum(pattern.shares)
        self._draws = np.random.default_rng(np.random.SeedSequence([*seed, 0]))
        self._forms: dict[tuple[Part, ...], FormValues] = {}

    def next(self, n: int) -> np.ndarray:
        """The next n texts, as an array of objects."""
        parts = [self._part(min(PART, n - start), whole=True) for start in range(0, n, PART)]
        return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, dtype=object), *parts])

    def skip(self, n: int) -> None:
        """Pass over the next n texts."""
        for start in range(0, n, PART):
            self._part(min(PART, n - start), whole=False)

    def _part(self, n: int, whole: bool) -> np.ndarray:
        result = np.empty(n if whole else 0, dtype=object)
        drawn = np.searchsorted(self._shares, self._draws.random(n), "right").clip(0, len(self._shares) - 1)
        waiting: dict[tuple[Part, ...], list[np.ndarray]] = {}
        for form in np.unique(drawn):
            key = roomy(self.pattern, self.pattern.forms[form])
            waiting.setdefault(key, []).append(np.flatnonzero(drawn == form))
        while waiting:
            key = min(waiting, key=_size)
            rows = np.sort(np.concatenate(waiting.pop(key)))
            values = self._forms.setdefault(key, FormValues(self.pattern, key, self.seed))
            room = min(values.capacity - values.used, len(rows))
            if room:
                texts = values.next(room, whole)
                if whole:
                    result[rows[:room]] = texts
            if room < len(rows):
                waiting.setdefault(_longer(self.pattern, key), []).append(rows[room:])
        return result


def roomy(pattern: Pattern, form: Sequence[Part]) -> tuple[Part, ...]:
    """The form, with room for a mark in its longest part of the marked alphabet."""
    at, length = _marked_part(pattern, form), len(pattern.marks[0])
    return tuple((kind, max(int(size), length)) if i == at else (kind, size) for i, (kind, size) in enumerate(form))


def _marked_part(pattern: Pattern, form: Sequence[Part]) -> int:
    sizes = [int(size) if kind == pattern.marked else -1 for kind, size in form]
    return sizes.index(max(sizes))


def _size(form: Sequence[Part]) -> int:
    return sum(len(str(size)) if kind == LITERAL else int(size) for kind, size in form)


def _longer(pattern: Pattern, form: tuple[Part, ...]) -> tuple[Part, ...]:
    at = _marked_part(pattern, form)
    return tuple((kind, int(size) + 1) if i == at else (kind, size) for i, (kind, size) in enumerate(form))


def _free(pattern: Pattern, form: Sequence[Part]) -> list[int]:
    """Letters to choose from at each free place, those behind the mark first."""
    at = _marked_part(pattern, form)
    behind = [len(ALPHABETS[form[at][0]])] * (int(form[at][1]) - len(pattern.marks[0]))
    others = [
        len(ALPHABETS[k]) for i, (k, size) in enumerate(form) if k != LITERAL and i != at for _ in range(int(size))
    ]
    return behind + others


def _capacity(pattern: Pattern, form: Sequence[Part]) -> int:
    """How many values a form has, up to LARGEST_CODE."""
    capacity = len(pattern.marks)
    for letters in _free(pattern, form):
        if capacity * letters > LARGEST_CODE:
            break
        capacity *= letters
    return capacity


class FormValues:
    """The values of one form, one after the other."""

    def __init__(self, pattern: Pattern, form: tuple[Part, ...], seed: Sequence[int]) -> None:
        self.pattern, self.form, self.used = pattern, form, 0
        self.capacity = _capacity(pattern, form)
        entropy = np.frombuffer(repr(form).encode(), dtype=np.uint8).tolist()
        rng = np.random.default_rng(np.random.SeedSequence([*seed, 1, *entropy]))
        step = max(1, round(GOLDEN * self.capacity))
        while math.gcd(step, self.capacity) > 1:
            step += 1
        self.step, self.start = step % self.capacity, int(rng.integers(self.capacity, dtype=np.uint64))
        drawn = np.random.default_rng(rng.integers(2**63))
        used, self.letters = len(pattern.marks), list[tuple[int, np.random.Generator | None]]()
        for letters in _free(pattern, form):
            counted = used * letters <= LARGEST_CODE
            used = used * letters if counted else LARGEST_CODE
            # Letters beyond the code have streams of their own: the first ones do not depend on how many follow.
            self.letters.append((letters, None if counted else np.random.default_rng(drawn.integers(2**63))))

    def next(self, n: int, whole: bool = True) -> list[str]:
        """The next n texts; none if they are passed over, which is faster."""
        first = (self.start + self.used * self.step) % self.capacity
        self.used += n
        if not whole:
            for letters, rng in self.letters:
                if rng is not None:
                    rng.integers(0, letters, n)
            return []
        code = (np.arange(n, dtype=np.uint64) * np.uint64(self.step) + np.uint64(first)) % np.uint64(self.capacity)
        code = code.astype(np.int64)
        marks = len(self.pattern.marks)
        mark, code = code % marks, code // marks
        columns = list[np.ndarray]()
        for letters, rng in self.letters:
            if rng is None:
                columns.append(code % letters)
                code = code // letters
            else:
                columns.append(np.asarray(rng.integers(0, letters, n)))
        return _texts(self.pattern, self.form, mark, columns)


def _texts(pattern: Pattern, form: tuple[Part, ...], mark: np.ndarray, columns: list[np.ndarray]) -> list[str]:
    """Texts of a form with these marks and letters (n,) at the free places, those behind the mark first."""
    at, places = _marked_part(pattern, form), iter(columns)
    parts: dict[int, list[np.ndarray]] = {}
    for i in [at, *(i for i, (kind, _) in enumerate(form) if kind != LITERAL and i != at)]:
        kind, size = form[i]
        alphabet = np.array(list(ALPHABETS[kind]))
        free = int(size) - (len(pattern.marks[0]) if i == at else 0)
        parts[i] = ([np.array(pattern.marks)[mark]] if i == at else []) + [alphabet[next(places)] for _ in range(free)]
    pieces = list[np.ndarray]()
    for i, (kind, size) in enumerate(form):
        pieces += [np.full(len(mark), size)] if kind == LITERAL else parts[i]
    return ["".join(row) for row in zip(*(piece.tolist() for piece in pieces), strict=True)]
