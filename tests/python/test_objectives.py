"""Objectives: closed-form gradients against autograd, and gradients at saturated logits."""

import pytest
import torch

from ganbridge.config import OBJECTIVE_NAMES, Settings
from ganbridge.training.objectives import Objective, make_objective

SATURATED = torch.tensor([[-200.0, -40.0, -17.0, 0.0, 17.0, 40.0, 200.0]])


@pytest.mark.parametrize("name", OBJECTIVE_NAMES)
def test_closed_form_gradients_equal_autograd(name):
    objective = make_objective(Settings(objective=name))
    rng = torch.Generator().manual_seed(1)
    real, fake = 2.0 * torch.randn((2, 3, 8), generator=rng)
    closed = (*objective.discriminator_gradients(real, fake), objective.generator_gradient(real, fake))
    derived = (
        *Objective.discriminator_gradients(objective, real, fake),
        Objective.generator_gradient(objective, real, fake),
    )
    for mine, theirs in zip(closed, derived, strict=True):
        torch.testing.assert_close(mine, theirs)


@pytest.mark.parametrize("gamma", [0.0, 0.1, 0.5, 0.99, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("noise", [False, True])
def test_saturated_logits_have_finite_gradients_in_the_focal_objective(gamma, noise):
    objective = make_objective(Settings(objective="focal", focal_gamma=gamma))
    label_noise = torch.full((2, 1, 7), 0.1) if noise else None
    for gradient in (
        *objective.discriminator_gradients(SATURATED, -SATURATED, label_noise),
        objective.generator_gradient(None, SATURATED),
    ):
        assert gradient.isfinite().all()
    assert objective.discriminator_loss(SATURATED, -SATURATED, label_noise).isfinite().all()
    right = torch.tensor([[200.0]])  # of real rows: the gradient is 0
    if not noise:
        assert [float(g) for g in objective.discriminator_gradients(right, -right)] == [0.0, 0.0]


def test_a_focal_exponent_below_1_has_gradients_at_saturated_logits():
    objective = make_objective(Settings(objective="focal", focal_gamma=0.5))
    logit = torch.linspace(-30.0, 30.0, 301)[None].requires_grad_()
    (gradient,) = torch.autograd.grad(objective.generator_loss(None, logit).sum(), logit)
    assert gradient.isfinite().all()
    assert (gradient < 1e-7).all()  # never away from the label, except for rounding
    assert (gradient[0, :150] < 0.0).all()
