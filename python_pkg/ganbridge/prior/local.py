"""A mixture of normal distributions around groups of alike rows: the prior of rows that lie near a curved surface.

Each group has a center and a covariance, shrunken towards the mean covariance of all groups, so that a few dozen rows
in hundreds of numbers are enough for it. A draw is a component, by one uniform number, and its center plus its factor
times normal numbers.

Shapes: rows (n, width), float64.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..stored import array, choice, listed, only, require, values
from .mixture import held_out_entry

RULES = {"family": choice(("local",)), "held_out": listed(held_out_entry)}
ROOT = math.log(2.0 * math.pi)


class LocalNormals:
    """weight (components,). mean (components, width). factor (components, width, width): lower Cholesky factors of the
    covariances. All are float32, as in a file. held_out: the mean log density of held-out rows by components tried."""

    family = "local"

    def __init__(self, weight: Tensor, mean: Tensor, factor: Tensor) -> None:
        self.weight, self.mean, self.factor = (part.float().contiguous() for part in (weight, mean, factor))
        self.held_out: dict[str, float] = {}
        self.reach = self.weight.double().cumsum(0)

    @property
    def components(self) -> int:
        """Number of components."""
        return len(self.weight)

    @property
    def width(self) -> int:
        """Numbers of a row."""
        return self.mean.shape[1]

    def describe(self) -> str:
        """What it is, in words."""
        words = "normal distributions" if self.components > 1 else "normal distribution"
        return f"mixture of {self.components} {words} of {self.width} numbers"

    def log_joint(self, rows: Tensor) -> Tensor:
        """log w_k p_k(row), (n, components)."""
        joint = []
        for weight, mean, factor in zip(self.weight.double(), self.mean.double(), self.factor.double(), strict=True):
            whitened = torch.linalg.solve_triangular(factor, (rows - mean).T, upper=False)
            joint.append(weight.log() - 0.5 * (whitened**2).sum(0) - factor.diagonal().log().sum())
        return torch.stack(joint, 1) - 0.5 * self.width * ROOT

    def log_density(self, rows: Tensor) -> Tensor:
        """Log density of rows (n,)."""
        return self.log_joint(rows).logsumexp(1)

    def component(self, u: Tensor) -> Tensor:
        """Components (n,) of uniform numbers (n,)."""
        at = torch.searchsorted(self.reach, u * self.reach[-1], right=True)
        return at.clamp(max=self.components - 1)

    def rows(self, component: Tensor, normal: Tensor) -> Tensor:
        """Rows (n, width) of components (n,) and normal numbers (n, width)."""
        rows = torch.empty_like(normal)
        for k in range(self.components):
            at = torch.nonzero(component == k).flatten()
            if len(at):
                rows[at] = self.mean[k].double() + normal[at] @ self.factor[k].double().T
        return rows

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """What a file holds of it: plain values for JSON, and arrays by name."""
        held_out = [[name, value] for name, value in self.held_out.items()]
        arrays = {name: getattr(self, name).numpy() for name in ("weight", "mean", "factor")}
        return {"family": self.family, "held_out": held_out}, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> LocalNormals:
        """Inverse of `to_state`. Raises BadFileError for what it never returns."""
        own = values("prior", plain, RULES)
        mean = array("prior", arrays, "mean", "float32", (None, None))
        components, width = mean.shape
        require(components > 0 and width > 0, "`prior.mean` must have components")
        weight = array("prior", arrays, "weight", "float32", (components,), 0.0, 1.0)
        factor = array("prior", arrays, "factor", "float32", (components, width, width))
        require(weight.sum() > 0.5, "`prior.weight` must sum to 1")
        require(bool((factor.diagonal(axis1=1, axis2=2) > 0.0).all()), "`prior.factor` must have spreads above 0")
        only("prior", arrays, ("mean", "weight", "factor"))
        mixture = cls(*(torch.from_numpy(part) for part in (weight, mean, factor)))
        mixture.held_out = dict(own["held_out"])
        return mixture
