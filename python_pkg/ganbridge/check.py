"""Argument checks: the only place where an error about an argument is worded.

Every message names the argument, what was wanted and what came, and ends with the remedy where one exists:
"`epochs` must be a whole number of at least 1, not -3."
"""

from __future__ import annotations

import math
import numbers
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

LARGEST_WHOLE = 2**31 - 1  # R has no larger integer
SEED_LIMIT = LARGEST_WHOLE  # one seed has to mean the same fit in both languages


def came(value: Any) -> str:
    """What came, in few words: `-3`, `"tabel"`, `an array of shape (3, 2)`, `a list of length 4`."""
    if value is None or isinstance(value, (bool, np.bool_, numbers.Number)):
        words = repr(value.item() if isinstance(value, np.generic) else value)
        return words if len(words) <= 60 else f"a number of {len(words)} digits"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if hasattr(value, "columns") and hasattr(value, "shape"):
        return f"a data frame of shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)):
        if len(value) <= 4 and all(isinstance(item, (numbers.Number, str)) for item in value):
            return "[" + ", ".join(came(item) for item in value) + "]"
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, dict):
        return f"a dict of length {len(value)}"
    return f"an object of class {type(value).__name__}"


def fail(name: str, wanted: str, value: Any, remedy: str = "", error: type[Exception] = ValueError) -> NoReturn:
    """Raise `error` with the one wording that all messages share."""
    raise error(f"`{name}` must be {wanted}, not {came(value)}." + (f" {remedy}" if remedy else ""))


def differs(name: str, process: int) -> NoReturn:
    """Raise a ValueError for what one process of a fit has otherwise than the first one."""
    raise ValueError(
        f"`{name}` must be the same in all processes that fit together, not other in process {process} than in process"
        " 0. Read the same file in the same order everywhere, without randomness of each process's own."
    )


def _bounds(low: float | None, high: float | None, open_low: bool = False, open_high: bool = False) -> str:
    first = "" if low is None else f"{'above' if open_low else 'of at least'} {_figure(low)}"
    last = "" if high is None else f"{'below' if open_high else 'of at most'} {_figure(high)}"
    if first and last and not (open_low or open_high):
        return f" from {_figure(low)} to {_figure(high)}"
    return "".join([f" {first}" if first else "", " and" if first and last else "", f" {last}" if last else ""])


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


def _finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond the largest double
        return False


def whole(name: str, value: Any, low: int = 1, high: int | None = None, remedy: str = "") -> int:
    """A whole number within bounds; 32.0 counts as one, because R's plain numbers are doubles.

    Where there is no upper bound, R's largest integer is one.
    """
    if not _is_real(value):
        fail(name, "a whole number" + _bounds(low, high), value, remedy)
    if high is None and value > LARGEST_WHOLE:
        high = LARGEST_WHOLE
    if not _finite(value) or value != int(value) or value < low or (high is not None and value > high):
        fail(name, "a whole number" + _bounds(low, high), value, remedy)
    return int(value)


def number(
    name: str,
    value: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    open_low: bool = False,
    open_high: bool = False,
    remedy: str = "",
) -> float:
    """A finite number within bounds; `open_low`/`open_high` leave the bound itself out."""
    wanted = "a number" + _bounds(low, high, open_low, open_high)
    if not _is_real(value) or not _finite(value):
        fail(name, wanted, value, remedy)
    too_low = low is not None and (value <= low if open_low else value < low)
    too_high = high is not None and (value >= high if open_high else value > high)
    if too_low or too_high:
        fail(name, wanted, value, remedy)
    return float(value)


def choice(name: str, value: Any, options: Iterable[str], remedy: str = "") -> str:
    """One of a few words; the message lists them and the nearest one."""
    options = list(options)
    if not isinstance(value, str) or value not in options:
        if isinstance(value, str) and not remedy:
            import difflib

            near = difflib.get_close_matches(value, options, n=1)
            remedy = f'Did you mean "{near[0]}"?' if near else ""
        fail(name, "one of " + ", ".join(f'"{option}"' for option in options), value, remedy)
    return str(value)


