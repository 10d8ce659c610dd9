"""The fit of the discriminator's log-linear part: penalized maximum likelihood, with a penalty by held-out rows."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from .moments import MANY_ROWS, LevelMoments

PRECISIONS = (1.0, 10.0, 100.0)  # of the normal prior on the weights; with MANY_ROWS, the first
FOLDS = 4
FOLDED_ROWS = 1_000  # and with more rows only one of the folds is held out
STEPS = 40  # of L-BFGS

Weights = dict[int, Tensor]


class MomentFit:
    """Weights that tell real rows (n, columns) from generated ones (m, columns) with weights of 1 on average."""

    def __init__(self, moments: LevelMoments, real: Tensor, generated: Tensor, generated_weights: Tensor) -> None:
        self.moments, self.rows = moments, len(real)
        self.cells = torch.cat([real, generated])
        self.features = {j: moments.features(self.cells, j) for j in moments.weights}
        self.target = (torch.arange(len(self.cells)) < self.rows).float()
        share = self.rows / max(1, len(generated))
        self.weight = torch.cat([torch.ones(self.rows), generated_weights * share])

    def fit(self, generator: torch.Generator) -> None:
        """Set the weights; they stay 0 if no penalty gains anything on held-out rows."""
        precision = PRECISIONS[0] if self.rows >= MANY_ROWS else self._precision(generator)
        if precision is not None:
            self.moments.weights = self._fitted(torch.ones(len(self.cells)), precision, self.moments.weights)

    def _precision(self, generator: torch.Generator) -> float | None:
        fold = torch.randperm(len(self.cells), generator=generator) % FOLDS
        losses: dict[float | None, float] = dict.fromkeys((None, *PRECISIONS), 0.0)
        for k in range(FOLDS if self.rows < FOLDED_ROWS else 1):
            held_out, weights = (fold == k).float(), self.moments.weights
            losses[None] += float(self._loss(held_out, weights))
            for precision in reversed(PRECISIONS):  # each starts where the stronger penalty ended
                weights = self._fitted(1.0 - held_out, precision, weights)
                losses[precision] += float(self._loss(held_out, weights))
        return min(losses, key=lambda precision: losses[precision])

    def _loss(self, use: Tensor, weights: Weights) -> Tensor:
        """Cross-entropy of the rows that are used, a sum over real rows."""
        logit = self.moments.logit_of(self.cells, self.features, weights)
        return binary_cross_entropy_with_logits(logit, self.target, self.weight * use, reduction="sum")

    def _fitted(self, use: Tensor, precision: float, start: Weights) -> Weights:
        """Penalized maximum likelihood by L-BFGS."""
        columns = list(start)
        theta = [start[j].clone().requires_grad_() for j in columns]
        optimizer = torch.optim.LBFGS(theta, max_iter=STEPS, history_size=10, line_search_fn="strong_wolfe")

        def closure() -> Tensor:
            optimizer.zero_grad()
            penalty = torch.stack([(part**2).sum() for part in theta]).sum()
            loss = self._loss(use, dict(zip(columns, theta, strict=True))) + 0.5 * precision * penalty
            loss = loss / self.rows
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        optimizer.step(closure)  # type: ignore[no-untyped-call]
        return {j: part.detach() for j, part in zip(columns, theta, strict=True)}
