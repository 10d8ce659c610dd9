"""Every choice of a fit, each once: its name, its bounds, its textbook value, and how it is chosen from the data.

A `Config` says what the user wants; None means "choose for me". `resolve` turns it into one with no gaps:

- where the user names an objective, the gaps are filled from `TEXTBOOK`: the plain method, no aids;
- elsewhere from `automatic`, the recipe that is chosen from the data's kind and shape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from . import check

ROLES = ("generator", "discriminator")
ACTIVATION_NAMES = ("relu", "leaky_relu", "tanh", "linear", "sigmoid", "elu", "gelu", "silu", "softplus")
OBJECTIVE_NAMES = ("non_saturating", "minimax", "focal", "least_squares", "hinge", "wasserstein_gp", "relativistic")
LABELLED_OBJECTIVES = ("non_saturating", "minimax", "focal", "least_squares")
SCALINGS = ("auto", "standard", "range", "none", "quantile", "components")
POINTWISE = ("standard", "range", "none")  # of waves: the encoded numbers are points
NETWORK_NAMES = ("dense", "convolutional")
KERNELS = {1: 25, 2: 5}  # side of a convolution in points, by the dimensions of its grid (WaveGAN's and DCGAN's),
STRIDES = {1: 4, 2: 2}  # by how much it makes the grid's sides shorter,
COARSEST = {1: 16, 2: 7}  # and the points that the smaller side has at most where the grid is coarsest
SAMPLE_BLOCK = 4096  # rows generated at once; fixed, so that a row does not depend on how many are asked for
CONVOLVED_BLOCK = 256  # the same where networks are convolutional, whose rows take more work and memory
HELD_OUT_SHARE = 0.2  # of the rows, unseen by the members until the best of them is chosen
HELD_OUT_ROWS = 200  # with fewer rows in all, the members are compared on the rows they train on
EVALUATION_SEED = 0  # of an evaluation of data that no fit made
POPULATION_SHARE = 0.5  # of the budget, after which the best member goes on alone
FEW_ROWS = 100  # below it, a table in the plane is trained as one with more columns is

Role = Literal["generator", "discriminator"]
Check = Callable[[str, Any], Any]


def _per_role(item: Check) -> Check:
    """Allow one value for both networks or {"generator": ..., "discriminator": ...}."""

    def checked(name: str, value: Any) -> Any:
        if not isinstance(value, dict):
            return item(name, value)
        if not value or not set(value) <= set(ROLES):
            check.fail(name, 'one value, or one each for "generator" and "discriminator"', list(value))
        return {role: item(f"{name}[{role}]", value[role]) for role in ROLES if role in value}

    return checked


def _widths(name: str, value: Any) -> tuple[int, ...]:
    wanted = "a list of layer widths, such as [64, 64] (an empty list: no hidden layer)"
    return check.sequence(name, value, lambda n, v: check.whole(n, v, 1, 65536), wanted)


def _activations(name: str, value: Any) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return check.choice(name, value, ACTIVATION_NAMES)
    return check.sequence(name, value, lambda n, v: check.choice(n, v, ACTIVATION_NAMES), "an activation's name")


def _scaling(name: str, value: Any) -> str | dict[str, str]:
    """One scaling, or {"column": scaling} for some of a table's columns."""
    if not isinstance(value, dict):
        return check.choice(name, value, SCALINGS)
    if not value:
        check.fail(name, "one scaling, or names of columns with one each", value)
    of_columns = [scaling for scaling in SCALINGS if scaling != "components"]
    return {str(column): check.choice(f"{name}[{column}]", item, of_columns) for column, item in value.items()}


def _choice(options: tuple[str, ...]) -> Check:
    return lambda name, value: check.choice(name, value, options)


def _whole(low: int, high: int | None = None) -> Check:
    return lambda name, value: check.whole(name, value, low, high)


def _number(low: float, high: float | None = None, *, open_low: bool = False, open_high: bool = False) -> Check:
    return lambda name, value: check.number(name, value, low, high, open_low=open_low, open_high=open_high)


def _penalty(name: str, value: Any) -> float | tuple[float, float]:
    """A weight, or a pair (first, last) between which it moves geometrically over the fit."""
    if isinstance(value, (list, tuple)):
        wanted = "a number of at least 0, or a pair of numbers above 0: its first and its last value"
        return check.pair(name, value, lambda n, v: check.number(n, v, 0.0, open_low=True), wanted)
    return check.number(name, value, 0.0)


