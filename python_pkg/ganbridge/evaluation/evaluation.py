"""From data to a report: every metric of generated rows, and of real rows instead of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

import numpy as np

from .. import check
from ..config import EVALUATION_SEED
from ..data import Data
from ..encode.identifiers import Identifiers
from ..kinds import DEFAULT_KIND, accept
from .baselines import Comparison, compare
from .finding import Finding, finding
from .kind import evaluated_kind
from .metric import Metric
from .metrics.classifiers import needs_sklearn
from .registry import METRICS
from .result import Report
from .subjects.columns import channels, column_pairs, columns
from .subjects.disclosure import CHOICES, KEYS, DisclosureSubject
from .subjects.privacy import PrivacySubject, identifiers_of, named_apart
from .subjects.relations import ALL_RELATIONS, relations
from .subjects.rows import CLASSIFIER_ROWS, DISTANCE_ROWS, PredictionSubject, RowsSubject
from .subjects.times import time_pairs
from .verdicts import Measured
from .view import View

SYNTHETIC = "synthetic_or_fit"  # the argument with the generated rows
NAMES_SHOWN = 6  # of identifiers
PAIRS_SHOWN = 45  # of one metric, the furthest off
Words = Mapping[str, str]


def evaluate_data(
    synthetic: Data,
    real: Data,
    *,
    kind: str | None,
    holdout: Data | None = None,
    target: Any = None,
    seed: int | None = None,
    argument: str = SYNTHETIC,
    identifiers: Identifiers | None = None,
) -> Report:
    """Evaluate generated beside real rows; see `ganbridge.evaluate`.

    argument: what errors call the generated rows. identifiers: of the fit that they come from.
    """
    kind = DEFAULT_KIND if kind is None else kind
    evaluated = evaluated_kind(kind)
    seed = EVALUATION_SEED if seed is None else check.seed(seed)
    data = {"real": _ready("real", real, kind)}
    kept = None if holdout is None else _ready("holdout", holdout, kind)
    data[argument] = _ready(argument, synthetic, kind)
    if kept is not None:
        data["holdout"] = kept
    target = None if target is None else evaluated.target(target, data["real"])
    needs_sklearn()
    wanted = target if evaluated.predicted(target) is not None else None
    predicted_name = None if wanted is None else data["real"].columns[wanted].name
    data, naming = named_apart(data, argument, identifiers, predicted_name)
    if naming and wanted is not None:
        target = evaluated.target(predicted_name, data["real"])
    comparison = compare(evaluated.views(data, target, seed), evaluated.words, seed)
    predicted = evaluated.predicted(target)
    words = evaluated.words
    notes = [*comparison.notes, *_limits(comparison, words["rows"]), *_about_attacks(comparison, words)]
    if predicted is not None:
        notes.append(_about_prediction(comparison.holdout))
    notes += _about_identifiers([name for name, _ in naming], words)
    counts = {"generated": data[argument].rows, "real": data["real"].rows, "holdout": 0 if kept is None else kept.rows}
    findings = _findings(comparison, predicted, words)
    for name, subject in naming:
        findings += _of_whole("identifier", subject, words, name, False)
    return Report(findings, notes, kind, counts, seed)


def _ready(name: str, data: Data, kind: str) -> Data:
    """The data, once they are known to be finite and to go with the kind."""
    return accept(data, kind, name)[1]


class Fit(Protocol):
    """What an evaluation asks of a fit."""

    seed: int
    identifiers: Identifiers | None

    @property
    def kind(self) -> str:
        """The kind of data."""

    def sample_data(self, n: int, seed: int | None = None) -> tuple[Data, Any]:
        """n new rows, and their conditions."""


def evaluate_fit(
    gan: Fit,
    real: Data,
    *,
    holdout: Data | None = None,
    target: Any = None,
    seed: int | None = None,
    kind: str | None = None,
    argument: str = SYNTHETIC,
) -> Report:
    """Evaluate as many rows of a fit as there are real ones; see `ganbridge.evaluate`."""
    check.kind_of_fit(kind, gan.kind)
    seed = gan.seed if seed is None else check.seed(seed)
    real = _ready("real", real, gan.kind)
    if gan.identifiers is not None:
        real = gan.identifiers.without_dropped(real)
        holdout = None if holdout is None else gan.identifiers.without_dropped(holdout)
    synthetic, _ = gan.sample_data(real.rows, seed)
    return evaluate_data(
        synthetic,
        real,
        kind=gan.kind,
        holdout=holdout,
        target=target,
        seed=seed,
        argument=argument,
        identifiers=gan.identifiers,
    )


def _limits(comparison: Comparison, rows: str) -> list[str]:
    most = max(comparison.reference.rows, comparison.generated.rows)
    notes = []
    if most > DISTANCE_ROWS:
        notes.append(
            f"Of these, distances between {rows} use at most {DISTANCE_ROWS:,} on each side, and classifiers"
            f" {CLASSIFIER_ROWS:,}, drawn with the seed."
        )
    if comparison.all_generated.rows > DISTANCE_ROWS:
        notes.append(
            f"Privacy: {DISTANCE_ROWS:,} generated {rows}, drawn with the seed, compared with all"
            f" {comparison.real.rows:,} real ones; copies are counted among all."
        )
    return notes


def _about_attacks(comparison: Comparison, words: Words) -> list[str]:
    rows = words["rows"]
    if comparison.holdout is None:
        notes = [
            f"Classifiers tell generated {rows} from {rows} that the fit may have been trained on, and membership"
            " attacks are left out; a `holdout` helps both."
        ]
    else:
        notes = [
            f"Classifiers tell generated from holdout {rows}; their baseline is how well they tell the real ones from"
            f" holdout {rows}."
        ]
    if comparison.known:
        notes.append(
            f"Disclosure: mean over {CHOICES} random choices of up to {KEYS} {words['columns']} that somebody knows,"
            " and of another one; numbers in bins."
        )
    return notes


def _about_identifiers(names: list[str], words: Words) -> list[str]:
    if not names:
        return []
    listed = ", ".join(check.came(name) for name in names[:NAMES_SHOWN]) + (", ..." if len(names) > NAMES_SHOWN else "")
    return [f"Identifiers, which name {words['rows']} ({listed}), only count as copied values."]


def _about_prediction(holdout: View | None) -> str:
    tested = "Prediction: tested on real rows that neither model was trained on"
    if holdout is None:
        return f"{tested}; the generator may have been, which a `holdout` avoids."
    return f"{tested}, nor the generator."


# --- findings ---------------------------------------------------------------------------------------------------------


def _findings(comparison: Comparison, predicted: int | None, words: Words) -> list[Finding]:
    findings = [
        *_of_columns(comparison, words),
        *_of_pairs("pair", column_pairs(comparison), comparison, words),
        *_of_relations(comparison, words),
        *_of_pairs("times", list(time_pairs(comparison)), comparison, words),
        *_of_whole("rows", RowsSubject(comparison), words),
    ]
    if predicted is not None:
        prediction = PredictionSubject(comparison, predicted)
        findings += _of_whole("prediction", prediction, words, prediction.column.name, False)
    return [*findings, *_of_privacy(comparison, words)]


def _of_privacy(comparison: Comparison, words: Words) -> Iterator[Finding]:
    yield from _of_whole("privacy", PrivacySubject(comparison), words)
    for name, subject in identifiers_of(comparison):
        yield from _of_whole("identifier", subject, words, name, False)
    if comparison.known:
        known = DisclosureSubject(comparison)
        if known.any:
            yield from _of_whole("disclosure", known, words)


def _of(subject: str) -> list[Metric]:
    return [metric for metric in METRICS.values() if metric.of == subject]


def _of_columns(comparison: Comparison, words: Words) -> Iterator[Finding]:
    alone = len(comparison.reference.channels) == 1
    for of, subjects in (("channel", channels(comparison)), ("column", columns(comparison))):
        for name, subject in subjects:
            for metric in _of(of):
                measured = metric.measure(subject)
                if measured is not None:
                    yield finding(metric.name, measured, words, column=name, aggregate=alone and of == "channel")


def _of_pairs(of: str, pairs: list[tuple[str, Any]], comparison: Comparison, words: Words) -> Iterator[Finding]:
    """Of each metric the mean, and the pairs that are furthest off."""
    for metric in _of(of):
        measured = [(name, metric.measure(pair)) for name, pair in pairs]
        known = [(name, m) for name, m in measured if m is not None and not np.isnan((m.value, m.baseline)).any()]
        if len(known) > 1:
            value, baseline = (float(np.mean([getattr(m, of) for _, m in known])) for of in ("value", "baseline"))
            mean = Measured(value, baseline, comparison.rows)
            yield finding(metric.name, mean, words, column=f"all {len(known)} pairs", aggregate=True)
        for name, m in sorted(known, key=lambda entry: entry[1].baseline - entry[1].value)[:PAIRS_SHOWN]:
            yield finding(metric.name, m, words, column=name)


def _of_relations(comparison: Comparison, words: Words) -> Iterator[Finding]:
    """All relations together, and the ones that most rows break."""
    for name, subject in islice(relations(comparison), 1 + PAIRS_SHOWN):
        yield from _of_whole("relation", subject, words, name, name == ALL_RELATIONS)


def _of_whole(
    of: str, subject: Any, words: Words, column: str | None = None, aggregate: bool = True
) -> Iterator[Finding]:
    for metric in _of(of):
        measured = metric.measure(subject)
        if measured is not None:
            yield finding(metric.name, measured, words, column=column or metric.column, aggregate=aggregate)
