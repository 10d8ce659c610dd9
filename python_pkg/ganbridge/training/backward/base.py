"""What a training step asks of a backward pass."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from ..losses import DiscriminatorLoss, GeneratorLoss
from ..penalties import Penalty


class Backward(Protocol):
    """Logits forward, gradients of a loss backward, one update after the other.

    All tensors carry the member axis first: x (members, rows, width + condition), z (members, rows, latent +
    condition), logits (members, rows / pack). In a conditional GAN the condition's numbers are the last ones of x and
    of z; the discriminator sees generated rows beside the condition they were made for.
    """

    def generate(self, z: Tensor) -> Tensor:
        """x_fake = G(z) in training mode, through which no gradient will pass; valid until the next call."""

    def discriminator_logits(self, x_real: Tensor, x_fake: Tensor, x_between: Tensor | None) -> tuple[Tensor, Tensor]:
        """D(x_real) and D(x_fake). x_between: further rows, of which only the input gradients are asked for."""

    def input_gradients(self) -> Tensor:
        """Derivatives of those logits in the rows: real, generated and further ones, (members, parts * packs, ...)."""

    def discriminator(self, loss: DiscriminatorLoss, penalty: Penalty | None) -> None:
        """Write the gradient of loss + penalty, at the rows and logits just seen, into `discriminator.gradient`."""

    def generator_logits(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """D(x_real), if given, and D(G(z))."""

    def generator(self, loss: GeneratorLoss) -> None:
        """Write the gradient of the loss at those logits into `generator.gradient`."""
