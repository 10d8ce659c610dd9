"""Files that were altered and signed anew are refused by one class of error, or work; nothing in them is believed.

tools/fuzz_files.py does the same for any number of files, and measures time and memory.
"""

import copy
import dataclasses
import functools
import json
import re

import numpy as np
import pytest
import torch
from test_old_files import loaded_tool_of

import ganbridge
from ganbridge import BadFileError, Config
from ganbridge.config import NETWORK_NAMES
from ganbridge.data import Column, Schema
from ganbridge.data.python import from_python
from ganbridge.encode.codec import Codec
from ganbridge.encode.conditions import Conditions
from ganbridge.encode.relations import Plan
from ganbridge.encode.scaler import Scaler
from ganbridge.encode.table import CODECS, codec_from_state
from ganbridge.kinds import KINDS
from ganbridge.model import resuming
from ganbridge.networks import NETWORKS, check_state, spec_from_dict
from ganbridge.networks.module import ModuleSpec
from ganbridge.prior.local import LocalNormals
from ganbridge.prior.table import FAMILIES, TablePrior
from ganbridge.training.state import TrainingState

TOOL = loaded_tool_of("fuzz_files")
SLOW = {"mixture"}  # to fit; the tool has it
PER_FILE = 6  # mutations in this test; the tool makes as many as are asked for
PER_PART = 150


@pytest.fixture(scope="module")
def corpus():
    """Files of small fits, and of the first release, in parts."""
    made = {name: data for fit in TOOL.FITS if fit not in SLOW for name, data in TOOL.made(fit).items()}
    return {name: TOOL.Parts(data) for name, data in (made | TOOL.released()).items()}


def of_group(parts, group):
    """The arrays of a group, as from_state gets them."""
    found = {}
    for name, entry in parts.entries.items():
        if name.startswith(f"{group}.") and entry["dtype"] in TOOL.DTYPES:
            values = np.frombuffer(parts.tensors[name], TOOL.DTYPES[entry["dtype"]]).reshape(entry["shape"])
            values = values.astype(bool) if entry["dtype"] == "BOOL" else values
            found[name.removeprefix(f"{group}.")] = values.copy()
    return found


def states(corpus):
    """(kind of part, its name, what reads it, plain values, arrays): each part of each file that has `from_state`."""
    for parts in corpus.values():
        header, encoder = parts.header, of_group(parts, "encoder")
        kind = KINDS[header["kind"]]
        ranked = header.get("prior") is not None
        yield (
            "encoder",
            (header["kind"], ranked),
            (kind.prior_encoder if ranked else kind.encoder).from_state,
            header["encoder"],
            encoder,
        )
        if ranked:
            read = TablePrior.from_state if kind.has_columns else LocalNormals.from_state
            yield "prior", header["prior"]["family"], read, header["prior"], of_group(parts, "prior")
        if header.get("relations") is not None:
            yield "relations", "", Plan.from_state, header["relations"], of_group(parts, "relations")
        if header["conditions"] is not None and header["format"] > 2:
            arrays = of_group(parts, "conditions")
            yield "conditions", "", Conditions.from_state, header["conditions"], arrays
        if header.get("training") is not None:
            read = functools.partial(read_training, ganbridge.from_bytes(parts.signed()))
            yield "training", "", read, header["training"], of_group(parts, "training")
        yield "schema", "", lambda plain, arrays: Schema.from_dict(plain), header["encoder"]["schema"], {}
        for i, column in enumerate(header["encoder"].get("columns", [])):
            own = {key.removeprefix(f"{i}."): value for key, value in encoder.items() if key.startswith(f"{i}.")}
            yield "codec", column["codec"]["codec"], codec_from_state, column["codec"], own
            plain = {key: value for key, value in column.items() if key != "codec"}
            yield "column", column["type"], lambda plain, arrays: Column.from_dict(plain), plain, {}
        for role, spec in zip(("generator", "discriminator"), header["specs"], strict=False):
            state = of_group(parts, role)
            yield "spec", spec["network"], read_network, spec, state


