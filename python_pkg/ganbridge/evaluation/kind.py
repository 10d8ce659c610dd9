"""What an evaluation has to know of a kind of data; `evaluation/<kind>.py` holds it for each kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from .. import check
from ..data import Data
from ..kinds import KINDS
from .view import Views

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..model.fitted import FittedGan


@dataclass(frozen=True)
class Plot:
    """A plot of the report, with its title and a caption."""

    title: str
    caption: str
    figure: Figure


class EvaluatedKind(ABC):
    """How one kind of data is evaluated.

    kind: its name. column, columns: what a number that describes a row is called. about: the report's introduction to
    single columns.
    """

    kind: ClassVar[str]
    column: ClassVar[str] = "measure"
    columns: ClassVar[str] = "measures"
    about: ClassVar[str]

    @property
    def words(self) -> Mapping[str, str]:
        """The words that sentences are filled with."""
        kind = KINDS[self.kind]
        return {"row": kind.row, "rows": kind.rows, "column": self.column, "columns": self.columns}

    @abstractmethod
    def target(self, target: Any, real: Data) -> Any:
        """What `target` means for these real rows, in the form that `views` takes; an error if nothing."""

    def predicted(self, target: Any) -> int | None:
        """The index of the column that models are trained to predict, by what `target` returned; None for none."""
        return None

    @abstractmethod
    def views(self, data: dict[str, Data], target: Any, seed: int) -> Views:
        """Data sets by argument name, "real" first, as they are evaluated."""

    @abstractmethod
    def plots(self, gan: FittedGan, real: Data) -> Iterator[Plot]:
        """Plots of generated beside real rows, for the report."""


def evaluated_kind(name: str) -> EvaluatedKind:
    """How the kind of that name is evaluated; a ValueError if it is unknown, or there is no file for it."""
    check.choice("kind", name, KINDS)
    try:
        evaluated: EvaluatedKind = KINDS[name].part("evaluation").EVALUATED
    except ModuleNotFoundError as problem:
        if problem.name != f"ganbridge.evaluation.{name}":
            raise
        remedy = f"ganbridge/evaluation/{name}.py must define how it is evaluated."
        check.fail("kind", "a kind that can be evaluated", name, remedy)
        raise AssertionError from None  # fail() always raises
    return evaluated
