"""Convolutional networks: against PyTorch's own layers, and K members against K networks."""

import json
import math

import pytest
import torch
from torch import nn

from ganbridge.config import Config, Settings
from ganbridge.kinds import KINDS
from ganbridge.networks import Convolutional, ConvSpec, DenseSpec, build, spec_from_dict, spec_to_dict
from ganbridge.recipes import DataShape, Grid, convolutional, resolve
from ganbridge.training.backward import AutogradBackward, make_backward
from ganbridge.training.losses import DiscriminatorLoss, GeneratorLoss
from ganbridge.training.objectives import make_objective
from ganbridge.training.penalties import Penalties, Penalty
from ganbridge.training.population import part_of

GRIDS = {"28 x 28": (28, 28), "odd": (9, 13), "wide": (8, 33), "a wave": (50,), "an odd wave": (21,)}
grids = pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
channels = pytest.mark.parametrize("channels", [1, 3])


def specs(grid, channels=1, **fields):
    common = {"activations": ("leaky_relu", "tanh"), **fields}
    return (
        ConvSpec("generator", grid, channels, (6, 4), latent=5, output_activation="tanh", **common),
        ConvSpec("discriminator", grid, channels, (4, 6), **common),
    )


def network(spec, members=1, seed=1):
    made = build(spec, members)
    made.initialize(torch.Generator().manual_seed(seed))
    return made


def flat(grid_last):
    """(rows, channels, *grid) -> (rows, width), channels last."""
    return grid_last.movedim(1, -1).flatten(1)


