"""Rows to a file: those of `sample`, whole or not at all, and on from where an interrupted call ended."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

import ganbridge
from ganbridge import Config
from ganbridge.data.parts import Parts
from ganbridge.encode.identifiers.columns import Identifier, IdentifierRows
from ganbridge.encode.identifiers.pattern import pattern_of
from ganbridge.model import to_file

RNG = np.random.default_rng(1)
N, PART = 6000, 500


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(to_file, "PART_ROWS", PART)


@pytest.fixture(scope="module")
def gan():
    rng = np.random.default_rng(1)
    n = 200
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), unit="D")
    people = pd.DataFrame(
        {
            "id": [f"P{i:05d}" for i in rng.permutation(n)],
            "sex": rng.choice(["f", "m"], n),
            "job": pd.Categorical(rng.choice(["cook", "nurse"], n), ["cook", "nurse", "pilot"]),
            "rare": pd.Series([True, *[None] * (n - 1)], dtype=object),
            "weight": np.where(rng.random(n) < 0.2, np.nan, rng.normal(70, 9, n).round(1)),
            "children": pd.array(np.where(rng.random(n) < 0.2, None, rng.integers(0, 4, n)), dtype="Int64"),
            "start": start,
            "end": start + pd.to_timedelta(rng.integers(0, 30, n), unit="D"),
        }
    )
    return ganbridge.fit(people, seed=1)


@pytest.mark.parametrize("given", [None, {"sex": "f"}, {"end": ("2024-06-01", None), "weight": (60, 80)}])
@pytest.mark.parametrize("ending", ["parquet", "feather", "csv"])
def test_the_rows_are_those_of_a_sample(gan, tmp_path, ending, given):
    if given and ending != "parquet":
        pytest.skip("once is enough")
    path = tmp_path / f"new.{ending}"
    gan.sample_to(path, N, given=given, seed=2)
    sample = gan.sample(N, given=given, seed=2)
    if ending == "csv":
        assert path.read_text() == sample.to_csv(index=False)
    elif ending == "parquet":
        pd.testing.assert_frame_equal(pd.read_parquet(path), sample)
        assert parquet.ParquetFile(path).num_row_groups >= 3
    else:
        pd.testing.assert_frame_equal(feather.read_feather(path), sample)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


class StopHereError(Exception):
    pass


def stopped_after(monkeypatch, parts):
    """A call that ends after so many parts, as a killed one does; returns the numbers of those that are written."""
    numbers, add = [], Parts.add

    def adding(self, columns, table, number, rows, after):
        if number == parts:
            raise StopHereError
        numbers.append(number)
        return add(self, columns, table, number, rows, after)

    monkeypatch.setattr(Parts, "add", adding)
    return numbers


@pytest.mark.parametrize("seed", [2, None])
def test_a_call_goes_on_where_an_interrupted_one_ended(gan, tmp_path, monkeypatch, seed):
    path = tmp_path / "new.parquet"
    path.write_text("old")
    with monkeypatch.context() as patch:
        stopped_after(patch, 2)
        with pytest.raises(StopHereError):
            gan.sample_to(path, N, seed=seed)
    assert path.read_text() == "old"
    used = Parts(path, "parquet").known()["seed"]
    numbers = stopped_after(monkeypatch, None)
    gan.sample_to(path, N, seed=seed)
    assert numbers[0] == 2
    pd.testing.assert_frame_equal(pd.read_parquet(path), gan.sample(N, seed=used))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("change", ["seed", "given", "rows", "damage"])
def test_parts_of_another_sample_are_thrown_away(gan, tmp_path, monkeypatch, change):
    path = tmp_path / "new.csv"
    with monkeypatch.context() as patch:
        stopped_after(patch, 2)
        with pytest.raises(StopHereError):
            gan.sample_to(path, N, seed=2)
    asked = {"seed": 3 if change == "seed" else 2, "given": {"sex": "f"} if change == "given" else None}
    n = 2 * PART if change == "rows" else N
    if change == "damage":
        (tmp_path / ".new.csv.parts" / "about.json").write_text("{")
    gan.sample_to(path, n, **asked)
    assert path.read_text() == gan.sample(n, **asked).to_csv(index=False)


def test_a_cut_part_is_not_gone_on_from(gan, tmp_path, monkeypatch):
    path = tmp_path / "new.csv"
    with monkeypatch.context() as patch:
        patch.setattr(Parts, "finish", lambda self, parts: None)
        gan.sample_to(path, 1000, seed=2)
    gan.sample_to(path, N, seed=2)
    assert path.read_text() == gan.sample(N, seed=2).to_csv(index=False)


def test_networks_waves_and_matrices_are_written(tmp_path):
    path = tmp_path / "new.csv"
    waves = ganbridge.fit(ganbridge.make_waves(60, 12, seed=1), kind="wave", seed=1)
    matrix = ganbridge.fit(RNG.normal(size=(60, 3)), seed=1, config=Config(steps=5))
    for each in (waves, matrix):
        each.sample_to(path, 9000, seed=2)
        np.testing.assert_array_equal(pd.read_csv(path), each.sample(9000, seed=2))
    table = pd.DataFrame({"sex": ["f", "m"] * 30, "x": RNG.normal(size=60)})
    gan = ganbridge.fit(table, condition="sex", epochs=1, seed=1)
    gan.sample_to(path, 9000, seed=2, given={"sex": "f"})
    assert path.read_text() == gan.sample(9000, seed=2, given={"sex": "f"}).to_csv(index=False)


def test_what_cannot_be_drawn_or_written_leaves_nothing(gan, tmp_path):
    with pytest.raises(ValueError, match="must be a level"):
        gan.sample_to(tmp_path / "new.csv", N, given={"sex": "x"})
    with pytest.raises(ValueError, match=r"ends in one of \.csv"):
        gan.sample_to(tmp_path / "new.xls", N)
    with pytest.raises(OSError, match="folder"):
        gan.sample_to(tmp_path / "none" / "new.csv", N)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "texts", [["ab-123", "cd-456"], ["P1", "P2"], [f"{i:032x}" for i in RNG.integers(2**60, size=99)]]
)
def test_identifiers_part_by_part_are_those_of_all_at_once(texts):
    """Also where a form has no more values, and goes on one letter longer."""
    pattern = pattern_of(texts * 20, 2, np.random.default_rng(1))
    column = ganbridge.data.Column("id", "text", np.zeros(0), "str")
    identifier = Identifier(0, column, 0.1, pattern)
    whole = identifier.column(6000, seed=3)
    rows, skipped = IdentifierRows(identifier, 3), IdentifierRows(identifier, 3)
    first, second = rows.next(1500), rows.next(4500)
    assert first.levels + second.levels == whole.levels
    skipped.skip(1500)
    assert skipped.next(4500).levels == second.levels
    np.testing.assert_array_equal(np.concatenate([first.missing, second.missing]), whole.missing)
    assert len(set(whole.levels)) == len(whole.levels)


def test_all_parts_have_one_schema(gan, tmp_path):
    """Objects that are all missing in the first part still have their type."""
    path = tmp_path / "new.parquet"
    gan.sample_to(path, N, seed=2)
    assert parquet.read_schema(path).field("rare").type == pa.bool_()
