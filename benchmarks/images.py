"""Fashion-MNIST with the default settings for images: time, memory, and distance of generated images from real ones.

    apt-get install dataset-fashion-mnist
    python benchmarks/images.py [--steps 3000] [--seed 1] [--out demo] [--tutorial]

60,000 grey images of 28 x 28. Prints seconds per 1,000 generator steps, the peak memory in addition to the images and
torch, and the Frechet distance between generated and held-out real images in the features of a small classifier,
compared with that between training images and held-out ones. Saves plots of the losses and of images during the
training. With --tutorial, the settings of "GANs with R" (GeeksforGeeks, 2026) are used. Its networks are those of the
default settings, but the output ranges from -1 to 1 by tanh here, not from 0 to 1 by a sigmoid.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import resource
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python_pkg"))

import ganbridge
from ganbridge.evaluation.image_features import train_features
from ganbridge.evaluation.metrics.privacy import nearest_distance_ratio
from ganbridge.training.distances import coverage

FOLDER = Path("/usr/share/datasets/fashion-mnist")
COMPARED = 5000  # generated images, and other real images
NEIGHBOURS = 1000
TUTORIAL = {
    "objective": "non_saturating",
    "latent_dim": 100,
    "batch_size": 64,
    "dropout": {"generator": 0.0, "discriminator": 0.3},
    "optimizer": "adam",
    "generator_lr": 1e-3,
    "discriminator_lr": 1e-3,
    "betas": (0.9, 0.999),
}


def read(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of the training part ("train") or the held-out part ("t10k")."""
    if not FOLDER.exists():
        sys.exit(f"{FOLDER} does not exist. Run: apt-get install dataset-fashion-mnist")
    images, labels = (FOLDER / f"{part}-{what}-ubyte.gz" for what in ("images-idx3", "labels-idx1"))
    return ganbridge.read_idx(images), ganbridge.read_idx(labels)


def megabytes() -> float:
    """Peak memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("demo"))
    parser.add_argument("--tutorial", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    torch.set_num_threads(1)

    images, labels = read("train")
    held_out, held_out_labels = read("t10k")
    start = time.perf_counter()
    seer = train_features(images, labels, seed=0)
    right = float((seer.classify(held_out) == held_out_labels).mean())
    print(f"classifier: {100 * right:.1f} % of the held-out images right, {time.perf_counter() - start:.0f} s")

    before, start, used = megabytes(), time.perf_counter(), time.process_time()
    marks: list[tuple[int, float, float]] = []

    def watch(state: object) -> None:
        generated = state.sample(COMPARED)  # type: ignore[attr-defined]
        marks.append((state.step, seer.distances(generated, held_out, images)["generated"], coverage_of(generated)))  # type: ignore[attr-defined]

    def coverage_of(generated: np.ndarray) -> float:
        return coverage(seer.features(generated[:NEIGHBOURS]), seer.features(held_out[:NEIGHBOURS]))

    config = ganbridge.Config(steps=options.steps, **(TUTORIAL if options.tutorial else {}))
    gan = ganbridge.fit(images, kind="image", seed=options.seed, trace=1, callbacks=[watch], config=config)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    print(gan)
    steps = gan.history["step"].iloc[-1]
    print(
        f"{steps} generator steps of {gan.config.batch_size} images: {1000 * seconds / steps:.0f} s per 1,000 steps,"
        f" {1000 * processor / steps:.0f} s of the processor; peak of memory {megabytes() - before:.0f} MB above"
        f" {before:.0f} MB"
    )
    for step, distance, covered in marks:
        print(f"  step {step}: Frechet distance {distance:.1f}, coverage {covered:.2f}")
    generated = gan.sample(COMPARED, seed=options.seed)
    distances = seer.distances(generated, held_out, images)
    near, other = (seer.features(x[:NEIGHBOURS]) for x in (generated, images))
    unseen = seer.features(held_out[:NEIGHBOURS])
    shares = np.bincount(seer.classify(generated), minlength=10) / len(generated)
    print("| | generated | other real images |\n| --- | --- | --- |")
    print(f"| Frechet distance to held-out images | {distances['generated']:.1f} | {distances['real']:.1f} |")
    print(f"| coverage of held-out images | {coverage(near, unseen):.2f} | {coverage(other, unseen):.2f} |")
    print(f"| distance to the nearest, in distances among real ones | {nearest_distance_ratio(near, other):.2f} | 1 |")
    print(f"| shares of the ten classes | {shares.min():.2f} to {shares.max():.2f} | .10 |")
    machine = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}"
    )
    print(f"{datetime.date.today()}, {machine}")

    ganbridge.plot_images(gan, ids=range(60), nrow=5).savefig(options.out / "fashion.png", dpi=120)
    ganbridge.plot_images(gan.trace).savefig(options.out / "fashion-trace.png", dpi=120)
    ganbridge.plot_losses(gan).savefig(options.out / "fashion-losses.png", dpi=120)


if __name__ == "__main__":
    main()
