"""The bridge: plain values in, plain values out."""

import numpy as np
import pytest

from ganbridge import bridge

MATRIX = {"container": "matrix", "values": np.arange(60.0).reshape(20, 3), "type": "integer", "names": ["a", "b", "c"]}
FRAME = {
    "container": "data.frame",
    "columns": [
        {"name": "x", "type": "double", "values": np.linspace(0, 1, 20)},
        {"name": "x", "type": "integer", "values": np.arange(20.0)},
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
        assert value.dtype in (np.float64, np.int64)
    else:
        assert value is None or type(value) in (str, int, float, bool, bytearray)


@pytest.mark.parametrize("data", [MATRIX, FRAME], ids=["matrix", "data.frame"])
def test_only_plain_values_cross(data):
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


def test_revived_models_do_not_pile_up():
    for seed in range(bridge.MODELS_KEPT + 3):
        bridge.sample(bridge.fit(MATRIX, epochs=1, seed=seed)["model"], 1, 1)
    assert len(bridge._models) == bridge.MODELS_KEPT


def test_bad_values_are_refused():
    with pytest.raises(TypeError, match="container"):
        bridge.fit({"values": 3}, seed=1)
    with pytest.raises(TypeError, match="must be numeric"):
        bridge.fit(MATRIX | {"type": "factor"}, seed=1)
    with pytest.raises(ValueError, match="not a fit saved by ganbridge"):
        bridge.sample(bytearray(b"nothing"), 1, 1)
