"""The R code of the README runs, and so does the vignette's code that uses the core without the R package."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_r_code_of_the_readme_runs_from_top_to_bottom(rscript, tmp_path):
    digits = bytes([0, 0, 8, 3, *(0, 0, 0, 70), *(0, 0, 0, 8) * 2]) + bytes(i * 7 % 256 for i in range(70 * 64))
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(digits)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    # Blocks marked `R`, not `r`, install packages.
    blocks = re.findall(r"^```r\n(.*?)^```$", readme, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 2

    checks = (
        "cat(dim(new), identical(levels(new$Species), levels(iris$Species)), unique(as.character(setosas$Species)))"
    )
    printed = rscript("\n".join([*blocks, checks]))

    assert printed.splitlines()[-1] == "500 5 TRUE setosa"
    assert "150 generated and 150 real rows" in printed
    written = {path.name for path in tmp_path.iterdir()} - {"train-images-idx3-ubyte.gz", "script.R"}
    assert written == {"Rplots.pdf", "iris.html", "waves.gan"}


def test_the_bridge_as_the_vignette_shows_it_needs_no_r_package(rscript):
    vignette = (ROOT / "vignettes" / "python.Rmd").read_text(encoding="utf-8")
    chunks = re.findall(r"^```\{r bridge-[^}]*\}\n(.*?)^```$", vignette, flags=re.MULTILINE | re.DOTALL)
    assert len(chunks) >= 2

    printed = rscript("\n".join([*chunks, 'cat("ganbridge" %in% loadedNamespaces())']), core_path=True)

    assert printed.split()[-1] == "FALSE"
