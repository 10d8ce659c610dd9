"""How likely a value is within the cell of its column's marginal distribution.

Values that a column holds again and again (levels, whole or rounded numbers, spikes, what is missing) have a
probability. Other numbers have a density, even within their cell, per standard deviation of the training data.
"""

from __future__ import annotations

import numpy as np

from ..data import Column
from .marginal import CategoryMarginal, Marginal, NumberMarginal

UNSEEN_ROWS = 0.5  # for which a value on the grid counts that no training row has
OFF_GRID = 1e-6  # of a step, by which rounded numbers may be off

Within = tuple[np.ndarray, np.ndarray]  # cells (n,) and the log probability or density of values in them (n,)


def log_density_within(marginal: Marginal, values: Column, sd: float, rows: int) -> Within:
    """Cells of values (n,), and the log of each value's probability or density within its cell (n,).

    The log is -inf for values that the training data does not hold: unknown levels, numbers outside its range or off
    their grid, and missing ones if none was missing.

    values: of the training data's type, `given.UNKNOWN` for unknown levels. sd: of the training data, for densities.
    rows: of the training data.
    """
    if isinstance(marginal, CategoryMarginal):
        return _of_levels(marginal, values)
    assert isinstance(marginal, NumberMarginal)
    cells, log_within = _of_numbers(marginal, values, sd, rows)
    cells = np.where(values.missing, marginal.cells - 1, cells)
    of_missing = 0.0 if marginal.present < 1.0 else -np.inf
    return cells, np.where(values.missing, of_missing, log_within)


def _of_levels(marginal: CategoryMarginal, values: Column) -> Within:
    codes = np.where(values.missing, -1, values.values.astype(np.int64))
    known = np.isin(codes, marginal.codes) & (values.missing | (codes >= 0))
    order = np.argsort(marginal.codes)
    at = order[np.searchsorted(marginal.codes, codes, sorter=order).clip(0, len(order) - 1)]
    of_cell = np.bincount(marginal.cell, marginal.shares)
    within = np.log(marginal.shares / of_cell[marginal.cell])
    return marginal.cell[at], np.where(known, within[at], -np.inf)


def _of_numbers(marginal: NumberMarginal, values: Column, sd: float, rows: int) -> Within:
    scaler, (start, step) = marginal.codec.scaler, marginal.codec.grid
    numbers = (values.values - start) / step
    if scaler is None:
        return np.zeros(len(numbers), dtype=np.int64), np.full(len(numbers), -np.inf)
    lowest, highest = scaler.value_range
    inside = (numbers >= lowest) & (numbers <= highest)
    if scaler.constant:
        return np.zeros(len(numbers), dtype=np.int64), np.where(inside, 0.0, -np.inf)
    if scaler.on_grid:
        inside &= np.abs(numbers - np.round(numbers, scaler.decimals or 0)) <= OFF_GRID * scaler.step
        half = scaler.step / 2.0
        low = np.where(numbers <= scaler.low, 0.0, marginal.ranks_of(numbers - half))
        high = np.where(numbers >= scaler.high, 1.0, marginal.ranks_of(numbers + half))
        cells = marginal.cell_of((low + high) / 2.0 * marginal.present)
        share = np.maximum(high - low, UNSEEN_ROWS / rows) * marginal.present
        return cells, np.where(inside, np.log(share / np.diff(marginal.edges)[cells]), -np.inf)
    cells = marginal.cell_of(marginal.ranks_of(numbers) * marginal.present)
    return cells, np.where(inside, -_log_widths(marginal, sd / step)[cells], -np.inf)


def _log_widths(marginal: NumberMarginal, sd: float) -> np.ndarray:
    """Log widths of the cells (cells,) in standard deviations; 0 for those that are one value."""
    widths = np.diff(marginal.values_of(np.minimum(marginal.edges / marginal.present, 1.0)))
    spikes = marginal.spikes()
    return np.log(np.where(spikes, 1.0, np.maximum(widths, 1e-300) / sd))
