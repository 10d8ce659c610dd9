"""The fit of the discriminator's log-linear part: penalized maximum likelihood, with a penalty by held-out rows."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from ..ranks import here
from .moments import MANY_ROWS, LevelMoments

PRECISIONS = (1.0, 10.0, 100.0)  # of the normal prior on the weights; with MANY_ROWS, the first;
TOLERANCE = (
    0.05  # with fewer, the weakest whose loss is at most so much larger: rare levels, which gain most, count little
)
FOLDS = 4
FOLDED_ROWS = 1_000  # and with more rows only one of the folds is held out
MOST_FEATURES = 2**25  # of all rows and levels; of more rows, a part is fitted to
STEPS = 40  # of L-BFGS

Weights = dict[int, Tensor]


class MomentFit:
    """Weights that tell real rows (n, columns) from generated ones (m, columns) with weights of 1 on average."""

    def __init__(self, moments: LevelMoments, real: Tensor, generated: Tensor, generated_weights: Tensor) -> None:
        every = -(
            -(len(real) + len(generated)) * sum(part.shape[1] for part in moments.weights.values()) // MOST_FEATURES
        )
        real, generated, generated_weights = real[::every], generated[::every], generated_weights[::every]
        self.moments, self.rows, self.count = moments, len(real), len(real) + len(generated)
        share = self.rows / max(1, len(generated))
        # Each process has its share of the rows; sums over all of them are all that is asked for.
        self.ranks = here().for_rows(self.count)
        self.part = self.ranks.share(self.count).slice
        self.cells = torch.cat([real, generated])[self.part]
        self.features = {j: moments.features(self.cells, j) for j in moments.weights}
        self.target = (torch.arange(self.count) < self.rows).float()[self.part]
        self.weight = torch.cat([torch.ones(self.rows), generated_weights * share])[self.part]

    def fit(self, generator: torch.Generator) -> None:
        """Set the weights; they stay 0 if all penalties lose on held-out rows."""
        precision = PRECISIONS[0] if self.rows >= MANY_ROWS else self._precision(generator)
        if precision is not None:
            self.moments.weights = self.fitted(torch.ones(self.count), precision, self.moments.weights)

    def _precision(self, generator: torch.Generator) -> float | None:
        fold = torch.randperm(self.count, generator=generator) % FOLDS
        losses: dict[float | None, float] = dict.fromkeys((None, *PRECISIONS), 0.0)
        for k in range(FOLDS if self.rows < FOLDED_ROWS else 1):
            held_out, weights = (fold == k).float(), self.moments.weights
            losses[None] += float(self._loss(held_out, weights))
            for precision in reversed(PRECISIONS):  # each starts where the stronger penalty ended
                weights = self.fitted(1.0 - held_out, precision, weights)
                losses[precision] += float(self._loss(held_out, weights))
        most = (1.0 + TOLERANCE) * min(losses.values())
        return next(precision for precision in (*PRECISIONS, None) if losses[precision] <= most)

    def _loss(self, use: Tensor, weights: Weights) -> Tensor:
        """Cross-entropy of the rows that are used, a sum over real rows."""
        (loss,) = self.ranks.summed([self._loss_of(self.moments.logit_of(self.cells, self.features, weights), use)])
        return loss

    def _loss_of(self, logit: Tensor, use: Tensor) -> Tensor:
        """The same of this process's rows."""
        return binary_cross_entropy_with_logits(logit, self.target, self.weight * use[self.part], reduction="sum")

    def fitted(self, use: Tensor, precision: float, start: Weights) -> Weights:
        """Penalized maximum likelihood by L-BFGS."""
        columns = list(start)
        theta = [start[j].clone() for j in columns]
        optimizer = torch.optim.LBFGS(theta, max_iter=STEPS, history_size=10, line_search_fn="strong_wolfe")

        def closure() -> Tensor:
            logit = self.moments.logit_of(self.cells, self.features, dict(zip(columns, theta, strict=True)))
            residual = self.weight * use[self.part] * (logit.sigmoid() - self.target)
            gradients = [
                torch.zeros_like(part).index_add_(0, self.cells[:, j], residual[:, None] * self.features[j])
                for j, part in zip(columns, theta, strict=True)
            ]
            loss, *gradients = self.ranks.summed([self._loss_of(logit, use), *gradients])
            for gradient, part in zip(gradients, theta, strict=True):
                part.grad = (gradient + precision * part) / self.rows
            penalty = torch.stack([(part**2).sum() for part in theta]).sum()
            return (loss + 0.5 * precision * penalty) / self.rows

        optimizer.step(closure)  # type: ignore[no-untyped-call]
        return {j: part.detach() for j, part in zip(columns, theta, strict=True)}
