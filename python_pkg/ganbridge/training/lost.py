"""Which links between columns, and which columns, a fit of a table has lost: in words with remedies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..data import Column, Data
from ..encode.times import Times, times_of
from .links import MOST_BINS, Tables, codes_of, homogeneity, spread
from .lost_link import DIFFERENCE, FINE_BINS, KEPT, LEAST_ROWS, LINKED, OFF, Lost, percent
from .lost_sums import lost_sums
from .lost_times import lost_gaps, of_days

ROWS = 2000  # training rows, drawn with a seed, and generated ones that are compared
MOST_COLUMNS = 300  # and parts of dates
FALSE_ALARMS = 0.01  # of fits without a fault, at most (Bonferroni over all tests)
TIGHT = 0.05  # spread among neighbours up to which one number nearly determines another,
LOOSE = 3.0  # and how many times that spread a lost link has at least
SPREADS = 200  # pairs of numbers that are looked at so, those with the strongest links
TOGETHER = 3  # lost links of one column that are told together
MANY = 10  # lost links that are told in one sentence if they are most of all
LISTED = 4  # sentences of one kind, and names in a sentence
_PARTS = re.compile(r"(.*) \((.*)\)")  # of the name of a part of a date


@dataclass(frozen=True, eq=False)
class _Side:
    """A column, or a part of a date: real and generated values; source: the index of the column; time: if of dates."""

    real: Column
    generated: Column
    source: int
    time: bool
    part: bool = False

    @property
    def name(self) -> str:
        """Of the column or the part."""
        return str(self.real.name)


def lost_links(generated: Data, real: Data, seed: int, networks: bool) -> list[str]:
    """Findings on links and columns that generated rows have lost; an empty list if there are none.

    Every pair of columns is tested, dates by their day of the year, weekday and time of day, too: Cramér's V of five
    bins or levels each, how far numbers lie from those of neighbours or from a sum of others, shares of rows on one
    day, and what lies between two times. A link is lost if it is less than half as strong as in the training rows, and
    a test tells the rows apart with a probability of a false alarm of .01 over all tests. networks: whether networks
    were trained, for the remedy.
    """
    if real.rows < LEAST_ROWS:
        return []
    real = real.take(np.random.default_rng(seed).permutation(real.rows)[:ROWS])
    both = [_named(data)[:MOST_COLUMNS] for data in (real, generated)]
    times = [times_of(both[0], columns, both[0]) for columns in both]
    sides = _sides(both[0], both[1], times[0], times[1])
    codes = [codes_of(side.real, (side.real, side.generated)) for side in sides]
    tables = [Tables.of([pair[i] for pair in codes], MOST_BINS + 2) for i in (0, 1)]
    level = FALSE_ALARMS / (len(sides) * (len(sides) + 1) // 2 + SPREADS + len(times[0]) * len(times[0]))
    strength = [each.associations() for each in tables]
    found = [*of_days(times[0], times[1], level), *_spread(sides, strength[0], level)]
    found += _weak(sides, tables, strength, level)
    found += [*lost_gaps(times[0], times[1], level), *lost_sums(both[0], both[1], level)]
    first = {lost.sources: lost for lost in reversed(found)}  # of two findings on one link, the first
    linked = {side.name: int((_others(sides, i) & (strength[0][i] >= LINKED)).sum()) for i, side in enumerate(sides)}
    return [*_lost_columns(sides, level), *_worded([x for x in found if first[x.sources] is x], linked, networks)]


def _named(data: Data) -> list[Column]:
    """The columns; those that have a position only are called by it."""
    return data.columns if data.has_names else [replace(c, name=f"column {c.name}") for c in data.columns]


def _sides(
    real: Sequence[Column], generated: Sequence[Column], times: Sequence[Times], others: Sequence[Times]
) -> list[_Side]:
    of_time = {each.index for each in times}
    pairs = zip(real, generated, strict=True)
    sides = [_Side(a, _like(a, b), i, i in of_time) for i, (a, b) in enumerate(pairs)]
    for mine, theirs in zip(times, others, strict=True):
        parts = zip(mine.parts, theirs.parts, strict=True)
        sides += [_Side(a, b, mine.index, True, True) for a, b in parts]
    return sides


def _like(real: Column, generated: Column) -> Column:
    """The generated column, finite where it is missing."""
    return generated.like(np.where(generated.missing, 0.0, generated.values), generated.missing)


def _others(sides: Sequence[_Side], i: int) -> np.ndarray:
    """Which columns can be linked with column i: no parts of itself, and of two dates only the dates."""
    return np.array(
        [s.source != sides[i].source and not (s.time and sides[i].time and (s.part or sides[i].part)) for s in sides]
    )


def _weak(sides: Sequence[_Side], tables: Sequence[Tables], strength: Sequence[np.ndarray], level: float) -> list[Lost]:
    """Links of less than half the strength, in cross tables."""
    real, generated = strength
    lost = (real >= LINKED) & (generated < KEPT * real) & (tables[0].same(tables[1]) <= level)
    found = []
    for i, second in enumerate(sides):
        for j in np.flatnonzero((_others(sides, i) & lost[i])[:i]).tolist():
            words = f"Cramér's V is {generated[i, j]:.2f} in generated and {real[i, j]:.2f} in training rows"
            found.append(_lost(sides[j], second, words, float(real[i, j] - generated[i, j])))
    return sorted(found, key=lambda each: -each.size)


def _lost(first: _Side, second: _Side, words: str, size: float) -> Lost:
    parts = [side.name for side in (first, second) if side.part]
    remedy = _PARTS.sub(r"Add the \2 of `\1` as a column.", parts[0]) if parts else ""
    if first.time and second.time:
        remedy = DIFFERENCE
    return Lost((first.name, second.name), frozenset((first.source, second.source)), words, size, remedy)


def _spread(sides: Sequence[_Side], strength: np.ndarray, level: float) -> list[Lost]:
    """Numbers that depend on another number among training rows, and much less so among generated ones.

    Or so closely that they lie several times as far off.
    """
    numbers = [i for i, side in enumerate(sides) if side.real.numeric]
    pairs = [(i, j) for i in numbers for j in numbers if not sides[j].part and _others(sides, i)[j]]
    pairs.sort(key=lambda pair: -strength[pair])
    found = []
    for i, j in pairs[:SPREADS]:
        values = [_both(getattr(sides[i], of), getattr(sides[j], of)) for of in ("real", "generated")]
        if min(len(x) for x, _ in values) < LEAST_ROWS:
            continue
        seen = spread((values[0][0], values[1][0]), (values[0][1], values[1][1]))
        real, generated = seen.strength(seen.real), seen.strength(seen.generated)
        loose = seen.real <= TIGHT and seen.generated > LOOSE * seen.real + 0.01
        if seen.probability <= level and ((real >= LINKED and generated < KEPT * real) or loose):
            words = (
                f"rows that are neighbours in the one differ in the other by {100 * seen.generated:.2g} % of all rows,"
                f" and among training rows by {100 * seen.real:.2g} %"
            )
            found.append(_lost(sides[i], sides[j], words, real + 0.05 * sides[i].part))
    return sorted(found, key=lambda each: -each.size)


def _both(first: Column, second: Column) -> tuple[np.ndarray, np.ndarray]:
    present = ~(first.missing | second.missing)
    return first.values[present], second.values[present]


def _lost_columns(sides: Sequence[_Side], level: float) -> list[str]:
    """Columns, and parts of dates, whose values are distributed in another way."""
    found = []
    for side in sides:
        pair = codes_of(side.real, (side.real, side.generated), FINE_BINS)
        counts = [np.bincount(codes, minlength=FINE_BINS + 2)[None].astype(np.float64) for codes in pair]
        shares = [count / count.sum() for count in counts]
        off = float(np.abs(shares[0] - shares[1]).sum() / 2.0)
        if off > OFF and homogeneity(counts[0], counts[1], len(pair[0]), len(pair[1]))[0] <= level:
            found.append((off, side.name))
    found.sort(key=lambda each: -each[0])
    if not found:
        return []
    listed = _listed([f"`{name}` ({percent(off)})" for off, name in found])
    return [
        f"lost column{'s' if len(found) > 1 else ''}: the distribution of {listed} differs from that of the training"
        " rows (share of rows with a wrong value). Compare both with plot_compare()."
    ]


def _worded(found: list[Lost], linked: dict[str, int], networks: bool) -> list[str]:
    """Sentences: columns that lost most of their links, then single links, then how many more."""
    usual = (
        "Leave the settings of networks open, or raise the number of steps."
        if networks
        else "Use more rows, or leave out columns that do not matter."
    )
    total = max(sum(linked.values()) // 2, len(found))
    if len(found) >= MANY and 2 * len(found) >= total:
        return [_counted(found, f"{len(found)} of {total} links between columns, such as", usual)]
    sentences: list[str] = []
    while found and len(sentences) < LISTED:
        of = Counter(name for lost in found for name in lost.names)
        name, count = of.most_common(1)[0]
        if count < TOGETHER or 2 * count < linked.get(name, 0):
            break
        most = [lost for lost in found if name in lost.names]
        others = [other for lost in most for other in lost.names if other != name]
        sentences.append(
            f"lost links: of `{name}` with {_listed([f'`{other}`' for other in others])}; with `{others[0]}`,"
            f" {most[0].words}. {most[0].remedy or usual}"
        )
        found = [lost for lost in found if name not in lost.names]
    for lost in found[:LISTED]:
        first, second = lost.names
        sentences.append(f"lost link: between `{first}` and `{second}`; {lost.words}. {lost.remedy or usual}")
    rest = found[LISTED:]
    return [*sentences, _counted(rest, f"{len(rest)} more, such as", usual)] if rest else sentences


def _counted(found: list[Lost], words: str, remedy: str) -> str:
    pairs = [f"between `{lost.names[0]}` and `{lost.names[1]}`" for lost in found[:LISTED]]
    return f"lost links: {words} {_listed(pairs)}. {remedy}"


def _listed(items: list[str]) -> str:
    shown = items[:LISTED]
    if len(items) > LISTED:
        return f"{', '.join(shown)} and {len(items) - LISTED} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
