"""Private operators of torch exist, and the public expressions give the same numbers."""

import pytest
import torch

from ganbridge.training import operators

BACKWARD = {
    "RELU_BACKWARD": lambda gradient, x: operators.relu_backward_(gradient, x.relu()),
    "LEAKY_RELU_BACKWARD": lambda gradient, x: operators.leaky_relu_backward_(
        gradient, torch.nn.functional.leaky_relu(x, 0.2), 0.2
    ),
    "TANH_BACKWARD": lambda gradient, x: operators.tanh_backward(gradient, x.tanh()),
    "SIGMOID_BACKWARD": lambda gradient, x: operators.sigmoid_backward(gradient, x.sigmoid()),
}
FORWARD = {
    "RELU_BACKWARD": torch.relu,
    "LEAKY_RELU_BACKWARD": lambda x: torch.nn.functional.leaky_relu(x, 0.2),
    "TANH_BACKWARD": torch.tanh,
    "SIGMOID_BACKWARD": torch.sigmoid,
}


@pytest.mark.parametrize("name", ["FUSED_ADAM", *BACKWARD])
def test_this_torch_has_the_operator(name):
    # If it does not, training still works, but slower: look for the operator's new name.
    assert getattr(operators, name) is not None, f"torch {torch.__version__} has no {name.lower()}"


def test_an_operator_that_is_missing_is_none():
    assert operators.operator("no_such_backward") is None
    assert operators.operator("tanh_backward.no_such_overload") is None


@pytest.mark.parametrize("name", BACKWARD)
@pytest.mark.parametrize("private", [True, False])
def test_gradients_are_autograds_with_and_without_the_operator(name, private, monkeypatch):
    if not private:
        monkeypatch.setattr(operators, name, None)
    rng = torch.Generator().manual_seed(1)
    x = torch.cat([torch.zeros(3), 3.0 * torch.randn(200, generator=rng), torch.tensor([-40.0, 40.0])])
    gradient = torch.randn(len(x), generator=rng)
    leaf = x.clone().requires_grad_()
    (wanted,) = torch.autograd.grad(FORWARD[name](leaf), leaf, gradient)
    result = gradient.clone()
    returned = BACKWARD[name](result, x)
    torch.testing.assert_close(result if returned is None else returned, wanted, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", ["RELU_BACKWARD", "LEAKY_RELU_BACKWARD"])
def test_gates_have_the_same_bits_both_ways(name, monkeypatch):
    rng = torch.Generator().manual_seed(2)
    x, gradient = 3.0 * torch.randn((2, 500), generator=rng)
    results = []
    for private in (True, False):
        if not private:
            monkeypatch.setattr(operators, name, None)
        result = gradient.clone()
        BACKWARD[name](result, x)
        results.append(result)
    assert torch.equal(*results)
