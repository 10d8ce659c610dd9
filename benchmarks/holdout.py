"""A table file against its own held-out rows: trees that tell generated rows from real ones, usefulness, privacy, time.

Used by tables.py --data. The measures are those of papers on synthetic tables, computed here with scikit-learn:

- shape, trend: one minus the Kolmogorov-Smirnov or total variation distance of single columns, and one minus the error
  of pairs (correlations halved; contingency tables, numbers in ten bins), as SDMetrics' quality report has them;
- C2ST: area under the curve of classifiers that tell generated rows from training rows, .5 is best: boosted trees,
  random forest, and logistic regression on pairs of coarse cells (only the first is of the kind inside the fit);
- TSTR: area under the curve of boosted trees for a target, trained on generated rows, tested on held-out ones;
- DCR: share of generated rows nearer to a training row than to a held-out one, .5 is best; copies of training rows.
"""

from __future__ import annotations

import itertools
import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OneHotEncoder

import ganbridge

# Published for Adult, and arf 0.2.4 with ranger 0.17.0 on this split (design notes); "-" where a paper has no figure.
PUBLISHED = [
    ("CTGAN", "3,798 (GPU)", ".758", "1.0", ".862", ".48"),
    ("TabDDPM", "-", ".970", "-", ".907", "-"),
    ("TabSyn", "3,083 (GPU)", ".980", ".603", ".910", ".51"),
    ("TabDiff", "11,605 (GPU)", ".985", ".580", ".913", ".55"),
    ("TabPC (circuits)", "272 (GPU)", ".986", ".573", ".916", ".54"),
    ("arf 0.2.4", "24", ".883", "1.0", ".907", ".538"),
]
CELLS = 11  # of a column of numbers in the pairs of the logistic regression
MOST_LOGISTIC = 6_000
MOST_NEIGHBOURS = 5_000


