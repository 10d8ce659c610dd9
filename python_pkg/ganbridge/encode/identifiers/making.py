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
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def made_up(pattern: Pattern, n: int, seed: Sequence[int]) -> np.ndarray:
    """n different texts as an array of objects; the first ones of a larger n are the same."""
    result = np.empty(n, dtype=object)
    shares = np.cumsum(pattern.shares) / sum(pattern.shares)
    draws = np.random.default_rng(np.random.SeedSequence([*seed, 0])).random(n)
    drawn = np.searchsorted(shares, draws, "right").clip(0, len(shares) - 1)
    waiting: dict[tuple[Part, ...], list[np.ndarray]] = {}
    for form in np.unique(drawn):
        key = roomy(pattern, pattern.forms[form])
        waiting.setdefault(key, []).append(np.flatnonzero(drawn == form))
    while waiting:
        key = min(waiting, key=_size)
        rows = np.sort(np.concatenate(waiting.pop(key)))
        room = min(_capacity(pattern, key), len(rows))
        if room:
            result[rows[:room]] = _written(pattern, key, room, seed)
        if room < len(rows):
            waiting.setdefault(_longer(pattern, key), []).append(rows[room:])
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


def _written(pattern: Pattern, form: tuple[Part, ...], n: int, seed: Sequence[int]) -> list[str]:
    """The first n values of a form."""
    capacity = _capacity(pattern, form)
    entropy = np.frombuffer(repr(form).encode(), dtype=np.uint8).tolist()
    rng = np.random.default_rng(np.random.SeedSequence([*seed, 1, *entropy]))
    step = max(1, round(GOLDEN * capacity))
    while math.gcd(step, capacity) > 1:
        step += 1
    code = (np.arange(n, dtype=np.uint64) * np.uint64(step % capacity) + rng.integers(capacity, dtype=np.uint64)) % (
        np.uint64(capacity)
    )
    code = code.astype(np.int64)
    mark, code = code % len(pattern.marks), code // len(pattern.marks)
    used, columns = len(pattern.marks), list[np.ndarray]()
    drawn = np.random.default_rng(rng.integers(2**63))
    for letters in _free(pattern, form):
        if used * letters <= LARGEST_CODE:
            columns.append(code % letters)
            code, used = code // letters, used * letters
        else:
            used = LARGEST_CODE
            columns.append(_drawn(drawn, n, letters))
    return _texts(pattern, form, mark, columns)


def _drawn(rng: np.random.Generator, n: int, letters: int) -> np.ndarray:
    """Letters of a stream of their own, so that the first ones do not depend on n."""
    return np.asarray(np.random.default_rng(rng.integers(2**63)).integers(0, letters, n))


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