def either(options: Iterable[str]) -> str:
    """Words to choose from: '"a"', '"a" or "b"', '"a", "b" or "c"'; many are 'one of "a", "b", ...'."""
    words = [f'"{option}"' for option in options]
    if len(words) > 4:
        return f"one of {', '.join(words)}"
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def sequence(name: str, value: Any, item: Callable[[str, Any], Any], wanted: str) -> tuple[Any, ...]:
    """A sequence whose every entry passes `item`; a single number stands for a sequence of one."""
    if isinstance(value, (numbers.Number, np.generic)):
        value = [value]
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = value.tolist()
    if not isinstance(value, (list, tuple, range)):
        fail(name, wanted, value)
    return tuple(item(f"{name}[{i}]", entry) for i, entry in enumerate(value))


def pair(name: str, value: Any, item: Callable[[str, Any], float], wanted: str) -> tuple[float, float]:
    """Two numbers."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        fail(name, wanted, value)
    return item(f"{name}[0]", value[0]), item(f"{name}[1]", value[1])


def seed(value: Any) -> int:
    """A seed that R and Python can both hold."""
    return whole("seed", value, 0, SEED_LIMIT)


def rate(value: Any) -> float:
    """Points of a wave per second; `Kind.rate` says whether a kind of data has them."""
    return number("rate", value, 0.0, open_low=True)


def kind_of_fit(value: Any, kind: str) -> None:
    """A kind that is said although there is a fit, which has its own."""
    if value is not None and value != kind:
        fail("kind", f'left out, or "{kind}" for a fit of that kind', value)


def rows(name: str, value: Any) -> int:
    """How many rows are asked for."""
    return whole(name, value, 1, SEED_LIMIT)


def writable(name: str, path: Any) -> str:
    """A path that a file can be written to; checked before any work is done, without touching an existing file."""
    if not isinstance(path, (str, os.PathLike)) or not os.fspath(path) or "\0" in str(path):
        fail(name, "the path of a file", path)
    path = os.fspath(path)
    file = Path(path)
    folder = file.absolute().parent
    if file.is_dir():
        raise OSError(f"`{name}` must be the path of a file, not the folder {came(path)}.")
    if not folder.is_dir():
        raise OSError(f'`{name}` must lie in a folder that exists, not {came(path)}. Create "{folder}" first.')
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise OSError(f"`{name}` must be a path that can be written to, not {came(path)}.")
    return str(path)


def write_whole(file: Path, data: bytes, alone: bool = False) -> None:
    """Write a file whole or not at all, through a temporary file beside it: an older file survives whatever happens.

    The bytes of the temporary file are on the disk before it gets the file's name. It has a name of its own, because
    several processes may write the same file. alone: no other process does, and the temporary file has always the same
    name, so that what a process that was killed has left of it is replaced by the next one.
    """
    file = file.resolve()  # a link stays a link
    if file.exists() and not file.is_file():  # a pipe or a device is written to, not replaced
        file.write_bytes(data)
        return
    partial = file.with_name(f".{file.name[:100]}-{'' if alone else secrets.token_hex(8)}.part")
    try:
        with partial.open("wb" if alone else "xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            partial.chmod(file.stat().st_mode & 0o777)
        partial.replace(file)
    except BaseException:  # an interrupt, too, must leave nothing behind
        partial.unlink(missing_ok=True)
        raise


def positions(mask: np.ndarray, limit: int = 3, what: str = "row") -> str:
    """Where a mask is true, counted from 1: 'row 3', 'rows 3, 7, 9 and 4 more'."""
    indices = np.flatnonzero(mask)
    shown = ", ".join(str(i + 1) for i in indices[:limit])
    more = f" and {len(indices) - limit} more" if len(indices) > limit else ""
    return f"{what}{'s' if len(indices) > 1 else ''} {shown}{more}"


def callables(name: str, value: Any) -> tuple[Callable[..., Any], ...]:
    """A sequence of functions."""
    if callable(value):
        fail(name, "a sequence of functions", value, f"Put it in a list: {name}=[f].")
    if not isinstance(value, Sequence) or not all(callable(entry) for entry in value):
        fail(name, "a sequence of functions", value)
    return tuple(value)
