"""Gradients of one training step: by autograd for any network and objective, by hand for gated dense ones.

Both classes offer the same three calls, and `make_gradients` picks. All tensors carry the member axis first:
x (members, rows, width), z (members, rows, latent), logits (members, rows / pack).
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from .networks import Dense, dropout_mask
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


def interpolate(x_real: Tensor, x_fake: Tensor, generator: torch.Generator) -> Tensor:
    """Rows between real and generated ones, each at its own uniformly drawn place (Gulrajani et al. 2017)."""
    place = torch.rand((*x_real.shape[:2], 1), generator=generator, dtype=torch.float32).to(x_real.device)
    return torch.lerp(x_real, x_fake, place)


class AutogradGradients:
    """Any network, any objective; the reference for the hand-derived passes."""

    def __init__(
        self,
        generator: Dense,
        discriminator: Dense,
        objective: Objective,
        pack: int,
        rows: int,
        randomness: torch.Generator,
    ) -> None:
        self.G, self.D = generator, discriminator
        self.objective = objective
        self.pack = pack
        self.randomness = randomness

    def _packed(self, x: Tensor) -> Tensor:
        members, rows, width = x.shape
        return x.reshape(members, rows // self.pack, self.pack * width)

    @torch.no_grad()
    def generate(self, z: Tensor) -> Tensor:
        """See `Gradients`."""
        return self.G.forward(z, dropout=self.randomness)

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
                loss = loss + penalties.value(slope, rows).sum()
            _fill(self.D, weights, biases, loss)
        return logit_real.detach(), logit_fake.detach()

    def generator(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """See `Gradients`."""
        with torch.enable_grad():
            weights, biases = _leaves(self.G)
            x_fake = self._packed(self.G.forward(z, weights, biases, self.randomness))
            x = x_fake if x_real is None else torch.cat([self._packed(x_real), x_fake], 1)
            logit = self.D.forward(x, dropout=self.randomness)[..., 0]
            real, fake = (None, logit) if x_real is None else logit.split(x_fake.shape[1], 1)
            _fill(self.G, weights, biases, self.objective.generator_loss(real, fake).sum())
        return None if real is None else real.detach(), fake.detach()


def _leaves(network: Dense) -> tuple[list[Tensor], list[Tensor]]:
    return (
        [weight.detach().requires_grad_() for weight in network.weights],
        [bias.detach().requires_grad_() for bias in network.biases],
    )


def _fill(network: Dense, weights: list[Tensor], biases: list[Tensor], loss: Tensor) -> None:
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
        self.a_transposed = [a.transpose(1, 2) for a in self.a]
        self.tangent_transposed = [t.transpose(1, 2) for t in self.tangent]
        self.weights_transposed = [weight.transpose(1, 2) for weight in network.weights]
        self.masks: list[Tensor | None] = [None] * len(self.a)
        self.depth = len(network.weights)

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
                self.masks[layer] = dropout_mask(h.shape, spec.dropout, self.randomness, h.device)
                h.mul_(self.masks[layer])
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
            torch.bmm(self.a_transposed[layer], self.delta[layer + 1], out=self.network.weight_gradients[layer])
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
            torch.bmm(self.tangent_transposed[layer], self.delta[layer + 1], out=self.network.weight_gradients[layer])
            torch.bmm(row_slopes, self.delta[layer + 1], out=self.network.bias_gradients[layer])


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
    ) -> None:
        self.objective = objective
        self.rows, self.packs = rows, rows // pack
        self.randomness = randomness
        self.width = generator.spec.sizes[-1]
        self.output_activation = generator.spec.output_activation
        self.members = generator.members
        self.G = DensePass(generator, rows, randomness)
        self.D = DensePass(discriminator, 2 * self.packs, randomness)
        self.D_penalized: DensePass | None = None
        self.D_fake = DensePass(discriminator, self.packs * (2 if objective.paired else 1), randomness)

    @torch.no_grad()
    def generate(self, z: Tensor) -> Tensor:
        """See `Gradients`."""
        self.G.x.copy_(z)
        x = self.G.forward()
        if self.output_activation == "tanh":
            return x.tanh_()
        if self.output_activation == "sigmoid":
            return x.sigmoid_()
        return x

    def _packed(self, x: Tensor) -> Tensor:
        return x.view(self.members, self.packs, -1)

    @torch.no_grad()
    def discriminator(
        self, x_real: Tensor, x_fake: Tensor, penalties: Penalties, noise: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """See `Gradients`."""
        D, n = self.D, self.packs
        if penalties.interpolated:
            if self.D_penalized is None:
                self.D_penalized = DensePass(self.D.network, 3 * n, self.randomness)
            D = self.D_penalized
            D.x[:, 2 * n :].copy_(interpolate(self._packed(x_real), self._packed(x_fake), self.randomness))
        D.x[:, :n].copy_(self._packed(x_real))
        D.x[:, n : 2 * n].copy_(self._packed(x_fake))
        logit = D.forward()
        logit_real, logit_fake = logit[:, :n, 0], logit[:, n : 2 * n, 0]
        slope_real, slope_fake = self.objective.discriminator_slopes(logit_real, logit_fake, noise)
        if not penalties:
            D.delta[-1][:, :n, 0].copy_(slope_real)
            D.delta[-1][:, n:, 0].copy_(slope_fake)
            D.backward(to_input=False)
            D.fill_gradient()
            return logit_real, logit_fake
        D.delta[-1].fill_(1.0)
        input_slopes = penalties.slopes(D.backward(to_input=True), n)
        slopes = torch.zeros_like(logit)
        slopes[:, :n, 0].copy_(slope_real)
        slopes[:, n : 2 * n, 0].copy_(slope_fake)
        D.fill_penalized_gradient(slopes, input_slopes)
        return logit_real, logit_fake

    @torch.no_grad()
    def generator(self, z: Tensor, x_real: Tensor | None) -> tuple[Tensor | None, Tensor]:
        """See `Gradients`."""
        x_fake = self.generate(z)
        D, n = self.D_fake, self.packs
        if x_real is None:
            D.x.copy_(self._packed(x_fake))
            fake = D.forward()[..., 0]
            real = None
            D.delta[-1][..., 0].copy_(self.objective.generator_slopes(None, fake))
        else:
            D.x[:, :n].copy_(self._packed(x_real))
            D.x[:, n:].copy_(self._packed(x_fake))
            logit = D.forward()[..., 0]
            real, fake = logit[:, :n], logit[:, n:]
            D.delta[-1][:, n:, 0].copy_(self.objective.generator_slopes(real, fake))
        slope = D.backward(to_input=True)[:, -n:].reshape(self.members, self.rows, self.width)
        if self.output_activation in OUTPUT_BACKWARD:
            slope = OUTPUT_BACKWARD[self.output_activation](slope, x_fake)
        self.G.delta[-1].copy_(slope)
        self.G.backward(to_input=False)
        self.G.fill_gradient()
        return real, fake


def make_gradients(
    generator: Dense,
    discriminator: Dense,
    objective: Objective,
    pack: int,
    rows: int,
    randomness: torch.Generator,
) -> Gradients:
    """The hand-derived passes where they apply, autograd everywhere else."""
    by_hand = (
        generator.spec.piecewise_linear
        and discriminator.spec.piecewise_linear
        and generator.spec.output_activation in {"linear", *OUTPUT_BACKWARD}
        and discriminator.spec.output_activation == "linear"
        and not (generator.spec.slope <= 0 or discriminator.spec.slope <= 0)
    )
    kind = DenseGradients if by_hand else AutogradGradients
    return kind(generator, discriminator, objective, pack, rows, randomness)
