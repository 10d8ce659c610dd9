"""The bridge: plain values in, plain values out."""

import inspect
from dataclasses import fields

import numpy as np
import pytest

import ganbridge
from ganbridge import Config, bridge

MATRIX = {"container": "matrix", "values": np.arange(60.0).reshape(20, 3), "type": "integer", "names": ["a", "b", "c"]}
FRAME = {
    "container": "data.frame",
    "columns": [
        {"name": "x", "type": "double", "values": np.linspace(0, 1, 20)},
        {"name": "x", "type": "integer", "values": np.arange(20.0)},
    ],
}
PIXELS = np.asfortranarray(np.arange(20 * 8 * 9 * 2).reshape(20, 8, 9, 2) % 256)
ARRAYS = {
    "integers": {"container": "array", "values": PIXELS.astype("int32"), "type": "integer", "names": ["a", "b"]},
    "whole doubles": {"container": "array", "values": PIXELS.astype("float64"), "type": "integer", "names": None},
    "doubles": {"container": "array", "values": PIXELS / 255, "type": "double", "names": None},
}


GAPS = {
    "container": "data.frame",
    "columns": [
        {"name": "x", "type": "double", "values": np.arange(60.0), "missing": np.arange(60) % 7 == 0},
        {"name": "y", "type": "double", "values": np.sin(np.arange(60.0))},
        {"name": "z", "type": "integer", "values": np.arange(60.0) % 5},
    ],
}


def assert_plain(value):
    if isinstance(value, dict):
        assert all(isinstance(key, str) for key in value)
        for item in value.values():
            assert_plain(item)
    elif isinstance(value, list):
        for item in value:
            assert_plain(item)
    elif isinstance(value, np.ndarray):
        assert value.dtype in (np.float64, np.int64, np.int32)
    else:
        assert value is None or type(value) in (str, int, float, bool, bytearray)


@pytest.mark.parametrize("data", [MATRIX, FRAME], ids=["matrix", "data.frame"])
def test_only_plain_values_are_passed(data):
    seen = []
    result = bridge.fit(
        data, epochs=4.0, seed=3.0, trace=2.0, progress=seen.append, config={"batch_size": 10.0, "members": 2.0}
    )
    for value in (result, seen, bridge.describe(result["model"]), bridge.torch_state(), bridge.config_fields()):
        assert_plain(value)
    assert seen[-1]["epoch"] == seen[-1]["epochs"] == 4
    sample = bridge.sample(result["model"], 5.0, 1.0)
    assert_plain(sample)
    assert sample["container"] == data["container"]
    if data is MATRIX:
        assert sample["names"] == ["a", "b", "c"]
        assert sample["type"] == "integer"
        assert sample["values"].shape == (5, 3)
    else:
        assert [column["name"] for column in sample["columns"]] == ["x", "x"]
        assert [column["type"] for column in sample["columns"]] == ["double", "integer"]


@pytest.mark.parametrize("data", ARRAYS.values(), ids=ARRAYS)
def test_arrays_are_passed_as_32_bit_integers_or_doubles(data):
    small = {"generator_hidden": [4.0], "discriminator_hidden": [4.0]}
    result = bridge.fit(data, epochs=2, seed=1, trace=1, config=small)
    assert_plain(result)
    assert result["kind"] == "image"
    assert {name: result["schema"][name] for name in ("container", "names", "types", "rows", "shape")} == {
        **{"container": "array", "names": data["names"], "types": [data["type"]], "rows": 20, "shape": [8, 9, 2]}
    }
    for sample in (bridge.sample(result["model"], 5, 1), result["trace"]["samples"][1]):
        assert sample["values"].dtype == ("int32" if data["type"] == "integer" else "float64")
        assert {name: sample[name] for name in ("container", "type", "names")} == {
            name: data[name] for name in ("container", "type", "names")
        }
    assert sample["values"].shape == (20, 8, 9, 2)
    assert result["moments"]["name"][1::8][:3] == ["2,1,1", "2,2,1", "2,3,1"]
    plain = np.ascontiguousarray(data["values"])  # the same indices in another order in memory
    again = bridge.fit({**data, "values": plain}, epochs=2, seed=1, trace=1, config=small)
    np.testing.assert_equal(again["trace"], result["trace"])


