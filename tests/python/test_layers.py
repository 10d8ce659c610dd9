"""The order of the house: rows import only from rows above, as CONTRIBUTING.md shows it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "python_pkg" / "ganbridge"

# To change this order, change the table in CONTRIBUTING.md with it.
ROWS = [
    {"check", "version"},
    {"config", "encode", "objectives", "judging", "plot", "datasets", "metrics", "interpolation", "idx"},
    {"networks", "optimizers", "diagnosis", "image_features", "matching", "meanings", "verdicts", "plain", "archive"},
    {"gradients", "calibration", "sides", "findings"},
    {"trainer", "comparison", "page"},
    {"callbacks", "selection", "sampling", "evaluation"},
    {"fitted"},
    {"run", "pictures"},
    {"fitting", "reporting"},
    {"bridge"},
    {"__init__"},
]
FOLDERS = {
    "encode": [
        {"series"},
        {"data"},
        {"arrays", "column", "components"},
        {"category", "unequal"},
        {"table", "wave", "image"},
        {"given"},
        {"conditions"},
        {"__init__"},
    ],
    "networks": [{"members"}, {"dense", "convolutional"}, {"__init__"}],
    "judging": [
        {"neighbours", "variables", "classifiers"},
        {"features"},
        {"fidelity", "marginals", "modes", "pairs", "privacy", "signals", "utility"},
        {"pixels"},
        {"__init__"},
    ],
    "plot": [
        {"panels", "values", "density"},
        {"marks", "channels"},
        {"images", "losses", "waves", "blends", "compare", "evaluation"},
        {"training", "walk"},
        {"animation"},
        {"__init__"},
    ],
}
WITHOUT_TORCH = set.union(*ROWS[:2]) - {"objectives"} | {
    "matching",
    "meanings",
    "verdicts",
    "findings",
    "plain",
    "sides",
    "comparison",
    "evaluation",
    "reporting",
    "__init__",
}
TORCH_WHEN_CALLED = {("encode", "components"), ("encode", "unequal")}  # they import torch inside a function
ONLY_IN = {
    "matplotlib": {"plot"},
    "PIL": {"plot"},
    "sklearn": {"judging"},
    "safetensors": {"archive"},
    "importlib": {"__init__", "version"},
}
FILES = sorted(CORE.rglob("*.py"))


def place(file: Path) -> tuple[str, ...]:
    """`trainer.py` -> ("trainer",), `encode/table.py` -> ("encode", "table")."""
    return file.relative_to(CORE).with_suffix("").parts


def imported(file: Path, in_functions: bool = True) -> Iterator[str]:
    """Full names of what a file imports, also inside functions; what only type checkers read is left out."""
    folder = ["ganbridge", *place(file)[:-1]]
    for node in executed(ast.parse(file.read_text(encoding="utf-8")), in_functions):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            # `from . import check` names a module, `from .check import came` does not.
            yield from (
                f"{module}.{alias.name}" if is_module(f"{module}.{alias.name}") else module for alias in node.names
            )


def executed(tree: ast.AST, in_functions: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and not in_functions:
            continue
        yield node
        yield from executed(node, in_functions)


def is_module(name: str) -> bool:
    path = CORE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def row_of(name: str, rows: list[set[str]]) -> int:
    found = [number for number, names in enumerate(rows) if name in names]
    assert len(found) == 1, f"{name} must stand in one row"
    return found[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(place(file)))
def test_a_file_imports_only_from_rows_above_it(file):
    here = place(file)
    for name in imported(file):
        parts = name.split(".")
        if parts[0] != "ganbridge":
            continue
        target = parts[1:] or ["__init__"]
        if here[0] in FOLDERS and target[0] == here[0]:
            rows, above, below = FOLDERS[here[0]], (target[1:] or ["__init__"])[0], here[1]
        else:
            rows, above, below = ROWS, target[0], here[0]
        assert row_of(above, rows) < row_of(below, rows), f"{'/'.join(here)} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(place(file)))
def test_a_file_imports_only_the_libraries_of_its_row(file):
    here = place(file)[0]
    libraries = {name.split(".")[0] for name in imported(file)}
    if here in WITHOUT_TORCH:
        at_once = imported(file, in_functions=place(file) not in TORCH_WHEN_CALLED)
        assert "torch" not in {name.split(".")[0] for name in at_once}
    for library, homes in ONLY_IN.items():
        assert here in homes or library not in libraries, library


def test_every_file_has_its_row():
    assert {place(file)[0] for file in FILES} == set.union(*ROWS)
    for folder, rows in FOLDERS.items():
        assert {place(file)[1] for file in FILES if place(file)[0] == folder} == set.union(*rows)


def test_contributing_shows_the_same_rows():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| (\d+) \| ([^|]*) \|", text, flags=re.MULTILINE)
    assert [int(number) for number, _ in shown] == list(range(len(ROWS)))
    for (_, cell), names in zip(shown, ROWS, strict=True):
        assert {name.removesuffix(".py").rstrip("/") for name in re.findall(r"`([^`]*)`", cell)} == names


@pytest.mark.parametrize(
    "module", ["ganbridge", *(f"ganbridge.{name}" for name in sorted(WITHOUT_TORCH - {"__init__", "plot"}))]
)
def test_importing_a_part_without_torch_loads_no_large_library(module):
    code = f"import sys, {module}; print(*{{'torch', 'matplotlib', 'pandas', 'sklearn'}} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.split() == []


def test_the_reader_of_imports_sees_what_it_should(monkeypatch):
    file = CORE / "encode" / "imagined.py"
    text = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import torch
from . import data, Data
from ..check import came
from .. import check
def f():
    import pandas as pd
    from ganbridge.fitted import load
"""
    monkeypatch.setattr(Path, "read_text", lambda self, encoding=None: text)
    assert set(imported(file)) == {
        "typing",
        "ganbridge.encode.data",
        "ganbridge.encode",
        "ganbridge.check",
        "pandas",
        "ganbridge.fitted",
    }
    assert set(imported(file, in_functions=False)) == {
        "typing",
        "ganbridge.encode.data",
        "ganbridge.encode",
        "ganbridge.check",
    }
