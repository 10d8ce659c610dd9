"""`ganbridge fit`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .asked import settings_of
from .outcome import DONE, UNFINISHED, Outcome, ended
from .shared import JSON, SEED, out_option, source

ENDED_EARLY = ("interrupted", "diverged")


@click.command("fit")
@click.argument("data", nargs=-1, required=True, type=click.Path())
@out_option("The model's file, such as people.gan.")
@SEED
@click.option("--kind", help="table, wave or image; left out, a table.")
@click.option("--condition", multiple=True, metavar="COLUMN", help="Give a column to networks; may occur repeatedly.")
@click.option("--epochs", type=int, help="Passes over the rows by networks, run in full.")
@click.option("--steps", type=int, help="Steps of networks, instead of --epochs.")
@click.option("--config", type=click.Path(dir_okay=False), help="A TOML file with settings, and arguments of a fit.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="One setting, after those of --config.")
@click.option("--log", type=click.Path(dir_okay=False), help="A text file that gets a line every so often.")
@click.option("--checkpoint", type=click.Path(dir_okay=False), help="A file that keeps the fit while it is trained.")
@click.option("--resume", is_flag=True, help="Go on from --checkpoint, if that file exists.")
@click.option("--quiet", is_flag=True, help="No progress line.")
@JSON
@click.pass_context
def fit_command(context: click.Context, /, data: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Fit a model to the rows of DATA and save it.

    Ctrl-C ends the training and saves what there is by then; the exit code is 4.

    \b
      ganbridge fit people.parquet --seed 1 --out people.gan
      ganbridge fit folder/*.parquet --out people.gan --config people.toml --set members=4
      Rscript -e 'ganbridge::gan_save(ganbridge::gan_fit("people.csv", seed = 1), "people.gan")'

    Under a launcher of many processes, such as torchrun, all of them train one fit, and the first one saves it:

    \b
      torchrun --nproc-per-node 2 -m ganbridge fit people.parquet --out people.gan --set batch_size=4096
      torchrun --nproc-per-node 2 --max-restarts 3 -m ganbridge fit people.parquet --out people.gan \\
        --epochs 500 --checkpoint under-way.gan --resume

    \b
    A file for --config has names of settings, and kind, condition, epochs, seed, trace, rate, log:
      seed = 1
      relations = ["start <= end"]
      roles = { id = "identifier" }
    """
    return ended(lambda: _fit(data, **options), as_json, context.obj["debug"])


def _fit(
    data: tuple[str, ...],
    out: str,
    config: str | None,
    pairs: tuple[str, ...],
    quiet: bool,
    checkpoint: str | None,
    resume: bool,
    **options: Any,
) -> Outcome:
    from .. import check
    from ..config import Config
    from ..fitting import fit
    from ..model.reader import load
    from ..ranks import first_of_job

    path = Path(check.writable("--out", out))
    arguments, settings = settings_of(config, pairs)
    steps = options.pop("steps")
    if steps is not None:
        settings = Config.from_dict({**(settings.changed if settings else {}), "steps": steps})
    options["condition"] = list(options["condition"]) or None
    arguments |= {name: value for name, value in options.items() if value is not None}
    progress = False if quiet else "auto"
    if resume and checkpoint is None:
        check.fail("--resume", "given beside --checkpoint", True)
    if resume and checkpoint is not None and Path(checkpoint).exists():  # with the settings that it began with
        gan = load(checkpoint).resume(source(data), progress=progress, log=arguments.get("log"), checkpoint=checkpoint)
    else:
        gan = fit(source(data), config=settings, progress=progress, checkpoint=checkpoint, **arguments)
    code = UNFINISHED if gan.stopped in ENDED_EARLY else DONE
    if not first_of_job():  # of several processes, the first one saves and tells
        return Outcome(None, {}, code)
    gan.save(path)
    facts = {
        "model": str(path),
        "seed": gan.seed,
        "rows": gan.schema["rows"],
        "stopped": gan.stopped,
        "epochs": gan.epochs,
        "diagnosis": gan.diagnosis,
        "messages": gan.messages,
    }
    words = "\n".join([str(gan), *gan.messages, f"saved as {path}"])
    return Outcome(words, facts, code)
