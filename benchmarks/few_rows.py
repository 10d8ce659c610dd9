"""Few rows: are they memorized, and are pairs of columns and what trees learn from samples right?

    python benchmarks/few_rows.py [--seeds 5] [--rows half 20 50] [--data stress_level.csv:anxiety_level ...]

Wine, diabetes, breast cancer and iris come with scikit-learn; `--data PATH:TARGET` adds CSV files. For each seed a part
of the rows is trained on and the rest is held out. `near` is the share of samples nearer to a training row than to a
held-out one (as many of each; .5 for unseen rows, 1 for copies; gate: median at most .56, worst at most .62).
Samples of independent normal columns with the means and spreads of the training rows are measured beside it.
`pairs` is the mean absolute error of rank correlations against the held-out rows, of samples / of training rows.
`TSTR` is the accuracy or R^2 on held-out rows of a random forest trained on samples / on training rows.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.neighbors import NearestNeighbors

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python_pkg"))
import ganbridge

SAMPLED = 2000
MISSING = -99.0


def tables(paths: list[str]) -> dict[str, tuple[pd.DataFrame, str]]:
    """Data frames and the names of their target columns."""
    known = {}
    loaders = ("wine", datasets.load_wine), ("diabetes", datasets.load_diabetes), ("iris", datasets.load_iris)
    for name, load in (*loaders, ("breast cancer", datasets.load_breast_cancer)):
        bunch = load(as_frame=True)
        data = bunch.frame.copy()
        if "target_names" in bunch:
            data["target"] = [str(bunch.target_names[code]) for code in data["target"]]
        known[name] = (data, "target")
    for path in paths:
        file, _, target = path.rpartition(":")
        known[Path(file).stem] = (pd.read_csv(file), target)
    return known


def halves(data: pd.DataFrame, seed: int, rows: int | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training rows and held-out rows."""
    order = np.random.default_rng(100 + seed).permutation(len(data))
    cut = rows or len(data) // 2
    return data.iloc[order[:cut]].reset_index(drop=True), data.iloc[order[cut:]].reset_index(drop=True)


def codes(frames: list[pd.DataFrame], numeric: set[str]) -> list[np.ndarray]:
    """Columns as numbers: categories as codes of their sorted levels, what is missing as NaN."""
    parts: list[list[np.ndarray]] = [[] for _ in frames]
    for name in frames[0]:
        levels = sorted(set().union(*(frame[name].dropna().astype(str) for frame in frames)))
        for part, frame in zip(parts, frames, strict=True):
            values = frame[name].to_numpy(float) if name in numeric else pd.Categorical(frame[name], levels).codes
            part.append(np.where(frame[name].isna(), np.nan, values))
    return [np.stack(part, 1) for part in parts]


def scaled(frames: list[pd.DataFrame], numeric: set[str]) -> list[np.ndarray]:
    """Numbers over the first frame's standard deviation, levels as indicators of length 1."""
    parts: list[list[np.ndarray]] = [[] for _ in frames]
    for name in frames[0]:
        first = frames[0][name]
        levels = sorted(set().union(*(frame[name].dropna().astype(str) for frame in frames)))
        for part, frame in zip(parts, frames, strict=True):
            missing = frame[name].isna().to_numpy()[:, None]
            if name in numeric:
                values = (frame[name] - first.mean()) / (first.std() or 1.0)
                part.append(values.fillna(0.0).to_numpy(float)[:, None])
            else:
                part.append(np.stack([frame[name].astype(str) == level for level in levels], 1) / np.sqrt(2.0))
            part.append(missing.astype(float))
    return [np.concatenate(part, 1) for part in parts]


def near(train: pd.DataFrame, held_out: pd.DataFrame, sampled: pd.DataFrame, numeric: set[str]) -> float:
    """Share of samples nearer to a training row than to a held-out one; ties count half."""
    rows = min(len(train), len(held_out))
    a, b, s = scaled([train[:rows], held_out[:rows], sampled], numeric)
    to_a, to_b = (NearestNeighbors(n_neighbors=1).fit(x).kneighbors(s)[0][:, 0] for x in (a, b))
    return float((to_a < to_b).mean() + 0.5 * (to_a == to_b).mean())


