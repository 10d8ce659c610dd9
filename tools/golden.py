"""Golden hashes of the results of fits of every kind, one per line, to compare two checkouts bit for bit.

The bits depend on the processor and on torch, so the hashes are not kept in the repository: print those of a checkout
before a change and those of another after it, on one machine, and compare. Only public names are used.

Usage: PYTHONPATH=CHECKOUT/python_pkg python tools/golden.py > hashes.txt
       tools/golden.sh COMMIT (both sides, and R)
"""

from __future__ import annotations

import hashlib
import sys
from typing import Any

import numpy as np
import pandas as pd

import ganbridge
from ganbridge import Config

RNG = np.random.default_rng(7)
SMALL = {"generator_hidden": (16, 16), "discriminator_hidden": (16, 16), "batch_size": 16}
AT = np.arange(120)
FRAME = pd.DataFrame(
    {
        "double": RNG.normal(size=120),
        "spikes": np.where(AT % 3 == 0, 0.0, RNG.gamma(2.0, size=120).round(2)),
        "whole": RNG.poisson(3, 120),
        "gaps": np.where(AT % 5 == 0, np.nan, RNG.normal(size=120)),
        "truth": AT % 2 == 0,
        "text": np.array(["b", "a", None, "ä"], dtype=object)[AT % 4],
        "factor": pd.Categorical(np.array(["lo", "hi", "mid"])[RNG.integers(0, 3, 120)], ["lo", "mid", "hi", "unused"]),
        "ordered": pd.Categorical(np.array(["x", "y"])[AT % 2], ["y", "x"], ordered=True),
        "when": pd.Timestamp("2024-03-01", tz="Europe/Berlin") + pd.to_timedelta(AT * 3600, unit="s"),
        "span": pd.to_timedelta(np.exp(AT / 30).round(), unit="s"),
    }
)
WAVES = ganbridge.make_waves(60, 40, seed=1)
PIXELS = RNG.integers(0, 256, (60, 8, 9), dtype=np.uint8)
CURVE = np.stack([np.sin(AT / 9.0), np.cos(AT / 7.0) ** 2], 1)
LABELS = ["even" if i % 2 == 0 else "odd" for i in range(60)]

# name: (data, kind, what else `fit` takes, config, given)
CASES: dict[str, tuple[Any, str, dict[str, Any], dict[str, Any], Any]] = {
    "frame": (FRAME, "table", {}, {"steps": 60}, None),
    "plane": (CURVE, "table", {}, {"steps": 120}, None),
    "line": (CURVE[:, :1], "table", {}, {"steps": 60}, None),
    "frame, condition": (
        FRAME[["double", "text", "gaps", "factor", "whole"]],
        "table",
        {"condition": ["text", "factor"]},
        {"steps": 60},
        {"factor": "hi"},
    ),
    "matrix, labels": (CURVE, "table", {"condition": np.arange(120) % 3}, {"steps": 60}, {"label": 2}),
    "frame, scalings": (FRAME, "table", {}, {"steps": 40, "scaling": {"double": "standard", "whole": "range"}}, None),
    "waves": (WAVES, "wave", {"rate": 39.0}, {"steps": 80}, None),
    "waves, standard": (WAVES, "wave", {}, {"steps": 40, "scaling": "standard"}, None),
    "waves, labels": (WAVES, "wave", {"condition": LABELS}, {"steps": 60}, {"label": "odd"}),
    "channels": (WAVES.reshape(60, 20, 2), "wave", {}, {"steps": 60}, None),
    "ragged": ([wave[: 20 + i % 21] for i, wave in enumerate(WAVES)], "wave", {}, {"steps": 60}, None),
    "convolved waves": (WAVES, "wave", {}, {"steps": 12, "network": "convolutional"}, None),
    "images": (PIXELS, "image", {}, {"steps": 12}, None),
    "images, labels": (PIXELS, "image", {"condition": LABELS}, {"steps": 12, "pack": 2}, {"label": "even"}),
    "images, dense": (PIXELS, "image", {}, {"steps": 20, "network": "dense"}, None),
    "members": (CURVE, "table", {}, {"steps": 90, "members": 3}, None),
    "members, held out": (np.repeat(CURVE, 4, 0), "table", {}, {"steps": 90, "members": 2}, None),
    **{
        f"objective {name}": (CURVE, "table", {}, {"steps": 40, "objective": name, **SMALL}, None)
        for name in ("non_saturating", "minimax", "focal", "least_squares", "hinge", "wasserstein_gp", "relativistic")
    },
    "autograd": (CURVE, "table", {}, {"steps": 40, "activation": "silu", "r1": 0.5, **SMALL}, None),
    "penalties": (CURVE, "table", {}, {"steps": 40, "r1": (1.0, 0.1), "r2": 0.5, "pack": 4, **SMALL}, None),
    "noise, dropout": (
        CURVE,
        "table",
        {},
        {"steps": 40, "objective": "minimax", "label_noise": 0.1, "dropout": {"discriminator": 0.2}, **SMALL},
        None,
    ),
    "rmsprop": (CURVE, "table", {}, {"steps": 40, "optimizer": "rmsprop", "lr_schedule": "cosine", **SMALL}, None),
    "several updates": (CURVE, "table", {}, {"steps": 40, "discriminator_steps": 2, "generator_steps": 3}, None),
}


def digest(value: Any) -> str:
    """A hash of a sample's values, column names and dtypes."""
    found = hashlib.sha256()
    if isinstance(value, pd.DataFrame):
        found.update(repr([(str(name), str(dtype)) for name, dtype in value.dtypes.items()]).encode())
        for i in range(value.shape[1]):
            column = value.iloc[:, i]
            number = column.dtype.kind in "iuf"
            found.update(column.to_numpy().tobytes() if number else repr(column.astype(str).tolist()).encode())
    elif isinstance(value, list):
        for part in value:
            found.update(repr(part.shape).encode() + part.tobytes())
    else:
        found.update(f"{value.dtype} {value.shape}".encode() + value.tobytes())
    return found.hexdigest()[:16]


def hashes(name: str) -> dict[str, str]:
    """Hashes of weights, losses, scores, samples, a walk and a trace of one case."""
    data, kind, more, config, given = CASES[name]
    gan = ganbridge.fit(data, kind=kind, seed=11, trace=1, config=Config(**config), **more)
    weights = hashlib.sha256()
    for role in ("generator", "discriminator"):
        for key, value in sorted(getattr(gan, role).items()):
            weights.update(key.encode() + value.contiguous().numpy().tobytes())
    again = ganbridge.from_bytes(gan.to_bytes())
    lines = {
        "weights": weights.hexdigest()[:16],
        "history": digest(gan.history.drop(columns="seconds", errors="ignore")),
        "sample": digest(gan.sample(70, seed=5)),
        "loaded": digest(again.sample(70, seed=5)),
        "walk": digest(gan.interpolate(5, seed=3)),
        "trace": "".join(digest(sample)[:8] for sample in list(gan.trace.samples)[:3]),
        "diagnosis": hashlib.sha256(" ".join(line.split(":")[0] for line in gan.diagnosis).encode()).hexdigest()[:16],
    }
    if given is not None:
        lines["given"] = digest(gan.sample(30, given=given, seed=6))
        lines["beside"] = digest(gan.sample_with_conditions(30, seed=7)[1])
    return lines


def main() -> None:
    """One line for each case and hash."""
    for name in CASES:
        for what, value in hashes(name).items():
            print(f"{name} | {what} | {value}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
