"""From data to a report: every metric for generated rows, and for real rows in their place.

Where there are many rows, distances and classifiers look at a part of them, drawn with the seed; the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol

import numpy as np

from .. import check
from ..config import EVALUATION_SEED
from ..data import Column, Data
from ..kinds import accept
from ..training.distances import coverage, directions, sliced_wasserstein
from .baselines import Comparison, compare, some
from .matching import SYNTHETIC, label_codes, named, target_number
from .meanings import finding, of_kind
from .metrics import fidelity, marginals, modes, pairs, pixels, privacy, signals, utility
from .metrics.classifiers import MODELS, needs_sklearn
from .metrics.features import center_and_scale
from .registry import Finding
from .result import Report
from .sides import SIDES, Side

DISTANCE_ROWS = 2000  # on each side, of distances between all pairs of rows
CLASSIFIER_ROWS = 2500  # on each side, of classifiers
PAIRS_SHOWN = 45  # of one metric, the furthest off
NEIGHBOURS = 5
DIRECTIONS = 64

Judge = Callable[[Side, Side], float]
Pair = tuple[str, float, float]  # names of two columns, value, baseline


def evaluate_data(
    synthetic: Data,
    real: Data,
    *,
    kind: str = "table",
    holdout: Data | None = None,
    target: Any = None,
    seed: int | None = None,
) -> Report:
    """Judge generated against real rows; see `ganbridge.evaluate`."""
    check.choice("kind", kind, SIDES)
    seed = EVALUATION_SEED if seed is None else check.seed(seed)
    real = _ready("real", real, kind)
    holdout = None if holdout is None else _ready("holdout", holdout, kind)
    synthetic = _ready(SYNTHETIC, synthetic, kind)
    if target is not None and kind == "wave":
        check.fail("target", f'left out for kind "{kind}"', target, "Only tables have columns to predict.")
    number = None if target is None or kind == "image" else target_number(target, real)
    labels = None if target is None or kind == "table" else label_codes(target, real.rows)
    needs_sklearn()
    comparison = compare(kind, synthetic, real, holdout, seed, labels)
    notes = [*comparison.notes, *_limits(comparison)]
    if number is not None:
        notes.append(
            "Prediction: tested on real rows that neither model has seen"
            + ("; the generator may have, which a `holdout` avoids." if holdout is None else ", nor the generator.")
        )
    findings = [
        *_columns(comparison),
        *_pairs(comparison),
        *_rows(comparison, seed),
        *([] if number is None else _prediction(comparison, number, seed)),
        *_privacy(comparison, seed),
    ]
    counts = {"generated": synthetic.rows, "real": real.rows, "holdout": 0 if holdout is None else holdout.rows}
    if kind != "table":  # a table's sentences name columns, which may be called anything
        findings = [of_kind(f, kind) for f in findings]
    return Report(findings, notes, kind, counts, seed)


def _ready(name: str, data: Data, kind: str) -> Data:
    """The data, once they are known to be finite and to go with the kind."""
    with named(name):
        return accept(data, kind)[1]


class Fit(Protocol):
    """What an evaluation asks of a fit."""

    seed: int

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
) -> Report:
    """Judge as many rows of a fit as there are real ones; see `ganbridge.evaluate`."""
    check.kind_of_fit(kind, gan.kind)
    seed = gan.seed if seed is None else check.seed(seed)
    real = _ready("real", real, gan.kind)
    synthetic, _ = gan.sample_data(real.rows, seed)
    return evaluate_data(synthetic, real, kind=gan.kind, holdout=holdout, target=target, seed=seed)


def _limits(comparison: Comparison) -> list[str]:
    most = max(comparison.reference.rows, comparison.generated.rows)
    found = []
    if most > DISTANCE_ROWS:
        found.append(
            f"Of these, distances between rows take at most {DISTANCE_ROWS:,} on each side, and classifiers"
            f" {CLASSIFIER_ROWS:,}, drawn with the seed."
        )
    if comparison.all_generated.rows > DISTANCE_ROWS:
        found.append(
            f"Privacy: {DISTANCE_ROWS:,} generated rows, drawn with the seed, beside all {comparison.real.rows:,} real"
            " ones; copies are looked for among all."
        )
    return found


# --- single columns ---------------------------------------------------------------------------------------------------


def _columns(comparison: Comparison) -> Iterator[Finding]:
    sides = comparison.generated, comparison.other, comparison.reference
    for name, waves in comparison.reference.waves.items():
        value, baseline = (signals.spectrum_distance(side.waves[name], waves) for side in sides[:2])
        yield finding("spectrum distance", value, baseline, comparison.rows, column=name)
    for made, other, real in zip(*(side.sample for side in sides), strict=True):
        yield from _column(made, other, real, comparison.rows)


def _column(made: Column, other: Column, real: Column, rows: tuple[int, int]) -> Iterator[Finding]:
    nothing = "Not judged: there are no values to compare."

    def found(name: str, both: list[float], rows: tuple[int, int] = rows, missing: str = nothing) -> Finding:
        return finding(name, both[0], both[1], rows, column=real.name, missing=missing)

    if not real.numeric:
        yield found("total variation", [marginals.total_variation(v.codes, real.codes) for v in (made, other)])
        return
    judged = [(v.present, real.present) for v in (made, other)]
    there = len(made.present), len(real.present)
    _, scale = center_and_scale(real.present, made.present, other.present)
    yield found("Kolmogorov-Smirnov", [marginals.kolmogorov_smirnov(a, b) for a, b in judged], there)
    yield found("Wasserstein distance", [marginals.wasserstein(a, b) / scale for a, b in judged], there)
    yield from _peaks(made, real, there)
    if any(v.missing.any() for v in (made, other, real)):
        yield found("missing share", [marginals.missing_share(v.missing) for v in (made, real)])


def _peaks(made: Column, real: Column, rows: tuple[int, int]) -> Iterator[Finding]:
    """The numbers of peaks, which differ where they do so beyond those peaks that are barely there."""
    (low, count, high), (least, wanted, most) = (modes.mode_range(v.present) for v in (made, real))
    if np.isnan(wanted):
        return
    unsure = (high - count, wanted - least) if count < wanted else (count - low, most - wanted)
    few = "Not judged: generated rows have too few distinct values for a density."
    yield finding("mode count", count, wanted, rows, column=real.name, missing=few, unsure=unsure)


# --- pairs of columns -------------------------------------------------------------------------------------------------


def _pairs(comparison: Comparison) -> Iterator[Finding]:
    samples = [side.sample for side in (comparison.generated, comparison.other, comparison.reference)]
    edges = [pairs.bin_edges(v, min(comparison.rows)) if v.numeric else np.zeros(0) for v in samples[2]]
    codes = [[pairs.binned(v, edge) for v, edge in zip(sample, edges, strict=True)] for sample in samples]
    correlations: list[Pair] = []
    shared: list[Pair] = []
    cells: list[Pair] = []
    for j, second in enumerate(samples[2]):
        for i, first in enumerate(samples[2][:j]):
            label = f"{first.name}, {second.name}"
            if first.numeric and second.numeric:
                three = [_correlation(sample[i], sample[j]) for sample in samples]
                correlations.append((label, abs(three[0] - three[2]), abs(three[1] - three[2])))
            three = [pairs.mutual_information(part[i], part[j]) for part in codes]
            shared.append((label, abs(three[0] - three[2]), abs(three[1] - three[2])))
            levels = 1 + max(int(part[j].max()) for part in codes)
            joint = [pairs.joint(part[i], part[j], levels) for part in codes]
            two = [marginals.total_variation(cell, joint[2]) for cell in joint[:2]]
            cells.append((label, two[0], two[1]))
    yield from _pair_findings("correlation difference", correlations, comparison.rows)
    yield from _pair_findings("mutual information difference", shared, comparison.rows)
    yield from _pair_findings("contingency difference", cells, comparison.rows)


def _correlation(a: Column, b: Column) -> float:
    both = ~(a.missing | b.missing)
    return pairs.correlation(a.values[both], b.values[both])


def _pair_findings(name: str, entries: list[Pair], rows: tuple[int, int]) -> Iterator[Finding]:
    """Their mean, and the pairs that are furthest off."""
    known = [entry for entry in entries if not np.isnan(entry[1:]).any()]
    if not known:
        return
    if len(known) > 1:
        means = [float(np.mean([entry[place] for entry in known])) for place in (1, 2)]
        yield finding(name, means[0], means[1], rows, column=f"all {len(known)} pairs")
    worst = sorted(known, key=lambda entry: entry[2] - entry[1])[:PAIRS_SHOWN]
    for label, value, baseline in worst:
        yield finding(name, value, baseline, rows, column=label)


# --- whole rows -------------------------------------------------------------------------------------------------------


def _rows(comparison: Comparison, seed: int) -> Iterator[Finding]:
    made, other, real = _some(comparison, DISTANCE_ROWS, seed)
    rows = made.rows, real.rows

    def found(name: str, judge: Judge) -> Finding:
        return finding(name, judge(made, real), judge(other, real), rows, column="all columns")

    along = directions(real.points.shape[1], DIRECTIONS, seed)
    yield found("sliced Wasserstein", lambda a, b: sliced_wasserstein(a.points, b.points, along))
    yield found("energy distance", lambda a, b: fidelity.energy_coefficient(a.points, b.points))
    if comparison.frechet:
        both = [pixels.pixel_distance(side.exact, real.exact) for side in (made, other)]
        yield finding("pixel distance", both[0], both[1], rows, column="all pixels")
        yield found(comparison.frechet, _frechet)
    neighbours = min(NEIGHBOURS, real.rows - 1)
    for name, judge in (("coverage", coverage), ("density", fidelity.density)):
        yield found(name, partial(_neighbourly, judge, neighbours=neighbours))
    made, other, real = _some(comparison, CLASSIFIER_ROWS, seed)
    rows = made.rows, real.rows
    errors = [utility.pmse(side.features, real.features) for side in (made, other)]
    yield found("pMSE", lambda a, _: errors[0 if a is made else 1][0])
    ratios = [error / expected if expected > 0.0 else float("nan") for error, expected in errors]
    yield found("pMSE ratio", lambda a, _: ratios[0 if a is made else 1])
    for model in MODELS:
        yield found(
            f"AUC, {model} model",
            lambda a, b, model=model: utility.two_sample_auc(a.features, b.features, model, seed),  # type: ignore[misc]
        )


def _some(comparison: Comparison, most: int, seed: int) -> list[Side]:
    sides = comparison.generated, comparison.other, comparison.reference
    return [some(side, most, np.random.default_rng([seed, most, i])) for i, side in enumerate(sides)]


def _frechet(a: Side, b: Side) -> float:
    """The squared distance as a share of the features' variance, which points have by their scale."""
    if min(a.rows, b.rows) < 2:
        return float("nan")
    return float(max(0.0, fidelity.frechet_distance(a.points, b.points) / b.points.shape[1]))


