"""What a saved fit may hold: rules for the values of its header and for its arrays.

A file comes from anywhere: nothing in it is believed. Each class that a file holds says beside its `from_state` what
its plain values must be, a rule for each name, and takes its arrays by type, shape and bounds, before anything is
computed or allocated:

    RULES = {"low": number(), "high": number(), "decimals": optional(whole(-6, 10))}

    values = stored.values("scaler", plain, RULES)
    knots = stored.array("scaler", arrays, "knots", "float64", (2, None))

A value that breaks its rule, one that is missing, and one that has no rule are a `BadFileError`. Rules return values as
they came. tests/python/test_hostile_files.py alters every value and every array of fits of every kind, and so finds
those that are believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

import numpy as np

from . import check

Rule = Callable[[str, Any], Any]  # the name of a value, for errors, and the value; returns the value
Dimensions = tuple[int | None, ...]  # of an array; None: any

DEEPEST = 16  # lists and dicts in each other


class BadFileError(ValueError):
    """What `load` and `from_bytes` raise for a file that is no intact fit: damaged, altered, foreign, or newer.

    It is a ValueError. Files are refused before anything in them is used: no code of theirs is run, and no memory
    beyond their own size is taken.

    Examples:
        >>> import ganbridge
        >>> try:
        ...     ganbridge.from_bytes(b"no fit at all")
        ... except ganbridge.BadFileError as problem:
        ...     print(problem)
        the data is not a fit saved by ganbridge.
    """


def refuse(complaint: str) -> NoReturn:
    """Raise the one error of files."""
    raise BadFileError(complaint)


def require(holds: bool, complaint: str) -> None:
    """Raise a `BadFileError` with that complaint unless it holds."""
    if not holds:
        refuse(complaint)


def values(part: str, plain: Any, rules: Mapping[str, Rule], absent: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The plain values of a part of a file by name, each after its rule.

    absent: what stands for values that files of older versions lack.
    """
    if not isinstance(plain, dict):
        refuse(f"`{part}` must be values by name, not {check.came(plain)}")
    found: dict[str, Any] = {**(absent or {}), **plain}
    for name in found:
        require(name in rules, f"`{part}` has an unknown name, {check.came(name)}")
    for name, rule in rules.items():
        require(name in found, f"`{part}.{name}` is missing")
        rule(f"{part}.{name}", found[name])
    return found


# --- rules ------------------------------------------------------------------------------------------------------------


def number(
    low: float | None = None, high: float | None = None, *, open_low: bool = False, open_high: bool = False
) -> Rule:
    """A finite number within bounds."""
    return _checked(lambda n, v: check.number(n, v, low, high, open_low=open_low, open_high=open_high))


def whole(low: int = 0, high: int | None = None) -> Rule:
    """A whole number within bounds; without an upper one, R's largest integer."""

    def rule(name: str, value: Any) -> Any:
        if type(value) is not int:
            check.fail(name, "a whole number", value, error=BadFileError)
        return _checked(lambda n, v: check.whole(n, v, low, high))(name, value)

    return rule


def choice(options: Iterable[str]) -> Rule:
    """One of a few words."""
    options = list(options)
    return _checked(lambda n, v: check.choice(n, v, options))


def text(longest: int | None = None) -> Rule:
    """A text, of so many letters at most."""

    def rule(name: str, value: Any) -> Any:
        if not isinstance(value, str) or len(value) > (longest or len(value)):
            wanted = "a text" + (f" of at most {longest:,} letters" if longest else "")
            check.fail(name, wanted, value, error=BadFileError)
        return value

    return rule


def flag(name: str, value: Any) -> Any:
    """True or False."""
    if not isinstance(value, bool):
        check.fail(name, "True or False", value, error=BadFileError)
    return value


def label(name: str, value: Any) -> Any:
    """What a column or a level may be called: a text, a number, a truth value, nothing."""
    if not (value is None or isinstance(value, (str, bool, int))):
        return number()(name, value)
    return value


def optional(rule: Rule) -> Rule:
    """None, or what the rule says."""
    return lambda name, value: None if value is None else rule(name, value)


def listed(rule: Rule, count: int | None = None) -> Rule:
    """A list, whose every entry passes the rule; count: its length."""

    def checked(name: str, value: Any) -> Any:
        if not isinstance(value, list) or (count is not None and len(value) != count):
            wanted = "a list" if count is None else f"a list of length {count}"
            check.fail(name, wanted, value, error=BadFileError)
        for i, entry in enumerate(value):
            rule(f"{name}[{i}]", entry)
        return value

    return checked


def anything(name: str, value: Any) -> Any:
    """What is checked elsewhere, by the part that it belongs to."""
    return value


def _checked(test: Callable[[str, Any], Any]) -> Rule:
    """A test of arguments as a rule."""

    def rule(name: str, value: Any) -> Any:
        try:
            test(name, value)
        except (TypeError, ValueError) as problem:
            raise BadFileError(str(problem).rstrip(".")) from None
        return value

    return rule


# --- arrays -----------------------------------------------------------------------------------------------------------


def array(
    part: str,
    arrays: Mapping[str, np.ndarray],
    name: str,
    dtype: str,
    shape: Dimensions,
    low: float | None = None,
    high: float | None = None,
    *,
    finite: bool = True,
) -> np.ndarray:
    """An array of a file: of that dtype and shape, with finite values within bounds.

    finite: whether values must be; what a training that diverges holds need not.
    """
    where = f"`{part}.{name}`"
    found = arrays.get(name)
    if found is None:
        refuse(f"{where} is missing")
    require(found.dtype == np.dtype(dtype), f"{where} must be {dtype}, not {found.dtype}")
    fits = len(found.shape) == len(shape) and all(b in (None, a) for a, b in zip(found.shape, shape, strict=True))
    if not fits:
        wanted = " x ".join("any" if size is None else str(size) for size in shape)
        refuse(f"{where} must be an array of {wanted}, not of {' x '.join(map(str, found.shape))}")
    if finite and found.size and found.dtype != np.bool_:
        # Of NaN every comparison is false.
        least, most = found.min(), found.max()
        inside = bool(np.isfinite(least) and np.isfinite(most))
        inside = inside and (low is None or least >= low) and (high is None or most <= high)
        bounds = "finite" if low is None and high is None else f"from {low} to {high}"
        require(inside, f"{where} must have values that are {bounds}")
    return found


def only(part: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse names that a part does not have."""
    unknown = sorted(set(names) - set(known))
    require(not unknown, f"`{part}` has an unknown name, {check.came(unknown[0]) if unknown else ''}")


def rising(found: np.ndarray, strictly: bool = False) -> bool:
    """Whether the values of an array never fall along its last axis."""
    steps = found[..., 1:] > found[..., :-1] if strictly else found[..., 1:] >= found[..., :-1]
    return bool(steps.all())


def shares(part: str, arrays: Mapping[str, np.ndarray], name: str, count: int | None) -> np.ndarray:
    """Positive shares (count,) that sum to 1."""
    found = array(part, arrays, name, "float64", (count,), 0.0, 1.0)
    require(bool((found > 0.0).all()) and abs(float(found.sum()) - 1.0) < 1e-6, f"`{part}.{name}` must sum to 1")
    return found
