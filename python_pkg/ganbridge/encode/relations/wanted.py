"""The relations of a fit: those that are found, and those that a user adds or leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from ...check import came
from ...data import Data
from .find import find
from .relation import Relation
from .written import written

LISTED = 5  # relations in an error


def wanted(data: Data, setting: bool | Sequence[bool | str]) -> list[Relation]:
    """What is written by hand and what is found, without what is left out.

    setting: whether relations are looked for; or a list of relations by hand, of which "not ..." leaves one out that
    would be found, with False among them if none are looked for.

    Raises ValueError for a text that can't be read, that rows break, or that leaves out what is not found.
    """
    if isinstance(setting, bool):
        return find(data) if setting else []
    texts = [text for text in setting if isinstance(text, str)]
    out = [text.strip()[4:].strip() for text in texts if text.strip().startswith("not ")]
    relations = [r for text in texts if not text.strip().startswith("not ") for r in written(text, data)]
    found = [] if False in [text for text in setting if isinstance(text, bool)] else find(data)
    for text in out:
        words = {text} | _words(text, data)
        left = [relation for relation in found if relation.words not in words]
        if len(left) == len(found):
            known = ", ".join(came(relation.words) for relation in found[:LISTED]) or "none"
            what = came(f"not {text}")
            raise ValueError(f"`relations` must leave out relations that are found ({known}), not {what}.")
        found = left
    mine = {relation.words for relation in relations}
    return relations + [relation for relation in found if relation.words not in mine]


def by_hand(setting: bool | Sequence[bool | str], data: Data) -> set[str]:
    """The words of the relations that a user adds."""
    texts = [] if isinstance(setting, bool) else [text for text in setting if isinstance(text, str)]
    return {word for text in texts if not text.strip().startswith("not ") for word in _words(text, data)}


def _words(text: str, data: Data) -> set[str]:
    """The words of what a text states, if it can be read and holds."""
    try:
        return {relation.words for relation in written(text, data)}
    except ValueError:
        return set()
