"""A table as a file: CSV, Parquet or Arrow, whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..check import came, writable
from .column import Column
from .files import Format
from .foreign import pyarrow

if TYPE_CHECKING:
    import pandas as pd

OBJECTS = {"double": "float64", "integer": "int64", "logical": "bool_", "date": "date32", "text": "string"}

ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}


def table_path(name: str, path: Any) -> tuple[Path, Format]:
    """A path that a table can be written to, and the format that it names; name: what errors call the argument."""
    file = Path(writable(name, path))
    ending = file.suffix.lower()
    if ending not in ENDINGS:
        words = ", ".join(ENDINGS)
        raise ValueError(f"`{name}` must be the path of a file that ends in one of {words}, not {came(str(path))}.")
    return file, ENDINGS[ending]


def as_rows(rows: Any) -> pd.DataFrame:
    """Rows as a data frame; columns of an array are named 1, 2, ..."""
    import pandas as pd

    if isinstance(rows, pd.DataFrame):
        return rows
    array = np.asarray(rows) if hasattr(rows, "shape") else np.zeros(0)
    if array.ndim != 2:
        raise ValueError("a table must have rows of one length and one dimension to be written to a file.")
    return pd.DataFrame(array, columns=[str(i + 1) for i in range(array.shape[-1])])


def write_table(file: Path, table: Any, of_format: Format, columns: Sequence[Column] = ()) -> None:
    """Write a pandas DataFrame, without its index. columns: what it was made of, if they are known."""
    with whole_file(file) as partial:
        if of_format == "csv":
            table.to_csv(partial, index=False)
            return
        pa = pyarrow(f"{came(str(file))}")
        arrow = pa.Table.from_pandas(table, schema=arrow_schema(columns, table), preserve_index=False)
        if of_format == "parquet":
            from pyarrow import parquet

            parquet.write_table(arrow, partial)
        else:
            from pyarrow import feather

            feather.write_feather(arrow, str(partial))


def arrow_schema(columns: Sequence[Column], table: Any) -> Any:
    """The Arrow schema of a data frame of columns: of objects that are all missing in it, too; dates are days."""
    pa = pyarrow("Arrow's types")
    schema = pa.Schema.from_pandas(table, preserve_index=False)
    for i, (field, column) in enumerate(zip(schema, columns, strict=False)):
        if column.type == "date" or (pa.types.is_null(field.type) and column.type in OBJECTS):
            schema = schema.set(i, field.with_type(getattr(pa, OBJECTS[column.type])()))
    return schema


@contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """The path of a temporary file beside a file, which takes its place once all is written and on the disk.

    Where anything goes wrong, an older file stays as it was.
    """
    file = file.resolve()  # a link stays a link
    partial = file.with_name(f".{file.name[:100]}-{secrets.token_hex(8)}.part")
    try:
        yield partial
        to_disk(partial)
        if file.exists():
            partial.chmod(file.stat().st_mode & 0o777)
        partial.replace(file)
        to_disk(file.parent)
    except BaseException:  # an interrupt, too, must leave nothing behind
        partial.unlink(missing_ok=True)
        raise


def to_disk(path: Path) -> None:
    """Wait until what was written to a file, or the names in a folder, are on the disk."""
    if path.is_dir() and os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
