"""Adversarial objectives.

An objective holds its hyperparameters and nothing else. It maps logits to a loss and, for hand-derived backward passes,
to the gradient of the loss with respect to those logits. Logits have shape (members, rows); a loss has shape
(members,), the mean over rows.

Adding an objective: subclass `Objective`, define `discriminator_loss` and `generator_loss`, enter it in `OBJECTIVES`.
The gradients then come from autograd; a closed form is only a matter of speed. Its hyperparameters are the fields of a
dataclass; each is a setting of the objective's name and its own, as `focal_gamma` is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from ..config import Settings

REAL, FAKE = 1.0, 0.0  # the labels of cross-entropy and least squares
SMALLEST = torch.finfo(torch.float32).tiny


class Objective:
    """Base of all objectives: losses from logits, gradients by autograd."""

    labelled = False  # whether the loss compares a logit with a label, so that labels can carry noise
    paired = False  # whether the generator's loss looks at the logits of real rows too

    def discriminator_loss(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> Tensor:
        """Loss of the discriminator, shape (members,); `noise` of shape (2, members, rows) is taken off the labels."""
        raise NotImplementedError

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        """Loss of the generator, shape (members,); `real` is None unless the objective is paired."""
        raise NotImplementedError

    def discriminator_gradients(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Derivative of the mean loss with respect to the logits of real and of generated rows."""
        with torch.enable_grad():
            leaves = real.detach().requires_grad_(), fake.detach().requires_grad_()
            loss = self.discriminator_loss(*leaves, noise).sum()
            real_gradient, fake_gradient = torch.autograd.grad(loss, leaves)
            return real_gradient, fake_gradient

    def generator_gradient(self, real: Tensor | None, fake: Tensor) -> Tensor:
        """Derivative of the generator's mean loss with respect to the logits of generated rows."""
        with torch.enable_grad():
            leaf = fake.detach().requires_grad_()
            return torch.autograd.grad(self.generator_loss(real, leaf).sum(), leaf)[0]


def _labels(noise: Tensor | None) -> tuple[Tensor | float, Tensor | float]:
    return (REAL, FAKE) if noise is None else (REAL - noise[0], FAKE - noise[1])


def _cross_entropy(logit: Tensor, label: Tensor | float) -> Tensor:
    return softplus(logit) - label * logit


