"""A fitted GAN: what a user holds after training."""

from __future__ import annotations

import math
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from torch import Tensor

from .. import check
from ..check import SEED_LIMIT
from ..config import Config, Settings
from ..data import Data, Frame, Matrix, Schema
from ..data.pandas import filled_dataframe
from ..data.python import as_table, given_from_python, labels_from_python, rows_from_python, to_fit
from ..data.table import LABEL
from ..data.write import table_path
from ..encode import Conditions, Encoder
from ..encode.identifiers import Identifiers
from ..encode.ranks import RankEncoder
from ..encode.relations import Plan
from ..kinds import DEFAULT_KIND, KINDS, of_kind
from ..networks import Spec
from ..prior.local import LocalNormals
from ..prior.table import TablePrior
from ..training.callbacks import Callback, progress_line, shown, watched_by
from ..training.checkpoint import Checkpoint
from ..training.generated import GeneratedRows, with_identifiers_made_up
from ..training.memory import memory_named
from ..training.state import TrainingState
from ..training.streams import seeds_of_repeats, stream_seed
from ..version import __version__
from . import description, writer
from .completion import Completion
from .local_sampling import LocalSampling
from .prior_sampling import PriorSampling
from .resuming import resumed
from .sampling import Sampler
from .to_file import write_sample
from .trace import Trace

if TYPE_CHECKING:
    import pandas as pd


