"""What came of the trial of a network on a prior's draws: whether it stays, and by which values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from ..stored import choice, number, optional, values, whole

Outcome = Literal["kept", "worse", "unseen", "rows", "numbers", "width"]
LEAST_ROWS = 2_000  # training rows,
LEAST_NUMBERS, LEAST_SHARE = 2, 0.5  # columns of numbers, and their share of all,
MOST_WIDTH = 400  # and encoded numbers of a row up to which a network is tried

RULES = {
    "outcome": choice(get_args(Outcome)),
    "steps": whole(0),
    "seen": optional(number(0.0, 1.0)),
    "before": optional(number(0.0, 1.0)),
    "after": optional(number(0.0, 1.0)),
}


@dataclass(frozen=True)
class Trial:
    """A trial, or why there was none.

    steps: of the generator. seen: area under the curve by which a network tells draws from held-out rows. before,
    after: the same by boosted trees, for draws as they are and for moved ones.
    """

    outcome: Outcome
    steps: int = 0
    seen: float | None = None
    before: float | None = None
    after: float | None = None

    def describe(self) -> str:
        """It in words. .5 is the area under the curve of draws that can't be told from held-out rows."""
        if self.outcome == "rows":
            return f"none; tried from {LEAST_ROWS:,} rows on"
        if self.outcome == "numbers":
            return "none; it would move numbers, and most columns are levels"
        if self.outcome == "width":
            return f"none; tried with up to {MOST_WIDTH} numbers a row, levels counted one by one"
        if self.seen is not None:
            return f"none; a network hardly tells draws from held-out rows (AUC {self.seen:.2f}): nothing to learn from"
        before, after = self.before or 0.5, self.after or 0.5
        told = f"trees tell held-out rows from its rows with AUC {after:.2f}, from draws with {before:.2f}"
        kept = "moves the numbers of draws" if self.outcome == "kept" else "none; not clearly better"
        return f"{kept}: {told} ({self.steps:,} steps)"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Any) -> Trial:
        """Inverse of `to_dict`."""
        return cls(**values("prior.trial", plain, RULES))
