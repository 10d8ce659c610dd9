"""Relations as users write them: "start <= end", "total = a + b", "city -> country", ...

What `Relation.words` shows is read, too. Names of columns that are not one word stand in backticks, levels in quotes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from ...check import came, positions
from ...data import Column, Data
from ...data.column import NUMBERS, UNITS
from ..calendar import PARTS
from ..decimals import decimals_of
from .combination import Combination
from .day import Day, is_day
from .determined import Determined
from .linear import Linear, base_seconds, unit_factor
from .missing import MissingWhere
from .order import Order
from .part import Part, parts_of
from .relation import Relation, values_of
from .span import COUNTED_IN, Counting, span_of
from .tokens import TOKEN, Tokens


def written(text: str, data: Data) -> list[Relation]:
    """The relations that a text states, of the training rows: several for "min <= mean <= max".

    Raises ValueError for a text that is none of the FORMS, a column that the data does not have, and rows that break
    the relation.
    """
    relations = _Reader(text, data).relations()
    for relation in relations:
        broken = relation.broken(data)
        if broken.any():
            raise ValueError(
                f"`relations` must hold in every row of `data`, unlike {came(text)}, which {int(broken.sum()):,} of"
                f" {data.rows:,} rows break ({positions(broken)}). Correct those rows, or leave it out."
            )
    return relations


def check_learned(setting: bool | Sequence[bool | str], made_up: Sequence[str]) -> None:
    """Raise ValueError for relations by hand on columns whose values are made up or dropped."""
    for text in () if isinstance(setting, bool) else setting:
        names = (
            {match.group(str(match.lastgroup)) for match in TOKEN.finditer(text)} if isinstance(text, str) else set()
        )
        if unknown := [name for name in made_up if name in names]:
            raise ValueError(
                f"`relations` must be about columns that are learned, unlike {came(unknown[0])} in {came(text)}, whose"
                ' values are made up or left out. Set its role to "category" or "number" in `roles` of the config, or'
                " leave that relation out."
            )


class _Reader(Tokens):
    """Reads one relation."""

    # --- relations ----------------------------------------------------------------------------------------------------

    def relations(self) -> list[Relation]:
        """All that the text states."""
        result = self._part() if self._words("the") else self._after(self._column())
        if self.at < len(self.tokens):
            raise self._fail(f"it should end before {came(self.tokens[self.at][1])}")
        return result

    def _after(self, first: Column) -> list[Relation]:
        what, text = self._next()
        if what == "operator" and text in ("<=", ">="):
            return self._orders(first)
        if self._take("operator", "="):
            way = self._counting()
            return [self._sum(first) if way is None else self._span(first, *way)]
        if self._words("is", "missing"):
            return [self._missing(first)]
        if self._words("is", "the", "day", "of"):
            return [self._day(first)]
        columns = [first]
        while self._take("operator", ",") or self._words("and"):
            columns.append(self._column())
        if self._words("occur", "in"):
            self._take("number")
            if self._words("combinations") and len(columns) in (2, 3):
                return [self._combination(columns)]
        elif self._take("operator", "<->"):
            return [self._determined([first], self._column(), mutual=True)]
        elif self._words("determine", "each", "other") and len(columns) == 2:
            return [self._determined([columns[0]], columns[1], mutual=True)]
        elif self._take("operator", "->") or self._words("determines") or self._words("determine"):
            return [self._determined(columns, self._column())]
        raise self._fail(f"what follows {came(str(columns[-1].name))} is none of these")

    def _orders(self, first: Column) -> list[Relation]:
        columns, sign = [first], self._next()[1]
        while self._take("operator", sign):
            columns.append(self._column())
        for column in columns:
            alike = (column.type, column.unit) == (first.type, first.unit)
            if not column.numeric or not (alike or {column.type, first.type} <= set(NUMBERS)):
                raise self._fail("columns that are compared must be numbers, or dates or times of one kind")
        columns = columns if sign == "<=" else columns[::-1]
        return [Order(pair) for pair in itertools.pairwise(columns)]

    def _sum(self, target: Column) -> Relation:
        if not target.numeric:
            source = self._column()
            return self._equal(source, target)
        names: list[Column] = []
        factors: list[float] = []
        constant, sign = 0.0, -1.0 if self._take("operator", "-") else 1.0
        while True:
            number = self._take("number")
            if number is None or self._take("operator", "*"):
                column = self._column()
                if not column.numeric:
                    raise self._fail(f"{came(str(column.name))} has no numbers")
                names.append(column)
                factors.append(sign * float(number or 1.0) * unit_factor(column, target))
            else:
                constant += sign * float(number) * self._unit(target)
            operator = self._take("operator", "+", "-")
            if operator is None:
                break
            sign = -1.0 if operator == "-" else 1.0
        if not names or str(target.name) in [str(column.name) for column in names]:
            raise self._fail(f"{came(str(target.name))} must be computed from other columns")
        decimals = decimals_of(target.present, target.dtype) if len(target.present) else None
        return Linear([*names, target], factors, constant, decimals)

    def _part(self) -> list[Relation]:
        """ "the month of day determines month", after "the"."""
        texts = self._texts()
        known = [p for p in PARTS if texts[: len(p.split()) + 1] == [*p.split(), "of"]]
        if not known:
            raise self._fail(f"{came(' '.join(texts[:1]))} is none of the parts {', '.join(PARTS)}")
        self.at += len(known[0].split()) + 1
        time = self._column()
        if time.type not in ("date", "datetime"):
            raise self._fail(f"{came(str(time.name))} has no dates or times")
        if not (self._words("determines") or self._take("operator", "->")):
            raise self._fail('"determines" is missing')
        target = self._column()
        values = values_of(self.data, target)
        part = parts_of(known[0], time, values_of(self.data, time))
        present = ~(np.isnan(part) | np.isnan(values))
        keys, results = _usual(part[present, None], values[present])
        return [Part([time, target], known[0], keys[:, 0], results)]

    def _counting(self) -> tuple[str, Counting] | None:
        """In what a span is counted, and how, if one is written: "days from", "full years from"."""
        texts = self._texts()
        how: dict[str, Counting] = {"full": "full", "elapsed": "rounded"}
        counting = how.get(texts[0], "calendar") if texts else "calendar"
        at = int(bool(texts) and texts[0] in how)
        if texts[at + 1 : at + 2] != ["from"] or texts[at] not in COUNTED_IN:
            return None
        self.at += at + 2
        if counting == "calendar" and texts[at] != "days":
            counting = "full" if texts[at] == "years" else "rounded"
        return texts[at], counting

    def _span(self, target: Column, unit: str, counting: Counting) -> Relation:
        start = self._column()
        if self._next()[1] != "to":
            raise self._fail('"to" is missing')
        self.at += 1
        end = self._column()
        for column in (start, end):
            if column.type not in ("date", "datetime"):
                raise self._fail(f"{came(str(column.name))} has no dates or times")
        if target.type not in (*NUMBERS, "difftime"):
            raise self._fail(f"{came(str(target.name))} has no numbers")
        decimals = decimals_of(target.present, target.dtype) if len(target.present) else None
        return span_of(start, end, target, unit, counting, decimals)

    def _unit(self, target: Column) -> float:
        """What one of a number's unit is in the units of the target."""
        what, text = self._next()
        unit = next((size for name, size in UNITS.items() if text in (name, name.removesuffix("s"))), None)
        if what == "name" and unit is not None:
            self.at += 1
            base = base_seconds(target)
            if base is None:
                raise self._fail(f"{came(str(target.name))} has no dates or times")
            return unit / base
        return 1.0

    def _equal(self, source: Column, target: Column) -> Relation:
        relation = self._determined([source], target)
        same = [str(source.labels[int(key)]) == str(target.labels[int(value)]) for key, value in _known(relation)]
        if not all(same):
            raise self._fail("the columns have different levels in some rows")
        return relation

    def _determined(self, sources: Sequence[Column], target: Column, mutual: bool = False) -> Determined:
        columns = [*sources, target]
        if len({str(column.name) for column in columns}) < len(columns):
            raise self._fail("a column does not determine itself")
        values = np.stack([values_of(self.data, column) for column in columns], 1)
        strict = _one_each(values[:, :-1], values[:, -1])
        if not strict:
            values = values[~np.isnan(values).any(1)]
        keys, results = _usual(values[:, :-1], values[:, -1])
        if mutual and strict:
            mutual = len(np.unique(results[~np.isnan(results)])) + int(np.isnan(results).any()) == len(results)
            if not mutual:
                raise self._fail(f"{came(str(target.name))} does not determine {came(str(sources[0].name))}")
        return Determined(columns, keys, results, mutual=mutual and strict, strict=strict)

    def _missing(self, target: Column) -> Relation:
        negated = self._words("except", "where")
        if not negated and not self._words("where"):
            raise self._fail('"where" is missing')
        source, chosen = None, []
        while True:
            if source is None or self._next()[0] == "name":
                source = self._column()
                if self._words("is", "missing"):
                    chosen.append(np.nan)
                    if not self._words("or"):
                        break
                    continue
                if not (self._take("operator", "=") or self._words("is")):
                    raise self._fail(f'"=" is missing after {came(str(source.name))}')
            chosen.append(self._level(source))
            if not self._words("or"):
                break
        values = np.unique(values_of(self.data, source))
        within = np.isin(values, chosen) | (np.isnan(values) & bool(np.isnan(chosen).any()))
        where, others = (values[~within], values[within]) if negated else (values[within], values[~within])
        return MissingWhere([source, target], where, others)

    def _level(self, source: Column) -> float:
        """A value of a column: a level in quotes, TRUE or FALSE, or a number."""
        what, text = self._next()
        self.at += 1
        if source.numeric:
            if what == "number":
                return float(text)
            raise self._fail(f"{came(str(source.name))} has numbers, not {came(text)}")
        known: dict[str, float] = {str(label): float(i) for i, label in enumerate(source.labels)}
        text = text.capitalize() if source.type == "logical" else text
        if text not in known:
            raise self._fail(f"{came(text)} is no level of {came(str(source.name))}")
        return known[text]

    def _day(self, target: Column) -> Relation:
        time = self._column()
        if time.type != "datetime" or not is_day(target):
            raise self._fail("it needs a column of times, and one of dates or of times at midnight")
        return Day([time, target])

    def _combination(self, columns: Sequence[Column]) -> Relation:
        if any(column.numeric or column.any_missing for column in columns):
            raise self._fail("combinations are of categories without missing values")
        values = np.stack([values_of(self.data, column) for column in columns], 1)
        return Combination(columns, np.unique(values, axis=0))


