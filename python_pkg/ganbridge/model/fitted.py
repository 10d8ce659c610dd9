"""A fitted GAN: config, encoding, networks and history; what it says of itself; to bytes and from bytes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from .. import check
from ..check import SEED_LIMIT
from ..config import Config, Settings
from ..data.array import Data
from ..data.table import Frame, given_from_python
from ..encode import Conditions, Encoder, TableEncoder, encoder_from_state
from ..networks import Spec, spec_from_dict, spec_to_dict
from ..training.generated import GeneratedRows
from ..training.trainer import stream_seed
from ..version import __version__
from . import file as archive
from .sampling import Sampler

if TYPE_CHECKING:
    import pandas as pd

LISTED = 6  # columns that printing names
STOPPED = {
    "budget": "the budget was spent",
    "callback": "a callback asked for it",
    "interrupted": "interrupted by the user",
    "diverged": "the losses were no longer finite; the last good state was kept",
}


@dataclass(frozen=True, eq=False)
class Trace:
    """Samples during training: `epoch` (k,) and `samples`, a list of k in the type that went in.

    rate: points of a wave per second, where the fit was told. channels: names of a wave's channels, where there were.
    """

    epoch: np.ndarray
    samples: list[Any]
    rate: float | None = None
    channels: list[str] | None = None

    def __len__(self) -> int:
        return len(self.samples)

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        return zip(self.epoch.tolist(), self.samples, strict=True)


@dataclass(eq=False)
class FittedGan:
    """A trained generator and all that is needed to sample from it; see `fit` for how it comes about.

    seed: the seed of the fit. config: the `Config` without gaps. kind: "table", "wave" or "image". messages: what the
    user was told. diagnosis: what went wrong, in words, each with its remedy; empty where nothing was found. stopped:
    "budget", "callback", "interrupted" or "diverged". rate: points of a wave per second, or None.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> gan = ganbridge.fit(waves, kind="wave", epochs=5, seed=1, trace=1)
        >>> gan.sample(100, seed=2).shape  # new waves
        (100, 50)
        >>> gan.interpolate(10, seed=2).shape  # a walk from one wave to another
        (10, 50)
        >>> gan.history.columns.tolist()
        ['epoch', 'step', 'generator_loss', 'discriminator_loss', 'seconds', 'score']
        >>> gan.trace.epoch.tolist()
        [1, 2, 3, 4, 5]
        >>> gan.save("waves.gan")
    """

    settings: Settings
    encoder: Encoder
    specs: tuple[Spec, Spec]
    generator: dict[str, Tensor]
    discriminator: dict[str, Tensor]
    seed: int
    epochs: int
    kept: dict[str, Any]
    stopped: str
    messages: list[str]
    diagnosis: list[str]
    history_columns: dict[str, np.ndarray]
    moment_columns: dict[str, np.ndarray]
    trace_epochs: np.ndarray | None = None
    trace_encoded: np.ndarray | None = None
    conditions: Conditions | None = None
    trace_conditions: Frame | None = None
    calibration: np.ndarray | None = None  # (2, width, k): generated quantiles, and the normal scores they stand for
    rate: float | None = None
    version: str = field(default=__version__)

    @property
    def config(self) -> Config:
        """The settings as a `Config` without gaps."""
        return self.settings.to_config()

    @property
    def kind(self) -> str:
        """The kind of data: "table", "wave" or "image"."""
        return self.encoder.kind

    @property
    def schema(self) -> dict[str, Any]:
        """What the training data was: form, rows, names, types and encodings; `condition` is what was given."""
        if self.conditions is None:
            return self.encoder.schema
        schema, own = dict(self.encoder.schema), self.conditions.encoder.schema
        for key in ("names", "types", "encodings"):
            for place, value in sorted(zip(self.conditions.places, own[key], strict=False)):
                schema[key] = [*schema[key][:place], value, *schema[key][place:]]
        return schema | {"condition": self.conditions.names}

    @property
    def channels(self) -> list[str] | None:
        """Names of the channels of waves; None where they had none, as in every array of numpy's."""
        waves = self.kind == "wave" and self.schema["form"] != "matrix"
        return self.schema["names"] if waves else None

    def shares(self) -> list[tuple[str, str | None, float]]:
        """Levels of a table's columns and their shares of the training rows; None stands for missing."""
        shares = self.encoder.shares() if isinstance(self.encoder, TableEncoder) else []
        if self.conditions is not None:
            shares += self.conditions.encoder.shares()
        order = [str(name) for name in self.schema["names"] or []]
        return sorted(shares, key=lambda entry: order.index(entry[0]))

    @property
    def moment_names(self) -> list[str]:
        """What each of the `moment_columns` is about: a column, a point of a wave (and its channel), the length."""
        row = self.encoder.decode(np.zeros((1, self.encoder.width), dtype=np.float32), np.random.default_rng(0))
        if self.conditions is not None:
            row = self.conditions.merged(row, self.conditions.pool.first(1))
        return [str(column.name) for column in row.columns]

    @property
    def history(self) -> pd.DataFrame:
        """One row per epoch of the kept member: epoch, step, generator_loss, discriminator_loss, seconds, score.

        `step` counts generator updates, `seconds` from the start of the fit; `score` is NaN where none was taken.
        """
        import pandas as pd

        return pd.DataFrame({name: values.copy() for name, values in self.history_columns.items()})

    @property
    def trace(self) -> Trace | None:
        """Samples during training, where `trace` was asked for."""
        if self.trace_epochs is None:
            return None
        samples = [data.to_python() for data in self.trace_data()]
        return Trace(self.trace_epochs.copy(), samples, self.rate, self.channels)

    def trace_data(self) -> list[Data]:
        """The traced samples, decoded."""
        if self.trace_encoded is None:
            return []
        seed = stream_seed(self.seed, "trace")
        traced = [self.encoder.decode(encoded, np.random.default_rng(seed)) for encoded in self.trace_encoded]
        if self.conditions is None or self.trace_conditions is None:
            return traced
        return [self.conditions.merged(data, self.trace_conditions) for data in traced]

    def sample(self, n: int, *, given: Any = None, seed: int | None = None) -> Any:
        """n new rows in the type that went in: an array, or a DataFrame with the same columns and dtypes.

        given: for a fit with conditions, a dict of their names to one value, or to n values; conditions that it leaves
        out are drawn as they occur beside those given, or all as they occur.

        The same seed gives the same rows, and a shorter sample is the beginning of a longer one. Without a seed every
        call gives other rows. Raises ValueError where n is not a whole number of at least 1, where `given` names no
        condition of the fit, and where it asks for a level or a number that the training data does not hold.
        """
        return self.sample_data(n, seed, self._given(given))[0].to_python()

    def sample_with_conditions(self, n: int, *, given: Any = None, seed: int | None = None) -> tuple[Any, pd.DataFrame]:
        """As `sample`, and the conditions of each row beside it, as a DataFrame: the labels of waves and images."""
        if self.conditions is None:
            raise ValueError(
                "`condition` must be set in the fit for sample_with_conditions(). Use sample(), or fit again with it."
            )
        data, rows = self.sample_data(n, seed, self._given(given))
        return data.to_python(), Frame(rows.columns if rows else []).to_python()

    @staticmethod
    def _given(given: Any) -> Frame | None:
        return None if given is None else given_from_python(given)

    def sample_data(self, n: int, seed: int | None = None, given: Frame | None = None) -> tuple[Data, Frame | None]:
        """As `sample`, before it becomes numpy's or pandas' own; beside it the conditions, where there are any."""
        return self.sampler.sample(check.rows("n", n), self._seed(seed), given)

    def interpolate(self, n: int, *, given: Any = None, seed: int | None = None) -> Any:
        """A walk of n rows from one generated row to another, in the type that went in.

        The first row is the first row of `sample(2, seed=seed)`, the last row its second one. Between them the latent
        vector moves along a great circle (White 2016), and so does the noise that waves are given at the end: each
        row has the noise of its kind of data, and neighbours have nearly the same. With conditions, all rows have that
        of the first one, or what is `given`, one value for each condition; the last row is then another. Without a
        seed every call walks elsewhere. Raises ValueError where n is not a whole number of at least 2.
        """
        return self.interpolate_data(n, seed, self._given(given)).to_python()

    def interpolate_data(self, n: int, seed: int | None = None, given: Frame | None = None) -> Data:
        """As `interpolate`, before it becomes numpy's or pandas' own."""
        return self.sampler.walk(check.whole("n", n, 2), self._seed(seed), given)

    @staticmethod
    def _seed(seed: int | None) -> int:
        return secrets.randbelow(SEED_LIMIT) if seed is None else check.seed(seed)

    @property
    def sampler(self) -> Sampler:
        """The generator as it makes rows."""
        rows = GeneratedRows(
            self.specs[0], self.generator, self.encoder, self.conditions, self.calibration, self.settings.latent_dim
        )
        return Sampler(rows, self.settings.threads, columns=len(self.moment_columns["mean"]))

    def try_out(self) -> None:
        """Sample a row, decode a traced one, print: raises something where a part of the fit is missing or wrong."""
        encoded = [self.sampler.generated.middle(self.settings.threads)]
        if self.trace_encoded is not None and self.trace_epochs is not None:
            encoded += [rows[:1] for rows in self.trace_encoded[:1]]
            if self.trace_epochs.shape != self.trace_encoded.shape[:1]:
                raise ValueError("its trace has not one sample for each of its epochs")
        for rows in encoded:
            data = self.encoder.decode(rows, np.random.default_rng(0))
            if self.conditions is not None:
                data = self.conditions.merged(data, self.conditions.pool.take(np.zeros(len(rows), dtype=np.int64)))
            data.to_python()
            if {values.shape for values in self.moment_columns.values()} != {(len(data.columns),)}:
                raise ValueError("its columns and its moments differ")
        if {values.shape for values in self.history_columns.values()} != {(self.epochs,)}:
            raise ValueError("its history has not one value for each epoch")
        self.describe()

    def __str__(self) -> str:
        return "\n".join(self.describe())

    def __repr__(self) -> str:
        return str(self)

    def describe(self) -> list[str]:
        """The lines that printing shows."""
        settings, schema = self.settings, self.schema
        names = schema["names"]
        columns = len(self.moment_columns["mean"])
        what = f"{schema['rows']:,} rows x {columns:,} column{'s' if columns != 1 else ''}"
        if self.kind == "wave":
            what = self._waves_in_words()
        elif self.kind == "image":
            what = f"{schema['rows']:,} images of {' x '.join(map(str, schema['shape']))}"
        if names and self.kind == "table":
            what += f" ({_listed(names, LISTED)})"
        pack = f", sees {settings.pack} rows at once" if settings.pack > 1 else ""
        member = f"member {self.kept['member'] + 1} of {settings.members} at " if settings.members > 1 else ""
        return [
            f"<ganbridge fit> {self.kind}: {what}",
            *self._columns_in_words(),
            f"  generator      {self.specs[0].describe()}",
            f"  discriminator  {self.specs[1].describe()}{pack}",
            f"  objective      {settings.objective}",
            f"  trained        {self.kept['trained']:,} steps in {self.epochs:,} epochs,"
            f" {self.history_columns['seconds'][-1] if self.epochs else 0.0:.1f} s; {STOPPED[self.stopped]}",
            f"  kept           {member}epoch {self.kept['epoch']:,}",
            f"  seed           {self.seed}",
            *(f"  ! {finding}" for finding in self.diagnosis),
        ]

    def _columns_in_words(self) -> list[str]:
        """What was given, and which columns are encoded how, where they differ in that."""
        schema, lines = self.schema, []
        if self.conditions is not None:
            lines.append(f"  given          {_listed(self.conditions.names, LISTED)}")
        names: dict[str, list[Any]] = {}
        for name, encoding in zip(schema["names"] or [], schema.get("encodings") or [], strict=False):
            names.setdefault(encoding, []).append(name)
        if self.kind == "table" and len(names) > 1:
            kinds = [
                f"{encoding} ({_listed(found, 3) if len(found) <= 3 else f'{len(found)} columns'})"
                for encoding, found in names.items()
            ]
            lines.append(f"  encoded        {', '.join(kinds)}")
        return lines

    def _waves_in_words(self) -> str:
        """How many waves there were, of which size."""
        schema = self.schema
        points, channels = f"{len(self.moment_columns['mean']):,}", 1
        if "shape" in schema:
            points, channels = f"{schema['shape'][0]:,}", schema["shape"][1]
        elif "lengths" in schema:
            points, channels = "{:,} to {:,}".format(*schema["lengths"]), schema["channels"]
        several = f" x {channels} channels" if channels > 1 else ""
        rate = f", {self.rate:g} points per second" if self.rate else ""
        return f"{schema['rows']:,} waves of {points} points{several}{rate}"

    def to_bytes(self) -> bytes:
        """The whole fit as bytes; `from_bytes` is the way back."""
        plain, arrays = self.encoder.to_state()
        tensors: dict[str, Tensor] = {}
        for role in ("generator", "discriminator"):
            tensors |= {f"{role}.{name}": value.contiguous() for name, value in getattr(self, role).items()}
        groups = {"encoder": arrays, "history": self.history_columns, "moments": self.moment_columns}
        conditions = None
        if self.conditions is not None:
            conditions, groups["conditions"] = self.conditions.to_state()
            if self.trace_conditions is not None:
                groups["trace_conditions"] = _frame_arrays(self.trace_conditions)
        for group, columns in groups.items():
            tensors |= {f"{group}.{name}": _tensor(values) for name, values in columns.items()}
        for name in ("trace_epochs", "trace_encoded", "calibration"):
            if getattr(self, name) is not None:
                tensors[name] = _tensor(getattr(self, name))
        header = {
            "version": self.version,
            "kind": self.kind,
            "config": self.settings.to_dict(),
            "encoder": plain,
            "conditions": conditions,
            "specs": [spec_to_dict(spec) for spec in self.specs],
            "seed": self.seed,
            "rate": self.rate,
            "epochs": self.epochs,
            "kept": self.kept,
            "stopped": self.stopped,
            "messages": self.messages,
            "diagnosis": self.diagnosis,
            "history": list(self.history_columns),
            "moments": list(self.moment_columns),
        }
        return archive.write(header, tensors)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fit to a file, whole or not at all. Raises OSError where that is not possible."""
        check.write_whole(Path(check.writable("path", path)), self.to_bytes())


def _listed(names: Sequence[Any], most: int) -> str:
    return ", ".join(map(str, names[:most])) + (", ..." if len(names) > most else "")


def _frame_arrays(frame: Frame) -> dict[str, np.ndarray]:
    arrays = {f"{i}.values": column.values for i, column in enumerate(frame.columns)}
    return arrays | {f"{i}.gone": c.missing for i, c in enumerate(frame.columns) if c.missing is not None}


def _frame_from(like: Frame, arrays: dict[str, np.ndarray]) -> Frame | None:
    if not arrays:
        return None
    return Frame([c.like(arrays[f"{i}.values"], arrays.get(f"{i}.gone")) for i, c in enumerate(like.columns)])


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(values, order="C"))  # a copy: encodings may hold read-only views


def from_bytes(data: bytes | bytearray | memoryview) -> FittedGan:
    """The fit that `to_bytes` made. Raises ValueError for anything else: cut, altered, foreign or of a newer format.

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
    header = archive.read_header(data)
    try:
        gan = _revive(header, archive.read_tensors(data))
        gan.try_out()
    except Exception as problem:  # whatever is wrong with it, it shows here and not at its use
        what = f"{type(problem).__name__}: {problem}"
        raise ValueError(f"the saved fit is damaged ({what}). Save it again, or fit again.") from None
    return gan


