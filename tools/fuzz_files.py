"""Alters saved fits in every way, signs them anew, and loads them: each is refused by one class of error, or works.

The fits are of every kind, codec, network and prior, and the files of every release. A mutation changes values of the
header, the tensors (shapes, types, names, numbers) or bytes; all but those of bytes get a checksum that is right. A
file that loads must also sample, walk, print and be saved again. Nothing may end the process, take more memory than
twice the file's size and 100 MB to be refused (600 MB to sample), or more than a second.

Each batch runs in a process of its own, which prints what it has found.

Usage: nice -n 19 python tools/fuzz_files.py --mutations 100000 --seed 1
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import multiprocessing
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

import ganbridge
from ganbridge import BadFileError, Config
from ganbridge.data.python import from_python
from ganbridge.model.file import METADATA, NO_CHECKSUM
from ganbridge.prior.cell_trees import CellTrees
from ganbridge.prior.mixture import cells_of
from ganbridge.prior.odds import Booster
from ganbridge.prior.trees import fit_trees

FILES = Path(__file__).resolve().parents[1] / "tests" / "shared" / "files"
BATCH = 2000
SECONDS = 1.0
REFUSED_MB, SAMPLED_MB = 100.0, 600.0  # beside twice the size of the file
ROWS = np.arange(60)
RNG = np.random.default_rng(3)
PLANE = RNG.normal(size=(60, 2))
FRAME = pd.DataFrame(
    {
        "double": RNG.normal(size=60),
        "whole": RNG.poisson(3, 60),
        "gaps": np.where(ROWS % 5 == 0, np.nan, RNG.gamma(2.0, size=60).round(2)),
        "empty": np.full(60, np.nan),
        "same": 3,
        "truth": ROWS % 2 == 0,
        "text": np.array(["b", "a", None, "ä"], dtype=object)[ROWS % 4],
        "many": [f"level {i % 40}" for i in range(60)],
        "ordered": pd.Categorical(np.array(["x", "y", "z"])[ROWS % 3], ["z", "y", "x"], ordered=True),
        "when": pd.Timestamp("2024-03-01", tz="Europe/Berlin") + pd.to_timedelta(ROWS * 3600, unit="s"),
        "span": pd.to_timedelta(np.exp(ROWS / 30).round(), unit="s"),
        "day": pd.to_datetime("2024-01-01").date(),
    }
)
CITY, DAYS = RNG.integers(0, 9, 120), RNG.integers(0, 900, 120)
RELATED = pd.DataFrame(
    {
        "city": CITY.astype(str),
        "land": (CITY // 3).astype(str),
        "kind": np.array(list("abc"))[CITY % 3],
        "use": np.array(list("xyz"))[(CITY + DAYS % 2) % 3],
        "stamp": pd.Timestamp("2022-01-01") + pd.to_timedelta(DAYS * 86400 + RNG.integers(30000, 60000, 120), unit="s"),
        "day": pd.Timestamp("2022-01-01") + pd.to_timedelta(DAYS, unit="D"),
        "end": pd.Timestamp("2022-01-01") + pd.to_timedelta(DAYS + RNG.poisson(3, 120), unit="D"),
        "warmth": 10.0 - 9.0 * np.cos(2.0 * np.pi * DAYS / 365.25) + RNG.normal(size=120).round(1),
        "a": RNG.gamma(2.0, 9.0, 120).round(1),
        "b": np.where(CITY % 3 == 1, np.nan, RNG.gamma(2.0, 9.0, 120).round(1)),
    }
).assign(
    total=lambda rows: (rows.a + rows.warmth).round(3),
    quarter=lambda rows: "Q" + rows.day.dt.quarter.astype(str),
    nights=lambda rows: (rows.end - rows.day).dt.days,
    hours=lambda rows: ((rows.end - rows.stamp).dt.total_seconds() / 3600.0).round(1),
)
KEYS = np.array(["p", "q", None], dtype=object)
LEVELS = pd.DataFrame({"f": KEYS[RNG.integers(0, 3, 500)], "x": RNG.normal(size=500)})
WAVES = ganbridge.make_waves(40, 24, seed=1)
STEPPED = np.stack([WAVES[:, :12], WAVES[:, 12:] > 0], 2)  # a channel of steps, which gets normal scores
PIXELS = RNG.integers(0, 256, (40, 8, 9), dtype=np.uint8)
LABELS = ["even" if i % 2 == 0 else "odd" for i in range(40)]
SMALL = {"generator_hidden": (4, 4), "discriminator_hidden": (4, 4), "batch_size": 8}
MIXTURE: dict[str, Any] = {"prior": "mixture"}

# name: (data, kind, what else `fit` takes, config)
FITS: dict[str, tuple[Any, str, dict[str, Any], dict[str, Any]]] = {
    "matrix": (PLANE, "table", {}, SMALL),
    "frame": (FRAME, "table", {}, SMALL),
    "scalings": (FRAME[["double", "whole"]], "table", {}, SMALL | {"scaling": {"double": "standard"}}),
    "condition": (FRAME[["double", "text", "gaps", "ordered"]], "table", {"condition": ["text", "gaps"]}, SMALL),
    "labels": (PLANE, "table", {"condition": np.arange(60) % 3}, SMALL),
    "relations": (RELATED, "table", {"condition": "land"}, SMALL),
    "members": (PLANE, "table", {}, SMALL | {"members": 2}),
    "unfinished": (PLANE, "table", {"epochs": 3, "stop_after": 1}, SMALL | {"members": 2}),
    "mixture": (FRAME, "table", {}, MIXTURE),
    "discriminator": (LEVELS, "table", {}, MIXTURE),
    "refined": (FRAME[["double", "gaps", "text"]], "table", {}, MIXTURE | {"refine": True}),
    "waves": (WAVES, "wave", {"rate": 24.0}, SMALL),
    "wave mixture": (STEPPED, "wave", {"rate": 24.0}, MIXTURE),
    "points": (WAVES, "wave", {"condition": LABELS}, SMALL | {"scaling": "standard"}),
    "channels": (WAVES.reshape(40, 12, 2), "wave", {}, SMALL),
    "ragged": ([wave[: 12 + i % 13] for i, wave in enumerate(WAVES)], "wave", {}, SMALL),
    "convolved": (WAVES, "wave", {}, SMALL | {"network": "convolutional"}),
    "images": (PIXELS, "image", {"condition": LABELS}, SMALL),
    "dense images": (PIXELS, "image", {}, SMALL | {"network": "dense"}),
}


def made(name: str) -> dict[str, bytes]:
    """The file of a small fit by its name; of one with a discriminator also a file that has trees in every place."""
    data, kind, more, config = FITS[name]
    more = more if "prior" in config else {"epochs": 1, "trace": 1, **more}
    gan = ganbridge.fit(data, kind=kind, seed=1, config=Config(**config), **more)
    made_of_it = {name: gan.to_bytes()}
    if name == "discriminator":
        made_of_it["trees"] = with_trees(gan, from_python(data)).to_bytes()
    return made_of_it


def with_trees(gan: ganbridge.FittedGan, data: Any) -> ganbridge.FittedGan:
    """The fit with a mixture of dependence trees instead of its own, and three boosted trees."""
    encoder, generator = gan.encoder, torch.Generator().manual_seed(1)
    cells = cells_of(encoder.encode(data, np.random.default_rng(1)), gan.prior.edges)
    gan.prior.mixture = CellTrees(fit_trees(cells, gan.prior.sizes, 3, 8.0, generator), gan.prior.edges)
    booster = Booster(gan.prior.sizes, [column.ordered for column in encoder.cells])
    half = len(cells) // 2
    ones, zeros = torch.ones(len(cells) - half), torch.zeros(len(cells))
    gan.prior.trees = booster.fit(cells[:half], cells[half:].flip(0) * 0, ones, zeros, generator, lambda n, _: n < 3)
    return gan


def released() -> dict[str, bytes]:
    """The files of all releases."""
    return {"/".join(path.parts[-2:]): path.read_bytes() for path in sorted(FILES.glob("*/*.gan"))}


# --- mutations --------------------------------------------------------------------------------------------------------


class Parts:
    """A file in parts: the entries of its tensors, ganbridge's header, and the bytes of the tensors."""

    def __init__(self, data: bytes) -> None:
        end = 8 + int.from_bytes(data[:8], "little")
        self.entries = json.loads(data[8:end])
        self.header = json.loads(self.entries.pop("__metadata__")[METADATA])
        self.tensors = {name: data[end:][slice(*entry["data_offsets"])] for name, entry in self.entries.items()}

    def copy(self) -> Parts:
        """The same, to be changed."""
        other = copy.copy(self)
        other.entries, other.header = copy.deepcopy(self.entries), copy.deepcopy(self.header)
        other.tensors = dict(self.tensors)
        return other

    def signed(self) -> bytes:
        """The file, with a checksum that is right."""
        header = {name: value for name, value in self.header.items() if name != "checksum"}
        plain = json.dumps({"checksum": NO_CHECKSUM} | header)
        own = {METADATA: re.sub(r'"nested (\d+)"', lambda found: "[" * int(found[1]) + "]" * int(found[1]), plain)}
        body, entries = b"", {}
        for name in sorted(self.entries, key=lambda name: (-WIDTHS.get(self.entries[name]["dtype"], 1), name)):
            part = self.tensors[name]
            entries[name] = self.entries[name] | {"data_offsets": [len(body), len(body) + len(part)]}
            body += part
        text = json.dumps({"__metadata__": own} | entries).encode()
        text += b" " * (-len(text) % 8)
        data = len(text).to_bytes(8, "little") + text + body
        return data.replace(NO_CHECKSUM.encode(), hashlib.sha256(data).hexdigest().encode(), 1)


