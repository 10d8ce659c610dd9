"""Sets of waves for waves.py, all made by formulas: draw(n, rng) gives n waves (n, points) or (n, points, channels)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Draw = Callable[[int, np.random.Generator], np.ndarray]
POINTS, MANIFOLD_POINTS, NOISE = 24, 50, 0.05
TEN_MINUTES_A_DAY = 144


@dataclass(frozen=True)
class WaveSet:
    """rows: training waves. measure: "classifiers" or, for curved manifolds, "energy". fresh: whether more waves can be
    drawn; if not, the set is one series, and windows of it overlap."""

    name: str
    draw: Draw
    rows: int
    measure: str = "classifiers"
    fresh: bool = True


def sines(n: int, rng: np.random.Generator) -> np.ndarray:
    """TimeGAN's sines (Yoon et al. 2019, section 5.1): sin(2 pi eta t + theta), t from 0 to 1, 5 channels."""
    eta, theta = rng.uniform(0.0, 1.0, (n, 1, 5)), rng.uniform(-np.pi, np.pi, (n, 1, 5))
    t = np.arange(POINTS)[None, :, None] / POINTS
    return np.asarray(np.sin(2.0 * np.pi * eta * t + theta))


def slow_sines(n: int, rng: np.random.Generator) -> np.ndarray:
    """The sines of TimeGAN's code, which published figures are about: sin(eta j + theta) at point j, both from 0 to .1,
    moved to 0 to 1."""
    eta, theta = rng.uniform(0.0, 0.1, (n, 1, 5)), rng.uniform(0.0, 0.1, (n, 1, 5))
    return np.asarray((np.sin(eta * np.arange(POINTS)[None, :, None] + theta) + 1.0) / 2.0)


def stocks(n: int, rng: np.random.Generator) -> np.ndarray:
    """Windows of daily prices: a geometric random walk with changing volatility; open, high, low, close, adjusted
    close, volume."""
    days = n + POINTS - 1
    log_sd = np.zeros(days)
    for day in range(1, days):
        log_sd[day] = 0.97 * log_sd[day - 1] + 0.12 * rng.standard_normal()
    sd = 0.015 * np.exp(log_sd)
    close = np.log(50.0) + np.cumsum(0.0006 + sd * rng.standard_normal(days))
    gap = 0.3 * sd * rng.standard_normal(days)
    first = np.concatenate([close[:1], close[:-1]]) + gap
    high = np.maximum(first, close) + 0.5 * sd * np.abs(rng.standard_normal(days))
    low = np.minimum(first, close) - 0.5 * sd * np.abs(rng.standard_normal(days))
    volume = np.exp(15.0 - 0.3 * (close - close[0]) + 0.6 * log_sd + 0.25 * rng.standard_normal(days)).round(-2)
    prices = np.exp(np.stack([first, high, low, close], 1)).round(2)
    adjusted = (prices[:, 3] * np.linspace(0.93, 1.0, days)).round(6)
    return windows(np.column_stack([prices, adjusted, volume]))


