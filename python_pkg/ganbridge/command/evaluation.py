"""`ganbridge evaluate` and `ganbridge report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .outcome import DONE, POOR, Outcome, ended
from .shared import FILE, HOLDOUT, JSON, MODEL, SEED, TARGET, out_option, source


@click.command("evaluate")
@click.argument("model_or_rows", type=FILE)
@click.argument("real", nargs=-1, required=True, type=click.Path())
@HOLDOUT
@TARGET
@SEED
@out_option("A .csv or .parquet file for the table of all metrics.", required=False)
@click.option("--strict", is_flag=True, help="Exit with code 5 if anything is clearly worse than real data.")
@JSON
@click.pass_context
def evaluate_command(
    context: click.Context, /, model_or_rows: str, real: tuple[str, ...], as_json: bool, **options: Any
) -> int:
    """Compare new rows with REAL ones: those of a model, or of a file of rows.

    \b
      ganbridge evaluate people.gan people.parquet --holdout later.parquet
      ganbridge evaluate new.parquet people.parquet --strict --json
      Rscript -e 'ganbridge::gan_evaluate(ganbridge::gan_load("people.gan"), "people.csv")'
    """
    return ended(lambda: _evaluate(model_or_rows, real, **options), as_json, context.obj["debug"])


def _evaluate(model_or_rows: str, real: tuple[str, ...], out: str | None, strict: bool, **options: Any) -> Outcome:
    from ..data.write import table_path, write_table
    from ..evaluation.reporting import evaluate
    from ..evaluation.verdicts import POOR as POOR_VERDICT
    from ..model.reader import load

    written = None if out is None else table_path("--out", out)
    generated = load(model_or_rows) if Path(model_or_rows).suffix == ".gan" else model_or_rows
    report = evaluate(generated, source(real), **options)
    if written is not None:
        write_table(written[0], report.to_frame(), written[1])
    poor = any(finding.verdict == POOR_VERDICT for finding in report.findings)
    facts = {
        "verdict": report.overall(),
        "summary": report.summary_columns(),
        "metrics": report.plain_columns(),
        "notes": report.notes,
        "rows": report.counts,
        "seed": report.seed,
    }
    return Outcome(str(report), facts, POOR if strict and poor else DONE)


@click.command("report")
@MODEL
@click.argument("real", nargs=-1, required=True, type=click.Path())
@click.option("--out", "-o", type=FILE, default="report.html", show_default=True, help="The page.")
@HOLDOUT
@TARGET
@SEED
@JSON
@click.pass_context
def report_command(
    context: click.Context, /, model: str, real: tuple[str, ...], out: str, as_json: bool, **options: Any
) -> int:
    """Write one HTML page about a model: what was trained, metrics beside REAL rows, plots, privacy.

    \b
      ganbridge report people.gan people.parquet --holdout later.parquet --out report.html
      Rscript -e 'ganbridge::gan_report(ganbridge::gan_load("people.gan"), "people.csv", "report.html")'
    """

    def outcome() -> Outcome:
        from ..evaluation.reporting import report
        from ..model.reader import load

        report(load(model), source(real), out, **options)
        return Outcome(f"written to {out}", {"out": out})

    return ended(outcome, as_json, context.obj["debug"])
