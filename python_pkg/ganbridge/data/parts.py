"""A table that is written part by part: parts in a folder beside the file that they become in the end.

The name of a part says how many rows there are up to its end, and where to go on after it, so that a later call finds
what an earlier one has left.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .column import Column
from .files import Format
from .foreign import pyarrow
from .write import arrow_schema, to_disk, whole_file

ABOUT = "about.json"
CUT = "end"  # instead of where to go on: rows were cut off, so that the next part can't follow


@dataclass(frozen=True)
class Part:
    """rows: up to its end. after: where to go on; None if that can't be done."""

    path: Path
    number: int
    rows: int
    after: int | None


class Parts:
    """The parts of a table that becomes one file. about: what they are part of; others are thrown away."""

    def __init__(self, file: Path, of_format: Format) -> None:
        self.file, self.format = file.resolve(), of_format
        self.folder = self.file.with_name(f".{self.file.name[:100]}.parts")
        self.schema: Any = None

    def known(self) -> dict[str, Any] | None:
        """What the parts that an earlier call has left belong to; None if there are none."""
        try:
            about = json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return about if isinstance(about, dict) else None

    def open(self, about: Mapping[str, Any], n: int) -> list[Part]:
        """The parts of such a table of n rows that are there already, and go on from each other."""
        if self.known() != dict(about):
            self.remove()
            self.folder.mkdir()
            (self.folder / ABOUT).write_text(json.dumps(dict(about)), encoding="utf-8")
            to_disk(self.folder / ABOUT)
        parts = list[Part]()
        for part in sorted(self._found(), key=lambda part: part.number):
            follows = part.number == len(parts) and (not parts or parts[-1].after is not None)
            if follows and (part.rows < n if part.after is not None else part.rows == n):
                parts.append(part)
            else:
                part.path.unlink()
        return parts

    def _found(self) -> Iterator[Part]:
        for path in self.folder.glob(f"*-*-*.{self.format}"):
            number, rows, after = path.stem.split("-")
            yield Part(path, int(number), int(rows), None if after == CUT else int(after))

    def add(self, columns: Sequence[Column], table: Any, number: int, rows: int, after: int | None) -> Part:
        """Write one part: a data frame of these columns."""
        name = f"{number:06d}-{rows}-{CUT if after is None else after}.{self.format}"
        with whole_file(self.folder / name) as partial:
            if self.format == "csv":
                table.to_csv(partial, index=False, header=number == 0)
            else:
                self._write_arrow(partial, columns, table)
        return Part(self.folder / name, number, rows, after)

    def _write_arrow(self, path: Path, columns: Sequence[Column], table: Any) -> None:
        pa = pyarrow(f'"{self.file}"')
        if self.schema is None:
            self.schema = arrow_schema(columns, table)
        with _writer(self.format, path, self.schema) as out:
            out.write_table(pa.Table.from_pandas(table, schema=self.schema, preserve_index=False))

    def finish(self, parts: Sequence[Part]) -> None:
        """Make the file of all parts, and remove them."""
        with whole_file(self.file) as partial:
            if self.format == "csv":
                with partial.open("wb") as out:
                    for part in parts:
                        with part.path.open("rb") as source:
                            shutil.copyfileobj(source, out, 2**20)
            else:
                self._join(partial, parts)
        self.remove()

    def _join(self, path: Path, parts: Sequence[Part]) -> None:
        from pyarrow import feather, parquet

        def read(part: Part) -> Any:
            if self.format == "parquet":
                return parquet.ParquetFile(part.path).read(use_threads=False)
            return feather.read_table(str(part.path), use_threads=False)

        first = read(parts[0])
        with _writer(self.format, path, first.schema) as out:
            for part in parts:
                out.write_table(first if part is parts[0] else read(part))

    def remove(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _writer(of_format: Format, path: Path, schema: Any) -> Any:
    from pyarrow import ipc, parquet

    if of_format == "parquet":
        return parquet.ParquetWriter(path, schema)
    return ipc.new_file(str(path), schema, options=ipc.IpcWriteOptions(compression="lz4"))