def _neighbourly(judge: Callable[..., float], a: Side, b: Side, *, neighbours: int) -> float:
    return judge(a.points, b.points, neighbours) if neighbours > 0 else float("nan")


# --- what a model learns ----------------------------------------------------------------------------------------------


def _prediction(comparison: Comparison, target: int, seed: int) -> Iterator[Finding]:
    """Models that learn from generated and from real rows, in equal numbers, tested on rows that neither saw."""
    name = comparison.real.sample[target].name
    training, test = comparison.other, comparison.reference
    if comparison.holdout is not None:
        training, test = comparison.real, comparison.holdout
    count = min(training.rows, comparison.all_generated.rows, CLASSIFIER_ROWS)
    rng = np.random.default_rng([seed, 1])
    samples = [some(side, count, rng).sample for side in (comparison.all_generated, training)]
    tested = some(test, 2 * CLASSIFIER_ROWS, rng).sample
    missing = "Not judged: the test rows have too few different values of the target, or are too few."
    for model in MODELS:
        scores = [utility.prediction_score(sample, tested, target, model, seed) for sample in samples]
        rows = count, len(tested[target].values)
        yield finding(f"prediction, {model} model", scores[0], scores[1], rows, column=name, missing=missing)


# --- privacy ----------------------------------------------------------------------------------------------------------


