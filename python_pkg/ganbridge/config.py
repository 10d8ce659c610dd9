"""What a user may set: `Config`, in which None means "choose for me"; and `Settings`, the same fields without gaps.

A setting is one line in each: its type, its check and its help in `Config`; its textbook value in `Settings`. What is
chosen where a `Config` is left open stands in recipes.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias, TypeVar, get_args, overload

from . import check

Role = Literal["generator", "discriminator"]
NetworkName = Literal["dense", "convolutional"]
PriorName = Literal["normal", "mixture"]
ActivationName = Literal["relu", "leaky_relu", "tanh", "linear", "sigmoid", "elu", "gelu", "silu", "softplus"]
ObjectiveName = Literal[
    "non_saturating", "minimax", "focal", "least_squares", "hinge", "wasserstein_gp", "relativistic"
]
OptimizerName = Literal["adam", "rmsprop"]
Schedule = Literal["constant", "linear", "cosine"]
Keep = Literal["last", "best"]
ColumnRole = Literal["identifier", "category", "number", "drop"]
ScalingName = Literal["auto", "standard", "range", "none", "quantile", "components"]

ROLES: tuple[Role, ...] = get_args(Role)
NETWORK_NAMES: tuple[NetworkName, ...] = get_args(NetworkName)
PRIORS: tuple[PriorName, ...] = get_args(PriorName)
# Settings that do not concern networks.
OF_BOTH_PRIORS = (
    *("prior", "scaling", "range_margin", "k", "relations", "roles", "refine", "minutes", "device", "threads"),
)
ACTIVATION_NAMES: tuple[ActivationName, ...] = get_args(ActivationName)
OBJECTIVE_NAMES: tuple[ObjectiveName, ...] = get_args(ObjectiveName)
SCALINGS: tuple[ScalingName, ...] = get_args(ScalingName)
LABELLED_OBJECTIVES = ("non_saturating", "minimax", "focal", "least_squares")
SAMPLE_BLOCK = 4096  # rows generated at once; fixed, so that a row does not depend on how many are asked for
CONVOLVED_BLOCK = 256  # the same for convolutional networks, whose rows take more work and memory
IN_MEMORY_CELLS = 20_000_000  # rows times columns of a table in files up to which it is read as a data frame
SAMPLED_ROWS = 500_000  # of a larger one that are kept, and all that networks and mixtures see,
SAMPLED_CELLS = 20_000_000  # or fewer, if these would be more cells
COMPARED_ROWS = 100_000  # of such a table that an evaluation compares generated rows with
HELD_OUT_SHARE = 0.2  # of the rows, unseen by the members until the best of them is chosen
HELD_OUT_ROWS = 200  # with fewer rows in all, the members are compared on the rows they train on
CHECKPOINT_SECONDS = 60.0  # between two of a fit
EVALUATION_SEED = 0  # of an evaluation of data that no fit made
POPULATION_SHARE = 0.5  # of the budget, after which the best member goes on alone

T = TypeVar("T")
Each: TypeAlias = T | Mapping[Role, T]  # one value for both networks, or one each
Widths: TypeAlias = int | Sequence[int]
Activations: TypeAlias = ActivationName | Sequence[ActivationName]  # one for all layers, or one for each
Scaling: TypeAlias = ScalingName | Mapping[str, ScalingName]  # one for all columns, or one each for some
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


def _roles(name: str, value: Any) -> dict[str, str]:
    value = {} if isinstance(value, (list, tuple)) and not value else value  # R's empty list
    if not isinstance(value, dict):
        check.fail(name, 'names of columns with one role each, such as {"id": "identifier"}', value)
    known = get_args(ColumnRole)
    return {str(column): check.choice(f"{name}[{column}]", role, known) for column, role in value.items()}


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


def _relations(name: str, value: Any) -> bool | tuple[bool | str, ...]:
    """True, False, or relations by hand, with False among them if no others are to be found."""
    if isinstance(value, bool):
        return value
    entries = [value] if isinstance(value, str) else value
    plain = isinstance(entries, (list, tuple)) and all(entry is False or isinstance(entry, str) for entry in entries)
    if not plain or not entries:
        check.fail(name, 'True, False, or a list of relations, such as ["start <= end"]', value)
    return tuple(entries)


def _device(name: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", value):
        check.fail(name, '"auto", "cpu", "cuda", "cuda:1" or "mps"', value)
    return str(value)


def _option(checked: Check, doc: str) -> Any:
    return field(default=None, metadata={"check": checked, "doc": doc, "per_role": False})


def _option_per_role(item: Check, doc: str) -> Any:
    return field(default=None, metadata={"check": _per_role(item), "doc": doc, "per_role": True})


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

    prior: PriorName | None = _option(
        _choice(PRIORS),
        "normal: networks act on normal noise; mixture, for tables and waves: a mixture fitted to the rows, in"
        " tables drawn from with the odds of a discriminator",
    )
    network: NetworkName | None = _option(
        _choice(NETWORK_NAMES), "the kind of both networks; convolutional: for images and waves"
    )
    generator_hidden: Widths | None = _option(
        _widths, "widths (or channels) of the generator's hidden layers, from the latent side"
    )
    discriminator_hidden: Widths | None = _option(_widths, "the discriminator's hidden layers, from the data side")
    activation: Each[Activations] | None = _option_per_role(
        _activations, "after each hidden layer: one name, or one per layer"
    )
    leaky_slope: float | None = _option(_number(0.0, 1.0, open_low=True), "slope of leaky_relu below zero")
    output_activation: ActivationName | None = _option(_choice(ACTIVATION_NAMES), "after the generator's last layer")
    dropout: Each[float] | None = _option_per_role(
        _number(0.0, 1.0, open_high=True), "share of hidden units dropped in training"
    )
    latent_dim: int | None = _option(_whole(1, 65536), "length of the latent vector z, drawn from N(0, I)")
    objective: ObjectiveName | None = _option(_choice(OBJECTIVE_NAMES), "the adversarial objective")
    focal_gamma: float | None = _option(_number(0.0), "exponent of the focal objective")
    gradient_penalty: float | None = _option(
        _number(0.0), "weight of wasserstein_gp's penalty between real and generated rows"
    )
    r1: float | Sequence[float] | None = _option(
        _penalty, "weight of the zero-centred gradient penalty on real rows, or a pair (first, last)"
    )
    r2: float | Sequence[float] | None = _option(
        _penalty, "weight of the zero-centred gradient penalty on generated rows, or a pair"
    )
    label_noise: float | None = _option(_number(0.0, 1.0), "labels get uniform noise between 0 and this")
    pack: int | None = _option(_whole(1, 1024), "rows that the discriminator sees at once (PacGAN, Lin et al. 2018)")
    optimizer: Each[OptimizerName] | None = _option_per_role(_choice(get_args(OptimizerName)), "the optimizer")
    generator_lr: float | None = _option(_number(0.0, open_low=True), "the generator's learning rate at the start")
    discriminator_lr: float | None = _option(
        _number(0.0, open_low=True), "the discriminator's learning rate at the start"
    )
    lr_schedule: Schedule | None = _option(_choice(get_args(Schedule)), "how both rates fall towards 0 over the fit")
    betas: Each[Sequence[float]] | None = _option_per_role(_betas, "Adam's decay rates of the two moments")
    rho: float | None = _option(_number(0.0, 1.0, open_high=True), "RMSprop's decay rate")
    eps: float | None = _option(_number(0.0, open_low=True), "the optimizers' small constant")
    batch_size: int | Literal["all"] | None = _option(_batch, 'rows per step, a multiple of `pack`, or "all"')
    discriminator_steps: int | None = _option(_whole(1, 1000), "discriminator updates per round")
    generator_steps: int | None = _option(_whole(1, 1000), "generator updates per round")
    steps: int | None = _option(_whole(1), "generator updates in all, if `epochs` is not given")
    ema: float | None = _option(_number(0.0, 1.0, open_high=True), "decay of the generator's moving average; 0: none")
    keep: Keep | None = _option(
        _choice(get_args(Keep)), "the generator that is kept: the last, or the best by its score"
    )
    members: int | None = _option(_whole(1, 1024), "independent GANs trained side by side, of which the best is kept")
    scaling: Scaling | None = _option(
        _scaling, "how columns (or waves) are put on a common scale; a dict for some columns"
    )
    calibration: bool | None = _option(
        _flag, "whether each generated column is moved onto its own distribution at the end"
    )
    range_margin: float | None = _option(
        _number(0.0), "how far samples may leave the range seen, in ranges; 0: not at all"
    )
    k: int | None = _option(
        _whole(1), "rows that share each value of the training data that a fit keeps, or whose mean it is; 1: any"
    )
    relations: bool | Sequence[bool | str] | None = _option(
        _relations,
        "what must hold between columns: True finds it, False ignores it; a list adds relations by hand"
        ' ("start <= end", "total = a + b", "city -> country"), and leaves out found ones ("not city -> country")',
    )
    roles: Mapping[str, ColumnRole] | None = _option(
        _roles, "what columns of a data frame are, by name: identifier (values are made up), category, number, or drop"
    )
    refine: bool | None = _option(
        _flag,
        "tables with a mixture: whether a network moves the numbers of its draws, trained adversarially; left open, it"
        " does where held-out rows are told from its rows less well",
    )
    minutes: float | None = _option(
        _number(0.0), "after which training stops; such a fit is not reproducible. 0: as long as it takes"
    )
    device: str | None = _option(
        _device, 'where networks are trained; "auto" takes an NVIDIA or AMD GPU if there is one'
    )
    threads: int | None = _option(_whole(1, 1024), "CPU threads; results are the same bits only for the same number")

    def __post_init__(self) -> None:
        for option in fields(self):
            value = getattr(self, option.name)
            if value is not None:
                object.__setattr__(self, option.name, option.metadata["check"](option.name, value))
        check_together(self)

    def of(self, name: str, role: Role) -> Any:
        """The value of a field for one of the two networks, "generator" or "discriminator"."""
        return _of_role(getattr(self, name), role)

    def activations(self, role: Role) -> tuple[str, ...]:
        """One activation per hidden layer of a network."""
        return _per_layer(self.of("activation", role), getattr(self, f"{role}_hidden"))

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


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The fields of `Config` without gaps: what a fit trains with. `recipes.resolve` chooses them.

    The defaults are the textbook: Goodfellow et al. 2014 with the settings that Radford et al. 2016 (DCGAN) made
    customary; no aids of any kind. What a named objective, other networks or the automatic recipes change is in
    recipes.py and in kinds/.
    """

    prior: PriorName = "normal"
    network: NetworkName = "dense"
    generator_hidden: tuple[int, ...] = (64, 64)
    discriminator_hidden: tuple[int, ...] = (64, 64)
    activation: Each[ActivationName | tuple[ActivationName, ...]] = "leaky_relu"
    leaky_slope: float = 0.2
    output_activation: ActivationName = "linear"
    dropout: Each[float] = 0.0
    latent_dim: int = 2
    objective: ObjectiveName = "non_saturating"
    focal_gamma: float = 2.0  # Lin et al. 2017
    gradient_penalty: float = 0.0
    r1: float | tuple[float, float] = 0.0
    r2: float | tuple[float, float] = 0.0
    label_noise: float = 0.0
    pack: int = 1
    optimizer: Each[OptimizerName] = "adam"
    generator_lr: float = 2e-4
    discriminator_lr: float = 2e-4
    lr_schedule: Schedule = "constant"
    betas: Each[tuple[float, float]] = (0.5, 0.999)
    rho: float = 0.9
    eps: float = 1e-8
    batch_size: int = 64
    discriminator_steps: int = 1
    generator_steps: int = 1
    steps: int = 5000
    ema: float = 0.0
    keep: Keep = "last"
    members: int = 1
    scaling: Scaling = "standard"
    calibration: bool = False
    range_margin: float = 0.0
    k: int = 1
    relations: bool | tuple[bool | str, ...] = False
    roles: Mapping[str, ColumnRole] = field(default_factory=dict)
    refine: bool = False
    minutes: float = 0.0
    device: str = "cpu"
    threads: int = 1

    @overload
    def of(self, name: Literal["dropout"], role: Role) -> float: ...
    @overload
    def of(self, name: Literal["optimizer"], role: Role) -> OptimizerName: ...
    @overload
    def of(self, name: Literal["betas"], role: Role) -> tuple[float, float]: ...
    @overload
    def of(self, name: Literal["activation"], role: Role) -> ActivationName | tuple[ActivationName, ...]: ...
    def of(self, name: str, role: Role) -> Any:
        """The value of a setting for one of the two networks, "generator" or "discriminator"."""
        return _of_role(getattr(self, name), role)

    def hidden(self, role: Role) -> tuple[int, ...]:
        """Widths (or channels) of a network's hidden layers."""
        return self.generator_hidden if role == "generator" else self.discriminator_hidden

    def activations(self, role: Role) -> tuple[str, ...]:
        """One activation per hidden layer of a network."""
        return _per_layer(self.of("activation", role), self.hidden(role))

    def replaced_by(self, config: Config) -> Settings:
        """These settings, but for those that the config sets; a value for one network leaves the other's as it is."""
        values = self.to_dict()
        for option in fields(config):
            value = getattr(config, option.name)
            if value is None:
                continue
            if option.metadata["per_role"] and isinstance(value, dict):
                value = {role: value.get(role, _of_role(values[option.name], role)) for role in ROLES}
            values[option.name] = value
        return Settings(**values)

    def to_dict(self) -> dict[str, Any]:
        """Field names and plain values, in order."""
        return {setting.name: getattr(self, setting.name) for setting in fields(self)}

    def to_config(self) -> Config:
        """The same as a `Config`, as a user would set them; without those of networks if there are none."""
        values = self.to_dict()
        if self.prior == "mixture":
            values = {name: values[name] for name in OF_BOTH_PRIORS}
        return Config(**values)


