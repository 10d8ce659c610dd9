"""Operators of torch that have no public name, each beside the public expression that stands in for it.

They save temporary tensors in the hot loop. Where a torch lacks one, the public expression is used: the same numbers,
a few microseconds later. tests/python/test_operators.py compares the two and names what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def operator(name: str) -> Callable[..., Any] | None:
    """An operator of `torch.ops.aten`, or None where this torch has none of that name."""
    function: Any = torch.ops.aten
    for part in name.split("."):
        function = getattr(function, part, None)
    return function  # type: ignore[no-any-return]


FUSED_ADAM: Callable[..., Any] | None = getattr(torch, "_fused_adam_", None)
RELU_BACKWARD = operator("threshold_backward.grad_input")
LEAKY_RELU_BACKWARD = operator("leaky_relu_backward.grad_input")
TANH_BACKWARD = operator("tanh_backward")
SIGMOID_BACKWARD = operator("sigmoid_backward")


def relu_backward_(gradient: Tensor, output: Tensor) -> None:
    """The gradient in place, 0 where the output of relu is 0."""
    if RELU_BACKWARD is None:
        gradient.masked_fill_(output <= 0.0, 0.0)
    else:
        RELU_BACKWARD(gradient, output, 0.0, grad_input=gradient)


def leaky_relu_backward_(gradient: Tensor, output: Tensor, slope: float) -> None:
    """The gradient in place, times `slope` where the output of leaky_relu is below 0; `slope` above 0."""
    if LEAKY_RELU_BACKWARD is None:
        gradient.copy_(torch.where(output > 0.0, gradient, gradient * slope))
    else:
        # The output may stand for the input, because a slope above zero keeps the sign.
        LEAKY_RELU_BACKWARD(gradient, output, slope, True, grad_input=gradient)


def tanh_backward(gradient: Tensor, output: Tensor) -> Tensor:
    """The gradient before tanh, from that after it and its output."""
    if TANH_BACKWARD is None:
        return gradient * (1.0 - output * output)
    result: Tensor = TANH_BACKWARD(gradient, output)
    return result


def sigmoid_backward(gradient: Tensor, output: Tensor) -> Tensor:
    """The gradient before the logistic function, from that after it and its output."""
    if SIGMOID_BACKWARD is None:
        return gradient * (1.0 - output) * output
    result: Tensor = SIGMOID_BACKWARD(gradient, output)
    return result
