"""Rows under a condition: are rare levels as they should be, and rows with two conditions at once?

    python benchmarks/conditions.py [--seeds 5] [--tables 1000 5000 iris]

Tables of 1,000 and 5,000 rows are made: a category `group` with levels of 20, 50 and 200 rows, a category `site` of
levels that occur in every group, and four numbers with means, spreads, skewness and correlations of their own in each
group; `x3` is also shifted by the site. In R's iris, it is Species. Each fit is sampled under each level, and under
`group` and `site` at once where 10 to 60 rows have both. For each number it is compared with the level's own rows:

mean: difference in standard deviations of these rows (gate: at most .25). sd: ratio (gate: .8 to 1.2).
outside: share of generated rows with a number outside these rows' range by more than a tenth of it (gate: .5 %).
correlation: mean difference, beside what half of a level's rows differ from the other half.

Printed is the worst of all numbers and seeds, and how many of (number, seed) miss a gate.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python_pkg")]

import ganbridge

SAMPLED = 4000
RARE = {"rare 20": 20, "rare 50": 50, "rare 200": 200}
NUMBERS = ["x1", "x2", "x3", "x4"]
SITES = ["north", "east", "south", "west"]
LEAST_SHARED, MOST_SHARED = 10, 60  # rows with two levels at once
MEAN, SD, OUTSIDE = 0.25, 0.2, 0.005


def with_rare_levels(rows: int, seed: int) -> pd.DataFrame:
    """Groups with means, spreads, skewness and correlations of their own."""
    rng = np.random.default_rng(seed)
    common = rows - sum(RARE.values())
    sizes = {"common": common - common // 3, "other": common // 3} | RARE
    parts = []
    for group, size in sizes.items():
        mean, sd = rng.normal(0.0, 2.0, 4), np.exp(rng.normal(0.0, 0.5, 4))
        r = rng.uniform(0.4, 0.8) * rng.choice([-1.0, 1.0])
        z = rng.standard_normal((size, 4))
        z[:, 1] = r * z[:, 0] + np.sqrt(1.0 - r**2) * z[:, 1]
        site = rng.choice(4, size, p=[0.55, 0.25, 0.15, 0.05])
        z[:, 2] = 0.5 * z[:, 2] + 0.8 * (site - 0.7)
        z[:, 3] = (np.exp(0.6 * z[:, 3]) - 1.2) * rng.choice([-1.0, 1.0])
        part = pd.DataFrame(mean + sd * z, columns=NUMBERS)
        parts.append(part.assign(group=group, site=np.array(SITES)[site]))
    return pd.concat(parts).sample(frac=1.0, random_state=seed).reset_index(drop=True).round(3)


def iris() -> pd.DataFrame:
    """R's iris."""
    bunch = datasets.load_iris(as_frame=True)
    data = bunch.frame.rename(columns={"target": "Species"})
    return data.assign(Species=[str(bunch.target_names[code]) for code in data["Species"]])


def conditions(data: pd.DataFrame) -> list[dict[str, str]]:
    """What is asked for: each rare level; and each pair of levels that few rows have."""
    if "group" not in data:
        return [{"Species": level} for level in sorted(data["Species"].unique())]
    counts = data.groupby(["group", "site"]).size()
    shared = counts[(counts >= LEAST_SHARED) & (counts <= MOST_SHARED)]
    return [{"group": level} for level in RARE] + [{"group": str(a), "site": str(b)} for a, b in shared.index]


def half_difference(own: pd.DataFrame, rng: np.random.Generator) -> float:
    """Mean difference of correlations of two halves of rows, scaled to that of all of them and the truth."""
    differences = []
    for _ in range(10):
        order = rng.permutation(len(own))
        a, b = (own.iloc[part].corr().to_numpy() for part in np.array_split(order, 2))
        differences.append(np.abs(a - b)[np.tril_indices(len(a), -1)].mean())
    return float(np.mean(differences)) / 2.0


def measured(data: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, float]:
    """A row for each condition and number; and the seconds of the fit."""
    start = time.process_time()
    gan = ganbridge.fit(data, seed=seed, progress=False)
    seconds = time.process_time() - start
    numbers = [name for name in data if pd.api.types.is_numeric_dtype(data[name])]
    rows = []
    for asked in conditions(data):
        own = data[np.logical_and.reduce([data[name] == level for name, level in asked.items()])][numbers]
        drawn = gan.sample(SAMPLED, seed=seed, given=asked)
        assert all((drawn[name] == level).all() for name, level in asked.items())
        low, high = own.min(), own.max()
        tenth = 0.1 * (high - low)
        corners = np.tril_indices(len(numbers), -1)
        error = np.abs(drawn[numbers].corr().to_numpy() - own.corr().to_numpy())[corners].mean()
        chance = half_difference(own, np.random.default_rng(0))
        outside = ((drawn[numbers] < low - tenth) | (drawn[numbers] > high + tenth)).any(axis=1).mean()
        single = "two levels" if len(asked) > 1 else " ".join(asked.values())
        for name in numbers:
            mean = abs(drawn[name].mean() - own[name].mean()) / own[name].std()
            sd = drawn[name].std() / own[name].std()
            rows.append((single, len(own), seed, mean, sd, outside, error, chance))
    names = ["condition", "rows", "seed", "mean", "sd", "outside", "correlation", "chance"]
    return pd.DataFrame(rows, columns=names), seconds


def main() -> None:
    """Print a Markdown table, one row for each table and condition."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--tables", nargs="+", default=["1000", "5000", "iris"])
    options = parser.parse_args()
    print("| table | condition | rows | mean off by | sd | outside | correlations off by / chance | misses: mean, sd |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for table in options.tables:
        parts, seconds = [], []
        for seed in range(1, options.seeds + 1):
            data = iris() if table == "iris" else with_rare_levels(int(table), seed)
            part, taken = measured(data, seed)
            parts.append(part)
            seconds.append(taken)
        for condition, fits in pd.concat(parts).groupby("condition", sort=False):
            misses = (fits["mean"] > MEAN).sum(), (abs(fits["sd"] - 1.0) > SD).sum()
            few, many = fits["rows"].min(), fits["rows"].max()
            print(
                f"| {table} | {condition} | {few if few == many else f'{few}-{many}'} | {fits['mean'].max():.2f} | "
                f"{fits['sd'].min():.2f} to {fits['sd'].max():.2f} | {100 * fits['outside'].max():.1f} % | "
                f"{fits['correlation'].mean():.2f} / {fits['chance'].mean():.2f} | "
                f"{misses[0]}, {misses[1]} of {len(fits)} |",
                flush=True,
            )
        print(f"| {table} | fit: at most {max(seconds):.1f} s | | | | | | |", flush=True)


if __name__ == "__main__":
    main()
