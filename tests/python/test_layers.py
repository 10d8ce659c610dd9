"""The order of the house: rows import only from rows above, as CONTRIBUTING.md shows it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from ganbridge.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "python_pkg" / "ganbridge"

# To change this order, change the table in CONTRIBUTING.md with it. A room, or a file at the root, imports only from
# those before it.
ROOMS = [
    "version",
    "check",
    "ranks",
    "stored",
    "config",
    "recipes",
    "data",
    "encode",
    "kinds",
    "networks",
    "prior",
    "training",
    "model",
    "plot",
    "evaluation",
    "fitting",
    "bridge",
    "__init__",
    "command",
    "__main__",
]
MOST_AT_THE_ROOT = 11  # files, __main__.py among them
# When imported.
WITHOUT_TORCH = {"version", "check", "stored", "config", "recipes", "data", "encode", "kinds", "plot", "evaluation"}
ONLY_IN = {
    "pandas": {"data", "model", "evaluation"},  # beyond data/ only to make the data frames that users get
    "matplotlib": {"plot"},
    "PIL": {"plot"},
    "sklearn": {"evaluation"},
    "jinja2": {"evaluation"},
    "click": {"command"},
    "pyarrow": {"data"},
    "safetensors": {"model"},
    "importlib": {"__init__", "version", "kinds", "networks"},
}
FILES = sorted(CORE.rglob("*.py"))


LOADED_LATE = {"plot.draw", "evaluation.image_features"}  # when a plot is drawn, when images are compared


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
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield from executed(ast.Module(node.orelse, []), in_functions)
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and not in_functions:
            continue
        yield node
        yield from executed(node, in_functions)


def is_module(name: str) -> bool:
    path = CORE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def room_of(name: str) -> int:
    assert name in ROOMS, f"{name} must stand in the order of rooms"
    return ROOMS.index(name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(place(file)))
def test_a_file_imports_only_from_rooms_before_its_own(file):
    here = place(file)[0]
    for name in imported(file):
        parts = name.split(".")
        if parts[0] == "ganbridge":
            target = (parts[1:] or ["__init__"])[0]
            assert target == here or room_of(target) < room_of(here), f"{'/'.join(place(file))} imports {name}"


def test_imports_are_written_as_such():
    """`__import__` would hide from these tests; importlib is held by ONLY_IN."""
    for file in FILES:
        assert "__import__(" not in file.read_text(encoding="utf-8"), place(file)


def test_no_imports_run_in_a_circle():
    graph = {}
    for file in FILES:
        name = ".".join(("ganbridge", *place(file))).removesuffix(".__init__")
        graph[name] = {target for target in imported(file) if target.startswith("ganbridge.")} - {name}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the files


# --- kinds of data ----------------------------------------------------------------------------------------------------

KIND_NAMES = set(KINDS)
ROOMS_OF_KINDS = {"kinds", "data"}  # where the kinds are told apart


def names_of_kinds(tree: ast.AST, own: str = "") -> Iterator[str]:
    """Where code names a kind, in source text: any text that is one, and the keys of `dict(wave=...)`.

    own: the kind that a file belongs to, such as `plot/wave.py`; it may name that one.
    """
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.Constant):
            name = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
            name = next((word.arg for word in node.keywords if word.arg in KIND_NAMES), None)
        if isinstance(name, str) and name in KIND_NAMES - {own}:
            yield f"line {node.lineno}: {name}"


def test_no_file_names_a_kind_but_those_that_belong_to_it():
    """A comparison, a case, a dict, a tuple to look in: all need the name. DEFAULT_KIND is the default of `kind`."""
    found = {}
    for file in FILES:
        if place(file)[0] not in ROOMS_OF_KINDS:
            lines = list(names_of_kinds(ast.parse(file.read_text(encoding="utf-8")), own=file.stem))
            found |= {file.relative_to(CORE).as_posix(): lines} if lines else {}
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        'kind == "wave"',
        '"image" != gan.kind',
        'kind in ("wave", "image")',
        'KNOWN = ["wave", "image"]\nkind in KNOWN',
        'frozenset({"table"})',
        'WAVE = "wave"\nkind == WAVE',
        '{"wave": 1}[kind]',
        "dict(wave=1)[kind]",
        'ENCODERS["table"]',
        'about.get("image", 1)',
        'kind.startswith("wave")',
        'match kind:\n    case "wave": pass',
    ],
)
def test_the_rule_sees_every_name_of_a_kind(code):
    assert list(names_of_kinds(ast.parse(code)))


def test_the_rule_lets_through_what_names_no_kind():
    assert not list(names_of_kinds(ast.parse('"""Waves."""\nfit(x, kind=kind)\nwave = "of a wave"\ndraw(image=1)')))
    assert not list(names_of_kinds(ast.parse('KIND = "wave"\nfit_of_kind(gan, KIND)'), own="wave"))
    assert list(names_of_kinds(ast.parse('KIND = "image"'), own="wave"))


def test_r_knows_the_same_kinds_and_tells_them_apart_in_one_file():
    """Tables are what is left; a file such as plot_waves.R belongs to its kind."""
    files = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "r_wrapper").glob("*.R")}
    names = re.search(r"^kind_names <- c\((.*)\)$", files.pop("kinds.R"), flags=re.MULTILINE)
    assert names is not None
    assert names[1] == ", ".join(f'"{name}"' for name in KINDS)
    for file, text in files.items():
        code = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
        for kind in KIND_NAMES - {"table"}:
            assert kind in file or f'"{kind}"' not in code, f"{file} names {kind}"


# --- forms of data ----------------------------------------------------------------------------------------------------

FORMS = {"Frame", "Matrix", "Array", "Ragged"}
ROOMS_OF_FORMS = {"data", "encode", "kinds"}  # where forms of data, and encoders, are told apart


def checks_of_forms(tree: ast.AST) -> Iterator[str]:
    """Where code depends on the class of data or of an encoder: a class that is neither called nor an annotation."""
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            allowed.add(node.func)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            allowed.update(ast.walk(part) if isinstance(part, ast.AST) else ())
        if isinstance(node, ast.alias) and node.asname and is_form(node.name):
            yield ast.unparse(node)
        elif isinstance(node, ast.Compare) and any(getattr(part, "attr", None) == "form" for part in ast.walk(node)):
            yield f"line {node.lineno}: {ast.unparse(node)[:80]}"
    for node in ast.walk(tree):
        name = {ast.Name: "id", ast.Attribute: "attr"}.get(type(node))
        if name and node not in allowed and is_form(getattr(node, name)):
            yield f"line {node.lineno}: {ast.unparse(node)[:80]}"


def is_form(name: str) -> bool:
    return name in FORMS or (name.endswith(("Encoder", "Codec")) and name not in ("Encoder", "Codec"))


def test_the_class_of_data_is_asked_for_where_it_is_known_only():
    """Elsewhere `Data` and `Encoder` say what is needed: `is_frame`, `as_waves()`, `channels`, `shares()`."""
    found = {}
    for file in FILES:
        if place(file)[0] not in ROOMS_OF_FORMS:
            lines = list(checks_of_forms(ast.parse(file.read_text(encoding="utf-8"))))
            found |= {file.relative_to(CORE).as_posix(): lines} if lines else {}
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "isinstance(data, Matrix)",
        "not isinstance(data, (table.Frame, Array))",
        "isinstance(data, Array | Ragged)",
        "isinstance(gan.encoder, TableEncoder)",
        "match data:\n    case Frame(): pass",
        "type(data) is Frame",
        "data.__class__ in (Frame, Matrix)",
        "TABLES = (Frame, Matrix)\nisinstance(data, TABLES)",
        "from ..data import Frame as F\nisinstance(data, F)",
        'data.schema.form == "frame"',
        "{Frame: 1}[type(data)]",
    ],
)
def test_the_rule_sees_every_check_of_a_class(code):
    assert list(checks_of_forms(ast.parse(code)))


def test_the_rule_lets_through_checks_of_other_classes():
    code = "isinstance(data, np.ndarray)\nFrame(columns)\nisinstance(x, Config)\ndef f(x: Frame | None) -> Array: pass"
    assert not list(checks_of_forms(ast.parse(code)))


# --- libraries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(place(file)))
def test_a_file_imports_only_the_libraries_of_its_room(file):
    here = place(file)[0]
    libraries = {name.split(".")[0] for name in imported(file)}
    for library, homes in ONLY_IN.items():
        assert here in homes or library not in libraries, library


def test_matplotlib_only_draws_what_was_computed_without_it():
    for file in FILES:
        if place(file)[:2] != ("plot", "draw"):
            assert not {name.split(".")[0] for name in imported(file)} & {"matplotlib", "PIL"}, place(file)


def test_every_room_stands_in_the_order_and_the_root_stays_small():
    assert {place(file)[0] for file in FILES} == set(ROOMS)
    at_the_root = [entry.name for entry in CORE.iterdir() if entry.is_file()]
    assert len(at_the_root) <= MOST_AT_THE_ROOT


def test_contributing_shows_the_same_order():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `([a-z_]+)(?:\.py|/)` \|", text, flags=re.MULTILINE)
    assert [name for name in shown if name in ROOMS] == ROOMS


def test_importing_a_part_without_torch_loads_no_large_library():
    names = sorted({".".join(("ganbridge", *place(file))).removesuffix(".__init__") for file in FILES})
    late = tuple(f"ganbridge.{name}" for name in LOADED_LATE)
    modules = [name for name in names if ([*name.split("."), ""])[1] in {"", *WITHOUT_TORCH} and name not in late]
    modules = [name for name in modules if not name.startswith(tuple(f"{name}." for name in late))]
    code = (
        "import importlib, sys\n"
        f"for name in {modules}:\n"
        "    importlib.import_module(name)\n"
        "    loaded = {'torch', 'matplotlib', 'pandas', 'sklearn', 'jinja2', 'PIL'} & set(sys.modules)\n"
        "    assert not loaded, (name, loaded)\n"
        "print(len(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert len(modules) > 40


def test_the_reader_of_imports_sees_what_it_should(monkeypatch):
    file = CORE / "encode" / "imagined.py"
    text = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import torch
else:
    import matplotlib
if not TYPE_CHECKING:
    import sklearn
from . import table, Table
from ..check import came
from .. import check
def f():
    import pandas as pd
    from ganbridge.model.fitted import load
"""
    monkeypatch.setattr(Path, "read_text", lambda self, encoding=None: text)
    assert set(imported(file)) == {
        "typing",
        "ganbridge.encode.table",
        "ganbridge.encode",
        "ganbridge.check",
        "pandas",
        "matplotlib",
        "sklearn",
        "ganbridge.model.fitted",
    }
    assert set(imported(file, in_functions=False)) == {
        "typing",
        "ganbridge.encode.table",
        "ganbridge.encode",
        "ganbridge.check",
        "matplotlib",
        "sklearn",
    }