def read_training(gan, plain, arrays):
    """A training that goes on from the state for a round."""
    gan = dataclasses.replace(gan, training=TrainingState.from_state(plain, arrays))
    run = resuming._run(gan, from_python(TOOL.PLANE), None, gan.settings, gan.planned_epochs)
    run.trainer.train_round()
    run.so_far()


def read_network(plain, arrays):
    spec = spec_from_dict(plain)
    check_state(spec, {name: torch.from_numpy(values) for name, values in arrays.items()})
    assert spec.rows_at_once * spec.inputs <= 2**24
    assert spec.describe()
    return spec


def altered_arrays(arrays, rng):
    """One array dropped, of another type or shape, or with a hostile number in it."""
    name = list(arrays)[rng.integers(len(arrays))]
    values, how = arrays[name], rng.integers(6)
    if how == 0:
        del arrays[name]
    elif how == 1:
        arrays[name] = values[..., None] if rng.random() < 0.5 else values[:0]
    elif how == 2:
        arrays[name] = values.astype(rng.choice(["float64", "float32", "int64", "uint8"]))
    elif values.size:
        hostile = [-1, 2**40, 0] if values.dtype.kind in "iu" else [np.nan, np.inf, -1.0, 0.0, 1e30, 2.0]
        with np.errstate(over="ignore"):
            values.flat[rng.integers(values.size)] = np.array(hostile[rng.integers(len(hostile))]).astype(values.dtype)


def test_every_part_refuses_what_it_never_wrote_by_one_class_of_error(corpus):
    rng, seen, refused = np.random.default_rng(1), {}, {}
    every = list(states(corpus))
    for part, name, read, plain, arrays in every:
        read(copy.deepcopy(plain), {key: value.copy() for key, value in arrays.items()})
        seen.setdefault(part, set()).add(name)
    for part, name in sorted({(entry[0], entry[1]) for entry in every}):
        same = [entry for entry in every if entry[:2] == (part, name)]
        for _ in range(PER_PART):
            _, _, read, plain, arrays = same[rng.integers(len(same))]
            plain, arrays = copy.deepcopy(plain), {key: value.copy() for key, value in arrays.items()}
            if arrays and rng.random() < 0.4:
                altered_arrays(arrays, rng)
            else:
                TOOL.altered_plain(plain, rng, list(TOOL.places(plain)))
            try:
                with np.errstate(all="ignore"):
                    read(plain, arrays)
            except BadFileError:
                refused[part] = refused.get(part, 0) + 1
    parts = {"encoder", "prior", "relations", "conditions", "schema", "codec", "column", "spec", "training"}
    assert set(refused) == parts
    # A new kind of any of these must occur in a fit of tools/fuzz_files.py.
    assert seen["codec"] == set(CODECS)
    assert {kind for kind, _ in seen["encoder"]} == set(KINDS)
    assert seen["spec"] == set(NETWORKS) == set(NETWORK_NAMES)
    assert seen["prior"] == {*FAMILIES, LocalNormals.family}


def test_altered_files_are_refused_or_work(corpus):
    rng, counts = np.random.default_rng(2), {"refused": 0, "works": 0}
    for name, parts in corpus.items():
        data = parts.signed()
        assert TOOL.outcome(data) == "works", name
        for _ in range(PER_FILE):
            counts[TOOL.outcome(TOOL.mutated(data, parts, rng))] += 1
    assert counts["refused"] > counts["works"] > 0


def with_values(parts, values, tensors=None):
    """A copy of a file with other values in its header, by path such as "specs.0.stride", and other tensors."""
    parts = parts.copy()
    for path, value in values.items():
        keys = [int(key) if key.isdecimal() else key for key in path.split(".")]
        TOOL.holder(parts.header, keys)[keys[-1]] = value
    names = {dtype: name for name, dtype in TOOL.DTYPES.items() if name != "BOOL"}
    for name, array in (tensors or {}).items():
        parts.entries[name] = {"dtype": names[array.dtype.str.replace("|", "")], "shape": list(array.shape)}
        parts.tensors[name] = array.tobytes()
    return parts


