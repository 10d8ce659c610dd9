"""The R code of the README runs, and so does the vignette's code that uses the core without the R package."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_r_code_of_the_readme_runs_from_top_to_bottom(rscript, tmp_path):
    lines = ["name,height,age,sex", *(f"someone,{160 + i % 37 / 2},{20 + i % 50},{'fm'[i % 2]}" for i in range(150))]
    lines[4] = "nobody,,33,f"  # a missing value
    (tmp_path / "mydata.csv").write_text("\n".join(lines) + "\n")
    digits = bytes([0, 0, 8, 3, *(0, 0, 0, 70), *(0, 0, 0, 8) * 2]) + bytes(i * 7 % 256 for i in range(70 * 64))
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(digits)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```r\n(.*?)^```$", readme, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 5

    # The unchanged code, but with fits of 300 steps; other tests check the results of long fits.
    short = """
        gan_fit <- function(..., epochs = NULL, config = ganbridge::gan_config(steps = if (is.null(epochs)) 300)) {
          ganbridge::gan_fit(..., epochs = epochs, config = config)
        }
    """
    printed = rscript("\n".join([short, *blocks]))

    assert "<ganbridge fit> wave: 200 waves of 250 points" in printed
    assert "150 real and" in printed
    written = {path.name for path in tmp_path.iterdir()} - {"mydata.csv", "train-images-idx3-ubyte.gz", "script.R"}
    assert written == {
        "Rplots.pdf",
        "report.html",
        "waves.gan",
        "synthetic.csv",
        "training.txt",
        "training.gif",
        "model.gan",
        "model.rds",
    }
    synthetic = (tmp_path / "synthetic.csv").read_text().splitlines()
    assert synthetic[0] == '"name","height","age","sex"'
    assert len(synthetic) == 501


def test_the_bridge_as_the_vignette_shows_it_needs_no_r_package(rscript):
    vignette = (ROOT / "vignettes" / "python.Rmd").read_text(encoding="utf-8")
    chunks = re.findall(r"^```\{r bridge-[^}]*\}\n(.*?)^```$", vignette, flags=re.MULTILINE | re.DOTALL)
    assert len(chunks) >= 2

    printed = rscript("\n".join([*chunks, 'cat("ganbridge" %in% loadedNamespaces())']), core_path=True)

    assert printed.split()[-1] == "FALSE"
