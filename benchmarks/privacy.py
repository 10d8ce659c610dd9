"""Verdicts of metrics of privacy, of links and of relations if the truth is known.

    python benchmarks/privacy.py --data ADULT.csv [--rows 1000] [--seeds 1,2,3] [--tables adult,iris,...]

Each table has a training part and as large a part held out. These take the place of generated rows: new real rows (a
third part), the default fit, copies of the training rows, copies with three tenths of all values exchanged, and
independent columns. For each, the mean value of each metric over the seeds, its baseline, and the verdicts; then how
often the diagnosis of a fit finds lost links, and its time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg")]

import numpy as np
import pandas as pd
from tables import from_r

import ganbridge
from ganbridge.data import from_python
from ganbridge.training.lost import ROWS, lost_links

SHOWN = {
    "membership attack, distance": "attack, distance",
    "membership attack, density": "attack, DOMIAS",
    "closer to training than holdout": "closer to training",
    "copied rows": "copied rows",
    "copied values": "copied ids",
    "replicated uniques": "repU",
    "disclosed attributes": "DiSCO",
    "attributed correctly": "DCAP",
    "broken relations": "broken relations",
    "same-day difference": "same day",
    "AUC, tree model": "AUC, trees",
}
Parts = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def visits(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """An id, a date, a time stamp of that day, a temperature of the season, and columns that tell each other."""
    day = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1000, n), unit="D")
    age = rng.integers(18, 90, n)
    return pd.DataFrame(
        {
            "id": [f"P{number}" for number in rng.integers(10**9, 10**10, n)],
            "visit": day,
            "stamp": day + pd.to_timedelta(rng.integers(8 * 3600, 18 * 3600, n), unit="s"),
            "temperature": 10.0 - 12.0 * np.cos(2 * np.pi * day.day_of_year / 365.25) + 2.0 * rng.normal(size=n),
            "age": age,
            "decade": age // 10,
            "stage": np.where(age + 8 * rng.normal(size=n) > 50, "late", "early"),
        }
    )


def parts_of(name: str, path: str, rows: int, seed: int) -> Parts:
    """Training rows, held-out rows and new rows of a table."""
    rng = np.random.default_rng(seed)
    if name == "visits":
        return visits(rows, rng), visits(rows, rng), visits(rows, rng)
    whole = pd.read_csv(path, skipinitialspace=True) if name == "adult" else from_r(name)
    whole = whole.sample(frac=1, random_state=seed).reset_index(drop=True)
    n = min(rows, len(whole) // 3)
    training, held, new = (whole[part * n : (part + 1) * n].reset_index(drop=True) for part in range(3))
    return training, held, new


def made(training: pd.DataFrame, new: pd.DataFrame, seed: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """What takes the place of generated rows, by name."""
    rng = np.random.default_rng(seed)
    orders = {name: rng.permutation(len(training)) for name in training}
    independent = pd.DataFrame({name: training[name].array[order] for name, order in orders.items()})
    exchanged = training.copy()
    for name in training:
        rows = rng.random(len(training)) < 0.3
        exchanged.loc[rows, name] = independent.loc[rows, name].array
    yield "new real rows", new
    gan = ganbridge.fit(training, seed=seed)
    yield "default fit", gan.sample(len(training), seed=seed)
    yield "copies", training
    yield "copies, 30 % exchanged", exchanged
    yield "independent columns", independent


def main() -> None:
    """Print a table for each data set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--tables", default="adult,visits,iris,airquality")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    for name in arguments.tables.split(","):
        collected: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
        findings: dict[str, list[int]] = {}
        rows, seconds = 0, 0.0
        for seed in seeds:
            training, held, new = parts_of(name, arguments.data, arguments.rows, seed)
            rows = len(training)
            for what, generated in made(training, new, seed):
                report = ganbridge.evaluate(generated, training, held, seed=seed)
                for metric in SHOWN:
                    found = [f for f in report.findings if f.metric == metric and f.verdict != "not judged"]
                    if metric == "copied values":
                        found = [f for f in found if f.column in ("id", "fnlwgt")]
                    if found:
                        entry = (found[0].value, found[0].baseline, found[0].verdict)
                        collected.setdefault((metric, what), []).append(entry)
                start = time.process_time()
                lost = lost_links(*(from_python(x) for x in (generated, training)), seed, False)
                seconds = max(seconds, time.process_time() - start)
                findings.setdefault(what, []).append(len(lost))
        names = list(findings)
        print(f"\n{name}, {rows} training rows; value (baseline), good/fair/poor over {len(seeds)} seeds\n")
        print("| metric | " + " | ".join(names) + " |\n|" + " --- |" * (len(names) + 1))
        for metric, short in SHOWN.items():
            cells = [_cell(collected.get((metric, what), [])) for what in names]
            if any(cells):
                print(f"| {short} | " + " | ".join(cells) + " |")
        found_in = [f"{sum(count > 0 for count in findings[what])} of {len(seeds)}" for what in names]
        print("| fits with findings on links | " + " | ".join(found_in) + " |")
        print(f"\nfindings on links take at most {seconds:.3f} s, with {min(rows, ROWS)} training rows", flush=True)


def _cell(entries: list[tuple[float, float, str]]) -> str:
    if not entries:
        return ""
    value, baseline = (float(np.mean([entry[i] for entry in entries])) for i in (0, 1))
    counts = "/".join(str(sum(entry[2] == verdict for entry in entries)) for verdict in ("good", "fair", "poor"))
    return f"{value:.3f} ({baseline:.3f}) {counts}"


if __name__ == "__main__":
    main()
