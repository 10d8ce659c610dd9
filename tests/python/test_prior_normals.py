"""The mixture of normal distributions: densities, draws, conditions, files, and the choice beside trees."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import kstest

import ganbridge
from ganbridge.data import from_python
from ganbridge.encode.allowed import Allowed
from ganbridge.encode.marginal import Cells
from ganbridge.encode.ranks import RankEncoder
from ganbridge.prior.choice import RankRows, choose, scales_of
from ganbridge.prior.mixture import AllowedRanks
from ganbridge.prior.normal_fit import fit_normals, maximize, start_from_rows
from ganbridge.prior.normals import Layout, NormalMixture, Shrinkage
from ganbridge.prior.predictive import predictive
from ganbridge.prior.table import TablePrior

NONE = Shrinkage(0.0, 0.0, 0.0, 1e-9)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def encoded(frame: pd.DataFrame) -> tuple[list[Cells], RankRows]:
    """Cells of the columns, and the rows as ranks."""
    data = from_python(frame)
    encoder = RankEncoder.fit(data, "quantile", 0.0)
    order = np.arange(len(frame))
    ranks = encoder.encode(data, np.random.default_rng(0))
    return encoder.cells, RankRows(ranks, order, lambda rows: encoder.reach(data, rows))


def fitted(frame: pd.DataFrame, components: int, shrinkage: Shrinkage | None = None) -> NormalMixture:
    columns, ranks = encoded(frame)
    layout = Layout.of_columns(columns)
    rows = ranks.normal(layout, scales_of(layout, columns)["scores"], generator())
    start = start_from_rows(layout, rows, components, generator())
    return fit_normals(layout, rows, start, shrinkage or Shrinkage(), generator())


def mixed(n: int = 400, seed: int = 0) -> pd.DataFrame:
    """Two groups of correlated numbers, a level that goes with the group, and missing values that do."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 2, n)
    x = rng.normal(size=n) + 3 * group
    y = np.where(group == 1, 0.8, -0.8) * x + 0.6 * rng.normal(size=n)
    level = np.where(rng.random(n) < 0.9, group, 1 - group)
    frame = pd.DataFrame({"x": x, "y": y, "level": np.array(["a", "b"])[level]})
    frame.loc[rng.random(n) < np.where(group == 1, 0.4, 0.1), "y"] = np.nan
    return frame


def drawn(mixture: NormalMixture, n: int, allowed: list[AllowedRanks | None] | None = None) -> np.ndarray:
    """Ranks of draws, resampled by their importance weights."""
    columns = len(mixture.edges)
    u = torch.rand(n, 1 + 2 * columns, generator=generator(7), dtype=torch.float64)
    ranks, _, log_weight = mixture.draws(allowed or [None] * columns).at(u)
    if log_weight is None:
        return ranks
    return ranks[torch.multinomial(log_weight.exp(), n, True, generator=generator(8)).numpy()]


def test_densities_of_ranks_integrate_to_one():
    mixture = fitted(mixed(), 3)
    middle = (np.arange(300) + 0.5) / 300
    grid = np.stack([part.ravel() for part in np.meshgrid(middle, middle, middle[::30], indexing="ij")], 1)
    assert np.exp(mixture.log_density(grid)).mean() == pytest.approx(1.0, abs=0.02)


def test_densities_are_those_of_draws():
    mixture = fitted(mixed(), 3)
    ranks, uniform = drawn(mixture, 40_000), np.random.default_rng(1).random((40_000, 3))
    for a, b in (((0.0, 0.5), (0.5, 1.0)), ((0.7, 1.0), (0.0, 0.3))):
        inside = [(r[:, 0] >= a[0]) & (r[:, 0] < a[1]) & (r[:, 1] >= b[0]) & (r[:, 1] < b[1]) for r in (ranks, uniform)]
        expected = (np.exp(mixture.log_density(uniform)) * inside[1]).mean()
        assert inside[0].mean() == pytest.approx(expected, abs=0.01)


def test_draws_have_uniform_ranks():
    mixture = fitted(mixed(), 5)
    ranks, present = drawn(mixture, 20_000), mixture.layout.present[1]
    assert kstest(ranks[:, 0], "uniform").pvalue > 1e-3
    seen = ranks[:, 1][ranks[:, 1] < present]
    assert kstest(seen / present, "uniform").pvalue > 1e-3
    assert len(seen) / 20_000 == pytest.approx(present, abs=0.02)
    assert ranks.min() >= 0
    assert ranks.max() < 1


