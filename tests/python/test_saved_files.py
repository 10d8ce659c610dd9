"""A saved fit is read completely or refused with the reason: damaged, foreign, newer, or with an unknown setting."""

import hashlib
import json
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest
from safetensors import safe_open
from safetensors.numpy import save as save_arrays

import ganbridge
from ganbridge import Config
from ganbridge.config import Settings
from ganbridge.model import reader
from ganbridge.model.file import FORMAT, METADATA, NO_CHECKSUM, OLDEST

RNG = np.random.default_rng(1)
DATA = RNG.normal(size=(30, 2))
FRAME = pd.DataFrame({"a": DATA[:, 0], "k": RNG.integers(0, 9, 30)})
SMALL = {"generator_hidden": (4,), "discriminator_hidden": (4,)}
PIECES = ("damaged", "not a fit saved by ganbridge", "has format", "unknown setting")


def fitted(form: str) -> ganbridge.FittedGan:
    data, kind = {
        "matrix": (DATA, "table"),
        "frame": (FRAME, "table"),
        "mixture": (FRAME, "table"),
        "wave": (ganbridge.make_waves(20, 12, seed=1), "wave"),
    }[form]
    if form == "mixture":
        return ganbridge.fit(data, kind=kind, seed=1, config=Config(prior="mixture"))
    return ganbridge.fit(data, kind=kind, seed=1, epochs=4, trace=2, config=Config(**SMALL))


@pytest.fixture(scope="module", params=["matrix", "frame", "wave", "mixture"])
def gan(request):
    return fitted(request.param)


def header_length(data: bytes) -> int:
    return 8 + int.from_bytes(data[:8], "little")


def parts(data: bytes) -> tuple[dict, dict, bytes]:
    """The header of safetensors, ganbridge's header inside it, and the tensors."""
    end = header_length(data)
    outer = json.loads(data[8:end])
    return outer, json.loads(outer["__metadata__"][METADATA]), data[end:]


def signed(outer: dict, header: dict, body: bytes) -> bytes:
    """A file of these parts whose checksum is right."""
    own = {METADATA: json.dumps(header | {"checksum": NO_CHECKSUM})}
    text = json.dumps(outer | {"__metadata__": own}).encode()
    text += b" " * (-len(text) % 8)
    data = len(text).to_bytes(8, "little") + text + body
    return data.replace(NO_CHECKSUM.encode(), hashlib.sha256(data).hexdigest().encode(), 1)


# --- damaged, foreign and newer files --------------------------------------------------------------------------------


def refused(data: bytes) -> bool:
    try:
        ganbridge.from_bytes(data)
    except ValueError as problem:
        return any(piece in str(problem) for piece in PIECES)
    return False


def test_every_altered_byte_is_refused(gan):
    data = gan.to_bytes()
    end = header_length(data)
    for i in [*range(end), *range(end, len(data), 97), len(data) - 1]:
        for changed in {data[i] ^ 1, data[i] ^ 128, ord(" "), ord("0")} - {data[i]}:
            assert refused(data[:i] + bytes([changed]) + data[i + 1 :]), i


def test_cut_and_extended_files_are_refused(gan):
    data = gan.to_bytes()
    for n in [*range(20), *range(20, len(data), 211), header_length(data), len(data) - 1]:
        assert refused(data[:n]), n
        assert refused(data[n + 1 :]), n
    assert refused(data + b"\0")
    assert refused(data + data)
    assert refused(b"\0" + data)


