"""Features in which images can be compared: the last hidden layer of a small classifier of labelled real images.

Distances between pixels say little about images; the Frechet distance between features does (Heusel et al. 2017, who
took them from a classifier of photographs). One trained on the data at hand suits small grey images better, but its
distances compare only with each other: a distance between generated and real images means something beside that
between real and other real images in the same features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from .. import check
from .metrics.fidelity import frechet_distance

FEATURES = 64
BATCH = 128
ROWS_AT_ONCE = 1000


@dataclass
class ImageFeatures:
    """A classifier of images, without its last layer; `train_features` makes one.

    network: images (n, channels, height, width) to features. last: features to one logit per class. shape and
    brightest: of an image, and the largest value, in training. classes: the labels, in order.
    """

    network: nn.Module
    last: nn.Module
    shape: tuple[int, ...]
    brightest: float
    classes: np.ndarray

    @torch.no_grad()
    def features(self, images: np.ndarray) -> np.ndarray:
        """Features (n, 64) of images like those of the training."""
        return self._by_parts(images, self.network).astype(np.float64)

    @torch.no_grad()
    def classify(self, images: np.ndarray) -> np.ndarray:
        """The most likely label (n,) of each image."""
        logits = self._by_parts(images, nn.Sequential(self.network, self.last))
        return np.asarray(self.classes[logits.argmax(1)])

    def _by_parts(self, images: np.ndarray, network: nn.Module) -> np.ndarray:
        if images.shape[1:] != self.shape or not len(images):
            check.fail("images", f"an array of n images of {' x '.join(map(str, self.shape))}", images)
        starts = range(0, len(images), ROWS_AT_ONCE)
        parts = [network(_standardized(images[i : i + ROWS_AT_ONCE], self.brightest)) for i in starts]
        return np.asarray(torch.cat(parts).numpy())

    def distances(self, generated: np.ndarray, real: np.ndarray, other: np.ndarray) -> dict[str, float]:
        """Frechet distances of generated to real images, and of other real images to them.

        Both are taken from as many images as the smaller of the first two has, because a distance from fewer images is
        larger by chance. `real` should not be the images that the classifier was trained on.
        """
        n = min(len(generated), len(other))
        features = self.features(real)
        return {
            "generated": frechet_distance(self.features(generated[:n]), features),
            "real": frechet_distance(self.features(other[:n]), features),
        }


def train_features(images: np.ndarray, labels: np.ndarray, epochs: int = 4, seed: int = 0) -> ImageFeatures:
    """Train a small convolutional classifier with Adam.

    Args:
        images: (n, height, width) or (n, height, width, channels), with values of at least 0.
        labels: (n,), of any dtype.
        epochs: passes over the images.
        seed: a whole number; the caller's random state is left alone.

    Raises:
        ValueError: if there is not one label for each image, or no second label.
    """
    images, labels = np.asarray(images), np.asarray(labels)
    epochs, seed = check.whole("epochs", epochs), check.seed(seed)
    if images.ndim not in (3, 4):
        check.fail("images", "an array of n images by height by width (by channels)", images)
    if labels.shape != (len(images),):
        check.fail("labels", f"one label for each of the {len(images)} images", labels)
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"`labels` must hold at least two different labels, not {len(classes)}.")
    brightest = float(images.max()) or 1.0
    # A class of its own (nn.Module) draws from torch's global state, which is the caller's.
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        features = ImageFeatures(*_layers(images.shape, len(classes)), images.shape[1:], brightest, classes)
        whole = nn.Sequential(features.network, features.last)
        optimizer = torch.optim.Adam(whole.parameters(), lr=1e-3)
        targets = torch.from_numpy(codes.astype(np.int64))
        for _ in range(epochs):
            for rows in torch.randperm(len(images)).split(BATCH):  # type: ignore[no-untyped-call]
                optimizer.zero_grad()
                loss = cross_entropy(whole(_standardized(images[rows.numpy()], brightest)), targets[rows])
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
    return features


def _layers(shape: tuple[int, ...], classes: int) -> tuple[nn.Module, nn.Module]:
    channels = shape[3] if len(shape) == 4 else 1
    coarse = -(-shape[1] // 4) * -(-shape[2] // 4)
    network = nn.Sequential(
        nn.Conv2d(channels, 16, 5, 2, 2),
        nn.ReLU(),
        nn.Conv2d(16, 32, 5, 2, 2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * coarse, FEATURES),
        nn.ReLU(),
    )
    return network, nn.Linear(FEATURES, classes)


def _standardized(images: np.ndarray, brightest: float) -> Tensor:
    x = torch.from_numpy(images.astype(np.float32)).mul_(2.0 / brightest).sub_(1.0)
    return x[:, None] if x.ndim == 3 else x.movedim(-1, 1)
