"""Gradients by autograd: any network, any objective. The reference that dense.py is tested against."""

from __future__ import annotations

import torch
from torch import Tensor

from ...networks import Network
from ..batches import beside_condition
from ..losses import DiscriminatorLoss, GeneratorLoss
from ..penalties import Penalty


class AutogradBackward:
    """See `Backward`. pack: rows that the discriminator sees at once. rng: dropout draws from it."""

    def __init__(
        self, generator: Network, discriminator: Network, pack: int, condition_width: int, rng: torch.Generator
    ) -> None:
        self.G, self.D = generator, discriminator
        self.pack, self.condition_width, self.rng = pack, condition_width, rng
        self.leaves: dict[str, Tensor] = {}  # parameters of the network that is updated
        self.x, self.logit = torch.empty(0), torch.empty(0)  # of the discriminator's last pass

    def _packed(self, x: Tensor) -> Tensor:
        members, rows, width = x.shape
        return x.reshape(members, rows // self.pack, self.pack * width)

    def generate(self, z: Tensor) -> Tensor:
        """See `Backward`."""
        return beside_condition(self.G.forward(z, rng=self.rng), z, self.condition_width)

    @torch.enable_grad()
    def discriminator_logits(self, x_real: Tensor, x_fake: Tensor, x_between: Tensor | None) -> tuple[Tensor, Tensor]:
        """See `Backward`."""
        self.leaves = _leaves(self.D)
        batches = [x_real, x_fake] if x_between is None else [x_real, x_fake, x_between]
        self.x = torch.cat([self._packed(x) for x in batches], 1).requires_grad_()
        self.logit = self.D.forward(self.x, self.leaves, self.rng)[..., 0]
        packs = x_real.shape[1] // self.pack
        return self.logit[:, :packs], self.logit[:, packs : 2 * packs]

    @torch.enable_grad()
    def input_gradients(self) -> Tensor:
        """See `Backward`."""
        (g,) = torch.autograd.grad(self.logit.sum(), self.x, create_graph=True)
        if self.condition_width:
            g = g.reshape(*g.shape[:-1], self.pack, -1)[..., : -self.condition_width].flatten(-2)
        return g

    @torch.enable_grad()
    def discriminator(self, loss: DiscriminatorLoss, penalty: Penalty | None) -> None:
        """See `Backward`."""
        total = loss.value().sum()
        if penalty is not None:
            total = total + penalty.value().sum()
        _fill(self.D, self.leaves, total)

    @torch.enable_grad()
    def generator_logits(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """See `Backward`."""
        self.leaves = _leaves(self.G)
        x_fake = self.G.forward(z, self.leaves, self.rng)
        x_fake = self._packed(beside_condition(x_fake, z, self.condition_width))
        x = x_fake if x_real is None else torch.cat([self._packed(x_real), x_fake], 1)
        logit = self.D.forward(x, rng=self.rng)[..., 0]
        packs = x_fake.shape[1]
        return (None, logit) if x_real is None else (logit[:, :packs], logit[:, packs:])

    @torch.enable_grad()
    def generator(self, loss: GeneratorLoss) -> None:
        """See `Backward`."""
        _fill(self.G, self.leaves, loss.value().sum())


def _leaves(network: Network) -> dict[str, Tensor]:
    trained = network.named_gradients
    return {
        name: value.detach().requires_grad_() if name in trained else value for name, value in network.named.items()
    }


def _fill(network: Network, leaves: dict[str, Tensor], loss: Tensor) -> None:
    # Copied into the flat buffer, because a gradient that autograd made with create_graph may have other strides than
    # its parameter, and a fused optimizer would then read it in the wrong order without an error.
    gradients = torch.autograd.grad(loss, [leaves[name] for name in network.named_gradients])
    for target, value in zip(network.named_gradients.values(), gradients, strict=True):
        target.copy_(value)
