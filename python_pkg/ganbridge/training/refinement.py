"""Adversarial training of a network that moves the draws of a table's mixture, and the decision whether it stays.

Rows are held out from it, and it stays out unless boosted trees tell these rows from what it makes of draws less well
than from draws as they are. The mixture has seen them, so that the decision errs on the side of staying out. No step
is spent in vain: first its discriminator alone has to tell draws from held-out rows, because a generator learns from
nothing else; after a quarter of the steps, and after half of them, the network must not be clearly worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import torch

from ..config import Settings
from ..encode.marginal import Cells
from ..networks import DenseSpec
from ..prior.mixture import cells_of
from ..prior.refinement import Refinement, ScoredRows
from ..prior.table import TablePrior
from ..prior.trial import LEAST_NUMBERS, LEAST_ROWS, LEAST_SHARE, MOST_WIDTH, Outcome, Trial
from ..ranks import here
from ..recipes import refining
from .telling import Told, told_by_trees
from .trainer import Trainer

HELD_OUT, MOST_HELD_OUT = 0.2, 5_000  # share of the rows that are held out, and their number
MOST_ROWS = 30_000  # that are trained on,
GENERATED = 3  # with so many draws for each row,
MOST_NUMBERS = 2**23  # of at most so many numbers in all
STEPS_PER_ROW, MOST_STEPS = 0.75, 3_000  # of the generator
FIRST_STEPS = 300  # of the discriminator alone,
LEAST_SEEN = 0.55  # after which it must tell draws from held-out rows with such an area under the curve
SIGNIFICANT = 2.0  # standard errors

Tell = Callable[[int, int], None]  # steps so far, and of how many
Tried = tuple[Trial, Refinement | None]


class Refiner:
    """Tries a network on the draws of a prior.

    wanted: True keeps the network in any case; None lets held-out rows decide. columns: of the rows.
    """

    def __init__(self, columns: Sequence[Cells], seed: int, wanted: bool | None, tell: Tell | None = None) -> None:
        self.columns, self.seed, self.wanted, self.tell = columns, seed, wanted, tell
        self.rows = ScoredRows.of_columns(columns)

    def __call__(self, prior: TablePrior, ranks: np.ndarray) -> None:
        """Give the prior its trial, and a network if one is worth it. ranks (n, columns): of rows in random order."""
        unfit = self._unfit(len(ranks))
        if unfit is not None:
            prior.trial = Trial(unfit)
        else:
            prior.trial, prior.refinement = here().of_first(lambda: self._tried(prior, ranks))

    def _unfit(self, rows: int) -> Outcome | None:
        """Why no network is tried."""
        least = 1 if self.wanted else max(LEAST_NUMBERS, LEAST_SHARE * len(self.columns))
        if len(self.rows.numbers) < least:
            return "numbers"
        if self.wanted is None and rows < LEAST_ROWS:
            return "rows"
        return "width" if self.wanted is None and self.rows.width > MOST_WIDTH else None

    def _tried(self, prior: TablePrior, ranks: np.ndarray) -> Tried:
        cut = max(2, min(round(HELD_OUT * len(ranks)), MOST_HELD_OUT))
        most = max(1, min(MOST_ROWS, MOST_NUMBERS // (GENERATED * self.rows.width)))
        self.held_out, train = ranks[:cut], ranks[cut:][:most]
        generator, sampler = torch.Generator().manual_seed(self.seed), prior.sampler()
        draws = sampler.ranks(sampler.uniform(generator, GENERATED * len(train)))
        self.draws = sampler.ranks(sampler.uniform(generator, GENERATED * cut))  # that are told from held-out rows
        self.train, self.trained_draws = self.rows.encode(train), self.rows.encode(draws)
        if self.wanted is None:
            seen = self._told_by_network()
            if seen.area < max(LEAST_SEEN, 0.5 + SIGNIFICANT * seen.error):
                return Trial("unseen", seen=seen.area), None
        return self._trained(draws, max(2, min(MOST_STEPS, int(STEPS_PER_ROW * len(ranks)))))

    def _settings(self, steps: int) -> Settings:
        return refining(len(self.train), len(self.rows.numbers), steps)

    def _trainer(self, settings: Settings) -> Trainer:
        return Trainer(self.train, settings, self.seed, self.rows.beside, draws=self.trained_draws)

    def _run(self, trainer: Trainer, steps: range, most: int) -> None:
        for step in steps:
            trainer.train_round()
            if self.tell is not None:
                self.tell(step + 1, most)

    @torch.no_grad()
    def _told_by_network(self) -> Told:
        """How well a discriminator alone learns to tell held-out rows from draws as they are."""
        trainer = self._trainer(replace(self._settings(FIRST_STEPS), generator_steps=0))
        self._run(trainer, range(FIRST_STEPS), FIRST_STEPS)
        both = (torch.from_numpy(self.rows.encode(part)) for part in (self.held_out, self.draws))
        return Told.by(*(trainer.discriminator.forward(part[None])[0, :, 0].double() for part in both))

    def _trained(self, draws: np.ndarray, steps: int) -> Tried:
        """The network after so many steps, or after fewer if it does harm. draws (m, columns): it is trained on."""
        trainer, before = self._trainer(self._settings(steps)), self._told(self.draws)
        start = 0
        for end, least in ((steps // 4, -SIGNIFICANT), (steps // 2, -SIGNIFICANT), (steps, SIGNIFICANT)):
            self._run(trainer, range(start, end), steps)
            start, spec = end, cast("DenseSpec", trainer.generator.spec)
            refinement = Refinement.of_draws(self.rows, spec, trainer.generator.state(0, trainer.averaged), draws)
            after = self._told(refinement.moved(self.draws))
            better = before.area - after.area > least * before.error_of_difference(after)
            if not (better or self.wanted):
                break
        trial = Trial("kept" if better or self.wanted else "worse", start, None, before.area, after.area)
        return trial, refinement if trial.outcome == "kept" else None

    def _told(self, draws: np.ndarray) -> Told:
        """How well trees tell held-out rows from draws (m, columns)."""
        edges = [column.edges for column in self.columns]
        return told_by_trees(cells_of(self.held_out, edges), cells_of(draws, edges), self.columns, self.seed)
