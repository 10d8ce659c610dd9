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
from ..data import Data
from ..encode import Conditions, Encoder
from ..kinds import KINDS
from ..networks import spec_from_dict
from ..prior.table import TablePrior
from ..version import __version__
from . import file
from .description import STOPPED
from .fitted import FittedGan
from .prior_sampling import PriorSampling
from .sampling import Sampler

Header = dict[str, Any]
Tensors = dict[str, Tensor]


class UnknownSettingError(ValueError):
    """A saved fit has a setting that this version does not know."""


def from_bytes(data: bytes | bytearray | memoryview) -> FittedGan:
    """The fit that `to_bytes` wrote, in this version of ganbridge or in an older one.

    Raises ValueError for anything else: truncated, altered, foreign, or of a newer version.

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
        gan = READERS[header["format"]](header, file.read_tensors(data))
        _try_out(gan)
    except MemoryError:
        raise
    except Exception as problem:  # whatever is wrong with it, it shows here and not at its use
        raise _refusal(problem, header.get("version")) from None
    return gan


def load(path: str | os.PathLike[str]) -> FittedGan:
    """The fit in a file that `save` wrote, in Python or in R, in this version of ganbridge or in an older one.

    Raises OSError if the file can't be read, ValueError if it is not an intact fit, or one of a newer version.

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
    if isinstance(problem, RuntimeError) and re.search("not enough memory|can't allocate memory", str(problem)):
        return MemoryError(str(problem))  # torch's
    if _is_newer(writer):
        return ValueError(
            f"the saved fit was written by ganbridge {writer}, and this version ({__version__}) can't read it"
            f" ({problem}). Update ganbridge to read it."
        )
    if isinstance(problem, UnknownSettingError):
        return ValueError(f"the saved fit can't be read: {problem}. Fit again.")
    what = f"{type(problem).__name__}: {problem}"
    return ValueError(f"the saved fit is damaged ({what}). Save it again, or fit again.")


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
    history = [name for name in header["history"] if name != "seconds"]
    return _read_4(header | {"history": history}, tensors)


def _read_4(header: Header, tensors: Tensors) -> FittedGan:
    """What writer.py writes."""
    history, moments = _arrays(tensors, "history"), _arrays(tensors, "moments")
    conditions = None
    if header["conditions"] is not None:
        conditions = Conditions.from_state(header["conditions"], _arrays(tensors, "conditions"))
    trace_conditions = _arrays(tensors, "trace_conditions")
    prior = None
    encoder: type[Encoder] = KINDS[header["kind"]].encoder
    if header.get("prior") is not None:
        prior, encoder = TablePrior.from_state(header["prior"], _arrays(tensors, "prior")), KINDS[header["kind"]].ranks
    return FittedGan(
        settings=_settings(header["config"]),
        encoder=encoder.from_state(header["encoder"], _arrays(tensors, "encoder")),
        prior=prior,
        specs=tuple(spec_from_dict(spec) for spec in header["specs"]),
        generator=_group(tensors, "generator"),
        discriminator=_group(tensors, "discriminator"),
        seed=check.seed(header["seed"]),
        epochs=int(header["epochs"]),
        kept=dict(header["kept"]),
        stopped=check.choice("stopped", header["stopped"], STOPPED),
        messages=list(header["messages"]),
        diagnosis=list(header["diagnosis"]),
        history_columns={name: history[name] for name in header["history"]},
        moment_columns={name: moments[name] for name in header["moments"]},
        trace_epochs=_array(tensors, "trace_epochs"),
        trace_encoded=_array(tensors, "trace_encoded"),
        conditions=conditions,
        trace_conditions=conditions.pool.with_arrays(trace_conditions) if conditions and trace_conditions else None,
        calibration=_array(tensors, "calibration"),
        rate=None if header["rate"] is None else check.number("rate", header["rate"], 0.0, open_low=True),
        version=str(header["version"]),
    )


READERS: dict[int, Callable[[Header, Tensors], FittedGan]] = {2: _read_2, 3: _read_3, 4: _read_4}


def _settings(values: dict[str, Any]) -> Settings:
    """The settings of a saved fit. One that was added since has the value that means "without it"."""
    if not isinstance(values, dict):
        raise TypeError("its settings have no names")
    defaults = Settings()
    unknown = [name for name in values if name not in defaults.to_dict()]
    if unknown:
        raise UnknownSettingError(f"it has an unknown setting, {check.came(unknown[0])}")
    if None in values.values():
        raise ValueError("its config has gaps")
    return defaults.replaced_by(Config(**{name: _tupled(value) for name, value in values.items()}))


def _tupled(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return {key: _tupled(item) for key, item in value.items()} if isinstance(value, dict) else value


def _group(tensors: Tensors, group: str) -> Tensors:
    return {name.removeprefix(f"{group}."): value for name, value in tensors.items() if name.startswith(f"{group}.")}


def _arrays(tensors: Tensors, group: str) -> dict[str, np.ndarray]:
    return {name: value.numpy().copy() for name, value in _group(tensors, group).items()}


def _array(tensors: Tensors, name: str) -> np.ndarray | None:
    return tensors[name].numpy().copy() if name in tensors else None


# --- validation --------------------------------------------------------------------------------------------------


def _try_out(gan: FittedGan) -> None:
    """Sample a row, decode a traced one, print: raises an exception if a part of the fit is missing or wrong."""
    sampler = gan.sampler
    tried = [sampler.middle()] if isinstance(sampler, PriorSampling) else _rows_of_networks(gan, sampler)
    for data in tried:
        data.to_python()
        if {values.shape for values in gan.moment_columns.values()} != {(len(data.columns),)}:
            raise ValueError("its columns and its moments differ")
    if {values.shape for values in gan.history_columns.values()} != {(gan.epochs,)}:
        raise ValueError("its history does not have one value for each epoch")
    gan.describe()


def _rows_of_networks(gan: FittedGan, sampler: Sampler) -> list[Data]:
    """A row of the generator and one of the trace."""
    for spec, parameters in zip(gan.specs, (gan.generator, gan.discriminator), strict=True):
        if spec.parameter_count != sum(value.numel() for value in parameters.values()):
            raise ValueError("its layers and its parameters differ")
    if gan.specs[0].inputs != gan.settings.latent_dim + (gan.conditions.width if gan.conditions else 0):
        raise ValueError("its generator and its `latent_dim` differ")
    encoded = [sampler.generated.middle(gan.settings.threads)]
    if gan.trace_encoded is not None and gan.trace_epochs is not None:
        encoded += [rows[:1] for rows in gan.trace_encoded[:1]]
        if gan.trace_epochs.shape != gan.trace_encoded.shape[:1]:
            raise ValueError("its trace does not have one sample for each of its epochs")
    decoded = [gan.encoder.decode(rows, np.random.default_rng(0)) for rows in encoded]
    if gan.conditions is None:
        return decoded
    return [
        gan.conditions.merged(data, gan.conditions.pool.take(np.zeros(data.rows, dtype=np.int64))) for data in decoded
    ]
