"""Tables in files: read as their data frames are, and refused with the names of the file and the column."""

import datetime
import os

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import dataset, feather, parquet

import ganbridge
from ganbridge.data.python import as_table, from_python

RNG = np.random.default_rng(1)
N = 120


def people(n=N):
    return pd.DataFrame(
        {
            "sex": RNG.choice(["f", "m"], n),
            "age": RNG.integers(18, 90, n),
            "height": np.where(RNG.random(n) < 0.1, np.nan, np.round(RNG.normal(170, 9, n), 1)),
            "children": pd.array(np.where(RNG.random(n) < 0.2, None, RNG.integers(0, 4, n)), dtype="Int64"),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(RNG.integers(0, 300, n), unit="D"),
            "job": pd.Categorical(RNG.choice(["cook", "nurse"], n), ["cook", "nurse", "pilot"]),
            "smokes": RNG.random(n) < 0.3,
        }
    )


def same_rows(data, table):
    """Whether a fit sees the same bits in both."""
    for a, b in zip(from_python(data).columns, from_python(table).columns, strict=True):
        assert a.to_dict() == b.to_dict()
        np.testing.assert_array_equal(a.missing, b.missing)
        np.testing.assert_array_equal(a.present, b.present)


@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_a_file_has_the_rows_of_its_data_frame(tmp_path, ending):
    table, path = people(), tmp_path / f"people.{ending}"
    (table.to_parquet if ending == "parquet" else table.to_feather)(path)
    same_rows(path, table)


def test_a_fit_to_a_file_is_that_to_its_data_frame(tmp_path):
    table, path = people()[["sex", "age"]], tmp_path / "people.parquet"
    table.to_parquet(path)
    assert ganbridge.fit(path, seed=1).to_bytes() == ganbridge.fit(table, seed=1).to_bytes()


def test_several_files_have_the_rows_of_one_frame(tmp_path):
    table = people()
    table[:50].to_parquet(tmp_path / "a.parquet")
    table[50:].to_parquet(tmp_path / "b.parquet")
    (tmp_path / "_SUCCESS").touch()
    same_rows(str(tmp_path / "*.parquet"), table)
    for data in (tmp_path, [tmp_path / "a.parquet", str(tmp_path / "b.parquet")]):
        pd.testing.assert_frame_equal(as_table(data), table)


def test_texts_are_read_as_by_pandas_and_have_dates(tmp_path):
    table, path = people(), tmp_path / "people.csv"
    table["at"] = table["day"] + pd.to_timedelta(RNG.integers(0, 86_400, N), unit="s")
    table["note"] = np.where(RNG.random(N) < 0.5, "2024-01-01", "none")
    table.to_csv(path, index=False)
    read = as_table(path)
    usual = pd.read_csv(path)
    for name in ("day", "at"):
        assert read[name].dtype == "datetime64[us]"
        usual[name] = usual[name].astype("datetime64[us]")
    pd.testing.assert_frame_equal(read, usual)
    table.to_csv(tmp_path / "people.csv.gz", index=False)
    pd.testing.assert_frame_equal(as_table(tmp_path / "people.csv.gz"), usual)
    table.to_csv(tmp_path / "people.tsv", index=False, sep="\t")
    pd.testing.assert_frame_equal(as_table(tmp_path / "people.tsv"), usual)


@pytest.mark.parametrize("texts", [["2024-02-30"], ["2024-01-01", "x"], ["2024-01-01T10:00Z", "2024-01-01T10:00"]])
def test_texts_that_are_not_all_dates_stay_texts(tmp_path, texts):
    pd.DataFrame({"x": texts * 3}).to_csv(tmp_path / "x.csv", index=False)
    assert as_table(tmp_path / "x.csv")["x"].tolist() == texts * 3


def test_tables_of_other_libraries_have_the_rows_of_their_data_frames(tmp_path):
    table, path = people().drop(columns="job"), tmp_path / "people.parquet"
    table.to_parquet(path)
    same_rows(pl.scan_parquet(path), pl.read_parquet(path))
    arrow = parquet.read_table(path)
    same_rows(dataset.dataset(path), arrow)
    same_rows(pa.RecordBatchReader.from_stream(arrow), arrow)
    relation = duckdb.sql(f"select sex, age, height, children, smokes from '{path}'")
    same_rows(relation, table[["sex", "age", "height", "children", "smokes"]])


