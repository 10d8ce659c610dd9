"""Classifiers that tell generated waves from real ones, and a predictor that is trained on generated ones.

The discriminative score is |accuracy - .5| on the fifth of the waves that the classifier was not trained on, 0 is best
(TimeGAN, Yoon et al. 2019). Once by a recurrent network as there (2 layers of gated units; its protocol takes the last
state), and once by another family: boosted trees on points and their differences. The predictive score is the mean
absolute error of a recurrent network that is trained on generated waves and predicts the next point of a real wave's
last channel from the others; all channels run from 0 to 1.
"""

from __future__ import annotations

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier
from torch import Tensor, nn

BATCH, RATE = 128, 1e-3
COLUMNS = 240  # points and differences that the trees see at most, at random


class Recurrent(nn.Module):
    """2 layers of gated recurrent units, and one number per wave or per point."""

    def __init__(self, channels: int, of_points: bool = False) -> None:
        super().__init__()
        hidden = max(12, channels)
        self.units = nn.GRU(channels, hidden, num_layers=2, batch_first=True)
        self.last, self.of_points = nn.Linear(hidden, 1), of_points

    def forward(self, waves: Tensor) -> Tensor:
        """Numbers (n,) or (n, points) of waves (n, points, channels)."""
        states, _ = self.units(waves)
        number: Tensor = self.last(states if self.of_points else states[:, -1])[..., 0]
        return number


def from_0_to_1(waves: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Waves (n, points, channels), so that each channel of `like` runs from 0 to 1."""
    waves, like = (x[:, :, None] if x.ndim == 2 else x for x in (waves, like))
    low, high = like.min((0, 1)), like.max((0, 1))
    return np.asarray((waves - low) / np.where(high > low, high - low, 1.0))


def discriminative(real: np.ndarray, made: np.ndarray, seed: int, steps: int) -> float:
    """|accuracy - .5| of the recurrent network."""
    real, made = from_0_to_1(real, real), from_0_to_1(made, real)
    train, test, labels = _split(real, made, seed)
    torch.manual_seed(seed)
    network = Recurrent(real.shape[2])
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    waves = torch.from_numpy(np.concatenate([real, made]).astype(np.float32))
    target = torch.from_numpy(labels.astype(np.float32))
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        rows = torch.from_numpy(rng.choice(train, BATCH))
        loss = nn.functional.binary_cross_entropy_with_logits(network(waves[rows]), target[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        logit = torch.cat([network(waves[torch.from_numpy(part)]) for part in np.array_split(test, 10)])
    return abs(float(((logit.numpy() > 0) == (labels[test] > 0.5)).mean()) - 0.5)


def by_trees(real: np.ndarray, made: np.ndarray, seed: int) -> float:
    """|accuracy - .5| of boosted trees on points and differences."""
    features = [_points_and_differences(waves) for waves in (real, made)]
    rng = np.random.default_rng(seed)
    columns = rng.permutation(features[0].shape[1])[:COLUMNS]
    train, test, labels = _split(*features, seed)
    rows = np.concatenate(features)[:, columns]
    trees = HistGradientBoostingClassifier(max_iter=100, random_state=seed, early_stopping=False)
    trees.fit(rows[train], labels[train])
    return abs(float((trees.predict(rows[test]) == labels[test]).mean()) - 0.5)


def predictive(real: np.ndarray, made: np.ndarray, seed: int, steps: int) -> float:
    """Mean absolute error for the real waves; of one channel, its next point is predicted from those before."""
    made, real = from_0_to_1(made, real), from_0_to_1(real, real)
    torch.manual_seed(seed)
    seen = slice(0, max(1, real.shape[2] - 1))
    network = Recurrent(real[:, :, seen].shape[2], of_points=True)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    waves, rng = torch.from_numpy(made.astype(np.float32)), np.random.default_rng(seed)
    for _ in range(steps):
        rows = waves[torch.from_numpy(rng.integers(len(waves), size=BATCH))]
        loss = (network(rows[:, :-1, seen]).sigmoid() - rows[:, 1:, -1]).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        rows = torch.from_numpy(real.astype(np.float32))
        return float((network(rows[:, :-1, seen]).sigmoid() - rows[:, 1:, -1]).abs().mean())


def _split(real: np.ndarray, made: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices of four fifths and of a fifth of real and generated waves, and the labels of all (1 is real)."""
    labels = np.concatenate([np.ones(len(real)), np.zeros(len(made))])
    order = np.random.default_rng([seed, 1]).permutation(len(labels))
    cut = round(0.8 * len(order))
    return order[:cut], order[cut:], labels


def _points_and_differences(waves: np.ndarray) -> np.ndarray:
    rows = waves.reshape(len(waves), waves.shape[1], -1)
    return np.concatenate([rows, np.diff(rows, axis=1)], 1).reshape(len(rows), -1)
