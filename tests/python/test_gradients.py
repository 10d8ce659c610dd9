"""The hand-derived passes against autograd, over objectives, penalties, activations, dropout, packing and members."""

import pytest
import torch

from ganbridge.config import OBJECTIVE_NAMES, Settings
from ganbridge.networks import Dense, DenseSpec
from ganbridge.training.backward import AutogradBackward, DenseBackward, make_backward
from ganbridge.training.losses import DiscriminatorLoss, GeneratorLoss
from ganbridge.training.objectives import OBJECTIVES, Focal, make_objective
from ganbridge.training.penalties import Penalties, Penalty, interpolate

PENALTIES = [Penalties(), Penalties(r1=1.0), Penalties(r2=0.5), Penalties(r1=0.3, r2=0.7), Penalties(interpolated=10.0)]


def networks(members, pack, *, activations=("leaky_relu", "relu"), dropout=0.0, output="linear", residual=False):
    generator = Dense(DenseSpec((3, 8, 5, 2), activations, 0.2, dropout, output, residual), members)
    discriminator = Dense(DenseSpec((2 * pack, 7, 6, 1), activations, 0.1, dropout), members)
    source = torch.Generator().manual_seed(1)
    generator.initialize(source)
    discriminator.initialize(source)
    return generator, discriminator


def by_hand(generator, discriminator, objective, pack, rows, rng, condition_width=0):
    return DenseBackward(generator, discriminator, pack, condition_width, rng, rows, objective.paired)


def by_autograd(generator, discriminator, objective, pack, rows, rng, condition_width=0):
    return AutogradBackward(generator, discriminator, pack, condition_width, rng)


def update_discriminator(backward, objective, x_real, x_fake, weights, noise=None, pack=1, rng=None):
    """The gradient of one discriminator update; returns its logits."""
    x_between = interpolate(x_real, x_fake, pack, rng) if weights.interpolated else None
    logits = backward.discriminator_logits(x_real, x_fake, x_between)
    penalty = Penalty(weights, backward.input_gradients(), logits[0].shape[1]) if weights else None
    backward.discriminator(DiscriminatorLoss(objective, *logits, noise), penalty)
    return [logit.detach().clone() for logit in logits]


def both(members, pack, objective, penalties, noise=None, **spec):
    """Gradients of one discriminator and one generator step, in both ways, with the same random numbers."""
    rows, results = 12, []
    source = torch.Generator().manual_seed(2)
    x_real = torch.randn((members, rows, 2), generator=source)
    z = torch.randn((members, rows, 3), generator=source)
    for way in (by_hand, by_autograd):
        generator, discriminator = networks(members, pack, **spec)
        rng = torch.Generator().manual_seed(3)
        backward = way(generator, discriminator, objective, pack, rows, rng)
        x_fake = backward.generate(z).clone()
        logits = update_discriminator(backward, objective, x_real, x_fake, penalties, noise, pack, rng)
        real, fake = backward.generator_logits(z, x_real if objective.paired else None)
        backward.generator(GeneratorLoss(objective, real, fake))
        results.append((x_fake, *logits, fake.detach().clone(), discriminator.gradient, generator.gradient))
        assert (real is not None) == objective.paired
    return results


@pytest.mark.parametrize("penalties", PENALTIES, ids=str)
@pytest.mark.parametrize("name", OBJECTIVE_NAMES)
@pytest.mark.parametrize(("members", "pack"), [(1, 1), (3, 1), (2, 4)])
def test_hand_derived_gradients_equal_autograd(members, pack, name, penalties):
    mine, theirs = both(members, pack, make_objective(Settings(objective=name)), penalties)
    for derived, reference in zip(mine, theirs, strict=True):
        torch.testing.assert_close(derived, reference, rtol=2e-4, atol=2e-6)


def test_hand_derived_gradients_of_a_generator_that_adds_to_its_input():
    objective = make_objective(Settings(objective="non_saturating"))
    mine, theirs = both(2, 2, objective, Penalties(r1=1.0), residual=True)
    for derived, reference in zip(mine, theirs, strict=True):
        torch.testing.assert_close(derived, reference, rtol=2e-4, atol=2e-6)
    plain, _ = both(2, 2, objective, Penalties(r1=1.0))
    assert not torch.equal(mine[0], plain[0])
    assert mine[0].abs().mean() > 0.5  # the input itself, as the last layer is 0 at first


