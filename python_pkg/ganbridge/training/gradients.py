"""Gradients of one training step: by autograd for any network and objective, by hand for gated dense ones.

Both classes offer the same three calls, and `make_gradients` picks. All tensors carry the member axis first:
x (members, rows, width), z (members, rows, latent), logits (members, rows / pack). In a conditional GAN the condition's
numbers are the last ones of z and of x; the discriminator sees generated rows beside the condition they were made for.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from ..networks import Dense, Network, dropout_mask, is_narrow
from .objectives import Objective, Penalties

LEAKY_BACKWARD = torch.ops.aten.leaky_relu_backward.grad_input
RELU_BACKWARD = torch.ops.aten.threshold_backward.grad_input
OUTPUT_BACKWARD = {"tanh": torch.ops.aten.tanh_backward, "sigmoid": torch.ops.aten.sigmoid_backward}


class Gradients(Protocol):
    """What the training step asks for."""

    def generate(self, z: Tensor) -> Tensor:
        """Generated rows (members, rows, width) in training mode, without a graph; valid until the next call."""

    def discriminator(
        self, x_real: Tensor, x_fake: Tensor, penalties: Penalties, noise: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Fill the discriminator's gradient; return the logits of real and of generated rows."""

    def generator(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """Fill the generator's gradient; return the logits of real rows (paired objectives) and generated rows."""


def beside_condition(x: Tensor, z: Tensor, condition: int) -> Tensor:
    """Generated rows x, and the condition that z ends with (Mirza and Osindero 2014, figure 1)."""
    return torch.cat([x, z[..., -condition:]], -1) if condition else x


def interpolate(x_real: Tensor, x_fake: Tensor, generator: torch.Generator) -> Tensor:
    """Rows between real and generated ones, each at its own uniformly drawn place (Gulrajani et al. 2017)."""
    place = torch.rand((*x_real.shape[:2], 1), generator=generator, dtype=torch.float32).to(x_real.device)
    return torch.lerp(x_real, x_fake, place)


class AutogradGradients:
    """Any network, any objective; the reference for the hand-derived passes."""

    def __init__(
        self,
        generator: Network,
        discriminator: Network,
        objective: Objective,
        pack: int,
        rows: int,
        randomness: torch.Generator,
        condition: int = 0,
    ) -> None:
        self.G, self.D = generator, discriminator
        self.condition = condition
        self.objective = objective
        self.pack = pack
        self.randomness = randomness

    def _packed(self, x: Tensor) -> Tensor:
        members, rows, width = x.shape
        return x.reshape(members, rows // self.pack, self.pack * width)

    @torch.no_grad()
    def generate(self, z: Tensor) -> Tensor:
        """See `Gradients`."""
        return beside_condition(self.G.forward(z, dropout=self.randomness), z, self.condition)

    def discriminator(
        self, x_real: Tensor, x_fake: Tensor, penalties: Penalties, noise: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """See `Gradients`."""
        real, fake = self._packed(x_real), self._packed(x_fake)
        batches = [real, fake]
        if penalties.interpolated:
            batches.append(interpolate(real, fake, self.randomness))
        rows = real.shape[1]
        with torch.enable_grad():
            weights, biases = _leaves(self.D)
            x = torch.cat(batches, 1).requires_grad_(bool(penalties))
            logit = self.D.forward(x, weights, biases, self.randomness)[..., 0]
            logit_real, logit_fake = logit[:, :rows], logit[:, rows : 2 * rows]
            loss = self.objective.discriminator_loss(logit_real, logit_fake, noise).sum()
            if penalties:
                (slope,) = torch.autograd.grad(logit.sum(), x, create_graph=True)
                if self.condition:  # penalties are on the gradient in the data, not in what is given
                    slope = slope.reshape(*slope.shape[:-1], self.pack, -1)[..., : -self.condition].flatten(-2)
                loss = loss + penalties.value(slope, rows).sum()
            _fill(self.D, weights, biases, loss)
        return logit_real.detach(), logit_fake.detach()

    def generator(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """See `Gradients`."""
        with torch.enable_grad():
            weights, biases = _leaves(self.G)
            x_fake = self.G.forward(z, weights, biases, self.randomness)
            x_fake = self._packed(beside_condition(x_fake, z, self.condition))
            x = x_fake if x_real is None else torch.cat([self._packed(x_real), x_fake], 1)
            logit = self.D.forward(x, dropout=self.randomness)[..., 0]
            rows = x_fake.shape[1]
            real, fake = (None, logit) if x_real is None else (logit[:, :rows], logit[:, rows:])
            _fill(self.G, weights, biases, self.objective.generator_loss(real, fake).sum())
        return None if real is None else real.detach(), fake.detach()


def _leaves(network: Network) -> tuple[list[Tensor], list[Tensor]]:
    return (
        [weight.detach().requires_grad_() for weight in network.weights],
        [bias.detach().requires_grad_() for bias in network.biases],
    )


def _fill(network: Network, weights: list[Tensor], biases: list[Tensor], loss: Tensor) -> None:
    # Copied into the flat buffer, because a gradient that autograd made with create_graph may have other strides than
    # its parameter, and a fused optimizer would then read it in the wrong order without an error.
    found = torch.autograd.grad(loss, [*weights, *biases])
    for target, value in zip([*network.weight_gradients, *network.bias_gradients], found, strict=True):
        target.copy_(value)


class DensePass:
    """Buffers of one network's pass over a fixed number of rows, and its backward passes derived by hand.

    With a[0] = x the input and W, b the layers: h[l+1] = a[l] W[l] + b[l], a[l] = h[l] * gate[l], where the gate of a
    piecewise-linear layer holds its slopes (and its dropout mask). delta[l] is the derivative of the output's weighted
    sum with respect to h[l].
    """

    def __init__(self, network: Dense, rows: int, randomness: torch.Generator) -> None:
        self.network = network
        self.randomness = randomness
        shapes = [(network.members, rows, size) for size in network.spec.sizes]
        self.a = [torch.zeros(shape, dtype=torch.float32, device=network.device) for shape in shapes]
        self.delta = [torch.zeros_like(a) for a in self.a]
        self.tangent = [torch.zeros_like(a) for a in self.a[:-1]]
        self.weights_transposed = [weight.transpose(1, 2) for weight in network.weights]
        self.masks: list[Tensor | None] = [None] * len(self.a)
        self.depth = len(network.weights)
        self.weight_products = [self._product(layer, self.a[layer]) for layer in range(self.depth)]
        self.tangent_products = [self._product(layer, self.tangent[layer]) for layer in range(self.depth)]

    def _product(self, layer: int, rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Factors and target of rows' delta[layer + 1], transposed where the target lies so in memory."""
        delta, target = self.delta[layer + 1], self.network.weight_gradients[layer]
        if is_narrow(*self.network.spec.sizes[layer : layer + 2]):
            return delta.transpose(1, 2), rows, target.transpose(1, 2)
        return rows.transpose(1, 2), delta, target

    @property
    def x(self) -> Tensor:
        """The input buffer, to be filled before `forward`."""
        return self.a[0]

    def forward(self) -> Tensor:
        """Fill a[1:]; returns the last layer's linear output."""
        spec = self.network.spec
        layers = zip(self.network.weights, self.network.biases, strict=True)
        for layer, (weight, bias) in enumerate(layers, start=1):
            h = torch.bmm(self.a[layer - 1], weight, out=self.a[layer])
            h.add_(bias)
            if layer == self.depth:
                break
            name = spec.activations[layer - 1]
            if name == "relu":
                h.relu_()
            elif name == "leaky_relu":
                torch.nn.functional.leaky_relu_(h, spec.slope)
            if spec.dropout:
                mask = dropout_mask(h.shape, spec.dropout, self.randomness, h.device)
                self.masks[layer] = mask
                h.mul_(mask)
        return self.a[self.depth]

    def _gate(self, t: Tensor, layer: int) -> None:
        """t *= gate[layer], read off the layer's output."""
        name, slope = self.network.spec.activations[layer - 1], self.network.spec.slope
        if name == "relu":
            RELU_BACKWARD(t, self.a[layer], 0.0, grad_input=t)
        elif name == "leaky_relu":
            # The output may stand for the input, because a slope above zero keeps the sign.
            LEAKY_BACKWARD(t, self.a[layer], slope, True, grad_input=t)
        mask = self.masks[layer]
        if mask is not None:
            t.mul_(mask)

    def backward(self, to_input: bool) -> Tensor:
        """Spread delta[depth], set by the caller, down to delta[1], or to the input's own derivative delta[0]."""
        for layer in range(self.depth - 1, -1 if to_input else 0, -1):
            torch.bmm(self.delta[layer + 1], self.weights_transposed[layer], out=self.delta[layer])
            if layer:
                self._gate(self.delta[layer], layer)
        return self.delta[0]

    def fill_gradient(self) -> None:
        """dW[l] = a[l]' delta[l+1], db[l] = sum of delta[l+1] over rows."""
        for layer in range(self.depth):
            left, right, target = self.weight_products[layer]
            torch.bmm(left, right, out=target)
            torch.sum(self.delta[layer + 1], 1, keepdim=True, out=self.network.bias_gradients[layer])

    def fill_penalized_gradient(self, slopes: Tensor, input_slopes: Tensor) -> None:
        """Gradient of a loss with output slopes c plus a penalty with slopes v in the input gradient g = delta[0].

        delta comes from a backward pass of ones. The penalty's gradient is that of the directional derivative
        <g, v> with v held fixed: the tangent t[0] = v, t[l] = (t[l-1] W[l-1]) * gate[l] runs forward through the same
        gates, and dW[l] = (c a[l] + t[l])' delta[l+1]; a gate has no curvature, so nothing else remains.
        """
        self.tangent[0].copy_(input_slopes)
        row_slopes = slopes.transpose(1, 2)
        for layer in range(self.depth):
            if layer:
                torch.bmm(self.tangent[layer - 1], self.network.weights[layer - 1], out=self.tangent[layer])
                self._gate(self.tangent[layer], layer)
        for layer in range(self.depth):
            self.tangent[layer].addcmul_(self.a[layer], slopes)
            left, right, target = self.tangent_products[layer]
            torch.bmm(left, right, out=target)
            torch.bmm(row_slopes, self.delta[layer + 1], out=self.network.bias_gradients[layer])


class PackedPass:
    """A discriminator's pass over several batches of packs in one, with a view of each batch made once.

    x[i] (members, packs, pack * width), logit[i] and slope[i] (members, packs): the i-th batch's part of the input, of
    the output, and of the loss's derivative with respect to the output.
    """

    def __init__(self, network: Dense, packs: int, batches: int, randomness: torch.Generator) -> None:
        self.dense = DensePass(network, packs * batches, randomness)
        parts = [slice(i * packs, (i + 1) * packs) for i in range(batches)]
        self.x = [self.dense.x[:, part] for part in parts]
        self.logit = [self.dense.a[-1][:, part, 0] for part in parts]
        self.slope = [self.dense.delta[-1][:, part, 0] for part in parts]
        self.input_slope = [self.dense.delta[0][:, part] for part in parts]
        # With a penalty the backward pass runs on ones, and the loss's own slopes are kept apart.
        self.own_slopes = torch.zeros_like(self.dense.delta[-1])
        self.own_slope = [self.own_slopes[:, part, 0] for part in parts]


class DenseGradients:
    """Hand-derived gradients of dense networks whose layers are gates: no graph, no allocation in the hot loop."""

    def __init__(
        self,
        generator: Dense,
        discriminator: Dense,
        objective: Objective,
        pack: int,
        rows: int,
        randomness: torch.Generator,
        condition: int = 0,
    ) -> None:
        self.objective, self.randomness, self.condition = objective, randomness, condition
        self.output_activation = generator.spec.output_activation
        self.pack, self.packs = pack, rows // pack
        self.width = generator.spec.sizes[-1]
        self.row_shape = (generator.members, rows, self.width + condition)
        self.packed_shape = (generator.members, self.packs, pack * self.row_shape[-1])
        self.G = DensePass(generator, rows, randomness)
        self.D = PackedPass(discriminator, self.packs, 2, randomness)
        self.D_between: PackedPass | None = None  # a third batch, for the penalty between real and generated rows
        self.D_generator = PackedPass(discriminator, self.packs, 2 if objective.paired else 1, randomness)

    @torch.no_grad()
    def generate(self, z: Tensor) -> Tensor:
        """See `Gradients`."""
        self.G.x.copy_(z)
        x = self.G.forward()
        if self.output_activation == "tanh":
            x.tanh_()
        elif self.output_activation == "sigmoid":
            x.sigmoid_()
        return beside_condition(x, z, self.condition)

    @torch.no_grad()
    def discriminator(
        self, x_real: Tensor, x_fake: Tensor, penalties: Penalties, noise: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """See `Gradients`."""
        real, fake = x_real.view(self.packed_shape), x_fake.view(self.packed_shape)
        D = self.D
        if penalties.interpolated:
            if self.D_between is None:
                self.D_between = PackedPass(D.dense.network, self.packs, 3, self.randomness)
            D = self.D_between
            D.x[2].copy_(interpolate(real, fake, self.randomness))
        D.x[0].copy_(real)
        D.x[1].copy_(fake)
        D.dense.forward()
        slopes = self.objective.discriminator_slopes(D.logit[0], D.logit[1], noise)
        for target, slope in zip(D.own_slope if penalties else D.slope, slopes, strict=False):
            target.copy_(slope)
        if penalties:
            D.dense.delta[-1].fill_(1.0)
            gradients = D.dense.backward(to_input=True)
            if self.condition:  # penalties are on the gradient in the data, not in what is given
                gradients.view(*gradients.shape[:-1], self.pack, -1)[..., -self.condition :].zero_()
            input_slopes = penalties.slopes(gradients, self.packs)
            D.dense.fill_penalized_gradient(D.own_slopes, input_slopes)
        else:
            D.dense.backward(to_input=False)
            D.dense.fill_gradient()
        return D.logit[0], D.logit[1]

    @torch.no_grad()
    def generator(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """See `Gradients`."""
        x_fake = self.generate(z)
        D = self.D_generator
        D.x[-1].copy_(x_fake.view(self.packed_shape))
        if x_real is not None:
            D.x[0].copy_(x_real.view(self.packed_shape))
        D.dense.forward()
        real = None if x_real is None else D.logit[0]
        D.slope[-1].copy_(self.objective.generator_slopes(real, D.logit[-1]))
        D.dense.backward(to_input=True)
        slope = D.input_slope[-1].reshape(self.row_shape)[..., : self.width]
        if self.output_activation in OUTPUT_BACKWARD:
            slope = OUTPUT_BACKWARD[self.output_activation](slope, x_fake[..., : self.width])
        self.G.delta[-1].copy_(slope)
        self.G.backward(to_input=False)
        self.G.fill_gradient()
        return real, D.logit[-1]


def make_gradients(
    generator: Network,
    discriminator: Network,
    objective: Objective,
    pack: int,
    rows: int,
    randomness: torch.Generator,
    condition: int = 0,
) -> Gradients:
    """The hand-derived passes where they apply, autograd everywhere else."""
    if (
        isinstance(generator, Dense)
        and isinstance(discriminator, Dense)
        and generator.spec.piecewise_linear
        and discriminator.spec.piecewise_linear
        and generator.spec.output_activation in {"linear", *OUTPUT_BACKWARD}
        and discriminator.spec.output_activation == "linear"
        and not (generator.spec.slope <= 0 or discriminator.spec.slope <= 0)
    ):
        return DenseGradients(generator, discriminator, objective, pack, rows, randomness, condition)
    return AutogradGradients(generator, discriminator, objective, pack, rows, randomness, condition)
