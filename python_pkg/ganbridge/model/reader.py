"""A saved fit from its bytes: one reader for each format since the first release."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from .. import check
from ..config import Config, Settings
from ..encode import Conditions, Encoder
from ..encode.conditions import stored_rows
from ..encode.identifiers import Identifiers
from ..encode.relations import Plan
from ..kinds import KINDS
from ..networks import spec_from_dict
from ..prior.local import LocalNormals
from ..prior.table import TablePrior
from ..stored import (
    BadFileError,
    anything,
    choice,
    listed,
    number,
    only,
    optional,
    refuse,
    require,
    text,
    values,
    whole,
)
from ..training.memory import is_out_of_memory
from ..training.state import TrainingState
from ..version import __version__
from . import file
from .description import STOPPED
from .fitted import FittedGan
from .trial import try_out

Header = dict[str, Any]
Tensors = dict[str, Tensor]
HEADER = {
    "format": anything,
    "checksum": anything,
    "version": text(100),
    "kind": choice(KINDS),
    "config": anything,
    "encoder": anything,
    "conditions": anything,
    "identifiers": anything,
    "prior": anything,
    "relations": anything,
    "fingerprint": optional(whole(0, 2**16 - 1)),
    "training": anything,
    "specs": listed(anything),
    "seed": whole(0, check.SEED_LIMIT),
    "rate": optional(number(0.0, open_low=True)),
    "epochs": whole(0),
    "kept": anything,
    "stopped": choice(STOPPED),
    "messages": listed(text()),
    "diagnosis": listed(text()),
    "history": listed(text(100)),
    "moments": listed(text(100)),
}
ABSENT = dict.fromkeys(("prior", "relations", "identifiers", "fingerprint", "training"))
KEPT = dict.fromkeys(("member", "epoch", "step", "trained"), whole(0))
GROUPS = (
    *("encoder", "conditions", "prior", "relations", "generator", "discriminator", "calibration", "training"),
    *("history", "moments", "trace_epochs", "trace_encoded", "trace_conditions"),
)
NEEDED = {"history": {"epoch", "step"}, "moments": {"mean", "sd", "min", "max"}}


class UnknownSettingError(BadFileError):
    """A saved fit has a setting that this version does not know."""


def from_bytes(data: bytes | bytearray | memoryview) -> FittedGan:
    """The fit that `to_bytes` wrote, in this version of ganbridge or in an older one.

    Raises BadFileError, a ValueError, for anything else: truncated, altered, foreign, or of a newer version.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> gan = ganbridge.fit(waves, kind="wave", epochs=5, seed=1)
        >>> same = ganbridge.from_bytes(gan.to_bytes())
        >>> bool((same.sample(3, seed=2) == gan.sample(3, seed=2)).all())
        True
    """
    if not isinstance(data, (bytes, bytearray, memoryview)):
        check.fail("data", "the bytes of a saved fit", data, "Use load() for a path.", TypeError)
    data = bytes(data)
    header = file.read_header(data)
    try:
        with np.errstate(all="ignore"):
            gan = READERS[header["format"]](header, file.read_tensors(data))
            try_out(gan)
    except MemoryError:
        raise
    except Exception as problem:  # whatever is wrong with it, it shows here and not at its use
        raise _refusal(problem, header.get("version")) from None
    return gan


def load(path: str | os.PathLike[str]) -> FittedGan:
    """The fit in a file that `save` wrote, in Python or in R, in this version of ganbridge or in an older one.

    Raises OSError if the file can't be read, BadFileError if it is not an intact fit, or one of a newer version.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> gan = ganbridge.fit(waves, kind="wave", epochs=5, seed=1)
        >>> gan.save("waves.gan")
        >>> ganbridge.load("waves.gan").sample(3, seed=2).shape
        (3, 50)
    """
    if not isinstance(path, (str, os.PathLike)):
        check.fail("path", "the path of a file", path, error=TypeError)
    return from_bytes(Path(path).read_bytes())


def _refusal(problem: Exception, writer: Any) -> Exception:
    """What to raise for a saved fit that could not be read; writer: the version of ganbridge that wrote it."""
    if is_out_of_memory(problem):
        return MemoryError(str(problem))  # torch's
    # What libraries say of it would tell a user nothing.
    known = isinstance(problem, BadFileError)
    what = str(problem) if known else f"its parts do not go together: {type(problem).__name__}"
    if _is_newer(writer):
        return BadFileError(
            f"the saved fit was written by ganbridge {writer}, and this version ({__version__}) can't read it"
            f" ({what}). Update ganbridge to read it."
        )
    if isinstance(problem, UnknownSettingError):
        return BadFileError(f"the saved fit can't be read: {problem}. Fit again.")
    return BadFileError(f"the saved fit is damaged ({what}). Save it again, or fit again.")


def _is_newer(writer: Any) -> bool:
    """Whether a version is above this one: "0.10.0" is above "0.9.1"."""

    def numbers(version: str) -> list[int]:
        return [int(number) for number in re.findall(r"\d{1,9}", version)]

    return isinstance(writer, str) and len(writer) < 40 and numbers(writer) > numbers(__version__)


# --- readers of formats ------------------------------------------------------------------------------------------


def _read_2(header: Header, tensors: Tensors) -> FittedGan:
    """0.1.0: conditions were written under other names than those of a trace, and what is missing was "gone"."""
    renamed = {}
    for name, tensor in tensors.items():
        name = re.sub(r"^conditions\.pool\.(\d+)$", r"conditions.pool.\1.values", name)
        name = re.sub(r"^conditions\.gone\.(\d+)$", r"conditions.pool.\1.missing", name)
        name = re.sub(r"^trace_conditions\.(\d+)\.gone$", r"trace_conditions.\1.missing", name)
        renamed[name] = tensor
    return _read_3(header, renamed)


def _read_3(header: Header, tensors: Tensors) -> FittedGan:
    """Until 0.2.0 the history held seconds, so that no two fits had the same bytes."""
    require(isinstance(header.get("history"), list), "`header.history` must be a list")
    history = [name for name in header["history"] if name != "seconds"]
    kept = {name: tensor for name, tensor in tensors.items() if name != "history.seconds"}
    return _read_4(header | {"history": history}, kept)


def _read_4(header: Header, tensors: Tensors) -> FittedGan:
    """What writer.py writes."""
    header = values("header", header, HEADER, ABSENT)
    groups = {name.partition(".")[0] for name in tensors}
    only("tensors", groups, GROUPS)
    kind, conditions = KINDS[header["kind"]], None
    prior: TablePrior | LocalNormals | None = None
    encoder_type: type[Encoder] = kind.encoder
    if header["prior"] is not None:
        prior_encoder = kind.prior_encoder
        if prior_encoder is None:
            refuse("`prior` goes with tables and waves only")
        family: type[TablePrior] | type[LocalNormals] = TablePrior if kind.has_columns else LocalNormals
        prior, encoder_type = family.from_state(header["prior"], _arrays(tensors, "prior")), prior_encoder
    if header["conditions"] is not None:
        conditions = Conditions.from_state(header["conditions"], _arrays(tensors, "conditions"))
    plan = None
    if header["relations"] is not None:
        require(kind.has_columns, "`relations` go with tables only")
        plan = Plan.from_state(header["relations"], _arrays(tensors, "relations"))
    identifiers = None if header["identifiers"] is None else Identifiers.from_state(header["identifiers"])
    training = None
    if header["training"] is not None:
        training = TrainingState.from_state(header["training"], _arrays(tensors, "training"))
    require(training is not None or "training" not in groups, "`training` has arrays without values")
    history, moments = _arrays(tensors, "history"), _arrays(tensors, "moments")
    gan = FittedGan(
        settings=_settings(header["config"]),
        encoder=encoder_type.from_state(header["encoder"], _arrays(tensors, "encoder")),
        prior=prior,
        specs=tuple(spec_from_dict(spec) for spec in header["specs"]),
        generator=_group(tensors, "generator"),
        discriminator=_group(tensors, "discriminator"),
        seed=header["seed"],
        epochs=header["epochs"],
        kept=values("kept", header["kept"], KEPT),
        stopped=header["stopped"],
        messages=header["messages"],
        diagnosis=header["diagnosis"],
        history_columns=_columns("history", history, header["history"], header["epochs"]),
        moment_columns=_columns("moments", moments, header["moments"], None),
        trace_epochs=_array(tensors, "trace_epochs"),
        trace_encoded=_array(tensors, "trace_encoded"),
        conditions=conditions,
        identifiers=identifiers,
        calibration=_array(tensors, "calibration"),
        rate=header["rate"],
        plan=plan,
        training=training,
        fingerprint=header["fingerprint"],
        version=header["version"],
    )
    if conditions is not None and "trace_conditions" in groups:
        gan.trace_conditions = stored_rows(
            "trace_conditions", conditions.pool, conditions.encoder, _arrays(tensors, "trace_conditions")
        )
    return gan


READERS: dict[int, Callable[[Header, Tensors], FittedGan]] = {2: _read_2, 3: _read_3, 4: _read_4}


def _columns(part: str, arrays: dict[str, np.ndarray], names: list[str], length: int | None) -> dict[str, np.ndarray]:
    """Columns of one length, in their order: one value of the history for each epoch, or of the moments."""
    require(len(set(names)) == len(names) and set(names) >= NEEDED[part], f"`{part}` must have its columns once")
    require(set(names) == set(arrays), f"`{part}` and its tensors differ")
    for name in names:
        length = len(arrays[name]) if length is None and arrays[name].ndim == 1 else length
        right = arrays[name].shape == (length,) and arrays[name].dtype in (np.float64, np.int64)
        require(right, f"`{part}.{name}` must have one number for each of {length}")
    return {name: arrays[name] for name in names}


def _settings(plain: Any) -> Settings:
    """The settings of a saved fit. One that was added since has the value that means "without it"."""
    require(isinstance(plain, dict), "its settings have no names")
    defaults = Settings()
    unknown = [name for name in plain if name not in defaults.to_dict()]
    if unknown:
        raise UnknownSettingError(f"it has an unknown setting, {check.came(unknown[0])}")
    require(all(value is not None for value in plain.values()), "its config has gaps")
    try:
        return defaults.replaced_by(Config(**{name: _tupled(value) for name, value in plain.items()}))
    except (TypeError, ValueError) as problem:
        raise BadFileError(str(problem).rstrip(".")) from None


def _tupled(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return {key: _tupled(item) for key, item in value.items()} if isinstance(value, dict) else value


def _group(tensors: Tensors, group: str) -> Tensors:
    return {name.removeprefix(f"{group}."): value for name, value in tensors.items() if name.startswith(f"{group}.")}


def _arrays(tensors: Tensors, group: str) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in _group(tensors, group).items()}


def _array(tensors: Tensors, name: str) -> np.ndarray | None:
    return tensors[name].numpy() if name in tensors else None
