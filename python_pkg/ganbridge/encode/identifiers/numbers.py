"""How identifiers that are whole numbers look: forms of digits whose made-up numbers their column can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .making import roomy
from .pattern import LITERAL, Part, Pattern, marks_of, pattern_of

ENOUGH = 1e6  # made-up numbers, for which a literal beginning that leaves room for fewer is given up


def pattern_of_numbers(
    values: np.ndarray, numbered: bool, k: int, largest: float, rng: np.random.Generator
) -> Pattern | None:
    """Of whole numbers (n,); None if there is no room for new ones.

    numbered: whether they are numbered through; then they go on above all of them, if they can. largest: number that
    there may be.
    """
    size = 10.0 ** max(0, len(str(int(values.max()))) - 2)
    first = float((np.floor(values.max() / size) + 1.0) * size)
    if numbered and first <= largest:
        return Pattern([], [], [], None, first)
    texts = [str(int(value)) for value in values]
    most = int(largest)
    pattern = _within(pattern_of(texts, k, rng), most)
    if _room(pattern, most) < ENOUGH:
        marks = pattern.marks if pattern.marked == "digit" else marks_of(texts, "digit", rng)
        length = len(str(int(np.median(values))))
        plain = _within(Pattern([[("digit", length)]], [1.0], marks, "digit"), most)
        pattern = max(pattern, plain, key=lambda each: _room(each, most))
    return pattern if _room(pattern, most) > 0.0 else None


def room_of(pattern: Pattern, largest: float) -> float:
    """How many new numbers there are."""
    return largest - pattern.first + 1.0 if pattern.first is not None else _room(pattern, int(largest))


def _within(pattern: Pattern, largest: int) -> Pattern:
    """The pattern with those marks only that keep the numbers of all forms within the largest one, if there are any."""
    forms = {roomy(pattern, form) for form in pattern.forms}
    marks = [mark for mark in pattern.marks if all(_fits(form, mark, largest) for form in forms)]
    return replace(pattern, marks=marks or pattern.marks)


def _fits(form: Sequence[Part], mark: str, largest: int) -> bool:
    """Whether all numbers of a form with this mark are within the largest one."""
    written = "".join(str(size) if kind == LITERAL else mark.ljust(int(size), "9") for kind, size in form)
    return all(kind in (LITERAL, "digit") for kind, _ in form) and written.isdecimal() and int(written) <= largest


def _room(pattern: Pattern, largest: int) -> float:
    """How many numbers each form has at least, with those that are longer but shorter than the largest one."""
    rooms = []
    for form in {roomy(pattern, form) for form in pattern.forms}:
        if not all(_fits(form, mark, largest) for mark in pattern.marks):
            return 0.0
        free = sum(int(size) for kind, size in form if kind != LITERAL) - len(pattern.marks[0])
        length = sum(len(str(size)) if kind == LITERAL else int(size) for kind, size in form)
        longest = free + max(0, len(str(largest)) - 1 - length)
        rooms.append(sum(len(pattern.marks) * 10.0**digits for digits in range(free, longest + 1)))
    return min(rooms)
