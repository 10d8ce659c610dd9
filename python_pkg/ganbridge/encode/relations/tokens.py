"""What users write as a relation, part by part: names, levels, numbers, operators and words."""

from __future__ import annotations

import re
from difflib import get_close_matches

from ...check import came
from ...data import Column, Data
from .relation import RESERVED

FORMS = (
    '"start <= end", "total = a + b", "f = 1.8 * c + 32", "city -> country", "make, model -> engine",'
    ' "left is missing where status = \'active\'", "date is the day of stamp",'
    ' "the month of day determines month", "nights = days from admission to discharge" or'
    ' "kind and use occur in combinations"'
)
TOKEN = re.compile(
    r"\s*(?:`(?P<quoted>[^`]+)`|'(?P<level>[^']*)'|\"(?P<level2>[^\"]*)\"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<operator><->|->|<=|>=|[=+\-*,])|(?P<word>[^\W\d](?:[\w.\-]*[\w.])?))"
)
Token = tuple[str, str]  # what it is ("name", "level", "number", "operator", "word"), and its text


class Tokens:
    """The tokens of one relation as users write it, read from left to right."""

    def __init__(self, text: str, data: Data) -> None:
        self.text, self.data = text, data
        self.columns = {str(column.name): column for column in data.columns}
        self.tokens = self._tokens()
        self.at = 0

    def _fail(self, what: str) -> ValueError:
        return ValueError(f"`relations` must be relations such as {FORMS}, not {came(self.text)}: {what}.")

    def _tokens(self) -> list[Token]:
        tokens: list[Token] = []
        end = 0
        text = self.text.strip()
        while end < len(text):
            match = TOKEN.match(text, end)
            if match is None:
                what = came(text[end:].split()[0])
                raise self._fail(f"{what} can't be read; names that are not one word need backticks")
            kind = str(match.lastgroup)
            value = match.group(kind)
            if kind == "word":
                kind = "word" if value in RESERVED else "name"
            tokens.append(({"quoted": "name", "level2": "level"}.get(kind, kind), value))
            end = match.end()
        return tokens

    def _next(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self, kind: str, *texts: str) -> str | None:
        """The text of the next token, if it is of that kind and one of the texts."""
        what, text = self._next()
        if what != kind or (texts and text not in texts):
            return None
        self.at += 1
        return text

    def _words(self, *texts: str) -> bool:
        """Whether these words come next, which are then read."""
        ahead = self.tokens[self.at : self.at + len(texts)]
        if ahead != [("word", text) for text in texts]:
            return False
        self.at += len(texts)
        return True

    def _column(self) -> Column:
        what, name = self._next()
        if what not in ("name", "word"):
            raise self._fail(f"a name of a column is missing before {came(name)}" if name else "it ends too early")
        self.at += 1
        if name not in self.columns:
            near = get_close_matches(name, self.columns, n=1)
            remedy = f" Did you mean {came(near[0])}?" if near else ""
            raise ValueError(
                f"`relations` must be about columns of `data`, not {came(name)} in {came(self.text)}.{remedy}"
            )
        if [str(column.name) for column in self.data.columns].count(name) > 1:
            raise self._fail(f"{came(name)} is the name of several columns of `data`")
        return self.columns[name]

    def _texts(self) -> list[str]:
        """The texts of the tokens that come next."""
        return [text for _, text in self.tokens[self.at :]]
