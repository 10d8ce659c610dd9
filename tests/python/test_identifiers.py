"""Columns that name rows: which are recognised, what comes back instead, and what neither samples nor files hold."""

import json

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge.data import from_python
from ganbridge.encode.identifiers.columns import Identifier
from ganbridge.encode.identifiers.making import made_up
from ganbridge.encode.identifiers.pattern import Pattern, pattern_of
from ganbridge.encode.identifiers.recognition import row_names

ROWS = 600
FEW = {"epochs": 2}
RNG = np.random.default_rng(13)


def word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list("bdfgklmnprstvz")) + rng.choice(list("aeiou")) for _ in range(rng.integers(2, 4)))


def people(n: int, seed: int = 1) -> pd.DataFrame:
    """People with names, addresses and numbers of their own, and what is known about them."""
    rng = np.random.default_rng(seed)
    names = set()
    while len(names) < n:
        names.add(f"{word(rng).capitalize()} {word(rng).capitalize()}")
    names = rng.permutation(sorted(names)).tolist()
    age = rng.integers(18, 80, n)
    income = np.round(8000 + 500 * age + rng.lognormal(9.0, 0.5, n), 2)
    return pd.DataFrame(
        {
            "name": names,
            "mail": [f"{name.lower().replace(' ', '.')}{i % 90}@post.example" for i, name in enumerate(names)],
            "card": [" ".join(f"{part:04d}" for part in row) for row in rng.integers(0, 10_000, (n, 4))],
            "number": rng.permutation(n) + 1,
            "phone": rng.choice(90_000_000, n, replace=False) + 10_000_000,
            "age": age,
            "income": income,
            "sex": rng.choice(["f", "m"], n),
            "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**7, n), "s"),
        }
    )


NAMING = ["name", "mail", "card", "number", "phone"]
PEOPLE = people(ROWS)


@pytest.fixture(scope="module")
def fits():
    gapped = PEOPLE.assign(name=PEOPLE["name"].where(PEOPLE.index % 4 > 0), mail=PEOPLE["mail"].astype("category"))
    return {
        "mixture": ganbridge.fit(gapped, seed=1),
        "networks": ganbridge.fit(gapped, seed=1, trace=1, **FEW),
        "conditional": ganbridge.fit(gapped, seed=1, condition=["sex", "age"], **FEW),
    }


# --- recognition ------------------------------------------------------------------------------------------------------


def test_ids_names_and_addresses_are_recognised():
    for seed in range(3):
        assert row_names(from_python(people(200, seed)).columns) == NAMING


def test_measurements_times_and_counts_are_no_identifiers():
    rng = np.random.default_rng(2)
    n = 500
    frame = pd.DataFrame(
        {
            "income": rng.lognormal(10.0, 0.6, n).round(),
            "salary": rng.choice(80_000, n, replace=False) + 12_000,
            "price": rng.normal(10.0, 3.0, n),
            "stamp": 1_600_000_000 + np.sort(rng.choice(10_000_000, n, replace=False)),
            "milliseconds": 1_600_000_000_000 + rng.choice(10**10, n, replace=False),
            "visits": rng.poisson(900, n),
            "year": np.arange(n) + 1500,
            "level": rng.choice([f"level {i}" for i in range(100)], n),
            "day": pd.date_range("2020-01-01", periods=n),
        }
    )
    frame["trend"] = frame["year"] + rng.normal(0.0, 50.0, n)
    assert row_names(from_python(frame).columns) == []


def test_an_id_is_recognised_by_its_name_if_rows_are_in_order():
    frame = pd.DataFrame({"patient_id": np.arange(100) + 1, "kind": np.repeat(["a", "b"], 50)})
    assert row_names(from_python(frame).columns) == ["patient_id"]
    assert row_names(from_python(frame.rename(columns={"patient_id": "width"})).columns) == []


def test_columns_of_real_data_are_no_identifiers():
    datasets = pytest.importorskip("sklearn.datasets")
    for name in ("iris", "wine", "breast_cancer", "diabetes", "linnerud"):
        frame = getattr(datasets, f"load_{name}")(as_frame=True)
        assert row_names(from_python(frame.data).columns) == [], name


# --- made-up values ---------------------------------------------------------------------------------------------------

TEXTS = {
    "names": PEOPLE["name"].tolist(),
    "addresses": PEOPLE["mail"].tolist(),
    "cards": PEOPLE["card"].tolist(),
    "short codes": [f"P{i}" for i in RNG.permutation(9000)[:ROWS] + 1000],
    "hexadecimal": [
        "{:08x}-{:04x}".format(*row) for row in zip(RNG.integers(2**32, size=ROWS), range(ROWS), strict=True)
    ],
    "sentences": [" ".join(word(RNG) for _ in range(RNG.integers(3, 12))).capitalize() + "." for _ in range(ROWS)],
    "few": list("abcdefghij"),
    "other letters": [f"Ж{chr(1072 + i % 32)}{i}é" for i in range(ROWS)],
}


