"""The command line: what it writes and prints, and how it ends."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge.command import main
from ganbridge.command.outcome import CODES

RNG = np.random.default_rng(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A table as people.csv, and a model of it as people.gan."""
    folder = tmp_path_factory.mktemp("command")
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], 200),
            "age": rng.integers(18, 90, 200),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, 200), unit="D"),
            "weight": np.where(rng.random(200) < 0.2, np.nan, rng.normal(70, 9, 200).round(1)),
        }
    )
    table.to_csv(folder / "people.csv", index=False)
    assert main(["fit", str(folder / "people.csv"), "--seed", "1", "-o", str(folder / "people.gan"), "--json"]) == 0
    return folder


@pytest.fixture
def run(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)

    def run(*arguments, code=0):
        capsys.readouterr()
        assert main([str(argument) for argument in arguments]) == code
        return capsys.readouterr()

    return run


def test_a_fit_is_that_of_the_function(folder):
    gan = ganbridge.fit(folder / "people.csv", seed=1)
    assert (folder / "people.gan").read_bytes() == gan.to_bytes()


def test_rows_are_those_of_the_function(folder, run):
    gan = ganbridge.load(folder / "people.gan")
    run("sample", "people.gan", "-n", 300, "--seed", 2, "--out", "new.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet("new.parquet"), gan.sample(300, seed=2))
    printed = run("sample", "people.gan", "-n", 5, "--seed", 2).out
    assert printed == gan.sample(5, seed=2).to_csv(index=False)
    facts = json.loads(run("sample", "people.gan", "-n", 2, "--seed", 2, "--json").out)
    assert facts["rows"]["sex"] == gan.sample(2, seed=2)["sex"].tolist()
    assert facts["code"] == 0


def test_given_has_values_ranges_sets_and_missing_values_of_the_columns_types(run):
    asked = ["--given", "sex=f", "--given", "age=60..80", "--given", "day=2024-02-01..2024-03-01"]
    run("sample", "people.gan", "-n", 50, "--seed", 1, *asked, "--out", "new.csv")
    new = pd.read_csv("new.csv", parse_dates=["day"])
    assert set(new["sex"]) == {"f"}
    assert new["age"].between(60, 80).all()
    assert new["day"].between("2024-02-01", "2024-03-01").all()
    run(
        "sample",
        "people.gan",
        "-n",
        50,
        "--given",
        "weight=",
        "--given",
        "age=20",
        "--given",
        "age=30",
        "-o",
        "new.csv",
    )
    new = pd.read_csv("new.csv")
    assert new["weight"].isna().all()
    assert set(new["age"]) == {20, 30}
    for text in ("age=old", "color=red", "sex", "day=monday"):
        assert "--given" in run("sample", "people.gan", "--given", text, code=2).err


def test_missing_values_are_filled_in(run):
    run("impute", "people.gan", "people.csv", "-m", 2, "--seed", 1, "-o", "full.csv")
    table = pd.read_csv("people.csv")
    for i in (1, 2):
        full = pd.read_csv(f"full-{i}.csv")
        assert not full.isna().any().any()
        present = table["weight"].notna()
        pd.testing.assert_series_equal(full["weight"][present], table["weight"][present])


def test_an_evaluation_prints_and_writes_what_the_function_finds(folder, run):
    pytest.importorskip("sklearn")
    found = ganbridge.evaluate(ganbridge.load("people.gan"), "people.csv", seed=1)
    assert run("evaluate", "people.gan", "people.csv", "--seed", 1, "-o", "metrics.csv").out == f"{found}\n"
    assert pd.read_csv("metrics.csv")["metric"].tolist() == found.to_frame()["metric"].tolist()
    pd.DataFrame({"sex": ["f"] * 100, "age": 18, "day": "2024-01-01", "weight": 70.0}).to_csv("bad.csv", index=False)
    facts = json.loads(run("evaluate", "bad.csv", "people.csv", "--strict", "--json", code=5).out)
    assert facts["code"] == 5
    assert "poor" in facts["metrics"]["verdict"]


def test_a_report_is_written(folder, run, monkeypatch):
    pages = []
    monkeypatch.setattr("ganbridge.evaluation.reporting.report_page", lambda *a: pages.append(a) or b"page")
    run("report", "people.gan", "people.csv", "--seed", 1, "--target", "sex", "-o", "new.html")
    assert (folder / "new.html").read_bytes() == b"page"
    (gan, real, holdout, target, seed) = pages[0]
    assert (gan.seed, real.rows, holdout, target, seed) == (1, 200, None, "sex", 1)


def test_info_shows_the_fit(run):
    printed = run("info", "people.gan").out
    assert printed.startswith("<ganbridge fit> table: 200 rows x 4 columns")
    facts = json.loads(run("info", "people.gan", "--json").out)
    assert facts["schema"]["names"] == ["sex", "age", "day", "weight"]


def test_settings_come_from_a_file_and_from_options_which_come_after(folder, run):
    (folder / "people.toml").write_text('seed = 7\nsteps = 20\nmembers = 1\nroles = { age = "drop" }\n')
    facts = json.loads(
        run("fit", "people.csv", "-o", "x.gan", "--config", "people.toml", "--set", "members=2", "--json").out
    )
    gan = ganbridge.load("x.gan")
    assert facts["seed"] == gan.seed == 7
    assert gan.config.members == 2
    assert dict(gan.config.roles) == {"age": "drop"}
    run("fit", "people.csv", "-o", "y.gan", "--seed", 8, "--steps", 10, "--config", "people.toml")
    assert ganbridge.load("y.gan").seed == 8
    (folder / "bad.toml").write_text("seed = = 7")
    assert "bad.toml" in run("fit", "people.csv", "-o", "x.gan", "--config", "bad.toml", code=2).err
    assert "colour" in run("fit", "people.csv", "-o", "x.gan", "--set", "colour=1", code=2).err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["fit", "none.csv", "-o", "x.gan"], 3),
        (["fit", "people.csv", "-o", "no/folder/x.gan"], 3),
        (["fit", "people.csv", "-o", "x.gan", "--condition", "color"], 2),
        (["fit", "people.csv"], 2),
        (["sample", "people.csv"], 3),
        (["sample", "people.gan", "-n", "0"], 2),
        (["sample", "people.gan", "-o", "x.xls"], 2),
        (["dance"], 2),
    ],
)
def test_exit_codes_say_what_went_wrong(run, arguments, code):
    said = run(*arguments, code=code)
    assert said.err.strip()
    assert "Traceback" not in said.err
    assert code in CODES


