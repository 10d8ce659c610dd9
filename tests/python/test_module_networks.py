"""Networks made of any torch.nn.Module: trained, sampled, saved and loaded; gradients against plain PyTorch."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

import ganbridge
from ganbridge import Config
from ganbridge.config import Settings
from ganbridge.networks import NETWORKS, build, spec_from_dict, spec_to_dict
from ganbridge.networks.base import row_sizes
from ganbridge.networks.module import ModuleNetwork, ModuleSpec
from ganbridge.training.backward import AutogradBackward, make_backward
from ganbridge.training.losses import DiscriminatorLoss, GeneratorLoss
from ganbridge.training.objectives import make_objective
from ganbridge.training.penalties import Penalties, Penalty
from ganbridge.training.population import part_of

DATA = np.random.default_rng(1).normal(size=(120, 3)) * [1.0, 2.0, 0.5]
SMALL = {"steps": 12, "batch_size": 24, "generator_hidden": (8,), "discriminator_hidden": (8,)}


class Attention(nn.Module):
    """The numbers of a row attend to each other: embedding, attention, a residual block, normalisation layers."""

    def __init__(self, inputs, outputs, width, batch_norm, dropout):
        super().__init__()
        self.embedding = nn.Embedding(inputs, width)
        self.attention = nn.MultiheadAttention(width, 2, batch_first=True)
        self.norm = nn.LayerNorm(width)
        self.batch_norm = nn.BatchNorm1d(width) if batch_norm else nn.Identity()
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(width, outputs)
        self.register_buffer("scale", torch.tensor([0.5]))

    def forward(self, x):
        h = x[..., None] * self.embedding.weight + self.embedding.weight
        h = self.norm(h + self.attention(h, h, h, need_weights=False)[0])
        return self.out(self.dropout(self.batch_norm(h.mean(-2)))) * self.scale


@dataclass(frozen=True)
class AttentionSpec(ModuleSpec):
    outputs: int
    width: int = 8
    batch_norm: bool = False
    dropout: float = 0.0

    def module(self):
        return Attention(self.inputs, self.outputs, self.width, self.batch_norm, self.dropout)


class AttentionNetwork(ModuleNetwork):
    spec_type = AttentionSpec  # its `name` is set by the fixture, so that it does not exist in other tests

    @classmethod
    def specs(cls, config, width, condition, grid):
        sizes = row_sizes(config, width, condition)
        generator, discriminator = (
            AttentionSpec(*sizes[role], batch_norm=role == "generator", dropout=config.of("dropout", role))
            for role in sizes
        )
        return generator, discriminator


@pytest.fixture
def registered(monkeypatch):
    """As if a file of networks/ held the network, and a config had it by the name "dense"."""
    monkeypatch.setattr(AttentionNetwork, "name", "attention", raising=False)
    monkeypatch.setitem(NETWORKS, "attention", AttentionNetwork)
    monkeypatch.setitem(NETWORKS, "dense", AttentionNetwork)


def initialized(spec, members=1, seed=1):
    network = AttentionNetwork(spec, members)
    network.initialize(torch.Generator().manual_seed(seed))
    return network


def plain(network, index=0):
    """The same network as a separate module."""
    module = network.spec.module()
    module.load_state_dict(network.state(index), strict=False)
    return module


@pytest.mark.parametrize("weights", [Penalties(), Penalties(0.5, 0.2, 0.0)], ids=["no penalty", "R1 and R2"])
@pytest.mark.parametrize("members", [1, 2])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_gradients_are_those_of_plain_pytorch(weights, members, batch_norm):
    rng, objective = torch.Generator().manual_seed(2), make_objective(Settings())
    generator = initialized(AttentionSpec(2, 3, batch_norm=batch_norm), members)
    discriminator = initialized(AttentionSpec(3, 1), members, seed=3)
    modules = [(plain(generator, i), plain(discriminator, i)) for i in range(members)]
    x_real, z = torch.randn((members, 6, 3), generator=rng), torch.randn((members, 6, 2), generator=rng)

    backward = make_backward(generator, discriminator, 1, 0, rng, 6, False)
    assert isinstance(backward, AutogradBackward)
    x_fake = backward.generate(z)
    logits = backward.discriminator_logits(x_real, x_fake, None)
    penalty = Penalty(weights, backward.input_gradients(), 6) if weights else None
    backward.discriminator(DiscriminatorLoss(objective, *logits), penalty)
    backward.generator(GeneratorLoss(objective, *backward.generator_logits(z, None)))

    for i, (G, D) in enumerate(modules):
        fake = G(z[i]).detach()
        torch.testing.assert_close(x_fake[i], fake)
        x = torch.cat([x_real[i], fake]).requires_grad_()
        with sdpa_kernel(SDPBackend.MATH):  # the other kernels have no second derivative
            logit = D(x)[:, 0]
        loss = nn.functional.softplus(-logit[:6]).mean() + nn.functional.softplus(logit[6:]).mean()
        if weights:
            (g,) = torch.autograd.grad(logit.sum(), x, create_graph=True)
            square = g.square().sum(1)
            loss = loss + 0.5 * weights.r1 * square[:6].mean() + 0.5 * weights.r2 * square[6:].mean()
        loss.backward()
        compare(discriminator, i, D)
        nn.functional.softplus(-D(G(z[i]))).mean().backward()
        compare(generator, i, G)


def compare(network, index, module):
    """Gradients of a member, and its running statistics."""
    for name, parameter in module.named_parameters():
        mine = network.named_gradients[name][index]
        torch.testing.assert_close(mine, parameter.grad, rtol=1e-4, atol=1e-6, msg=name)
    assert set(network.named_gradients) == {name for name, _ in module.named_parameters()}
    for name, buffer in module.named_buffers():
        if buffer.is_floating_point():
            torch.testing.assert_close(network.named[name][index], buffer, msg=name)


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"objective": "wasserstein_gp"},
        {"dropout": 0.3, "pack": 2, "ema": 0.9, "optimizer": "rmsprop"},
        {"members": 2, "keep": "best", "ema": 0.9},
    ],
    ids=str,
)
def test_a_fit_trains_samples_saves_and_loads(settings):
    config = Config(**{**SMALL, **settings})
    before = torch.get_rng_state()
    gan = ganbridge.fit(DATA, seed=1, config=config)
    assert torch.equal(torch.get_rng_state(), before)
    assert f"generator      attention ({gan.specs[0].parameter_count:,} parameters)" in str(gan)
    assert spec_to_dict(gan.specs[0])["network"] == "attention"

    start = initialized(gan.specs[0], seed=9).state()
    assert {name: value.shape for name, value in gan.generator.items()} == {n: v.shape for n, v in start.items()}
    statistics = gan.generator["batch_norm.running_var"]
    assert not torch.equal(statistics, torch.ones_like(statistics))
    assert gan.generator["scale"].tolist() == [0.5]  # a buffer that no optimizer moves

    again = ganbridge.from_bytes(gan.to_bytes())
    assert np.array_equal(again.sample(50, seed=2), gan.sample(50, seed=2))
    assert np.array_equal(gan.sample(50, seed=2)[:7], gan.sample(7, seed=2))  # rows do not depend on each other
    same = ganbridge.fit(DATA, seed=1, config=config)
    assert np.array_equal(same.sample(50, seed=2), gan.sample(50, seed=2))
    other = ganbridge.fit(DATA, seed=2, config=config)
    assert not np.array_equal(other.sample(50, seed=2), gan.sample(50, seed=2))


@pytest.mark.usefixtures("registered")
def test_conditions_reach_a_module():
    labels = ["a" if i % 2 else "b" for i in range(120)]
    gan = ganbridge.fit(DATA, seed=1, condition=labels, config=Config(**SMALL))
    assert gan.sample(9, given={"label": "a"}, seed=1).shape == (9, 3)


@pytest.mark.usefixtures("registered")
def test_a_spec_goes_through_json():
    spec = AttentionSpec(3, 2, width=4, batch_norm=True)
    assert spec_from_dict(json.loads(json.dumps(spec_to_dict(spec)))) == spec
    assert isinstance(build(spec, 2), AttentionNetwork)


@pytest.mark.usefixtures("registered")
def test_members_are_modules_side_by_side():
    network = initialized(AttentionSpec(3, 2, batch_norm=True), 3)
    x = torch.randn((3, 5, 3), generator=torch.Generator().manual_seed(2))
    network.forward(x, rng=torch.Generator())  # separate running statistics of each member
    for i in range(3):
        alone = AttentionNetwork(network.spec, 1)
        alone.load(network.state(i))
        assert torch.equal(alone.parameters, part_of(network, i, network.parameters))
        torch.testing.assert_close(alone.forward(x[i : i + 1])[0], network.forward(x)[i])
        torch.testing.assert_close(plain(network, i).eval()(x[i]), network.forward(x)[i])


def test_dropout_draws_from_the_given_generator():
    for members in (1, 2):
        network = initialized(AttentionSpec(3, 2, dropout=0.5), members)
        x = torch.ones((members, 40, 3))
        first, again, other = (network.forward(x, rng=torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        assert not torch.equal(first[:, 0], first[:, 1])
        assert torch.equal(network.forward(x)[:, 0], network.forward(x)[:, 1])


def test_loaded_tensors_must_match():
    network = initialized(AttentionSpec(3, 2))
    state = network.state()
    with pytest.raises(ValueError, match="must be float32 of shape"):
        network.load({**state, "out.bias": state["out.bias"][:1]})
    with pytest.raises(ValueError, match="the parameters of a network must be"):
        network.load({name: value for name, value in state.items() if name != "out.bias"})
