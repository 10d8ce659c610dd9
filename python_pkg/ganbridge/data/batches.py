"""Tables that don't fit into memory, as Arrow record batches that can be read again: files, and what is put into one.

Files of texts, and streams that can be read once only, become a Parquet file in the machine's temporary folder, which
is removed with the last use of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..config import IN_MEMORY_CELLS
from .files import File, FilesError, files_of
from .foreign import pyarrow
from .read import check_columns, errors_of, types_of
from .texts_to_parquet import cells_of_texts, texts_to_parquet

BATCH_ROWS = 2**17


class Batches:
    """Record batches of one table, in the same order every time.

    rows: in all. argument: what errors call the table. schema: Arrow's, of all batches.
    """

    rows: int
    schema: Any

    def __init__(self, argument: str) -> None:
        self.argument = argument

    @property
    def cells(self) -> int:
        """Rows times columns."""
        return self.rows * len(self.schema.names)

    def __iter__(self) -> Iterator[Any]:
        rows = 0
        for batch in self._batches():
            if batch.num_rows:
                rows += batch.num_rows
                yield batch
        if rows != self.rows:
            raise FilesError(
                f"`{self.argument}` must be a table that stays as it is: it had {self.rows:,} rows at first and"
                f" {rows:,} when it was read."
            )

    def _batches(self) -> Iterator[Any]:
        raise NotImplementedError


class FileBatches(Batches):
    """Parquet and Arrow files. folder: a temporary one that holds them, if there is one."""

    def __init__(self, files: Sequence[File], argument: str, folder: Any = None) -> None:
        super().__init__(argument)
        self.files, self.folder, self.rows = files, folder, 0
        schemas = []
        for file in files:
            with errors_of(file, argument):
                schema, rows = _facts(file)
            schemas.append(schema)
            self.rows += rows
        self.schema = schemas[0]
        for file, schema in zip(files, schemas, strict=True):
            check_columns(file, types_of(schema), files[0], types_of(self.schema), argument)
        for schema in schemas:  # a column without any value in the first file has the type that others give it
            for i, field in enumerate(self.schema):
                if str(field.type) == "null":
                    self.schema = self.schema.set(i, schema.field(field.name))

    def _batches(self) -> Iterator[Any]:
        for file in self.files:
            file.check_unchanged(self.argument)
            with errors_of(file, self.argument):
                for batch in _batches_of(file):
                    yield self._like_first(batch)
            file.check_unchanged(self.argument)

    def _like_first(self, batch: Any) -> Any:
        """The batch with the columns in the order and of the types of the first file's."""
        if batch.schema.equals(self.schema):
            return batch
        pa = pyarrow("record batches")
        columns = [batch.column(batch.schema.get_field_index(name)) for name in self.schema.names]
        cast = [
            c if c.type == field.type else c.cast(field.type) for c, field in zip(columns, self.schema, strict=True)
        ]
        return pa.RecordBatch.from_arrays(cast, schema=self.schema)


def _facts(file: File) -> tuple[Any, int]:
    """The schema and the number of rows of a file, without reading the rows."""
    from pyarrow import ipc, memory_map, parquet

    if file.format == "parquet":
        opened = parquet.ParquetFile(file.path)
        return opened.schema_arrow, opened.metadata.num_rows
    with memory_map(str(file.path)) as source:
        opened = ipc.open_file(source)
        return opened.schema, sum(opened.get_batch(i).num_rows for i in range(opened.num_record_batches))


def _batches_of(file: File) -> Iterator[Any]:
    from pyarrow import ipc, memory_map, parquet

    if file.format == "parquet":
        yield from parquet.ParquetFile(file.path).iter_batches(batch_size=BATCH_ROWS, use_threads=False)
        return
    with memory_map(str(file.path)) as source:
        opened = ipc.open_file(source)
        for i in range(opened.num_record_batches):
            batch = opened.get_batch(i)
            for start in range(0, batch.num_rows, BATCH_ROWS):
                yield batch.slice(start, BATCH_ROWS)


class DatasetBatches(Batches):
    """A dataset of Arrow."""

    def __init__(self, dataset: Any, argument: str) -> None:
        super().__init__(argument)
        self.dataset, self.schema, self.rows = dataset, dataset.schema, dataset.count_rows()

    def _batches(self) -> Iterator[Any]:
        yield from self.dataset.to_batches(batch_size=BATCH_ROWS, use_threads=False)


def batches_of_files(data: Any, argument: str) -> Batches | None:
    """The batches of files with more cells than fit into memory; None for others."""
    files = files_of(data, argument)
    if files[0].format == "csv":
        if sum(cells_of_texts(file, argument) for file in files) <= IN_MEMORY_CELLS:
            return None
        folder, path = _temporary()
        texts_to_parquet(files, path, argument)
        return FileBatches(files_of(path, argument), argument, folder)
    batches = FileBatches(files, argument)
    return batches if batches.cells > IN_MEMORY_CELLS else None


def batches_of_stream(parts: Iterable[Any], argument: str) -> Batches | list[Any]:
    """The batches of a stream of Arrow tables with more cells than fit into memory, or else these tables."""
    waiting, cells = list[Any](), 0
    remaining = iter(parts)
    for part in remaining:
        waiting.append(part)
        cells += part.num_rows * part.num_columns
        if cells > IN_MEMORY_CELLS:
            break
    else:
        return waiting
    folder, path = _temporary()
    _write(path, _chained(waiting, remaining))
    return FileBatches(files_of(path, argument), argument, folder)


def _chained(waiting: list[Any], remaining: Iterator[Any]) -> Iterator[Any]:
    while waiting:
        yield waiting.pop(0)
    yield from remaining


def _temporary() -> tuple[Any, Path]:
    folder = tempfile.TemporaryDirectory(prefix="ganbridge-")
    return folder, Path(folder.name) / "rows.parquet"


def _write(path: Path, tables: Iterator[Any]) -> None:
    from pyarrow import parquet

    first = next(tables)
    with parquet.ParquetWriter(path, first.schema, compression="lz4") as out:
        out.write_table(first)
        for table in tables:
            out.write_table(table if table.schema.equals(first.schema) else table.cast(first.schema))
