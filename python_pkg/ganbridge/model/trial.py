"""A fit from a file is tried out before a user gets it: its parts must go together, and rows must come out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from ..networks import check_state
from ..prior.local import LocalNormals
from ..stored import array, require, rising
from .local_sampling import LocalSampling
from .prior_sampling import PriorSampling

if TYPE_CHECKING:
    from ..data import Data
    from ..encode.ranks import RankEncoder
    from .fitted import FittedGan

FAR = 1e4  # an encoded number beyond all others: decoded, it is an end of the range


def try_out(gan: FittedGan) -> None:
    """Check what no part of a file can check alone, sample a row, decode the ends of all ranges, and print.

    Raises BadFileError if parts do not go together, and anything else if a row can't be made.
    """
    require(_settings_agree(gan), "its settings do not go together")
    require(gan.training is None or gan.prior is None, "it has the state of a training beside its prior")
    if gan.prior is None:
        _check_networks(gan)
        _check_trace(gan)
        if gan.training is not None:
            gan.training.check(gan.specs, gan.settings)
    else:
        _check_prior(gan)
    sampler = gan.sampler
    if isinstance(sampler, PriorSampling):
        tried = [sampler.middle(), _whole(gan, _decoded(gan, np.array([0.0, 1.0 - 1e-12])))]
    elif isinstance(sampler, LocalSampling):
        tried = [sampler.middle(), _decoded(gan, np.array([-FAR, FAR], dtype=np.float32))]
    else:
        encoded = sampler.generated.middle(gan.settings.threads)
        tried = [_whole(gan, gan.encoder.decode(encoded, np.random.default_rng(0)))]
        tried.append(_whole(gan, _decoded(gan, np.array([-FAR, FAR], dtype=np.float32))))
    if gan.conditions is not None:
        gan.conditions.pool.first(1).to_python()
    if gan.identifiers is not None:
        gan.identifiers.check(len(tried[0].columns))
        tried = [gan.named(data, 0) for data in tried]
    for data in tried:
        data.to_python()
        require(len(data.columns) == len(gan.moment_columns["mean"]), "its columns and its moments differ")
    gan.describe()


def _decoded(gan: FittedGan, everywhere: np.ndarray) -> Data:
    """Rows that have the same encoded number everywhere."""
    return gan.encoder.decode(np.tile(everywhere[:, None], gan.encoder.width), np.random.default_rng(0))


def _whole(gan: FittedGan, data: Data) -> Data:
    """Rows with their conditions, and with what is computed from both."""
    if gan.conditions is not None:
        data = gan.conditions.merged(data, gan.conditions.pool.take(np.zeros(data.rows, dtype=np.int64)))
    if gan.plan is None:
        return data
    require([str(column.name) for column in data.columns] == gan.plan.encoded, "its columns and its relations differ")
    return gan.plan.restore(data)


def _settings_agree(gan: FittedGan) -> bool:
    try:
        return gan.config is not None
    except ValueError:  # as users see them, they have rules of their own
        return False


def _check_prior(gan: FittedGan) -> None:
    prior = gan.prior
    assert prior is not None
    require(not gan.specs and not gan.generator and not gan.discriminator, "it has networks beside its prior")
    require(gan.conditions is None and gan.trace_epochs is None, "it has conditions or a trace beside its prior")
    require(gan.settings.prior == "mixture", "its prior and its settings differ")
    if isinstance(prior, LocalNormals):
        require(prior.width == gan.encoder.width, "its prior and its components differ")
        return
    encoder = cast("RankEncoder", gan.encoder)
    edges = [marginal.edges for marginal in encoder.marginals]
    same = len(edges) == len(prior.edges) and all(map(np.array_equal, edges, prior.edges))
    require(same, "its prior and its columns differ")
    prior.check_draws()


def _check_networks(gan: FittedGan) -> None:
    require(len(gan.specs) == 2 and gan.settings.prior == "normal", "it must have two networks")
    conditions, width = gan.conditions.width if gan.conditions else 0, gan.encoder.width
    generator, discriminator = gan.specs
    inputs = gan.settings.latent_dim + conditions
    require(generator.inputs == inputs, "its generator and its `latent_dim` differ")
    require(generator.outputs == width, "its generator and its data differ")
    require(discriminator.inputs == gan.settings.pack * (width + conditions), "its discriminator and its data differ")
    for spec, state in zip(gan.specs, (gan.generator, gan.discriminator), strict=True):
        check_state(spec, state)
    if gan.conditions is not None and gan.conditions.indices:
        beside = 0 if gan.identifiers is None else len(gan.identifiers.columns)
        columns, schemas = len(gan.moment_columns["mean"]) - beside, (gan.encoder.schema, gan.conditions.encoder.schema)
        require(max(gan.conditions.indices) < columns, "`conditions.places` must be among the columns")
        alike = all(schema.types is not None and schema.encodings is not None for schema in schemas)
        require(alike, "its data and its conditions must be columns of one table")
    if gan.calibration is not None:
        found = array("fit", {"calibration": gan.calibration}, "calibration", "float64", (2, width, None))
        require(found.shape[2] > 0 and rising(found[0]), "`calibration` must be of rising quantiles")


def _check_trace(gan: FittedGan) -> None:
    epochs, encoded = gan.trace_epochs, gan.trace_encoded
    require((epochs is None) == (encoded is None), "its trace must have epochs and samples")
    if epochs is None or encoded is None:
        return
    array("fit", {"trace_epochs": epochs}, "trace_epochs", "int64", (len(encoded),), 0)
    traced = encoded.ndim == 3 and encoded.shape[1] > 0 and encoded.shape[2] == gan.encoder.width
    require(traced and encoded.dtype == np.float32, "`trace_encoded` must have the rows of each of its epochs")
    rows = None if gan.trace_conditions is None else gan.trace_conditions.rows
    expected = None if gan.conditions is None else encoded.shape[1]
    require(rows == expected, "its trace and its conditions differ")
