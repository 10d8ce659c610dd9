"""The mixture of dependence trees: a distribution over cells, fitted by EM, conditioned exactly."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from ganbridge.prior import trees as trees_module
from ganbridge.prior.cell_trees import CellTrees
from ganbridge.prior.odds import Booster
from ganbridge.prior.posterior import completions, patterns
from ganbridge.prior.structure import MANY_COLUMNS, _information, dependence_tree, parents_first
from ganbridge.prior.table import TablePrior
from ganbridge.prior.tree_posterior import TreePosterior
from ganbridge.prior.trees import TreeMixture, TreeSampler, fit_trees

SIZES = [3, 2, 4, 2]
PARENTS = [-1, 0, 0, 2]  # a chain and a branch
ALL = torch.tensor(list(itertools.product(*map(range, SIZES))))


def mixture(components=3, parents=PARENTS, seed=1) -> TreeMixture:
    """With random probabilities."""
    made = TreeMixture(SIZES, parents, components, 8.0)
    generator = torch.Generator().manual_seed(seed)
    for j in range(len(SIZES)):
        part = torch.rand(made.of_column(j, made.log_table).shape, generator=generator) + 0.05
        part = (part / part.sum(1, keepdim=True)).log()
        made.log_table[made.starts[j] : made.starts[j + 1]] = part.reshape(-1, components)
    made.log_weight = torch.rand(components, generator=generator).softmax(0).log()
    return made


def rows_of(made: TreeMixture, n: int, seed: int) -> torch.Tensor:
    u = torch.rand(n, 1 + len(SIZES), generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return TreeSampler(made, [None] * len(SIZES)).cells(u)


def shares(cells: torch.Tensor) -> np.ndarray:
    """Of each of ALL among rows of cells."""
    index = np.ravel_multi_index(cells.numpy().T, SIZES)
    return np.bincount(index, minlength=len(ALL)) / len(cells)


def distance(a, b) -> float:
    """Total variation distance."""
    return 0.5 * float(np.abs(np.asarray(a) - np.asarray(b)).sum())


# --- a distribution ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parents", [PARENTS, [-1, -1, -1, -1], [1, 2, 3, -1]])
@pytest.mark.parametrize("components", [1, 3])
def test_probabilities_of_all_rows_sum_to_1(components, parents):
    assert mixture(components, parents).log_prob(ALL).exp().sum().item() == pytest.approx(1.0, abs=1e-5)


def test_probabilities_are_the_formula():
    made = mixture()
    expected = []
    for row in ALL.tolist():
        total = 0.0
        for k in range(3):
            p = made.log_weight[k].exp().item()
            for j, parent in enumerate(PARENTS):
                table = made.of_column(j, made.log_table).exp()
                p *= table[row[parent] if parent >= 0 else 0, row[j], k].item()
            total += p
        expected.append(total)
    np.testing.assert_allclose(made.log_prob(ALL).exp().numpy(), expected, rtol=1e-5)


def test_draws_have_these_probabilities():
    made = mixture()
    assert distance(shares(rows_of(made, 100_000, 3)), made.log_prob(ALL).exp()) < 0.015


def test_columns_that_depend_on_each_other_in_a_circle_are_refused():
    for parents in ([1, 0, -1, -1], [1, 2, 3, 0], [0, -1, -1, -1]):
        with pytest.raises(ValueError, match="in a circle"):
            TreeMixture(SIZES, parents, 1, 8.0)


def test_parents_come_first():
    for parents in (PARENTS, [3, 0, 1, -1], [-1] * 4):
        order = parents_first(parents)
        assert sorted(order) == [0, 1, 2, 3]
        assert all(parents[j] < 0 or order.index(parents[j]) < order.index(j) for j in order)


# --- EM ---------------------------------------------------------------------------------------------------------------


def likelihoods(made: TreeMixture, cells: torch.Tensor, steps: int = 25) -> list[float]:
    """The mean log-likelihood before each of so many steps of EM, from random responsibilities."""
    pairs = made.pairs(cells)
    generator = torch.Generator().manual_seed(2)
    responsibilities = torch.rand(len(cells), made.components, generator=generator).softmax(1)
    found = []
    for _ in range(steps):
        made.maximize(made.counts(pairs, responsibilities), responsibilities.sum(0))
        joint = made.log_joint(pairs)
        found.append(joint.double().logsumexp(1).mean().item())
        responsibilities = joint.softmax(1)
    return found


def test_without_shrinkage_no_step_of_em_lowers_the_likelihood(monkeypatch):
    for name in ("COMPONENT_ROWS", "POOLED_ROWS"):
        monkeypatch.setattr(trees_module, name, 1e-6)
    made = TreeMixture(SIZES, PARENTS, 3, 1e-6)
    found = likelihoods(made, rows_of(mixture(), 5000, 4))
    assert found[-1] > found[0]
    assert min(np.diff(found)) > -1e-4  # pseudo rows of 1e-6, one of each component's weight, and float32


def test_with_shrinkage_em_settles_and_loses_little():
    # Pseudo rows lie around the marginals of each step, so that no one function rises in all of them: the likelihood
    # rises to within a hundredth of its highest value, and stays there.
    cells = rows_of(mixture(), 5000, 4)
    found = likelihoods(TreeMixture(SIZES, PARENTS, 3, 8.0), cells)
    assert found[-1] > found[0]
    assert found[-1] > max(found) - 0.01
    assert abs(found[-1] - found[-2]) < 3e-3
    assert found[-1] > mixture().log_prob(cells).mean().item() - 0.01


def test_few_rows_are_shrunk_towards_the_marginals():
    cells = rows_of(mixture(1), 20, 5)
    made = fit_trees(cells, SIZES, 1, 8.0, torch.Generator().manual_seed(1))
    probabilities = made.log_prob(ALL).exp()
    assert (probabilities > 0).all()
    marginal = np.bincount(cells[:, 2], minlength=4) / 20
    of_column = [probabilities[ALL[:, 2] == c].sum().item() for c in range(4)]
    assert distance(of_column, marginal) < 0.1


def test_the_tree_is_that_of_the_data():
    made = mixture(1)
    cells = rows_of(made, 20_000, 6)
    found = dependence_tree(cells, SIZES, torch.zeros(len(cells), dtype=torch.int64), 1)
    edges = {frozenset((j, p)) for j, p in enumerate(found) if p >= 0}
    assert edges == {frozenset((j, p)) for j, p in enumerate(PARENTS) if p >= 0}


def test_what_chance_gains_is_taken_off():
    generator, gains = torch.Generator().manual_seed(7), []
    for _ in range(300):
        index = torch.randint(24, (500,), generator=generator)
        gains.append(_information(torch.bincount(index, minlength=24).double().view(2, 4, 3)))
    free = 2 * 3 * 2
    assert abs(np.mean(gains)) < 4 * np.sqrt(free / 2) / np.sqrt(300)  # twice the gain has a chi-squared distribution
    assert np.std(gains) == pytest.approx(np.sqrt(free / 2), rel=0.25)


def test_rows_of_a_mixture_are_learned():
    cells = rows_of(mixture(), 20_000, 8)
    made = fit_trees(cells, SIZES, 3, 8.0, torch.Generator().manual_seed(1))
    alone = [torch.bincount(cells[:, j], minlength=n) / len(cells) for j, n in enumerate(SIZES)]
    independent = torch.stack([alone[j][ALL[:, j]] for j in range(len(SIZES))]).prod(0)
    truth = mixture().log_prob(ALL).exp()
    assert distance(made.log_prob(ALL).exp(), truth) < 0.4 * distance(independent, truth)


# --- conditions -------------------------------------------------------------------------------------------------------

CONDITIONS = {
    "a cell of a root": {0: [0.0, 1.0, 0.0]},
    "a cell of a leaf": {3: [1.0, 0.0]},
    "several cells": {2: [1.0, 0.0, 1.0, 0.0]},
    "shares of cells": {0: [0.25, 1.0, 0.0], 2: [0.0, 0.1, 0.5, 1.0]},
    "all columns": {0: [0.0, 0.0, 1.0], 1: [1.0, 0.0], 2: [0.0, 1.0, 0.0, 0.0], 3: [0.0, 1.0]},
}


def weights_of(condition: dict) -> list:
    return [torch.tensor(condition[j]) if j in condition else None for j in range(len(SIZES))]


def enumerated(made: TreeMixture, condition: dict) -> tuple[np.ndarray, np.ndarray]:
    """By going through all rows: log weights of the components, and the probability of each of ALL."""
    joint = made.log_joint(made.pairs(ALL)).double().exp()
    allowed = torch.ones(len(ALL), dtype=torch.float64)
    for j, weights in condition.items():
        allowed = allowed * torch.tensor(weights, dtype=torch.float64)[ALL[:, j]]
    joint = joint * allowed[:, None]
    return joint.sum(0).log().numpy(), (joint.sum(1) / joint.sum()).numpy()


@pytest.mark.parametrize("parents", [PARENTS, [1, 2, 3, -1]])
@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=CONDITIONS)
def test_conditions_are_exact(condition, parents):
    made = mixture(3, parents)
    log_weight, probabilities = enumerated(made, condition)
    np.testing.assert_allclose(made.condition(weights_of(condition))[0].numpy(), log_weight, atol=1e-5)
    sampler = TreeSampler(made, weights_of(condition))
    assert np.exp(sampler.log_probability) == pytest.approx(np.exp(log_weight).sum(), rel=1e-4)
    u = torch.rand(50_000, 5, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    drawn = shares(sampler.cells(u))
    assert distance(drawn, probabilities) < 0.02
    assert not drawn[probabilities == 0].any()


# --- rows of which a part is known ------------------------------------------------------------------------------------


@pytest.mark.parametrize("parents", [PARENTS, [1, 2, 3, -1]])
@pytest.mark.parametrize("columns", [c for k in (1, 2, 3, 4) for c in itertools.combinations(range(4), k)])
def test_what_is_missing_is_drawn_given_the_rest(columns, parents):
    made, row = mixture(3, parents), torch.tensor([2, 1, 3, 0])
    known = {j: torch.nn.functional.one_hot(row[j], n).tolist() for j, n in enumerate(SIZES) if j not in columns}
    log_weight, probabilities = enumerated(made, known)
    cells = row.repeat(3, 1)
    posterior = TreePosterior(made, cells, columns, [None] * 4)
    np.testing.assert_allclose(posterior.log_weight.numpy(), np.tile(log_weight, (3, 1)), atol=1e-5)
    drawn = posterior.draw(20_000, torch.Generator().manual_seed(1))
    assert distance(shares(drawn.flatten(0, 1)), probabilities) < 0.015


def test_only_possible_cells_are_drawn():
    possible = [None, None, torch.tensor([True, False, True, False]), None]
    posterior = TreePosterior(mixture(), ALL[:5], [0, 2], possible)
    assert set(posterior.draw(500, torch.Generator().manual_seed(1))[:, :, 2].flatten().tolist()) == {0, 2}


def prior() -> TablePrior:
    edges = [np.linspace(0.0, 1.0, n + 1) for n in SIZES]
    return TablePrior(CellTrees(mixture(), edges), Booster(SIZES, [True] * 4).none())


def test_completed_rows_keep_what_is_known():
    cells = rows_of(mixture(), 300, 3)
    missing = torch.rand(300, 4, generator=torch.Generator().manual_seed(2)) < 0.4
    before = cells.clone()
    completed = completions(
        prior(), cells.masked_fill(missing, 0), missing, [None] * 4, torch.Generator().manual_seed(1)
    )
    assert torch.equal(completed[~missing], before[~missing])
    assert torch.equal(cells, before)
    assert (completed[missing] != before[missing]).any()


def test_few_rows_at_once_are_drawn_from_the_same_distribution(monkeypatch):
    from ganbridge.prior import posterior

    monkeypatch.setattr(posterior, "MOST_NUMBERS", 100)
    cells = torch.tensor([[2, 1, 3, 0]]).repeat(4000, 1)
    missing = torch.tensor([[True, False, True, False]]).repeat(4000, 1)
    completed = completions(prior(), cells, missing, [None] * 4, torch.Generator().manual_seed(1))
    _, probabilities = enumerated(mixture(), {1: [0.0, 1.0], 3: [1.0, 0.0]})
    assert distance(shares(completed), probabilities) < 0.05


def test_rows_are_grouped_by_what_is_missing():
    missing = torch.tensor([[True, False], [False, False], [True, True], [True, False]])
    found = {tuple(columns): rows.tolist() for columns, rows in patterns(missing)}
    assert found == {(0,): [0, 3], (0, 1): [2]}


def test_of_many_columns_the_likeliest_pairs_are_enough():
    # A chain of columns in another order, each like the one before.
    n, columns = 1500, MANY_COLUMNS + 5
    rng = np.random.default_rng(1)
    chain = [rng.integers(0, 20, n)]
    for _ in range(columns - 1):
        chain.append(np.where(rng.random(n) < 0.8, chain[-1], rng.integers(0, 20, n)))
    order = rng.permutation(columns)
    cells = torch.from_numpy(np.stack(chain, 1)[:, order])
    parents = dependence_tree(cells, [20] * columns, torch.zeros(n, dtype=torch.int64), 1)
    edges = {frozenset((int(order[j]), int(order[p]))) for j, p in enumerate(parents) if p >= 0}
    assert edges == {frozenset((j, j + 1)) for j in range(columns - 1)}