@pytest.mark.parametrize("kind", TEXTS)
def test_made_up_values_differ_from_each_other_and_from_all_real_ones(kind):
    pattern = pattern_of(TEXTS[kind], 10, np.random.default_rng(1))
    values = made_up(pattern, 20_000, [1, 2])
    assert len(set(values)) == 20_000
    assert not set(values) & set(TEXTS[kind])
    assert made_up(pattern, 300, [1, 2]).tolist() == values[:300].tolist()
    assert made_up(pattern, 300, [2, 2]).tolist() != values[:300].tolist()
    state = json.dumps(pattern.to_state())
    assert Pattern.from_state(json.loads(state)) == pattern
    assert not any(value in state for value in TEXTS[kind] if len(value) > 3)


def test_made_up_values_look_like_real_ones():
    for kind, wanted in (
        ("names", r"[A-Z][a-z]{3,5} [A-Z][a-z]{3,5}"),
        ("addresses", r"[a-z]{4,6}\.[a-z]{4,6}\d{1,2}@post\.example"),
        ("cards", r"\d{4} \d{4} \d{4} \d{4}"),
        ("short codes", r"P\d{4,}"),
        ("hexadecimal", r"[0-9a-f]{8}-[0-9a-f]{4}"),
        ("sentences", r"[A-Z][a-z]+( [a-z]+)+\."),
    ):
        values = pd.Series(made_up(pattern_of(TEXTS[kind], 10, np.random.default_rng(1)), 400, [3]))
        assert values.str.fullmatch(wanted).all(), kind


def test_a_literal_text_is_kept_only_if_nearly_all_rows_have_it():
    half = [f"{'AB' if i % 2 else 'CD'}-{i:05d}" for i in RNG.permutation(90_000)[:ROWS]]
    values = pd.Series(made_up(pattern_of(half, 10, np.random.default_rng(1)), 200, [3]))
    assert values.str.fullmatch(r"[A-Z]{2}-\d{5,}").all()
    assert values.str[:2].nunique() > 50


LONG = {
    "16 digits": (4 * 10**15, 5 * 10**15),
    "16 digits from all there are": (10**15, 2**53),
    "15 digits": (10**14, 10**15),
    "near 2^53": (2**53 - 10**7, 2**53),
    "nearly numbered through below 2^53": (2**53 - 600, 2**53),
}


@pytest.mark.parametrize("kind", LONG)
def test_long_numbers_are_made_up_exactly(kind):
    low, high = LONG[kind]
    values = low + np.random.default_rng(5).choice(high - low, 500, replace=False)
    column = from_python(pd.DataFrame({"v": values})).columns[0]
    identifier = Identifier.fit(0, column, 10, np.random.default_rng(1))
    one, many = (identifier.column(n, 3).values.astype(np.int64) for n in (1, 100_000))
    assert len(np.unique(many)) == 100_000
    assert many[0] == one[0]
    assert not np.isin(many, values).any()
    assert many.min() >= 0
    assert many.max() <= 2**53
    assert {len(str(value)) for value in many.tolist()} == {len(str(low))}


def test_card_numbers_are_made_up_in_samples():
    rng = np.random.default_rng(5)
    cards = pd.DataFrame({"v": rng.integers(4 * 10**15, 5 * 10**15, 500), "y": rng.normal(0.0, 1.0, 500)})
    sample = ganbridge.fit(cards, seed=1, **FEW).sample(300, seed=2)
    assert sample["v"].is_unique
    assert sample["v"].between(4 * 10**15, 5 * 10**15).all()
    assert not set(sample["v"]) & set(cards["v"])


def test_a_fit_refuses_numbers_without_room_for_new_ones():
    ids = pd.DataFrame({"id": np.arange(1, 128, dtype="int8"), "y": np.random.default_rng(1).normal(size=127)})
    with pytest.raises(ValueError, match=r'column "id" of `data`.* room for new numbers up to 127. Turn it into text'):
        ganbridge.fit(ids, seed=1)


# --- fits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["mixture", "networks", "conditional"])
def test_samples_have_made_up_identifiers(fits, kind):
    gan = fits[kind]
    sample = gan.sample(2000, seed=3)
    assert sample.columns.tolist() == PEOPLE.columns.tolist()
    assert sample["mail"].dtype == "category"
    for name in NAMING:
        values = sample[name].dropna()
        assert values.is_unique
        assert not set(values) & set(PEOPLE[name])
    assert abs(sample["name"].isna().mean() - 0.25) < 0.05
    first = gan.sample(50, seed=3)
    assert first.astype({"mail": str}).equals(sample.head(50).astype({"mail": str}))
    again = ganbridge.from_bytes(gan.to_bytes())
    assert again.to_bytes() == gan.to_bytes()
    assert again.sample(50, seed=3).equals(first)
    assert str(again) == str(gan)
    assert "identifiers" in str(gan)
    assert gan.interpolate(5, seed=3).shape == (5, len(PEOPLE.columns))
    assert '"name" (made up: ' in gan.messages[0]
    assert ("name", None, 0.25) in [(name, level, round(share, 2)) for name, level, share in gan.shares()]


