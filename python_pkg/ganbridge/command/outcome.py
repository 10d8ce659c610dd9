"""How a command ends: exit codes, what stderr says, and the JSON that scripts read."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from ..stored import BadFileError

DONE, BUG, ARGUMENT, FILE, UNFINISHED, POOR, LACKING, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130
CODES = {
    DONE: "done",
    BUG: "an error that nobody foresaw; --debug shows where",
    ARGUMENT: "an argument, a setting or the data can't be used",
    FILE: "a file can't be read or written",
    UNFINISHED: "the fit was interrupted or diverged; what there was is saved",
    POOR: "evaluate --strict: something is clearly worse than real data",
    LACKING: "a library is missing, or memory ran out",
    INTERRUPTED: "interrupted, with nothing to keep",
}


@dataclass
class Outcome:
    """What a command has to say at its end. words: for people; None: nothing. facts: for scripts, plain values."""

    words: str | None
    facts: Mapping[str, Any]
    code: int = DONE

    def show(self, as_json: bool) -> None:
        """Print it; JSON on one line, without NaN, which JSON doesn't know."""
        if self.words is None:
            return
        click.echo(json.dumps(plain({**self.facts, "code": self.code}), ensure_ascii=False) if as_json else self.words)


def plain(value: Any) -> Any:
    """The value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(part) for part in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def ended(command: Callable[[], Outcome], as_json: bool, debug: bool) -> int:
    """Run a command, show what came of it, and return the exit code."""
    try:
        outcome = command()
        outcome.show(as_json)
        return outcome.code
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except (Exception, KeyboardInterrupt) as error:
        if debug:
            raise
        return _failed(error, as_json)


def _failed(error: BaseException, as_json: bool) -> int:
    code, words = code_of(error), str(error)
    if isinstance(error, KeyboardInterrupt):
        words = "interrupted"
    elif code == BUG:
        words = f"{type(error).__name__}: {words}. Run it again with --debug before the command, to see where."
    if as_json:
        click.echo(json.dumps({"error": words, "code": code}, ensure_ascii=False))
    print(f"ganbridge: {words}", file=sys.stderr)
    return code


def code_of(error: BaseException) -> int:
    """The exit code of an error."""
    kinds: list[tuple[int, tuple[type[BaseException], ...]]] = [
        (INTERRUPTED, (KeyboardInterrupt,)),
        (FILE, (OSError, BadFileError)),
        (LACKING, (ImportError, MemoryError)),
        (UNFINISHED, (FloatingPointError,)),
        (ARGUMENT, (ValueError, TypeError)),
    ]
    return next((code for code, errors in kinds if isinstance(error, errors)), BUG)
