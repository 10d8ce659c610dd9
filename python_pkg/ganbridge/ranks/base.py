"""One process of a fit, and what it has in common with others: nothing, where it is alone. joined.py has the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from torch import Tensor

Value = TypeVar("Value")
LEAST_SHARED = 10_000  # rows of a mixture that processes share; a sum over processes takes as long as some thousands


@dataclass(frozen=True)
class Share:
    """Of things with indices below `count`, those from `start` to `stop`."""

    count: int
    start: int
    stop: int

    @property
    def slice(self) -> slice:
        """Their indices."""
        return slice(self.start, self.stop)

    @property
    def length(self) -> int:
        """How many they are."""
        return self.stop - self.start

    @property
    def weight(self) -> float:
        """Their share of all."""
        return self.length / self.count

    def times(self, each: int) -> Share:
        """The same share if each thing is made of several."""
        return Share(self.count * each, self.start * each, self.stop * each)


def share_of(rank: int, world: int, count: int) -> Share:
    """What one of so many processes takes of so many things."""
    each, more = divmod(count, world)
    start = rank * each + min(rank, more)
    return Share(count, start, start + each + (rank < more))


class Ranks:
    """One process alone; `Joined` is one of several. rank: of this process. world: how many there are."""

    rank, world = 0, 1

    @property
    def first(self) -> bool:
        """Whether this process is the one that scores, saves and reports."""
        return self.rank == 0

    def for_rows(self, rows: int) -> Ranks:
        """All processes if the rows are worth a message; if they are few, each process computes all of them itself."""
        return self if rows >= LEAST_SHARED else Ranks()

    def share(self, count: int) -> Share:
        """This process's share of so many things: as many as each other process has, or one more."""
        return share_of(self.rank, self.world, count)

    def add(self, part: Tensor, weight: float = 1.0) -> None:
        """Replace a tensor by the weighted sum of those of all processes; the same bits everywhere."""

    def summed(self, parts: list[Tensor]) -> list[Tensor]:
        """Sums over all processes, of several tensors in one message."""
        return parts

    def joined(self, part: Tensor, count: int) -> Tensor:
        """Rows (count, ...) of which each process has computed its share."""
        return part

    def spread(self, tensor: Tensor) -> None:
        """Replace a tensor by that of the first process."""

    def of_first(self, compute: Callable[[], Value]) -> Value:
        """What the first process computes, everywhere; or what it raised."""
        return compute()

    def same(self, values: Mapping[str, Any]) -> None:
        """Raise a ValueError that names the first of these values which is not the same in all processes."""

    def row_by_row(self, compute: Callable[[Tensor], Tensor], rows: Tensor) -> Tensor:
        """`compute(rows)` (n, ...), which treats each row by itself: each process computes its share."""
        return compute(rows)

    def listen(self) -> None:
        """Hear whether a process was asked to stop; sums of gradients tell it, too."""

    def stop_if_asked(self) -> None:
        """Raise KeyboardInterrupt in all processes at once, if one of them was asked to stop."""


_current = Ranks()


def here() -> Ranks:
    """The processes of the fit that is under way."""
    return _current


@contextmanager
def as_current(ranks: Ranks) -> Iterator[None]:
    """Have `here()` return these processes."""
    global _current
    _current, before = ranks, _current
    try:
        yield
    finally:
        _current = before
