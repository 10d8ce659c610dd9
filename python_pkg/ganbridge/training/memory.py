"""Too little memory, which numpy, torch and its devices report in their own ways, as one error that says for what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

WORDS = re.compile("not enough memory|can't allocate memory|out of memory", re.IGNORECASE)
SIZE = re.compile(r"(?:allocate|Tried to allocate) ([\d.]+) ?(bytes|[KMGTPE]i?B)")


def is_out_of_memory(problem: BaseException) -> bool:
    """Whether an exception means that there was too little memory; torch's is a RuntimeError."""
    return isinstance(problem, MemoryError) or (isinstance(problem, RuntimeError) and bool(WORDS.search(str(problem))))


@contextmanager
def memory_named(purpose: str, remedy: str) -> Iterator[None]:
    """Raise a MemoryError that names what was asked for, and what to do, where there is too little memory for it."""
    try:
        yield
    except (MemoryError, RuntimeError) as problem:
        if not is_out_of_memory(problem):
            raise
        size = SIZE.search(str(problem))
        wanted = f" (it asked for {_in_words(*size.groups())} at once)" if size else ""
        raise MemoryError(f"there is too little memory for {purpose}{wanted}. {remedy}") from None


def _in_words(number: str, unit: str) -> str:
    if unit != "bytes":
        return f"{number} {unit}"
    gigabytes = float(number) / 2**30
    return f"{gigabytes:.1f} GiB" if gigabytes >= 0.1 else f"{gigabytes * 1024:.1f} MiB"
