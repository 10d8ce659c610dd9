"""Metrics of an evaluation beside their baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .axis import Limits


@dataclass(frozen=True)
class MetricPanel:
    """Metrics of one unit, from the top: value and baseline, each (k,), with a label each; limits of their axis."""

    title: str
    unit: str
    labels: list[str]
    value: np.ndarray
    baseline: np.ndarray
    limits: Limits


def metric_panels(panels: Sequence[Mapping[str, Any]]) -> list[MetricPanel]:
    """From mappings with `title`, `unit`, and `label`, `value` and `baseline`, each of one entry per metric."""
    return [_panel(panel) for panel in panels]


def _panel(panel: Mapping[str, Any]) -> MetricPanel:
    value, baseline = np.asarray(panel["value"]), np.asarray(panel["baseline"])
    high = max(float(np.max([value, baseline])), 0.05)
    return MetricPanel(
        panel["title"], panel["unit"], list(panel["label"]), value, baseline, (-0.03 * high, 1.06 * high)
    )
