"""The program `ganbridge`: its commands, and what is the same for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from click.shell_completion import get_completion_class

from ..version import __version__
from .evaluation import evaluate_command, report_command
from .outcome import CODES, INTERRUPTED, Outcome, ended
from .rows import impute_command, sample_command
from .shared import JSON, MODEL
from .training import fit_command

NAME = "ganbridge"
VARIABLE = "_GANBRIDGE_COMPLETE"
HELP = f"""Synthetic rows from your own data: fit a model to a table, draw new rows, compare them with real ones.

\b
  ganbridge fit people.parquet --seed 1 --out people.gan
  ganbridge sample people.gan -n 1000000 --seed 2 --out new.parquet
  ganbridge sample people.gan -n 1000 --given sex=f --given age=60..80 --out new.csv
  ganbridge report people.gan people.parquet --out report.html

Tables are Parquet, Arrow, Feather or CSV files, folders of them, or patterns such as "folder/*.parquet". From R:

\b
  Rscript -e 'fit <- ganbridge::gan_fit("people.parquet", seed = 1)' \\
          -e 'ganbridge::gan_save(fit, "people.gan")'

\b
Exit codes:
{chr(10).join(f"{code:>5}  {words}" for code, words in CODES.items())}
"""


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=NAME)
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
@click.pass_context
def program(context: click.Context, /, debug: bool) -> None:
    """See HELP."""
    context.obj = {"debug": debug}


@click.command("info")
@MODEL
@JSON
@click.pass_context
def info_command(context: click.Context, /, model: str, as_json: bool) -> int:
    """Show what a model was trained on, with which settings, and what was found wrong.

    \b
      ganbridge info people.gan
      ganbridge info people.gan --json | jq .schema.names
      Rscript -e 'print(ganbridge::gan_load("people.gan"))'
    """

    def outcome() -> Outcome:
        from ..model.reader import load

        gan = load(model)
        facts = {
            "kind": gan.kind,
            "seed": gan.seed,
            "version": gan.version,
            "stopped": gan.stopped,
            "schema": gan.schema,
            "config": gan.config.to_dict(),
            "relations": gan.relations,
            "diagnosis": gan.diagnosis,
            "messages": gan.messages,
        }
        return Outcome(str(gan), facts)

    return ended(outcome, as_json, context.obj["debug"])


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> int:
    """Print what a shell needs to complete commands and options.

    \b
      ganbridge completion bash >> ~/.bashrc
      ganbridge completion zsh >> ~/.zshrc
      ganbridge completion fish > ~/.config/fish/completions/ganbridge.fish
    """
    of_shell: Any = get_completion_class(shell)
    completion = of_shell(program, {}, NAME, VARIABLE)
    click.echo(completion.source_template % completion.source_vars())  # its source() starts the shell, for its version
    return 0


for command in (
    fit_command,
    sample_command,
    evaluate_command,
    report_command,
    info_command,
    impute_command,
    completion_command,
):
    program.add_command(command)


def run(arguments: Sequence[str] | None) -> int:
    """Run one command, and return its exit code."""
    try:
        code = program.main(arguments, prog_name=NAME, complete_var=VARIABLE, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0
