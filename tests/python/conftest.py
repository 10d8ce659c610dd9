"""Fixtures of statistical tests: the seed of their fits, and limits whose distance from chance can be measured.

Beside that, what lets tests run in any order and in several workers at once.

A statistical test asserts a limit on something random that came out of a fit. It takes the seed of its fits from the
fixture `fit_seed` and gives its limits to the fixture `within`; whoever asks for one of them is marked `statistical`.
`make test-seeds` runs these tests over seeds and instruction sets: GANBRIDGE_TEST_SEED is added to each seed, and with
GANBRIDGE_TEST_VALUES, a file, values are written down there rather than compared.
"""

import copy
import json
import math
import os
import signal
from importlib.util import find_spec
from pathlib import Path

import pytest

# Files whose data come from libraries that are an extra, or none of ours; `make test` has all of them.
LIBRARIES = {
    "test_files.py": ("pyarrow", "polars", "duckdb"),
    "test_large_files.py": ("pyarrow", "polars"),
    "test_sample_to.py": ("pyarrow",),
}
collect_ignore = [file for file, names in LIBRARIES.items() if not all(map(find_spec, names))]

SHIFT = int(os.environ.get("GANBRIDGE_TEST_SEED", "0"))
VALUES = os.environ.get("GANBRIDGE_TEST_VALUES")


def write_down(entry):
    with Path(VALUES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


# Fixtures that take seconds, or write a file: with pytest-xdist, their tests share one worker.
TOGETHER = {"corpus", "digits", "pages", "seer", "snapshot"}


def pytest_configure(config):
    config.addinivalue_line("markers", "statistical: asserts a limit on something random that came out of a fit")
    config.addinivalue_line("markers", "xdist_group(name): tests that share one worker")
    # What a shell starts in the background ignores interrupts, which some tests send.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before -m selects, and before xdist looks for groups
def pytest_collection_modifyitems(items):
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if {"fit_seed", "within"} & fixtures:
            item.add_marker("statistical")
        for name in TOGETHER & fixtures:
            item.add_marker(pytest.mark.xdist_group(name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if VALUES and report.failed:
        write_down({"test": item.nodeid, "failed": report.longreprtext.splitlines()[-1]})
    return report


@pytest.fixture(autouse=True)
def same_draws_in_any_order(request, monkeypatch):
    """Each test draws from its module's RNG as if it were the first one, because workers run different tests."""
    if hasattr(request.module, "RNG"):
        monkeypatch.setattr(request.module, "RNG", copy.deepcopy(request.module.RNG))


@pytest.fixture(scope="session")
def fit_seed():
    """The seed of a statistical test's fits."""
    return 1 + SHIFT


@pytest.fixture
def within(request):
    """Assert that a value is within limits that are far from the values of good fits; `name` describes the value."""

    def check(name, value, low=-math.inf, high=math.inf):
        value = float(value)
        if VALUES:
            limits = {side: limit for side, limit in (("low", low), ("high", high)) if math.isfinite(limit)}
            write_down({"test": request.node.nodeid, "name": name, "value": value, **limits})
        else:
            assert low <= value <= high, f"{name}: {value:.4g} is not between {low:.4g} and {high:.4g}"

    return check
