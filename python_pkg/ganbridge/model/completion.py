"""Rows of which a part is known: their missing values drawn given the others, and their density under the prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..check import came
from ..data import Column, Frame, Matrix
from ..encode.density import log_density_within
from ..encode.ranks import RankEncoder
from ..encode.rows import filled, training_columns, user_columns
from ..prior.posterior import completions
from ..prior.table import TablePrior
from ..training.streams import stream, stream_seed
from ..training.threads import torch_threads


@dataclass(frozen=True, eq=False)
class Completion:
    """What a fit with a mixture as its prior knows about partly known rows."""

    prior: TablePrior
    encoder: RankEncoder
    threads: int

    def impute(self, data: Frame | Matrix, m: int, seed: int) -> list[Frame | Matrix]:
        """m times the user's rows, each missing value drawn given the row's others. Raises as `user_columns` does."""
        columns = user_columns(self.encoder, data)
        known = training_columns(self.encoder, columns)
        unknown = np.stack([column.missing for column in columns], 1)
        possible = [self._not_missing(j, bool(unknown[:, j].any())) for j in range(self.encoder.width)]
        seeds = [int(np.random.SeedSequence([seed, i]).generate_state(1)[0]) for i in range(m)]
        order = [self.encoder.column_index(column.name) for column in data.columns]
        if None in order or not data.has_names:
            order = list(range(self.encoder.width))
        completed: list[Frame | Matrix] = []
        for each in seeds:
            drawn = self.completed(known, unknown, possible, each)
            parts = [filled(column, values) for column, values in zip(columns, drawn, strict=True)]
            completed.append(data.with_columns([parts[i] for i in order if i is not None]))
        return completed

    def _not_missing(self, j: int, asked: bool) -> torch.Tensor | None:
        """Which cells of a column are not those of missing values; None if all of them."""
        marginal = self.encoder.marginals[j]
        if asked and marginal.present <= 0.0:
            name = came(self.encoder.table.empty[j].name)
            raise ValueError(f"`data` must hold values in column {name}, of which the training data holds none.")
        return None if marginal.present == 1.0 else torch.from_numpy(marginal.edges[:-1] < marginal.present)

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

    def log_density(self, data: Frame | Matrix, sd: np.ndarray, rows: int) -> np.ndarray:
        """Log density (n,) of the user's rows under the prior. sd (columns,), rows: of the training data."""
        columns = training_columns(self.encoder, user_columns(self.encoder, data), unknown_levels=True)
        cells = np.zeros((data.rows, len(columns)), dtype=np.int64)
        total = np.zeros(data.rows)
        for j, (column, marginal) in enumerate(zip(columns, self.encoder.marginals, strict=True)):
            cells[:, j], within = log_density_within(marginal, column, float(sd[j]), rows)
            total += within
        with torch_threads(self.threads):
            return np.asarray(total + self.prior.log_prob(torch.from_numpy(cells)))