FOREIGN = {
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "pickle": pickle.dumps({"a": 1}),
    "empty": b"",
    "zeros": bytes(1000),
    "json": b'{"format": 1}',
    "json where a header should be": (13).to_bytes(8, "little") + b'{"format": 1}',
    "a list where a header should be": (4).to_bytes(8, "little") + b"[[]]",
    "deep nesting": (200_000).to_bytes(8, "little") + b"[" * 200_000,
    "a header longer than the file": (2**63).to_bytes(8, "little") + b"{}",
    "not even UTF-8": (4).to_bytes(8, "little") + b"\xff\xfe\xfd\xfc",
    "another safetensors": save_arrays({"a": np.zeros(3)}),
    "one with other metadata": save_arrays({"a": np.zeros(3)}, {"format": "pt"}),
    "one with an empty entry": save_arrays({"a": np.zeros(3)}, {METADATA: "{}"}),
    "one with a number for an entry": save_arrays({"a": np.zeros(3)}, {METADATA: "3"}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_files_are_refused(name, tmp_path):
    (tmp_path / "foreign").write_bytes(FOREIGN[name])
    with pytest.raises(ValueError, match="not a fit saved by ganbridge"):
        ganbridge.load(tmp_path / "foreign")


def test_a_newer_format_is_refused_by_name_with_the_advice_to_update(gan):
    outer, header, body = parts(gan.to_bytes())
    assert header["format"] == FORMAT
    newer = header | {"format": FORMAT + 1, "version": "9.8.7"}
    wanted = rf"has format {FORMAT + 1}, written by ganbridge 9.8.7, .* reads formats {OLDEST} to {FORMAT}. Update"
    for changes in ({}, {"config": None, "kind": "hologram"}):
        with pytest.raises(ValueError, match=wanted) as refusal:
            ganbridge.from_bytes(signed(outer, newer | changes, body))
        assert "damaged" not in str(refusal.value)
    with pytest.raises(ValueError, match=r"has format 1, .* Fit again"):
        ganbridge.from_bytes(signed(outer, header | {"format": 1}, body))


@pytest.mark.parametrize(
    "changes",
    [{"kind": "hologram"}, {"stopped": "bored"}, {"config": {"objective": "perfect"}}, {"config": {"tilt": 3}}],
    ids=str,
)
def test_unknown_values_of_a_newer_version_give_the_advice_to_update(changes):
    # Of the same format, if a release adds an objective and nothing else.
    outer, header, body = parts(fitted("matrix").to_bytes())
    changes = {key: header[key] | value if isinstance(value, dict) else value for key, value in changes.items()}
    for version in ("0.10.0", "9.0", f"{ganbridge.__version__}.1"):
        with pytest.raises(ValueError, match=f"written by ganbridge {version}, .* Update ganbridge to read it"):
            ganbridge.from_bytes(signed(outer, header | changes | {"version": version}, body))
    for version in (ganbridge.__version__, "0.0.9", "", "x" * 5000, None, 3):
        with pytest.raises(ValueError, match=r"damaged|unknown setting"):
            ganbridge.from_bytes(signed(outer, header | changes | {"version": version}, body))


def test_a_setting_missing_in_a_file_has_its_textbook_value():
    gan = fitted("matrix")
    outer, header, body = parts(gan.to_bytes())
    for name in ("range_margin", "focal_gamma", "threads"):
        config = {key: value for key, value in header["config"].items() if key != name}
        loaded = ganbridge.from_bytes(signed(outer, header | {"config": config}, body))
        assert getattr(loaded.config, name) == getattr(Settings(), name)
        assert np.array_equal(loaded.sample(5, seed=1), gan.sample(5, seed=1))


def test_an_unknown_setting_is_named():
    outer, header, body = parts(fitted("matrix").to_bytes())
    config = header["config"] | {"tilt": 3}
    with pytest.raises(ValueError, match='can\'t be read: it has an unknown setting, "tilt"') as refusal:
        ganbridge.from_bytes(signed(outer, header | {"config": config}, body))
    assert "damaged" not in str(refusal.value)


OUT_OF_MEMORY = {
    "numpy's": MemoryError("Unable to allocate 8.00 EiB for an array"),
    "torch's": RuntimeError("[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: can't allocate memory"),
}


@pytest.mark.parametrize("problem", OUT_OF_MEMORY.values(), ids=OUT_OF_MEMORY)
def test_too_little_memory_is_not_a_damaged_file(problem, monkeypatch):
    data = fitted("matrix").to_bytes()

    def fail(data):
        raise problem

    monkeypatch.setattr(reader.file, "read_tensors", fail)
    with pytest.raises(MemoryError, match="allocate"):
        ganbridge.from_bytes(data)


def test_handmade_files_are_read_completely_or_refused(gan):
    # With a valid checksum, so that missing parts must be detected when the file is loaded, not when the fit is used.
    outer, header, body = parts(gan.to_bytes())
    assert ganbridge.from_bytes(signed(outer, header, body)).to_bytes() == gan.to_bytes()
    made = []
    for name, value in header.items():
        inside = value if isinstance(value, dict) else {}
        for wrong in (None, -1, "x", [], {}):
            made.append(signed(outer, header | {name: wrong}, body))
            made += [signed(outer, header | {name: inside | {part: wrong}}, body) for part in inside]
        made.append(signed(outer, {key: header[key] for key in header if key != name}, body))
    for name in set(outer) - {"__metadata__"}:
        made.append(signed({key: outer[key] for key in outer if key != name}, header, body))
        for changes in ({"dtype": "I64"}, {"shape": [1, *outer[name]["shape"]]}, {"shape": outer[name]["shape"][::-1]}):
            made.append(signed(outer | {name: outer[name] | changes}, header, body))
    read = 0
    for data in made:
        if not refused(data):
            read += 1
            half = ganbridge.from_bytes(data)
            assert len(half.sample(3, seed=1)) == 3
            assert len(half.history) == half.epochs
            assert len(half.trace or ()) in (0, 2)
            assert str(half)
    assert read < len(made) / 3


def test_loading_runs_no_code_of_the_file():
    gan = fitted("matrix")
    data = gan.to_bytes()
    assert b"pickle" not in data
    code = """
        import sys
        import ganbridge.model.reader as reader
        before = set(sys.modules)
        def forbidden(event, arguments):
            if event in ("pickle.find_class", "marshal.loads", "compile", "exec", "import", "os.system"):
                raise SystemExit(f"{event} {arguments}")
        data = sys.stdin.buffer.read()
        reader.from_bytes(data)  # so that all late imports are done
        sys.addaudithook(forbidden)
        print(reader.from_bytes(data).sample(2, seed=1).shape)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.stdout.decode().strip() == "(2, 2)", done.stderr.decode()


def test_the_file_is_plain_safetensors(tmp_path):
    gan = fitted("matrix")
    gan.save(tmp_path / "model.gan")
    with safe_open(tmp_path / "model.gan", "np") as file:
        assert list(file.metadata()) == [METADATA]
        assert file.get_tensor("generator.0.weight").shape == gan.specs[0].sizes[:2]
