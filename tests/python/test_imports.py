"""Every module can be imported with a star: its `__all__`, where it has one, names what is in it."""

import sys
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[2] / "python_pkg" / "ganbridge"
MODULES = sorted(
    ".".join(file.relative_to(CORE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in CORE.rglob("*.py")
)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_can_be_imported_with_a_star(name):
    names: dict[str, object] = {}
    exec(f"from {name} import *", names)
    listed = getattr(sys.modules[name], "__all__", [])
    assert len(set(listed)) == len(listed)
    assert set(listed) <= set(names)
