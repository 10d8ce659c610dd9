"""Any column and container ends in a right result, or in one error with the column, what was wanted and the remedy."""

import datetime
import decimal
import enum
import fractions
import uuid
import warnings

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.data.foreign import as_known
from ganbridge.plot.data.marginal import bin_edges

N = 24
AT = np.arange(N)
RNG = np.random.default_rng(1)
SMALL = Config(generator_hidden=(4,), discriminator_hidden=(4,), steps=2)
DAY = datetime.date(2024, 1, 1)
DAYS = [DAY + datetime.timedelta(days=int(i)) for i in AT]
TIMES = [datetime.datetime(2024, 1, 1) + datetime.timedelta(hours=int(i)) for i in AT]

RIGHT = {
    "int8": AT.astype("int8"),
    "uint64": AT.astype("uint64"),
    "float16": AT.astype("float16"),
    "long double": AT.astype(np.longdouble),
    "Int8 with NA": pd.array([None, *AT[1:]], dtype="Int8"),
    "Float32": pd.array(AT / 7, dtype="Float32"),
    "boolean with NA": pd.array([True, None] * (N // 2), dtype="boolean"),
    "objects that are logical": pd.Series([True, None] * (N // 2), dtype=object),
    "objects that are numbers": pd.Series([1.5, None] * (N // 2), dtype=object),
    "categories of numbers": pd.Categorical(AT % 3 / 2),
    "categories of logicals": pd.Categorical(AT % 2 == 0),
    "10,000 empty levels": pd.Categorical(["a", "b"] * (N // 2), [f"{i}" for i in range(10_000)] + ["a", "b"]),
    "nothing but None": [None] * N,
    "nothing but NaN": np.full(N, np.nan),
    "nothing but NaT": pd.Series([pd.NaT] * N),
    "one value": [3] * N,
    "dates": DAYS,
    "dates of the last year": [datetime.date(9999, 12, 31) - datetime.timedelta(days=int(i)) for i in AT],
    "dates of the first year": [datetime.date(1, 1, 1) + datetime.timedelta(days=int(i)) for i in AT],
    "times before Christ": np.array(["-0500-01-01"] * N, dtype="datetime64[s]") + AT * 86_400,
    "times after 9999": np.array(["20000-01-01"] * N, dtype="datetime64[s]") + AT * 86_400,
    "times in a fixed zone": pd.date_range("2024", periods=N, tz=datetime.timezone(datetime.timedelta(hours=1))),
    "tiny numbers": AT * 1e-300,
    "subnormal numbers": AT * 5e-324,
    "numbers of 1e150": AT * 1e148,
    "the largest whole numbers": 2**53 - AT,
    "any script": ["日本", "عربى", "é", "e\u0301", "🙂", "Ж"] * (N // 6),
    "NUL and empty": ["a\0b", "", "a"] * (N // 3),
    "half a surrogate pair": pd.Series(["a\udc80", "c"] * (N // 2), dtype=object),
    "line ends": ["a\nb", "a\r\nb"] * (N // 2),
    "long texts": ["x" * 50_000, "y"] * (N // 2),
}
REFUSED = {
    "infinite": (np.where(AT == 2, np.inf, AT), r"finite values only, not an infinite one in column \"c\" \(row 3\)"),
    "1e300": (AT * 1e300, r"numbers of at most 1e\+150 in size, not 2\.3e\+301 in column \"c\" \(rows 2, 3, 4 and 20"),
    "beyond 2^53": ([2**60 + int(i) for i in AT], r"at most 2\^53 in size. Subtract a constant first"),
    "beyond 64 bits": ([10**30 + int(i) for i in AT], r"at most 2\^53 in size. Subtract a constant first"),
    "nanoseconds": (
        pd.to_datetime("2024") + pd.to_timedelta(AT + 1, unit="ns"),
        r"to the microsecond, .*dt.round\(\"us",
    ),
    "spans of nanoseconds": (pd.to_timedelta(AT + 1, unit="ns"), r"to the microsecond, .*\.dt\.round\(\"us\"\)"),
    "complex": (AT.astype(complex), "not of type complex128. Make two columns of it"),
    "periods": (pd.period_range("2024-01", periods=N, freq="M"), r"Convert it first: \.dt\.to_timestamp\(\)"),
    "intervals": (pd.cut(AT, 4), r"must have categories that are texts or numbers, .*rename_categories\(str\)"),
    "decimals": (
        [decimal.Decimal(int(i)) / 7 for i in AT],
        r"not decimal objects. Convert it first: \.astype\(float\)",
    ),
    "fractions": ([fractions.Fraction(int(i), 7) for i in AT], r"not Fraction\(0, 1\)\. Drop it or convert it"),
    "objects that are times": (pd.Series(TIMES, dtype=object), r"Convert it first: pandas\.to_datetime\(\)"),
    "times of day": ([datetime.time(int(i) % 24) for i in AT], "turn it into seconds since midnight"),
    "lists": ([[int(i)] for i in AT], "not a list in each cell"),
    "bytes": ([b"ab", b"c"] * (N // 2), r"Convert it first: \.str\.decode\(\"utf-8\"\)"),
    "of several types": ([1, "a"] * (N // 2), r"Give its values one type first"),
    "enums": ([enum.Enum("E", "a").a] * N, "not an object of class E"),
    "identifiers": ([uuid.UUID(int=int(i)) for i in AT], "not an object of class UUID"),
}


def frame(column) -> pd.DataFrame:
    return pd.DataFrame({"x": RNG.normal(size=N), "c": column})


@pytest.mark.parametrize("name", RIGHT)
def test_a_column_that_can_be_learned_comes_back_in_its_type_also_from_a_file(name):
    data = frame(RIGHT[name])
    gan = ganbridge.fit(data, seed=1, config=SMALL)
    again = ganbridge.from_bytes(gan.to_bytes())
    made = gan.sample(9, seed=1)
    pd.testing.assert_frame_equal(again.sample(9, seed=1), made)
    assert made["c"].dtype == data["c"].dtype
    assert str(gan)
    present = made["c"].dropna()
    if data["c"].dtype.kind in "iufmM" and len(present):
        assert data["c"].min() <= present.min()
        assert present.max() <= data["c"].max()
        if data["c"].nunique() > 2:
            assert present.nunique() > 2  # not rounded away
    elif len(present):
        assert set(present) <= set(data["c"].dropna())


@pytest.mark.parametrize("name", REFUSED)
def test_a_column_that_can_not_is_refused_by_name(name):
    column, words = REFUSED[name]
    with pytest.raises((TypeError, ValueError), match=words) as found:
        ganbridge.fit(frame(column), seed=1, config=SMALL)
    assert '"c"' in str(found.value)


def test_microseconds_survive():
    data = frame(pd.Series(pd.date_range("2024-05-06", periods=N, freq="us")))
    for config in (SMALL, Config(prior="mixture")):
        made = ganbridge.fit(data, seed=1, config=config).sample(50, seed=1)["c"]
        assert set(made) <= set(data["c"])
        assert made.nunique() > 5


def test_one_row_of_ten_thousand_columns_and_ten_thousand_columns_of_few_rows():
    with pytest.raises(ValueError, match=r"at least two rows, not 1\."):
        ganbridge.fit(RNG.normal(size=(1, 10_000)), seed=1)


# --- containers -------------------------------------------------------------------------------------------------------

PLANE = RNG.normal(size=(N, 2))
TABLE = pd.DataFrame({"a": PLANE[:, 0], "i": pd.array([None, *AT[1:]], dtype="Int64"), "k": ["p", "q"] * (N // 2)})


class Series:
    """A column as Polars has it."""

    def __init__(self, name, values, dtype):
        self.name, self.values, self.dtype = name, values, dtype

    def null_count(self):
        return sum(value is None for value in self.values)

    def to_list(self):
        return self.values

    def to_numpy(self):
        return np.array([np.nan if value is None else value for value in self.values])


class PolarsFrame:
    """A table as Polars has it."""

    columns = ("a", "i", "k", "b", "d")
    shape = (N, 5)

    def get_columns(self):
        truth = [True, None] * (N // 2)
        return [
            Series("a", PLANE[:, 0].tolist(), "Float64"),
            Series("i", [None, *AT[1:].tolist()], "Int16"),
            Series("k", ["p", "q"] * (N // 2), "Categorical"),
            Series("b", truth, "Boolean"),
            Series("d", DAYS, "Date"),
        ]

    def to_dicts(self):
        raise NotImplementedError


INTERCHANGES_INTEGERS = not pd.__version__.startswith("2.0.")  # which offers no nullable integers in this way


class OnlyInterchange:
    """A table that offers the dataframe interchange protocol and nothing else."""

    def __init__(self, data):
        self.data = data

    def __dataframe__(self, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.data.__dataframe__(**options)


def test_tables_of_other_libraries_are_taken():
    gan = ganbridge.fit(PolarsFrame(), seed=1, config=SMALL)
    assert gan.schema["types"] == ["double", "integer", "factor", "logical", "date"]
    assert str(gan.sample(3, seed=1)["i"].dtype) == "Int16"
    gan = ganbridge.fit(
        OnlyInterchange(TABLE if INTERCHANGES_INTEGERS else TABLE.astype({"i": float})), seed=1, config=SMALL
    )
    assert gan.schema["types"] == ["double", "integer" if INTERCHANGES_INTEGERS else "double", "text"]
    assert gan.sample(40, seed=1)["i"].dropna().between(1, N).all()
    assert len(gan.sample(3, given=None, seed=1)) == 3


def test_arrays_of_other_libraries_are_taken():
    made = ganbridge.fit(PLANE, seed=1, config=SMALL).sample(5, seed=1)
    for tensor in (torch.from_numpy(PLANE), torch.from_numpy(PLANE).requires_grad_()):
        assert (ganbridge.fit(tensor, seed=1, config=SMALL).sample(5, seed=1) == made).all()


@pytest.mark.parametrize("library", ["polars", "pyarrow", "xarray"])
def test_the_libraries_themselves_where_they_are_installed(library):
    module = pytest.importorskip(library)
    if library == "xarray":
        assert (as_known(module.DataArray(PLANE, dims=("row", "column"))) == PLANE).all()
        assert list(as_known(module.Dataset({"a": ("row", PLANE[:, 0])})).columns) == ["a"]
        return
    table = module.Table.from_pydict if library == "pyarrow" else module.DataFrame
    known = as_known(table({"a": PLANE[:, 0].tolist(), "i": [None, *AT[1:].tolist()], "k": ["p", "q"] * (N // 2)}))
    assert [str(dtype) for dtype in known.dtypes] == ["float64", "Int64", "str"]


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (TABLE.to_dict("list"), r"pandas\.DataFrame\(data\)"),
        (TABLE.to_dict("records"), r"pandas\.DataFrame\(data\)"),
        (TABLE[["a"]].to_records(index=False), r"pandas\.DataFrame\(data\)"),
        (TABLE["a"], r"data\.to_frame\(\)"),
    ],
    ids=["dict", "dicts", "records", "series"],
)
def test_what_is_no_table_is_refused_with_the_way_to_one(data, remedy):
    with pytest.raises((TypeError, ValueError), match=rf"^`data` must be a pandas DataFrame or .*, not .*{remedy}"):
        ganbridge.fit(data, seed=1)


# --- numbers in plots -------------------------------------------------------------------------------------------------


def test_bins_of_large_whole_numbers_are_found_at_once():
    # Of milliseconds since 1970 every whole width around 2e7 was tried.
    stamps = 1.7e12 + RNG.integers(0, 8e8, 500).astype(float)
    edges = bin_edges([stamps])
    assert 10 <= len(edges) - 1 <= 41
    assert edges[0] <= stamps.min() <= stamps.max() <= edges[-1]
    assert ((edges[1:] - edges[:-1]) % 1 == 0).all()
