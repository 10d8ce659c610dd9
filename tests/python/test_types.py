"""What mypy --strict finds in code that uses settings: misspelled and mistyped ones, and nothing in the right ones."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")

ROOT = Path(__file__).resolve().parents[2]
WRONG = {  # code: the kind of error that mypy reports on its line
    "Config(stepz=1)": "call-arg",
    'Config(steps="many")': "arg-type",
    "Config(dropout={'critic': 0.1})": "dict-item",
    'Config(objective="hinges")': "arg-type",
    "Config(generator_hidden=['a'])": "list-item",
    "Config().stepz": "attr-defined",
    "Config().steps + 1": "operator",  # may be None
    "settings.stepz": "attr-defined",
    "settings.steps + 'a'": "operator",
    "settings.of('dropot', 'generator')": "call-overload",
    "settings.of('dropout', 'generater')": "call-overload",
    "settings.hidden('generater')": "arg-type",
    "Settings(batch_size='all')": "arg-type",
    "replace(settings, stepz=3)": "call-arg",
}
RIGHT = [
    "Config(steps=10, batch_size='all', keep='best')",
    "Config(generator_hidden=[16, 32], discriminator_hidden=(8,), activation=['relu', 'tanh'], r1=(1.0, 0.1), r2=1)",
    "Config(dropout={'generator': 0, 'discriminator': 0.3}, betas=[0.0, 0.9], optimizer={'generator': 'adam'})",
    "Config(scaling={'income': 'standard'}, activation={'generator': 'relu', 'discriminator': ['tanh']})",
    "settings.steps + settings.pack * settings.batch_size",
    "settings.of('dropout', 'generator') + settings.of('betas', 'discriminator')[0]",
    "replace(settings, steps=3).to_config().steps",
]
HEAD = ["from dataclasses import replace", "from ganbridge.config import Config, Settings", "settings = Settings()"]


def test_mypy_finds_a_misspelled_or_mistyped_setting(tmp_path):
    file = tmp_path / "user.py"
    file.write_text("\n".join([*HEAD, *WRONG, *RIGHT]) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--no-error-summary"]  # strict, by pyproject.toml, whose cache it shares
    cache = f"--cache-dir={ROOT / '.mypy_cache'}"
    environment = {**os.environ, "MYPYPATH": str(ROOT / "python_pkg")}
    run = subprocess.run([*command, cache, str(file)], capture_output=True, text=True, cwd=ROOT, env=environment)
    found = re.findall(r"^.*user\.py:(\d+): error: .* \[([a-z-]+)\]$", run.stdout, flags=re.MULTILINE)
    lines = [int(line) - len(HEAD) - 1 for line, _ in found]
    assert dict(zip(lines, (kind for _, kind in found), strict=True)) == dict(enumerate(WRONG.values())), run.stdout