def test_without_shrinkage_each_step_of_em_gains_likelihood():
    columns, ranks = encoded(mixed().drop(columns="y").assign(z=mixed(seed=3)["x"]))
    layout = Layout.of_columns(columns)
    rows = ranks.normal(layout, scales_of(layout, columns)["scores"], generator())
    mixture = maximize(layout, rows, start_from_rows(layout, rows, 3, generator()), NONE)
    values = []
    for _ in range(30):
        joint = mixture.log_joint(rows.z, rows.codes)
        values.append(float(joint.logsumexp(1).mean()))
        mixture = maximize(layout, rows, joint.softmax(1), NONE)
    # Means and weights keep one pseudo row each, which may cost a little.
    assert all(after > before - 2e-4 for before, after in pairwise(values))
    assert values[-1] > values[0] + 0.01


def test_a_level_conditions_as_in_rejected_draws():
    mixture = fitted(mixed(), 3)
    edges = mixture.edges[2]
    allowed: list[AllowedRanks | None] = [None, None, Allowed(edges[None, 1:])]
    ranks, free = drawn(mixture, 40_000, allowed), drawn(mixture, 80_000)
    free = free[free[:, 2] >= edges[1]]
    assert (ranks[:, 2] >= edges[1]).all()
    assert mixture.draws(allowed).log_probability == pytest.approx(np.log(len(free) / 80_000), abs=0.02)
    for j in (0, 1):
        assert np.quantile(ranks[:, j], (0.1, 0.5, 0.9)) == pytest.approx(
            np.quantile(free[:, j], (0.1, 0.5, 0.9)), abs=0.02
        )


def test_ranges_of_two_numbers_condition_as_in_rejected_draws():
    rng = np.random.default_rng(0)
    z = rng.multivariate_normal(np.zeros(3), [[1, 0.8, 0.5], [0.8, 1, 0.2], [0.5, 0.2, 1]], 600)
    mixture = fitted(pd.DataFrame(z, columns=list("abc")), 2)
    allowed: list[AllowedRanks | None] = [
        Allowed(np.array([[0.8, 1.0]])),
        Allowed(np.array([[0.1, 0.4], [0.5, 0.6]])),
        None,
    ]
    ranks, free = drawn(mixture, 40_000, allowed), drawn(mixture, 400_000)
    kept = (free[:, 0] >= 0.8) & (
        ((free[:, 1] >= 0.1) & (free[:, 1] < 0.4)) | ((free[:, 1] >= 0.5) & (free[:, 1] < 0.6))
    )
    assert (ranks[:, 0] >= 0.8).all()
    assert (((ranks[:, 1] >= 0.1) & (ranks[:, 1] < 0.4)) | ((ranks[:, 1] >= 0.5) & (ranks[:, 1] < 0.6))).all()
    assert mixture.draws(allowed).log_probability == pytest.approx(np.log(kept.mean()), abs=0.1)
    assert ranks.mean(0) == pytest.approx(free[kept].mean(0), abs=0.02)


def test_a_range_of_a_normal_number_moves_the_other_as_it_should():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.multivariate_normal([10, 5], [[4, 3], [3, 4]], 450), columns=["x", "y"])
    gan = ganbridge.fit(frame.assign(g="a"), seed=1, progress=False)
    rows = gan.sample(4000, given={"x": (12.0, 13.0)}, seed=1)
    assert rows["x"].between(12.0, 13.0).all()
    slope = np.cov(frame["x"], frame["y"])[0, 1] / frame["x"].var()
    expected = frame["y"].mean() + slope * (rows["x"].mean() - frame["x"].mean())
    assert rows["y"].mean() == pytest.approx(expected, abs=0.25)
    both = gan.sample(2000, given={"x": (12.0, 13.0), "y": (3.0, 4.0)}, seed=1)
    assert both["x"].between(12.0, 13.0).all()
    assert both["y"].between(3.0, 4.0).all()


def test_missing_values_come_when_asked_for_and_with_their_group():
    frame = mixed()
    gan = ganbridge.fit(frame, seed=1, progress=False)
    assert gan.sample(500, given={"y": np.nan}, seed=1)["y"].isna().all()
    assert gan.sample(500, given={"y": (-1.0, 1.0)}, seed=1)["y"].between(-1.0, 1.0).all()
    rows = gan.sample(4000, seed=1)
    for level in "ab":
        real, generated = (part.loc[part["level"] == level, "y"].isna().mean() for part in (frame, rows))
        assert generated == pytest.approx(real, abs=0.06)


def test_densities_of_missing_values_are_those_of_the_other_columns():
    mixture = fitted(mixed(), 2)
    present = mixture.layout.present[1]
    ranks = np.array([[0.3, (present + 1) / 2, 0.2], [0.3, present + (1 - present) * 0.9, 0.2]])
    density = mixture.log_density(ranks)
    assert density[0] == density[1]