def split(path: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Four fifths to train on and a fifth held out, in the order of random state 7."""
    data = pd.read_csv(path, skipinitialspace=True).sample(frac=1, random_state=7)
    cut = int(0.8 * len(data))
    return data[:cut].reset_index(drop=True), data[cut:].reset_index(drop=True)


def is_category(column: pd.Series[Any]) -> bool:
    """Texts, and numbers with two values."""
    return not pd.api.types.is_numeric_dtype(column) or column.nunique() <= 2


def codes(frames: list[pd.DataFrame], categories: list[str]) -> list[np.ndarray]:
    """Data frames as numbers, with common codes of levels."""
    coded = [frame.copy() for frame in frames]
    for name in categories:
        levels = sorted(set().union(*(set(frame[name].astype(str)) for frame in frames)))
        for frame in coded:
            frame[name] = frame[name].astype(str).map({level: i for i, level in enumerate(levels)})
    return [frame.to_numpy(dtype=float) for frame in coded]


def shape_and_trend(train: pd.DataFrame, made: pd.DataFrame, categories: list[str]) -> tuple[float, float]:
    """Similarity of single columns and of pairs."""
    shapes, trends = [], []
    for name in train:
        a, b = train[name], made[name]
        if name in categories:
            shares = [x.astype(str).value_counts(normalize=True) for x in (a, b)]
            shapes.append(1.0 - 0.5 * shares[0].sub(shares[1], fill_value=0.0).abs().sum())
        else:
            both = np.sort(np.concatenate([a.dropna(), b.dropna()]))
            below = [np.searchsorted(np.sort(x.dropna()), both, "right") / len(x.dropna()) for x in (a, b)]
            shapes.append(1.0 - np.abs(below[0] - below[1]).max())
    for first, second in itertools.combinations(train, 2):
        if first not in categories and second not in categories:
            apart = [x[[first, second]].corr().iloc[0, 1] for x in (train, made)]
            trends.append(1.0 - abs(apart[0] - apart[1]) / 2.0)
            continue
        tables = []
        for frame in (train, made):
            parts = []
            for name in (first, second):
                if name in categories:
                    parts.append(frame[name].astype(str))
                else:
                    edges = np.histogram_bin_edges(train[name].dropna(), 10)
                    parts.append(pd.Series(np.digitize(frame[name], edges[1:-1])).astype(str))
            tables.append(pd.crosstab(parts[0].to_numpy(), parts[1].to_numpy(), normalize=True).stack())
        trends.append(1.0 - 0.5 * tables[0].sub(tables[1], fill_value=0.0).abs().sum())
    return float(np.mean(shapes)), float(np.mean(trends))


def told_apart(train: pd.DataFrame, made: pd.DataFrame, categories: list[str]) -> dict[str, float]:
    """How well three classifiers tell generated rows from training rows."""
    n = min(len(train), len(made), 20_000)
    x = np.concatenate(codes([train.sample(n, random_state=1), made[:n]], categories))
    y = np.repeat([0, 1], n)
    mask = [name in categories and train[name].nunique() < 250 for name in train]
    boosted = HistGradientBoostingClassifier(random_state=0, categorical_features=mask)
    auc = {"C2ST": roc_auc_score(y, cross_val_predict(boosted, x, y, cv=5, method="predict_proba")[:, 1])}
    few = np.concatenate([np.arange(min(n, MOST_LOGISTIC)), n + np.arange(min(n, MOST_LOGISTIC))])
    x, y = np.nan_to_num(x[few], nan=-1.0), y[few]
    forest = RandomForestClassifier(200, min_samples_leaf=3, random_state=0)
    auc["forest"] = roc_auc_score(y, cross_val_predict(forest, x, y, cv=4, method="predict_proba")[:, 1])
    tenths = np.arange(1, CELLS) / CELLS
    coarse = [
        column if len(np.unique(column)) <= CELLS else np.digitize(column, np.unique(np.quantile(column, tenths)))
        for column in x.T
    ]
    pairs = np.stack([1000 * a + b for a, b in itertools.combinations(coarse, 2)], 1)
    hot = OneHotEncoder(min_frequency=10, handle_unknown="infrequent_if_exist").fit_transform(pairs)
    logistic = LogisticRegression(C=0.01, max_iter=200)
    auc["pairs"] = roc_auc_score(y, cross_val_predict(logistic, hot, y, cv=4, method="predict_proba")[:, 1])
    return auc


def useful(train: pd.DataFrame, held_out: pd.DataFrame, categories: list[str], target: str) -> float:
    """Area under the curve of boosted trees for the target on held-out rows."""
    x, test = codes([train, held_out], categories)
    k = list(train).index(target)
    rest = [i for i in range(x.shape[1]) if i != k]
    mask = [list(train)[i] in categories and train.iloc[:, i].nunique() < 250 for i in rest]
    if len(np.unique(x[:, k])) < 2:
        return 0.5
    model = HistGradientBoostingClassifier(random_state=0, categorical_features=mask).fit(x[:, rest], x[:, k])
    return float(roc_auc_score(test[:, k], model.predict_proba(test[:, rest])[:, 1]))


def closeness(
    train: pd.DataFrame, held_out: pd.DataFrame, made: pd.DataFrame, categories: list[str]
) -> tuple[float, float]:
    """Share of generated rows nearer to a training row than to a held-out one, and copies of training rows."""
    numbers = [name for name in train if name not in categories]
    rows = min(len(held_out), len(train))
    frames = [train.sample(rows, random_state=1), held_out[:rows], made[:MOST_NEIGHBOURS]]
    middle, spread = train[numbers].median(), train[numbers].std().replace(0, 1)
    hot = pd.get_dummies(pd.concat([frame[categories].astype(str) for frame in [*frames, train]])).to_numpy(float)
    scaled = [((f[numbers].fillna(middle) - middle) / spread).clip(-5, 5).to_numpy(float) for f in [*frames, train]]
    x = np.concatenate([np.concatenate(scaled), hot], axis=1)
    parts = np.split(x, np.cumsum([len(frame) for frame in frames]))
    near = [NearestNeighbors(n_neighbors=1).fit(part).kneighbors(parts[2])[0][:, 0] for part in parts[:2]]
    copies = NearestNeighbors(n_neighbors=1).fit(parts[3]).kneighbors(parts[2])[0][:, 0] < 1e-9
    return float((near[0] < near[1]).mean() + 0.5 * (near[0] == near[1]).mean()), float(copies.mean())


HEADER = """| way | CPU s | shape | trend | C2ST | forest | pairs | TSTR | DCR | copies |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def default(train: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    """Processor seconds of a default fit and as many rows, and these."""
    start = time.process_time()
    made = ganbridge.fit(train, seed=seed, progress=False).sample(len(train), seed=seed)
    return time.process_time() - start, made


def row(
    way: str,
    seconds: float,
    train: pd.DataFrame,
    held_out: pd.DataFrame,
    made: pd.DataFrame,
    categories: list[str],
    target: str,
) -> str:
    """A row of the table below `HEADER`."""
    auc = told_apart(train, made, categories)
    dcr, copies = closeness(train, held_out, made, categories)
    figures = [
        *shape_and_trend(train, made, categories),
        *auc.values(),
        useful(made, held_out, categories, target),
        dcr,
    ]
    return f"| {way} | {seconds:.1f} | {' | '.join(f'{figure:.3f}' for figure in figures)} | {copies:.4f} |"


def report(path: str, target: str, seeds: list[int]) -> None:
    """Print a row for each seed beside the published figures."""
    warnings.filterwarnings("ignore")
    train, held_out = split(path)
    categories = [name for name in train if is_category(train[name])]
    print(f"\n{path.rpartition('/')[2]}: {len(train):,} training rows x {train.shape[1]}, {len(held_out):,} held out")
    print(HEADER)
    real = useful(train, held_out, categories, target)
    copies = closeness(train, held_out, held_out, categories)[1]
    print(f"| real rows | - | - | - | .5 | .5 | .5 | {real:.3f} | .5 | {copies:.4f} |")
    for seed in seeds:
        seconds, made = default(train, seed)
        print(row(f"default, seed {seed}", seconds, train, held_out, made, categories, target), flush=True)
    for name, seconds_there, trend_there, c2st, tstr, dcr_there in PUBLISHED:
        print(f"| {name} | {seconds_there} | - | {trend_there} | {c2st} | - | - | {tstr} | {dcr_there} | - |")
