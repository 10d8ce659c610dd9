"""A network on the draws of a mixture: when it stays, what it moves, and that all else goes on as without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.data import from_python
from ganbridge.encode.marginal import Cells
from ganbridge.encode.ranks import RankEncoder
from ganbridge.networks import Dense, DenseSpec
from ganbridge.prior.choice import RankRows, scales_of
from ganbridge.prior.normal_fit import fit_normals, start_from_rows
from ganbridge.prior.normals import Layout, NormalMixture, Shrinkage
from ganbridge.prior.odds import Booster
from ganbridge.prior.refinement import Refinement, ScoredRows
from ganbridge.prior.table import TablePrior
from ganbridge.recipes import refining
from ganbridge.training.refinement import Refiner
from ganbridge.training.telling import Told

REFINED = Config(refine=True)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def mixed(n: int = 200) -> pd.DataFrame:
    """Numbers on an arc, some of them missing, a level and a total."""
    rng = np.random.default_rng(0)
    angle = np.pi * rng.random(n)
    frame = pd.DataFrame(
        {"x": np.cos(angle), "y": np.sin(angle) + 0.05 * rng.normal(size=n), "z": rng.gamma(2.0, size=n)}
    )
    frame["level"] = np.where(angle > 2.0, "left", np.where(angle > 1.0, "top", "right"))
    frame["x"], frame["z"] = frame.x.round(3), frame.z.round(3)
    frame["total"] = (frame.x + frame.z).round(3)
    frame.loc[rng.random(n) < 0.2, "y"] = np.nan
    return frame


@pytest.fixture(scope="module")
def refined() -> ganbridge.FittedGan:
    return ganbridge.fit(mixed(), seed=1, config=REFINED)


@pytest.fixture(scope="module")
def without() -> ganbridge.FittedGan:
    return ganbridge.fit(mixed(), seed=1, config=Config(refine=False))


# --- the network ------------------------------------------------------------------------------------------------------


def test_a_residual_network_starts_as_the_identity():
    network = Dense(DenseSpec((5, 8, 3), ("relu",), residual=True), 2)
    network.initialize(generator())
    x = torch.randn(2, 7, 5, generator=generator(1))
    assert torch.equal(network.forward(x), x[..., :3])
    assert "added to its input" in network.spec.describe()


def columns_of(frame: pd.DataFrame) -> tuple[list[Cells], np.ndarray]:
    data = from_python(frame)
    encoder = RankEncoder.fit(data, "quantile", 0.0)
    return encoder.cells, encoder.encode(data, np.random.default_rng(0))


def test_scored_rows_have_scores_levels_and_gaps():
    columns, ranks = columns_of(mixed().drop(columns="total"))
    rows = ScoredRows.of_columns(columns)
    encoded = rows.encode(ranks)
    assert rows.numbers == [0, 1, 2]
    assert rows.levels == [3]
    assert encoded.shape == (200, rows.width)
    missing = mixed().y.isna().to_numpy()
    assert (encoded[:, 3] == missing).all()
    assert (encoded[missing, 1] == 0.0).all()
    assert (encoded[:, 4:].sum(1) == 1.0).all()
    assert abs(encoded[~missing, :3].mean(0)).max() < 0.1
    assert abs(encoded[~missing, :3].std(0) - 1.0).max() < 0.1


def test_a_network_that_moves_nothing_leaves_ranks_as_they_are():
    columns, ranks = columns_of(mixed())
    rows = ScoredRows.of_columns(columns)
    network = Dense(DenseSpec((rows.width, 8, len(rows.numbers)), ("relu",), residual=True), 1)
    network.initialize(generator())
    moved = Refinement.of_draws(rows, network.spec, network.state(), ranks).moved(ranks)
    assert (moved[:, rows.levels] == ranks[:, rows.levels]).all()
    missing = mixed().y.isna().to_numpy()
    assert (moved[missing, 1] == ranks[missing, 1]).all()
    assert abs(moved - ranks).max() < 0.02


# --- the decision -----------------------------------------------------------------------------------------------------


def ring(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    angle = 2.0 * np.pi * rng.random(n)
    radius = 1.0 + 0.1 * rng.normal(size=n)
    return pd.DataFrame(
        {"x": radius * np.cos(angle), "y": radius * np.sin(angle), "z": angle + 0.2 * rng.normal(size=n)}
    )


def one_normal(frame: pd.DataFrame) -> tuple[TablePrior, list[Cells], np.ndarray]:
    """A prior of one normal distribution, with its columns and rows."""
    columns, ranks = columns_of(frame)
    data, layout = from_python(frame), Layout.of_columns(columns)
    encoder = RankEncoder.fit(data, "quantile", 0.0)
    rows = RankRows(ranks, np.arange(len(frame)), lambda at: encoder.reach(data, at))
    scored = rows.normal(layout, scales_of(layout, columns)["scores"], generator())
    mixture: NormalMixture = fit_normals(
        layout, scored, start_from_rows(layout, scored, 1, generator()), Shrinkage(), generator()
    )
    booster = Booster([column.count for column in columns], [column.ordered for column in columns])
    return TablePrior(mixture, booster.none()), columns, ranks


def test_a_network_stays_if_held_out_rows_are_told_from_its_rows_less_well(fit_seed, within, monkeypatch):
    monkeypatch.setattr("ganbridge.training.refinement.STEPS_PER_ROW", 0.4)
    prior, columns, ranks = one_normal(ring(2_000))
    Refiner(columns, fit_seed, None)(prior, ranks)
    assert prior.trial is not None
    assert prior.trial.before is not None
    assert prior.trial.after is not None
    # By a network that learns nothing, both are alike, and it stays out.
    within("AUC without", prior.trial.before, 0.75, 1.0)
    within("AUC with", prior.trial.after, 0.5, prior.trial.before - 0.05)
    within("stays", prior.refinement is not None, 1, 1)
    assert prior.trial.outcome == "kept"
    assert prior.trial.steps == 800
    assert "moves the numbers of draws" in prior.trial.describe()


def test_it_stays_out_if_draws_are_not_told_from_held_out_rows(fit_seed, within):
    prior, columns, _ = one_normal(ring(2_000))
    sampler = prior.sampler()
    Refiner(columns, fit_seed, None)(prior, sampler.ranks(sampler.uniform(generator(7), 2_000)))
    assert prior.trial is not None
    assert prior.trial.seen is not None
    within("AUC of the network", prior.trial.seen, 0.43, 0.57)
    assert prior.refinement is None
    assert prior.trial.outcome == "unseen"
    assert prior.trial.steps == 0
    assert "nothing to learn from" in prior.trial.describe()


def test_a_network_that_does_harm_stays_out(monkeypatch):
    prior, columns, ranks = one_normal(ring(2_000))
    harmful = "ganbridge.training.refinement.refining"
    monkeypatch.setattr(harmful, lambda *sizes: replace(refining(*sizes), generator_lr=0.5, ema=0.0))
    Refiner(columns, 1, None)(prior, ranks)
    assert prior.trial is not None
    assert prior.trial.outcome == "worse"
    assert prior.refinement is None
    assert prior.trial.steps == 375  # a quarter of them
    assert "none; not clearly better" in prior.trial.describe()


def test_few_rows_or_few_numbers_are_not_tried(without):
    gan = ganbridge.fit(mixed(60), seed=1)
    assert "network        none; tried from 2,000 rows on" in str(gan)
    assert gan.config.refine is False
    levels = pd.DataFrame({name: list("abcde") * 20 for name in "pqr"})
    config = Config(relations=False)
    assert "numbers, and most columns are levels" in str(ganbridge.fit(levels, seed=1, config=config))
    levels["x"], levels["y"] = np.sin(np.arange(100.0)), np.cos(np.arange(100.0) * 3.0)
    assert "numbers, and most columns are levels" in str(ganbridge.fit(levels, seed=1, config=config))
    assert "network  " not in str(without)


def test_the_area_under_the_curve_and_its_errors():
    rng = np.random.default_rng(0)
    rows, draws = rng.normal(size=400) + 0.5, rng.normal(size=900)
    told = Told.by(torch.from_numpy(rows), torch.from_numpy(draws))
    assert told.area == pytest.approx((rows[:, None] > draws[None]).mean())
    areas = [
        Told.by(torch.from_numpy(rng.normal(size=400) + 0.5), torch.from_numpy(rng.normal(size=900))).area
        for _ in range(300)
    ]
    assert told.error == pytest.approx(np.std(areas), rel=0.15)
    assert told.error_of_difference(told) == 0.0
    even = torch.zeros(3)
    assert Told.by(even, torch.zeros(5)).area == 0.5


# --- what a fit does with it ------------------------------------------------------------------------------------------


def test_a_fit_says_that_it_has_a_network(refined):
    assert refined.config.refine is True
    assert refined.prior.refinement is not None
    assert "network        moves the numbers of draws: trees tell held-out rows from its rows with AUC" in str(refined)
    again = ganbridge.fit(mixed(), seed=1, config=refined.config)
    assert again.sample(50, seed=3).equals(refined.sample(50, seed=3))


def test_the_network_changes_samples_but_not_their_marginals(refined, without):
    ours, theirs = refined.sample(2_000, seed=2), without.sample(2_000, seed=2)
    assert not ours.equals(theirs)
    for name in ("x", "z"):
        shares = np.searchsorted(np.sort(mixed()[name]), ours[name]) / 200
        assert abs(np.quantile(shares, [0.1, 0.25, 0.5, 0.75, 0.9]) - [0.1, 0.25, 0.5, 0.75, 0.9]).max() < 0.1


def test_a_shorter_sample_is_the_beginning_of_a_longer_one(refined):
    longer = refined.sample(3_000, seed=2)
    assert refined.sample(1_000, seed=2).equals(longer.head(1_000))
    assert refined.sample(1_000, seed=3).x.to_numpy().tolist() != longer.x.head(1_000).tolist()


def test_saved_fits_give_the_same_rows(refined):
    loaded = ganbridge.from_bytes(refined.to_bytes())
    assert loaded.sample(500, seed=2).equals(refined.sample(500, seed=2))
    assert str(loaded) == str(refined)
    assert loaded.to_bytes() == refined.to_bytes()
    walked, again = (gan.interpolate(5, seed=1) for gan in (refined, loaded))
    assert walked.equals(again)


def test_rows_match_what_was_given(refined):
    rows = refined.sample(400, seed=2, given={"x": (0.2, 0.7), "level": {"top", "right"}})
    assert rows.x.between(0.2, 0.7).all()
    assert rows.level.isin(["top", "right"]).all()
    assert refined.sample(200, seed=2, given={"y": None}).y.isna().all()
    each = refined.sample(3, seed=2, given={"x": [0.1, 0.2, 0.3]})
    assert each.x.tolist() == [0.1, 0.2, 0.3]
    assert (refined.sample(300, seed=2, given={"total": (1.0, 2.0)}).total.between(1.0, 2.0)).all()


def test_relations_hold(refined):
    rows = refined.sample(1_000, seed=2)
    assert (rows.total - rows.x - rows.z).abs().max() < 1e-9


def test_imputation_goes_through_the_network_and_keeps_what_is_known(refined):
    frame = mixed()
    frame.loc[:20, "z"] = frame.loc[:20, "total"] = np.nan
    frame.loc[30:40, "level"] = None
    completed = refined.impute(frame, m=2, seed=1)[1]
    assert not completed.isna().any().any()
    known = frame.notna()
    assert (completed.where(known) == frame.where(known)).where(known, True).all().all()


def test_densities_are_those_of_the_mixture(refined, without):
    assert (refined.log_density(mixed()) == without.log_density(mixed())).all()


def test_tables_of_a_few_rows_can_have_a_network():
    frame = mixed(6).drop(columns=["level", "total"])
    gan = ganbridge.fit(frame, seed=1, config=Config(prior="mixture", refine=True, relations=False))
    assert len(gan.sample(20, seed=1)) == 20


@pytest.mark.parametrize(
    ("data", "more"),
    [
        (mixed(), {"epochs": 2}),
        (mixed(), {"condition": "level"}),
        (ganbridge.make_waves(60, 20, seed=1), {"kind": "wave"}),
        (mixed(20), {}),
    ],
    ids=["epochs", "condition", "waves", "few rows"],
)
def test_where_nothing_is_drawn_from_a_mixture_there_is_nothing_to_refine(data, more):
    with pytest.raises(ValueError, match="`refine` must be left out, or False, where no table is drawn from a mixture"):
        ganbridge.fit(data, config=REFINED, **more)