def test_a_trace_has_identifiers_too(fits):
    traced = fits["networks"].trace.samples[0]
    assert traced.columns.tolist() == PEOPLE.columns.tolist()
    assert not set(traced["card"]) & set(PEOPLE["card"])


def test_imputation_keeps_identifiers_and_makes_up_missing_ones(fits):
    rows = PEOPLE.head(4).assign(income=np.nan)
    rows.loc[1, "card"] = None
    filled = fits["mixture"].impute(rows, m=1, seed=1)[0]
    assert filled["number"].tolist() == rows["number"].tolist()
    assert filled["card"].tolist()[2:] == rows["card"].tolist()[2:]
    assert filled["card"][1] not in set(PEOPLE["card"])
    assert filled["income"].notna().all()
    density = fits["mixture"].log_density(PEOPLE.head(3))
    assert density.tolist() == fits["mixture"].log_density(PEOPLE.head(3).drop(columns=NAMING)).tolist()


def test_roles_decide():
    roles = {"number": "drop", "name": "category", "phone": "number", "age": "identifier"}
    gan = ganbridge.fit(PEOPLE, seed=1, config=ganbridge.Config(roles=roles), **FEW)
    sample = gan.sample(300, seed=1)
    assert "number" not in sample
    assert set(sample["name"]) <= set(PEOPLE["name"])
    assert sample["age"].is_unique
    assert "left out        number" in str(gan).replace("       number", "        number")
    assert gan.config.roles == roles


def test_evaluations_count_identifiers_as_copied_values_only(fits):
    pytest.importorskip("sklearn")
    report = ganbridge.evaluate(fits["mixture"], PEOPLE)
    table = report.to_frame()
    of_names = table[table["column"].isin(NAMING)]
    assert set(of_names["metric"]) == {"copied values"}
    assert (of_names["value"] == 0.0).all()


SECRET = 1e7


@pytest.mark.parametrize("kind", ["mixture", "networks", "conditional"])
def test_planted_secrets_are_nowhere(kind):
    data = people(1000, seed=5)
    data.loc[77, "income"] = SECRET
    arguments = {"mixture": {}, "networks": {"trace": 1, **FEW}, "conditional": {"condition": ["sex", "income"], **FEW}}
    gan = ganbridge.fit(data, seed=1, **arguments[kind])
    stored = gan.to_bytes()
    printed = "\n".join([str(gan), *gan.messages, *gan.diagnosis, json.dumps(gan.schema)])
    sample = gan.sample(100_000, seed=2)
    assert sample["income"].max() < SECRET / 10
    for name in NAMING:
        assert not set(sample[name]) & set(data[name])
    numbers = [*data["phone"].tolist(), SECRET]
    for forms in ("<f4", "<f8", "<i8"):
        assert not any(np.array([value], dtype=forms).tobytes() in stored for value in numbers)
    for value in [*data["name"], *data["mail"], *data["card"], *map(str, numbers), "10000000"]:
        assert value not in printed
        assert value.encode() not in stored
        assert value.encode("utf-16-le") not in stored


def test_six_digits_that_lie_evenly_are_ids_and_amounts_are_none():
    rng = np.random.default_rng(3)
    other = rng.normal(size=400)
    ids = rng.choice(900_000, 400, replace=False) + 100_000
    amounts = np.unique(np.exp(rng.normal(12.8, 0.3, 2000)).round().clip(100_000, 999_999))[:400]
    for values, expected in ((ids, ["n"]), (rng.permutation(amounts), [])):
        columns = from_python(pd.DataFrame({"n": values, "x": other[: len(values)]})).columns
        assert row_names(columns) == expected


def test_ids_without_room_for_new_ones_are_refused_before_the_fit():
    rows = pd.DataFrame({"id": np.arange(1, 101, dtype=np.int8), "x": np.random.default_rng(1).normal(size=100)})
    with pytest.raises(ValueError, match=r'column "id" .* must leave room for new numbers up to 127'):
        ganbridge.fit(rows, seed=1)


def test_a_matrix_with_ids_says_so():
    rows = np.column_stack([np.arange(1.0, 101.0), np.random.default_rng(1).normal(size=(100, 2))])
    gan = ganbridge.fit(rows, seed=1)
    assert any(text.startswith('Column "1" of `data` seems to name rows') for text in gan.messages)
    assert (
        ganbridge.fit(rows[:, 1:], epochs=1, seed=1).messages == ganbridge.fit(rows[:, 1:], epochs=1, seed=1).messages
    )
