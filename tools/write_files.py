"""Writes small fits of every kind, and their samples, to tests/shared/files/VERSION: once for each release.

tests/python/test_old_files.py loads the files of every release. Those of a release are never written again.

Usage: python tools/write_files.py && Rscript tools/write_files.R
"""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from golden import CASES

import ganbridge
from ganbridge import Config

FILES = Path(__file__).resolve().parents[1] / "tests" / "shared" / "files"
ROWS, SEED = 5, 5  # of the samples
SMALL = {"generator_hidden": (8, 8), "discriminator_hidden": (8, 8), "batch_size": 16, "steps": 20}
DECISIVE = ("scaling", "network", "members", "pack")  # settings that a case keeps, because they are in its name
NAMES = {
    "frame": "table",
    "frame, condition": "table-condition",
    "matrix, labels": "matrix-labels",
    "waves": "wave",
    "waves, standard": "wave-points",
    "waves, labels": "wave-labels",
    "channels": "wave-channels",
    "ragged": "wave-ragged",
    "convolved waves": "wave-convolved",
    "images": "image",
    "images, labels": "image-labels",
    "members": "members",
}


def to_csv(sample: Any) -> str:
    """A sample as text: a data frame with its names, of arrays one line for each row, of which shorter ones end."""
    if isinstance(sample, pd.DataFrame):
        return str(sample.to_csv(index=False))
    rows = [np.ravel(row) for row in sample]
    longest = max(len(row) for row in rows)
    text = StringIO()
    padded = [np.pad(row.astype(float), (0, longest - len(row)), constant_values=np.nan) for row in rows]
    np.savetxt(text, padded, delimiter=",")
    return text.getvalue()


def main() -> None:
    """Two files for each case."""
    folder = FILES / ganbridge.__version__
    if folder.exists():
        sys.exit(f"{folder} exists already: files of a release are not written again.")
    folder.mkdir()
    for case, name in NAMES.items():
        data, kind, more, config, _ = CASES[case]
        kept = {setting: config[setting] for setting in DECISIVE if setting in config}
        gan = ganbridge.fit(data, kind=kind, seed=11, trace=1, config=Config(**{**SMALL, **kept}), **more)
        gan.save(folder / f"{name}.gan")
        (folder / f"{name}.csv").write_text(to_csv(gan.sample(ROWS, seed=SEED)), encoding="utf-8")


if __name__ == "__main__":
    main()
