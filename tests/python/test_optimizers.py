"""Optimizers over flat buffers: the same numbers as PyTorch, and moments that are kept when one member continues."""

import pytest
import torch

from ganbridge.networks import Dense, DenseSpec
from ganbridge.training import operators
from ganbridge.training.optimizers import make_optimizer
from ganbridge.training.population import optimizer_of

SIZE, STEPS = 60, 50


@pytest.fixture(params=[True, False], ids=["fused", "plain"])
def fused(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(operators, "FUSED_ADAM", None)
    elif operators.FUSED_ADAM is None:
        pytest.skip("this torch has no fused Adam")


def gradients(scale=1.0):
    source = torch.Generator().manual_seed(2)
    return scale * torch.randn((STEPS, SIZE), generator=source)


def run(name, start, gradients, rates, betas=(0.5, 0.999), rho=0.9, eps=1e-8):
    parameters, gradient = start.clone(), torch.zeros_like(start)
    optimizer = make_optimizer(name, parameters, gradient, betas, rho, eps)
    for given, rate in zip(gradients, rates, strict=True):
        gradient.copy_(given)
        optimizer.step(rate)
    return parameters, optimizer


def reference(name, start, gradients, rates, betas=(0.5, 0.999), rho=0.9, eps=1e-8):
    parameters = torch.nn.Parameter(start.clone())
    optimizer = (
        torch.optim.Adam([parameters], betas=betas, eps=eps)
        if name == "adam"
        else torch.optim.RMSprop([parameters], alpha=rho, eps=eps)
    )
    for given, rate in zip(gradients, rates, strict=True):
        optimizer.param_groups[0]["lr"] = rate
        parameters.grad = given.clone()
        optimizer.step()
    return parameters.detach()


@pytest.mark.parametrize(
    "settings",
    [
        {"name": "adam"},
        {"name": "adam", "betas": (0.0, 0.99)},
        {"name": "adam", "betas": (0.9, 0.999), "eps": 1e-3},
        {"name": "rmsprop"},
        {"name": "rmsprop", "rho": 0.5, "eps": 1e-3},
        {"name": "rmsprop", "rho": 0.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.usefixtures("fused")
def test_fifty_steps_are_pytorchs(settings, scale):
    start = torch.linspace(-1.0, 1.0, SIZE)
    rates = [0.01 * (1.0 - step / STEPS) for step in range(STEPS)]  # a schedule passes a different rate at each step
    settings = settings | {"start": start, "gradients": gradients(scale), "rates": rates}
    torch.testing.assert_close(run(**settings)[0], reference(**settings), rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("name", ["adam", "rmsprop"])
@pytest.mark.usefixtures("fused")
def test_a_gradient_of_zeros_moves_nothing(name):
    start = torch.linspace(-1.0, 1.0, SIZE)
    parameters, _ = run(name, start, torch.zeros(STEPS, SIZE), [0.1] * STEPS)
    assert torch.equal(parameters, start)


@pytest.mark.usefixtures("fused")
def test_adams_first_step_is_the_rate_in_size():
    given = gradients()[:1]
    parameters, _ = run("adam", torch.zeros(SIZE), given, [0.01])
    torch.testing.assert_close(parameters, -0.01 * given[0].sign(), rtol=1e-4, atol=0.0)


@pytest.mark.parametrize("name", ["adam", "rmsprop"])
@pytest.mark.usefixtures("fused")
def test_one_member_goes_on_as_if_it_had_been_alone(name):
    three = Dense(DenseSpec((3, 5), ()), 3)  # three members of 20 parameters: 15 weights and 5 biases

    def part(buffer):
        return torch.cat([buffer[..., 15:30], buffer[..., 50:55]], -1)

    start, given, rates = torch.linspace(-1.0, 1.0, SIZE), gradients(), [0.01] * STEPS
    half = STEPS // 2
    parameters, optimizer = run(name, start, given[:half], rates[:half])
    alone = Dense(three.spec, 1)
    alone.parameters.copy_(part(parameters))
    optimizer = optimizer_of(optimizer, three, 1, alone)
    for values in part(given[half:]):
        alone.gradient.copy_(values)
        optimizer.step(0.01)
    expected, _ = run(name, part(start), part(given), rates)
    torch.testing.assert_close(alone.parameters, expected, rtol=1e-6, atol=1e-7)
    left = parameters.clone()
    optimizer.step(0.01)
    assert torch.equal(parameters, left)  # the old buffers do not change


@pytest.mark.parametrize("name", ["adam", "rmsprop"])
@pytest.mark.usefixtures("fused")
def test_parameters_are_updated_in_place_and_nothing_asks_for_gradients(name):
    parameters, gradient = torch.ones(4), torch.ones(4)
    view = parameters[:2]
    optimizer = make_optimizer(name, parameters, gradient, (0.5, 0.9), 0.9, 1e-8)
    optimizer.step(0.1)
    assert bool((view < 1.0).all())
    assert torch.equal(gradient, torch.ones(4))
    assert not parameters.requires_grad
