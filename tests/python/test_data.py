"""Data in one form: what is read from pandas comes back, rows can be taken and joined, a schema can be stored."""

from __future__ import annotations

import datetime
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganbridge.data import Array, Column, Data, Frame, Matrix, Ragged, Schema, from_python
from ganbridge.data.array import ragged
from ganbridge.data.pandas import columns_of, from_series, to_dataframe

RNG = np.random.default_rng(5)
FORMS: dict[str, Data] = {
    "frame": Frame([Column("x", "double", np.arange(6.0)), Column("g", "text", np.arange(6.0) % 2, levels=["a", "b"])]),
    "matrix": Matrix(np.arange(12.0).reshape(6, 2), names=["x", "y"]),
    "array": Array(np.arange(48).reshape(6, 4, 2), "integer", "int64", ["left", "right"]),
    "ragged": ragged([RNG.normal(size=(2 + i, 2)) for i in range(6)]),
}
WHOLE = {f"{sign}int{bits}": (sign, bits) for sign in ("", "u") for bits in (8, 16, 32, 64)}


# --- pandas -----------------------------------------------------------------------------------------------------------


def whole_numbers(sign: str, bits: int) -> st.SearchStrategy[int]:
    high = min(2 ** (bits - (not sign)) - 1, 2**53)
    return st.integers(0 if sign else -high, high)


def values_of(dtype: str) -> tuple[st.SearchStrategy, bool]:
    """Values of a dtype, and whether one may be missing."""
    name = dtype.lower()
    if name in WHOLE:
        return whole_numbers(*WHOLE[name]), name != dtype
    if name.startswith("float"):
        return st.floats(allow_infinity=False, allow_nan=False, width=int(name[5:])), True
    if name in ("bool", "boolean"):
        return st.booleans(), name == "boolean"
    if dtype.startswith("category"):
        return st.sampled_from([3, 1] if "int" in dtype else ["b", "a"]), True
    if dtype in ("str", "string", "object:text"):
        return st.text(max_size=3), True
    if dtype.startswith(("datetime", "timedelta")):
        return st.integers(-(2**31), 2**31), True  # seconds
    days = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))
    return {"object:date": days, "object:bool": st.booleans(), "object:int": st.integers(-(2**53), 2**53)}[dtype], True


DTYPES = [
    *WHOLE, *(name.replace("u", "U").replace("i", "I") for name in WHOLE), "float32", "float64", "Float32", "Float64",
    "bool", "boolean", "category", "category of int", "str", "string", "object:text", "object:date", "object:bool",
    "object:int", "datetime64[s]", "datetime64[ns]", "datetime64[us, Asia/Tokyo]", "timedelta64[us]",
]  # fmt: skip


@st.composite
def series(draw: st.DrawFn) -> pd.Series:
    dtype = draw(st.sampled_from(DTYPES))
    values, may_be_missing = values_of(dtype)
    cells = draw(st.lists(st.one_of(values, st.none()) if may_be_missing else values, min_size=1, max_size=8))
    if dtype.startswith("category"):
        return pd.Series(pd.Categorical(cells, [1, 2, 3] if "int" in dtype else ["b", "never", "a"]))
    if dtype.startswith("datetime64"):
        instants = pd.to_datetime(pd.Series(cells, dtype="Int64"), unit="s")
        zone = dtype.partition(", ")[2].rstrip("]")
        return (instants.dt.tz_localize(zone) if zone else instants).astype(dtype)
    if dtype.startswith("timedelta64"):
        return pd.to_timedelta(pd.Series(cells, dtype="Int64"), unit="s").astype(dtype)
    return pd.Series(cells, dtype=dtype.partition(":")[0])


@settings(max_examples=400, deadline=None)
@given(series())
def test_any_column_of_pandas_comes_back_with_its_dtype(original):
    frame = pd.DataFrame({"x": original})
    (column,) = columns_of(frame)
    assert column.dtype is not None
    assert len(column.values) == len(column.missing) == len(original)
    assert column.missing.tolist() == original.isna().tolist()
    assert np.isfinite(column.values).all()
    pd.testing.assert_frame_equal(to_dataframe([column]), frame)
    # What is plotted is read by the same reader.
    lenient = from_series("x", original, "x", lenient=True)
    assert lenient.type == column.type
    np.testing.assert_array_equal(lenient.present, column.present)


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([2**53 + 1, 1]),
        pd.Series([2**53 + 1, None], dtype="Int64"),
        pd.Series([2**64 - 1, 1], dtype="uint64"),
        pd.Series([2**53 + 1, 1], dtype=object),
        pd.Series([-(2**53) - 1, None], dtype=object),
        pd.Series([2**53 + 1, 0.5], dtype=object),
        pd.Series([10**400, 1], dtype=object),
    ],
    ids=["int64", "Int64", "uint64", "objects", "objects and a gap", "objects and a double", "a huge object"],
)
def test_whole_numbers_that_float64_does_not_hold_are_refused_in_every_dtype(cells):
    """Those in columns of Python objects were rounded."""
    with pytest.raises(ValueError, match=r'^column "id" of `data` must hold whole numbers of at most 2\^53 in size\.'):
        from_python(pd.DataFrame({"id": cells}))
    assert from_series("id", cells, "id", lenient=True).present[0] == np.float64(float(str(cells[0])))