@dataclass(frozen=True)
class NonSaturating(Objective):
    """Goodfellow et al. 2014, section 3: cross-entropy; the generator maximises log D(G(z))."""

    labelled = True

    def discriminator_loss(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> Tensor:
        if noise is None:  # -log D(x_real) - log(1 - D(x_fake))
            return (softplus(-real) + softplus(fake)).mean(-1)
        real_label, fake_label = _labels(noise)
        return (_cross_entropy(real, real_label) + _cross_entropy(fake, fake_label)).mean(-1)

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return softplus(-fake).mean(-1)

    def discriminator_gradients(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        real_label, fake_label = _labels(noise)
        rows = real.shape[-1]
        return real.sigmoid().sub_(real_label).div_(rows), fake.sigmoid().sub_(fake_label).div_(rows)

    def generator_gradient(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return fake.sigmoid().sub_(REAL).div_(fake.shape[-1])


@dataclass(frozen=True)
class Minimax(NonSaturating):
    """Goodfellow et al. 2014, equation 1: the generator minimises log(1 - D(G(z)))."""

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return -softplus(fake).mean(-1)

    def generator_gradient(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return fake.sigmoid().div_(-fake.shape[-1])


@dataclass(frozen=True)
class Focal(Objective):
    """Lin et al. 2017, equation 4, without class weights: cross-entropy times (1 - p_label) ** gamma."""

    gamma: float
    labelled = True

    def _loss(self, logit: Tensor, label: Tensor | float) -> Tensor:
        p = logit.sigmoid()
        # Label noise can push a label outside [0, 1]; the weight is a distance from the label and stays in [0, 1]. It
        # stays above 0, too, where a power below 1 has no derivative: at saturated logits the gradient is 0, not NaN.
        weight = (1.0 - (label * p + (1.0 - label) * (1.0 - p))).clamp(SMALLEST, 1.0)
        return weight**self.gamma * _cross_entropy(logit, label)

    def discriminator_loss(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> Tensor:
        real_label, fake_label = _labels(noise)
        return (self._loss(real, real_label) + self._loss(fake, fake_label)).mean(-1)

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return self._loss(fake, REAL).mean(-1)


@dataclass(frozen=True)
class LeastSquares(Objective):
    """Mao et al. 2017, equation 9: half the squared distance of the logit from its label."""

    labelled = True

    def discriminator_loss(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> Tensor:
        real_label, fake_label = _labels(noise)
        return 0.5 * ((real - real_label) ** 2 + (fake - fake_label) ** 2).mean(-1)

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return 0.5 * ((fake - REAL) ** 2).mean(-1)

    def discriminator_gradients(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        real_label, fake_label = _labels(noise)
        rows = real.shape[-1]
        return (real - real_label).div_(rows), (fake - fake_label).div_(rows)

    def generator_gradient(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return (fake - REAL).div_(fake.shape[-1])


@dataclass(frozen=True)
class Hinge(Objective):
    """Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17."""

    def discriminator_loss(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> Tensor:
        return (relu(1.0 - real) + relu(1.0 + fake)).mean(-1)

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return -fake.mean(-1)

    def discriminator_gradients(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        rows = real.shape[-1]
        return (real < 1.0).to(real.dtype).div_(-rows), (fake > -1.0).to(fake.dtype).div_(rows)

    def generator_gradient(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return torch.full_like(fake, -1.0 / fake.shape[-1])


@dataclass(frozen=True)
class Wasserstein(Objective):
    """Arjovsky et al. 2017, equation 2; used with the gradient penalty of Gulrajani et al. 2017."""

    def discriminator_loss(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> Tensor:
        return (fake - real).mean(-1)

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return -fake.mean(-1)

    def discriminator_gradients(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        rows = real.shape[-1]
        return torch.full_like(real, -1.0 / rows), torch.full_like(fake, 1.0 / rows)

    def generator_gradient(self, real: Tensor | None, fake: Tensor) -> Tensor:
        return torch.full_like(fake, -1.0 / fake.shape[-1])


@dataclass(frozen=True)
class Relativistic(Objective):
    """Relativistic pairing, Jolicoeur-Martineau 2019; Huang et al. 2024 (R3GAN), equation 2."""

    paired = True

    def discriminator_loss(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> Tensor:
        return softplus(fake - real).mean(-1)

    def generator_loss(self, real: Tensor | None, fake: Tensor) -> Tensor:
        assert real is not None
        return softplus(real - fake).mean(-1)

    def discriminator_gradients(self, real: Tensor, fake: Tensor, noise: Tensor | None = None) -> tuple[Tensor, Tensor]:
        gradient = (fake - real).sigmoid_().div_(real.shape[-1])
        return -gradient, gradient

    def generator_gradient(self, real: Tensor | None, fake: Tensor) -> Tensor:
        assert real is not None
        return (real - fake).sigmoid_().div_(-fake.shape[-1])


OBJECTIVES: dict[str, type[Objective]] = {
    "non_saturating": NonSaturating,
    "minimax": Minimax,
    "focal": Focal,
    "least_squares": LeastSquares,
    "hinge": Hinge,
    "wasserstein_gp": Wasserstein,
    "relativistic": Relativistic,
}


def make_objective(settings: Settings) -> Objective:
    """The objective that the settings name; `gamma` of "focal" is the setting `focal_gamma`."""
    objective = OBJECTIVES[settings.objective]
    names: list[str] = [field.name for field in fields(objective)] if is_dataclass(objective) else []
    return objective(**{name: getattr(settings, f"{settings.objective}_{name}") for name in names})
