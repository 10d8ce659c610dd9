"""Files of every released version load, give the same samples as then, and can be saved again in the newest format.

tests/shared/files/VERSION holds fits, and five rows sampled from each with seed 5, written by tools/write_files.py of
that version.
"""

import importlib.util
import re
import sys
from io import StringIO
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge.kinds import KINDS
from ganbridge.model import file
from ganbridge.model.reader import READERS

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests" / "shared" / "files").glob("*/*.gan"))
CLOSE = 1e-4  # of a column's largest number; processors differ by less than a tenth of it
UNRELEASED = {3}  # formats between two releases
FLIPS = 2  # values of a file that may differ by more, if a sum is on the border between two rounded values
ids = ["-".join(path.with_suffix("").parts[-2:]) for path in FILES]


def loaded_tool_of(name: str) -> ModuleType:
    """A file of tools/ as a module."""
    sys.path.insert(0, str(ROOT / "tools"))  # for golden.py in the same folder
    try:
        spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
        tool = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(tool)
    finally:
        sys.path.pop(0)
    return tool


TOOL = loaded_tool_of("write_files")


def different(found: pd.DataFrame, wanted: pd.DataFrame) -> int:
    """How many values differ."""
    assert list(found.columns) == list(wanted.columns)
    assert found.shape == wanted.shape
    count = 0
    for name in wanted:
        a, b = found[name], wanted[name]
        if pd.api.types.is_numeric_dtype(b) and b.dtype != bool:
            size = np.nanmax(np.abs(b)) if b.notna().any() else 1.0
            same = np.isclose(a.astype(float), b.astype(float), rtol=0, atol=CLOSE * size, equal_nan=True)
        else:
            same = (a.astype(str) == b.astype(str)).to_numpy()
        count += int((~same).sum())
    return count


def samples(gan: ganbridge.FittedGan) -> bytes:
    """All that a fit samples, as bytes."""
    labelled = [] if gan.conditions is None else [gan.sample_with_conditions(7, seed=4)[1]]
    parts = [gan.sample(7, seed=4), gan.interpolate(4, seed=4), *gan.trace.samples, *labelled]
    return "".join(TOOL.to_csv(part) for part in parts).encode()


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_a_file_of_a_release_gives_the_same_samples(path):
    gan = ganbridge.load(path)
    assert gan.version == path.parent.name
    header = 0 if gan.schema["form"] == "frame" else None
    wanted = pd.read_csv(path.with_suffix(".csv"), header=header)
    if header is None:  # 0.1.0's file of waves of different lengths is wider than the longest one
        wanted = wanted.dropna(axis=1, how="all")
    found = pd.read_csv(StringIO(TOOL.to_csv(gan.sample(len(wanted), seed=5))), header=header)
    assert different(found, wanted) <= FLIPS


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_a_file_of_a_release_has_all_functions_of_a_new_fit(path, tmp_path):
    gan = ganbridge.load(path)
    assert re.match(rf"<ganbridge fit> {gan.kind}: [\d,]+ (rows|waves|images) ", str(gan))
    assert "all steps were run" in str(gan)
    assert len(gan.interpolate(4, seed=1)) == 4
    assert len(gan.history) == gan.epochs == len(gan.trace)
    assert isinstance(gan.shares(), list)
    if gan.conditions is not None:
        drawn = gan.sample_with_conditions(6, seed=1)[1]
        assert gan.sample_with_conditions(6, given=drawn, seed=2)[1].astype(str).equals(drawn.astype(str))
    gan.save(tmp_path / "again.gan")
    saved = (tmp_path / "again.gan").read_bytes()
    assert file.read_header(saved)["format"] == file.FORMAT
    again = ganbridge.load(tmp_path / "again.gan")
    assert again.to_bytes() == saved
    assert str(again) == str(gan)
    assert samples(again) == samples(gan)


def test_every_format_has_a_reader_and_every_older_format_has_files():
    assert sorted(READERS) == list(range(file.OLDEST, file.FORMAT + 1))
    formats = {file.read_header(path.read_bytes())["format"] for path in FILES}
    assert formats | UNRELEASED | {file.FORMAT} == set(READERS)


def test_seconds_in_a_history_of_format_3_are_left_out(monkeypatch):
    gan = ganbridge.fit(ganbridge.make_waves(n=20, m=30, seed=1), kind="wave", epochs=2, seed=1)
    newest = gan.to_bytes()
    monkeypatch.setattr(file, "FORMAT", 3)
    gan.history_columns["seconds"] = gan.seconds
    older = gan.to_bytes()
    monkeypatch.undo()
    assert file.read_header(older)["format"] == 3
    assert ganbridge.from_bytes(older).to_bytes() == newest


def test_files_of_a_release_are_of_every_kind_and_network():
    for folder in {path.parent for path in FILES}:
        fits = [ganbridge.load(path) for path in FILES if path.parent == folder]
        assert {gan.kind for gan in fits} == set(KINDS)
        assert {gan.config.network for gan in fits} == {"dense", "convolutional"}
        assert any(gan.labelled for gan in fits)
        assert (folder / "fit.rds").exists()


def test_a_release_gets_a_folder_with_the_same_files_once(tmp_path, monkeypatch):
    monkeypatch.setattr(TOOL, "FILES", tmp_path)
    monkeypatch.setattr(TOOL, "SMALL", TOOL.SMALL | {"steps": 2})
    TOOL.main()
    folder = tmp_path / ganbridge.__version__
    assert {path.name for path in FILES} <= {path.name for path in folder.iterdir()}
    for path in folder.glob("*.gan"):
        assert TOOL.to_csv(ganbridge.load(path).sample(5, seed=5)) == path.with_suffix(".csv").read_text("utf-8")
    with pytest.raises(SystemExit, match="not written again"):
        TOOL.main()