def _betas(name: str, value: Any) -> tuple[float, float]:
    return check.pair(name, value, lambda n, v: check.number(n, v, 0.0, 1.0, open_high=True), "a pair of numbers")


def _batch(name: str, value: Any) -> int | str:
    if isinstance(value, str) and value == "all":
        return value
    if isinstance(value, str):
        check.fail(name, 'a whole number of rows, or "all"', value)
    return check.whole(name, value, 1)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        check.fail(name, "True or False", value)
    return bool(value)


def _device(name: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"cpu|mps|cuda(:\d+)?", value):
        check.fail(name, '"cpu", "cuda", "cuda:1" or "mps"', value)
    return str(value)


def _option(checked: Check, doc: str) -> Any:
    return field(default=None, metadata={"check": checked, "doc": doc})


@dataclass(frozen=True, kw_only=True)
class Config:
    """How to train. Every field may be left out (None): it is then chosen, and visible in the fit's `config`.

    A value outside its bounds is a ValueError that names the field. `activation`, `dropout`, `optimizer` and `betas`
    take one value for both networks or a dict `{"generator": ..., "discriminator": ...}`.

    Examples:
        >>> import ganbridge
        >>> config = ganbridge.Config(generator_hidden=[16, 32], dropout={"generator": 0, "discriminator": 0.3})
        >>> gan = ganbridge.fit(ganbridge.make_waves(40, 50, seed=1), kind="wave", epochs=5, seed=1, config=config)
        >>> gan.config.generator_hidden  # as it was set
        (16, 32)
        >>> gan.config.batch_size  # chosen from the data
        40
    """

    network: Any = _option(_choice(NETWORK_NAMES), "the kind of both networks; convolutional: for images and waves")
    generator_hidden: Any = _option(_widths, "widths (or maps) of the generator's hidden layers, from the latent side")
    discriminator_hidden: Any = _option(_widths, "the discriminator's hidden layers, from the data side")
    activation: Any = _option(_per_role(_activations), "after each hidden layer: one name, or one per layer")
    leaky_slope: Any = _option(_number(0.0, 1.0, open_low=True), "slope of leaky_relu below zero")
    output_activation: Any = _option(_choice(ACTIVATION_NAMES), "after the generator's last layer")
    dropout: Any = _option(_per_role(_number(0.0, 1.0, open_high=True)), "share of hidden units dropped in training")
    latent_dim: Any = _option(_whole(1, 65536), "length of the latent vector z, drawn from N(0, I)")
    objective: Any = _option(_choice(OBJECTIVE_NAMES), "the adversarial objective")
    focal_gamma: Any = _option(_number(0.0), "exponent of the focal objective")
    gradient_penalty: Any = _option(_number(0.0), "weight of wasserstein_gp's penalty between real and generated rows")
    r1: Any = _option(_penalty, "weight of the zero-centred gradient penalty on real rows, or a pair (first, last)")
    r2: Any = _option(_penalty, "weight of the zero-centred gradient penalty on generated rows, or a pair")
    label_noise: Any = _option(_number(0.0, 1.0), "labels get uniform noise between 0 and this")
    pack: Any = _option(_whole(1, 1024), "rows that the discriminator sees at once (PacGAN, Lin et al. 2018)")
    optimizer: Any = _option(_per_role(_choice(("adam", "rmsprop"))), "the optimizer")
    generator_lr: Any = _option(_number(0.0, open_low=True), "the generator's learning rate at the start")
    discriminator_lr: Any = _option(_number(0.0, open_low=True), "the discriminator's learning rate at the start")
    lr_schedule: Any = _option(_choice(("constant", "linear", "cosine")), "how both rates fall towards 0 over the fit")
    betas: Any = _option(_per_role(_betas), "Adam's decay rates of the two moments")
    rho: Any = _option(_number(0.0, 1.0, open_high=True), "RMSprop's decay rate")
    eps: Any = _option(_number(0.0, open_low=True), "the optimizers' small constant")
    batch_size: Any = _option(_batch, 'rows per step, a multiple of `pack`, or "all"')
    discriminator_steps: Any = _option(_whole(1, 1000), "discriminator updates per round")
    generator_steps: Any = _option(_whole(1, 1000), "generator updates per round")
    steps: Any = _option(_whole(1), "generator updates in all, where `epochs` is not given")
    ema: Any = _option(_number(0.0, 1.0, open_high=True), "decay of the generator's moving average; 0: none")
    keep: Any = _option(_choice(("last", "best")), "the generator that is kept: the last, or the best by its score")
    members: Any = _option(_whole(1, 1024), "independent GANs trained side by side, of which the best is kept")
    scaling: Any = _option(_scaling, "how columns (or waves) are put on a common scale; a dict for some columns")
    calibration: Any = _option(_flag, "whether each generated column is moved onto its own distribution at the end")
    range_margin: Any = _option(_number(0.0), "how far samples may leave the range seen, in ranges; 0: not at all")
    device: Any = _option(_device, "where to train")
    threads: Any = _option(_whole(1, 1024), "CPU threads; results are the same bits only for the same number")

    def __post_init__(self) -> None:
        for option in fields(self):
            value = getattr(self, option.name)
            if value is not None:
                object.__setattr__(self, option.name, option.metadata["check"](option.name, value))
        self._check_together()

    def _check_together(self) -> None:
        for role in ROLES:
            names, widths = self.of("activation", role), getattr(self, f"{role}_hidden")
            if isinstance(names, tuple) and widths is not None and len(names) != len(widths):
                check.fail("activation", f"one name, or one per hidden layer ({len(widths)} in the {role})", names)
        if isinstance(self.batch_size, int) and self.pack is not None and self.batch_size % self.pack:
            below = self.batch_size // self.pack * self.pack or self.pack
            remedy = f"Try {below} or {below + self.pack}."
            check.fail("batch_size", f"a multiple of `pack` ({self.pack})", self.batch_size, remedy)
        if self.label_noise and self.objective is not None and self.objective not in LABELLED_OBJECTIVES:
            wanted = f"0 for the objective {check.came(self.objective)}, which has no labels"
            check.fail("label_noise", wanted, self.label_noise)

    def of(self, name: str, role: str) -> Any:
        """The value of a field for one of the two networks, "generator" or "discriminator"."""
        value = getattr(self, name)
        return value.get(role) if isinstance(value, dict) else value

    def activations(self, role: str) -> tuple[str, ...]:
        """One activation per hidden layer of a network."""
        names = self.of("activation", role)
        depth = len(getattr(self, f"{role}_hidden"))
        return names if isinstance(names, tuple) else (names,) * depth

    def to_dict(self) -> dict[str, Any]:
        """Field names and plain values, in order."""
        return {option.name: getattr(self, option.name) for option in fields(self)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Config:
        """A config from names and plain values; an unknown name is a ValueError that says which are known."""
        names = [option.name for option in fields(cls)]
        for name in values:
            check.choice("config", name, names)
        return cls(**values)

    @property
    def changed(self) -> dict[str, Any]:
        """The fields that are set."""
        return {name: value for name, value in self.to_dict().items() if value is not None}


@dataclass(frozen=True)
class Grid:
    """How the numbers of an encoded row lie: in C order on a grid of these sizes, channels last."""

    sizes: tuple[int, ...]
    channels: int = 1


@dataclass(frozen=True)
class DataShape:
    """What the recipe is chosen from: kind of data, rows, numbers per row once encoded, and the grid they lie on."""

    kind: str
    rows: int
    width: int
    grid: Grid | None = None


# Goodfellow et al. 2014 with the settings that Radford et al. 2016 (DCGAN) made customary; no aids of any kind.
TEXTBOOK: dict[str, Any] = {
    "network": "dense",
    "generator_hidden": (64, 64),
    "discriminator_hidden": (64, 64),
    "activation": "leaky_relu",
    "leaky_slope": 0.2,
    "output_activation": "linear",
    "dropout": 0.0,
    "latent_dim": 2,
    "objective": "non_saturating",
    "focal_gamma": 2.0,  # Lin et al. 2017
    "gradient_penalty": 10.0,  # Gulrajani et al. 2017
    "r1": 0.0,
    "r2": 0.0,
    "label_noise": 0.0,
    "pack": 1,
    "optimizer": "adam",
    "generator_lr": 2e-4,
    "discriminator_lr": 2e-4,
    "lr_schedule": "constant",
    "betas": (0.5, 0.999),
    "rho": 0.9,
    "eps": 1e-8,
    "batch_size": 64,
    "discriminator_steps": 1,
    "generator_steps": 1,
    "steps": 5000,
    "ema": 0.0,
    "keep": "last",
    "members": 1,
    "scaling": "standard",
    "calibration": False,
    "range_margin": 0.0,
    "device": "cpu",
    "threads": 1,
}


# What differs from the textbook for images, and for convolutional networks where waves need nothing else. With falling
# rates the last state is kept.
AUTOMATIC_CONVOLUTIONAL: dict[str, Any] = {
    "generator_lr": 1e-3,
    "discriminator_lr": 1e-3,
    "lr_schedule": "linear",
    "betas": (0.0, 0.99),
    "steps": 4000,
    "ema": 0.995,
}


def convolutional(grid: Grid) -> dict[str, Any]:
    """Convolutional networks for data on a grid, with or without an objective of the user's choice.

    For images of 28 x 28 these are the usual ones of tutorials on digits: maps of 7 x 7 x 128, 14 x 14 x 64, and the
    image. By rule: the grid is halved until its smaller side has at most 7 points, twice at least; there are 128 maps
    where it is coarsest, and half as many at each finer step, so that every step costs about the same. Waves go by the
    same rule in quarters down to 16 points, with kernels of 25 points instead of 5 x 5 (Donahue et al. 2019, WaveGAN).
    """
    dimensions, depth, side = len(grid.sizes), 0, min(grid.sizes)
    while depth < 2 or side > COARSEST[dimensions]:
        side, depth = math.ceil(side / STRIDES[dimensions]), depth + 1
    maps = tuple(max(16, 128 >> step) for step in range(depth))
    return {
        "network": "convolutional",
        "generator_hidden": maps,
        "discriminator_hidden": maps[::-1],
        "dropout": {"generator": 0.0, "discriminator": 0.3},
        "latent_dim": 100,
        "batch_size": 64,
    }


def automatic(shape: DataShape, network: str = "dense") -> dict[str, Any]:
    """The default recipe: what differs from the textbook, by the data's kind and shape and the kind of networks.

    benchmarks/RESULTS.md holds the measurements behind it.
    """
    if shape.kind == "image":
        if network == "dense":
            return dict(AUTOMATIC_CONVOLUTIONAL)
        # R1 (Mescheder et al. 2018) in the place of dropout, and rates that it makes safe. Its weight is 9 for 28 x 28
        # and 3 for 8 x 8, where the best of those tried were 10 and 3: in proportion to the side.
        rates = {"generator_lr": 2e-3, "discriminator_lr": 2e-3}
        return AUTOMATIC_CONVOLUTIONAL | rates | {"dropout": 0.0, "r1": round(math.sqrt(shape.width) / 3.0, 1)}
    if network == "convolutional":
        # Waves of families that are far apart: without packing and penalties a fit ends in one family. The square of a
        # gradient is the smaller the more numbers a row has, and its weight the larger.
        penalty = (0.2 * shape.width, 0.004 * shape.width)
        return AUTOMATIC_CONVOLUTIONAL | {
            "steps": 3000,
            "latent_dim": 16,
            "dropout": 0.0,
            "pack": min(2, shape.rows),
            "r1": penalty,
            "r2": penalty,
        }
    recipe: dict[str, Any] = {
        "generator_hidden": (128, 128, 128) if shape.width > 16 else (64, 64, 64),
        "discriminator_hidden": (128, 128, 128) if shape.width > 16 else (64, 64, 64),
        "latent_dim": max(2, min(shape.width, 32)),
        "generator_lr": 1e-3,
        "discriminator_lr": 1e-3,
        "lr_schedule": "linear",
        "betas": (0.0, 0.99),
        "batch_size": 256,
        "steps": 12000,
        "ema": 0.999,
        "keep": "best",
        "calibration": True,
        "scaling": "components" if shape.kind == "wave" else "quantile",
    }
    if shape.width > 2 or shape.rows < FEW_ROWS:
        # With so few rows a generator learns curves through them; with more columns it leaves modes out.
        recipe |= {"pack": min(2, shape.rows), "r1": (1.0, 0.01), "r2": (1.0, 0.01)}
    elif shape.width == 2:
        # In the plane sharp edges matter more, which packing blurs; light penalties keep modes that no column shows.
        recipe |= {"r1": (0.1, 0.001), "r2": (0.1, 0.001)}
    return recipe


def choose_scaling(config: Config, kind: str) -> str | dict[str, str]:
    """The scaling of a fit: needed before the data's encoded shape is known. A dict is of some columns of a table."""
    scaling = config.scaling
    if isinstance(scaling, dict):
        if kind != "table":
            check.fail("scaling", f'one scaling for kind "{kind}"', scaling)
        return scaling
    if kind == "image":
        if scaling not in (None, "auto", "range"):
            check.fail("scaling", '"auto" or "range" for kind "image"', scaling)
        return "range"
    if kind == "wave" and config.network == "convolutional":  # for points, which lie side by side; components don't
        scaling = "standard" if scaling in (None, "auto") else scaling
        if scaling not in POINTWISE:
            wanted = '"auto", "standard", "range" or "none" where `network` is "convolutional"'
            check.fail("scaling", wanted, scaling, "Leave one of the two open.")
    if scaling in (None, "auto"):
        # Of the recipe only the scaling does not depend on the encoded width.
        recipe = TEXTBOOK if config.objective is not None else automatic(DataShape(kind, 2, 1))
        scaling = recipe["scaling"]
    known = {"table": "quantile", "wave": "components"}
    if scaling in known.values() and scaling != known[kind]:
        allowed = ", ".join(f'"{name}"' for name in SCALINGS if name not in set(known.values()) - {known[kind]})
        check.fail("scaling", f'one of {allowed} for kind "{kind}"', scaling)
    return str(scaling)


def resolve(config: Config, shape: DataShape) -> tuple[Config, list[str]]:
    """A config without gaps for data of this shape, and what the user should be told about it."""
    messages = []
    chosen = dict(TEXTBOOK)
    network = config.network or ("convolutional" if shape.kind == "image" else "dense")
    if network == "convolutional":
        if shape.grid is None:
            waves = shape.kind == "wave"  # without a grid where their lengths differ
            data = "waves of different lengths" if waves else f'kind "{shape.kind}"'
            remedy = "Cut or pad them to one length first, or leave `network` open." if waves else ""
            check.fail("network", f'"dense" for {data}', network, remedy)
        else:
            chosen |= convolutional(shape.grid)
    if shape.kind == "image":
        chosen |= {"output_activation": "tanh", "latent_dim": 100}  # pixels lie in [-1, 1]
        if network == "dense":
            chosen |= {"generator_hidden": (256, 256), "discriminator_hidden": (256, 256)}
    if config.objective is None:
        chosen |= automatic(shape, network)
    elif config.objective == "wasserstein_gp":
        chosen |= {"discriminator_steps": 5, "betas": (0.0, 0.9), "generator_lr": 1e-4, "discriminator_lr": 1e-4}
    for name, value in config.changed.items():
        if isinstance(value, dict):
            default = chosen[name] if isinstance(chosen[name], dict) else dict.fromkeys(ROLES, chosen[name])
            value = default | value
        chosen[name] = value
    if config.pack is not None and config.pack > shape.rows:
        check.fail("pack", f"at most the number of rows ({shape.rows})", config.pack)
    if config.pack is None and isinstance(config.batch_size, int):
        chosen["pack"] = math.gcd(chosen["pack"], config.batch_size)
    if config.objective != "wasserstein_gp":
        chosen["gradient_penalty"] = config.gradient_penalty or 0.0
    largest = shape.rows // chosen["pack"] * chosen["pack"]
    if chosen["batch_size"] == "all":
        chosen["batch_size"] = largest
    elif config.batch_size is None:
        chosen["batch_size"] = max(1, chosen["batch_size"] // chosen["pack"]) * chosen["pack"]
    if chosen["batch_size"] > largest:
        if config.batch_size is not None:
            messages.append(
                f"`batch_size` lowered from {chosen['batch_size']} to {largest}: the data has {shape.rows} rows."
            )
        chosen["batch_size"] = largest
    if chosen["members"] > 1 and config.keep is None:
        chosen["keep"] = "best" if config.objective is None else "last"
    chosen["scaling"] = choose_scaling(config, shape.kind)
    return Config(**chosen), messages


def epochs_for(config: Config, rows: int) -> int:
    """Epochs that hold the config's budget of generator steps."""
    return math.ceil(int(config.steps) / (rounds_per_epoch(config, rows) * int(config.generator_steps)))


def rounds_per_epoch(config: Config, rows: int) -> int:
    """Rounds of discriminator and generator updates that pass every row once; a last batch is filled up.

    Rows that make no whole pack wait for the next epoch, so that a batch of all packs is an epoch.
    """
    packs, batch = rows // int(config.pack), int(config.batch_size) // int(config.pack)
    return max(1, math.ceil(packs / (batch * int(config.discriminator_steps))))


def with_epochs(config: Config, rows: int, epochs: int) -> Config:
    """The config with the step budget that so many epochs make."""
    steps_per_epoch = rounds_per_epoch(config, rows) * int(config.generator_steps)
    most = check.LARGEST_WHOLE // steps_per_epoch
    if epochs > most:
        check.fail("epochs", f"at most {most} where an epoch has {steps_per_epoch} steps", epochs)
    return replace(config, steps=epochs * steps_per_epoch)