def refusal(parts, values, tensors=None):
    """The text with which such a file is refused."""
    with pytest.raises(BadFileError) as found:
        ganbridge.from_bytes(with_values(parts, values, tensors).signed())
    return str(found.value)


def zeros(*shape):
    return np.zeros(shape, dtype="<f4")


def test_a_stride_beyond_the_kernel_is_refused(corpus):
    # 10^6 ended the process when sampled, 10^4 hung it.
    for stride in (26, 10**4, 10**6, 10**9):
        for name in ("convolved", "images"):
            text = refusal(corpus[name], {"specs.0.stride": stride})
            assert "stride" in text


def test_grids_that_no_tensor_has_are_refused(corpus):
    for grid in ([30_000, 30_000], [10**9], [0, 8], [8, 9, 1], [-8, 9]):
        assert "specs" in refusal(corpus["images"], {"specs.0.grid": grid})


def test_layers_without_weights_are_refused(corpus):
    values = {"specs.0.sizes": [10**9, 0, 2], "specs.0.activations": ["relu"], "config.latent_dim": 65_536}
    tensors = {"generator.0.weight": zeros(10**9, 0), "generator.0.bias": zeros(0), "generator.1.weight": zeros(0, 2)}
    assert "specs.sizes" in refusal(corpus["matrix"], values, tensors)


def test_a_wide_latent_space_is_sampled_in_small_blocks(corpus):
    # It took 3.1 GB, as 4096 rows were drawn at once.
    values = {"specs.0.sizes": [65_536, 1, 2], "specs.0.activations": ["relu"], "config.latent_dim": 65_536}
    shapes = {"0.weight": (65_536, 1), "0.bias": (1,), "1.weight": (1, 2), "1.bias": (2,)}
    parts = with_values(
        corpus["matrix"], values, {f"generator.{name}": zeros(*shape) for name, shape in shapes.items()}
    )
    for name in [name for name in parts.entries if name.startswith("generator.2")]:
        del parts.entries[name]
    gan = ganbridge.from_bytes(parts.signed())
    assert gan.specs[0].rows_at_once == 256
    assert len(gan.sample(300, seed=1)) == 300


def test_lengths_of_zero_are_refused(corpus):
    for lengths in ([0, 0], [0, 24], [24, 12], [12, 25], [1, 24]):
        assert "schema" in refusal(corpus["ragged"], {"encoder.schema.lengths": lengths})


def test_numbers_that_are_none_are_refused(corpus):
    for value in (float("nan"), float("inf"), -1.0, 10**400, "1", None, True):
        refusal(corpus["frame"], {"encoder.range_margin": value})
        refusal(corpus["frame"], {"specs.0.slope": value})
        refusal(corpus["waves"], {"encoder.range_margin": value})
        refusal(corpus["frame"], {"config.range_margin": value})


@pytest.mark.parametrize("depth", [20, 300, 990, 5000, 200_000])
def test_deep_nesting_is_refused(corpus, depth):
    parts = corpus["matrix"]
    for place in ("config", "encoder", "specs", "kept", "version", "unknown"):
        changed = parts.copy()
        changed.header[place] = f"nested {depth}"
        with pytest.raises(BadFileError):
            ganbridge.from_bytes(changed.signed())


