"""What a kind of data is: one object that holds all that differs between tables, waves and images.

A kind is one class in a file of this folder, found by its file's name. What rooms above this one do for a kind (its
metrics, its plots) stands there in a file of the kind's name, `evaluation/wave.py` or `plot/wave.py`, which `Kind.part`
loads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, NoReturn

import numpy as np

from .. import check
from ..config import SCALINGS, Config, NetworkName, PriorName, Scaling, ScalingName
from ..data import Column, Data, Schema
from ..encode import Encoder
from ..encode.all_rows import AllRows
from ..encode.ranks import RankEncoder
from ..encode.relations import Plan
from ..encode.wave_scores import WaveScores
from ..recipes import DataShape, Grid, shared_by


class Kind(ABC):
    """Base of all kinds.

    name: what a user writes as `kind`. row, rows: what one training example is called, and several. axes: the
    dimensions of an array of them. encoder: the codec between the data and standardized arrays; prior_encoder: the one
    of fits without networks, if mixtures are fitted to them. example: the shape of typical data once encoded, for which
    the help shows the defaults. order: its place in lists of kinds, and among those that "auto" asks.

    has_columns: whether a row consists of named columns with types of their own, as in a data frame. has_rate: whether
    `rate`, points per second, means something.

    network: of both networks, if the user names none. calibrated: whether generated columns may be moved onto the
    marginals of the training data. traced: rows of each traced sample. usual_coverage, least_coverage: the share of
    training rows that generated rows usually come near, and the one below which a fit has collapsed.
    """

    name: ClassVar[str]
    row: ClassVar[str]
    rows: ClassVar[str]
    axes: ClassVar[str] = ""
    encoder: ClassVar[type[Encoder]]
    prior_encoder: ClassVar[type[RankEncoder] | type[WaveScores] | None] = None
    example: ClassVar[DataShape]
    order: ClassVar[int] = 99
    has_columns: ClassVar[bool] = False
    has_rate: ClassVar[bool] = False
    network: ClassVar[NetworkName] = "dense"
    calibrated: ClassVar[bool] = True
    traced: ClassVar[int] = 500
    usual_coverage: ClassVar[float] = 0.97
    least_coverage: ClassVar[float] = 0.6

    def channel_names(self, schema: Schema) -> list[str] | None:
        """Names of the channels that plots label; None if there are none."""
        return None

    def part(self, room: str) -> ModuleType:
        """The module of a room above this one that belongs to this kind: `part("plot")` is `ganbridge.plot.wave`."""
        return import_module(f"ganbridge.{room}.{self.name}")

    # --- which data it takes ------------------------------------------------------------------------------------------

    @abstractmethod
    def takes(self, data: Data) -> bool:
        """Whether data of this form can be of this kind."""

    def claims(self, data: Data) -> bool:
        """Whether data of this form are of this kind if the user names none."""
        return False

    def complaint(self, data: Data, argument: str) -> str | None:
        """What is wrong with data that it does not take, as a sentence; None if it is `kind` that is wrong.

        argument: what the data are called.
        """
        return None

    def regular(self, data: Data) -> Data:
        """The data in the simplest form that holds them."""
        return data

    def rate(self, value: Any) -> float:
        """Points per second, once they are known to be a number and to mean something for this kind."""
        rate = check.rate(value)
        if not self.has_rate:
            check.fail("rate", f'left out for kind "{self.name}"', value, "Only waves have points per second.")
        return rate

    def prior(self, data: Data, config: Config) -> PriorName:
        """The latent prior of a fit of these data for which the user has set nothing about networks."""
        return "normal"

    def plan(
        self,
        data: Data,
        config: Config,
        fixed: Sequence[str],
        all_rows: AllRows | None = None,
    ) -> Plan | None:
        """What holds between columns, and which of them are computed; None if nothing is known to hold.

        fixed: names of columns that are given. all_rows: of a table of which data are a sample; they are read.
        """
        if config.relations:
            check.fail("relations", f'left out, or False, for kind "{self.name}"', config.relations)
        return None

    # --- settings -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def scalings(self, network: NetworkName) -> tuple[ScalingName, ...]:
        """The scalings that it has for such networks; the first is the one of the automatic recipe."""

    def scaling(self, config: Config) -> Scaling:
        """The scaling of a fit, needed before the width of encoded rows is known; a dict is of some columns."""
        scaling = config.scaling
        if isinstance(scaling, Mapping):
            if not self.has_columns:
                check.fail("scaling", f'one scaling for kind "{self.name}"', scaling)
            return scaling
        network = config.network or self.network
        known = self.scalings(network)
        if scaling is None or scaling == "auto":
            return "standard" if config.objective is not None and "standard" in known else known[0]
        if scaling not in known:
            self._refuse_scaling(scaling, known, network)
        return scaling

    def _refuse_scaling(self, scaling: str, known: tuple[str, ...], network: str) -> NoReturn:
        wanted = check.either(name for name in SCALINGS if name in ("auto", *known))
        if known == self.scalings(self.network):
            check.fail("scaling", f'{wanted} for kind "{self.name}"', scaling)
        check.fail("scaling", f'{wanted} where `network` is "{network}"', scaling, "Leave one of the two open.")

    def fit_encoder(self, data: Data, config: Config, all_rows: AllRows | None = None) -> Encoder:
        """The encoder of the training data. all_rows: of a table of which data are a sample."""
        k = shared_by(config, data.rows)
        whole = {} if all_rows is None else {"all_rows": all_rows}
        return self.encoder.fit(data, self.scaling(config), config.range_margin or 0.0, k, **whole)

    def has_grid(self, data: Data) -> bool:
        """Whether the numbers of a row lie on a grid, so that convolutions make sense."""
        return False

    def check_network(self, network: NetworkName, convolves: bool) -> None:
        """Raise a ValueError for networks that the data do not go with. convolves: whether they lie on a grid."""
        if network == "convolutional" and not convolves:
            check.fail("network", f'"dense" for kind "{self.name}"', network)

    def networks(self, network: NetworkName) -> Config:
        """What the data ask of such networks, with any objective."""
        return Config()

    @abstractmethod
    def recipe(self, network: NetworkName, shape: DataShape) -> Config:
        """The automatic recipe: what differs from the textbook if the user names no objective."""

    # --- training -----------------------------------------------------------------------------------------------------

    def view(self, encoded: np.ndarray, real: np.ndarray, grid: Grid | None) -> np.ndarray:
        """Encoded rows (n, width) as the diagnosis compares them (n, k).

        real: the encoded training rows (rows, width). grid: on which the numbers of a row lie, if they do.
        """
        return encoded

    # --- words --------------------------------------------------------------------------------------------------------

    @abstractmethod
    def summaries(self, data: Data) -> list[Column]:
        """What tells in few words where a row lies: columns that sentences name, each with a value of every row."""

    @abstractmethod
    def describe(self, schema: Schema, columns: int, rate: float | None) -> str:
        """The training data in few words. schema: what they are. columns: numbers per row. rate: points per second."""
