"""The README: its Python code runs, its links are valid. The page on settings: its table is complete."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd

import ganbridge

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_code_runs_from_top_to_bottom(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # A typical file: a column of text, one of integers, missing values.
    rng = np.random.default_rng(1)
    height = rng.normal(170.0, 9.0, 150).round(1)
    sex = rng.choice(["f", "m"], 150)
    data = pd.DataFrame({"name": "someone", "height": height, "age": rng.integers(18, 80, 150), "sex": sex})
    data.loc[3, "height"] = np.nan
    data.loc[[5, 9], "sex"] = None
    data.to_csv("mydata.csv", index=False)
    digits = rng.integers(0, 256, (70, 8, 8), dtype=np.uint8)
    header = bytes([0, 0, 8, 3, *(0, 0, 0, 70), *(0, 0, 0, 8) * 2])
    Path("train-images-idx3-ubyte.gz").write_bytes(header + digits.tobytes())

    blocks = re.findall(r"^```python\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 2
    names: dict = {"__name__": "__main__"}
    for block in blocks:
        exec(compile(block, f"README.md: {block.splitlines()[0]}", "exec"), names)

    written = {path.name for path in tmp_path.iterdir()} - {"mydata.csv", "train-images-idx3-ubyte.gz"}
    assert written == {"compare.png", "report.html", "waves.png", "waves.gan", "digits.png"}
    assert names["new"].shape == (500, 4)
    assert names["new"].dtypes.equals(pd.read_csv("mydata.csv").dtypes)
    assert set(names["women"]["sex"]) == {"f"}
    assert names["sines"].sample(3).shape == (3, 250)


def test_links_and_figures_exist():
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_the_figure_is_small():
    assert (ROOT / "man" / "figures" / "README-waves.png").stat().st_size < 150 * 1024


def test_the_readme_starts_with_six_lines_of_each_language():
    for language in ("r", "python"):
        first = re.search(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
        assert first is not None
        assert len([line for line in first[1].splitlines() if line]) == 6


def test_the_table_of_settings_names_every_field_once():
    page = (ROOT / "vignettes" / "articles" / "settings.Rmd").read_text(encoding="utf-8")
    table = page[page.index("| settings |") :]
    cells = [row.split("|")[1] for row in table.split("\n\n")[0].splitlines()[2:]]
    shown = re.findall(r"`(\w+)`", " ".join(cells))
    assert sorted(shown) == sorted(field.name for field in fields(ganbridge.Config))
