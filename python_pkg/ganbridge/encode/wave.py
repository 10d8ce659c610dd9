"""Waves: n rows of m points that share one scale, as points themselves or as scores of their principal components.

"components" keeps the directions in which the waves differ by more than white noise could make them differ, and gives
the rest back as noise of the size that was seen: the networks then learn a few scores instead of m points.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..check import came
from .column import NumericColumn, bounded, decimals_of, spread
from .data import Data, Matrix


class WaveEncoder:
    """Waves (n, m) <-> float32 array of shape (n, width); width is m, or the number of components kept."""

    kind = "wave"

    def __init__(self, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        self.plain = plain
        self.schema = plain["schema"]
        self.center = arrays["center"]
        # In one order in memory, fresh or loaded: products differ in the last bits with the order of their factors.
        # (width, m), orthonormal rows
        self.basis = np.ascontiguousarray(arrays["basis"]) if "basis" in arrays else None
        self.noise = arrays.get("noise")  # (m,), standard deviation of what the basis leaves out
        self.scores = [NumericColumn(**fields) for fields in plain["scores"]]
        for i, column in enumerate(self.scores):
            column.knots = arrays[f"knots.{i}"]
        self.width = len(self.center) if self.basis is None else len(self.basis)

    @classmethod
    def fit(cls, data: Data, scaling: str, range_margin: float) -> WaveEncoder:
        """Learn the common scale, or the components."""
        if not isinstance(data, Matrix):
            raise TypeError(
                '`data` must be an array or a matrix of n waves by m points for kind "wave", not a data frame.'
                " Convert it first: data.to_numpy() in Python, as.matrix(data) in R."
            )
        values = data.values
        plain: dict[str, Any] = {
            "schema": {
                "form": "matrix",
                "rows": data.rows,
                "names": data.names,
                "type": data.type,
                "dtype": data.dtype,
            },
            "scaling": scaling,
            "low": float(values.min()),
            "high": float(values.max()),
            "decimals": decimals_of(values, data.dtype),
            "scale": 1.0,
            "range_margin": range_margin,
            "scores": [],
        }
        arrays = {"center": np.zeros(values.shape[1])}
        if scaling == "standard":
            arrays["center"] += values.mean()
            plain["scale"] = spread(values) or 1.0
        elif scaling == "range":
            arrays["center"] += (plain["low"] + plain["high"]) / 2.0
            plain["scale"] = (plain["high"] - plain["low"]) / 2.0 or 1.0
        elif scaling == "components":
            arrays |= _components(values)
            scores = _scores(values - arrays["center"], arrays["basis"])
            for i in range(scores.shape[1]):
                column = NumericColumn.fit(scores[:, i], "double", "quantile")
                plain["scores"].append(column.to_dict())
                arrays[f"knots.{i}"] = column.knots
        return cls(plain, arrays)

    @property
    def normal(self) -> np.ndarray:
        """Which of the encoded numbers follow the standard normal distribution in the training data (width,)."""
        return np.full(self.width, bool(self.scores))

    def offsets(self, generated: np.ndarray) -> np.ndarray:
        """What to add to generated rows, (width,): nothing."""
        return np.zeros(self.width)

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Standardized waves, float32 of shape (n, width)."""
        if not isinstance(data, Matrix):
            raise TypeError(f"`data` must be a matrix of waves, not {came(data)}.")
        values = data.values - self.center
        if self.basis is None:
            return np.asarray(values / self.plain["scale"], dtype=np.float32)
        scores = _scores(values, self.basis)
        columns = [column.encode(scores[:, i], rng) for i, column in enumerate(self.scores)]
        return np.stack(columns, 1).astype(np.float32)

    def decode(self, encoded: np.ndarray, rng: np.random.Generator) -> Data:
        """Waves like the training waves; `rng` draws the noise that the components leave out."""
        values = encoded.astype(np.float64)
        margin = self.plain["range_margin"]
        if self.basis is None or self.noise is None:
            values = values * self.plain["scale"] + self.center
        else:
            scores = np.stack([column.decode(values[:, i], margin) for i, column in enumerate(self.scores)], 1)
            noise = rng.standard_normal((len(values), len(self.center))) * self.noise
            scores -= _scores(noise, self.basis)
            values = _waves(scores, self.basis) + self.center + noise
        values = bounded(values, self.plain["low"], self.plain["high"], margin, self.plain["decimals"])
        return Matrix(values, self.schema["type"], self.schema["names"], self.schema["dtype"])

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""
        arrays = {"center": self.center}
        if self.basis is not None and self.noise is not None:
            arrays |= {"basis": self.basis, "noise": self.noise}
        return self.plain, arrays | {f"knots.{i}": column.knots for i, column in enumerate(self.scores)}

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> WaveEncoder:
        """Inverse of `to_state`."""
        return cls(plain, arrays)


def _components(values: np.ndarray) -> dict[str, np.ndarray]:
    """Center, basis and left-out noise of waves (n, m).

    A singular value is kept where it stands out from those of white noise: above the edge (sqrt(n) + sqrt(m)) * sd of
    the Marchenko-Pastur law, with the noise's sd from the median singular value (Gavish and Donoho 2014, section 3).
    """
    n, m = values.shape
    center = values.mean(0)
    size = float(np.abs(values).max()) or 1.0  # the squares of very small numbers would be 0
    rest = (values - center) / size
    singular, basis = _singular(rest)
    positive = singular[singular > max(1e-10 * float(singular[0]), 1e-14)]
    width = 1
    if len(positive) > 1:
        sd = float(np.median(positive)) / math.sqrt(_marchenko_pastur_median(min(n, m) / max(n, m)) * max(n, m))
        width = max(1, int((positive > sd * (math.sqrt(n) + math.sqrt(m))).sum()))
    basis = basis[:width]
    # The sign of a singular vector is arbitrary and may differ between machines; the largest entry decides it.
    basis = basis * np.sign(basis[np.arange(width), np.abs(basis).argmax(1)])[:, None]
    left = rest - _waves(_scores(rest, basis), basis)
    freedom = max(1.0, (n - 1 - width) * (1.0 - width / m))
    return {"center": center, "basis": basis, "noise": np.sqrt((left**2).sum(0) / freedom) * size}


# Products and decompositions by numpy's BLAS differ in their last bits with the number of cores that it finds; einsum
# has one thread, and torch has as many as the fit asks for.


def _scores(waves: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Scores (n, width) of waves (n, m)."""
    return np.asarray(np.einsum("im,km->ik", waves, basis))


def _waves(scores: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Waves (n, m) of scores (n, width)."""
    return np.asarray(np.einsum("ik,km->im", scores, basis))


def _singular(waves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Singular values (k,), falling, and right singular vectors (k, m)."""
    import torch

    _, singular, basis = torch.linalg.svd(torch.from_numpy(waves), full_matrices=False)
    return singular.numpy(), basis.numpy()


def _marchenko_pastur_median(ratio: float) -> float:
    """Median of the Marchenko-Pastur distribution with that ratio of the sides, by numerical integration."""
    low, high = (1.0 - math.sqrt(ratio)) ** 2, (1.0 + math.sqrt(ratio)) ** 2
    # Substituting x = low + (high - low) sin^2 takes the square-root ends out of the integrand.
    angle = (np.arange(20_000) + 0.5) / 20_000 * (math.pi / 2.0)
    x = low + (high - low) * np.sin(angle) ** 2
    weight = (np.sin(angle) * np.cos(angle)) ** 2 / np.maximum(x, 1e-12)
    share = np.cumsum(weight) / weight.sum()
    return float(x[np.searchsorted(share, 0.5)])
