"""From a `Config` and the shape of the data to `Settings`: what is chosen where the user leaves a field open.

Each layer replaces what stands in those before it:

1. `Settings()`: the textbook;
2. `convolutional`, if the networks are, and what the kind of data asks of any networks (`Kind.networks`);
3. if the user names an objective, what its paper asks for (`OF_OBJECTIVES`); if not, the automatic recipe of the kind
   of data (`Kind.recipe`), which for tables and waves with dense networks is `dense`;
4. what the user sets.

So a table of 300 rows x 4 columns gets `Settings()` with what `dense(DataShape(300, 4))` changes, and the first scaling
of `Table`. benchmarks/RESULTS.md holds the measurements behind the automatic recipes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from . import check
from .config import Config, NetworkName, Scaling, Settings, check_together

KERNELS = {1: 25, 2: 5}  # side of a convolution in points, by the dimensions of its grid (WaveGAN's and DCGAN's),
STRIDES = {1: 4, 2: 2}  # by how much it makes the grid's sides shorter,
COARSEST = {1: 16, 2: 7}  # and the points that the smaller side has at most where the grid is coarsest
SHARED_BY, ROWS_OF_K, FEWEST_OF_K = 10, 30, 20  # k; rows for each 1 of it with fewer rows; and below these it is 1
FEW_ROWS = 100  # below it, a table in the plane is trained as one with more columns is

# What objectives need wherever they are named: Gulrajani et al. 2017, algorithm 1 and section 4.
OF_OBJECTIVES = {
    "wasserstein_gp": Config(
        gradient_penalty=10.0, discriminator_steps=5, betas=(0.0, 0.9), generator_lr=1e-4, discriminator_lr=1e-4
    )
}
# Images with any networks, and waves with convolutional ones. With falling rates the last state is kept.
FALLING_RATES = Config(
    generator_lr=1e-3, discriminator_lr=1e-3, lr_schedule="linear", betas=(0.0, 0.99), steps=4000, ema=0.995
)


@dataclass(frozen=True)
class Grid:
    """How the numbers of an encoded row lie: in C order on a grid of these sizes, channels last."""

    sizes: tuple[int, ...]
    channels: int = 1


@dataclass(frozen=True)
class DataShape:
    """What a recipe is chosen from: rows, numbers per row once encoded, and the grid on which they lie."""

    rows: int
    width: int
    grid: Grid | None = None


class RecipesOfKind(Protocol):
    """What is chosen by the kind of data; kinds/base.py says more."""

    network: ClassVar[NetworkName]

    def check_network(self, network: NetworkName, convolves: bool) -> None: ...
    def networks(self, network: NetworkName) -> Config: ...
    def recipe(self, network: NetworkName, shape: DataShape) -> Config: ...
    def scaling(self, config: Config) -> Scaling: ...


def resolve(config: Config, kind: RecipesOfKind, shape: DataShape) -> tuple[Settings, list[str]]:
    """Settings for data of this kind and shape, and what the user should be told about them."""
    check_for_data(config, kind, shape.rows, shape.grid is not None)
    defaults = defaults_for(config, kind, shape)
    pack = config.pack or defaults.pack
    if config.pack is None and isinstance(config.batch_size, int):
        pack = math.gcd(pack, config.batch_size)  # one that nobody asked for gives way
    most = shape.rows // pack * pack
    messages: list[str] = []
    batch_size = defaults.batch_size // pack * pack or pack
    if config.batch_size is not None:
        batch_size = most if config.batch_size == "all" else config.batch_size
    if batch_size > most and config.batch_size is not None:
        messages.append(f"`batch_size` lowered from {batch_size} to {most}: the data has {shape.rows} rows.")
    settings = replace(
        defaults.replaced_by(replace(config, batch_size=None)),
        pack=pack,
        batch_size=min(batch_size, most),
        scaling=kind.scaling(config),
        k=shared_by(config, shape.rows),
    )
    check_together(settings)
    return settings, messages


def check_for_data(config: Config, kind: RecipesOfKind, rows: int, convolves: bool) -> None:
    """Raise a ValueError for what does not go with the data. convolves: whether they lie on a grid."""
    kind.check_network(config.network or kind.network, convolves)
    kind.scaling(config)
    if config.pack is not None and config.pack > rows:
        check.fail("pack", f"at most the number of rows ({rows})", config.pack)
    if config.k is not None and config.k > max(1, rows // 2):
        check.fail("k", f"at most half the number of rows ({rows})", config.k)


def shared_by(config: Config, rows: int) -> int:
    """How many rows share each value of the training data that a fit keeps."""
    if config.k is not None:
        return config.k
    return min(SHARED_BY, max(2, rows // ROWS_OF_K)) if rows >= FEWEST_OF_K else 1


def defaults_for(config: Config, kind: RecipesOfKind, shape: DataShape) -> Settings:
    """What is chosen where the config is left open."""
    network = config.network or kind.network
    layers = [kind.networks(network)]
    if network == "convolutional" and shape.grid is not None:
        layers = [convolutional(shape.grid), *layers]
    if config.objective is None:
        layers.append(kind.recipe(network, shape))
        if config.members is not None and config.members > 1:
            layers.append(Config(keep="best"))
    else:
        layers.append(OF_OBJECTIVES.get(config.objective, Config()))
    settings = Settings()
    for layer in layers:
        settings = settings.replaced_by(layer)
    return settings


def convolutional(grid: Grid) -> Config:
    """Convolutional networks for data on a grid, with or without an objective of the user's choice.

    For images of 28 x 28 these are the usual ones of tutorials on digits: 128 channels of 7 x 7, 64 of 14 x 14, and the
    image. By rule: the grid is halved until its smaller side has at most 7 points, twice at least; there are 128
    channels where it is coarsest, and half as many at each finer step, so that every step costs about the same. Waves
    go by the same rule in quarters down to 16 points, with kernels of 25 points instead of 5 x 5 (Donahue et al. 2019,
    WaveGAN).
    """
    dimensions, depth, side = len(grid.sizes), 0, min(grid.sizes)
    while depth < 2 or side > COARSEST[dimensions]:
        side, depth = math.ceil(side / STRIDES[dimensions]), depth + 1
    channels = tuple(max(16, 128 >> step) for step in range(depth))
    return Config(
        network="convolutional",
        generator_hidden=channels,
        discriminator_hidden=channels[::-1],
        dropout={"generator": 0.0, "discriminator": 0.3},
        latent_dim=100,
        batch_size=64,
    )


def dense(shape: DataShape) -> Config:
    """The automatic recipe of dense networks for tables and waves."""
    hidden = (128, 128, 128) if shape.width > 16 else (64, 64, 64)
    pack = penalty = None
    if shape.width > 2 or shape.rows < FEW_ROWS:
        # With so few rows a generator learns curves through them; with more columns it leaves modes out.
        pack, penalty = min(2, shape.rows), (1.0, 0.01)
    elif shape.width == 2:
        # In the plane sharp edges matter more, which packing blurs; light penalties keep modes that no column shows.
        penalty = (0.1, 0.001)
    return Config(
        generator_hidden=hidden,
        discriminator_hidden=hidden,
        latent_dim=max(2, min(shape.width, 32)),
        generator_lr=1e-3,
        discriminator_lr=1e-3,
        lr_schedule="linear",
        betas=(0.0, 0.99),
        batch_size=256,
        steps=12000,
        ema=0.999,
        keep="best",
        calibration=True,
        pack=pack,
        r1=penalty,
        r2=penalty,
    )


def refining(rows: int, numbers: int, steps: int) -> Settings:
    """Of a network that moves the numbers of a mixture's draws, and of its discriminator.

    Penalties are strong at first: a generator that starts as the identity has much to lose. Without packs, the
    discriminator's logits are of single rows.
    """
    hidden, penalty = (128, 128, 128), (1.0, 0.01)
    return replace(
        Settings(),
        generator_hidden=hidden,
        discriminator_hidden=hidden,
        latent_dim=numbers,
        generator_lr=1e-3,
        discriminator_lr=1e-3,
        lr_schedule="linear",
        betas=(0.0, 0.99),
        batch_size=min(256, rows),
        steps=steps,
        ema=0.999,
        r1=penalty,
        r2=penalty,
    )


# --- steps and epochs -------------------------------------------------------------------------------------------------


def epochs_for(settings: Settings, rows: int) -> int:
    """Epochs that hold the settings' budget of generator steps."""
    return math.ceil(settings.steps / (rounds_per_epoch(settings, rows) * settings.generator_steps))


def rounds_per_epoch(settings: Settings, rows: int) -> int:
    """Rounds of discriminator and generator updates that pass every row once; a last batch is filled up.

    Rows that make no whole pack wait for the next epoch, so that a batch of all packs is an epoch.
    """
    packs, batch = rows // settings.pack, settings.batch_size // settings.pack
    return max(1, math.ceil(packs / (batch * settings.discriminator_steps)))


def with_epochs(settings: Settings, rows: int, epochs: int) -> Settings:
    """The settings with the step budget that so many epochs make."""
    steps_per_epoch = rounds_per_epoch(settings, rows) * settings.generator_steps
    most = check.LARGEST_WHOLE // steps_per_epoch
    if epochs > most:
        check.fail("epochs", f"at most {most} where an epoch has {steps_per_epoch} steps", epochs)
    return replace(settings, steps=epochs * steps_per_epoch)