def test_rows_to_compare_and_to_impute_may_be_files(tmp_path):
    table, path = people()[["sex", "age", "height"]], tmp_path / "people.parquet"
    table.to_parquet(path)
    gan = ganbridge.fit(table, seed=1)
    assert str(ganbridge.evaluate(path, path, seed=1)) == str(ganbridge.evaluate(table, table, seed=1))
    pd.testing.assert_frame_equal(gan.impute(path, 1, seed=1)[0], gan.impute(table, 1, seed=1)[0])


def written(folder, **tables):
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet")
    return folder


def refused(data, *words):
    with pytest.raises(OSError, match="must be") as caught:
        from_python(data)
    for word in words:
        assert word in str(caught.value)
    assert str(caught.value).startswith("`data` must be")


def test_a_column_that_one_file_lacks_is_named_with_both_files(tmp_path):
    refused(
        written(tmp_path, a=people(), b=people().drop(columns="age")), '"age"', "a.parquet", 'not in "', "b.parquet"
    )


def test_a_column_of_two_types_is_named_with_both_files(tmp_path):
    other = people().assign(age="old")
    refused(written(tmp_path, a=people(), b=other), '"age" is int64 in', "a.parquet", "string in", "b.parquet")
    for name, table in (("a", people()), ("b", other)):
        (tmp_path / f"{name}.parquet").unlink()
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    refused(tmp_path, '"age" is int64 in', "a.csv", "text in", "b.csv")


@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_half_written_and_corrupt_files_are_named(tmp_path, ending):
    path = tmp_path / f"people.{ending}"
    (people().to_parquet if ending == "parquet" else people().to_feather)(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, f"people.{ending}", "can't be read")
    path.write_bytes(b"")
    refused(path, f"people.{ending}", "can't be read")
    path.write_text("sex,age\nf,1\n")
    refused(path, f"people.{ending}", "can't be read")


def test_a_csv_file_without_rows_of_one_length_is_named(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n1,2,3\n")
    refused(tmp_path / "x.csv", "x.csv", "line 3")


@pytest.mark.parametrize(("separator", "words"), [(";", 'by ";" as'), ("\t", "Name it .tsv")])
def test_a_csv_file_with_another_separator_is_refused(tmp_path, separator, words):
    people().to_csv(tmp_path / "x.csv", index=False, sep=separator)
    refused(tmp_path / "x.csv", "x.csv", words)


def test_a_stream_of_one_column_is_no_table():
    with pytest.raises(TypeError, match="must be a pandas DataFrame"):
        from_python(pl.Series([1, 2, 3]))


def test_a_file_that_changes_while_it_is_read_is_named(tmp_path, monkeypatch):
    path = tmp_path / "people.parquet"
    people().to_parquet(path)
    read = parquet.ParquetFile.read

    def changing(self, *args, **kwargs):
        table = read(self, *args, **kwargs)
        os.utime(path, ns=(0, 0))
        return table

    monkeypatch.setattr(parquet.ParquetFile, "read", changing)
    refused(path, "people.parquet", "changed while it was read")


def test_paths_without_a_table_are_refused_with_what_is_wanted(tmp_path):
    refused(tmp_path / "none.parquet", "there is no such file")
    refused(str(tmp_path / "*.parquet"), "no file has a name like it")
    refused(tmp_path, "a folder with files of a table")
    (tmp_path / "x.xlsx").touch()
    refused(tmp_path / "x.xlsx", ".parquet, .arrow, .feather, .csv")
    (tmp_path / "x.csv").write_text("a\n1\n2\n")
    people().to_parquet(tmp_path / "x.parquet")
    refused(tmp_path, "files of one format")
    with pytest.raises(TypeError, match="Load the fit first"):
        from_python("people.gan")


def test_empty_files_and_row_groups_hold_no_rows(tmp_path):
    table = people()
    written(tmp_path, a=table, b=table[:0], c=table[:1])
    assert len(as_table(tmp_path)) == N + 1
    parts = [pa.Table.from_pandas(part, preserve_index=False) for part in (table[:0], table, table[:0])]
    with parquet.ParquetWriter(tmp_path / "d.parquet", parts[0].schema) as out:
        for part in parts:
            out.write_table(part)
    assert len(as_table(tmp_path / "d.parquet")) == N
    with pytest.raises(ValueError, match="at least two rows"):
        from_python(tmp_path / "b.parquet")


def test_whole_numbers_stay_whole_beside_missing_ones_in_files_of_others(tmp_path):
    feather.write_feather(
        pa.table({"n": pa.array([1, None, 3]), "d": [datetime.date(2024, 1, 1)] * 3}), tmp_path / "x.arrow"
    )
    read = from_python(tmp_path / "x.arrow")
    assert [column.type for column in read.columns] == ["integer", "date"]