def test_loaded_models_do_not_accumulate():
    for seed in range(bridge.MODELS_KEPT + 3):
        bridge.sample(bridge.fit(MATRIX, epochs=1, seed=seed)["model"], 1, 1)
    assert len(bridge._models) == bridge.MODELS_KEPT


def test_every_function_returns_plain_values(tmp_path):
    idx = tmp_path / "idx"
    idx.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 255]))
    result = bridge.fit(MATRIX, epochs=1, seed=1, trace=1)
    mixture = bridge.fit(GAPS, seed=1)
    waves = bridge.fit(MATRIX, kind="wave", epochs=1, seed=1)
    part = bridge.fit(MATRIX, epochs=2, stop_after=1, seed=1)
    calls = {
        "version": [],
        "animate_training": [result["whole"], str(tmp_path / "film.gif"), None, [0, 1], 2.0],
        "torch_state": [],
        "check_settings": {"kind": "table", "epochs": 1},
        "config_fields": [],
        "default_settings": ["relativistic"],
        "fit": {"data": FRAME, "epochs": 1, "seed": 2, "callbacks": [lambda now: assert_plain(bridge.sample_now(2.0))]},
        "resume": {"model": part["whole"], "data": MATRIX, "callbacks": [assert_plain]},
        "describe": [result["model"]],
        "sample": [result["model"], 2, 3],
        "samples": [result["model"], None, 3, 2],
        "sample_to": [result["model"], str(tmp_path / "new.csv"), 2.0, 3.0],
        "pool": [np.ones((3, 2)), np.ones((3, 2)), 20, 10],
        "evaluate": [MATRIX, None, result["model"], MATRIX, 0, 2.0],
        "report": [result["model"], MATRIX],
        "interpolate": [result["model"], 2, 3],
        "plot_compare": [MATRIX, None, result["model"], 20],
        "plot_training": [[1], result["trace"]["samples"][:1], MATRIX],
        "plot_walk": [bridge.interpolate(result["model"], 2, 3), MATRIX, "pair"],
        "walk_seed": [waves["model"]],
        "impute": [mixture["model"], GAPS, 2, 3],
        "log_density": [mixture["model"], GAPS],
        "make_waves": [4.0, 9.0, [1.0, 2.0], [3.0, 4.0], 0.1, 5.0],
        "read_idx": [str(idx)],
        "read_files": [[str(tmp_path / "new.csv")]],
    }
    public = {name for name, value in vars(bridge).items() if inspect.isfunction(value) and not name.startswith("_")}
    public = {name for name in public if getattr(bridge, name).__module__ == bridge.__name__}
    assert public == {*calls, "sample_now"}
    for name, arguments in calls.items():
        function = getattr(bridge, name)
        assert_plain(function(**arguments) if isinstance(arguments, dict) else function(*arguments))
    assert bridge.config_fields() == [field.name for field in fields(Config)]
    assert bridge.version() == ganbridge.__version__
    waves = bridge.make_waves(4, 9, [1, 2], [3, 4], 0.1, 5)["values"]
    assert np.array_equal(waves, ganbridge.make_waves(4, 9, amplitude=[1, 2], cycles=[3, 4], noise=0.1, seed=5))


@pytest.mark.parametrize("trace", [None, 1])
@pytest.mark.parametrize("kind", ["table", "wave", "image"])
def test_describe_returns_what_fit_returned(kind, trace):
    data = ARRAYS["integers"] if kind == "image" else MATRIX
    result = bridge.fit(data, kind=kind, epochs=2, seed=1, trace=trace, config={"batch_size": 64})
    again = bridge.describe(bytearray(result["whole"] or result["model"]))
    np.testing.assert_equal(again, result)
    assert result["kind"] == kind
    if kind == "image":
        return
    assert result["schema"] == {
        "container": "matrix",
        "names": ["a", "b", "c"],
        "types": ["integer"],
        "encodings": None,
        "condition": None,
        "rows": 20,
    }
    assert result["moments"]["name"] == ["a", "b", "c"]
    np.testing.assert_allclose(result["moments"]["sd"], MATRIX["values"].std(0, ddof=1))
    assert result["messages"] == ["`batch_size` lowered from 64 to 20: the data has 20 rows."]
    assert result["text"] == str(ganbridge.from_bytes(result["model"])).split("\n")
    assert list(result["config"]) == bridge.config_fields()
    assert None not in result["config"].values()


