"""Regions in words: what is named is shared by at least ten training rows, and ends of ranges are round."""

import numpy as np
import pytest

from ganbridge.data.column import Column
from ganbridge.training.regions import SHARED, region, round_edges

RNG = np.random.default_rng(5)
N = 400
AGE = Column("age", "integer", np.sort(RNG.integers(18, 90, N)).astype(float))
SEX = Column("sex", "factor", np.arange(N) % 2.0, levels=["f", "m"])
NAME = Column("name", "text", np.arange(float(N)), levels=[f"Anna {i}" for i in range(N)])


def test_ranges_and_levels_are_named_and_unique_texts_are_not():
    indices = np.flatnonzero((AGE.values >= 40) & (AGE.values < 45) & (SEX.values == 1))
    words = region([NAME, AGE, SEX], indices)
    assert words == "age is 40 to 45 and sex is m"


def test_all_parts_together_are_shared_by_ten_rows():
    rare = Column("rare", "factor", (np.arange(N) < SHARED - 1).astype(float), levels=["usual", "rare"])
    assert region([rare], np.zeros(50, dtype=int)) == ""
    rare = Column("rare", "factor", (np.arange(N) < SHARED).astype(float), levels=["usual", "rare"])
    assert region([rare], np.zeros(50, dtype=int)) == "rare is rare"
    half = Column("half", "factor", (np.arange(N) % 2).astype(float), levels=["a", "b"])
    assert region([rare, half], np.zeros(50, dtype=int)) == "rare is rare"  # both hold for five rows only


def test_a_larger_k_asks_for_more_rows():
    rare = Column("rare", "factor", (np.arange(N) < 30).astype(float), levels=["usual", "rare"])
    indices = np.zeros(50, dtype=int)
    assert [region([rare], indices, shared) for shared in (30, 31)] == ["rare is rare", ""]
    assert len(round_edges(AGE.values, 50)) < len(round_edges(AGE.values))


def test_the_ends_stay_open_and_missing_is_named():
    assert region([AGE], np.arange(3)).startswith("age is below ")
    assert region([AGE], np.arange(N - 3, N)).endswith(" or more")
    assert region([AGE], np.arange(N)) == ""  # everywhere
    gaps = Column("gaps", "double", np.arange(float(N)), missing=np.arange(N) < 20)
    assert region([gaps], np.arange(10)) == "gaps is missing"
    few = Column("few", "double", np.arange(float(N)), missing=np.arange(N) < 5)
    assert region([few], np.arange(5)) == ""


@pytest.mark.parametrize("n", [2, 19, 39, 40, 100, 3000])
@pytest.mark.parametrize("draw", [RNG.normal, RNG.lognormal, lambda size: RNG.integers(0, 3, size) * 1.0])
def test_every_bin_holds_ten_values_and_edges_are_no_values(n, draw):
    values = 1e4 * draw(size=n)
    edges = round_edges(values)
    counts = np.bincount(np.searchsorted(edges, values, "right"), minlength=len(edges) + 1)
    assert counts.min() >= min(SHARED, n)
    if len(np.unique(values)) == n:
        assert not np.isin(edges, values).any()


def test_dates_and_time_spans_are_shown_as_such():
    seen = Column("seen", "date", 19000.0 + np.arange(N))
    assert region([seen], np.arange(100, 120)) == "seen is 2022-03-29 to 2022-05-08"
    stay = Column("stay", "difftime", np.arange(float(N)), unit="days")
    assert region([stay], np.arange(100, 110)) == "stay is 80 days to 120 days"
