"""Relations between columns: how many planted ones are found, how often something is found where nothing holds.

    python benchmarks/relations.py [--tables 1000] [--rows 500]

Tables of 4 to 12 columns of all types, some of them dependent on each other. Planted: one relation of each kind in each
table. False findings are counted in tables without any. Then the time of the search, in CPU seconds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python_pkg")]

from ganbridge.data import Column, Frame
from ganbridge.encode.relations import Relation, find

RNG = np.random.Generator


def skewed(rng: RNG, n: int, z: np.ndarray) -> Column:
    return Column("", "double", np.exp(rng.uniform(0.2, 1.5) * z + rng.normal()).round(int(rng.integers(0, 7))))


def column(rng: RNG, n: int, shared: np.ndarray) -> Column:
    """A column that depends on `shared` (n,) more or less."""
    rho = rng.choice([0.0, 0.0, 0.5, 0.9, 0.98])
    z = rho * shared + np.sqrt(1.0 - rho**2) * rng.standard_normal(n)
    kind = rng.choice(["normal", "skewed", "count", "level", "levels", "logical", "date", "rare", "uniform"])
    made: Column
    if kind == "normal":
        made = Column("", "double", (rng.normal() * 3 + z * rng.uniform(0.5, 20)).round(int(rng.integers(0, 5))))
    elif kind == "skewed":
        made = skewed(rng, n, z)
    elif kind == "uniform":
        made = Column("", "double", np.argsort(np.argsort(z)) / n)
    elif kind == "count":
        made = Column("", "integer", np.floor(np.exp(z * rng.uniform(0.3, 1.0) + rng.uniform(0.0, 3.0))))
    elif kind == "date":
        made = Column("", "date", np.floor(19_000 + 300 * z))
    elif kind == "rare":
        made = Column("", "integer", np.where(z > 1.7, np.ceil(np.abs(z) * 3), 0.0))
    else:
        most = {"level": 6, "levels": 40, "logical": 2}[kind]
        cuts = np.quantile(z, np.sort(rng.random(int(rng.integers(2, most + 1)) - 1)))
        codes = rng.permutation(len(cuts) + 1)[np.searchsorted(cuts, z)].astype(float)
        levels = None if kind == "logical" else [f"l{i}" for i in range(len(cuts) + 1)]
        made = Column("", "logical" if kind == "logical" else "factor", codes, levels=levels)
    return made.like(made.values, rng.random(n) < rng.choice([0.0, 0.0, 0.0, 0.1]))


def table(rng: RNG, n: int) -> list[Column]:
    """Columns without relations."""
    from dataclasses import replace

    shared = rng.standard_normal(n)
    return [replace(column(rng, n, shared), name=f"x{i}") for i in range(int(rng.integers(4, 13)))]


# --- planted ------------------------------------------------------------------------------------------------------


def determined(rng: RNG, n: int) -> tuple[list[Column], str]:
    many = int(rng.integers(6, 60))
    city = rng.integers(many, size=n)
    country = rng.integers(int(rng.integers(2, 6)), size=many)
    country[:2] = [0, 1]
    columns = [
        Column("city", "text", city.astype(float), levels=[f"c{i}" for i in range(many)]),
        Column("country", "text", country[city].astype(float), levels=[f"l{i}" for i in range(6)]),
    ]
    return columns, "city determines country"


def mutual(rng: RNG, n: int) -> tuple[list[Column], str]:
    many = int(rng.integers(3, 20))
    level = rng.integers(many, size=n)
    columns = [
        Column("school", "text", level.astype(float), levels=[f"c{i}" for i in range(many)]),
        Column("years", "integer", rng.permutation(many)[level].astype(float)),
    ]
    return columns, "years and school determine each other"


def paired(rng: RNG, n: int) -> tuple[list[Column], str]:
    a, b = int(rng.integers(3, 6)), int(rng.integers(3, 6))
    i, j = rng.integers(a, size=n), rng.integers(b, size=n)
    engine = rng.permutation(a * b) % 7
    columns = [
        Column("make", "factor", i.astype(float), levels=[f"m{k}" for k in range(a)]),
        Column("model", "factor", j.astype(float), levels=[f"o{k}" for k in range(b)]),
        Column("engine", "integer", engine[i * b + j].astype(float)),
    ]
    return columns, "make and model determine engine|model and make determine engine"


def order(rng: RNG, n: int) -> tuple[list[Column], str]:
    start = rng.normal(19_000, 200, n).round()
    form = rng.integers(4)
    gap = [rng.exponential(30, n), np.abs(rng.normal(0, 90, n)), rng.gamma(2, 20, n), rng.uniform(0, 120, n)][form]
    return [Column("start", "date", start), Column("end", "date", start + np.floor(gap))], "start <= end"


def chain(rng: RNG, n: int) -> tuple[list[Column], str]:
    values = np.sort(rng.normal(15, 6, (n, 5)) + rng.normal(0, 5, (n, 1)), 1).round(1)
    return [Column(name, "double", values[:, i]) for i, name in ((0, "min"), (2, "middle"), (4, "max"))], (
        "min <= middle&middle <= max"
    )


def total(rng: RNG, n: int) -> tuple[list[Column], str]:
    parts = rng.gamma(2, 10, (n, int(rng.integers(2, 4)))).round(int(rng.integers(0, 3)))
    columns = [Column(name, "double", part) for name, part in zip("abc", parts.T, strict=False)]
    return [*columns, Column("total", "double", parts.sum(1))], f"total = {' + '.join('abc'[: parts.shape[1]])}"


def multiple(rng: RNG, n: int) -> tuple[list[Column], str]:
    celsius = rng.normal(15, 8, n).round(1)
    return [Column("c", "double", celsius), Column("f", "double", (celsius * 1.8 + 32).round(1))], ("f = 1.8 * c + 32")


def missing(rng: RNG, n: int) -> tuple[list[Column], str]:
    status = rng.integers(3, size=n)
    left = Column("left", "date", rng.normal(19_000, 100, n).round(), missing=status == 1)
    return [Column("status", "text", status.astype(float), levels=["a", "b", "c"]), left], (
        "left is missing where status = 'b'"
    )


def day(rng: RNG, n: int) -> tuple[list[Column], str]:
    stamp = rng.uniform(1.6e9, 1.7e9, n).round()
    return [Column("stamp", "datetime", stamp, unit="UTC"), Column("date", "date", stamp // 86400)], (
        "date is the day of stamp"
    )


def combination(rng: RNG, n: int) -> tuple[list[Column], str]:
    pairs = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (2, 3), (3, 3), (3, 4)]
    chosen = np.array(pairs)[rng.integers(len(pairs), size=n)].astype(float)
    columns = [
        Column(name, "factor", part, levels=list("abcde")) for name, part in zip(("kind", "use"), chosen.T, strict=True)
    ]
    return columns, "kind and use occur in 8 combinations"


PLANTED: dict[str, Callable[[RNG, int], tuple[list[Column], str]]] = {
    f.__name__: f for f in (determined, mutual, paired, order, chain, total, multiple, missing, day, combination)
}


def words_of(relations: list[Relation]) -> set[str]:
    return {relation.words for relation in relations if relation.enforced}


def has(relations: list[Relation], planted: str) -> bool:
    """Whether one of the alternatives (|), or all parts (&), are among the relations."""
    words = {" ".join(sorted(text.split())) for text in words_of(relations)}
    return any(all(" ".join(sorted(part.split())) in words for part in one.split("&")) for one in planted.split("|"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=500)
    options = parser.parse_args()
    for name, plant in PLANTED.items():
        hits = 0
        for seed in range(options.tables // 10):
            rng = np.random.default_rng([seed, 1])
            columns, words = plant(rng, options.rows)
            mixed = table(rng, options.rows) + columns
            hits += has(find(Frame([mixed[i] for i in rng.permutation(len(mixed))])), words)
        print(f"{name:12} found in {hits / (options.tables // 10):6.1%} of {options.tables // 10} tables")
    for rows in (60, 200, options.rows, 2000):
        false: list[str] = []
        tables = 0
        for seed in range(options.tables):
            rng = np.random.default_rng([seed, 2])
            relations = [r for r in find(Frame(table(rng, rows))) if r.enforced]
            tables += bool(relations)
            false += [r.words for r in relations]
        print(f"{rows} rows: a false finding in {tables / options.tables:.2%} of tables", false[:5])
    for rows, count in ((26_048, 15), (10_000, 100), (1_000_000, 15)):
        rng = np.random.default_rng(3)
        shared = rng.standard_normal(rows)
        from dataclasses import replace

        frame = Frame([replace(column(rng, rows, shared), name=f"x{i}") for i in range(count)])
        start = time.process_time()
        find(frame)
        print(f"{rows:,} rows x {count} columns: {time.process_time() - start:.1f} CPU seconds")


if __name__ == "__main__":
    main()