ZONES = ["dateutil//etc/hostname", "dateutil/Europe/Berlin", "/etc/localtime", "Europe/../../etc/passwd", "tzlocal()"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_zone_is_a_name_of_the_database_and_no_file_is_read(corpus, zone, monkeypatch):
    parts = corpus["frame"]
    when = next(i for i, column in enumerate(parts.header["encoder"]["columns"]) if column["name"] == "when")
    place = f"encoder.columns.{when}"
    data = with_values(parts, {f"{place}.unit": zone, f"{place}.dtype": f"datetime64[us, {zone}]"}).signed()
    opened = []
    monkeypatch.setattr("builtins.open", lambda *args, **more: opened.append(args))
    with pytest.raises(BadFileError, match="time zone"):
        ganbridge.from_bytes(data)
    assert not opened


def test_the_zone_of_data_is_one_of_the_database_too():
    import pandas as pd

    times = pd.Series(pd.date_range("2024-01-01", periods=60, tz="dateutil/Europe/Berlin"))
    with pytest.raises(ValueError, match="must have a time zone that this machine knows"):
        ganbridge.fit(pd.DataFrame({"when": times, "x": np.arange(60.0)}), seed=1)


def test_codes_of_missing_values_are_codes_too(corpus):
    pool = of_group(corpus["condition"], "conditions")["pool.0.values"]
    missing = of_group(corpus["condition"], "conditions")["pool.0.missing"].astype(bool)
    pool[missing] = 1e300
    assert "pool.0" in refusal(corpus["condition"], {}, {"conditions.pool.0.values": pool})


def test_odds_at_which_no_draw_is_kept_are_refused(corpus):
    for name in ("trees", "discriminator"):
        assert "log_cap" in refusal(corpus[name], {"prior.log_cap": 60.0})


def test_networks_on_draws_that_do_not_go_with_the_columns_are_refused(corpus):
    refined = corpus["refined"]
    network = refined.header["prior"]["refinement"]
    quantiles = of_group(refined, "prior")["refinement.quantiles"]
    assert "refinement" in refusal(refined, {"prior.refinement": None})
    assert "numbers" in refusal(refined, {"prior.refinement": network | {"numbers": [9, 10]}})
    other = network | {"spec": network["spec"] | {"residual": False}}
    assert "spec" in refusal(refined, {"prior.refinement": other})
    assert "quantiles" in refusal(refined, {}, {"prior.refinement.quantiles": quantiles[:, ::-1].copy()})
    assert "trial" in refusal(refined, {"prior.trial": {"outcome": "kept"}})


def test_trees_that_point_elsewhere_are_refused(corpus):
    trees = of_group(corpus["trees"], "prior")
    columns = trees["tree_columns"].copy()
    columns[0, 0] = 99
    assert "tree_columns" in refusal(corpus["trees"], {}, {"prior.tree_columns": columns})
    assert "parents" in refusal(corpus["trees"], {"prior.parents": [9, -1]})
    edges = trees["edges.0"].copy()
    edges[1] = edges[2]
    assert "edges" in refusal(corpus["trees"], {}, {"prior.edges.0": edges})


def test_what_libraries_say_of_a_file_is_not_shown():
    gan = ganbridge.fit(np.arange(60.0).reshape(30, 2), epochs=1, seed=1, config=Config(**TOOL.SMALL))
    parts = TOOL.Parts(gan.to_bytes())
    parts.entries["generator.0.weight"]["dtype"] = "BF16"
    parts.tensors["generator.0.weight"] = parts.tensors["generator.0.weight"][::2]
    with pytest.raises(BadFileError) as found:
        ganbridge.from_bytes(parts.signed())
    assert not re.search("torch|Scalar|Safetensor|deserializ|numpy", str(found.value))


def test_every_field_of_a_module_networks_spec_needs_a_rule():
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Odd(ModuleSpec):
        table: dict

    with pytest.raises(BadFileError, match=r"`specs.table` has no rule"):
        Odd.from_dict({"inputs": 1, "outputs": 1, "table": {}})


def test_codecs_and_scalers_say_what_a_file_may_hold():
    # Abstract, so that a new codec without a check can't be made.
    assert {"from_state", "check_column", "holds"} <= Codec.__abstractmethods__
    numbers = {"low": float("nan"), "high": 1.0, "center": 0.0, "scale": 1.0, "decimals": None}
    with pytest.raises(BadFileError, match=r"`codec.value.low` must be a number, not nan"):
        Scaler.from_state("codec.value", {"type": "double", "scaling": "none"} | numbers, {})


def test_the_header_of_a_file_is_json_without_numbers_that_json_lacks(corpus):
    parts = corpus["matrix"].copy()
    parts.header["rate"] = float("nan")
    assert "NaN" in json.dumps(parts.header)
    with pytest.raises(BadFileError, match="not a fit saved by ganbridge"):
        ganbridge.from_bytes(parts.signed())
