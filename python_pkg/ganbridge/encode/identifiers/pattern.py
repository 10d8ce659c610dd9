"""How identifiers look: forms, each a row of letters, digits and literal characters, that at least k rows share.

A form says which kinds of characters follow each other and how many of each; a literal text is part of it only if
nearly all rows have it. What makes made-up values differ from all real ones are marks: short runs of letters or digits
that occur in none of them. From the few that a file holds nobody can tell what does occur.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...stored import choice, listed, number, optional, require, text, values, whole

ALPHABETS = {
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "digit": "0123456789",
    "hex": "0123456789abcdef",
    "code": "0123456789abcdefghijklmnopqrstuvwxyz",
    "CODE": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
LITERAL = "literal"
NEARLY_ALL = 0.9  # of a form's rows, which share a literal text
LEAST_ROWS = 5  # with a literal text
MOSTLY, COVERED = 0.9, 0.5  # of the rows have forms that k rows share: then no coarser ones are tried, and the least
MOST_FORMS = 128
MOST_WORDS = 100  # of a made-up text
MOST_MARKS, MARKS_SHARE = 4096, 0.1  # marks in a file, and the share of those that there are
LARGEST_TABLE = 2**24  # different runs of letters among which marks are looked for
PARTS = 200_000  # values looked at together
MOST_LETTERS = 4_000_000  # of texts whose runs are looked at together
MOST_ROWS = 50_000  # whose forms are looked at, of more rows evenly spaced ones; all are kept from being made up

Part = tuple[str, int | str]  # an alphabet and how many of it, or LITERAL and a text
Groups = dict[tuple[str, ...], list[list[str]]]  # the parts of values, by the kinds of their characters
RULES = {
    "forms": listed(listed(lambda name, value: _part(name, value))),
    "shares": listed(number(0.0, 1.0)),
    "marks": listed(text(16)),
    "marked": optional(choice(ALPHABETS)),
    "first": optional(number(0.0)),
}


@dataclass(frozen=True)
class Pattern:
    """forms, and shares of each. marks: in an alphabet `marked`, of which each made-up value has one at the beginning
    of its longest part of that alphabet. first: of numbers that are numbered through, the first made-up one."""

    forms: list[list[Part]]
    shares: list[float]
    marks: list[str]
    marked: str | None
    first: float | None = None

    def words(self) -> str:
        """What the most frequent form looks like: "P9999"."""
        if self.first is not None:
            return str(int(self.first))
        form = self.forms[int(np.argmax(self.shares))]
        shown = "".join(str(size) if kind == LITERAL else ALPHABETS[kind][-1] * int(size) for kind, size in form)
        return shown if len(shown) <= 32 else shown[:32] + "..."

    def to_state(self) -> dict[str, Any]:
        """Plain values for JSON."""
        forms = [[list(part) for part in form] for form in self.forms]
        plain = {"forms": forms, "shares": self.shares, "marks": self.marks, "marked": self.marked}
        return plain | {"first": self.first}

    @classmethod
    def from_state(cls, plain: Any) -> Pattern:
        """Inverse of `to_state`."""
        found = values("pattern", plain, RULES)
        forms = [[(part[0], part[1]) for part in form] for form in found["forms"]]
        numbered = found["first"] is not None
        require(
            len(forms) == len(found["shares"]) and (numbered or bool(forms)), "`pattern` must have forms with shares"
        )
        known = found["marked"] is not None and len({len(mark) for mark in found["marks"]}) == 1
        require(numbered or known, "`pattern` must have marks of one length")
        if known:
            letters = set(ALPHABETS[found["marked"]])
            require(all(set(mark) <= letters for mark in found["marks"]), "`pattern.marks` must be of their alphabet")
            has = all(any(kind == found["marked"] for kind, _ in form) for form in forms)
            require(has and len(found["marks"][0]) > 0, "`pattern.forms` must have room for marks")
        require(numbered or sum(found["shares"]) > 0.0, "`pattern.shares` must not be 0")
        return cls(forms, found["shares"], found["marks"], found["marked"], found["first"])


def _part(name: str, value: Any) -> Any:
    if not isinstance(value, list) or len(value) != 2:
        return listed(text(), 2)(name, value)
    choice((*ALPHABETS, LITERAL))(name, value[0])
    text()(name, value[1]) if value[0] == LITERAL else whole(0, 1000)(name, value[1])
    return value


def pattern_of(texts: Sequence[str], k: int, rng: np.random.Generator) -> Pattern:
    """Of different texts."""
    seen = texts[:: -(-len(texts) // MOST_ROWS)]
    best, covered = Groups(), 0
    for split in (_by_kind, _by_code):
        groups = Groups()
        for each in seen:
            kinds, parts = split(each)
            groups.setdefault(kinds, []).append(parts)
        shared = {kinds: rows for kinds, rows in groups.items() if len(rows) >= k}
        rows = sum(map(len, shared.values()))
        if covered < MOSTLY * len(seen) and rows > covered:
            best, covered = shared, rows
    forms = _forms(best, k, rng) if covered >= COVERED * len(seen) else _forms_of_words(seen, k, rng)
    return _marked(forms, texts, rng)


# --- forms ------------------------------------------------------------------------------------------------------------


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "digit"
    if letter.isalpha():
        return "upper" if letter.isupper() else "lower"
    return letter


def _by_kind(value: str) -> tuple[tuple[str, ...], list[str]]:
    """Runs of capital letters, other letters and digits; other characters stand alone."""
    kinds, parts = list[str](), list[str]()
    for letter in value:
        kind = _kind(letter)
        if kinds and kind == kinds[-1] and kind in ALPHABETS:
            parts[-1] += letter
        else:
            kinds.append(kind)
            parts.append(letter)
    return tuple(kinds), parts


def _by_code(value: str) -> tuple[tuple[str, ...], list[str]]:
    """Runs of letters and digits; other characters stand alone."""
    kinds, parts = list[str](), list[str]()
    for letter in value:
        kind = "code" if letter.isalnum() else letter
        if kinds and kind == kinds[-1] == "code":
            parts[-1] += letter
        else:
            kinds.append(kind)
            parts.append(letter)
    return tuple(kinds), parts


def _forms(groups: Groups, k: int, rng: np.random.Generator) -> Counter[tuple[Part, ...]]:
    """How many rows have each form, by groups of values with the same kinds of characters."""
    forms = Counter[tuple[Part, ...]]()
    total = sum(map(len, groups.values()))
    for kinds, rows in groups.items():
        draws = max(1, round(MOST_FORMS * len(rows) / total))
        parts = [_variants(kind, [row[i] for row in rows], k, draws, rng) for i, kind in enumerate(kinds)]
        for variant in zip(*parts, strict=True):
            form = tuple(piece for pieces in variant for piece in pieces)
            forms[form] += len(rows) / draws  # type: ignore[assignment]
    return forms


def _variants(kind: str, parts: list[str], k: int, draws: int, rng: np.random.Generator) -> list[list[Part]]:
    """So many forms of one part: a literal beginning that nearly all rows share, and lengths that k rows share."""
    if kind not in ALPHABETS:
        return [[(LITERAL, kind)]] * draws
    beginning = _common_beginning(parts, max(k, LEAST_ROWS))
    lengths = shared_lengths([len(part) - len(beginning) for part in parts], k)
    if kind == "code":
        kind = _code_of(parts)
    drawn = rng.choice(np.array(list(lengths)), draws, p=np.array(list(lengths.values())) / sum(lengths.values()))
    first: list[Part] = [(LITERAL, beginning)] if beginning else []
    return [[*first, (kind, int(length))] if length else list(first) for length in drawn.tolist()]


def _code_of(parts: list[str]) -> str:
    """The alphabet of runs of letters and digits."""
    letters = set("".join(parts[:PARTS]))
    if letters <= set(ALPHABETS["hex"]):
        return "hex"
    return (
        "CODE" if sum(letter.isupper() for letter in letters) > sum(letter.islower() for letter in letters) else "code"
    )


def _common_beginning(parts: list[str], least: int) -> str:
    """The longest text with which nearly all of the parts begin, at least so many."""
    wanted = max(NEARLY_ALL * len(parts), least)
    beginning = ""
    while True:
        size = len(beginning)
        following = Counter(part[size] for part in parts if len(part) > size and part.startswith(beginning))
        if not following or following.most_common(1)[0][1] < wanted:
            return beginning
        beginning += following.most_common(1)[0][0]


def shared_lengths(lengths: Sequence[int], k: int) -> dict[int, float]:
    """How many rows have each length; one that fewer than k rows have counts as the nearest that k have."""
    counts = Counter(max(0, length) for length in lengths)
    shared = [length for length, rows in counts.items() if rows >= k]
    if not shared:
        return {round(float(np.mean(lengths))): 1.0}
    found = dict.fromkeys(sorted(shared), 0.0)
    for length, rows in counts.items():
        found[min(shared, key=lambda other: (abs(other - length), other))] += rows
    return found


def _forms_of_words(texts: Sequence[str], k: int, rng: np.random.Generator) -> Counter[tuple[Part, ...]]:
    """Forms of free texts: numbers of words and their lengths."""
    words = [each.split() or [each] for each in texts]
    counts = shared_lengths([min(len(each), MOST_WORDS) for each in words], k)
    lengths = shared_lengths([len(word) for each in words for word in each], k)
    capital = np.mean([each[:1].isupper() for each in texts]) >= COVERED
    full_stop = np.mean([each[-1:] == "." for each in texts]) >= COVERED
    size, share = np.array(list(lengths)), np.array(list(lengths.values())) / sum(lengths.values())
    forms = Counter[tuple[Part, ...]]()
    drawn = rng.choice(
        np.array(list(counts)), MOST_FORMS // 2, p=np.array(list(counts.values())) / sum(counts.values())
    )
    for count in drawn.tolist():
        form: list[Part] = [("upper", 1)] if capital else []
        for i, length in enumerate(rng.choice(size, max(1, count), p=share).tolist()):
            form += [(LITERAL, " ")] if i else []
            form.append(("lower", max(1, length - int(capital and i == 0))))
        forms[tuple([*form, (LITERAL, ".")] if full_stop else form)] += 1
    return forms


# --- marks ------------------------------------------------------------------------------------------------------------


def _marked(forms: Counter[tuple[Part, ...]], texts: Sequence[str], rng: np.random.Generator) -> Pattern:
    """The pattern, with marks in the alphabet that makes up most of the forms."""
    sizes = Counter[str]()
    for form, rows in forms.items():
        for kind, size in form:
            if kind != LITERAL:
                sizes[kind] += rows * int(size)
    marked = sizes.most_common(1)[0][0] if sizes else "lower"
    total = sum(forms.values())
    return Pattern(
        [list(form) if any(kind == marked for kind, _ in form) else [*form, (marked, 1)] for form in forms],
        [rows / total for rows in forms.values()],
        marks_of(texts, marked, rng),
        marked,
    )


def marks_of(texts: Sequence[str], alphabet: str, rng: np.random.Generator) -> list[str]:
    """Runs of an alphabet, of one length, that are in none of the texts, whatever their case; some of all there are."""
    letters = ALPHABETS[alphabet]
    size, length, absent = len(letters), 0, np.zeros(0, dtype=np.int64)
    while size ** (length + 1) <= LARGEST_TABLE and (not len(absent) or len(absent) < size**length / 2):
        length += 1
        absent = np.flatnonzero(~present_runs(texts, letters, length))
        first = absent // size ** (length - 1)
        absent = absent[first > 0] if letters[0] == "0" else absent  # no number begins with 0
    if not len(absent):
        raise ValueError("no run of letters is new")
    chosen = np.sort(rng.choice(absent, min(MOST_MARKS, max(1, int(MARKS_SHARE * len(absent)))), replace=False))
    places = chosen[:, None] // size ** np.arange(length - 1, -1, -1) % size
    return ["".join(letters[place] for place in row) for row in places.tolist()]


def present_runs(texts: Sequence[str], letters: str, length: int) -> np.ndarray:
    """Which runs of so many letters are in any of the texts, bool (letters ** length,)."""
    size = len(letters)
    code = np.full(256, -1, dtype=np.int64)
    for place, letter in enumerate(letters):
        code[[ord(letter.lower()), ord(letter.upper())]] = place
    found = np.zeros(size**length, dtype=bool)
    together = max(1, MOST_LETTERS * len(texts) // max(1, sum(map(len, texts))))
    for start in range(0, len(texts), together):
        joined = "\n".join(texts[start : start + together]).encode("latin-1", "replace")
        digits = code[np.frombuffer(joined, dtype=np.uint8)]
        runs = max(0, len(digits) - length + 1)
        run, whole = np.zeros(runs, dtype=np.int64), np.ones(runs, dtype=bool)
        for place in range(length):
            digit = digits[place : place + runs]
            run = run * size + digit
            whole &= digit >= 0
        found[run[whole]] = True
    return found
