"""Tables: rows of typed columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..config import Config, NetworkName, PriorName, ScalingName
from ..data import Column, Data, Frame, Matrix, Schema
from ..encode import TableEncoder
from ..encode.all_rows import AllRows
from ..encode.ranks import RankEncoder
from ..encode.relations import Plan, by_hand, wanted
from ..recipes import DataShape, dense, shared_by
from .base import Kind

LISTED = 6  # columns whose names are shown
MIXTURE_ROWS = 50  # rows from which on a mixture is fitted,
MIXTURE_COLUMNS = 2_000  # and columns up to which: its memory grows with their square


class Table(Kind):
    """Rows of a matrix or a data frame."""

    name = "table"
    row, rows = "row", "rows"
    encoder, prior_encoder = TableEncoder, RankEncoder
    example = DataShape(rows=1000, width=5)
    order = 0
    has_columns = True

    def takes(self, data: Data) -> bool:
        return isinstance(data, (Frame, Matrix))

    def claims(self, data: Data) -> bool:
        return self.takes(data)

    def prior(self, data: Data, config: Config) -> PriorName:
        """A mixture for tables that have more than curves and clouds in the plane, and rows enough to fit it to."""
        plane = len(data.columns) <= 2 and all(column.numeric and not column.any_missing for column in data.columns)
        unfit = data.rows < MIXTURE_ROWS or len(data.columns) > MIXTURE_COLUMNS
        return "normal" if plane or unfit else "mixture"

    def plan(
        self,
        data: Data,
        config: Config,
        fixed: Sequence[str],
        all_rows: AllRows | None = None,
    ) -> Plan | None:
        """See `Kind`."""
        assert isinstance(data, (Frame, Matrix))
        setting = True if config.relations is None else config.relations
        relations = [] if setting is False else wanted(data, setting)
        if all_rows is not None:
            broken = all_rows.read(data.columns, relations)
            relations = all_rows.kept(relations, broken, by_hand(setting, data))
        if setting is False:
            return None
        plan = Plan.of(data, relations, fixed, shared_by(config, data.rows))
        if all_rows is not None:
            plan = plan.of_all_rows(all_rows.schema(plan.schema), [all_rows.shares(column) for column in data.columns])
        return plan if plan.steps or plan.relations else None

    def scalings(self, network: NetworkName) -> tuple[ScalingName, ...]:
        return ("quantile", "standard", "range", "none")

    def recipe(self, network: NetworkName, shape: DataShape) -> Config:
        return dense(shape)

    def summaries(self, data: Data) -> list[Column]:
        """The columns themselves."""
        if data.has_names:
            return data.columns
        return [replace(column, name=f"column {column.name}") for column in data.columns]

    def describe(self, schema: Schema, columns: int, rate: float | None) -> str:
        """`272 rows x 2 columns (eruptions, waiting)`."""
        names = [str(name) for name in schema.names or []]
        listed = ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")
        size = f"{schema.rows:,} rows x {columns:,} column{'s' if columns != 1 else ''}"
        return f"{size} ({listed})" if listed else size