def network_settings(config: Config) -> list[str]:
    """The names of the settings of networks and their training that the user has set.

    A scaling other than those of the mixtures, by quantiles or components, is for networks, too.
    """
    of_networks = [name for name in config.changed if name not in OF_BOTH_PRIORS]
    scalings = config.scaling.values() if isinstance(config.scaling, dict) else [config.scaling]
    return of_networks + (["scaling"] if set(scalings) - {None, "auto", "quantile", "components"} else [])


def check_together(options: Config | Settings) -> None:
    """Raise a ValueError for fields that do not go together."""
    if isinstance(options, Config) and options.prior == "mixture" and network_settings(options):
        name = network_settings(options)[0]
        value = getattr(options, name)
        check.fail(name, 'left out if `prior` is "mixture", which trains no networks', value)
    for role in ROLES:
        names, widths = options.of("activation", role), getattr(options, f"{role}_hidden")
        if isinstance(names, tuple) and widths is not None and len(names) != len(widths):
            check.fail("activation", f"one name, or one per hidden layer ({len(widths)} in the {role})", names)
    if isinstance(options.batch_size, int) and options.pack is not None and options.batch_size % options.pack:
        below = options.batch_size // options.pack * options.pack or options.pack
        remedy = f"Try {below} or {below + options.pack}."
        check.fail("batch_size", f"a multiple of `pack` ({options.pack})", options.batch_size, remedy)
    if options.label_noise and options.objective is not None and options.objective not in LABELLED_OBJECTIVES:
        wanted = f"0 for the objective {check.came(options.objective)}, which has no labels"
        check.fail("label_noise", wanted, options.label_noise)


def _of_role(value: Any, role: Role) -> Any:
    return value.get(role) if isinstance(value, dict) else value


def _per_layer(names: Any, widths: Any) -> tuple[str, ...]:
    return names if isinstance(names, tuple) else (names,) * len(widths)
