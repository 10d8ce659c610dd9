"""Distances and neighbours against plain definitions, one pair of rows at a time."""

import math
import tracemalloc

import numpy as np
import pytest

from ganbridge.evaluation.metrics.fidelity import energy_distance
from ganbridge.training.distances import coverage, directions, nearest, nearest_distance_ratio, sliced_wasserstein

RNG = np.random.default_rng(7)
AXIS = np.ones((1, 1))


def distances(a, b):
    return np.array([[math.dist(x, y) for y in b] for x in a])


@pytest.mark.parametrize("width", [1, 2, 3, 10, 200])
def test_directions_are_unit_vectors_and_span_the_space(width):
    along = directions(width, 64)
    assert along.shape == (1 if width == 1 else 64, width)
    assert np.allclose(np.linalg.norm(along, axis=1), 1.0)
    assert np.linalg.matrix_rank(along) == min(width, 64)
    assert np.array_equal(along, directions(width, 64))


@pytest.mark.parametrize("width", [3, 10, 32])
def test_directions_include_every_axis(width):
    along = directions(width, 64)
    assert all((along == axis).all(1).any() for axis in np.eye(width))


def test_directions_of_wide_rows_need_no_square_matrix():
    tracemalloc.start()
    along = directions(6000, 64)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * along.nbytes  # 3 MB, where the identity of that width has 288
    assert np.array_equal(np.flatnonzero(along[0]), [0])
    assert np.array_equal(np.flatnonzero(along[31]), [5999])


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sliced_wasserstein_is_the_mean_over_directions(width, dtype):
    a, b = (RNG.normal(size=(40, width)).astype(dtype) for _ in range(2))
    along = directions(width, 16)
    expected = np.mean([np.mean(np.abs(np.sort(a @ line) - np.sort(b @ line))) for line in along])
    assert sliced_wasserstein(a, b, along) == pytest.approx(expected, rel=1e-5)
    assert sliced_wasserstein(b, a, along) == pytest.approx(expected, rel=1e-5)


def test_sliced_wasserstein_of_samples_of_unequal_size():
    a, b = RNG.normal(size=(3000, 1)), RNG.normal(size=(5000, 1)) + 1.0
    # Wasserstein-1 in one dimension: the area between the two distribution functions.
    points = np.sort(np.concatenate([a, b])[:, 0])
    above = [np.searchsorted(np.sort(x[:, 0]), points[:-1], "right") / len(x) for x in (a, b)]
    expected = float((np.abs(above[0] - above[1]) * np.diff(points)).sum())
    assert sliced_wasserstein(a, b, AXIS) == pytest.approx(expected, abs=5e-3)
    assert sliced_wasserstein(a, b, AXIS, levels=100) == pytest.approx(expected, abs=2e-2)


def test_sliced_wasserstein_of_a_shift_is_its_length_along_each_direction():
    a, shift = RNG.normal(size=(500, 3)), np.array([1.0, -2.0, 0.5])
    along = directions(3, 64)
    assert sliced_wasserstein(a, a + shift, along) == pytest.approx(np.abs(along @ shift).mean())
    assert sliced_wasserstein(a[:, :1], a[:, :1] - 3.0, AXIS) == pytest.approx(3.0)


def test_sliced_wasserstein_is_zero_for_equal_samples_in_any_order_or_number():
    a = RNG.normal(size=(100, 4))
    along = directions(4, 32)
    assert sliced_wasserstein(a, RNG.permutation(a), along) < 1e-12
    assert sliced_wasserstein(a, np.repeat(a, 2, axis=0), along, levels=100) < 1e-12
    assert sliced_wasserstein(np.zeros((1, 1)), np.full((1, 1), 2.0), AXIS) == 2.0


@pytest.mark.parametrize(("n", "k"), [(30, 30), (7, 50), (1, 3), (600, 20)])
def test_energy_distance_is_its_definition(n, k):
    a, b = RNG.normal(size=(n, 3)), RNG.normal(size=(k, 3)) + 0.5
    expected = 2 * distances(a, b).mean() - distances(a, a).mean() - distances(b, b).mean()
    assert energy_distance(a, b) == pytest.approx(expected, abs=1e-6)
    assert energy_distance(b, a) == pytest.approx(expected, abs=1e-6)


