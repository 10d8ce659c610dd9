"""Writes columns.json again, with the current encodings: `python tests/shared/columns.py`, then `git diff`.

The golden file holds a column of every type: as an R expression, as a Python expression, as what crosses the bridge,
and its encoded form. tests/python/test_columns.py and tests/testthat/test-golden.R reproduce it.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from ganbridge.data import from_python, plain
from ganbridge.data.table import Frame
from ganbridge.encode import TableEncoder

FILE = Path(__file__).with_name("columns.json")
SEED = 1
COLUMNS = {
    "double": ("c(1.5, NA, -2, 7.25)", "pd.Series([1.5, None, -2, 7.25])"),
    "integer": ("c(1L, NA, 3L, -4L)", "pd.Series(pd.array([1, None, 3, -4], dtype='Int64'))"),
    "integer without gaps": ("c(1L, 2L, 2L, 5L)", "pd.Series([1, 2, 2, 5])"),
    "logical": ("c(TRUE, NA, FALSE, TRUE)", "pd.Series(pd.array([True, None, False, True], dtype='boolean'))"),
    "logical without gaps": ("c(TRUE, FALSE, FALSE, TRUE)", "pd.Series([True, False, False, True])"),
    "text": ("c('b', NA, '\u00e4', 'b')", "pd.Series(['b', None, '\u00e4', 'b'], dtype='str')"),
    "factor": (
        "factor(c('lo', NA, 'hi', 'hi'), levels = c('lo', 'hi', 'unused'))",
        "pd.Series(pd.Categorical(['lo', None, 'hi', 'hi'], ['lo', 'hi', 'unused']))",
    ),
    "factor of three levels": (
        "factor(c('a', 'b', 'c', 'a'), levels = c('c', 'b', 'a'))",
        "pd.Series(pd.Categorical(['a', 'b', 'c', 'a'], ['c', 'b', 'a']))",
    ),
    "ordered": (
        "factor(c('lo', 'hi', NA, 'mid'), levels = c('lo', 'mid', 'hi'), ordered = TRUE)",
        "pd.Series(pd.Categorical(['lo', 'hi', None, 'mid'], ['lo', 'mid', 'hi'], ordered=True))",
    ),
    "datetime": (
        "as.POSIXct(c('2024-03-31 01:30:00', NA, '1960-01-01 00:00:00', '2024-10-27 00:30:00'), tz = 'Europe/Berlin')",
        "pd.Series(pd.to_datetime(['2024-03-31 01:30', None, '1960-01-01 00:00', '2024-10-27 00:30']))"
        ".dt.tz_localize('Europe/Berlin').astype('datetime64[us, Europe/Berlin]')",
    ),
    "difftime": (
        "as.difftime(c(1, NA, 2.5, 3600), units = 'secs')",
        "pd.Series(pd.to_timedelta([1, None, 2.5, 3600], unit='s')).astype('timedelta64[us]')",
    ),
    "date": ("as.Date(c('2024-02-29', NA, '1969-12-31', '2024-03-07'))", ""),
}


def frame_of(python: str, name: str) -> Frame:
    data = from_python(pd.DataFrame({name: eval(python, {"pd": pd})}))
    assert isinstance(data, Frame)
    return data


def crossing(frame: Frame) -> dict:
    """The column as passed by the bridge, in lists."""
    (column,) = plain.from_data(frame)["columns"]
    return {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in column.items()}


def encoded(frame: Frame) -> list:
    encoder = TableEncoder.fit(frame, "quantile", 0.0)
    return encoder.encode(frame, np.random.default_rng(SEED)).astype(np.float64).round(6).tolist()


def entry(name: str, r: str, python: str) -> dict:
    if not python:  # Python has no column of dates but one of objects: what crosses is written out
        column = {"name": name, "type": "date", "values": [19782.0, 0.0, -1.0, 19789.0], "levels": None}
        column |= {"missing": [False, True, False, False], "unit": ""}
    else:
        column = crossing(frame_of(python, name))
    frame = Frame([plain.to_column(column)])
    return {"r": r, "python": python, "column": column, "encoded": encoded(frame)}


if __name__ == "__main__":
    entries = [entry(name, *both) for name, both in COLUMNS.items()]
    FILE.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