def test_a_file_holds_the_same_bits(tmp_path):
    gan = ganbridge.fit(mixed(150), seed=3, progress=False)
    assert gan.prior is not None
    assert gan.prior.mixture.family == "normals"
    gan.save(tmp_path / "gan.safetensors")
    loaded = ganbridge.load(tmp_path / "gan.safetensors")
    for given in (None, {"level": "a"}, {"x": (0.0, 1.0)}):
        pd.testing.assert_frame_equal(gan.sample(300, seed=4, given=given), loaded.sample(300, seed=4, given=given))
    pd.testing.assert_frame_equal(gan.sample(3000, seed=4).head(700), loaded.sample(700, seed=4))
    ranks = np.random.default_rng(0).random((50, 3))
    assert np.array_equal(gan.prior.log_density(ranks), loaded.prior.log_density(ranks))


def test_a_file_of_many_columns_holds_the_same_bits():
    gan = ganbridge.fit(np.random.default_rng(1).normal(size=(60, 120)), seed=1, progress=False)
    assert gan.prior is not None
    assert gan.prior.mixture.family == "normals"
    assert np.array_equal(ganbridge.from_bytes(gan.to_bytes()).sample(40, seed=1), gan.sample(40, seed=1))


def test_states_of_other_columns_are_refused():
    plain, arrays = ganbridge.fit(mixed(60), seed=3, progress=False).prior.to_state()
    for name in ("mean", "factor", "weight", "shares.0"):
        with pytest.raises(ValueError, match=rf"prior\.{name}"):
            TablePrior.from_state(plain, arrays | {name: arrays[name][:0]})
    with pytest.raises(ValueError, match="prior"):
        TablePrior.from_state(plain | {"numbers": [0, 7]}, arrays)


def test_correlated_normal_numbers_are_best_as_normals_and_a_checkerboard_as_trees():
    rng = np.random.default_rng(0)
    normal = pd.DataFrame(rng.multivariate_normal(np.zeros(4), 0.3 * np.eye(4) + 0.7, 600))
    normal.columns = list("abcd")
    a = rng.integers(0, 6, 600)
    board = pd.DataFrame({"a": a, "b": (a + 3 * rng.integers(0, 2, 600)) % 6, "c": rng.integers(0, 6, 600)})
    board = board.apply(lambda column: np.array(list("uvwxyz"))[column])
    for frame, family in ((normal, "normals"), (board, "trees")):
        columns, rows = encoded(frame)
        mixture, held_out = choose(rows, columns, generator())
        assert mixture.family == family
        assert max(held_out, key=held_out.__getitem__).startswith(family)


def test_ties_do_not_weaken_correlations():
    rng = np.random.default_rng(0)
    z = rng.multivariate_normal(np.zeros(2), [[1, 0.95], [0.95, 1]], 300)
    mixture = fitted(pd.DataFrame(np.round(z), columns=["a", "b"]).astype(int).assign(c=rng.normal(size=300)), 1, NONE)
    covariance = (mixture.factor @ mixture.factor.mT)[0]
    assert float(covariance[0, 1] / (covariance[0, 0] * covariance[1, 1]).sqrt()) > 0.88


def nearer(rows: np.ndarray, train: np.ndarray, held_out: np.ndarray) -> float:
    """Share of rows nearer to a training row than to a held-out one."""
    a, b = (np.sqrt(((rows[:, None] - part[None]) ** 2).sum(2)).min(1) for part in (train, held_out))
    return float((a < b).mean() + 0.5 * (a == b).mean())


def test_few_rows_are_not_memorized():
    rng = np.random.default_rng(5)
    factor = rng.normal(size=(300, 2))
    x = factor @ rng.normal(size=(2, 6)) + 0.5 * rng.normal(size=(300, 6))
    frame = pd.DataFrame(x[:150], columns=list("abcdef")).assign(g=np.where(factor[:150, 0] > 0, "u", "v"))
    rows = ganbridge.fit(frame, seed=1, progress=False).sample(2000, seed=1)[list("abcdef")].to_numpy()
    copied = x[:150][rng.integers(0, 150, 2000)] + 0.05 * rng.normal(size=(2000, 6))
    assert nearer(rows, x[:150], x[150:]) < 0.62
    assert nearer(copied, x[:150], x[150:]) > 0.9