def test_a_column_of_pandas_says_where_it_came_from():
    r, pandas = Column("at", "datetime", np.zeros(2)), from_series("at", pd.Series(pd.to_datetime(["1970"])), "at")
    assert (r.dtype, r.machine_clock) == (None, True)
    assert (pandas.dtype[:10], pandas.machine_clock) == ("datetime64", False)
    zoned = Column("at", "datetime", np.zeros(2), unit="UTC")
    assert not zoned.machine_clock


# --- forms ------------------------------------------------------------------------------------------------------------


def same(a: Data, b: Data) -> bool:
    pairs = zip(a.columns, b.columns, strict=True)
    return a.schema == b.schema and all(np.array_equal(x.values, y.values) for x, y in pairs)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, deadline=None)
@given(cut=st.integers(1, 5), seed=st.integers(0, 99))
def test_rows_of_every_form_are_taken_and_joined(form, cut, seed):
    data = FORMS[form]
    assert same(data.take(slice(cut)).followed_by([data.take(slice(cut, None))]), data)
    assert same(data.first(cut), data.take(np.arange(6) < cut))
    order = np.random.default_rng(seed).permutation(6)
    assert same(data.take(order).take(np.argsort(order)), data)
    assert data.take(order).rows == 6


def test_forms_say_what_their_rows_can_be():
    waves = {form: None if data.as_waves() is None else data.as_waves()[2].shape for form, data in FORMS.items()}
    assert waves == {"frame": None, "matrix": (2, 1), "array": (4, 2), "ragged": (4, 2)}
    assert {form for form, data in FORMS.items() if data.as_images() is not None} == {"array"}
    assert {form for form, data in FORMS.items() if data.has_names} == {"frame", "matrix"}
    assert FORMS["array"].channels == ["left", "right"]
    assert FORMS["ragged"].channels == ["channel 1", "channel 2"]
    assert FORMS["matrix"].channels is None


# --- schema -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_schema_can_be_stored(form):
    schema = FORMS[form].schema
    plain = json.loads(json.dumps(schema.to_dict()))
    assert Schema.from_dict(plain) == schema
    assert plain["form"] == form
    assert None not in {name: value for name, value in plain.items() if name != "names"}.values()


def test_the_keys_of_a_stored_schema_stay():
    keys = {form: list(data.schema.to_dict()) for form, data in FORMS.items()}
    assert keys == {
        "frame": ["form", "rows", "names", "types", "like"],
        "matrix": ["form", "rows", "names", "type", "dtype"],
        "array": ["form", "rows", "names", "type", "dtype", "shape"],
        "ragged": ["form", "rows", "names", "type", "dtype", "lengths", "channels", "flat"],
    }
    assert Matrix(np.zeros((2, 1))).schema.to_dict()["dtype"] == ""  # from R
    assert Matrix(np.zeros((2, 1))).schema.numpy_dtype is None


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5), st.data())
def test_conditions_go_back_to_where_their_columns_were(width, data):
    indices = data.draw(st.lists(st.integers(0, width - 1), min_size=1, unique=True))
    names = [f"x{i}" for i in range(width)]

    def schema(chosen: list[int]) -> Schema:
        named = [names[i] for i in chosen]
        return Schema("frame", 9, named, types=[n.upper() for n in named], encodings=[f"{n}!" for n in named], like="")

    free, asked = schema([i for i in range(width) if i not in indices]), schema(list(indices))
    whole = free.with_conditions(asked, list(indices))
    assert whole.names == names
    assert whole.types == [name.upper() for name in names]
    assert whole.encodings == [f"{name}!" for name in names]
    assert whole.condition == [names[i] for i in indices]


def test_labels_are_no_columns_of_the_data():
    waves, labels = FORMS["matrix"].schema, Schema("frame", 6, ["label"], types=["factor"], encodings=["x"], like="")
    merged = waves.with_conditions(labels, [])
    assert merged.to_dict() == waves.to_dict() | {"condition": ["label"]}


def test_a_ragged_set_of_one_length_is_regular():
    assert isinstance(ragged([np.ones(3), np.ones(3)]).regular(), Matrix)
    assert isinstance(FORMS["ragged"].take([1, 1]).regular(), Array)
    assert isinstance(FORMS["ragged"].regular(), Ragged)
