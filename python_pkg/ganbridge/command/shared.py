"""Arguments and options that several commands have."""

from __future__ import annotations

from typing import Any

import click

from ..check import SEED_LIMIT

FILE = click.Path(dir_okay=False)
MODEL = click.argument("model", type=FILE)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for scripts.")
SEED = click.option("--seed", type=click.IntRange(0, SEED_LIMIT), help="The same seed gives the same result.")
HOLDOUT = click.option("--holdout", type=click.Path(), help="Real rows that the model was not trained on.")
TARGET = click.option("--target", help="The column that models are trained to predict, from new and from real rows.")
GIVEN = click.option(
    "--given",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="What a column shall hold: sex=f, a range age=60..80 (or 60.. or ..80), nothing for a missing value. Several"
    " of one column are alternatives, of several columns must hold together.",
)


def out_option(what: str, required: bool = True) -> Any:
    """Where to write."""
    return click.option("--out", "-o", type=FILE, required=required, help=what)


def source(data: tuple[str, ...]) -> Any:
    """Files as the functions of the library take them."""
    return data[0] if len(data) == 1 else list(data)
