"""What printing a fit shows: its data, networks, objective and training, each as a name and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..kinds import KINDS
from ..prior.fit import DISCRIMINATOR_ROWS
from ..prior.table import TablePrior

if TYPE_CHECKING:
    from ..prior.local import LocalNormals
    from .fitted import FittedGan

LISTED_CONDITIONS = 6  # names that are listed,
LISTED_RELATIONS = 6
LISTED_COLUMNS = 3  # and names of columns of one encoding; more are only counted
NAME_WIDTH = 15  # of the names in front of the words
STOPPED = {
    "budget": "all steps were run",
    "callback": "a callback asked for it",
    "stop_after": "told to stop there",
    "minutes": "its minutes were over",
    "interrupted": "interrupted by the user",
    "checkpoint": "a checkpoint of a training under way",
    "diverged": "the losses were no longer finite; the last good state was kept",
}
CHOSEN = "components and shrinkage chosen by the likelihood of held-out rows"
OF_TREES = {"budget": "more of them gained nothing on held-out rows"}


def facts(gan: FittedGan, whole: bool = False) -> list[tuple[str, str]]:
    """Names and words, in the order of printing; the first are of the data.

    whole: all identifiers are listed, and no relations, which then have a place of their own.
    """
    return [
        ("data", f"{gan.kind}: {_data(gan)}"),
        *_columns(gan, whole),
        *([] if whole else _relations(gan)),
        *(_networks(gan) if gan.prior is None else _prior(gan, gan.prior)),
        ("seed", str(gan.seed)),
    ]


def _networks(gan: FittedGan) -> list[tuple[str, str]]:
    return [
        ("generator", gan.specs[0].describe()),
        ("discriminator", gan.specs[1].describe() + _pack(gan)),
        ("objective", gan.settings.objective),
        ("trained", _training(gan)),
        ("kept", _member(gan) + f"epoch {gan.kept['epoch']:,}"),
    ]


def _prior(gan: FittedGan, prior: TablePrior | LocalNormals) -> list[tuple[str, str]]:
    if not isinstance(prior, TablePrior):
        return [("prior", prior.describe()), ("trained", CHOSEN)]
    weighs = "decide which draws are kept" if prior.weighs else "found nothing to decide by: all draws are kept"
    why = OF_TREES.get(gan.stopped, STOPPED[gan.stopped])
    network = [] if prior.trial is None else [("network", prior.trial.describe())]
    if gan.data_schema.rows < DISCRIMINATOR_ROWS:
        moments = "ranges and moments within levels decide which draws are kept" if prior.weighs else "none"
        few = f"{moments}; trees from {DISCRIMINATOR_ROWS} rows on"
        return [("prior", prior.mixture.describe()), *network, ("discriminator", few), ("trained", CHOSEN)]
    return [
        ("prior", prior.mixture.describe()),
        *network,
        ("discriminator", f"{len(prior.trees)} boosted trees that {weighs}"),
        ("trained", f"{gan.kept['trained']} trees; {why}"),
    ]


def describe(gan: FittedGan) -> list[str]:
    """The lines that printing shows."""
    (_, data), *others = facts(gan)
    return [
        f"<ganbridge fit> {data}",
        *(f"  {name:<{NAME_WIDTH}}{words}" for name, words in others),
        *(f"  ! {finding}" for finding in gan.diagnosis),
    ]


def _data(gan: FittedGan) -> str:
    return KINDS[gan.kind].describe(gan.data_schema, len(gan.moment_columns["mean"]), gan.rate)


def _columns(gan: FittedGan, whole: bool) -> list[tuple[str, str]]:
    """The conditions, and how columns are encoded if not all are encoded in one way."""
    schema, lines = gan.data_schema, []
    most = len(schema.names or []) if whole else LISTED_COLUMNS
    if gan.conditions is not None:
        lines.append(("given", _listed(gan.conditions.names, LISTED_CONDITIONS)))
    if gan.identifiers is not None and gan.identifiers.columns:
        lines.append(("identifiers", _listed(gan.identifiers.words(), most) + ": made up"))
    if gan.identifiers is not None and gan.identifiers.dropped:
        lines.append(
            ("left out", _listed(gan.identifiers.dropped, len(gan.identifiers.dropped) if whole else LISTED_COLUMNS))
        )
    names: dict[str, list[Any]] = {}
    for name, encoding in zip(schema.names or [], schema.encodings or [], strict=False):
        names.setdefault(encoding, []).append(name)
    if len(names) > 1:
        words = (f"{encoding} ({_listed_or_counted(columns)})" for encoding, columns in names.items())
        lines.append(("encoded", ", ".join(words)))
    return lines


def _relations(gan: FittedGan) -> list[tuple[str, str]]:
    """What holds in every new row, and what nearly holds in the training rows."""
    if gan.plan is None:
        return []
    lines = []
    kept = [relation.words for relation in gan.plan.relations if relation.enforced and not relation.implied_by]
    others = [relation for relation in gan.plan.relations if not relation.enforced]
    if kept:
        more = f"; and {len(kept) - LISTED_RELATIONS} more" if len(kept) > LISTED_RELATIONS else ""
        lines.append(("always", "; ".join(kept[:LISTED_RELATIONS]) + more))
    nearly = [f"{r.words} ({_percent(r.holds)} of rows)" for r in others if r.holds < 1.0][:LISTED_COLUMNS]
    if nearly:
        lines.append(("nearly always", "; ".join(nearly)))
    left = [relation.words for relation in others if relation.holds == 1.0]
    if left:
        lines.append(("not kept", "; ".join(left[:LISTED_COLUMNS]) + ("; ..." if len(left) > LISTED_COLUMNS else "")))
    return lines


def _percent(share: float) -> str:
    """99.7 %, never rounded up to 100 %."""
    return f"{min(math.floor(share * 1000.0) / 10.0, 99.9):.1f} %"


def _listed(names: Sequence[Any], most: int) -> str:
    return ", ".join(map(str, names[:most])) + (", ..." if len(names) > most else "")


def _listed_or_counted(names: Sequence[Any]) -> str:
    return _listed(names, LISTED_COLUMNS) if len(names) <= LISTED_COLUMNS else f"{len(names)} columns"


def _pack(gan: FittedGan) -> str:
    return f", sees {gan.settings.pack} rows at once" if gan.settings.pack > 1 else ""


def _training(gan: FittedGan) -> str:
    epochs = f"{gan.epochs:,} of {gan.planned_epochs:,}" if gan.unfinished else f"{gan.epochs:,}"
    device = "" if gan.settings.device == "cpu" else f" on {gan.settings.device}"
    return f"{gan.kept['trained']:,} steps in {epochs} epochs{device}; {STOPPED[gan.stopped]}"


def _member(gan: FittedGan) -> str:
    members = gan.settings.members
    return f"member {gan.kept['member'] + 1} of {members} at " if members > 1 else ""