def test_errors_are_json_too(run):
    found = json.loads(run("fit", "none.csv", "-o", "x.gan", "--json", code=3).out)
    assert found["code"] == 3
    assert "none.csv" in found["error"]


def test_an_interrupted_fit_is_saved_and_has_its_own_code(run, monkeypatch):
    from ganbridge.training.run import Run

    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "train", interrupted)
    assert "interrupted" in run("fit", "people.csv", "-o", "z.gan", "--epochs", 5, code=130).err


def test_a_fit_goes_on_from_its_checkpoint(run):
    ganbridge.fit("people.csv", epochs=4, stop_after=2, seed=1, checkpoint="under-way.gan")
    run("fit", "people.csv", "--out", "whole.gan", "--checkpoint", "under-way.gan", "--resume")
    gan = ganbridge.load("whole.gan")
    assert (gan.epochs, gan.stopped) == (4, "budget")
    pd.testing.assert_frame_equal(
        gan.sample(9, seed=1), ganbridge.fit("people.csv", epochs=4, seed=1).sample(9, seed=1)
    )
    assert "--checkpoint" in run("fit", "people.csv", "--out", "whole.gan", "--resume", code=2).err
    run("fit", "people.csv", "--out", "new.gan", "--checkpoint", "not-yet.gan", "--resume", "--epochs", 2, "--seed", 1)
    assert ganbridge.load("not-yet.gan").epochs == 2


def test_shells_complete_commands():
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0


def test_python_runs_the_package_without_loading_torch_for_help():
    code = "import sys; from ganbridge.command import main; main(['fit', '--help']); assert 'torch' not in sys.modules"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "Rscript -e" in found.stdout
    found = subprocess.run([sys.executable, "-m", "ganbridge", "--version"], capture_output=True, text=True)
    assert ganbridge.__version__ in found.stdout