def _revive(header: dict[str, Any], tensors: dict[str, Tensor]) -> FittedGan:
    def group(name: str) -> dict[str, Tensor]:
        return {key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(f"{name}.")}

    def arrays(name: str) -> dict[str, np.ndarray]:
        return {key: value.numpy().copy() for key, value in group(name).items()}

    def optional(name: str) -> np.ndarray | None:
        return tensors[name].numpy().copy() if name in tensors else None

    config = Config.from_dict({key: _tupled(value) for key, value in header["config"].items()})
    if None in config.to_dict().values():
        raise ValueError("its config has gaps")
    specs = tuple(spec_from_dict(spec) for spec in header["specs"])
    generator, discriminator = group("generator"), group("discriminator")
    for spec, state in zip(specs, (generator, discriminator), strict=True):
        if spec.parameter_count != sum(value.numel() for value in state.values()):
            raise ValueError("the saved fit is damaged: its layers and its parameters differ. Fit again.")
    history, moments = arrays("history"), arrays("moments")
    conditions = None
    if header["conditions"] is not None:
        conditions = Conditions.from_state(header["conditions"], arrays("conditions"))
    return FittedGan(
        settings=Settings().replaced_by(config),
        encoder=encoder_from_state(header["kind"], header["encoder"], arrays("encoder")),
        specs=(specs[0], specs[1]),
        generator=generator,
        discriminator=discriminator,
        seed=check.seed(header["seed"]),
        epochs=int(header["epochs"]),
        kept=dict(header["kept"]),
        stopped=check.choice("stopped", header["stopped"], STOPPED),
        messages=list(header["messages"]),
        diagnosis=list(header["diagnosis"]),
        history_columns={name: history[name] for name in header["history"]},
        moment_columns={name: moments[name] for name in header["moments"]},
        trace_epochs=optional("trace_epochs"),
        trace_encoded=optional("trace_encoded"),
        conditions=conditions,
        trace_conditions=None if conditions is None else _frame_from(conditions.pool, arrays("trace_conditions")),
        calibration=optional("calibration"),
        rate=None if header["rate"] is None else check.number("rate", header["rate"], 0.0, open_low=True),
        version=str(header["version"]),
    )


def _tupled(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return {key: _tupled(item) for key, item in value.items()} if isinstance(value, dict) else value


def load(path: str | os.PathLike[str]) -> FittedGan:
    """The fit in a file that `save` wrote, in Python or in R.

    Raises OSError where the file can't be read, ValueError where it is not an intact fit.

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
