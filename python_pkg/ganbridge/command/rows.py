"""`ganbridge sample` and `ganbridge impute`: commands that write rows."""

from __future__ import annotations

import click

from .asked import given_of
from .outcome import Outcome, ended
from .shared import GIVEN, JSON, MODEL, SEED, out_option, source


@click.command("sample")
@MODEL
@click.option("-n", "n", type=click.IntRange(1), help="How many rows; left out, as many as the model was trained on.")
@out_option("A .parquet, .arrow or .csv file; left out, CSV is printed.", required=False)
@SEED
@GIVEN
@click.option("--quiet", is_flag=True, help="No progress line.")
@JSON
@click.pass_context
def sample_command(
    context: click.Context,
    /,
    model: str,
    n: int | None,
    out: str | None,
    seed: int | None,
    given: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> int:
    """Draw new rows from a model, as many as the disk holds: memory does not grow with them.

    The same command again goes on where an interrupted one ended.

    \b
      ganbridge sample people.gan -n 1000000 --seed 2 --out new.parquet
      ganbridge sample people.gan -n 5
      ganbridge sample people.gan -n 1000 --given sex=f --given age=60..80 --out new.csv
      Rscript -e 'fit <- ganbridge::gan_load("people.gan")' \\
              -e 'write.csv(ganbridge::gan_sample(fit, 1000, seed = 2), "new.csv", row.names = FALSE)'
    """

    def outcome() -> Outcome:
        from ..data.write import as_rows, table_path
        from ..model.reader import load

        if out is not None:
            table_path("--out", out)
        gan = load(model)
        asked = given_of(given, gan)
        if out is None:
            rows = as_rows(gan.sample(n, given=asked, seed=seed))
            return Outcome(rows.to_csv(index=False).rstrip("\n"), {"rows": rows.to_dict("list")})
        gan.sample_to(out, n, given=asked, seed=seed, progress=False if quiet else "auto")
        count = n or gan.data_schema.rows
        return Outcome(f"{count:,} rows written to {out}", {"out": out, "rows": count})

    return ended(outcome, as_json, context.obj["debug"])


@click.command("impute")
@MODEL
@click.argument("data", nargs=-1, required=True, type=click.Path())
@out_option("A .parquet, .arrow or .csv file; for several tables, new.csv stands for new-1.csv, new-2.csv, ...")
@click.option("-m", "m", type=click.IntRange(1), default=1, show_default=True, help="How many completed tables.")
@SEED
@JSON
@click.pass_context
def impute_command(
    context: click.Context, /, model: str, data: tuple[str, ...], out: str, m: int, seed: int | None, as_json: bool
) -> int:
    """Fill in the missing values of DATA, by draws from a model given what is present.

    \b
      ganbridge impute people.gan gaps.csv --seed 2 --out full.csv
      ganbridge impute people.gan gaps.csv -m 5 --seed 2 --out full.csv
      Rscript -e 'full <- ganbridge::gan_impute(ganbridge::gan_load("people.gan"), read.csv("gaps.csv"), m = 5)'
    """

    def outcome() -> Outcome:
        from ..data.write import as_rows, table_path, write_table
        from ..model.reader import load

        path, of_format = table_path("--out", out)
        paths = [path] if m == 1 else [path.with_stem(f"{path.stem}-{i + 1}") for i in range(m)]
        tables = load(model).impute(source(data), m, seed=seed)
        for each, table in zip(paths, tables, strict=True):
            write_table(each, as_rows(table), of_format)
        words = "\n".join(f"{len(table):,} rows written to {each}" for each, table in zip(paths, tables, strict=True))
        return Outcome(words, {"out": list(map(str, paths)), "rows": len(tables[0])})

    return ended(outcome, as_json, context.obj["debug"])
