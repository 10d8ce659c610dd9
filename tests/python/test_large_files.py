"""Tables that don't fit into memory: what is known of all rows, and what of a sample."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import dataset, parquet

import ganbridge
from ganbridge import Config
from ganbridge.data import arrow, batches, python, survey
from ganbridge.data.files import FilesError
from ganbridge.data.foreign import from_arrow
from ganbridge.data.pandas import columns_of
from ganbridge.encode.all_rows import AllRows, Counts

N, SAMPLED = 12_000, 1_000


@pytest.fixture(autouse=True)
def small_memory(monkeypatch):
    """As if 12,000 rows did not fit into memory."""
    for module in (batches, python):
        monkeypatch.setattr(module, "IN_MEMORY_CELLS", 1_000)
    monkeypatch.setattr(batches, "BATCH_ROWS", 1_700)
    monkeypatch.setattr(survey, "SAMPLED_ROWS", SAMPLED)


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(1)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, N), unit="D")
    city = rng.choice(["Rome", "Oslo", "Bonn"], N, p=[0.6, 0.3, 0.1])
    table = pd.DataFrame(
        {
            "id": rng.permutation(N) + 1,
            "code": [f"P{i:06d}" for i in rng.permutation(N)],
            "sex": rng.choice(["f", "m"], N),
            "height": np.where(rng.random(N) < 0.1, np.nan, rng.normal(170, 9, N).round(1)),
            "children": rng.poisson(1.2, N),
            "start": start,
            "end": start + pd.to_timedelta(rng.integers(0, 30, N), unit="D"),
            "low": rng.normal(0, 1, N).round(3),
            "city": city,
            "country": pd.Series(city).map({"Rome": "Italy", "Oslo": "Norway", "Bonn": "Germany"}),
        }
    )
    table["high"] = table["low"] + rng.exponential(1, N).round(3)
    table.loc[7, "sex"] = "x"
    table.loc[[8, 9], "city"] = None
    table.loc[[8, 9], "country"] = None
    return table


@pytest.fixture(scope="module")
def folder(table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    table[:5000].to_parquet(folder / "a.parquet", row_group_size=2048)
    table[5000:5000].to_parquet(folder / "b.parquet")
    table[5000:].to_parquet(folder / "c.parquet")
    return folder


def surveyed(data, seed=1):
    return python.to_fit(data, seed).survey


def test_the_sample_is_of_random_rows_and_of_those_with_rare_values(folder, table):
    found = surveyed(folder)
    assert found.rows == N
    assert found.random == SAMPLED
    sample = pd.DataFrame({column.name: column.values for column in found.sample.columns})
    random, rare = sample[:SAMPLED], sample[SAMPLED:]
    assert set(random["id"]) <= set(table["id"])
    assert random["id"].is_unique
    places = pd.Series(np.arange(N), index=table["id"])[random["id"]]
    assert places.is_monotonic_increasing
    assert abs(places.mean() / N - 0.5) < 0.05
    assert 0 < len(rare) < 100
    names = [column.name for column in found.sample.columns]
    levels = dict(zip(names, found.levels, strict=True))
    sex = found.sample.columns[names.index("sex")]
    assert dict(zip(sex.labels, levels["sex"].tolist(), strict=False)) == table["sex"].value_counts().to_dict()
    assert levels["city"][-1] == 2
    assert sample["height"].max() == table["height"].max()
    assert sample["high"].min() == table["high"].min()
    again = surveyed([folder / name for name in ("a.parquet", "b.parquet", "c.parquet")])
    pd.testing.assert_frame_equal(pd.DataFrame({c.name: c.values for c in again.sample.columns}), sample)
    assert not sample.equals(pd.DataFrame({c.name: c.values for c in surveyed(folder, 2).sample.columns}))


def test_a_sample_does_not_depend_on_row_groups_nor_on_where_rows_lie(folder, table, tmp_path, monkeypatch):
    first = surveyed(folder)
    table.to_parquet(tmp_path / "one.parquet")
    monkeypatch.setattr(batches, "BATCH_ROWS", 999)
    others = [
        tmp_path / "one.parquet",
        dataset.dataset(folder, format="parquet"),
        pl.scan_parquet(tmp_path / "one.parquet"),
    ]
    others += [parquet.read_table(tmp_path / "one.parquet").to_reader(500)]
    for other in others:
        found = surveyed(other)
        for a, b in zip(first.sample.columns, found.sample.columns, strict=True):
            np.testing.assert_array_equal(a.values[:SAMPLED], b.values[:SAMPLED])
            assert sorted(map(str, a.labels if not a.numeric else [])) == sorted(
                map(str, b.labels if not b.numeric else [])
            )


def test_marginals_are_those_of_all_rows(folder, table):
    found = surveyed(folder)
    known = AllRows(found)
    known.read(found.sample.columns, [])
    for column in found.sample.columns:
        if column.name in ("children", "height", "low", "start"):
            values, whole = known.marginal(column), python.from_python(table[[column.name]]).columns[0]
            assert abs(values.missing.mean() - whole.missing.mean()) < 1e-3
            below = np.searchsorted(np.sort(values.present), np.unique(whole.present), "right") / len(values.present)
            real = np.searchsorted(np.sort(whole.present), np.unique(whole.present), "right") / len(whole.present)
            # The sample's own distribution is off by up to .04.
            assert np.abs(below - real).max() < (1e-3 if column.name == "children" else 1e-2)


def test_counts_between_values_are_exact_and_mergeable():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=5000)
    sample = rows[:300]
    counts = Counts(sample)
    for part in np.split(rows, 10):
        counts.add(part)
    assert counts.at.sum() + counts.below.sum() == 5000
    inner = np.sort(counts.quantiles(2000))
    share = np.searchsorted(inner, np.sort(sample)) / 2000
    real = np.searchsorted(np.sort(rows), np.sort(sample)) / 5000
    own = np.arange(300) / 300
    assert np.abs(share - real)[1:].mean() < np.abs(own - real)[1:].mean() / 3


def test_a_fit_has_the_shares_of_all_rows_and_made_up_identifiers(folder, table):
    gan = ganbridge.fit(folder, seed=1)
    assert gan.schema["rows"] == N
    assert gan.schema["names"] == list(table.columns)
    shares = {(column, level): share for column, level, share in gan.shares()}
    assert shares["sex", "x"] == 1 / N
    assert shares["country", "Italy"] == (table["country"] == "Italy").mean()
    assert shares["city", None] == 2 / N
    assert abs(shares["height", None] - table["height"].isna().mean()) < 1e-3
    assert [each["words"] for each in gan.relations if each["enforced"]] == [
        "city and country determine each other",
        "start <= end",
        "low <= high",
    ]
    new = gan.sample(3000, seed=1)
    assert (new["start"] <= new["end"]).all()
    assert not set(new["id"]) & set(table["id"])
    assert not set(new["code"]) & set(table["code"])
    assert list(new.dtypes.astype(str)) == list(table.dtypes.astype(str))
    moments = pd.DataFrame(gan.moment_columns, index=gan.moment_names)
    assert abs(moments.loc["children", "mean"] - table["children"].mean()) < 1e-3
    assert ganbridge.from_bytes(gan.to_bytes()).sample(10, seed=1).equals(gan.sample(10, seed=1))
    assert ganbridge.fit(folder, seed=1).to_bytes() == gan.to_bytes()


def test_a_relation_that_few_rows_break_is_not_enforced(folder, table, tmp_path):
    """Rows that are not in the sample: one without a rare value."""
    sample = surveyed(folder).sample
    outside = table.index[~table["id"].isin(sample.columns[0].values)][0]
    broken = table.copy()
    broken.loc[outside, ["start", "end"]] = broken.loc[outside, ["end", "start"]].tolist()
    broken.loc[outside, "start"] += pd.Timedelta(days=1)
    broken.to_parquet(tmp_path / "broken.parquet")
    gan = ganbridge.fit(tmp_path / "broken.parquet", seed=ganbridge.fit(folder, seed=1).seed)
    orders = {each["words"]: (each["holds"], each["enforced"]) for each in gan.relations}
    assert orders["start <= end"] == (1 - 1 / N, False)
    assert orders["low <= high"] == (1.0, True)
    with pytest.raises(ValueError, match="1 of 12,000 rows break"):
        ganbridge.fit(tmp_path / "broken.parquet", seed=1, config=Config(relations=["start <= end", False]))


def test_networks_train_on_the_sample(folder):
    gan = ganbridge.fit(folder, seed=1, config=Config(steps=5, relations=False, batch_size="all"), condition="sex")
    assert gan.config.batch_size == SAMPLED
    assert gan.schema["rows"] == N
    assert len(gan.sample(10, given={"sex": "f"})) == 10


def test_rows_to_compare_are_a_sample(folder, table, monkeypatch):
    monkeypatch.setattr(python, "COMPARED_ROWS", 200)
    report = ganbridge.evaluate(
        table[:200].drop(columns=["id", "code"]).dropna(), table[200:400].dropna().drop(columns=["id", "code"])
    )
    assert report.counts["real"] < 200
    data = python.from_python(folder, "real")
    assert data.rows == 200
    assert set(data.columns[0].values) <= set(table["id"])
    with pytest.raises(ValueError, match="at most 1,000 values"):
        python.rows_from_python(folder)


def test_a_text_with_many_levels_is_refused_by_name(table, tmp_path, monkeypatch):
    monkeypatch.setattr(survey, "MOST_LEVELS", 50)
    table.assign(name=[f"n{i % 3000}" for i in range(N)]).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(ValueError, match=r'at most 50 levels each .* not more as "name"'):
        ganbridge.fit(tmp_path / "x.parquet", seed=1)
    gan = ganbridge.fit(tmp_path / "x.parquet", seed=1, config=Config(roles={"name": "drop"}))
    assert "name" not in gan.schema["names"]


def test_waves_and_images_must_fit_into_memory(tmp_path):
    pd.DataFrame(np.random.default_rng(1).normal(size=(500, 4)), columns=list("abcd")).to_parquet(
        tmp_path / "x.parquet"
    )
    with pytest.raises(ValueError, match="not fit into memory"):
        ganbridge.fit(tmp_path / "x.parquet", kind="wave")


# --- files ------------------------------------------------------------------------------------------------------------


def test_texts_have_the_types_that_all_parts_allow(tmp_path, monkeypatch):
    monkeypatch.setattr("ganbridge.data.texts_to_parquet.ROWS", 300)
    n = 1000
    at = np.arange(n)
    table = pd.DataFrame(
        {
            "whole": at,
            "late number": [*[None] * 400, *at[400:]],
            "then decimals": [*at[:-1], 0.5],
            "then text": [*[f"{i:04d}" for i in at[:-1]], "x"],
            "then no date": ["2024-01-01"] * (n - 1) + ["never"],
            "day": ["2024-01-01", "2024-02-03"] * (n // 2),
            "truth": [True, None] * (n // 2),
            "empty": [None] * n,
        }
    )
    table.to_csv(tmp_path / "x.csv", index=False)
    found = python.as_table(tmp_path / "x.csv", "data")
    assert {field.name: str(field.type) for field in found.schema} == {
        "whole": "int64",
        "late number": "double",
        "then decimals": "double",
        "then text": "string",
        "then no date": "string",
        "day": "timestamp[us]",
        "truth": "bool",
        "empty": "null",
    }
    read = pa.Table.from_batches(list(found)).to_pandas()
    assert read["then text"][7] == "0007"
    usual = pd.read_csv(tmp_path / "x.csv")
    for name in ("whole", "late number", "then decimals"):
        np.testing.assert_array_equal(read[name], usual[name])


def test_errors_name_the_file_before_anything_is_read(folder, table, tmp_path):
    table.to_parquet(tmp_path / "a.parquet")
    table.drop(columns="high").to_parquet(tmp_path / "b.parquet")
    with pytest.raises(FilesError, match=r'"high" is in .*a.parquet" and not in .*b.parquet"'):
        python.as_table(tmp_path)
    table.assign(high="x").to_parquet(tmp_path / "b.parquet")
    with pytest.raises(FilesError, match=r'"high" is double in .*a.parquet" and string in .*b.parquet"'):
        python.as_table(tmp_path)
    (tmp_path / "b.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-100])
    with pytest.raises(FilesError, match=r'b.parquet", which can\'t be read'):
        python.as_table(tmp_path)


def test_damage_and_change_between_two_readings_are_noticed(table, tmp_path):
    path = tmp_path / "a.parquet"
    table.to_parquet(path)
    found = python.as_table(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3] + b"\0" * 50_000 + whole[len(whole) // 3 + 50_000 :])
    with pytest.raises(FilesError, match=r"a.parquet\" changed while it was read"):
        list(found)
    with pytest.raises(FilesError, match=r'a.parquet", which can\'t be read'):
        list(python.as_table(path))


def test_batches_have_the_values_of_their_data_frame():
    """Each type of Arrow's that a table may have, with and without missing values."""
    rng = np.random.default_rng(1)
    n = 200
    whole = rng.integers(0, 5, n)
    arrays = {
        "int8": pa.array(whole, pa.int8()),
        "int64": pa.array(whole * 10**12),
        "uint16": pa.array(whole, pa.uint16()),
        "double": pa.array(rng.normal(size=n)),
        "float": pa.array(rng.normal(size=n), pa.float32()),
        "bool": pa.array(whole > 2),
        "text": pa.array(whole.astype(str)),
        "large text": pa.array(whole.astype(str), pa.large_string()),
        "level": pa.array(whole.astype(str)).dictionary_encode(),
        "day": pa.array(whole * 30, pa.int32()).cast(pa.date32()),
        "ms": pa.array(whole * 10**12 + 7, pa.timestamp("ms")),
        "zoned": pa.array(whole * 10**15 + 7, pa.timestamp("us", "Europe/Rome")),
        "span": pa.array(whole * 10**9, pa.duration("ms")),
    }
    gaps = pa.array([None, True] * (n // 2))
    for name, array in arrays.items():
        for each in (array, pa.compute.if_else(gaps, array, None) if name != "level" else array):
            column = columns_of(from_arrow(pa.table({name: each})))[0]
            found = arrow.column_of(each if not isinstance(each, pa.ChunkedArray) else each.combine_chunks(), column)
            np.testing.assert_array_equal(found.missing, column.missing, err_msg=name)
            np.testing.assert_array_equal(found.present, column.present, err_msg=name)


def test_both_readings_are_told(folder):
    told = []
    found = python.to_fit(folder, 1, lambda rows, most: told.append((rows, most))).survey
    AllRows(found).read(found.sample.columns[:3], [])
    once = [rows for rows, _ in told[: len(told) // 2]]
    assert once == sorted(once)
    assert told[len(told) // 2 :] == told[: len(told) // 2]
    assert told[-1] == (N, N)


@pytest.mark.parametrize("more", [{}, {"epochs": 4}])
def test_a_fit_of_files_that_was_stopped_goes_on_with_the_same_sample(folder, more):
    small = Config(generator_hidden=(8, 8), discriminator_hidden=(8, 8)) if more else Config()
    whole = ganbridge.fit(folder, seed=3, config=small, **more)
    part = ganbridge.fit(folder, seed=3, callbacks=[lambda now: now.epoch < 2], config=small, **more)
    assert (part.stopped, part.unfinished) == ("callback", True)
    assert ganbridge.from_bytes(part.to_bytes()).resume(folder).to_bytes() == whole.to_bytes()