def household(n: int, rng: np.random.Generator) -> np.ndarray:
    """Windows of a house's 28 sensors, every ten minutes: smooth rooms that share outdoor trends, weather known by the
    hour, an appliance's spikes, lights and set points in steps, and two equal channels of noise."""
    steps = n + POINTS - 1
    day = np.arange(steps) / TEN_MINUTES_A_DAY
    hour = (day % 1.0) * 24.0
    outside = 6.0 + 5.0 * np.sin(2 * np.pi * day / 137) + 3.5 * np.sin(2 * np.pi * (hour - 9) / 24)
    outside = hourly(outside + smooth(steps, 150, 3.0, rng)).round(2)
    pressure = hourly(755.0 + smooth(steps, 400, 7.0, rng)).round(1)
    humidity = hourly(80.0 - 2.2 * (outside - 6.0) + smooth(steps, 60, 6.0, rng)).clip(24, 100).round(0)
    wind = hourly(np.exp(1.2 + smooth(steps, 60, 0.55, rng))).round(0)
    visibility = hourly(np.where(smooth(steps, 80, 1.0, rng) > 0.3, 40.0, 40.0 + smooth(steps, 50, 12.0, rng)))
    dew = hourly(outside - (100.0 - humidity) / 5.0).round(1)
    awake = ((hour > 6.5) & (hour < 23)).astype(float)
    heating = np.where((hour > 6) & (hour < 9), 21.0, np.where((hour > 16) & (hour < 22.5), 21.5, 17.0))
    away = np.repeat(rng.random(steps // TEN_MINUTES_A_DAY + 2) < 0.15, TEN_MINUTES_A_DAY)[:steps]
    heating = np.where(away, 15.0, heating)
    valve = (25.0 * np.round((heating - 13.0 - 0.35 * outside + smooth(steps, 30, 1.5, rng)) / 2.0)).clip(0, 100)
    bursts = awake * (rng.random(steps) < 0.035 + 0.03 * (hour > 17)) * rng.gamma(1.3, 170.0, steps)
    appliance = 50.0 + 12.0 * awake + 8.0 * rng.standard_normal(steps)
    for lag, share in enumerate((1.0, 0.75, 0.4, 0.2, 0.1)):
        appliance[lag:] += share * bursts[: steps - lag]
    appliance = (10.0 * np.round(appliance / 10.0)).clip(10, 1080)
    dark = (hour > 17) | ((hour > 6.5) & (hour < 8))
    lights = 10.0 * np.round((awake * dark * (1.0 + 1.6 * smooth(steps, 12, 1.0, rng))).clip(0, 5))
    house = lagged(heating, 30) + 0.12 * outside + smooth(steps, 300, 0.8, rng)
    moisture = 42.0 + 0.5 * (outside - 6.0) + smooth(steps, 300, 2.5, rng)
    rooms = []
    for room in range(8):
        own = smooth(steps, 200, 0.7, rng) + smooth(steps, 8, 0.08, rng)
        warmth = (0.5 + 0.09 * room) * house + (10.0 - 1.5 * room) + 0.1 * (room % 3) * outside + own
        steam = lagged((appliance - 60.0).clip(0, None), 12) * (0.02 if room in (1, 4) else 0.002)
        damp = moisture - 0.8 * (warmth - warmth.mean()) + steam + smooth(steps, 150, 1.2, rng)
        rooms += [(30 * warmth).round() / 30, (30 * damp).round() / 30]
    noise = rng.uniform(0.0, 50.0, steps)
    weather = [outside, pressure, humidity, wind, visibility, dew]
    return windows(np.stack([appliance, lights, heating, valve, *rooms, *weather, noise, noise], 1))


def smooth(steps: int, memory: float, sd: float, rng: np.random.Generator) -> np.ndarray:
    """A stationary series of that spread that forgets over so many steps, without edges (two first-order filters)."""
    series, noise = np.zeros(steps), rng.standard_normal(steps + 20 * int(memory))
    for _ in range(2):
        noise = lagged(noise, memory)
    series = noise[-steps:]
    return np.asarray(sd * series / noise.std())


def lagged(series: np.ndarray, memory: float) -> np.ndarray:
    """A first-order low-pass filter."""
    result, keep = np.empty(len(series)), np.exp(-1.0 / memory)
    state = float(series[0])
    for i, value in enumerate(series.tolist()):
        state = keep * state + (1.0 - keep) * value
        result[i] = state
    return result


def hourly(series: np.ndarray) -> np.ndarray:
    """Known every sixth step only, and linear in between."""
    steps = np.arange(len(series))
    return np.interp(steps, steps[::6], series[::6])


def windows(series: np.ndarray) -> np.ndarray:
    """All windows (n, POINTS, channels) of a series (steps, channels)."""
    view = np.lib.stride_tricks.sliding_window_view(series, POINTS, axis=0)
    return np.ascontiguousarray(view.transpose(0, 2, 1))


def one_sine(n: int, rng: np.random.Generator) -> np.ndarray:
    """A sine of any frequency and phase."""
    t = np.linspace(0.0, 1.0, MANIFOLD_POINTS)
    frequency, phase = rng.uniform(1.0, 5.0, (n, 1)), rng.uniform(0.0, 2.0 * np.pi, (n, 1))
    return np.asarray(np.sin(2.0 * np.pi * frequency * t + phase) + NOISE * rng.standard_normal((n, MANIFOLD_POINTS)))


def one_bump(n: int, rng: np.random.Generator) -> np.ndarray:
    """A bump at any place."""
    t = np.linspace(0.0, 1.0, MANIFOLD_POINTS)
    place = rng.uniform(0.1, 0.9, (n, 1))
    return np.asarray(np.exp(-0.5 * ((t - place) / 0.05) ** 2) + NOISE * rng.standard_normal((n, MANIFOLD_POINTS)))


SETS = [
    WaveSet("sines", sines, 10_000),
    WaveSet("slow sines", slow_sines, 10_000),
    WaveSet("stocks", stocks, 3_661, fresh=False),
    WaveSet("household", household, 19_711, fresh=False),
    WaveSet("one sine", one_sine, 1_000, "energy"),
    WaveSet("one bump", one_bump, 1_000, "energy"),
]
