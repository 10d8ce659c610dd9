"""A network on the draws of a table's mixture: what its trial says, what it takes, and whether it is right to stay out.

    python benchmarks/refinement.py [--tables curved,...] [--data adult.csv] [--seed 1] [--always]

For each table fits with `refine` False, left open, and with --always also True are compared with rows that no fit has
seen: area under the curve of boosted trees and of a random forest that tell samples from them, .5 is best. Samples have
gone through the odds of the discriminator, as users get them.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg")]

import holdout
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

import ganbridge
from ganbridge import Config

HELD_OUT = 4_000


def mixed(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Numbers that depend on each other and on levels."""
    group, a = rng.integers(0, 4, n), rng.normal(size=n)
    b, c = np.sin(2 * a) + 0.2 * rng.normal(size=n) + 0.5 * group, rng.gamma(2.0, 1 + 0.5 * (group == 2))
    yes = rng.random(n) < 1 / (1 + np.exp(-2 * a * (group - 1.5)))
    frame = {"a": a, "b": b, "c": c, "e": a * b + 0.3 * rng.normal(size=n), "t": np.round(np.exp(0.5 * c), 1)}
    return pd.DataFrame(frame | {"group": np.array(list("wxyz"))[group], "yes": np.where(yes, "y", "n")})


def turned(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """A grid of 25 modes, turned, beside a column of noise."""
    at = rng.integers(0, 25, n)
    points = np.stack([at // 5 - 2, at % 5 - 2], 1) * 2.0 + 0.05 * rng.normal(size=(n, 2))
    points = points @ np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])
    return pd.DataFrame({"x": points[:, 0], "y": points[:, 1], "noise": rng.normal(size=n)})


def rings(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Two rings, and their angle."""
    angle, radius = 2 * np.pi * rng.random(n), 1 + rng.integers(0, 2, n) + 0.05 * rng.normal(size=n)
    return pd.DataFrame(
        {"x": radius * np.cos(angle), "y": radius * np.sin(angle), "angle": angle + 0.1 * rng.normal(size=n)}
    )


def sphere(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """A thin sphere in four dimensions."""
    points = rng.normal(size=(n, 4))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return pd.DataFrame(points + 0.03 * rng.normal(size=points.shape), columns=list("abcd"))


def curved(n: int, rng: np.random.Generator, columns: int = 30) -> pd.DataFrame:
    """Many columns that are waves of two numbers, with little noise."""
    hidden, shape = rng.normal(size=(n, 2)), np.random.default_rng(5)
    waves = np.sin(2 * hidden @ shape.normal(size=(2, 40)) + shape.normal(size=40))
    values = waves @ shape.normal(size=(40, columns)) / 6 + 0.03 * rng.normal(size=(n, columns))
    return pd.DataFrame(values, columns=[f"v{i}" for i in range(columns)])


TABLES = {
    "mixed": (mixed, 2_000),
    "turned": (turned, 4_000),
    "rings": (rings, 2_000),
    "sphere": (sphere, 4_000),
    "curved": (curved, 4_000),
}


def told(real: pd.DataFrame, made: pd.DataFrame) -> tuple[float, float]:
    """Areas under the curve of boosted trees and of a forest that tell made rows from real ones."""
    categories = [name for name in real if holdout.is_category(real[name])]
    n = min(len(real), len(made))
    x = np.nan_to_num(np.concatenate(holdout.codes([real[:n], made[:n]], categories)), nan=-1.0)
    y = np.repeat([0, 1], n)
    models = (
        HistGradientBoostingClassifier(random_state=0),
        RandomForestClassifier(100, min_samples_leaf=5, random_state=0),
    )
    scores = [cross_val_predict(model, x, y, cv=3, method="predict_proba")[:, 1] for model in models]
    return roc_auc_score(y, scores[0]), roc_auc_score(y, scores[1])


def report(name: str, train: pd.DataFrame, real: pd.DataFrame, seed: int, always: bool) -> None:
    print(f"{name}: {train.shape[0]:,} x {train.shape[1]}", flush=True)
    for refine in (False, None, True)[: 2 + always]:
        start = time.process_time()
        gan = ganbridge.fit(train, seed=seed, config=Config(refine=refine, prior="mixture"), progress=False)
        seconds = time.process_time() - start
        boosted, forest = told(real, gan.sample(len(real), seed=seed))
        trial = gan.prior.trial
        words = "" if trial is None else trial.describe()
        print(
            f"  refine={refine!s:5} {seconds:5.1f} s   boosted {boosted:.3f}   forest {forest:.3f}   {words}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", default=",".join(TABLES), help='"" for none')
    parser.add_argument("--data", help="a CSV file to compare with its own held-out rows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--always", action="store_true", help="networks that held-out rows do not ask for, too")
    arguments = parser.parse_args()
    for name in filter(None, arguments.tables.split(",")):
        make, rows = TABLES[name]
        report(
            name,
            make(rows, np.random.default_rng(1)),
            make(HELD_OUT, np.random.default_rng(2)),
            arguments.seed,
            arguments.always,
        )
    if arguments.data:
        report(Path(arguments.data).stem, *holdout.split(arguments.data), arguments.seed, arguments.always)


if __name__ == "__main__":
    main()