def independent(train: pd.DataFrame, numeric: set[str], seed: int) -> pd.DataFrame:
    """Independent columns that know only means, spreads and shares of levels: what few rows cost any model."""
    rng, columns = np.random.default_rng(seed), {}
    for name in train:
        known = train[name].dropna()
        normal = rng.normal(known.mean(), known.std(), SAMPLED) if name in numeric else None
        columns[name] = rng.choice(train[name], SAMPLED) if normal is None else normal
    return pd.DataFrame(columns)


def pairs(x: np.ndarray, reference: np.ndarray) -> float:
    """Mean absolute difference of rank correlations."""
    a, b = (np.nan_to_num(pd.DataFrame(part).rank().corr().to_numpy()) for part in (x, reference))
    return float(np.abs(a - b)[np.tril_indices(len(a), -1)].mean())


def learned(x: np.ndarray, held_out: np.ndarray, target: int, numeric: bool) -> float:
    """Accuracy or R^2 on held-out rows of a forest trained on rows x."""
    others = [j for j in range(x.shape[1]) if j != target]
    x, held_out = (rows[~np.isnan(rows[:, target])] for rows in (x, held_out))
    features, test = np.nan_to_num(x[:, others], nan=MISSING), np.nan_to_num(held_out[:, others], nan=MISSING)
    if numeric:
        forest = RandomForestRegressor(200, min_samples_leaf=2, random_state=0)
    else:
        forest = RandomForestClassifier(200, random_state=0)
    return float(forest.fit(features, x[:, target]).score(test, held_out[:, target]))


def measured(data: pd.DataFrame, target: str, seed: int, rows: int | None) -> dict[str, float]:
    """One fit's figures."""
    train, held_out = halves(data, seed, rows)
    start = time.process_time()
    gan = ganbridge.fit(train, seed=seed, progress=False)
    seconds = time.process_time() - start
    sampled = gan.sample(SAMPLED, seed=seed)
    numeric = {name for name in data if pd.api.types.is_numeric_dtype(data[name])}
    a, b, s = codes([train, held_out, sampled], numeric)
    index, number = list(data).index(target), target in numeric
    return {
        "near": near(train, held_out, sampled, numeric),
        "independent": near(train, held_out, independent(train, numeric, seed), numeric),
        "pairs": pairs(s, b),
        "pairs of training rows": pairs(a, b),
        "TSTR": learned(s, b, index, number),
        "TRTR": learned(a, b, index, number),
        "seconds": seconds,
    }


def main() -> None:
    """Print a Markdown table, one row for each table and number of rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", nargs="+", default=["half", "20", "50"])
    parser.add_argument("--data", nargs="*", default=[], metavar="PATH:TARGET")
    options = parser.parse_args()
    print(
        "| table | rows | near, by seed | of independent columns | pairs: samples / training | TSTR / TRTR | seconds |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    shares = []
    for name, (data, target) in tables(options.data).items():
        for rows in options.rows:
            count = None if rows == "half" else int(rows)
            fits = pd.DataFrame([measured(data, target, seed, count) for seed in range(1, options.seeds + 1)])
            shares.extend(fits["near"])
            mean = fits.mean()
            by_seed, alone = (" ".join(f"{share:.2f}" for share in fits[key]) for key in ("near", "independent"))
            print(
                f"| {name} | {count or len(data) // 2} | {by_seed} | {alone} | {mean['pairs']:.3f} / "
                f"{mean['pairs of training rows']:.3f} | {mean['TSTR']:.2f} / {mean['TRTR']:.2f} | "
                f"{fits['seconds'].max():.1f} |",
                flush=True,
            )
    print(f"\nNearer to a training row: median {np.median(shares):.3f}, worst {max(shares):.3f}.")


if __name__ == "__main__":
    main()
