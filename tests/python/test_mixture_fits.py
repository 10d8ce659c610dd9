"""Fits of tables without networks: draws from a mixture, kept by the odds of a discriminator, under any condition."""

from __future__ import annotations

import datetime
import io

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.prior import fit as prior_fit
from ganbridge.prior.odds import MOST_TREES
from ganbridge.training import callbacks
from ganbridge.training import prior_fit as training
from ganbridge.training.callbacks import ProgressLine, State

N = 900
MIXTURE = Config(prior="mixture")


def known_table(n: int = N, seed: int = 1) -> pd.DataFrame:
    """y is a sine of x, with noise; the group depends on x; z is missing for most of group "c"; the day goes with y."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, n)
    group = np.array(["a", "b", "c"])[np.digitize(x + rng.normal(0, 0.3, n), [-1, 1])]
    y = np.round(3 * np.sin(x) + rng.normal(0, 0.3, n), 2)
    z = np.where(rng.random(n) < np.where(group == "c", 0.8, 0.05), np.nan, rng.normal(size=n))
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.round(60 + 15 * y + rng.normal(0, 3, n)), unit="D")
    return pd.DataFrame(
        {
            "x": x,
            "y": y,
            "group": pd.Categorical(group, ["a", "b", "c", "never"]),
            "z": z,
            "day": day,
            "count": rng.poisson(4, n),
            "size": pd.Categorical(rng.choice(["s", "m", "l"], n), ["s", "m", "l"], ordered=True),
            "old": pd.array(np.where(rng.random(n) < 0.1, None, x > 0), dtype="boolean"),
        }
    )


TABLE = known_table()


@pytest.fixture(scope="module")
def gan():
    return ganbridge.fit(TABLE, seed=1, progress=False)


# --- when there are no networks ---------------------------------------------------------------------------------------


def test_it_is_the_default_of_tables_of_some_size(gan):
    assert gan.config.prior == "mixture"
    assert gan.prior is not None
    assert gan.specs == ()
    fit = ganbridge.fit(TABLE[:499], seed=1, config=Config(steps=2))
    assert fit.config.prior == "normal"
    assert fit.prior is None


@pytest.mark.parametrize(
    "wanted",
    [
        {"epochs": 1},
        {"epochs": 1, "trace": 1},
        {"condition": "group", "epochs": 1},
        {"config": Config(steps=2)},
        {"config": Config(steps=2, generator_hidden=[8])},
        {"config": Config(steps=2, prior="normal")},
        {"config": Config(steps=2, scaling="standard")},
        {"config": Config(steps=2, scaling={"x": "range"})},
    ],
    ids=str,
)
def test_who_asks_for_networks_gets_them(wanted):
    fit = ganbridge.fit(TABLE, seed=1, **wanted)
    assert fit.config.prior == "normal"
    assert len(fit.specs) == 2


@pytest.mark.parametrize("config", [Config(scaling="quantile"), Config(scaling="auto"), Config(scaling={"x": "auto"}),
                                    Config(threads=2), Config(device="cpu")], ids=lambda c: str(c.changed))  # fmt: skip
def test_settings_that_are_not_about_networks_leave_the_mixture(config):
    assert ganbridge.fit(TABLE[["x", "group"]], seed=1, config=config).config.prior == "mixture"


def test_numbers_in_the_plane_have_networks():
    assert ganbridge.fit(TABLE[["x", "y"]], seed=1, config=Config(steps=2)).prior is None
    assert ganbridge.fit(TABLE[["x", "y"]], seed=1, config=MIXTURE).prior is not None


@pytest.mark.parametrize("rows", [2, 3, 10, 60])
def test_few_rows_are_enough_if_it_is_asked_for(rows):
    fit = ganbridge.fit(TABLE[:rows], seed=1, config=MIXTURE)
    sample = fit.sample(50, seed=1)
    assert sample.dtypes.equals(TABLE.dtypes)
    assert sample["x"].between(TABLE["x"][:rows].min(), TABLE["x"][:rows].max()).all()
    assert set(sample["group"]) <= set(TABLE["group"][:rows])


def test_arrays_have_one_too():
    values = TABLE[["x", "y", "count"]].to_numpy()
    fit = ganbridge.fit(values, seed=1)
    sample = fit.sample(100, seed=1)
    assert isinstance(sample, np.ndarray)
    assert sample.shape == (100, 3)
    assert fit.sample(20, given={"1": (0.5, 1.0)}, seed=1)[:, 0].min() >= 0.5


def test_the_config_of_a_fit_makes_the_same_fit(gan):
    again = ganbridge.fit(TABLE, seed=1, config=gan.config)
    pd.testing.assert_frame_equal(again.sample(100, seed=1), gan.sample(100, seed=1))
    assert again.config == gan.config


# --- what a fit shows of itself ---------------------------------------------------------------------------------------


def test_it_tells_its_mixture_and_its_trees(gan):
    text = str(gan)
    assert f"{len(gan.prior.trees)} boosted trees" in text
    assert "steps" not in text
    assert dict(gan.facts())["prior"].startswith("mixture of ")


def test_the_history_is_the_discriminators(gan):
    history = gan.history
    assert history["generator_loss"].isna().all()
    assert history["discriminator_loss"].notna().all()
    assert history["epoch"].tolist() == list(range(1, gan.epochs + 1))
    assert (np.diff(gan.seconds) >= 0).all()
    assert gan.kept["epoch"] == len(gan.prior.trees)
    assert gan.kept["trained"] == gan.epochs <= MOST_TREES
    assert gan.trace is None


def test_the_plot_of_losses_shows_the_discriminators(gan):
    figure = ganbridge.plot_losses(gan)
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["discriminator"]
    assert axes.get_xlabel() == "tree"
    assert axes.get_ylabel() == "loss of held-out rows"
    low, high = axes.get_ylim()
    assert low <= gan.history["discriminator_loss"].min() <= gan.history["discriminator_loss"].max() <= high


def test_there_is_no_training_to_plot(gan):
    with pytest.raises(ValueError, match="trace"):
        ganbridge.plot_training(gan)


def test_it_can_be_evaluated_and_reported(gan, tmp_path):
    evaluation = ganbridge.evaluate(gan, TABLE)
    assert str(evaluation)
    ganbridge.report(gan, TABLE, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "mixture of" in page
    assert "nan" not in page.replace("finance", "").lower().split("<body", 1)[0]


def test_callbacks_see_every_tree_and_samples():
    states: list[State] = []
    sizes: list[int] = []

    def look(state: State) -> bool:
        states.append(state)
        if state.epoch == 3:
            sample = state.sample(3000)
            sizes.append(len(sample))
            assert sample["x"].nunique() > 2000  # not the same rows again and again
            assert sample.dtypes.equals(TABLE.dtypes)
        return state.epoch < 5

    fit = ganbridge.fit(TABLE, seed=1, callbacks=[look])
    assert fit.stopped == "callback"
    assert "a callback asked for it" in str(fit)
    assert [state.epoch for state in states] == [1, 2, 3, 4, 5] == fit.history["epoch"].tolist()
    assert [state.discriminator_loss for state in states] == fit.history["discriminator_loss"].tolist()
    assert sizes == [3000]


def test_of_very_many_rows_a_part_is_fitted_to(monkeypatch):
    monkeypatch.setattr(training, "MOST_ROWS", 300)
    fit = ganbridge.fit(TABLE, seed=1)
    assert fit.schema["rows"] == len(TABLE)
    assert fit.prior.trees.leaves.shape[0] == 0  # as of a table of 300 rows
    assert len(fit.sample(100, seed=1)) == 100


def test_looking_does_not_change_the_fit(gan):
    watched = ganbridge.fit(TABLE, seed=1, callbacks=[lambda state: state.sample(10) is None])
    assert watched.stopped == "callback"
    watched = ganbridge.fit(TABLE, seed=1, callbacks=[lambda state: bool(len(state.sample(10)))])
    pd.testing.assert_frame_equal(watched.sample(100, seed=1), gan.sample(100, seed=1))


def test_the_progress_line_has_no_loss_that_there_is_not(monkeypatch):
    monkeypatch.setattr(callbacks, "SECONDS_BETWEEN_UPDATES", 0.0)
    out = io.StringIO()
    out.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", out)
    ganbridge.fit(TABLE, seed=1, progress=True)
    assert "nan" not in out.getvalue()
    lines = out.getvalue().split("\r")[1:]
    assert lines[0].startswith("mixture 0/")  # from the first moment on, with what is left
    assert "s left" in lines[0]
    units = [line.split()[0] for line in lines]
    assert units == sorted(units)  # mixtures, then trees
    assert units[-1] == "tree"
    done = [line.count("#") for line in lines]
    assert done == sorted(done)
    assert "held-out loss 0." in out.getvalue()
    assert out.getvalue().endswith("\n")
    line = io.StringIO()
    ProgressLine(line)(State(100, 400, 100, float("nan"), 0.5, 3.0, lambda n: None))
    shown = "\rtree 100/400 [###########---------] held-out loss 0.500, at most 2 s left"
    assert line.getvalue().rstrip() == shown.rstrip()


def test_a_log_has_a_line_every_so_often(tmp_path):
    log = tmp_path / "log.txt"
    fit = ganbridge.fit(TABLE, seed=1, log=str(log))
    lines = log.read_text().splitlines()
    assert lines[0].startswith("tree 1/400 discriminator_loss 0.")
    assert len(lines) == 1 + fit.epochs // 20
    assert not any("nan" in line for line in lines)


def test_an_interrupt_while_boosting_returns_the_fit_as_it_stands():
    def interrupt(state: State) -> None:
        if state.epoch == 8:
            raise KeyboardInterrupt

    threads = torch.get_num_threads()
    fit = ganbridge.fit(TABLE, seed=1, callbacks=[interrupt])
    assert fit.stopped == "interrupted"
    assert "interrupted by the user" in str(fit)
    assert fit.epochs == 8
    assert len(fit.prior.trees) <= 8
    assert torch.get_num_threads() == threads
    back = ganbridge.from_bytes(fit.to_bytes())
    pd.testing.assert_frame_equal(back.sample(50, seed=1), fit.sample(50, seed=1))


def test_an_interrupt_before_it_is_an_interrupt(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(prior_fit, "choose", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ganbridge.fit(TABLE, seed=1)


def test_an_error_in_a_callback_comes_through():
    def broken(state: State) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        ganbridge.fit(TABLE, seed=1, callbacks=[broken])


# --- samples ----------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_fit_and_rows(gan):
    again = ganbridge.fit(TABLE, seed=1)
    pd.testing.assert_frame_equal(again.sample(300, seed=2), gan.sample(300, seed=2))
    assert not gan.sample(300, seed=3).equals(gan.sample(300, seed=2))
    assert not gan.sample(300).equals(gan.sample(300))
    other = ganbridge.fit(TABLE, seed=2)
    assert not other.sample(300, seed=2).equals(gan.sample(300, seed=2))


def test_a_saved_fit_is_the_same_fit(gan, tmp_path):
    gan.save(tmp_path / "gan")
    same = ganbridge.load(tmp_path / "gan")
    assert same.to_bytes() == gan.to_bytes()
    assert str(same) == str(gan)
    assert same.config == gan.config
    for given in (None, {"x": (0, 1), "group": {"a", "b"}}, {"z": None}):
        pd.testing.assert_frame_equal(same.sample(200, given=given, seed=2), gan.sample(200, given=given, seed=2))


GIVEN = {
    "nothing": None,
    "a level": {"group": "a"},
    "a range": {"x": (0.0, 1.5)},
    "several": {"group": "b", "x": (-1.0, 0.5), "z": None},
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_a_shorter_sample_is_the_beginning_of_a_longer_one(gan, given):
    longest = gan.sample(5000, given=given, seed=4)  # several blocks
    for n in (1, 7, 1000, 1100):
        pd.testing.assert_frame_equal(gan.sample(n, given=given, seed=4), longest[:n])


def test_blocks_are_drawn_anew(gan):
    sample = gan.sample(20_000, seed=4)
    assert sample["x"].nunique() > 19_900
    halves = sample["x"][:10_000], sample["x"][10_000:]
    assert abs(halves[0].mean() - halves[1].mean()) < 0.1


def test_one_row_and_a_hundred_thousand(gan):
    assert len(gan.sample(1, seed=1)) == 1
    many = gan.sample(100_000, seed=1)
    assert len(many) == 100_000
    assert many.index.tolist()[-1] == 99_999
    assert many.dtypes.equals(TABLE.dtypes)


def test_a_walk_goes_from_the_first_row_to_the_second(gan):
    walk, sample = gan.interpolate(9, seed=3), gan.sample(2, seed=3)
    pd.testing.assert_frame_equal(walk.iloc[[0, 8]].reset_index(drop=True), sample)
    assert walk.dtypes.equals(TABLE.dtypes)
    assert set(gan.interpolate(9, given={"group": "a"}, seed=3)["group"]) == {"a"}


def test_the_callers_random_state_stays(gan):
    torch.manual_seed(7)
    np.random.seed(7)  # noqa: NPY002
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    ganbridge.fit(TABLE[["x", "group"]], seed=1)
    gan.sample(10, seed=1)
    gan.impute(TABLE[:20], seed=1)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002


# --- what is given ----------------------------------------------------------------------------------------------------

DAY = pd.Timestamp("2024-02-20")


ASKED = [
    ({"group": "c"}, lambda s: s["group"] == "c"),
    ({"count": 3}, lambda s: s["count"] == 3),
    ({"x": 0.123456}, lambda s: s["x"] == 0.123456),  # no training row has it
    ({"y": 1.23}, lambda s: s["y"] == 1.23),
    ({"day": "2024-02-20"}, lambda s: s["day"] == DAY),
    ({"day": DAY}, lambda s: s["day"] == DAY),
    ({"day": datetime.date(2024, 2, 20)}, lambda s: s["day"] == DAY),
    ({"z": None}, lambda s: s["z"].isna()),
    ({"old": None}, lambda s: s["old"].isna()),
    ({"old": True}, lambda s: s["old"].fillna(False)),
    ({"group": {"a", "c"}}, lambda s: s["group"].isin(["a", "c"])),
    ({"count": {0, 9}}, lambda s: s["count"].isin([0, 9])),
    ({"x": {0.5, 0.50001, -2.0}}, lambda s: s["x"].isin([0.5, 0.50001, -2.0])),
    ({"z": {None, 0.25}}, lambda s: s["z"].isna() | (s["z"] == 0.25)),
    ({"x": (0.5, 1.0)}, lambda s: s["x"].between(0.5, 1.0)),
    ({"x": (0.50001, 0.50002)}, lambda s: s["x"].between(0.50001, 0.50002)),  # between two training rows
    ({"x": (2.5, np.inf)}, lambda s: s["x"] >= 2.5),
    ({"x": (2.5, 99.0)}, lambda s: s["x"].between(2.5, TABLE["x"].max())),
    ({"x": (None, -2.5)}, lambda s: s["x"] <= -2.5),
    ({"count": (2, 3)}, lambda s: s["count"].isin([2, 3])),
    ({"count": (3, 3)}, lambda s: s["count"] == 3),
    ({"z": (0.0, 1.0)}, lambda s: s["z"].between(0.0, 1.0)),
    ({"size": ("s", "m")}, lambda s: s["size"].isin(["s", "m"])),
    ({"size": (None, "s")}, lambda s: s["size"] == "s"),
    ({"day": ("2024-02-01", "2024-02-10")}, lambda s: s["day"].between("2024-02-01", "2024-02-10")),
    (
        {"group": "a", "x": (-2.0, -1.5), "count": {2, 5}, "z": None},
        lambda s: (s["group"] == "a") & s["x"].between(-2, -1.5) & s["count"].isin([2, 5]) & s["z"].isna(),
    ),
    ({"group": "a", "x": (2.5, 2.9)}, lambda s: (s["group"] == "a") & s["x"].between(2.5, 2.9)),  # never together
]


@pytest.mark.parametrize(
    ("given", "holds"), ASKED, ids=[f"{i}: {' and '.join(given)}" for i, (given, _) in enumerate(ASKED)]
)
def test_all_rows_are_as_was_asked(gan, given, holds):
    sample = gan.sample(1500, given=given, seed=5)
    assert len(sample) == 1500
    assert sample.dtypes.equals(TABLE.dtypes)
    assert holds(sample).all()
    if len(given) == 1 and isinstance(next(iter(given.values())), set):
        assert sample[next(iter(given))].nunique(dropna=False) == len(next(iter(given.values())))


def test_values_row_by_row(gan):
    rng = np.random.default_rng(3)
    x, group = rng.uniform(-2.5, 2.5, 400), np.array(["a", "b", "c"])[np.arange(400) % 3]
    sample = gan.sample(400, given={"x": x, "group": group}, seed=5)
    assert sample["x"].tolist() == x.tolist()
    assert sample["group"].tolist() == group.tolist()
    sample = gan.sample(400, given=pd.DataFrame({"x": x}), seed=5)
    assert sample["x"].tolist() == x.tolist()
    assert np.corrcoef(sample["y"], np.sin(x))[0, 1] > 0.9
    assert sample.equals(gan.sample(400, given={"x": x}, seed=5))
    sample = gan.sample(400, given={"x": x, "count": 3, "z": [None, 0.5] * 200}, seed=5)
    assert set(sample["count"]) == {3}
    assert sample["z"].isna().tolist() == [True, False] * 200
    assert set(sample["z"][1::2]) == {0.5}


def test_numbers_within_a_range_are_distributed_as_in_the_data(gan):
    sample = gan.sample(4000, given={"x": (0.2, 2.6)}, seed=5)
    shares = np.histogram(sample["x"], np.linspace(0.2, 2.6, 7))[0] / 4000
    real = np.histogram(TABLE["x"], np.linspace(0.2, 2.6, 7))[0] / TABLE["x"].between(0.2, 2.6).sum()
    assert np.abs(shares - real).max() < 0.06


# --- dependence -------------------------------------------------------------------------------------------------------


def dependence(rows: pd.DataFrame) -> dict[str, float]:
    """How far rows are from what known_table's columns say of each other."""
    bins = np.digitize(rows["x"], np.linspace(-2.5, 2.5, 11))
    mean = rows["y"].groupby(bins).mean() - 3 * np.sin(rows["x"]).groupby(bins).mean()
    group = rows["group"].astype(str)
    missing = rows["z"].isna().groupby(group).mean()
    days = (rows["day"] - pd.Timestamp("2024-01-01")).dt.days
    return {
        "y given x": float(mean.abs().mean()),
        "group given x": float(1.0 - ((rows["x"] > 1.5) == (group == "c"))[np.abs(rows["x"] - 1) > 0.6].mean()),
        "missing given group": abs(missing["c"] - 0.8) + abs(missing["a"] - 0.05),
        "day given y": float(1.0 - np.corrcoef(days, rows["y"])[0, 1]),
    }


LIMITS = {"y given x": 0.4, "group given x": 0.08, "missing given group": 0.15, "day given y": 0.1}


def test_the_sample_keeps_what_columns_say_of_each_other(gan):
    found = dependence(gan.sample(5000, seed=6))
    assert {name: value for name, value in found.items() if value > LIMITS[name]} == {}


def test_independent_columns_would_not():
    rng = np.random.default_rng(1)
    shuffled = pd.DataFrame({name: TABLE[name].to_numpy()[rng.permutation(N)] for name in TABLE})
    assert all(value > 1.5 * LIMITS[name] for name, value in dependence(shuffled).items())


def test_given_columns_bring_the_others_with_them(gan):
    high = gan.sample(2000, given={"x": (1.4, 1.8)}, seed=7)
    assert high["y"].mean() == pytest.approx(3.0, abs=0.35)
    assert (high["group"] == "c").mean() > 0.8
    back = gan.sample(2000, given={"z": None, "day": (None, "2024-03-01")}, seed=7)
    assert back["y"].mean() < 0.5
