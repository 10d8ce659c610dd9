"""Principal components of waves of different lengths: the later numbers of the shorter ones are not known.

The model is that of probabilistic components (Tipping and Bishop 1999): wave = mean + scores * basis + noise. Mean and
basis are fitted to what is known of the waves by alternating least squares, each step with the penalty that the model
puts on what it looks for. Filling the gaps instead and decomposing what comes of it needs hundreds of rounds, and the
edges of what was filled in look like components.
"""

from __future__ import annotations

import math

import numpy as np

from .components import edge_of, from_scores, noise_of, scores_of, signed, singular_values, weights_of

STAGES = 10  # at most; each may double the number of components
ROUNDS = 12  # of least squares within a stage


class Unequal:
    """The model for waves x (n, p), of which the first `known` (n,) numbers are known, and the rest is 0."""

    def __init__(self, x: np.ndarray, known: np.ndarray) -> None:
        self.x, self.known = x, known
        self.n, self.p = x.shape
        self.seen = np.arange(self.p) < known[:, None]
        self.mean = np.zeros(self.p)
        self.basis = np.zeros((0, self.p))
        self.variance = np.zeros(0)  # of the scores on each component
        self.scores = np.zeros((self.n, 0))
        self.sd = noise_of(singular_values(x)[0], self.n, self.p)

    @property
    def left(self) -> np.ndarray:
        """What the model leaves of the known numbers (n, p)."""
        return np.where(self.seen, self.x - self.mean - from_scores(self.scores, self.basis), 0.0)

    @property
    def penalty(self) -> np.ndarray:
        """Of each component's score (width,): the noise's variance in terms of its own."""
        return np.asarray(self.sd**2 / np.maximum(self.variance, 1e-300))

    def fit(self) -> None:
        """Add components as long as what is left has some that stand out from noise."""
        for stage in range(STAGES):
            singular, vectors = singular_values(self.left)
            more = int((singular > edge_of(self.sd, self.n, self.p)).sum())
            if not more and stage:
                break
            more = max(1, min(more, len(self.basis)))
            self.basis = np.concatenate([self.basis, vectors[:more]])
            self.variance = np.concatenate([self.variance, singular[:more] ** 2 / self.n])
            self._settle()
        standing_out = np.sqrt(self.n * self.variance) > edge_of(self.sd, self.n, self.p)
        standing_out[0] = True
        self.basis, self.variance = self.basis[standing_out], self.variance[standing_out]
        self._settle()
        self.basis = signed(self.basis)
        self.scores = scores_of_known(self.x - self.mean, self.known, self.basis, self.penalty)

    def _settle(self) -> None:
        for _ in range(ROUNDS):
            self.scores = scores_of_known(self.x - self.mean, self.known, self.basis, self.penalty)
            self._regress()
            self._turn()
        numbers, width = self.seen.sum(), len(self.basis)
        freedom = numbers - self.p - width * (self.n + self.p - width)
        self.sd = math.sqrt((self.left**2).sum() / max(0.1 * numbers, freedom))

    def _regress(self) -> None:
        """Mean and basis anew: each known number of the waves on the scores."""
        design = np.concatenate([np.ones((self.n, 1)), self.scores], 1)
        # Basis rows have length 1, so that an entry has a variance of about 1 / p.
        gram = np.diag([1e-9, *[self.sd**2 * self.p + 1e-9] * len(self.basis)])
        solved = np.empty((design.shape[1], self.p))
        counts = np.unique(self.known)
        for start, count in reversed(list(zip([0, *counts[:-1]], counts, strict=True))):
            rows, ending = self.known > start, design[self.known == count]
            gram = gram + np.einsum("ik,il->kl", ending, ending)
            solved[:, start:count] = _solve(gram, np.einsum("ik,im->km", design[rows], self.x[rows, start:count]))
        self.mean, self.basis = solved[0], solved[1:]

    def _turn(self) -> None:
        """The same model with orthonormal components, and scores that are uncorrelated and have the mean 0."""
        import torch

        center = self.scores.mean(0)
        self.mean = self.mean + from_scores(center[None], self.basis)[0]
        q, r = torch.linalg.qr(torch.from_numpy(self.basis.T.copy()))
        turned = np.einsum("ik,lk->il", self.scores - center, r.numpy())
        singular, directions = singular_values(turned)
        self.basis = np.einsum("kl,ml->km", directions, q.numpy())
        self.scores = np.einsum("il,kl->ik", turned, directions)
        self.variance = singular**2 / self.n


def unequal_components(values: np.ndarray, known: np.ndarray, channels: int = 1) -> dict[str, np.ndarray]:
    """As `components`, with the `penalty` (width,) of `scores_of_known`; of values (n, p) the first `known` count."""
    seen = np.arange(values.shape[1]) < known[:, None]
    count = seen.sum(0)
    center = np.where(seen, values, 0.0).sum(0) / count
    rest = np.where(seen, values - center, 0.0)
    unit = weights_of(rest, channels)
    model = Unequal(rest / unit, known)
    model.fit()
    width = len(model.basis)
    # If few waves are that long, what they leave tells little: the noise of all points is taken instead.
    freedom = np.maximum(1.0, (count - 1 - width) * (1.0 - width / values.shape[1]))
    noise = np.where(count > 10 + 2 * width, np.sqrt((model.left**2).sum(0) / freedom), model.sd)
    result = {"center": center + model.mean * unit, "basis": model.basis, "noise": noise * unit, "weight": unit}
    return result | {"penalty": model.penalty}


def scores_of_known(waves: np.ndarray, known: np.ndarray, basis: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Scores (n, width) of waves (n, p) without their mean, of which the first `known` numbers are known.

    They are the expected ones given what is known: least squares with a penalty, which grows with what is missing, so
    that a complete wave has the scores that `scores_of` gives.
    """
    scores = np.empty((len(waves), len(basis)))
    gram, start = np.zeros((len(basis), len(basis))), 0
    for count in np.unique(known):
        rows, part = known == count, basis[:, start:count]
        gram = gram + np.einsum("km,lm->kl", part, part)
        missing = np.diag(penalty * (1.0 - count / basis.shape[1]) + 1e-12)
        scores[rows] = _solve(gram + missing, scores_of(waves[rows, :count], basis[:, :count]).T).T
        start = count
    return scores


def _solve(gram: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solutions (k, m) of symmetric equations (k, k), with torch's own threads."""
    import torch

    solved = torch.linalg.solve(torch.from_numpy(gram), torch.from_numpy(np.ascontiguousarray(right)))
    return np.asarray(solved.numpy())