def _privacy(comparison: Comparison, seed: int) -> Iterator[Finding]:
    """Generated rows beside all real rows; the baseline is the holdout, or each real row beside all others."""
    rng = np.random.default_rng([seed, 2])
    made, real, same = some(comparison.all_generated, DISTANCE_ROWS, rng), comparison.real, comparison.holdout is None
    fresh = some(comparison.holdout or real, DISTANCE_ROWS, rng)
    near = [
        privacy.closest_distances(made.points, real.points),
        privacy.closest_distances(fresh.points, real.points, same=same),
    ]
    rows = min(made.rows, fresh.rows), real.rows

    def found(name: str, both: list[float], rows: tuple[int, int] = rows, chance: float = 1.0) -> Finding:
        return finding(name, both[0], both[1], rows, column="all columns", chance=chance)

    for name, share in (("distance to closest record", 0.5), ("distance to closest record, 5%", 0.05)):
        both = [privacy.distance_to_closest_record(closest, share) for closest, _ in near]
        yield found(name, both, chance=privacy.chance_of_closer(near[1][0], made.rows, share, seed))
    yield found("nearest-neighbour distance ratio", [privacy.neighbour_ratio(*pair) for pair in near])
    new = comparison.holdout or real
    copied = [
        privacy.copied_share(comparison.all_generated.exact, real.exact),
        privacy.copied_share(new.exact, real.exact, same=same),
    ]
    yield found("copied rows", copied, (min(comparison.all_generated.rows, new.rows), real.rows))
    if comparison.holdout is not None:
        count = min(real.rows, comparison.holdout.rows)
        training, holdout = some(real, count, rng), some(comparison.holdout, count, rng)
        value, error = privacy.closer_to_training(made.points, training.points, holdout.points)
        yield found("closer to training than holdout", [value, 0.5], (made.rows, count), error)
