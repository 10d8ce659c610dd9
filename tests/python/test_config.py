"""Config: the bounds of every field, what is chosen if a field is not set, and which fields go together."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

import ganbridge
from ganbridge import Config
from ganbridge.config import ACTIVATION_NAMES, LABELLED_OBJECTIVES, OBJECTIVE_NAMES, Settings
from ganbridge.kinds import KINDS
from ganbridge.recipes import DataShape, Grid, convolutional, epochs_for, resolve, rounds_per_epoch, with_epochs

TABLE, WAVE, IMAGE = (KINDS[name] for name in ("table", "wave", "image"))

NOT_COUNTS = [0, -3, 2.5, True, "2", float("nan"), float("inf"), 10**400, 1e300, [3], np.array([3])]
NOT_NUMBERS = [True, "0.1", float("nan"), float("inf"), 1j, [0.1], 10**400]
COUNT = ([1, 7, 32.0, np.int64(5), np.float64(4.0)], NOT_COUNTS)
RATE = ([1e-9, 0.2, 3, np.float32(0.5)], [0, -0.1, *NOT_NUMBERS])
SHARE = ([0, 0.3, 0.999], [1.0, -0.1, 2, *NOT_NUMBERS])
WEIGHT = ([0, 0.5, 100], [-0.5, *NOT_NUMBERS])
WIDTHS = ([[], [8], (16, 32), 8, np.array([4, 4]), [8.0]], [[0], [8, -1], [2.5], ["8"], "8", {}, [True], [65537]])
PENALTY = ([*WEIGHT[0], (1.0, 0.01), [2, 1]], [-1, (1, 0), (0, 1), (1, 2, 3), "big", [1], (1, "2"), (1, np.nan)])


def either(valid: list, invalid: list) -> tuple[list, list]:
    """The values of a field that takes one for both networks, or one each."""
    each = [{"generator": valid[0], "discriminator": valid[-1]}, {"generator": valid[0]}]
    return [*valid, *each], [*invalid, {}, {"critic": valid[0]}, {"generator": invalid[0]}, {"generator": None}]


FIELDS = {
    "prior": (["normal", "mixture"], ["uniform", 1, True, ["normal"]]),
    "network": (["dense", "convolutional"], ["conv", 1, ["dense"]]),
    "generator_hidden": WIDTHS,
    "discriminator_hidden": WIDTHS,
    "activation": either(["relu", [], ["tanh", "relu"], *ACTIVATION_NAMES], ["rellu", 3, ["relu", "x"], [1]]),
    "leaky_slope": ([0.01, 1.0, 1], [0.0, -0.2, 1.5, *NOT_NUMBERS]),
    "output_activation": ([*ACTIVATION_NAMES], ["Tanh", "", 1, ["tanh"]]),
    "dropout": either(*SHARE),
    "latent_dim": ([*COUNT[0], 65536], [*COUNT[1], 65537]),
    "objective": ([*OBJECTIVE_NAMES], ["wgan", "", 0, ["hinge"], "Hinge"]),
    "focal_gamma": WEIGHT,
    "gradient_penalty": WEIGHT,
    "r1": PENALTY,
    "r2": PENALTY,
    "label_noise": ([0, 0.01, 1.0], [-0.1, 1.1, *NOT_NUMBERS]),
    "pack": ([*COUNT[0], 1024], [*COUNT[1], 1025]),
    "optimizer": either(["adam", "rmsprop"], ["sgd", 1, "Adam", ["adam"]]),
    "generator_lr": RATE,
    "discriminator_lr": RATE,
    "lr_schedule": (["constant", "linear", "cosine"], ["exponential", 1]),
    "betas": either([(0.5, 0.999), [0, 0.9]], [(0.5,), (0.5, 1.0), (-0.1, 0.9), 0.5, "adam", (0.5, "x")]),
    "rho": SHARE,
    "eps": RATE,
    "batch_size": ([*COUNT[0], "all"], [*(value for value in NOT_COUNTS if value != "2"), "every", "32", ""]),
    "discriminator_steps": ([*COUNT[0], 1000], [*COUNT[1], 1001]),
    "generator_steps": ([*COUNT[0], 1000], [*COUNT[1], 1001]),
    "steps": ([*COUNT[0], 2**31 - 1], [*COUNT[1], 2**31]),
    "ema": SHARE,
    "keep": (["last", "best"], ["first", 1, True]),
    "members": ([*COUNT[0], 1024], [*COUNT[1], 1025]),
    "scaling": (["auto", "standard", "range", "none", "quantile", "components"], ["minmax", 1]),
    "calibration": ([True, False], [1, 0, "yes", "True"]),
    "range_margin": WEIGHT,
    "k": COUNT,
    "relations": ([True, False, "a <= b", ["total = a + b", False]], [[], 1, ["a <= b", True], [3]]),
    "roles": (
        [{"id": "identifier"}, {"id": "drop", "name": "category", 3: "number"}, {}],
        ["identifier", ["id"], {"id": "secret"}, {"id": None}, 1],
    ),
    "refine": ([True, False], [1, 0, "auto", "yes"]),
    "minutes": ([0, 0.5, 90], [-1, "1", float("inf"), True]),
    "device": (["auto", "cpu", "cuda", "cuda:1", "mps"], ["gpu", "cuda:", "cuda:x", "cpu:0:0", 0, ""]),
    "threads": ([*COUNT[0], 1024], [*COUNT[1], 1025]),
}


def named(which: int, leave_out: tuple = ()) -> list:
    pairs = [(name, value) for name in FIELDS for value in FIELDS[name][which]]
    return [
        pytest.param(name, value, id=f"{name}-{value!r:.40}") for name, value in pairs if (name, value) not in leave_out
    ]


def plain(value) -> object:
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def test_every_field_is_tested_here_and_has_a_textbook_value():
    names = [field.name for field in fields(Config)]
    assert list(FIELDS) == names
    assert [field.name for field in fields(Settings)] == names
    assert None not in Settings().to_config().to_dict().values()
    assert all(field.metadata["doc"] for field in fields(Config))
    assert set(Config().to_dict().values()) == {None}


@pytest.mark.parametrize(("name", "value"), named(0))
def test_values_within_bounds_are_taken(name, value):
    config = Config(**{name: value})
    assert list(config.changed) == [name]
    taken = config.changed[name]
    if isinstance(value, (int, float, np.generic)) and name not in ("generator_hidden", "discriminator_hidden"):
        assert taken == value
    assert type(taken) in (int, float, bool, str, tuple, dict)
    # What a config says of itself makes the same config, also after JSON turned its tuples into lists.
    assert Config.from_dict(config.changed) == Config.from_dict({name: plain(taken)}) == config


@pytest.mark.parametrize(("name", "value"), named(1))
def test_values_out_of_bounds_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=rf"^`{name}[`\[].* must be .*, not .*\."):
        Config(**{name: value})


def test_none_means_left_open():
    assert Config(**dict.fromkeys(FIELDS)) == Config()


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r'"threads", not "latent_dims"\. Did you mean "latent_dim"'):
        Config.from_dict({"latent_dims": 3})
    with pytest.raises(TypeError, match="latent_dims"):
        Config(latent_dims=3)
    with pytest.raises(TypeError):
        Config([8, 8])  # fields go by name


def test_a_config_does_not_change():
    with pytest.raises(FrozenInstanceError):
        Config().steps = 3


# --- what is chosen -------------------------------------------------------------------------------------------------

SHAPES = [DataShape(rows, width) for rows in (2, 3, 50, 5000) for width in (1, 3, 40)]
shapes = pytest.mark.parametrize("shape", SHAPES, ids=str)
kinds = pytest.mark.parametrize("kind", [TABLE, WAVE], ids=["table", "wave"])


@shapes
@kinds
@pytest.mark.parametrize("objective", OBJECTIVE_NAMES)
def test_a_named_objective_means_the_textbook(objective, kind, shape):
    config, messages = resolve(Config(objective=objective), kind, shape)
    plain_method = {
        **{"pack": 1, "r1": 0.0, "r2": 0.0, "ema": 0.0, "label_noise": 0.0, "dropout": 0.0},
        **{"lr_schedule": "constant", "keep": "last", "members": 1, "calibration": False, "objective": objective},
        "gradient_penalty": 10.0 if objective == "wasserstein_gp" else 0.0,
        "discriminator_steps": 5 if objective == "wasserstein_gp" else 1,
        "batch_size": min(64, shape.rows),
        "scaling": "standard",
    }
    assert {name: getattr(config, name) for name in plain_method} == plain_method
    assert messages == []


@shapes
@kinds
def test_what_is_left_open_is_chosen_and_visible(kind, shape):
    config, messages = resolve(Config(), kind, shape)
    assert None not in config.to_dict().values()
    assert config.batch_size <= shape.rows
    assert config.batch_size % config.pack == 0
    assert config.scaling == {"table": "quantile", "wave": "components"}[kind.name]
    assert messages == []
    assert resolve(config.to_config(), kind, shape) == (config, [])  # what was chosen, chosen again, is the same


@pytest.mark.parametrize(
    ("name", "value"), named(0, leave_out=(("scaling", "components"), ("network", "convolutional")))
)
def test_what_the_user_sets_stays(name, value):
    if name == "activation" and not isinstance(value, (str, dict)):
        value = ["relu"] * len(resolve(Config(), TABLE, DataShape(2000, 3))[0].generator_hidden)
    if name == "activation" and isinstance(value, dict):
        value = dict.fromkeys(value, "tanh")
    wanted = Config(**{name: value})
    config, messages = resolve(wanted, TABLE, DataShape(2000, 3))
    chosen, asked = getattr(config, name), getattr(wanted, name)
    if isinstance(asked, dict) and name != "roles":
        assert set(chosen) == {"generator", "discriminator"}
        assert {role: chosen[role] for role in asked} == asked
        left_open = set(chosen) - set(asked)
        assert all(chosen[role] == getattr(Settings(), name) or name in ("betas",) for role in left_open)
    elif asked not in ("auto", "all"):
        assert chosen == asked
    assert messages == []


def test_members_are_compared_where_nothing_is_said():
    assert resolve(Config(members=4), TABLE, DataShape(500, 2))[0].keep == "best"
    assert resolve(Config(members=4, keep="last"), TABLE, DataShape(500, 2))[0].keep == "last"
    assert resolve(Config(members=4, objective="hinge"), TABLE, DataShape(500, 2))[0].keep == "last"


def test_values_for_one_network_leave_the_other_open():
    config, _ = resolve(
        Config(
            dropout={"discriminator": 0.3},
            activation={"generator": "tanh"},
            betas={"discriminator": (0.9, 0.99)},
            optimizer={"generator": "rmsprop"},
            objective="hinge",
        ),
        TABLE,
        DataShape(500, 2),
    )
    assert [config.of("dropout", role) for role in ("generator", "discriminator")] == [0.0, 0.3]
    assert [config.of("betas", role) for role in ("generator", "discriminator")] == [(0.5, 0.999), (0.9, 0.99)]
    assert [config.of("optimizer", role) for role in ("generator", "discriminator")] == ["rmsprop", "adam"]
    assert config.activations("generator") == ("tanh", "tanh")
    assert config.activations("discriminator") == ("leaky_relu", "leaky_relu")


# --- fields that belong together ------------------------------------------------------------------------------------


def test_activations_are_one_or_one_per_layer():
    each = {"generator": ["relu"], "discriminator": ["tanh", "linear"]}
    config = Config(generator_hidden=[8], discriminator_hidden=[8, 4], activation=each)
    assert config.activations("discriminator") == ("tanh", "linear")
    assert Config(generator_hidden=[], discriminator_hidden=[], activation=[]).activations("generator") == ()
    with pytest.raises(ValueError, match=r"`activation` must be .* \(2 in the discriminator\)"):
        Config(generator_hidden=[8], discriminator_hidden=[8, 4], activation=["relu"])
    with pytest.raises(ValueError, match="`activation` must be"):
        ganbridge.fit(np.eye(4), config=Config(activation=["relu"] * 9))


def test_a_batch_is_made_of_whole_packs():
    with pytest.raises(ValueError, match=r"`batch_size` must be a multiple of `pack` \(4\), not 30. Try 28 or 32."):
        Config(pack=4, batch_size=30)
    with pytest.raises(ValueError, match=r"Try 4 or 8\."):
        Config(pack=4, batch_size=2)
    for batch in (1, 2, 7, 50, 51, 64):  # a pack that nobody asked for gives way
        for width in (2, 3, 40):
            config, _ = resolve(Config(batch_size=batch), TABLE, DataShape(500, width))
            assert config.batch_size == batch
            assert batch % config.pack == 0


def test_a_pack_needs_its_rows():
    with pytest.raises(ValueError, match=r"`pack` must be at most the number of rows \(6\), not 8."):
        ganbridge.fit(np.random.default_rng(0).normal(size=(6, 2)), config=Config(pack=8))
    config, _ = resolve(Config(pack=4), TABLE, DataShape(6, 2))
    assert (config.pack, config.batch_size) == (4, 4)


def test_a_batch_larger_than_the_data_is_lowered_with_a_message():
    x = np.random.default_rng(0).normal(size=(30, 2))
    gan = ganbridge.fit(x, epochs=2, seed=1, config=Config(batch_size=64))
    assert gan.config.batch_size == 30
    assert gan.messages == ["`batch_size` lowered from 64 to 30: the data has 30 rows."]
    gan = ganbridge.fit(x, epochs=2, seed=1, config=Config(batch_size=64, pack=4))
    assert gan.config.batch_size == 28
    assert gan.messages == ["`batch_size` lowered from 64 to 28: the data has 30 rows."]
    assert ganbridge.from_bytes(gan.to_bytes()).messages == gan.messages
    assert ganbridge.fit(x, epochs=2, seed=1).messages == []  # nobody asked for another one
    assert ganbridge.fit(x, epochs=2, seed=1, config=Config(batch_size="all")).messages == []


def test_label_noise_needs_labels():
    for objective in OBJECTIVE_NAMES:
        if objective in LABELLED_OBJECTIVES:
            Config(objective=objective, label_noise=0.1)
            continue
        with pytest.raises(ValueError, match=f'`label_noise` must be 0 for the objective "{objective}"'):
            Config(objective=objective, label_noise=0.1)
        Config(objective=objective, label_noise=0)
    resolve(Config(label_noise=0.1), TABLE, DataShape(100, 2))


IMAGES = IMAGE, DataShape(60_000, 784, Grid((28, 28)))


@pytest.mark.parametrize("objective", [None, *OBJECTIVE_NAMES])
def test_images_have_convolutional_networks_with_every_objective(objective):
    config, messages = resolve(Config(objective=objective), *IMAGES)
    networks = {
        **{"network": "convolutional", "generator_hidden": (128, 64), "discriminator_hidden": (64, 128)},
        **{"output_activation": "tanh", "latent_dim": 100, "batch_size": 64, "scaling": "range", "pack": 1},
        "dropout": {"generator": 0.0, "discriminator": 0.3} if objective else 0.0,
    }
    assert {name: getattr(config, name) for name in networks} == networks
    assert config.r1 == (0.0 if objective else 9.3)
    assert None not in config.to_dict().values()
    assert messages == []
    assert resolve(config.to_config(), *IMAGES) == (config, [])


def test_images_may_have_dense_networks():
    config, _ = resolve(Config(network="dense"), *IMAGES)
    assert config.generator_hidden == (256, 256)
    assert config.output_activation == "tanh"


def test_without_a_grid_there_is_nothing_to_convolve():
    for kind, words in ((TABLE, 'kind "table"'), (WAVE, "waves of different lengths")):
        with pytest.raises(ValueError, match=f'`network` must be "dense" for {words}, not "convolutional"'):
            resolve(Config(network="convolutional"), kind, DataShape(200, 5))


WAVES = WAVE, DataShape(200, 250, Grid((250,)))


@pytest.mark.parametrize("objective", [None, *OBJECTIVE_NAMES])
def test_waves_may_have_convolutional_networks_with_every_objective(objective):
    config, messages = resolve(Config(network="convolutional", objective=objective), *WAVES)
    assert config.network == "convolutional"
    assert (config.generator_hidden, config.discriminator_hidden) == ((128, 64), (64, 128))
    assert config.scaling == "standard"
    assert config.output_activation == "linear"
    assert config.batch_size == 64
    assert messages == []
    assert resolve(config.to_config(), *WAVES) == (config, [])
    assert resolve(Config(objective=objective), *WAVES)[0].network == "dense"


@pytest.mark.parametrize(("points", "layers"), [(2, 2), (16, 2), (250, 2), (256, 2), (257, 3), (4096, 4)])
def test_longer_waves_get_more_layers(points, layers):
    chosen = convolutional(Grid((points,), 3))
    assert chosen.generator_hidden == (128, 64, 32, 16)[:layers]
    assert chosen.discriminator_hidden == chosen.generator_hidden[::-1]


def test_what_is_convolved_is_points():
    for scaling in ("standard", "range", "none"):
        assert WAVE.scaling(Config(network="convolutional", scaling=scaling)) == scaling
    for scaling in (None, "auto"):
        assert WAVE.scaling(Config(network="convolutional", scaling=scaling)) == "standard"
    for scaling in ("components", "quantile"):
        with pytest.raises(ValueError, match=f'"none" where `network` is "convolutional", not "{scaling}". Leave one'):
            WAVE.scaling(Config(network="convolutional", scaling=scaling))


def test_a_scaling_of_images_is_their_range():
    assert IMAGE.scaling(Config()) == IMAGE.scaling(Config(scaling="range")) == "range"
    for scaling in ("standard", "none", "quantile", "components"):
        with pytest.raises(ValueError, match='`scaling` must be "auto" or "range" for kind "image"'):
            IMAGE.scaling(Config(scaling=scaling))


@pytest.mark.parametrize(("kind", "scaling"), [("table", "components"), ("wave", "quantile")])
def test_a_scaling_belongs_to_its_kind(kind, scaling):
    with pytest.raises(ValueError, match=f'^`scaling` must be one of .* for kind "{kind}", not "{scaling}".'):
        KINDS[kind].scaling(Config(scaling=scaling))
    assert KINDS[kind].scaling(Config(scaling="auto")) == KINDS[kind].scaling(Config())


# --- epochs and steps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [2, 7, 64, 1000, 1001])
@pytest.mark.parametrize("pack", [1, 2, 3])
@pytest.mark.parametrize("batch", [6, 60, "all"])
@pytest.mark.parametrize("updates", [1, 3])
def test_an_epoch_is_one_pass_over_the_rows(rows, pack, batch, updates):
    if pack > rows:
        return
    wanted = Config(objective="hinge", pack=pack, batch_size=batch, discriminator_steps=updates)
    config, _ = resolve(wanted, TABLE, DataShape(rows, 2))
    seen = rounds_per_epoch(config, rows) * config.batch_size * updates
    assert rows - pack < seen < rows + config.batch_size * updates
    if batch == "all":
        assert rounds_per_epoch(config, rows) == 1


def test_steps_and_epochs_are_two_words_for_one_budget():
    config, _ = resolve(Config(batch_size=25, pack=1, generator_steps=2, steps=100), TABLE, DataShape(110, 2))
    assert rounds_per_epoch(config, 110) == 5
    assert epochs_for(config, 110) == 10
    assert with_epochs(config, 110, 7).steps == 70
    gan = ganbridge.fit(np.random.default_rng(0).normal(size=(110, 2)), seed=1, config=Config(batch_size=25, steps=13))
    assert len(gan.history) == 3  # whole epochs that hold the steps
    assert gan.history["step"].tolist() == [5, 10, 15]
    assert gan.config.steps == 15


def test_explicit_epochs_run_in_full():
    x = np.random.default_rng(0).normal(size=(110, 2))
    gan = ganbridge.fit(x, epochs=7, seed=1, config=Config(steps=2))
    assert gan.history["epoch"].tolist() == list(range(1, 8))
    assert gan.epochs == 7
    with pytest.raises(ValueError, match=r"`epochs` must be at most \d+ where an epoch has 22 steps, not 2147483647."):
        ganbridge.fit(x, epochs=2**31 - 1, config=Config(batch_size=5))
