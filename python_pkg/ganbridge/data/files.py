"""Files that hold a table: which they are, what format they have, and whether they stay as they were."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..check import fail

Format = Literal["parquet", "arrow", "csv"]
FORMATS: dict[str, Format] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".csv": "csv",
    ".tsv": "csv",
}
PACKED = (".gz", ".bz2", ".xz", ".zip", ".zst")  # of texts
WANTED = 'a Parquet, Arrow, Feather or CSV file, a folder of such files, or a pattern such as "folder/*.parquet"'
NAMES = "Their names end in .parquet, .arrow, .feather, .csv or .csv.gz."
LISTED = 3  # files in an error


class FilesError(OSError):
    """A file can't be read as a table, or does not go with the others."""


@dataclass(frozen=True)
class File:
    """One file of a table, as it was when it was found. stamp: its size and the time of its last change."""

    path: Path
    format: Format
    stamp: tuple[int, int]

    @property
    def name(self) -> str:
        """The file as errors call it, whole."""
        return quoted(self.path)

    @property
    def separator(self) -> str:
        """What separates the values of a text file."""
        return "\t" if ".tsv" in self.path.suffixes else ","

    def check_unchanged(self, argument: str) -> None:
        """Raise FilesError if the file is no longer what it was."""
        try:
            now = _stamp(self.path)
        except OSError:
            now = None
        if now != self.stamp:
            what = "was removed" if now is None else "changed"
            raise FilesError(f"`{argument}` must be files that stay as they are: {self.name} {what} while it was read.")


def quoted(path: Any) -> str:
    """A path as errors show it: `came` would cut off its end, which tells files apart."""
    return f'"{path}"'


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def names_files(data: Any) -> bool:
    """Whether data are one path or several."""
    several = isinstance(data, (list, tuple)) and len(data) > 0 and all(isinstance(e, (str, os.PathLike)) for e in data)
    return several or isinstance(data, (str, os.PathLike))


def files_of(data: Any, argument: str) -> list[File]:
    """The files of one path, of several, of folders or of patterns, in the order of their names within each.

    Raises FileNotFoundError for paths without a file, FilesError for files of different formats.
    """
    paths = [path for part in (data if isinstance(data, (list, tuple)) else [data]) for path in _paths(part, argument)]
    files = [File(path, _format(path, argument), _stamp(path)) for path in paths]
    different = next((file for file in files if file.format != files[0].format), None)
    if different is not None:
        raise FilesError(
            f"`{argument}` must be files of one format, not {files[0].name} ({files[0].format}) and {different.name}"
            f" ({different.format})."
        )
    return files


def _paths(part: Any, argument: str) -> Sequence[Path]:
    text = os.fspath(part)
    if not isinstance(text, str) or not text or "\0" in text:
        fail(argument, WANTED, part)
    path = Path(text).expanduser()
    if path.suffix == ".gan":
        fail(argument, WANTED, text, "Load the fit first: ganbridge.load().", TypeError)
    if path.is_dir():
        found = sorted(entry for entry in path.rglob("*") if _is_part(entry, path))
        if not found:
            raise FilesError(f"`{argument}` must be a folder with files of a table, not {quoted(text)}. {NAMES}")
        return found
    if path.exists():
        return [path]
    magic = glob.has_magic(text)
    found = sorted(entry for entry in _matching(path) if entry.is_file()) if magic else []
    if not found:
        what = "no file has a name like it" if magic else "there is no such file"
        raise FileNotFoundError(f"`{argument}` must be {WANTED}, not {quoted(text)}: {what}.")
    return found


def _matching(pattern: Path) -> Iterator[Path]:
    """Paths that fit a pattern."""
    fixed = next(i for i, part in enumerate(pattern.parts) if glob.has_magic(part))
    return Path(*pattern.parts[:fixed]).glob(str(Path(*pattern.parts[fixed:])))


def _is_part(entry: Path, folder: Path) -> bool:
    """Whether a file of a folder belongs to its table; names that begin with a dot or an underscore never do."""
    hidden = any(part.startswith((".", "_")) for part in entry.relative_to(folder).parts)
    return not hidden and _known_format(entry) is not None and entry.is_file()


def _known_format(path: Path) -> Format | None:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        packed = FORMATS.get(suffixes[-2]) if len(suffixes) > 1 else None
        return packed if packed == "csv" else None
    return FORMATS.get(suffixes[-1]) if suffixes else None


def _format(path: Path, argument: str) -> Format:
    of_file = _known_format(path)
    if of_file is None:
        raise FilesError(f"`{argument}` must be {WANTED}, not {quoted(path)}. {NAMES}")
    return of_file
