"""A mixture of normal distributions given the known cells of rows: exact weights of components, normal conditionals.

A known number counts with the score in the middle of its cell. Shapes: cells (n, columns), int64; z (n, numbers),
float64; log weights of components (n, components).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from .mixture import cells_of, middles_of

if TYPE_CHECKING:
    from .normals import NormalMixture

SMALLEST = 1e-300


class NormalPosterior:
    """See `Posterior`: rows in which the same columns are missing."""

    def __init__(
        self, mixture: NormalMixture, cells: Tensor, columns: Sequence[int], possible: Sequence[Tensor | None]
    ) -> None:
        self.mixture, self.cells, self.columns = mixture, cells, set(columns)
        layout = mixture.layout
        self.possible = [
            torch.ones(len(edges) - 1, dtype=torch.float64) if part is None else part.double()
            for edges, part in zip(layout.edges, possible, strict=True)
        ]
        middle = middles_of(cells, layout.edges)
        self.z, self.absent = mixture.scores_of(middle), torch.from_numpy(layout.missing(middle))
        self.unknown = [i for i, j in enumerate(layout.numbers) if j in self.columns]
        self.absent[:, self.unknown] = True  # their scores are integrated out
        self.log_weight = self._log_weight(layout.codes(middle))

    def _log_weight(self, codes: Tensor) -> Tensor:
        """Log weights of the components by what is known, and by what may come."""
        mixture, layout = self.mixture, self.mixture.layout
        total = mixture.weight.log().expand(len(codes), -1).clone()
        for c, share in enumerate(mixture.shares):
            level = c < len(layout.levels)
            j = layout.levels[c] if level else layout.numbers[layout.gaps[c - len(layout.levels)]]
            if j not in self.columns:
                total += share.clamp(min=SMALLEST).log()[codes[:, c]]
            elif level:
                total += (share * self.possible[j][:, None]).sum(0).clamp(min=SMALLEST).log()
            else:
                total += share[0].clamp(min=SMALLEST).log()  # what is drawn is present
        return total + mixture.log_normal_of_present(self.z, self.absent)

    def draw(self, draws: int, generator: torch.Generator) -> Tensor:
        """So many completed rows of cells for each row, (n, draws, columns)."""
        n, layout = len(self.cells), self.mixture.layout
        cells = self.cells[:, None].repeat(1, draws, 1)
        component = torch.multinomial(self.log_weight.softmax(1), draws, replacement=True, generator=generator)
        for c, j in enumerate(layout.levels):
            if j in self.columns:
                weights = (self.mixture.shares[c] * self.possible[j][:, None]).T[component.flatten()]
                weights = weights + SMALLEST * self.possible[j]
                cells[:, :, j] = torch.multinomial(weights, 1, generator=generator).view(n, draws)
        if self.unknown:
            self._draw_numbers(cells, component, generator)
        return cells

    def _draw_numbers(self, cells: Tensor, component: Tensor, generator: torch.Generator) -> None:
        """Put cells of drawn scores into `cells`; rows with the same known numbers share a conditional covariance."""
        mixture, layout = self.mixture, self.mixture.layout
        noise = torch.randn((*component.shape, len(self.unknown)), generator=generator, dtype=torch.float64)
        patterns, which = torch.unique(self.absent, dim=0, return_inverse=True)
        for number, absent in enumerate(patterns):
            rows, seen = (which == number).nonzero()[:, 0], ~absent
            for k in range(mixture.components):
                mean, factor = mixture.conditional(k, self.z[rows][:, seen], seen, self.unknown)
                z = (mean[:, None] + noise[rows] @ factor.T).numpy()  # (rows, draws, unknown)
                chosen = component[rows] == k
                for i, at in enumerate(self.unknown):
                    j = layout.numbers[at]
                    ranks = mixture.share_below(at, z[:, :, i].ravel()) * layout.present[at]
                    ranks = np.minimum(ranks, np.nextafter(layout.present[at], 0.0))
                    drawn = cells_of(ranks[:, None], [layout.edges[j]]).view(z.shape[:2])
                    cells[rows, :, j] = torch.where(chosen, drawn, cells[rows, :, j])
