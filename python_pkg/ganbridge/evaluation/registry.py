"""Every metric of an evaluation: what it is computed on, which question it answers, and the sentence that says it.

A metric is entered here once; its function is in `metrics/`. The order is that of a report's table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..encode.times import same_day
from ..training.distances import coverage
from .digits import percent
from .metric import Metric
from .metrics import disclosure, fidelity, marginals, pairs, privacy, signals
from .questions import CLOSER, DIFFERENT, MORE, PREDICTS, THAN_CHANCE, counted, denser, ratio, told_apart
from .verdicts import Measured, Rule

FEATURES, PIXELS = "Frechet distance, features", "Frechet distance, pixels"
NO_VALUES = "Not evaluated: there are no values to compare."
_column = partial(Metric, of="column", question="columns")
_relation = partial(Metric, of="relation", question="pairs", rule=Rule("known"), write=percent, comparisons=MORE)
_times = partial(Metric, of="times", question="pairs")
_pair = partial(Metric, of="pair", question="pairs")
_rows = partial(Metric, of="rows", question="rows")
_privacy = partial(Metric, of="privacy", question="privacy")
_disclosure = partial(
    Metric,
    of="disclosure",
    question="privacy",
    rule=Rule("disclosed"),
    write=percent,
    comparisons=MORE,
    beside="other real data",
)


def _told_apart(model: str) -> Metric:
    return _rows(
        f"AUC, {model} model",
        measure=lambda rows: rows.told_apart(model),
        rule=Rule("auc", 1.2, 0.25),
        says=f"how well a {model} model tells generated from real {{rows}}, 0.5 by chance",
        comparisons=told_apart,
        label="AUC",
    )


def _attack(name: str, measure: Callable[[Any], Measured | None], says: str) -> Metric:
    return _privacy(
        name,
        measure=measure,
        rule=Rule("sampled", 1.0, 0.25),
        says=says,
        comparisons=THAN_CHANCE,
        beside="by chance",
    )


def _predicted(model: str, models: str) -> Metric:
    return Metric(
        f"prediction, {model} model",
        of="prediction",
        question="use",
        measure=lambda prediction: prediction.score(model),
        rule=Rule("less", 1.0, 0.25),
        says=f"{models} trained on synthetic {{rows}} predict {{column}}",
        compares=f" {{comparison}} {models} trained on real {{rows}}",
        comparisons=PREDICTS,
        sizes="{generated:,} training, {real:,} test {rows}",
        unknown="Not evaluated: the test {rows} have too few different values of the target, or are too few.",
    )


_COLUMNS = [
    Metric(
        "spectrum distance",
        of="channel",
        question="columns",
        measure=lambda channel: channel.waves(signals.spectrum_distance),
        rule=Rule("more", 0.9, 0.25),
        says="share of the power at wrong frequencies",
        write=percent,
        unknown=NO_VALUES,
    ),
    _column(
        "Kolmogorov-Smirnov",
        measure=lambda column: column.numbers(marginals.kolmogorov_smirnov),
        rule=Rule("more", 1.25, 0.25),
        says="largest gap between the cumulative distributions",
        label="Kolmogorov-Smirnov distance",
        unknown=NO_VALUES,
    ),
    _column(
        "Wasserstein distance",
        measure=lambda column: column.scaled_numbers(marginals.wasserstein),
        rule=Rule("more", 2.0, 0.5),
        says="average shift of the values, in standard deviations",
        unknown=NO_VALUES,
    ),
    _column(
        "total variation",
        measure=lambda column: column.codes(marginals.total_variation),
        rule=Rule("more", 1.0, 0.25),
        says="share of {rows} in a wrong category",
        write=percent,
        label="Total variation distance",
        unknown=NO_VALUES,
    ),
    _column(
        "mode count",
        measure=lambda column: column.peaks(),
        rule=Rule("count"),
        says="number of peaks of the density",
        comparisons=counted,
        unknown="Not evaluated: generated {rows} have too few distinct values for a density.",
    ),
    _column(
        "missing share",
        measure=lambda column: column.missing(marginals.missing_share),
        rule=Rule("share", 2.2, 0.15),
        says="share of missing values",
        write=percent,
        comparisons=DIFFERENT,
    ),
]
_PAIRS = [
    _pair(
        "correlation difference",
        measure=lambda pair: pair.numbers(pairs.correlation),
        rule=Rule("more", 1.5),
        says="absolute difference from the correlation in real data",
    ),
    _pair(
        "mutual information difference",
        measure=lambda pair: pair.associations(pairs.mutual_information),
        rule=Rule("more"),
        says="absolute difference from the mutual information in real data, as a share of the entropy",
    ),
    _pair(
        "contingency difference",
        measure=lambda pair: pair.tables(marginals.total_variation),
        rule=Rule("more"),
        says="share of {rows} in a wrong cell of the cross table",
        write=percent,
    ),
    _relation(
        "broken relations",
        measure=lambda relation: relation.broken(),
        says="share of {rows} that break what holds in every real {row}",
        advice="Remove such {rows}, or compute one of these {columns} from the others.",
    ),
    _times(
        "same-day difference",
        measure=lambda times: times.shares(same_day),
        rule=Rule("more", 1.5),
        says="absolute difference from the share of {rows} in which both are on one day in real data",
        write=percent,
    ),
    _times(
        "time between",
        measure=lambda times: times.between(marginals.kolmogorov_smirnov),
        rule=Rule("more", 1.25, 0.25),
        says="largest gap between the cumulative distributions of the days from one to the other",
        unknown=NO_VALUES,
    ),
]
_ROWS = [
    _rows(
        "sliced Wasserstein",
        measure=lambda rows: rows.projected(),
        rule=Rule("more"),
        says="average shift over random projections, in standard deviations",
        label="Sliced Wasserstein distance",
    ),
    _rows(
        "energy distance",
        measure=lambda rows: rows.points(fidelity.energy_coefficient),
        rule=Rule("root"),
        says="from 0 for the same distribution to 1",
    ),
    _rows(
        "pixel distance",
        question="columns",
        measure=lambda rows: rows.pixels(),
        rule=Rule("more", 1.0, 0.5),
        says="average shift of single pixels, in standard deviations",
        column="all pixels",
    ),
    _rows(
        FEATURES,
        measure=lambda rows: rows.frechet_distance(FEATURES, fidelity.frechet_distance),
        rule=Rule("root", 1.5, 0.4),
        says="between features of a classifier trained on real images, as a share of their variance",
        label="Frechet distance",
    ),
    _rows(
        PIXELS,
        measure=lambda rows: rows.frechet_distance(PIXELS, fidelity.frechet_distance),
        rule=Rule("root", 1.5, 0.4),
        says="between principal components of the pixels (no labels were given), as a share of their variance",
        label="Frechet distance",
    ),
    _rows(
        "coverage",
        measure=lambda rows: rows.neighbours(coverage),
        rule=Rule("less", 1.0, 0.25),
        says="share of real {rows} with a generated one among their neighbours",
        write=percent,
    ),
    _rows(
        "density",
        measure=lambda rows: rows.neighbours(fidelity.density),
        rule=Rule("other", 3.0, 0.5),
        says="how densely generated {rows} lie among real ones",
        comparisons=denser,
    ),
    _rows(
        "pMSE",
        measure=lambda rows: rows.propensity(ratio=False),
        rule=Rule("root", 1.0, 0.2),  # of the half that a guess can be off
        says="how well a logistic model tells generated from real {rows}, 0 if not at all",
        label="Propensity score MSE",
    ),
    _rows(
        "pMSE ratio",
        measure=lambda rows: rows.propensity(ratio=True),
        rule=Rule("ratio"),
        says="ratio to its expectation for {rows} that cannot be told apart",
        comparisons=ratio,
        label="Propensity score MSE ratio",
    ),
    _told_apart("linear"),
    _told_apart("tree"),
]
_USE = [_predicted("linear", "linear models"), _predicted("tree", "trees")]
_PRIVACY = [
    _privacy(
        "distance to closest record",
        measure=lambda subject: subject.distance(0.5),
        rule=Rule("closer"),
        says="median distance from a generated to the closest training {row}, in standard deviations",
        comparisons=CLOSER,
    ),
    _privacy(
        "distance to closest record, 5%",
        measure=lambda subject: subject.distance(0.05),
        rule=Rule("closer"),
        says="distance to the closest training {row} for the closest 5% of generated {rows}",
        comparisons=CLOSER,
        label="Distance to closest record (5% quantile)",
    ),
    _privacy(
        "nearest-neighbour distance ratio",
        measure=lambda subject: subject.ratios(privacy.neighbour_ratio),
        rule=Rule("less"),
        says="distance to the closest over that to the second closest training {row}, median",
        comparisons=CLOSER,
    ),
    _privacy(
        "copied rows",
        measure=lambda subject: subject.copies(),
        rule=Rule("copies"),
        says="share of {rows} that equal a training {row} in every value",
        write=percent,
        comparisons=MORE,
        label="Copied {rows}",
    ),
    _privacy(
        "closer to training than holdout",
        measure=lambda subject: subject.closer(),
        rule=Rule("sampled", 1.0, 0.25),
        says="share of generated {rows} that are closer to a training than to a holdout {row}",
        write=percent,
        comparisons=THAN_CHANCE,
        beside="by chance",
    ),
    _attack(
        "membership attack, distance",
        measure=lambda subject: subject.attacked_by_distance(),
        says="AUC of the distance to the closest generated {row}, which tells training from holdout {rows}",
    ),
    _attack(
        "membership attack, density",
        measure=lambda subject: subject.attacked_by_density(),
        says="AUC of DOMIAS, the ratio of the densities of generated and real {rows}, which tells training from holdout"
        " {rows}",
    ),
    Metric(
        "copied values",
        of="identifier",
        question="privacy",
        measure=lambda column: column.known(),
        rule=Rule("known"),
        says="share of generated values that training {rows} have, where nearly every real {row} has its own value",
        write=percent,
        comparisons=MORE,
        beside="new real data",
        unknown=NO_VALUES,
        advice='Do not share these {rows}. Fit again with `roles` in the config: for this {column} "drop", which leaves'
        ' it out, or for texts and whole numbers "identifier", whose values are made up.',
    ),
    _disclosure(
        "replicated uniques",
        measure=lambda known: known.identity(disclosure.replicated_uniques),
        says="share of real {rows} that are the only ones with the {columns} that somebody knows, and have exactly one"
        " generated {row} like them (repU)",
    ),
    _disclosure(
        "disclosed attributes",
        measure=lambda known: known.attribute(disclosure.correct_disclosures),
        says="share of real {rows} for which all generated {rows} with the {columns} that somebody knows agree on"
        " another one, and are right (DiSCO)",
    ),
    _disclosure(
        "attributed correctly",
        measure=lambda known: known.attribute(disclosure.correct_attribution),
        says="how often a generated {row} with the {columns} that somebody knows is right about another one (DCAP)",
    ),
]
METRICS = {metric.name: metric for metric in [*_COLUMNS, *_PAIRS, *_ROWS, *_USE, *_PRIVACY]}