WIDTHS = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "U8": 1, "BOOL": 1}
DTYPES = {"F64": "<f8", "I64": "<i8", "F32": "<f4", "U8": "u1", "BOOL": "u1"}
HOSTILE: list[Any] = [
    *(None, True, False, -1, 0, 1, 2, 3, 0.5, -0.5, 1e-300, 1e300, -1e300, 10**4, 10**6, 10**9, 2**31, 2**53, 2**63),
    *(-(10**9), 10**30, 10**400, float("nan"), float("inf"), -float("inf"), "", "x", "\0", "x" * 20_000, "nan", "0"),
    *([], {}, [[]], [0], [10**9, 0, 4], [-1], [None], {"": None}, "__class__", "table", "datetime", "S999999999"),
    *("UTC", "dateutil//etc/passwd", "dateutil/Europe/Berlin", "Europe/Berlin", "object:None", "float16", "../.."),
    *("datetime64[ns]", "category[S99999999]", "M8[Y]", "components", "quantile", "number", "category"),
    *("image", "wave", "ä"),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where values stand in nested lists and dicts."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from places(part, (*path, key))


def holder(value: Any, path: tuple[Any, ...]) -> Any:
    """The list or dict that a value stands in."""
    for key in path[:-1]:
        value = value[key]
    return value


def altered_plain(plain: Any, rng: np.random.Generator, places_of: list[tuple[Any, ...]]) -> None:
    """Change a value of nested lists and dicts in place."""
    path = places_of[rng.integers(len(places_of))]
    here, key = holder(plain, path), path[-1]
    before = here[key]
    how = rng.integers(10)
    if how == 0:
        del here[key]
    elif how == 1 and isinstance(here, dict):
        here[["unknown", "__init__", "knots", "sizes"][rng.integers(4)]] = 1
    elif how == 2 and isinstance(before, list):
        here[key] = [before * 2, before[:-1], before[::-1], before * 1000][rng.integers(4)]
    elif how == 3 and isinstance(before, (int, float)):
        here[key] = [-before, before + 1, before - 1, before * 1000, before * 10**6, before / 2][rng.integers(6)]
    elif how == 4:
        here[key] = f"nested {rng.choice([3, 50, 900, 5000])}"
    elif how == 5:
        other = places_of[rng.integers(len(places_of))]
        here[key] = copy.deepcopy(holder(plain, other)[other[-1]])
    else:
        here[key] = HOSTILE[rng.integers(len(HOSTILE))]


def altered_header(parts: Parts, rng: np.random.Generator) -> None:
    """Change a value of the header; settings of networks less often than the rest."""
    paths = list(places(parts.header))
    some = [path for path in paths if path[0] not in ("config", "history", "moments", "checksum")]
    altered_plain(parts.header, rng, paths if rng.random() < 0.3 else some)


def altered_tensor(parts: Parts, rng: np.random.Generator) -> None:
    """Change numbers of a tensor."""
    names = [name for name, part in parts.tensors.items() if part and parts.entries[name]["dtype"] in DTYPES]
    name = names[rng.integers(len(names))]
    values = np.frombuffer(parts.tensors[name], DTYPES[parts.entries[name]["dtype"]]).copy()
    which = slice(None) if rng.random() < 0.2 else rng.integers(len(values), size=int(rng.choice([1, 3])))
    hostile: list[Any] = [np.nan, np.inf, -np.inf, -1.0, 0.0, 0.5, 1e30, 1e300, 5e-324]
    if values.dtype.kind in "iu":
        hostile = [0, 1, 2, 255] if values.dtype.itemsize == 1 else [-1, 0, 1, 2, 10**6, 10**9, 2**62]
    with np.errstate(over="ignore"):
        values[which] = hostile[rng.integers(len(hostile))]
    parts.tensors[name] = values.tobytes()


def altered_entry(parts: Parts, rng: np.random.Generator) -> None:
    """Change a tensor's shape, type or name, drop it, or give it the bytes of another."""
    names = list(parts.entries)
    name = names[rng.integers(len(names))]
    entry, part = parts.entries[name], parts.tensors[name]
    how = rng.integers(7)
    if how == 0:
        del parts.entries[name], parts.tensors[name]
    elif how == 1:
        renamed = str(rng.choice([f"{name}x", "unknown.0", names[rng.integers(len(names))], "generator.99.weight"]))
        parts.entries[renamed], parts.tensors[renamed] = parts.entries.pop(name), parts.tensors.pop(name)
    elif how == 2:
        shape = entry["shape"]
        entry["shape"] = [[*shape, 1], [1, *shape], shape[::-1], [len(part)]][rng.integers(4)]
    elif how == 3:
        entry["shape"], parts.tensors[name] = [[0], [10**9, 0], [0, 10**15], [10**9, 0, 4]][rng.integers(4)], b""
    elif how == 4:
        size = WIDTHS[entry["dtype"]]
        keep = int(rng.integers(1 + len(part) // size))
        entry["shape"], parts.tensors[name] = [keep], part[: keep * size]
    elif how == 5:
        entry["dtype"] = str(rng.choice(["F64", "I64", "F32", "I32", "U8", "BOOL", "BF16"]))
        count = len(part) // WIDTHS.get(entry["dtype"], 2)
        entry["shape"], parts.tensors[name] = [count], part[: count * WIDTHS.get(entry["dtype"], 2)]
    else:
        other = names[rng.integers(len(names))]
        parts.entries[name], parts.tensors[name] = copy.deepcopy(parts.entries[other]), parts.tensors[other]


def wide(parts: Parts, rng: np.random.Generator) -> None:
    """Make a layer of a network wide, or its grid; tensors that need no bytes get the shapes that go with it."""
    if not parts.header.get("specs") or not isinstance(parts.header["specs"], list):
        altered_tensor(parts, rng)
        return
    role = int(rng.integers(min(2, len(parts.header["specs"]))))
    spec = parts.header["specs"][role]
    if not isinstance(spec, dict) or not isinstance(spec.get("sizes", []), list):
        return
    if "sizes" in spec and rng.random() < 0.5:
        # Nothing in the middle: weights without numbers, whatever their widths.
        wide_layer = int(rng.choice([10**5, 10**9]))
        spec["sizes"] = [wide_layer, 0, *spec["sizes"][-1:]]
        spec["activations"] = ["relu"]
        name = ("generator", "discriminator")[role]
        for layer, shape in enumerate(([wide_layer, 0], [0, *spec["sizes"][-1:]])):
            parts.entries[f"{name}.{layer}.weight"] = {"dtype": "F32", "shape": shape}
            parts.tensors[f"{name}.{layer}.weight"] = b""
    elif spec.get("sizes"):
        spec["sizes"][int(rng.integers(len(spec["sizes"])))] = int(rng.choice([0, 1, 10**5, 10**7, 10**9]))
    else:
        name = str(rng.choice(["stride", "kernel", "grid", "channels", "latent", "condition", "pack"]))
        value = int(rng.choice([0, 1, 3, 10, 10**4, 10**6, 10**9]))
        spec[name] = [value] * int(rng.integers(1, 4)) if name == "grid" else value
    if rng.random() < 0.5 and isinstance(parts.header.get("config"), dict):
        parts.header["config"]["latent_dim"] = int(rng.choice([1, 100, 65_536, 10**9]))


WAYS: tuple[tuple[Callable[[Parts, np.random.Generator], None], float], ...] = (
    (altered_header, 0.5),
    (altered_tensor, 0.22),
    (altered_entry, 0.18),
    (wide, 0.1),
)


def mutated(data: bytes, parts: Parts, rng: np.random.Generator) -> bytes:
    """The file after one to three mutations; one in twenty is altered byte by byte, and not signed anew."""
    if rng.random() < 0.05:
        changed = bytearray(data[: rng.integers(1, len(data))] if rng.random() < 0.5 else data)
        changed[rng.integers(len(changed))] ^= int(rng.integers(1, 256))
        return bytes(changed)
    parts = parts.copy()
    functions, weights = zip(*WAYS, strict=True)
    for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
        functions[rng.choice(len(functions), p=weights)](parts, rng)
    return parts.signed()


# --- what must hold ---------------------------------------------------------------------------------------------------


def used(gan: ganbridge.FittedGan) -> None:
    """All that a fit does without a user's data."""
    assert len(gan.sample(3, seed=1)) == 3
    assert len(gan.interpolate(2, seed=1)) == 2
    assert len(gan.trace or ()) == (0 if gan.trace_epochs is None else len(gan.trace_epochs))
    assert str(gan)
    assert len(gan.history) == gan.epochs
    gan.shares()
    if gan.conditions is not None:
        gan.sample_with_conditions(2, seed=1)
    again = ganbridge.from_bytes(gan.to_bytes())
    assert again.to_bytes() == gan.to_bytes()


def outcome(data: bytes) -> str:
    """ "refused" or "works"; anything else is an exception, which says what has been found."""
    try:
        gan = ganbridge.from_bytes(data)
    except BadFileError:
        return "refused"
    used(gan)
    return "works"


def _memory(name: str) -> float:
    """A value of this process's memory in MB: "VmHWM", its peak, or "VmRSS"."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024.0
    return 0.0


def _tried(data: bytes) -> tuple[str, float, float]:
    """What came of a file, the seconds of processor time it took, and its peak memory in MB."""
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5", encoding="ascii")
    before, start = _memory("VmRSS"), time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = outcome(data)
    except Exception as problem:
        found = f"{type(problem).__name__}: {problem}"[:200]
    return found, time.process_time() - start, _memory("VmHWM") - before


def run_batch(names_and_files: dict[str, bytes], seed: int, count: int, folder: Path, queue: Any) -> None:
    """Try so many mutations; what breaks a rule is kept in the folder, and so is what ends the process."""
    corpus = [(name, data, Parts(data)) for name, data in names_and_files.items()]
    for _, data, _ in corpus:
        outcome(data)  # whatever is imported late is there from here on
    rng, counts, worst = np.random.default_rng(seed), Counter[str](), [0.0, 0.0, 0.0]
    last = folder / f"{seed}-last.gan"
    for i in range(count):
        name, data, parts = corpus[rng.integers(len(corpus))]
        changed = mutated(data, parts, rng)
        last.write_bytes(changed)
        found, seconds, memory = _tried(changed)
        known = found in ("refused", "works")
        allowed = 2e-6 * len(changed) + (REFUSED_MB if found == "refused" else SAMPLED_MB)
        complaint = None if known else found
        if memory > allowed:
            complaint = f"{found} in {memory:.0f} MB"
        elif seconds > SECONDS and found == "refused":
            complaint = f"{found} in {seconds:.1f} s"
        counts[found if known else "broken"] += 1
        worst[2] = max(worst[2], seconds)
        at = 0 if found == "refused" else 1
        worst[at] = max(worst[at], memory)
        if complaint is not None:
            (folder / f"{seed}-{i}.gan").write_bytes(changed)
            queue.put(("found", f"{seed}-{i} ({name}): {complaint}"))
    last.unlink(missing_ok=True)
    queue.put(("done", (dict(counts), worst)))


def main() -> None:
    """Batches, one after the other, until all mutations are tried."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/fuzz"), help="where files that break a rule are kept")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    corpus = {name: data for fit in FITS for name, data in made(fit).items()} | released()
    sizes = [len(data) for data in corpus.values()]
    print(f"{len(corpus)} files of {min(sizes):,} to {max(sizes):,} bytes", flush=True)
    total, worst, failures = Counter[str](), [0.0, 0.0, 0.0], 0
    context = multiprocessing.get_context("spawn")
    for batch, start in enumerate(range(0, options.mutations, BATCH)):
        queue = context.SimpleQueue()
        seed, count = options.seed * 1_000_000 + batch, min(BATCH, options.mutations - start)
        process = context.Process(target=run_batch, args=(corpus, seed, count, options.folder, queue))
        process.start()
        process.join()
        ended = False
        while not queue.empty():
            kind, value = queue.get()
            if kind == "found":
                failures += 1
                print(value, flush=True)
            else:
                ended = True
                total.update(value[0])
                worst = [max(pair) for pair in zip(worst, value[1], strict=True)]
        if not ended:
            failures += 1
            print(f"batch {seed}: the process ended with {process.exitcode}; see {seed}-last.gan", flush=True)
        words = ", ".join(f"{number:,} {what}" for what, number in sorted(total.items()))
        print(f"{start + count:,}: {words}; {failures} failures", flush=True)
    print(
        f"Peak memory beyond what the process had: {worst[0]:.0f} MB of refused files, {worst[1]:.0f} MB of those that"
        f" work, sampling included; longest {worst[2]:.2f} s."
    )
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