def test_energy_distance_of_known_samples():
    assert energy_distance(np.zeros((4, 1)), np.full((9, 1), 3.0)) == pytest.approx(6.0)  # two points: twice their gap
    a = RNG.normal(size=(600, 2))
    assert energy_distance(a, RNG.permutation(a)) == pytest.approx(0.0, abs=1e-6)
    near, far = energy_distance(a, a + 0.1), energy_distance(a, a + 1.0)
    assert 0.0 < near < far


@pytest.mark.parametrize("rank", [1, 2, 5])
@pytest.mark.parametrize("n", [10, 513])  # 512 rows make a block
def test_nearest_is_the_sorted_distance(n, rank):
    rows, others = RNG.normal(size=(n, 3)), RNG.normal(size=(20, 3))
    every = distances(rows, others)
    found, numbers = nearest(rows, others, rank=rank)
    assert np.allclose(found, np.sort(every, axis=1)[:, rank - 1])
    assert np.array_equal(numbers, np.argsort(every, axis=1)[:, rank - 1])


@pytest.mark.parametrize("rank", [1, 5])
def test_a_row_is_not_its_own_neighbour(rank):
    rows = RNG.normal(size=(530, 2))
    every = distances(rows, rows)
    found, numbers = nearest(rows, rows, skip_self=True, rank=rank)
    assert np.allclose(found, np.sort(every, axis=1)[:, rank])  # place 0 is the row itself
    assert (numbers != np.arange(530)).all()
    twice = np.repeat(rows[:5], 2, axis=0)
    assert np.allclose(nearest(twice, twice, skip_self=True)[0], 0.0, atol=1e-6)


@pytest.mark.parametrize("neighbours", [1, 5])
def test_coverage_is_its_definition(neighbours):
    real, made = RNG.normal(size=(80, 2)), RNG.normal(size=(60, 2)) * 0.5
    reach = np.sort(distances(real, real), axis=1)[:, neighbours]
    expected = (distances(real, made).min(1) <= reach).mean()
    assert 0.0 < expected < 1.0
    assert coverage(made, real, neighbours) == pytest.approx(expected)


def test_coverage_of_known_samples():
    real = RNG.normal(size=(1000, 2))
    assert coverage(real, real) == 1.0
    assert coverage(RNG.normal(size=(1000, 2)), real) == pytest.approx(1 - 2**-5, abs=0.02)
    assert coverage(np.zeros((1000, 2)), real) < 0.05
    assert coverage(real + 100.0, real) == 0.0
    left = real[real[:, 0] < 0]
    assert coverage(left[RNG.integers(0, len(left), 1000)], real) == pytest.approx(0.5, abs=0.08)


def test_the_distance_ratio_is_small_for_copies_and_about_one_for_new_rows():
    real = RNG.normal(size=(1000, 2))
    every = distances(real[:50], real[50:90])
    among = np.median(np.sort(distances(real[50:90], real[50:90]), axis=1)[:, 1])
    assert nearest_distance_ratio(real[:50], real[50:90]) == pytest.approx(np.median(every.min(1)) / among)
    assert nearest_distance_ratio(RNG.normal(size=(1000, 2)), real) == pytest.approx(1.0, abs=0.15)
    assert nearest_distance_ratio(real + 1e-4, real) < 0.01
    assert math.isnan(nearest_distance_ratio(real, np.zeros((20, 2))))  # rows that are all alike have no distances


@pytest.mark.parametrize("measure", [energy_distance, coverage, nearest])
def test_samples_are_not_changed(measure):
    a, b = RNG.normal(size=(20, 2)), RNG.normal(size=(20, 2))
    before = a.copy(), b.copy()
    measure(a, b)
    assert np.array_equal(a, before[0])
    assert np.array_equal(b, before[1])
