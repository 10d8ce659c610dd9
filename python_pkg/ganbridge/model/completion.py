"""Rows of which a part is known: their missing values drawn given the others, and their density under the prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..data import Column, Frame, Matrix
from ..encode.density import log_density_within
from ..encode.given import UNKNOWN
from ..encode.ranks import RankEncoder
from ..encode.relations import PartlyKnown, Plan
from ..encode.rows import filled, training_columns, user_columns
from ..prior.posterior import completions
from ..prior.table import TablePrior
from ..training.streams import stream, stream_seed
from ..training.threads import torch_threads

ROUNDS = 8  # in which rows are drawn that must go with what is known of computed columns


@dataclass(frozen=True, eq=False)
class Completion:
    """What a fit with a mixture as its prior knows about partly known rows."""

    prior: TablePrior
    encoder: RankEncoder
    threads: int
    plan: Plan | None = None

    def impute(self, data: Frame | Matrix, m: int, seed: int) -> list[Frame | Matrix]:
        """m times the user's rows, each missing value drawn given the row's others. Raises as `user_columns` does."""
        columns = self._user_columns(data)
        known = training_columns(self._likes(), columns)
        seeds = [int(np.random.SeedSequence([seed, i]).generate_state(1)[0]) for i in range(m)]
        names = [str(column.name) for column in self._empty]
        by_name = data.has_names and {str(column.name) for column in data.columns} == set(names)
        order = [names.index(str(column.name)) for column in data.columns] if by_name else list(range(len(names)))
        completed: list[Frame | Matrix] = []
        for each in seeds:
            drawn = self._drawn(known, each)
            parts = [_filled(column, values) for column, values in zip(columns, drawn, strict=True)]
            completed.append(data.with_columns([parts[i] for i in order]))
        return completed

    def _drawn(self, known: list[Column], seed: int) -> list[Column]:
        """The table's columns with what is missing drawn given the others."""
        if self.plan is None:
            return self._completed(known, np.stack([column.missing for column in known], 1), seed)
        whole = PartlyKnown(self.plan, known)
        rows = self._round(whole, seed)
        for again in range(1, ROUNDS):
            off = whole.distance(rows)
            wrong = np.flatnonzero(off)
            if not len(wrong):
                break
            part = whole.take(wrong)
            redrawn = self._round(part, int(np.random.SeedSequence([seed, again]).generate_state(1)[0]))
            better = part.distance(redrawn) < off[wrong]
            index = np.arange(rows.rows)
            index[wrong[better]] = rows.rows + np.flatnonzero(better)
            rows = rows.followed_by([redrawn]).take(index)
        return whole.completed(rows, np.random.default_rng(stream_seed(seed, "encoding")))

    def _round(self, rows: PartlyKnown, seed: int) -> Frame:
        """Rows with what is unknown drawn, and what is computed from it."""
        core, unknown = rows.encoded()
        whole = rows.plan.restore(Frame(self._completed(core, unknown, seed)))
        return Frame(whole.columns)

    def _completed(self, core: list[Column], unknown: np.ndarray, seed: int) -> list[Column]:
        """The encoded columns; what is drawn is not missing."""
        possible = [self._not_missing(j) for j in range(self.encoder.width)]
        return self.completed(core, unknown, possible, seed)

    @property
    def _empty(self) -> list[Column]:
        """The table's columns, without a row."""
        return self.encoder.table.empty if self.plan is None else self.plan.likes

    def _likes(self) -> list[Column]:
        """The table's columns, with a row for each level that the training data holds."""
        encoded = [str(column.name) for column in self.encoder.table.empty]
        if self.plan is None:
            return [self.encoder.with_levels(j) for j in range(len(encoded))]
        names = self.plan.keys
        changed = self.plan.changed
        return [
            self.plan.with_levels(name) if name in changed else self.encoder.with_levels(self.plan.encoded.index(name))
            for name in names
        ]

    def _user_columns(self, data: Frame | Matrix) -> list[Column]:
        schema = self.encoder.table.schema if self.plan is None else self.plan.schema
        return user_columns(self._empty, schema.names is not None, data)

    def _not_missing(self, j: int) -> torch.Tensor | None:
        """Which cells of a column are not those of missing values; None for all, also if it had no values at all."""
        marginal = self.encoder.marginals[j]
        return None if marginal.present in (0.0, 1.0) else torch.from_numpy(marginal.edges[:-1] < marginal.present)

    def completed(
        self,
        columns: Sequence[Column | None],
        unknown: np.ndarray,
        possible: Sequence[torch.Tensor | None],
        seed: int,
    ) -> list[Column]:
        """Columns of values of the training data's types, in which unknown ones are drawn given the others.

        columns: None if all of one's values are unknown. unknown: bool (n, columns). possible: for each column None or
        weights of the cells that may come.
        """
        rng = np.random.default_rng(stream_seed(seed, "encoding"))
        cells = np.zeros(unknown.shape, dtype=np.int64)
        for j, (column, marginal) in enumerate(zip(columns, self.encoder.marginals, strict=True)):
            if column is not None:
                cells[:, j] = marginal.cell_of(marginal.encode(column, rng))
        generator, mask = stream(seed, "latent"), torch.from_numpy(unknown)
        with torch_threads(self.threads):
            drawn = completions(self.prior, torch.from_numpy(cells), mask, possible, generator).numpy()
        return [self._merged(j, columns[j], unknown[:, j], drawn[:, j], rng) for j in range(self.encoder.width)]

    def _merged(
        self, j: int, column: Column | None, unknown: np.ndarray, cells: np.ndarray, rng: np.random.Generator
    ) -> Column:
        """The column with values from anywhere in the drawn cells (n,) where it is unknown."""
        marginal, like = self.encoder.marginals[j], self.encoder.table.empty[j]
        low, high = marginal.edges[cells], marginal.edges[cells + 1]
        ranks = np.minimum(low + rng.random(len(cells)) * (high - low), np.nextafter(high, 0.0))
        values, missing = marginal.decode(ranks, self.encoder.table.range_margin)
        if column is None:
            return like.like(values, missing)
        return like.like(np.where(unknown, values, column.values), np.where(unknown, missing, column.missing))

    def log_density(self, data: Frame | Matrix, sd: np.ndarray, rows_of_fit: int) -> np.ndarray:
        """Log density (n,) of the user's rows under the prior. sd (columns,), rows_of_fit: of the training data."""
        columns = training_columns(self._likes(), self._user_columns(data), unknown_levels=True)
        total = np.zeros(data.rows)
        if self.plan is not None:
            rows = Frame(columns)
            for relation in self.plan.relations:
                if relation.enforced:
                    total[relation.broken(rows)] = -np.inf
            for column in columns:
                if not column.numeric and str(column.name) in self.plan.changed:
                    total[(column.values == UNKNOWN) & ~column.missing] = -np.inf
            columns, sd = self.plan.reduce(rows).columns, self.plan.sd
        cells = np.zeros((data.rows, len(columns)), dtype=np.int64)
        for j, (column, marginal) in enumerate(zip(columns, self.encoder.marginals, strict=True)):
            cells[:, j], within = log_density_within(marginal, column, float(sd[j]), rows_of_fit)
            total += within
        with torch_threads(self.threads):
            return np.asarray(total + self.prior.log_prob(torch.from_numpy(cells)))


def _filled(column: Column, drawn: Column) -> Column:
    """The user's column with the drawn values; what must be missing, because another column says so, stays so."""
    whole = filled(column, drawn)
    return whole if not drawn.any_missing else whole.like(whole.values, drawn.missing & column.missing)