@dataclass(eq=False)
class FittedGan:
    """A trained generator and all that is needed to sample from it. `fit` makes one, `load` reads one from a file.

    Attributes:
        kind: "table", "wave" or "image".
        schema: the training data: form, rows, names, types and encodings of columns; `condition`: names of conditions.
        config: the `Config` with every field as it was used.
        seed: the seed of the fit.
        history: a DataFrame of one row per epoch: losses, score.
        seconds: from the start of the fit to the end of each epoch, an array; None for a fit from a file. Files hold no
            times: the same data, settings and seed give the same bytes.
        trace: samples during training; None if the fit had no `trace`.
        epochs: epochs that were run.
        kept: the state that was kept: `epoch`, `step` and `member`; `trained` is the number of steps that were run.
        stopped: why the training ended: "budget" (all steps were run), "callback", "stop_after", "minutes",
            "interrupted", "diverged", or "checkpoint" in a file that was written while it was under way.
        unfinished: whether it can go on, see `resume`.
        relations: what holds between columns of a table, in the training rows and (if `enforced`) in every sample.
        diagnosis: what went wrong, each with its remedy; empty if nothing was found.
        messages: what the user was told during the fit.
        rate: points of a wave per second; None if the fit was not told.
        version: the version of ganbridge that made the fit.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> gan = ganbridge.fit(waves, kind="wave", epochs=5, seed=1, trace=1)
        >>> gan.sample(100, seed=2).shape  # new waves
        (100, 50)
        >>> gan.interpolate(10, seed=2).shape  # a walk from one wave to another
        (10, 50)
        >>> gan.history.columns.tolist()
        ['epoch', 'step', 'generator_loss', 'discriminator_loss', 'score']
        >>> gan.trace.epoch.tolist()
        [1, 2, 3, 4, 5]
        >>> gan.save("waves.gan")
    """

    settings: Settings
    encoder: Encoder
    specs: tuple[Spec, ...]
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
    prior: TablePrior | LocalNormals | None = None
    plan: Plan | None = None
    identifiers: Identifiers | None = None
    training: TrainingState | None = None
    fingerprint: int | None = None
    seconds: np.ndarray | None = None
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
        """The training data: form, rows, names, types and encodings of columns; `condition`: names of conditions."""
        return self.data_schema.to_dict()

    @property
    def data_schema(self) -> Schema:
        """The same as `schema`, with its fields as attributes."""
        schema = self.encoder.schema
        if self.conditions is not None:
            schema = schema.with_conditions(self.conditions.encoder.schema, self.conditions.indices)
        schema = schema if self.plan is None else self.plan.schema_of(schema)
        return schema if self.identifiers is None else self.identifiers.schema(schema)

    @property
    def relations(self) -> list[dict[str, Any]]:
        """What holds between the training data's columns, each as a dict.

        It has words, kind, columns, holds, enforced and implied_by. `holds` is the share of the rows in which it does;
        what is `enforced` holds in every row of a sample, because it is computed, or because it follows from the
        relations in `implied_by`.
        """
        return [] if self.plan is None else [relation.record() for relation in self.plan.relations]

    @property
    def unfinished(self) -> bool:
        """Whether the training has not come to the end of its plan, and can go on."""
        return self.training is not None or (self.prior is not None and self.stopped != "budget")

    @property
    def planned_epochs(self) -> int:
        """Epochs that the fit is to have at its end; of one without networks, that it has."""
        return self.epochs if self.training is None else int(self.training.plain["epochs"])

    def with_identifiers(self, identifiers: Identifiers | None) -> FittedGan:
        """The fit for data that had these identifiers beside its columns."""
        if identifiers is None:
            return self
        moments = {
            name: np.array(identifiers.widened(part, math.nan), dtype=np.float64)
            for name, part in self.moment_columns.items()
        }
        return replace(self, identifiers=identifiers, moment_columns=moments)

    def named(self, data: Data, seed: int) -> Data:
        """Generated rows with made-up identifiers."""
        return with_identifiers_made_up(data, self.identifiers, seed)

    @property
    def labelled(self) -> bool:
        """Whether the conditions are labels beside the data, and not columns of it."""
        return self.conditions is not None and not self.conditions.indices

    @property
    def channels(self) -> list[str] | None:
        """Names of the channels of waves; None if they have none, as in every array of numpy's."""
        return KINDS[self.kind].channel_names(self.encoder.schema)

    def shares(self) -> list[tuple[str, str | None, float]]:
        """Column, level and share of the training rows, for each level of a column; None stands for missing values.

        Labels beside an array are no columns of it, and left out.
        """
        shares = self.encoder.shares()
        if self.conditions is not None and not self.labelled:
            shares = shares + self.conditions.encoder.shares()
        if self.plan is not None:
            shares = self.plan.shares_of(shares)
        if self.identifiers is not None:
            shares = shares + self.identifiers.shares()
        elif self.plan is not None or self.conditions is None or self.labelled:
            return shares
        names = [str(name) for name in self.data_schema.names or []]
        return sorted(shares, key=lambda entry: names.index(entry[0]))

    @property
    def moment_names(self) -> list[str]:
        """What each of the `moment_columns` is about: a column, a point of a wave (and its channel), the length."""
        row = self.encoder.decode(np.zeros((1, self.encoder.width), dtype=np.float32), np.random.default_rng(0))
        if self.conditions is not None:
            row = self.conditions.merged(row, self.conditions.pool.first(1))
        return [str(column.name) for column in self.completed(row, 0).columns]

    def completed(self, data: Data, seed: int) -> Data:
        """Generated columns with those that are computed from them, and with made-up identifiers."""
        return self.named(data if self.plan is None else self.plan.restore(data), seed)

    @property
    def history(self) -> pd.DataFrame:
        """One row per epoch of the kept member: epoch, step, generator_loss, discriminator_loss, score.

        `step` counts generator updates; `score` is NaN if none was computed.
        """
        import pandas as pd

        return pd.DataFrame({name: values.copy() for name, values in self.history_columns.items()})

    @property
    def trace(self) -> Trace | None:
        """Samples during training; None if the fit had no `trace`."""
        if self.trace_epochs is None:
            return None
        samples = [data.to_python() for data in self.trace_data()]
        return Trace(self.trace_epochs.copy(), samples, self.rate, self.channels)

    def trace_data(self) -> list[Data]:
        """The traced samples, decoded."""
        if self.trace_encoded is None:
            return []
        seed = stream_seed(self.seed, "trace")
        # What training had made before it diverged may have overflowed.
        encoded = [rows if np.isfinite(rows).all() else np.nan_to_num(rows) for rows in self.trace_encoded]
        traced = [self.encoder.decode(rows, np.random.default_rng(seed)) for rows in encoded]
        if self.conditions is not None and self.trace_conditions is not None:
            traced = [self.conditions.merged(data, self.trace_conditions) for data in traced]
        return [self.completed(data, self.seed) for data in traced]

    def sample(self, n: int | None = None, *, given: Any = None, seed: int | None = None, m: int | None = None) -> Any:
        """n new rows in the type that went in: an array, or a DataFrame with the same columns and dtypes.

        The same seed gives the same rows, and a shorter sample is the beginning of a longer one (with `given`: if it
        has one value for each condition). Without a seed every call gives other rows.

        Args:
            n: number of rows, at least 1; None draws as many as the training data had.
            given: a dict of names to what their columns shall hold. For a fit of a table without networks (the default
                from 50 rows on) any columns: one value, a set of values, a range as a tuple of the lowest and the
                highest value (None: open), None for a missing value, or a list of n values, one for each row:
                `{"age": (60, 80), "job": {"nurse", "cook"}}`. The other columns are drawn given these. For a fit with
                `condition` the names of its conditions to one value, or to n values; conditions that it leaves out are
                drawn as they occur beside those given, or all as they occur.
            seed: a whole number from 0 to 2^31 - 1; None draws one.
            m: number of samples, which are returned as a list. The first one is the sample without `m`, and the first
                samples of a larger m with the same seed are the same. `pool` combines an analysis of each of them.

        Raises:
            ValueError: if n is not a whole number of at least 1, if `given` names no column or condition of the fit,
                and if it asks for a level that the training data does not hold, or for numbers outside its range.
        """
        if m is None:
            return self.sample_data(n, seed, self._given(given))[0].to_python()
        return [data.to_python() for data, _ in self.samples_data(n, seed, self._given(given), m)]

    def sample_to(
        self,
        path: str | os.PathLike[str],
        n: int | None = None,
        *,
        given: Any = None,
        seed: int | None = None,
        progress: Any = "auto",
    ) -> None:
        """Write n new rows to a file: those of `sample` with the same seed, in memory that does not grow with n.

        Rows are written in parts of 131,072 and more, to a folder beside the file (its name with a dot before and
        `.parts` behind it), and put together in the end: a file of that name is there as a whole, or as it was before.
        A call that was interrupted goes on with the next part when it is repeated; without a seed, with that of the
        first call. On the disk there must be room for the rows twice.

        Args:
            path: a file whose name ends in .parquet, .arrow, .feather or .csv. An existing file is replaced. Formats
                other than CSV need pyarrow (`pip install 'ganbridge[files]'`).
            n, given, seed: as for `sample`.
            progress: True, False, or "auto": a progress line where a terminal shows it.

        Raises:
            ValueError: as `sample` does, and for rows that are no table.
            OSError: if the file can't be written.

        Examples:
            >>> import ganbridge
            >>> import pandas as pd
            >>> people = pd.DataFrame({"sex": ["f", "m"] * 250, "height": [165.5, 178.0] * 250})
            >>> gan = ganbridge.fit(people, seed=1)
            >>> gan.sample_to("people.csv", 1000, given={"sex": "f"}, seed=2)
            >>> pd.read_csv("people.csv")["height"].mean()
            165.5
        """
        file, of_format = table_path("path", path)
        rows = self.data_schema.rows if n is None else check.rows("n", n)
        line = progress_line(progress)
        try:
            write_sample(self, file, of_format, rows, seed, self._given(given), None if line is None else line.of_rows)
        finally:
            if line is not None:
                line.end()

    def sample_with_conditions(
        self, n: int | None = None, *, given: Any = None, seed: int | None = None
    ) -> tuple[Any, pd.DataFrame]:
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

    def sample_data(
        self, n: int | None = None, seed: int | None = None, given: Frame | None = None
    ) -> tuple[Data, Frame | None]:
        """As `sample`, before conversion to numpy or pandas, and the conditions of each row (None without)."""
        rows, seed = self.data_schema.rows if n is None else check.rows("n", n), self.chosen_seed(seed)
        if self.identifiers is not None:
            self.identifiers.refuse_given(given)
        with memory_named(f"a sample of {rows:,} {KINDS[self.kind].rows}", "Ask for fewer at a time."):
            data, conditions = self.sampler.sample(rows, seed, given)
            return self.named(data, seed), conditions

    def samples_data(
        self, n: int | None, seed: int | None, given: Frame | None, m: int
    ) -> list[tuple[Data, Frame | None]]:
        """As `sample_data`, m times."""
        seeds = seeds_of_repeats(self.chosen_seed(seed), check.whole("m", m))
        return [self.sample_data(n, each, given) for each in seeds]

    def interpolate(self, n: int, *, given: Any = None, seed: int | None = None) -> Any:
        """A walk of n rows from one generated row to another, in the type that went in.

        The first row is the first row of `sample(2, seed=seed)`, the last row its second one. Between them the latent
        vector moves along a great circle (White 2016), and so does the noise that is added to waves: each row has noise
        of the usual size, and neighbours have nearly the same. With conditions, all rows have those of the first one,
        or what is `given`; the last row then differs from that of a sample.

        Args:
            n: number of rows, at least 2.
            given: as for `sample`, but for values row by row.
            seed: a whole number from 0 to 2^31 - 1; None draws one, so that every call walks elsewhere.

        Raises:
            ValueError: if n is not a whole number of at least 2, and for a `given` that `sample` refuses.
        """
        return self.interpolate_data(n, seed, self._given(given)).to_python()

    def interpolate_data(self, n: int, seed: int | None = None, given: Frame | None = None) -> Data:
        """As `interpolate`, before conversion to numpy or pandas."""
        n, seed = check.whole("n", n, 2), self.chosen_seed(seed)
        if self.identifiers is not None:
            self.identifiers.refuse_given(given)
        return self.named(self.sampler.walk(n, seed, given), seed)

    def impute(self, data: Any, m: int = 5, *, seed: int | None = None) -> list[Any]:
        """m completed tables: each missing value is drawn given what its row holds.

        The draws follow the fit's joint distribution, so that the m tables differ as much as the missing values are
        uncertain (multiple imputation, Rubin 1987): analyse each of them, and pool the results. What is not missing
        stays as it is. It is for fits of tables with the default prior, a mixture, whose components are conditioned on
        each row exactly; a network moves the draws if the fit has one (`refine`), and of a few draws one is chosen by
        the odds of the discriminator.

        Args:
            data: a DataFrame with the columns of the training data, in any order, or an array in which NaN is missing.
            m: number of tables, at least 1.
            seed: a whole number from 0 to 2^31 - 1; None draws one. The first tables of a larger m are the same.

        Returns:
            A list of m tables, each as `data`: with its index, columns and types.

        Raises:
            ValueError: for a fit without a mixture, other columns than those of the fit, and a level that the training
                data does not hold.
            TypeError: for a column of another type.

        Examples:
            >>> import ganbridge
            >>> import pandas as pd
            >>> people = pd.DataFrame({"sex": ["f", "m"] * 250, "height": [165.5, 178.0] * 250})
            >>> gan = ganbridge.fit(people, seed=1)
            >>> unsure = pd.DataFrame({"sex": ["f", None], "height": [None, 178.0]})
            >>> gan.impute(unsure, m=1, seed=2)[0].values.tolist()
            [['f', 165.5], ['m', 178.0]]
        """
        data = as_table(data)
        rows = rows_from_python(data)
        completed = self.impute_data(rows, m, seed)
        if rows.is_frame:
            return [filled_dataframe(data, each.columns) for each in completed]
        return [each.to_python() for each in completed]

    def impute_data(self, data: Data, m: int = 5, seed: int | None = None) -> list[Frame | Matrix]:
        """As `impute`, before conversion to numpy or pandas."""
        completion = self._completion("for imputation")
        rows, m, seed = self._table(data), check.whole("m", m), self.chosen_seed(seed)
        if self.identifiers is None:
            return completion.impute(rows, m, seed)
        completed = completion.impute(cast("Frame", self.identifiers.without(rows)), m, seed)
        return [self.identifiers.filled(rows, each, stream_seed(seed, "identifiers")) for each in completed]

    def log_density(self, data: Any) -> np.ndarray:
        """The log density of rows under the prior (n,): the lower it is, the odder the row.

        It is the log of the mixture's probability of the row's cells, and within its cell each value is as likely as
        any other: columns of levels, of whole and of rounded numbers, values that many rows share, and what is missing
        have probabilities; all other numbers have densities per standard deviation of the training data's column. A
        whole or rounded number that no training row has counts for half a row. It is -inf for what the training data
        does not hold: other levels, numbers outside its range or off their grid, and missing values in a column that
        has none. The discriminator, which decides what samples hold, has no part in it, nor has a network that moves
        draws (`refine`).

        Args:
            data: a DataFrame with the columns of the training data, in any order, or an array in which NaN is missing.

        Raises:
            ValueError: for a fit without a mixture, and for other columns than those of the fit.
            TypeError: for a column of another type.

        Examples:
            >>> import ganbridge
            >>> import numpy as np
            >>> import pandas as pd
            >>> people = pd.DataFrame({"sex": ["f", "m"] * 250, "height": [165.5, 178.0] * 250})
            >>> gan = ganbridge.fit(people, seed=1)
            >>> odd = pd.DataFrame({"sex": ["f", "f"], "height": [165.5, 178.0]})
            >>> density = gan.log_density(odd)
            >>> bool(density[0] > density[1])
            True
        """
        return self.log_density_data(rows_from_python(data))

    def log_density_data(self, data: Data) -> np.ndarray:
        """As `log_density`, for data that has left its library behind."""
        completion = self._completion("for densities")
        rows, sd = self._table(data), self.moment_columns["sd"]
        if self.identifiers is not None:
            rows, sd = cast("Frame", self.identifiers.without(rows)), self.identifiers.narrowed(sd)
        return completion.log_density(rows, sd, self.encoder.schema.rows)

    def _table(self, data: Data) -> Frame | Matrix:
        if not KINDS[self.kind].takes(data):
            raise TypeError(f"`data` must be a data frame or a matrix of rows, not {data.noun}.")
        return cast("Frame | Matrix", data)

    def _completion(self, purpose: str) -> Completion:
        if not isinstance(self.prior, TablePrior):
            if not KINDS[self.kind].has_columns:
                raise ValueError(f'`kind` must be "{DEFAULT_KIND}" in the fit {purpose}, not "{self.kind}".')
            raise ValueError(
                f'`prior` must be "mixture" in the fit {purpose}, not "normal". Fit the table again without `epochs`,'
                " `trace`, `condition` and settings of networks; with fewer than 50 rows, set `prior` in the config."
            )
        return Completion(self.prior, cast("RankEncoder", self.encoder), self.settings.threads, self.plan)

    @staticmethod
    def chosen_seed(seed: int | None) -> int:
        """The seed, or one that is drawn."""
        return secrets.randbelow(SEED_LIMIT) if seed is None else check.seed(seed)

    @property
    def sampler(self) -> Sampler | PriorSampling | LocalSampling:
        """The generator, the decoding of its rows and their conditions."""
        if isinstance(self.prior, LocalNormals):
            return LocalSampling(self.prior, self.encoder, self.settings.threads, len(self.moment_columns["mean"]))
        if self.prior is not None:
            return PriorSampling(self.prior, cast("RankEncoder", self.encoder), self.settings.threads, self.plan)
        rows = GeneratedRows(
            self.specs[0], self.generator, self.encoder, self.conditions, self.calibration, self.settings.latent_dim
        )
        return Sampler(rows, self.settings.threads, columns=len(self.moment_columns["mean"]), plan=self.plan)

    def __str__(self) -> str:
        return "\n".join(self.describe())

    def __repr__(self) -> str:
        return str(self)

    def describe(self) -> list[str]:
        """The lines that printing shows."""
        return description.describe(self)

    def facts(self, whole: bool = False) -> list[tuple[str, str]]:
        """What printing shows but for the diagnosis, as pairs of a name and words: ("objective", "hinge").

        whole: all identifiers, and no relations, which `relations` has.
        """
        return description.facts(self, whole)

    def to_bytes(self) -> bytes:
        """The whole fit as bytes; `from_bytes` is the way back."""
        return writer.to_bytes(self)

    def for_sampling(self) -> FittedGan:
        """The same fit without its trace and without the state of its training."""
        if self.trace_epochs is None and self.training is None:
            return self
        return replace(
            self, trace_epochs=None, trace_encoded=None, trace_conditions=None, training=None, fingerprint=None
        )

    def resume(
        self,
        data: Any,
        epochs: int | None = None,
        *,
        condition: Any = None,
        stop_after: int | None = None,
        log: str | None = None,
        progress: Any = "auto",
        callbacks: Sequence[Callback] = (),
        checkpoint: str | None = None,
        checkpoint_every: Any = None,
    ) -> FittedGan:
        """The fit after the rest of its training: with the same bits as if it had never stopped.

        An unfinished fit (one that was interrupted, told to stop by `stop_after`, `minutes` or a callback, or loaded
        from a `checkpoint`) holds the state of its training, in files, too: networks of all members, moments of the
        optimizers, averages, and random numbers. A finished one does not, so that it stays small, unless it had a
        `stop_after`. A table or waves without networks have nothing to go on from: their mixture is fitted again, with
        the same seed and so to the same bits.

        Args:
            data: the data of the fit, which does not hold them. They are compared by their columns, rows and moments,
                and, for an unfinished fit, by 16 bits of a hash.
            epochs: epochs in all, counted from the beginning of the fit. None goes on to the end of its plan, and
                returns a finished fit as it is. More than it planned are a new plan: learning rates and all else that
                depends on the share of the training that is done go by it from here on. A fit without the state of
                its training goes on from its networks alone, with fresh moments and random numbers.
            condition: the labels of the rows, if the fit had labels beside its data.
            stop_after: as for `fit`; so are log, progress, callbacks, checkpoint and checkpoint_every.

        Raises:
            ValueError: for other data than those of the fit, and for `epochs` that are fewer than it planned.

        Examples:
            >>> import ganbridge
            >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
            >>> gan = ganbridge.fit(waves, kind="wave", epochs=5, stop_after=2, seed=1)
            >>> gan.epochs, gan.stopped
            (2, 'stop_after')
            >>> gan.save("waves.gan")
            >>> gan = ganbridge.load("waves.gan").resume(waves)
            >>> gan.epochs, gan.stopped
            (5, 'budget')
        """
        callbacks = check.callables("callbacks", callbacks)
        asked = Checkpoint.asked(checkpoint, checkpoint_every)
        with shown(progress) as line:
            tell = None if line is None else line.of_reading
            return self.resume_data(
                of_kind(to_fit(data, stream_seed(self.seed, "sample"), tell), self.kind),
                None if condition is None else labels_from_python(condition, LABEL),
                epochs=epochs,
                stop_after=stop_after,
                log=log,
                callbacks=watched_by(line, callbacks),
                checkpoint=asked,
            )

    def resume_data(
        self,
        data: Data,
        condition: Frame | None = None,
        *,
        epochs: int | None = None,
        stop_after: int | None = None,
        log: str | None = None,
        callbacks: Sequence[Callback] = (),
        checkpoint: Checkpoint | None = None,
    ) -> FittedGan:
        """As `resume`, for data that has left its library behind."""
        return resumed(self, data, condition, epochs, stop_after, log, callbacks, checkpoint)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fit to a file, whole or not at all. Raises OSError if that is not possible.

        The file holds no row of the training data, but what it holds comes from them: names, types, decimals and shares
        of missing values; quantiles, ends, means and standard deviations of numbers, dates and times, the first two
        shared by at least `config.k` rows or means of as many; all levels that occur, each with its share; the patterns
        of identifiers; how columns depend on each other, as the parameters of a mixture or of networks; with
        `condition`, up to 10,000 rows of the conditions alone, whose numbers are blurred among k rows; and a trace of
        generated rows. A fit is not differentially private.
        """
        check.write_whole(Path(check.writable("path", path)), self.to_bytes())
