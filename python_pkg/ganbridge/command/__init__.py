"""The command line: what users of a shell get; one file for each group of commands, outcome.py for how they end."""

from __future__ import annotations

import sys
from collections.abc import Sequence

MISSING = "ganbridge: click is needed for the command line. Install it: pip install click"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit code."""
    try:
        import click  # noqa: F401
    except ImportError:  # in an environment that the R package has made
        print(MISSING, file=sys.stderr)
        return 6
    from .program import run

    return run(arguments)
