"""Forward and backward passes of one dense network over buffers that are allocated once."""

from __future__ import annotations

import torch
from torch import Tensor

from ...networks import Dense, dropout_mask, is_narrow
from ..operators import leaky_relu_backward_, relu_backward_


class DensePass:
    """Buffers of one network's pass over a fixed number of rows, and its backward passes derived by hand.

    With a[0] = x the input and W, b the layers: h[l+1] = a[l] W[l] + b[l], a[l] = h[l] * gate[l], where the gate of a
    piecewise-linear layer holds its slopes (and its dropout mask). delta[l] is the derivative of the output's weighted
    sum with respect to h[l].
    """

    def __init__(self, network: Dense, rows: int, rng: torch.Generator) -> None:
        self.network, self.rng = network, rng
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
        """Factors and target of rows' delta[layer + 1], transposed if the target lies so in memory."""
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
                mask = dropout_mask(h.shape, spec.dropout, self.rng, h.device)
                self.masks[layer] = mask
                h.mul_(mask)
        return self.a[self.depth]

    def _gate(self, t: Tensor, layer: int) -> None:
        """t *= gate[layer], read off the layer's output."""
        name = self.network.spec.activations[layer - 1]
        if name == "relu":
            relu_backward_(t, self.a[layer])
        elif name == "leaky_relu":
            leaky_relu_backward_(t, self.a[layer], self.network.spec.slope)
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

    def fill_penalized_gradient(self, c: Tensor, v: Tensor) -> None:
        """Gradient of a loss plus a penalty.

        c: derivatives of the loss in the output. v: derivatives of the penalty in the input gradient g = delta[0],
        where delta comes from a backward pass of ones. The penalty's gradient is that of the directional derivative
        <g, v> with v held fixed: the tangent t[0] = v, t[l] = (t[l-1] W[l-1]) * gate[l] runs forward through the same
        gates, and dW[l] = (c a[l] + t[l])' delta[l+1]; a gate has no curvature, so nothing else remains.
        """
        self.tangent[0].copy_(v)
        c_transposed = c.transpose(1, 2)
        for layer in range(self.depth):
            if layer:
                torch.bmm(self.tangent[layer - 1], self.network.weights[layer - 1], out=self.tangent[layer])
                self._gate(self.tangent[layer], layer)
        for layer in range(self.depth):
            self.tangent[layer].addcmul_(self.a[layer], c)
            left, right, target = self.tangent_products[layer]
            torch.bmm(left, right, out=target)
            torch.bmm(c_transposed, self.delta[layer + 1], out=self.network.bias_gradients[layer])


class PackedPass:
    """A discriminator's pass over several batches of packs in one, with a view of each batch made once.

    x[i] (members, packs, pack * width), logit[i] and delta[i] (members, packs): the i-th batch's part of the input, of
    the output, and of the derivative with respect to the output.
    """

    def __init__(self, network: Dense, packs: int, batches: int, rng: torch.Generator) -> None:
        self.dense = DensePass(network, packs * batches, rng)
        parts = [slice(i * packs, (i + 1) * packs) for i in range(batches)]
        self.x = [self.dense.x[:, part] for part in parts]
        self.logit = [self.dense.a[-1][:, part, 0] for part in parts]
        self.delta = [self.dense.delta[-1][:, part, 0] for part in parts]
        self.input_delta = [self.dense.delta[0][:, part] for part in parts]
        # With a penalty the backward pass runs on ones, and the loss's own derivatives are kept apart.
        self.loss_gradients = torch.zeros_like(self.dense.delta[-1])
        self.loss_gradient = [self.loss_gradients[:, part, 0] for part in parts]
