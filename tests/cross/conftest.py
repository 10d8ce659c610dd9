"""Both languages in one process: R runs inside Python through rpy2, and finds this very interpreter."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
os.environ["R_LIBS"] = os.pathsep.join(filter(None, [str(ROOT / ".r-lib"), os.environ.get("R_LIBS")]))
os.environ["RETICULATE_PYTHON"] = sys.executable


@pytest.fixture(scope="session")
def r():
    """Evaluate R code in this process; the R package is attached."""
    # The bridge is imported first, as in an R session, because it makes torch use its own matrix products.
    from rpy2 import robjects

    import ganbridge.bridge  # noqa: F401

    robjects.r("library(ganbridge)")
    return robjects.r


@pytest.fixture
def rscript(tmp_path):
    """Run R code in a separate process, in a temporary folder; returns its output."""
    if shutil.which("Rscript") is None:
        pytest.fail("Rscript is needed; `make setup` installs it")

    def run(code: str, *, core_path: bool = False) -> str:
        script = tmp_path / "script.R"
        script.write_text(code)
        environment = dict(os.environ)
        if core_path:
            environment["PYTHONPATH"] = str(ROOT / "python_pkg")
        done = subprocess.run(
            ["Rscript", "--vanilla", str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
