"""Files of texts that don't fit into memory as one Parquet file, part by part, of the types that all values allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .files import File
from .foreign import pyarrow
from .read import as_times, check_columns, check_separator, errors_of

ROWS = 2**18  # that are read at once
SAMPLED_BYTES = 2**20  # of a file, by which its rows are counted
READ_AS = {"float": "float64", "text": "str"}  # pandas' types
NUMBERS = {"i": "int", "u": "int", "f": "float", "b": "bool"}


def cells_of_texts(file: File, argument: str) -> int:
    """About how many cells a file has: its lines times the columns of the first one."""
    import pandas as pd

    with errors_of(file, argument):
        names = pd.read_csv(file.path, sep=file.separator, nrows=0).columns
        check_separator(file, list(names), argument)
        columns = len(names)
        if file.path.suffix.lower() in (".csv", ".tsv"):
            with file.path.open("rb") as lines:
                first = lines.read(SAMPLED_BYTES)
            return columns * first.count(b"\n") * file.stamp[0] // max(1, len(first))
        reader = pd.read_csv(file.path, sep=file.separator, usecols=[0], chunksize=ROWS, dtype=str)
        return columns * sum(len(part) for part in reader)


def texts_to_parquet(files: Sequence[File], path: Path, argument: str) -> None:
    """Write all rows of files, whose columns have the same names."""
    pyarrow(f"files of `{argument}` that don't fit into memory")
    types = dict[str, str]()
    while True:  # from the start again if a later part shows that a column is of another type
        wider = _written(files, path, types, argument)
        if wider is None:
            return
        types |= wider


def _written(files: Sequence[File], path: Path, types: dict[str, str], argument: str) -> dict[str, str] | None:
    """Write columns of these types, or of those of the first part; None, or types that hold what comes later, too."""
    from pyarrow import parquet

    out = None
    try:
        for part in _parts(files, types, argument):
            columns = {str(name): _read(part[name], types.get(str(name))) for name in part.columns}
            wider = {name: _wider(types.get(name, "null"), found) for name, (_, found) in columns.items()}
            if out is None:
                types |= wider
                out = parquet.ParquetWriter(path, _schema(types), compression="lz4")
            elif wider != types:
                return wider
            out.write_table(_table(columns, out.schema))
        return None
    finally:
        if out is not None:
            out.close()


def _parts(files: Sequence[File], types: dict[str, str], argument: str) -> Iterator[Any]:
    """Data frames of some rows, all with the columns of the first one."""
    import pandas as pd

    names: Any = None
    for file in files:
        fixed: Any = {name: READ_AS[of_type] for name, of_type in types.items() if of_type in READ_AS}
        with errors_of(file, argument):
            for part in pd.read_csv(file.path, sep=file.separator, chunksize=ROWS, dtype=fixed, low_memory=False):
                names = part.columns if names is None else names
                check_columns(file, dict.fromkeys(part.columns, ""), files[0], dict.fromkeys(names, ""), argument)
                yield part[names]
        file.check_unchanged(argument)


def _read(series: Any, known: str | None) -> tuple[Any, str]:
    """Values of a column of one part, and the type that they have."""
    import pandas as pd

    if series.isna().all():
        return series, "null"
    if series.dtype.kind in NUMBERS:
        return series, NUMBERS[series.dtype.kind]
    if pd.api.types.infer_dtype(series, skipna=True) == "boolean":
        return series, "bool"
    times = None if known == "text" else as_times(series)
    if times is None:
        return series, "text"
    return times, "time" if times.dt.tz is None else "zoned"


def _wider(one: str, other: str) -> str:
    """The type that holds the values of both."""
    if one == other or other == "null":
        return one
    if one == "null":
        return other
    return "float" if {one, other} == {"int", "float"} else "text"


def _schema(types: dict[str, str]) -> Any:
    pa = pyarrow("Arrow's types")
    of_types = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "text": pa.string(), "null": pa.null()}
    of_types |= {"time": pa.timestamp("us"), "zoned": pa.timestamp("us", "UTC")}
    return pa.schema([(name, of_types[of_type]) for name, of_type in types.items()])


def _table(columns: dict[str, tuple[Any, str]], schema: Any) -> Any:
    pa = pyarrow("Arrow's tables")
    arrays = [
        pa.nulls(len(values), schema.field(name).type) if found == "null" else _array(values, schema.field(name).type)
        for name, (values, found) in columns.items()
    ]
    return pa.table(arrays, schema=schema)


def _array(values: Any, of_type: Any) -> Any:
    return pyarrow("Arrow's arrays").array(values, from_pandas=True).cast(of_type)