@pytest.mark.parametrize("rows", [20, 33])
def test_tables_of_any_columns_can_be_fitted_to_few_rows(rows):
    rng = np.random.default_rng(rows)
    frame = pd.DataFrame(
        {
            "constant": 1.5,
            "binary": rng.integers(0, 2, rows),
            "levels": rng.choice(list("abcdefgh"), rows),
            "gaps": np.where(rng.random(rows) < 0.3, np.nan, rng.normal(size=rows)),
            "none": np.nan,
            "days": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 400, rows), "D"),
        }
    )
    sampled = ganbridge.fit(frame, seed=1, progress=False).sample(200, seed=1)
    assert list(sampled) == list(frame)
    assert set(sampled["binary"]) <= {0, 1}
    assert sampled["none"].isna().all()
    words = frame[["levels"]].assign(other=frame["levels"])
    assert ganbridge.fit(words, seed=1, progress=False).sample(50, seed=1)["levels"].isin(list("abcdefgh")).all()


def test_of_many_columns_factors_explain_what_goes_together(fit_seed, within):
    # 150 columns of 3 factors, some of them cut in two, and fewer rows: more pairs than rows can tell.
    rng = np.random.default_rng(3)
    factors, weights = rng.normal(size=(400, 3)), rng.normal(size=(3, 150))
    x = factors @ weights + rng.normal(size=(400, 150))
    names = [f"x{j}" for j in range(150)]
    frame = pd.DataFrame(x[:120], columns=names)
    for j in range(0, 30):
        frame[names[j]] = np.where(x[:120, j] > 0, "high", "low")
    fit = ganbridge.fit(frame, seed=fit_seed, progress=False)
    made = fit.sample(4000, seed=1)
    assert fit.prior.mixture.family == "normals"
    assert fit.prior.mixture.layout.levels == []
    above = np.triu_indices(120, 1)
    truth = np.corrcoef(x[:, 30:].T)[above]
    errors = [np.abs(part[names[30:]].corr().to_numpy()[above] - truth).mean() for part in (made, frame)]
    within("error of correlations over that of the training rows", errors[0] / errors[1], 0.3, 1.0)
    cut = made[names[0]] == "high"
    of_cut = [made.loc[cut, names[j]].mean() - made.loc[~cut, names[j]].mean() for j in range(30, 150)]
    truly = [x[x[:, 0] > 0, j].mean() - x[x[:, 0] <= 0, j].mean() for j in range(30, 150)]
    # Without the cut normal distribution, numbers would not differ between its levels.
    within("slope of differences between two levels", np.polyfit(truly, of_cut, 1)[0], 0.7, 1.2)


def test_predictions_of_many_rows_are_the_densities():
    mixture = fitted(mixed(), 3)
    ranks = drawn(mixture, 300)
    assert np.abs(predictive(mixture, ranks, 10**7) - mixture.log_density(ranks)).max() < 0.02


@pytest.mark.parametrize("rows", [10, 1000])
def test_predictions_with_levels_that_are_cut_integrate_to_one(rows):
    rng = np.random.default_rng(0)
    x = rng.normal(size=60)
    level, other = np.digitize(x + rng.normal(size=60), [-1.0, 1.0]), np.where(x + rng.normal(size=60) > 0, "u", "v")
    columns, ranks = encoded(pd.DataFrame({"x": x, "level": np.array(["a", "b", "c"])[level], "other": other}))
    layout = Layout.of_columns(columns, cuts=True)
    assert layout.cut == [1, 2]
    part = ranks.normal(layout, scales_of(layout, columns)["scores"], generator())
    mixture = fit_normals(layout, part, torch.ones(60, 1, dtype=torch.float64), Shrinkage(), generator())
    assert abs(float((mixture.factor @ mixture.factor.mT)[0, 0, 1])) > 0.3
    middle = (np.arange(40) + 0.5) / 40
    grid = np.stack([part.ravel() for part in np.meshgrid(*[middle] * 3, indexing="ij")], 1)
    assert np.exp(predictive(mixture, grid, rows)).mean() == pytest.approx(1.0, abs=0.05)


def test_few_rows_of_one_normal_distribution_get_one_component_that_links_a_level():
    rng = np.random.default_rng(1)
    x = rng.normal(size=60)
    frame = pd.DataFrame({"x": x, "y": x + 0.5 * rng.normal(size=60), "level": np.where(x > 0, "high", "low")})
    columns, ranks = encoded(frame)
    mixture, _ = choose(ranks, columns, generator())
    assert mixture.components == 1
    assert isinstance(mixture, NormalMixture)
    high = drawn(mixture, 2000)
    code = columns[2].edges[1] <= high[:, 2]
    assert abs(high[code, 0].mean() - high[~code, 0].mean()) > 0.35  # .5 in the data, 0 without the link