def _one_each(keys: np.ndarray, results: np.ndarray) -> bool:
    """Whether rows with the same keys (n, k) have the same result (n,); NaN is a value of its own."""
    codes = np.unique(np.nan_to_num(keys, nan=np.inf), axis=0, return_inverse=True)[1].ravel()
    pairs = np.stack([codes.astype(np.float64), np.nan_to_num(results, nan=np.inf)], 1)
    return len(np.unique(pairs, axis=0)) == len(np.unique(codes))


def _usual(keys: np.ndarray, results: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different keys, and the most frequent result of each."""
    plain: Callable[[np.ndarray], np.ndarray] = lambda part: np.nan_to_num(part, nan=np.inf)  # noqa: E731
    known, codes = np.unique(plain(keys), axis=0, return_inverse=True)
    pairs, counts = np.unique(np.stack([codes.ravel(), plain(results)], 1), axis=0, return_counts=True)
    order = np.lexsort((-counts, pairs[:, 0]))
    first = order[np.unique(pairs[order, 0], return_index=True)[1]]
    return np.where(np.isinf(known), np.nan, known), np.where(np.isinf(pairs[first, 1]), np.nan, pairs[first, 1])


def _known(relation: Determined) -> list[tuple[float, float]]:
    pairs = zip(relation.keys[:, 0].tolist(), relation.results.tolist(), strict=True)
    return [(key, value) for key, value in pairs if not (np.isnan(key) or np.isnan(value))]
