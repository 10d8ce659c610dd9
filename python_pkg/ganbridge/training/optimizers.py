"""Optimizers over flat buffers: one update for all layers and all members.

They hold moments and hyperparameters; the learning rate is passed to each step, because its schedule belongs to the
training step.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from . import operators


class Adam:
    """Kingma and Ba 2015, algorithm 1, with bias correction; epsilon outside the root as in PyTorch and Keras."""

    moments: ClassVar[tuple[str, ...]] = ("first", "second")  # names of buffers that are like the parameters

    def __init__(self, parameters: Tensor, gradient: Tensor, betas: tuple[float, float], eps: float) -> None:
        self.parameters, self.gradient = parameters, gradient
        self.betas, self.eps = betas, eps
        self.first = torch.zeros_like(parameters)
        self.second = torch.zeros_like(parameters)
        self.count = torch.zeros((), dtype=torch.float32, device=parameters.device)

    @torch.no_grad()
    def step(self, lr: float) -> None:
        """Update the parameters in place."""
        beta1, beta2 = self.betas
        self.count += 1
        if operators.FUSED_ADAM is not None:
            operators.FUSED_ADAM(
                [self.parameters],
                [self.gradient],
                [self.first],
                [self.second],
                [],
                [self.count],
                lr=lr,
                beta1=beta1,
                beta2=beta2,
                weight_decay=0.0,
                eps=self.eps,
                amsgrad=False,
                maximize=False,
            )
            return
        steps = float(self.count)
        self.first.lerp_(self.gradient, 1.0 - beta1)
        self.second.mul_(beta2).addcmul_(self.gradient, self.gradient, value=1.0 - beta2)
        root = (self.second / (1.0 - beta2**steps)).sqrt_().add_(self.eps)
        self.parameters.addcdiv_(self.first, root, value=-lr / (1.0 - beta1**steps))


class RMSprop:
    """Tieleman and Hinton 2012, lecture 6.5: the gradient over the root of its running mean square."""

    moments: ClassVar[tuple[str, ...]] = ("second",)

    def __init__(self, parameters: Tensor, gradient: Tensor, rho: float, eps: float) -> None:
        self.parameters, self.gradient = parameters, gradient
        self.rho, self.eps = rho, eps
        self.second = torch.zeros_like(parameters)

    @torch.no_grad()
    def step(self, lr: float) -> None:
        """Update the parameters in place."""
        self.second.mul_(self.rho).addcmul_(self.gradient, self.gradient, value=1.0 - self.rho)
        self.parameters.addcdiv_(self.gradient, self.second.sqrt().add_(self.eps), value=-lr)


MOMENTS = {"adam": Adam.moments, "rmsprop": RMSprop.moments}


def make_optimizer(
    name: str, parameters: Tensor, gradient: Tensor, betas: tuple[float, float], rho: float, eps: float
) -> Adam | RMSprop:
    """The optimizer of that name over these buffers."""
    if name == "adam":
        return Adam(parameters, gradient, betas, eps)
    return RMSprop(parameters, gradient, rho, eps)