@pytest.mark.parametrize("output", ["tanh", "sigmoid", "linear"])
@pytest.mark.parametrize("activations", [("relu", "relu"), ("leaky_relu", "linear")])
def test_hand_derived_gradients_with_other_layers(activations, output):
    mine, theirs = both(
        2,
        2,
        make_objective(Settings(objective="non_saturating")),
        Penalties(r1=1.0),
        activations=activations,
        output=output,
    )
    for derived, reference in zip(mine, theirs, strict=True):
        torch.testing.assert_close(derived, reference, rtol=2e-4, atol=2e-6)


def test_hand_derived_gradients_with_dropout_and_label_noise():
    # Both ways draw from one torch.Generator in the same order, so that they drop the same units.
    noise = torch.rand((2, 2, 6), generator=torch.Generator().manual_seed(4)) * 0.1
    mine, theirs = both(2, 2, make_objective(Settings(objective="non_saturating")), Penalties(), noise, dropout=0.3)
    for derived, reference in zip(mine, theirs, strict=True):
        torch.testing.assert_close(derived, reference, rtol=2e-4, atol=2e-6)


@pytest.mark.parametrize("penalties", PENALTIES[1:], ids=str)
def test_penalties_do_not_include_the_condition(penalties):
    # A linear discriminator has the same gradient everywhere: its weights. The penalty then pulls at the weights of the
    # data, and not at those of the condition, without which a label could not be learned.
    pack, rows, generator = 2, 12, Dense(DenseSpec((3 + 1, 5, 2), ("relu",), 0.2), 2)
    generator.initialize(torch.Generator().manual_seed(1))
    x_real, z = (torch.randn(2, rows, width, generator=torch.Generator().manual_seed(2)) for width in (3, 4))
    gradients = {}
    for way in (by_hand, by_autograd):
        for weights in (Penalties(), penalties):
            discriminator = Dense(DenseSpec((pack * 3, 1), (), 0.2), 2)
            discriminator.initialize(torch.Generator().manual_seed(3))
            objective, rng = make_objective(Settings(objective="non_saturating")), torch.Generator().manual_seed(4)
            backward = way(generator, discriminator, objective, pack, rows, rng, condition_width=1)
            x_fake = backward.generate(z).clone()
            update_discriminator(backward, objective, x_real, x_fake, weights, None, pack, rng)
            gradients[way, bool(weights)] = discriminator.weight_gradients[0].reshape(2, pack, 3).clone()
    for way in (by_hand, by_autograd):
        torch.testing.assert_close(gradients[way, True], gradients[by_hand, True], rtol=2e-4, atol=2e-6)
        pulled = (gradients[way, True] - gradients[way, False]).abs()
        assert float(pulled[..., -1].max()) < 1e-6 < float(pulled[..., :-1].min())


def test_penalized_gradient_is_that_of_the_whole_loss():
    # Not against our own autograd class but against finite differences of loss plus penalty, in double precision.
    torch.manual_seed(0)
    generator, discriminator = networks(1, 1)
    objective, penalties = make_objective(Settings(objective="non_saturating")), Penalties(r1=0.8, r2=0.4)
    x_real, x_fake = torch.randn((1, 6, 2)), torch.randn((1, 6, 2))
    backward = by_hand(generator, discriminator, objective, 1, 6, torch.Generator())
    update_discriminator(backward, objective, x_real, x_fake, penalties)

    def loss(flat):
        with torch.enable_grad():
            x = torch.cat([x_real, x_fake], 1).double().requires_grad_()
            logit = discriminator.forward(x, discriminator.views(flat))[..., 0]
            (g,) = torch.autograd.grad(logit.sum(), x, create_graph=True)
        value = objective.discriminator_loss(logit[:, :6], logit[:, 6:]) + penalties.value(g, 6)
        return float(value.detach())

    flat = discriminator.parameters.double()
    checked = torch.randperm(len(flat))[:40]
    for i in checked.tolist():
        step = torch.zeros_like(flat)
        step[i] = 1e-6
        expected = (loss(flat + step) - loss(flat - step)) / 2e-6
        assert float(discriminator.gradient[i]) == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_other_layers_use_autograd():
    generator, discriminator = networks(1, 1, activations=("tanh", "relu"))
    backward = make_backward(generator, discriminator, 1, 0, torch.Generator(), 4, False)
    assert isinstance(backward, AutogradBackward)


def test_a_hyperparameter_of_an_objective_is_the_setting_of_its_name():
    assert make_objective(Settings(objective="focal", focal_gamma=0.5)) == Focal(gamma=0.5)
    assert make_objective(Settings(objective="focal")) == Focal(gamma=2.0)
    for name in OBJECTIVE_NAMES:
        assert type(make_objective(Settings(objective=name))) is OBJECTIVES[name]
