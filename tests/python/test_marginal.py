"""A column as a function of its ranks: every value comes back, ranks are uniform, and what is allowed is all of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganbridge.data.python import from_python
from ganbridge.encode.allowed import Allowed, joined
from ganbridge.encode.marginal import CategoryMarginal
from ganbridge.encode.ranks import RankEncoder

RNG = np.random.default_rng(1)
N = 600


def with_gaps(values, share=0.25):
    return pd.Series(values).mask(RNG.random(len(values)) < share)


def columns() -> dict:
    """Columns of every type, some with missing values."""
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(RNG.integers(0, 90, N), unit="D")
    normal = RNG.normal(size=N)
    words = RNG.choice(["ä", "b", "c", ""], N, p=[0.6, 0.3, 0.09, 0.01])
    return {
        "numbers": normal,
        "numbers with gaps": with_gaps(normal),
        "a spike and numbers": np.where(RNG.random(N) < 0.4, 0.0, RNG.exponential(size=N)),
        "two spikes with gaps": with_gaps(np.where(RNG.random(N) < 0.5, RNG.choice([-1.0, 7.0], N), normal)),
        "rounded": np.round(normal, 1),
        "counts": RNG.poisson(3, N),
        "large counts": RNG.integers(0, 10**9, N),
        "zero and one": RNG.integers(0, 2, N),
        "counts with gaps": with_gaps(RNG.poisson(40, N)).astype("Int64"),
        "float32": normal.astype("float32"),
        "days": days,
        "days with gaps": with_gaps(days),
        "times": (
            pd.Timestamp("2024-01-01", tz="Europe/Berlin") + pd.to_timedelta(RNG.random(N) * 1e6, unit="s")
        ).round("us"),
        "spans": pd.to_timedelta(RNG.integers(0, 50, N), unit="min"),
        "truth": RNG.random(N) < 0.2,
        "truth with gaps": with_gaps(RNG.random(N) < 0.2).astype("boolean"),
        "texts": words,
        "texts with gaps": with_gaps(words).astype("str"),
        "300 levels": RNG.choice([f"level {i:03}" for i in range(300)], N),
        "300 levels with gaps": with_gaps(RNG.choice([f"level {i:03}" for i in range(300)], N)).astype("str"),
        "unused levels": pd.Categorical(RNG.choice(["x", "y"], N), ["never", "y", "x"]),
        "ordered": pd.Categorical(RNG.choice(["s", "m", "l"], N), ["s", "m", "l", "xl"], ordered=True),
        "one number": np.full(N, 3.5),
        "one number or none": with_gaps(np.full(N, 3.5)),
        "one level": np.full(N, "only"),
        "all missing": np.full(N, np.nan),
    }


COLUMNS = columns()
FILLED = {"rounded": 0.21, "counts with gaps": 2}  # between values far out, others may come: by so much at most


def fitted(name: str):
    data = from_python(pd.DataFrame({"x": COLUMNS[name], "y": np.arange(N) % 7}))
    encoder = RankEncoder.fit(data, "auto", 0.0, seed=3)
    return data, encoder, encoder.marginals[0]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_value_comes_back_from_its_rank(name):
    data, encoder, _ = fitted(name)
    ranks = encoder.encode(data, np.random.default_rng(5))
    assert ranks.dtype == np.float64
    assert ((ranks >= 0) & (ranks < 1)).all()
    back = encoder.decode(ranks, np.random.default_rng(0)).to_python()["x"]
    before = data.to_python()["x"]
    assert back.dtype == before.dtype
    assert (back.isna() == before.isna()).all()
    if name in FILLED:
        assert (back.dropna() == before.dropna()).mean() > 0.99
        assert (back - before).abs().max() <= FILLED[name]
    elif before.dtype.kind in "fM":  # between knots, up to the last places
        numbers = [s.astype("int64") / 1e6 if before.dtype.kind == "M" else s.astype(float) for s in (back, before)]
        np.testing.assert_allclose(*numbers, rtol=1e-6, atol=1e-6)
    else:
        pd.testing.assert_series_equal(back, before)


@pytest.mark.parametrize("name", COLUMNS)
def test_ranks_are_uniform_and_cells_cover_them(name):
    data, encoder, marginal = fitted(name)
    ranks = encoder.encode(data, np.random.default_rng(5))[:, 0]
    assert np.abs(np.sort(ranks) - (np.arange(N) + 0.5) / N).max() < 0.08  # of 600 uniform numbers, almost never
    assert marginal.edges[0] == 0.0
    assert marginal.edges[-1] == 1.0
    assert (np.diff(marginal.edges) > 0).all()
    cells = marginal.cell_of(ranks)
    assert (marginal.edges[cells] <= ranks).all()
    assert (ranks < marginal.edges[cells + 1]).all()
    # The share of each cell among the rows is its width: of levels to the row, of numbers to the row at either edge.
    rows = np.bincount(cells, minlength=marginal.cells) / N
    assert np.abs(rows - np.diff(marginal.edges)).max() <= 1.5 / N


@pytest.mark.parametrize("name", COLUMNS)
def test_what_is_missing_has_cells_of_its_own(name):
    data, encoder, marginal = fitted(name)
    ranks = encoder.encode(data, np.random.default_rng(5))[:, 0]
    missing = data.columns[0].missing
    assert np.array_equal(ranks >= marginal.present, missing) or marginal.present == 1.0
    assert not set(marginal.cell_of(ranks[missing])) & set(marginal.cell_of(ranks[~missing]))


@pytest.mark.parametrize("name", COLUMNS)
def test_a_marginal_is_the_same_from_its_state(name):
    data, encoder, marginal = fitted(name)
    same = RankEncoder.from_state(*encoder.to_state())
    assert np.array_equal(same.marginals[0].edges, marginal.edges)
    ranks = encoder.encode(data, np.random.default_rng(5))
    assert np.array_equal(same.encode(data, np.random.default_rng(5)), ranks)
    pd.testing.assert_frame_equal(same.decode(ranks, None).to_python(), encoder.decode(ranks, None).to_python())


@pytest.mark.parametrize("name", ["a spike and numbers", "two spikes with gaps"])
def test_values_that_many_rows_share_have_a_cell_of_their_own(name):
    data, encoder, marginal = fitted(name)
    values, cells = data.columns[0], marginal.cell_of(encoder.encode(data, np.random.default_rng(5))[:, 0])
    for spike in (0.0,) if name.startswith("a") else (-1.0, 7.0):
        rows = ~values.missing & (values.values == spike)
        assert len(set(cells[rows])) == 1
        assert set(cells[rows]).isdisjoint(cells[~rows])
    assert marginal.spikes().sum() == (1 if name.startswith("a") else 2)


def test_many_levels_share_cells_with_levels_that_occur_with_the_same():
    # 300 levels, of which the remainder of division by 3 goes with another column.
    level = RNG.integers(0, 300, 6000)
    frame = pd.DataFrame({"x": [f"level {i:03}" for i in level], "y": np.array(["a", "b", "c"])[level % 3]})
    marginal = RankEncoder.fit(from_python(frame), "auto", 0.0, seed=3).marginals[0]
    assert isinstance(marginal, CategoryMarginal)
    assert marginal.cells <= 129
    shared = [set(marginal.codes[marginal.cell == cell] % 3) for cell in range(marginal.cells)]
    assert np.mean([len(kinds) == 1 for kinds in shared]) > 0.95


@pytest.mark.parametrize("name", ["counts", "rounded", "days", "spans", "counts with gaps"])
def test_a_range_of_values_on_a_grid_is_all_of_their_ranks(name):
    data, encoder, marginal = fitted(name)
    column = data.columns[0]
    ranks = encoder.encode(data, np.random.default_rng(5))[:, 0]
    low, high = np.quantile(column.present, [0.2, 0.7], method="nearest")
    (first, last), *others = marginal.between(low, high).intervals
    assert not others
    inside = ~column.missing & (column.values >= low) & (column.values <= high)
    assert ((ranks[inside] > first - 1e-9) & (ranks[inside] < last + 1e-9)).mean() > 0.95  # half steps between values
    assert ((ranks[~inside] < first + 1e-9) | (ranks[~inside] > last - 1e-9)).mean() > 0.95


def test_a_spike_is_in_every_range_that_holds_it():
    _, _, marginal = fitted("a spike and numbers")
    share = np.mean(np.asarray(COLUMNS["a spike and numbers"]) == 0.0)
    for low, high in ((0.0, 0.0), (-1.0, 0.0), (0.0, 1e-9)):
        first, last = marginal.between(low, high).intervals[0]
        assert last - first == pytest.approx(share, abs=2 / N)
    assert marginal.between(0.0, 1.0).intervals[0, 0] == pytest.approx(0.0, abs=1e-3)


# --- what is allowed --------------------------------------------------------------------------------------------------


@st.composite
def intervals(draw):
    """Disjoint intervals of ranks, of which neighbours may touch."""
    count = draw(st.integers(1, 5))
    steps = draw(st.lists(st.integers(1, 50), min_size=2 * count, max_size=2 * count))
    gaps = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    ends = np.cumsum(
        [step * (1 if i % 2 else gap) for i, (step, gap) in enumerate(zip(steps, np.repeat(gaps, 2), strict=True))]
    )
    ends = ends / (ends[-1] + draw(st.integers(0, 20)))
    return ends.reshape(-1, 2)


@settings(max_examples=200, deadline=None)
@given(intervals(), st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=1, max_size=20))
def test_measure_and_at_are_inverse_to_each_other(parts, shares):
    allowed = Allowed(parts)
    total = (parts[:, 1] - parts[:, 0]).sum()
    measure = np.array(shares) * total
    ranks = allowed.at(measure)
    inside = (ranks[:, None] >= parts[:, 0] - 1e-12) & (ranks[:, None] < parts[:, 1])
    assert inside.any(1).all()
    np.testing.assert_allclose(allowed.measure(ranks), measure, atol=1e-12)
    assert allowed.measure(np.array([0.0, 1.0])) == pytest.approx([0.0, total])


@settings(max_examples=100, deadline=None)
@given(intervals(), st.integers(1, 30))
def test_shares_are_what_is_allowed_of_each_cell(parts, cells):
    edges = np.linspace(0.0, 1.0, cells + 1)
    allowed = Allowed(parts)
    shares = allowed.shares(edges)
    overlap = np.minimum(edges[1:, None], parts[:, 1]) - np.maximum(edges[:-1, None], parts[:, 0])
    np.testing.assert_allclose(shares, overlap.clip(min=0.0).sum(1) * cells, atol=1e-9)


def test_even_measures_are_even_ranks_in_each_interval():
    allowed = Allowed(np.array([[0.2, 0.3], [0.6, 0.8]]))
    ranks = allowed.at((np.arange(3000) + 0.5) / 3000 * 0.3)
    assert np.histogram(ranks, [0.2, 0.25, 0.3, 0.6, 0.7, 0.8])[0].tolist() == [500, 500, 0, 1000, 1000]


def test_bounds_belong_to_their_interval():
    allowed = joined([Allowed(np.array([[0.5, 0.6]]), np.array([[3.0, 3.0]])), Allowed(np.array([[0.1, 0.2]]))])
    assert allowed.within(np.array([9.0, 9.0]), np.array([0.15, 0.55])).tolist() == [9.0, 3.0]


def test_values_whose_ranks_overlap_share_them_equally():
    parts = [
        Allowed(np.array([[low, low + 0.1]]), np.array([[v, v]])) for low, v in ((0.30, 1.0), (0.31, 2.0), (0.32, 3.0))
    ]
    allowed = joined([*parts, Allowed(np.array([[0.9, 1.0]]))])
    np.testing.assert_allclose(allowed.intervals, [[0.3, 0.34], [0.34, 0.38], [0.38, 0.42], [0.9, 1.0]])
    assert allowed.within(np.zeros(3), np.array([0.31, 0.35, 0.41])).tolist() == [1.0, 2.0, 3.0]


def explained(number: np.ndarray, level: np.ndarray) -> float:
    """Share of variance of a number between levels (codes)."""
    rows = np.bincount(level)
    means = np.bincount(level, number) / np.maximum(rows, 1)
    return float(1.0 - ((number - means[level]) ** 2).mean() / number.var())


def many_levels(n: int = 8000, levels: int = 1000) -> pd.DataFrame:
    """Levels of three regions, each with a mean of its own, and a number that is missing at times."""
    rng = np.random.default_rng(5)
    level = np.concatenate([np.arange(levels), rng.integers(0, levels, n - levels)])
    x = rng.normal(size=levels)[level] + 0.2 * rng.normal(size=n)
    frame = pd.DataFrame({"place": pd.Categorical.from_codes(level, [f"place {i}" for i in range(levels)]), "x": x})
    frame["region"] = np.array(["a", "b", "c"])[rng.integers(0, 3, levels)[level]]
    frame.loc[rng.random(n) < 0.05, "x"] = np.nan
    return frame


def test_levels_that_share_a_cell_go_with_the_numbers_of_their_rows():
    frame = many_levels()
    data = from_python(frame)
    encoder = RankEncoder.fit(data, "auto", 0.0, seed=3)
    link, marginal = encoder.links[0], encoder.marginals[0]
    assert link.partners.tolist() == [1]
    ranks = encoder.encode(data, np.random.default_rng(1))
    # As a prior on cells draws them: of a level only its cell is known.
    low, high = marginal.edges[marginal.cell_of(ranks[:, 0])], marginal.edges[marginal.cell_of(ranks[:, 0]) + 1]
    ranks[:, 0] = low + RNG.random(len(low)) * (high - low)
    made = encoder.decode_within(ranks, [None] * 3)
    alone = encoder.decode_within(ranks, [Allowed(np.array([[0.0, 1.0]])), None, None])
    x, seen = frame["x"].to_numpy(), frame["x"].notna().to_numpy()
    real, with_link, without = (
        explained(x[seen], np.asarray(codes, dtype=np.int64)[seen])
        for codes in (frame["place"].cat.codes, made.columns[0].values, alone.columns[0].values)
    )
    assert without < real - 0.015
    assert with_link > without + 0.5 * (real - without)
    assert (marginal.cell_of(marginal.reach(made.columns[0])[0]) == marginal.cell_of(ranks[:, 0])).all()
    rare = np.bincount(frame["place"].cat.codes)[marginal.codes] < 5
    assert len(np.unique(link.means[rare])) <= marginal.cells  # no means of their own


def test_links_of_levels_are_the_same_from_their_state():
    data = from_python(many_levels(3000, 400))
    encoder = RankEncoder.fit(data, "auto", 0.0, seed=3)
    again = RankEncoder.from_state(*encoder.to_state())
    ranks = RNG.random((500, 3))
    first, second = (part.decode_within(ranks, [None] * 3) for part in (encoder, again))
    assert list(again.links) == [0]
    assert (first.columns[0].values == second.columns[0].values).all()


def test_there_are_no_links_to_numbers_that_tell_nothing():
    frame = many_levels(3000, 400)
    frame["x"] = RNG.normal(size=len(frame))
    assert RankEncoder.fit(from_python(frame), "auto", 0.0, seed=3).links == {}


def test_levels_of_a_table_with_many_columns_lie_in_the_order_of_its_numbers():
    factor = RNG.normal(size=500)
    quarter = np.digitize(factor, np.quantile(factor, [0.25, 0.5, 0.75]))
    frame = pd.DataFrame(factor[:, None] * RNG.normal(size=(1, 110)) + RNG.normal(size=(500, 110))).add_prefix("x")
    frame["quarter"] = np.array(["b", "d", "a", "c"])[quarter]
    frame.loc[:20, "quarter"] = None
    marginal = RankEncoder.fit(from_python(frame), "auto", 0.0).marginals[-1]
    levels = ["".join("abcd"[code] for code in marginal.codes[:-1])]
    assert levels[0] in ("bdac", "cadb")
    assert marginal.codes[-1] == -1
    shares = frame["quarter"].value_counts(normalize=True, dropna=False)
    assert marginal.shares[:-1] == pytest.approx([shares[name] for name in levels[0]])
