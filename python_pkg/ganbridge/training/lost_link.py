"""One link between columns that generated rows have lost, and from when on it is lost."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_ROWS = 50
LINKED = 0.25  # Cramér's V from which on two columns are linked,
KEPT = 0.5  # and the share of it below which the link is lost
OFF = 0.2  # total variation from the training rows' column above which a column is lost
FINE_BINS = 20  # of a column alone
DIFFERENCE = "Give their difference as a column instead of one of them."


@dataclass(frozen=True)
class Lost:
    """One lost link. names: of both columns or parts. sources: indices of the columns. words: what shows it.

    size: how much is lost. remedy: what to do, "" for what helps any link.
    """

    names: tuple[str, str]
    sources: frozenset[int]
    words: str
    size: float
    remedy: str = ""


def percent(share: float) -> str:
    """12 %, of .12."""
    return f"{100 * share:.0f} %"
