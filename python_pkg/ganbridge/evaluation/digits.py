"""Numbers as text, in three digits."""

from __future__ import annotations

import math


def figure(value: float) -> str:
    """A number in three digits."""
    if math.isnan(value):
        return "-"
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return f"{value:.1e}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{min(digits, 4)}f}"
    return text if abs(value) < 1000 else f"{value:,.0f}"


def share_of_most(share: float) -> str:
    """A share in percent, which is rounded down unless it is 1: 99.9% are not all."""
    return "100%" if share == 1.0 else f"{math.floor(1000.0 * share) / 10.0:.1f}%"


def percent(share: float) -> str:
    """A share in percent: 8.1%, 97%. Without a space, at which a line could break."""
    if math.isnan(share):
        return "-"
    digits = 0 if share == 0 or abs(share) >= 0.1 else 1 if abs(share) >= 0.001 else 2
    return f"{100.0 * share:.{digits}f}%"