def test_the_bridge_and_python_give_the_same_fit():
    x = np.random.default_rng(0).normal(size=(30, 2))
    from_bridge = bridge.fit(
        {"container": "matrix", "values": np.asfortranarray(x), "type": "double"}, epochs=3, seed=1
    )
    sample = bridge.sample(from_bridge["model"], 9, 2)["values"]
    assert sample.tobytes() == ganbridge.fit(x, epochs=3, seed=1).sample(9, seed=2).tobytes()


def test_settings_may_be_lists_and_differ_between_the_networks():
    config = {
        "generator_hidden": [8.0],
        "discriminator_hidden": [8.0, 4.0],
        "activation": {"generator": ["tanh"], "discriminator": ["relu", "linear"]},
        "betas": {"generator": [0.9, 0.999]},
        "r1": [1.0, 0.1],
        "dropout": {"discriminator": 0.1},
    }
    result = bridge.fit(FRAME, epochs=1, seed=1, config=config)
    assert_plain(result)
    assert result["config"]["activation"] == {"generator": ["tanh"], "discriminator": ["relu", "linear"]}
    assert result["config"]["generator_hidden"] == [8]
    assert result["config"]["r1"] == [1.0, 0.1]
    assert result["config"]["betas"]["generator"] == [0.9, 0.999]


def test_progress_ends_with_the_last_epoch_and_an_interrupt_in_it_keeps_the_fit():
    seen = []
    bridge.fit(MATRIX, epochs=50, seed=1, progress=seen.append)
    assert list(seen[0]) == ["epoch", "epochs", "generator_loss", "discriminator_loss", "seconds", "share", "unit"]
    assert seen[-1]["epoch"] == seen[-1]["epochs"] == 50
    assert len(seen) < 50

    def interrupt(state):
        raise KeyboardInterrupt

    result = bridge.fit(MATRIX, epochs=50, seed=1, progress=interrupt)
    assert result["stopped"] == "interrupted"
    assert bridge.sample(result["model"], 3, 1)["values"].shape == (3, 3)


def test_a_matrix_with_labels_has_labels_beside_its_samples_and_no_shares():
    labels = {"container": "data.frame", "columns": [{"name": "", "type": "integer", "values": np.arange(20.0) % 2}]}
    result = bridge.fit(MATRIX, epochs=1, seed=1, condition=labels)  # shares failed after the training
    assert result["shares"] == {"column": [], "level": [], "share": []}
    assert result["schema"]["condition"] == ["label"]
    sample = bridge.sample(result["model"], 6, 1)
    assert sample["container"] == "matrix"
    assert [column["name"] for column in sample["condition"]["columns"]] == ["label"]
    gan = ganbridge.from_bytes(bytes(result["model"]))
    assert gan.labelled
    assert gan.shares() == []


def test_a_frame_has_its_conditions_among_its_columns():
    columns = [*FRAME["columns"], {"name": "k", "type": "text", "values": np.arange(20.0) % 2, "levels": ["a", "b"]}]
    result = bridge.fit(FRAME | {"columns": columns}, epochs=1, seed=1, condition=["k"])
    assert result["shares"] == {"column": ["k", "k"], "level": ["a", "b"], "share": [0.5, 0.5]}
    sample = bridge.sample(result["model"], 6, 1)
    assert "condition" not in sample
    assert [column["name"] for column in sample["columns"]] == ["x", "x", "k"]


def test_data_are_not_changed():
    values = np.random.default_rng(0).normal(size=(30, 2))
    before = values.copy()
    values.flags.writeable = False  # as reticulate passes them
    bridge.fit({"container": "matrix", "values": values, "type": "double", "names": None}, epochs=1, seed=1)
    assert np.array_equal(values, before)


def test_bad_values_are_refused():
    with pytest.raises(TypeError, match="container"):
        bridge.fit({"values": 3}, seed=1)
    with pytest.raises(TypeError, match="must have the type double or integer"):
        bridge.fit(MATRIX | {"type": "factor"}, seed=1)
    with pytest.raises(ValueError, match="not a fit saved by ganbridge"):
        bridge.sample(bytearray(b"nothing"), 1, 1)
