"""Relations between columns: whether planted ones are found and kept, and what is found where nothing holds.

    python benchmarks/relations.py [--tables 1000] [--rows 500]
    python benchmarks/relations.py --kept [--sampled 1000000] [--data ADULT.csv]

Tables of 4 to 12 columns of all types, some of them dependent on each other. Planted: one relation of each kind in each
table. False findings are counted in tables without any. Then the time of the search, in CPU seconds.

With --kept, a table with each relation is fitted, and sampled rows that break what the fit enforces are counted, also
if something is `given` of a column of the relation. Then visits to a clinic, whose date, time stamp and season go
together; and with --data whether education and education-num of Adult agree in sampled rows.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python_pkg")]

import ganbridge
from ganbridge.data import Column, Frame, from_python
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


def rounded(rng: RNG, n: int) -> tuple[list[Column], str]:
    rate = float(rng.choice([0.07, 0.19, 0.2, 0.25]))
    net, shipping = rng.gamma(2, 40, n).round(2), rng.choice([0.0, 4.9, 9.9, 14.95], n)
    total = (net + (rate * net).round(2) + shipping).round(2)
    columns = [Column(name, "double", part) for name, part in (("net", net), ("shipping", shipping), ("gross", total))]
    return columns, f"gross = {1 + rate:.12g} * net + shipping"


def stay(rng: RNG, n: int) -> tuple[list[Column], str]:
    admission, nights = rng.uniform(1.6e9, 1.7e9, n).round(), rng.geometric(0.25, n) - 1.0
    columns = [
        Column("admission", "datetime", admission, unit="UTC"),
        Column("nights", "integer", nights),
        Column("discharge", "date", admission // 86400 + nights),
    ]
    return columns, "nights = days from admission to discharge"


def part(rng: RNG, n: int) -> tuple[list[Column], str]:
    visit = np.floor(rng.uniform(18_500, 19_500, n))
    days = visit.astype(np.int64).astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(np.int64) % 12 + 1.0
    weekend = ((visit + 3) % 7 > 4).astype(np.float64)
    columns = [Column("visit", "date", visit), Column("month", "integer", month), Column("free", "logical", weekend)]
    return columns, "the month of visit determines month&the weekday of visit determines free"


PLANTED: dict[str, Callable[[RNG, int], tuple[list[Column], str]]] = {
    f.__name__: f
    for f in (determined, mutual, paired, order, chain, total, multiple, missing, day, combination, rounded, stay, part)
}


def words_of(relations: list[Relation]) -> set[str]:
    return {relation.words for relation in relations if relation.enforced}


def has(relations: list[Relation], planted: str) -> bool:
    """Whether one of the alternatives (|), or all parts (&), are among the relations."""
    words = {" ".join(sorted(text.split())) for text in words_of(relations)}
    return any(all(" ".join(sorted(part.split())) in words for part in one.split("&")) for one in planted.split("|"))


# --- kept ---------------------------------------------------------------------------------------------------------


def visits(n: int = 600) -> pd.DataFrame:
    """Visits to a clinic: 11 columns, of which most follow from others, and a temperature that follows the season."""
    rng = np.random.default_rng(1)
    city = rng.integers(12, size=n)
    visit = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 1000, n), "D")
    angle = 2.0 * np.pi * np.asarray(visit.day_of_year) / 365.25
    frame = pd.DataFrame(
        {
            "city": [f"c{i}" for i in city],
            "country": [f"L{i // 3}" for i in city],
            "visit": visit,
            "stamp": visit + pd.to_timedelta(rng.integers(8 * 3600, 18 * 3600, n), "s"),
            "temperature": (10.0 - 9.0 * np.cos(angle) + rng.normal(0.0, 2.0, n)).round(1),
            "drugs": rng.gamma(2.0, 10.0, n).round(1),
            "care": rng.gamma(2.0, 5.0, n).round(1),
        }
    )
    frame["total"] = (frame.drugs + frame.care).round(1)
    frame["discharge"] = frame.visit + pd.to_timedelta(rng.poisson(4, n), "D")
    frame["status"] = rng.choice(["in", "out"], n)
    frame["left"] = (frame.discharge + pd.to_timedelta(30, "D")).where(frame.status == "out")
    return frame


def r_squared(rows: pd.DataFrame) -> float:
    """Share of the temperature's variance that the season explains."""
    angle = 2.0 * np.pi * rows.visit.dt.day_of_year / 365.25
    x = np.stack([np.ones(len(rows)), np.sin(angle), np.cos(angle)], 1)
    y = rows.temperature.to_numpy()
    return float(1.0 - np.linalg.lstsq(x, y, rcond=None)[1][0] / ((y - y.mean()) ** 2).sum())


