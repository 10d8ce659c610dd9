"""Tables from files, as the data frames that pandas reads from them. pyarrow reads all formats but CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..check import came
from .files import File, FilesError, files_of
from .foreign import from_arrow, pyarrow

DAY = r"\d{4}-\d{2}-\d{2}"  # ISO 8601
TIME = DAY + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?"


def read_files(data: Any, argument: str = "data") -> Any:
    """The pandas DataFrame of the rows of one file, or of all rows of several.

    Parquet, Arrow and Feather files have the types that they were written with. CSV files are read as by
    `pandas.read_csv`; columns of texts that are all dates or times of ISO 8601 become such.

    Raises FilesError, an OSError, for files that can't be read or have different columns, and ImportError if pyarrow is
    needed and not installed.
    """
    files = files_of(data, argument)
    if files[0].format == "csv":
        return _read_texts(files, argument)
    tables = []
    for file in files:
        with errors_of(file, argument):
            tables.append(_read_arrow(file))
        file.check_unchanged(argument)
    for file, table in zip(files, tables, strict=True):
        check_columns(file, types_of(table.schema), files[0], types_of(tables[0].schema), argument)
    pa = pyarrow("such files")
    first = tables[0]
    ordered = [first, *(table.select(first.column_names) for table in tables[1:])]
    return from_arrow(pa.concat_tables(ordered, promote_options="default") if ordered[1:] else first)


@contextmanager
def errors_of(file: File, argument: str) -> Iterator[None]:
    """What goes wrong with reading a file is told with its name."""
    if file.format != "csv":
        pyarrow(f"{file.name} of `{argument}`")
    try:
        yield
    except (FilesError, ImportError, MemoryError):
        raise
    except (OSError, ValueError, KeyError, TypeError, NotImplementedError, EOFError) as error:
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise FilesError(f"`{argument}` must be whole files, not {file.name}, which can't be read: {reason}.") from None


def _read_arrow(file: File) -> Any:
    from pyarrow import feather, parquet

    if file.format == "parquet":
        return parquet.ParquetFile(file.path).read(use_threads=False)
    return feather.read_table(str(file.path), use_threads=False)


def types_of(schema: Any) -> dict[str, str]:
    """Names and types of columns; of dictionaries that of their values."""
    return {field.name: word_of_type(field.type) for field in schema}


def word_of_type(arrow_type: Any) -> str:
    """An Arrow type in few words, the same for texts of all lengths."""
    word = str(getattr(arrow_type, "value_type", arrow_type) if str(arrow_type).startswith("dict") else arrow_type)
    return {"large_string": "string", "string_view": "string"}.get(word, word)


def check_columns(
    file: File, types: dict[str, str], first: File, wanted: dict[str, str], argument: str, promoted: bool = False
) -> None:
    """Raise FilesError for a file without a column of the first one, with another one, or with one of another type.

    promoted: whether whole numbers go with others, and missing values with all, as in files of texts.
    """
    for name in (*wanted, *types):
        if name not in types or name not in wanted:
            has, lacks = (first, file) if name in wanted else (file, first)
            raise FilesError(
                f"`{argument}` must be files with the same columns: {came(name)} is in {has.name} and not in"
                f" {lacks.name}."
            )
        mine, theirs = wanted[name], types[name]
        numbers = promoted and {mine, theirs} <= {"int64", "float64", "bool"} and "bool" not in {mine, theirs}
        if mine != theirs and "null" not in (mine, theirs) and not numbers:
            raise FilesError(
                f"`{argument}` must be files whose columns have the same types: {came(name)} is {mine} in {first.name}"
                f" and {theirs} in {file.name}."
            )


# --- texts ----------------------------------------------------------------------------------------------------------


def _read_texts(files: Sequence[File], argument: str) -> Any:
    import pandas as pd

    frames = []
    for file in files:
        with errors_of(file, argument):
            frames.append(pd.read_csv(file.path, sep=file.separator, low_memory=False))
        check_separator(file, list(frames[-1].columns), argument)
        file.check_unchanged(argument)
    for file, frame in zip(files, frames, strict=True):
        check_columns(file, _types_of_texts(frame), files[0], _types_of_texts(frames[0]), argument, promoted=True)
    frames = [frames[0], *(frame[frames[0].columns] for frame in frames[1:] if len(frame))]
    return with_times(pd.concat(frames, ignore_index=True) if frames[1:] else frames[0])


def check_separator(file: File, names: Sequence[Any], argument: str) -> None:
    """Raise FilesError for a file of one column whose name shows that others are separated in another way."""
    other = next((mark for mark in (";", "\t", "|") if len(names) == 1 and mark in str(names[0])), None)
    if other is not None:
        shown = "tabs" if other == "\t" else came(other)
        remedy = "Name it .tsv." if other == "\t" else "Read it first, by pandas.read_csv() or read.csv2()."
        raise FilesError(f"`{argument}` must be files separated by commas, not by {shown} as {file.name} is. {remedy}")


def _types_of_texts(frame: Any) -> dict[str, str]:
    def word(series: Any) -> str:
        if series.isna().all():
            return "null"
        return str(series.dtype) if series.dtype.kind in "iufb" else "text"

    return {str(name): word(frame[name]) for name in frame.columns}


def with_times(frame: Any) -> Any:
    """The data frame with columns of dates and times instead of texts that are all of ISO 8601."""
    changed = {name: times for name in frame.columns if (times := as_times(frame[name])) is not None}
    return frame.assign(**changed) if changed else frame


def as_times(series: Any) -> Any:
    """Texts that are all dates or times as such; None for others."""
    import pandas as pd

    if series.dtype.kind in "iufbmM" or not (pd.api.types.is_string_dtype(series) or series.dtype == object):
        return None
    present = series.dropna()
    if not len(present) or not isinstance(present.iloc[0], str):
        return None
    pattern = next((p for p in (DAY, TIME) if pd.Series([present.iloc[0]]).str.fullmatch(p).iloc[0]), None)
    if pattern is None or not bool(present.str.fullmatch(pattern).all()):
        return None
    zoned = present.str.contains(r"(?:Z|[+-]\d{2}:?\d{2})$") if pattern == TIME else np.zeros(1, dtype=bool)
    if zoned.any() != zoned.all():
        return None
    try:
        times = pd.to_datetime(series, format="ISO8601", utc=bool(zoned.all()))
    except ValueError:  # the thirtieth of February
        return None
    return times.astype("datetime64[us, UTC]" if zoned.all() else "datetime64[us]")
