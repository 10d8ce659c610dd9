"""Gradients of dense networks whose layers are gates (relu, leaky_relu, linear), derived by hand.

What it saves: a step by autograd takes 2.6 times as long with small networks and batches of 32, 1.4 times with layers
of 128 and batches of 256, and 1.5 to 1.9 times with the default settings, whose penalties need second derivatives
(benchmarks/RESULTS.md, "Time of a step"). There is no graph to build and to walk, and almost nothing is allocated in
the hot loop. It computes what autograd.py computes; tests/python/test_gradients.py compares the two.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...networks import Dense
from ..batches import beside_condition
from ..losses import DiscriminatorLoss, GeneratorLoss
from ..operators import sigmoid_backward, tanh_backward
from ..penalties import Penalty
from .dense_pass import DensePass, PackedPass

OUTPUT_BACKWARD = {"tanh": tanh_backward, "sigmoid": sigmoid_backward}


class DenseBackward:
    """See `Backward`. rows: of a batch. paired: whether the generator's loss looks at real rows, too."""

    def __init__(
        self,
        generator: Dense,
        discriminator: Dense,
        pack: int,
        condition_width: int,
        rng: torch.Generator,
        rows: int,
        paired: bool,
    ) -> None:
        self.pack, self.packs, self.condition_width, self.rng = pack, rows // pack, condition_width, rng
        self.output_activation = generator.spec.output_activation
        self.width, self.residual = generator.spec.sizes[-1], generator.spec.residual
        self.row_shape = (generator.members, rows, self.width + condition_width)
        self.packed_shape = (generator.members, self.packs, pack * self.row_shape[-1])
        self.G = DensePass(generator, rows, rng)
        self.D_loss = PackedPass(discriminator, self.packs, 2, rng)
        self.D_between: PackedPass | None = None  # with a third batch, for the penalty between real and generated rows
        self.D_generator = PackedPass(discriminator, self.packs, 2 if paired else 1, rng)
        self.D = self.D_loss  # the discriminator's last pass
        self.x_fake = torch.empty(0)

    def generate(self, z: Tensor) -> Tensor:
        """See `Backward`."""
        self.G.x.copy_(z)
        x = self.G.forward()
        if self.output_activation == "tanh":
            x.tanh_()
        elif self.output_activation == "sigmoid":
            x.sigmoid_()
        if self.residual:
            x.add_(z[..., : self.width])
        return beside_condition(x, z, self.condition_width)

    def discriminator_logits(self, x_real: Tensor, x_fake: Tensor, x_between: Tensor | None) -> tuple[Tensor, Tensor]:
        """See `Backward`."""
        D = self.D_loss
        if x_between is not None:
            if self.D_between is None:
                self.D_between = PackedPass(D.dense.network, self.packs, 3, self.rng)
            D = self.D_between
            D.x[2].copy_(x_between.view(self.packed_shape))
        D.x[0].copy_(x_real.view(self.packed_shape))
        D.x[1].copy_(x_fake.view(self.packed_shape))
        D.dense.forward()
        self.D = D
        return D.logit[0], D.logit[1]

    def input_gradients(self) -> Tensor:
        """See `Backward`; the condition's part is 0."""
        self.D.dense.delta[-1].fill_(1.0)
        g = self.D.dense.backward(to_input=True)
        if self.condition_width:
            g.view(*g.shape[:-1], self.pack, -1)[..., -self.condition_width :].zero_()
        return g

    def discriminator(self, loss: DiscriminatorLoss, penalty: Penalty | None) -> None:
        """See `Backward`."""
        D = self.D
        targets = D.delta if penalty is None else D.loss_gradient
        gradient_real, gradient_fake = loss.gradients()
        targets[0].copy_(gradient_real)
        targets[1].copy_(gradient_fake)
        if penalty is None:
            D.dense.backward(to_input=False)
            D.dense.fill_gradient()
        else:
            D.dense.fill_penalized_gradient(D.loss_gradients, penalty.gradient())

    def generator_logits(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """See `Backward`."""
        self.x_fake = self.generate(z)
        D = self.D_generator
        D.x[-1].copy_(self.x_fake.view(self.packed_shape))
        if x_real is not None:
            D.x[0].copy_(x_real.view(self.packed_shape))
        D.dense.forward()
        return None if x_real is None else D.logit[0], D.logit[-1]

    def generator(self, loss: GeneratorLoss) -> None:
        """See `Backward`."""
        D = self.D_generator
        D.delta[-1].copy_(loss.gradient())
        D.dense.backward(to_input=True)
        gradient = D.input_delta[-1].reshape(self.row_shape)[..., : self.width]
        if self.output_activation in OUTPUT_BACKWARD:
            gradient = OUTPUT_BACKWARD[self.output_activation](gradient, self.x_fake[..., : self.width])
        self.G.delta[-1].copy_(gradient)
        self.G.backward(to_input=False)
        self.G.fill_gradient()