def broken(gan: ganbridge.FittedGan, rows: pd.DataFrame) -> dict[str, int]:
    """How many rows break each relation that is enforced."""
    data = from_python(rows)
    relations = [] if gan.plan is None else [r for r in gan.plan.relations if r.enforced]
    return {relation.words: int(relation.broken(data).sum()) for relation in relations}


def asked_of(values: pd.Series) -> object:
    """What is asked for of a column: its most frequent level, or the middle half of its values."""
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        low, high = values.quantile([0.25, 0.75], interpolation="nearest")
        return low, high
    return values.value_counts().index[0]


def kept(name: str, rows: int, sampled: int) -> None:
    """A table with one planted relation and two other columns: how many sampled rows break what is enforced."""
    from dataclasses import replace

    rng = np.random.default_rng([rows, 4])
    shared = rng.standard_normal(rows)
    others = [replace(skewed(rng, rows, shared), name="x1"), replace(column(rng, rows, shared), name="x2")]
    columns, words = PLANTED[name](rng, rows)
    frame = Frame([*others, *columns]).to_python()
    gan = ganbridge.fit(frame, seed=1)
    whole = broken(gan, gan.sample(sampled, seed=2))
    torn = pd.DataFrame({str(each): rng.permutation(frame[each].to_numpy()) for each in frame}).astype(frame.dtypes)
    given = {}
    for each in columns:
        asked = {each.name: asked_of(frame[each.name].dropna())}
        given[each.name] = sum(broken(gan, gan.sample(sampled // 10, seed=3, given=asked)).values())
    found = "" if has([] if gan.plan is None else gan.plan.relations, words) else "NOT FOUND; "
    print(
        f"{name:12} {rows} rows: {found}broken in {sampled:,} rows: {whole}; in {sampled // 10:,} given {given};"
        f" in {rows} rows with shuffled columns: {list(broken(gan, torn).values())}"
    )


def of_visits(sampled: int) -> None:
    """The same day, and the season, in visits to a clinic."""
    real = visits()
    for seed in (1, 2, 3):
        gan = ganbridge.fit(real, seed=seed)
        rows = gan.sample(sampled, seed=2)
        same = (rows.stamp.dt.normalize() == rows.visit).mean()
        print(
            f"visits, seed {seed}: same day in {same:.4f} of {sampled:,} rows, R2 of season {r_squared(rows):.3f}"
            f" (data {r_squared(real):.3f}), broken {sum(broken(gan, rows).values())}"
        )


def of_adult(path: str, sampled: int) -> None:
    """Whether education and education-num agree in sampled rows as they do in all of Adult."""
    real = pd.read_csv(path, skipinitialspace=True)
    start = time.process_time()
    gan = ganbridge.fit(real, seed=1)
    rows = gan.sample(sampled, seed=2)
    took = time.process_time() - start
    number = real.drop_duplicates("education").set_index("education")["education-num"]
    agree = (rows["education"].map(number) == rows["education-num"]).mean()
    known = [str(relation["words"]) for relation in gan.relations]
    print(f"Adult, {len(real):,} rows: agree in {agree:.6f} of {sampled:,} rows; {took:.0f} CPU seconds; {known}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--kept", action="store_true", help="whether relations are kept, instead of found")
    parser.add_argument("--sampled", type=int, default=1_000_000)
    parser.add_argument("--data", help="adult.csv, with --kept")
    options = parser.parse_args()
    if options.kept:
        if options.data:
            of_adult(options.data, 100_000)
        of_visits(20_000)
        for rows, name in zip((600, 700, 800, 900, 1000) * len(PLANTED), PLANTED, strict=False):
            kept(name, rows, options.sampled)
    else:
        found(options.tables, options.rows)


def found(tables: int, rows_of_each: int) -> None:
    """What is found of planted relations, and where nothing holds; and the time of the search."""
    for name, plant in PLANTED.items():
        hits = 0
        for seed in range(tables // 10):
            rng = np.random.default_rng([seed, 1])
            columns, words = plant(rng, rows_of_each)
            mixed = table(rng, rows_of_each) + columns
            hits += has(find(Frame([mixed[i] for i in rng.permutation(len(mixed))])), words)
        print(f"{name:12} found in {hits / (tables // 10):6.1%} of {tables // 10} tables")
    for rows in (60, 200, rows_of_each, 2000):
        false: list[str] = []
        wrong = 0
        for seed in range(tables):
            rng = np.random.default_rng([seed, 2])
            relations = [r for r in find(Frame(table(rng, rows))) if r.enforced]
            wrong += bool(relations)
            false += [r.words for r in relations]
        print(f"{rows} rows: a false finding in {wrong / tables:.2%} of tables", false[:5])
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