class Mirror(nn.Module):
    """The same two networks from PyTorch's layers, for one member."""

    def __init__(self, spec: ConvSpec, state: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.spec, self.state = spec, state
        one, two = len(spec.grid) == 1, spec.role == "generator"
        kind = {(True, True): nn.ConvTranspose1d, (False, True): nn.ConvTranspose2d}.get(
            (one, two), nn.Conv1d if one else nn.Conv2d
        )
        weights = [state[f"{i}.weight"] for i in range(len(state) // 2)]
        convolved = weights[1:] if two else weights[:-1]
        pairs = [weight.shape[:2] if two else weight.shape[:2][::-1] for weight in convolved]
        self.layers = nn.ModuleList([kind(i, o, 5, stride=2, padding=2) for i, o in pairs])
        dense = weights[0] if two else weights[-1]
        self.dense = nn.Linear(*dense.shape)
        self.dense.weight.data.copy_(dense.T)
        self.dense.bias.data.copy_(state["0.bias"] if two else state[f"{len(weights) - 1}.bias"])
        for i, layer in enumerate(self.layers, start=1 if two else 0):
            layer.weight.data.copy_(state[f"{i}.weight"])
            layer.bias.data.copy_(state[f"{i}.bias"])

    def forward(self, x):
        leaky, tanh = nn.LeakyReLU(0.2), nn.Tanh()
        grid, halved = self.spec.grid, tuple(math.ceil(size / 2) for size in self.spec.grid)
        coarsest = tuple(math.ceil(size / 2) for size in halved)
        if self.spec.role == "generator":
            h = leaky(self.dense(x)).reshape(len(x), *coarsest, -1).movedim(-1, 1)
            h = tanh(self.layers[0](h, output_size=halved))
            return flat(tanh(self.layers[1](h, output_size=grid)))
        h = x.reshape(len(x), *grid, -1).movedim(-1, 1)
        h = tanh(self.layers[1](leaky(self.layers[0](h))))
        return self.dense(flat(h))


@grids
@channels
@pytest.mark.parametrize("role", [0, 1], ids=["generator", "discriminator"])
def test_it_is_what_pytorchs_layers_make(grid, channels, role):
    spec = specs(grid, channels)[role]
    made = network(spec)
    mirror = Mirror(spec, made.state())
    x = torch.randn(7, spec.inputs)

    leaves = {name: part.detach().requires_grad_() for name, part in made.named.items()}
    ours = made.forward(x[None], leaves)[0]
    theirs = mirror(x)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)

    found = torch.autograd.grad((ours**2).sum(), [leaves[f"{i}.weight"] for i in range(3)])
    (theirs**2).sum().backward()
    convolved = [layer.weight.grad for layer in mirror.layers]
    dense = mirror.dense.weight.grad.T
    wanted = [dense, *convolved] if role == 0 else [*convolved, dense]
    for ours, theirs in zip(found, wanted, strict=True):
        torch.testing.assert_close(ours[0], theirs, rtol=1e-4, atol=1e-5)


def update_both(backward, objective, z, x_real, x_fake):
    """The gradients of one update of each network; returns the discriminator's logits."""
    logits = backward.discriminator_logits(x_real, x_fake, None)
    penalty = Penalty(Penalties(0.3, 0.2, 0.0), backward.input_gradients(), x_real.shape[1])
    backward.discriminator(DiscriminatorLoss(objective, *logits), penalty)
    backward.generator(GeneratorLoss(objective, *backward.generator_logits(z, None)))
    return logits


@grids
def test_k_members_are_k_networks(grid):
    both = specs(grid, 2)
    objective = make_objective(Settings(objective="non_saturating"))
    together = [network(spec, 3) for spec in both]
    backward = AutogradBackward(*together, 1, 0, torch.Generator())
    z, x_real = torch.randn(3, 4, 5), torch.randn(3, 4, both[0].width)
    x_fake = backward.generate(z)
    real, fake = update_both(backward, objective, z, x_real, x_fake)
    for i in range(3):
        alone = [build(spec, 1) for spec in both]
        for one, all_of_them in zip(alone, together, strict=True):
            one.load(all_of_them.state(i))
            assert torch.equal(one.parameters, part_of(all_of_them, i, all_of_them.parameters))
        single = AutogradBackward(*alone, 1, 0, torch.Generator())
        torch.testing.assert_close(single.generate(z[i : i + 1]), x_fake[i : i + 1])
        found = update_both(single, objective, z[i : i + 1], x_real[i : i + 1], x_fake[i : i + 1])
        torch.testing.assert_close(found, (real[i : i + 1], fake[i : i + 1]))
        for one, all_of_them in zip(alone, together, strict=True):
            wanted = part_of(all_of_them, i, all_of_them.gradient)
            assert wanted.abs().max() > 0
            torch.testing.assert_close(one.gradient, wanted, rtol=1e-4, atol=1e-6)


def test_rows_do_not_see_each_other_and_members_neither():
    generator, discriminator = (network(spec, 2) for spec in specs((9, 13)))
    z = torch.randn(2, 5, 5)
    x = generator.forward(z)
    z[1, 3] += 1.0
    changed = (generator.forward(z) != x).any(-1)
    assert changed.tolist() == [[False] * 5, [False, False, False, True, False]]
    logit = discriminator.forward(x)
    x[0, 2] += 1.0
    assert (discriminator.forward(x) != logit)[..., 0].tolist() == [[False, False, True, False, False], [False] * 5]


def test_every_size_from_8_to_64_comes_back():
    for size in range(8, 65):
        for grid in ((size,), (size, 8), (64, size)):
            config, _ = resolve(Config(), KINDS["image"], DataShape(100, math.prod(grid), Grid(grid)))
            generator, discriminator = Convolutional.specs(config, math.prod(grid), 0, Grid(grid))
            assert generator.grids == discriminator.grids
            assert all(before > after for before, after in zip(generator.grids, generator.grids[1:], strict=False))
            few = {"hidden_channels": (2,) * len(generator.hidden_channels)}
            small = (ConvSpec(**{**vars(spec), **few}) for spec in (generator, discriminator))
            x = network(next(small)).forward(torch.zeros(1, 2, generator.inputs))
            assert x.shape == (1, 2, math.prod(grid))
            assert network(next(small)).forward(x).shape == (1, 2, 1)


def test_the_default_for_28_x_28_is_the_tutorials():
    config, _ = resolve(Config(objective="non_saturating"), KINDS["image"], DataShape(60000, 784, Grid((28, 28))))
    generator, discriminator = Convolutional.specs(config, 784, 0, Grid((28, 28)))
    assert generator.describe() == (
        "100 -> 7 x 7 x 128 leaky_relu -> 14 x 14 x 64 leaky_relu -> 28 x 28 x 1 tanh (839,937 parameters)"
    )
    assert discriminator.describe() == (
        "28 x 28 x 1 -> 14 x 14 x 64 leaky_relu -> 7 x 7 x 128 leaky_relu -> 1 linear (212,865 parameters, dropout 0.3)"
    )
    assert config.batch_size == 64


@pytest.mark.parametrize(
    ("grid", "maps"),
    [
        ((8, 8), 2),
        ((15, 15), 2),
        ((28, 28), 2),
        ((29, 29), 3),
        ((32, 32), 3),
        ((64, 64), 4),
        ((8, 64), 2),
    ],
)
def test_larger_images_get_more_layers(grid, maps):
    chosen = convolutional(Grid(grid))
    assert len(chosen.generator_hidden) == maps
    assert chosen.generator_hidden[0] == 128
    assert chosen.discriminator_hidden == chosen.generator_hidden[::-1]


def test_packed_rows_become_channels():
    spec = ConvSpec("discriminator", (8, 9), 2, (4,), ("relu",), pack=3)
    unpacked = ConvSpec("discriminator", (8, 9), 6, (4,), ("relu",))
    assert spec.parameter_count == unpacked.parameter_count
    made, other = network(spec), network(unpacked)
    x = torch.randn(1, 5, 3, 72, 2)  # (members, rows, pack, points, channels)
    side_by_side = x.movedim(2, 3).reshape(1, 5, -1)
    torch.testing.assert_close(made.forward(x.reshape(1, 5, -1)), other.forward(side_by_side))


@pytest.mark.parametrize("pack", [1, 2])
def test_a_condition_changes_what_an_image_is_worth(pack):
    spec = ConvSpec("discriminator", (8, 8), 1, (4, 6), ("relu", "relu"), condition=3, pack=pack)
    made = network(spec)
    assert spec.inputs == pack * 67
    images, conditions = torch.randn(1, 2, pack, 64), torch.randn(1, 2, pack, 3)

    def logit(which, met):
        return made.forward(torch.cat([images[:, which], conditions[:, met]], -1).reshape(1, 1, -1)).item()

    # With a condition that is only added, the gain from another condition would be the same for every image.
    assert abs((logit(0, 0) - logit(0, 1)) - (logit(1, 0) - logit(1, 1))) > 1e-4
    conditions.zero_()
    without = ConvSpec("discriminator", (8, 8), 1, (4, 6), ("relu", "relu"), pack=pack)
    plain = build(without, 1)
    state = made.state()
    plain.load({**state, "2.weight": state["2.weight"][:, :1], "2.bias": state["2.bias"][:1]})
    assert logit(0, 0) == pytest.approx(plain.forward(images[:, 0].reshape(1, 1, -1)).item(), abs=1e-6)


def test_a_generator_takes_a_condition_beside_its_latent_vector():
    spec = ConvSpec("generator", (8, 8), 1, (4,), ("relu",), latent=5, condition=3)
    assert spec.inputs == 8
    assert network(spec).forward(torch.randn(1, 2, 8)).shape == (1, 2, 64)


def test_dropout_silences_units_in_training_only():
    _, discriminator = (network(spec) for spec in specs((12, 12), dropout=0.5))
    x = torch.randn(1, 4, 144)
    assert torch.equal(discriminator.forward(x), discriminator.forward(x))
    first, again, other = (discriminator.forward(x, rng=torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_parameters_lie_in_one_buffer_and_start_small():
    for spec in specs((28, 28), 3):
        made = network(spec, 2)
        assert made.parameters.numel() == 2 * spec.parameter_count
        assert sum(part.numel() for part in (*made.weights, *made.biases)) == made.parameters.numel()
        made.parameters.fill_(3.0)
        assert all((part == 3.0).all() for part in (*made.weights, *made.biases))
        for layer, weight in zip(spec.layers, network(spec, 2).weights, strict=True):
            bound = 1.0 / math.sqrt(layer.fan_in)
            assert 0.9 * bound < weight.abs().max() <= bound


def test_a_spec_goes_through_json_and_old_ones_are_dense():
    for spec in (*specs((9, 13), 3, condition=2), DenseSpec((2, 8, 1), ("relu",))):
        assert spec_from_dict(json.loads(json.dumps(spec_to_dict(spec)))) == spec
    old = DenseSpec((2, 8, 1), ("relu",)).to_dict()
    assert spec_from_dict(json.loads(json.dumps(old))) == DenseSpec((2, 8, 1), ("relu",))
    spec = specs((9, 13))[0]
    old = spec_to_dict(spec)
    old["maps"] = old.pop("hidden_channels")  # as version 0.1.0 wrote it
    assert spec_from_dict(json.loads(json.dumps(old))) == spec


def test_what_is_loaded_must_fit():
    made = network(specs((8, 8))[0])
    state = made.state()
    with pytest.raises(ValueError, match="must be float32 of shape"):
        made.load({**state, "1.weight": state["1.weight"][:1]})
    with pytest.raises(ValueError, match="the parameters of a network must be"):
        made.load({name: value for name, value in state.items() if name != "0.bias"})


def test_gradients_come_from_autograd():
    generator, discriminator = (network(spec) for spec in specs((8, 8), activations=("leaky_relu", "leaky_relu")))
    backward = make_backward(generator, discriminator, 1, 0, torch.Generator(), 4, False)
    assert isinstance(backward, AutogradBackward)
    assert isinstance(generator, Convolutional)
