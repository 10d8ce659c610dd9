"""Kinds of data: which data each takes, how they see and name their rows, and what the rooms above find by them."""

import numpy as np
import pytest

import ganbridge
from ganbridge import Config
from ganbridge.data import Array, Column, Frame, Matrix, Schema
from ganbridge.data.array import ragged
from ganbridge.kinds import KINDS, Kind, accept
from ganbridge.recipes import Grid

RNG = np.random.default_rng(3)
TABLE, WAVE, IMAGE = (KINDS[name] for name in ("table", "wave", "image"))
FORMS = {
    "frame": Frame([Column("x", "double", RNG.normal(size=6)), Column("g", "logical", np.ones(6))]),
    "matrix": Matrix(RNG.normal(size=(6, 9))),
    "array of 3": Array(RNG.uniform(size=(6, 8, 9))),
    "array of 4": Array(RNG.uniform(size=(6, 8, 9, 3))),
    "ragged": ragged([RNG.normal(size=5 + i) for i in range(6)]),
}


def test_kinds_are_found_by_their_files_in_order():
    assert list(KINDS) == ["table", "wave", "image"]
    for name, kind in KINDS.items():
        assert isinstance(kind, Kind)
        assert (kind.name, kind.encoder.kind) == (name, name)
        assert type(kind).__module__ == f"ganbridge.kinds.{name}"


@pytest.mark.parametrize(
    ("form", "kinds", "default"),
    [
        ("frame", {"table"}, "table"),
        ("matrix", {"table", "wave"}, "table"),
        ("array of 3", {"wave", "image"}, None),
        ("array of 4", {"image"}, "image"),
        ("ragged", {"wave"}, None),
    ],
)
def test_every_form_of_data_is_taken_by_its_kinds_and_claimed_by_one_at_most(form, kinds, default):
    data = FORMS[form]
    assert {name for name, kind in KINDS.items() if kind.takes(data)} == kinds
    assert [name for name, kind in KINDS.items() if kind.claims(data)] == ([default] if default else [])
    for name in kinds:
        assert accept(data, name) == (KINDS[name], data)
    if default is None:
        with pytest.raises(ValueError, match=r'^`kind` must be "'):
            accept(data, "auto")
    else:
        assert accept(data, "auto")[0] is KINDS[default]
    for name in set(KINDS) - kinds:
        with pytest.raises((TypeError, ValueError), match=r"^`(kind|real)` must (be|have) "):
            accept(data, name, "real")


def test_data_and_kind_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match=r'^`kind` must be "image" or "wave" for an array of 3 dimensions, not "auto"'):
        accept(FORMS["array of 3"], "auto")
    with pytest.raises(ValueError, match=r'^`kind` must be "image" for an array of 4 dimensions, not "table"\.$'):
        accept(FORMS["array of 4"], "table")
    with pytest.raises(TypeError, match=r'^`real` must have .* for kind "wave": numbers, .* not the type logical'):
        accept(FORMS["frame"], "wave", "real")
    with pytest.raises(TypeError, match=r'^`data` must be .* for kind "image", not a list of length 6\.'):
        accept(FORMS["ragged"], "image")


def test_waves_in_a_frame_are_a_matrix_that_becomes_a_frame_again():
    values = RNG.normal(size=(5, 3))
    frame = Frame([Column(name, "double", values[:, i], "float64") for i, name in enumerate("abc")])
    kind, data = accept(frame, "wave")
    assert kind is WAVE
    assert isinstance(data, Matrix)
    assert (data.names, data.like, data.dtype) == (["a", "b", "c"], "", "float64")
    np.testing.assert_array_equal(data.take([0, 2]).to_python(), frame.to_python().to_numpy()[[0, 2]])
    assert list(data.first(2).to_python()) == ["a", "b", "c"]


def test_waves_of_equal_length_are_an_array():
    kind, data = accept(ragged([np.ones((4, 2)), np.zeros((4, 2))]), "wave")
    assert isinstance(data, Array)
    assert data.values.shape == (2, 4, 2)
    assert isinstance(accept(ragged([np.ones(4), np.zeros(4)]), kind.name)[1], Matrix)


def test_only_waves_have_a_rate():
    assert WAVE.rate(250) == 250.0
    for kind in (TABLE, IMAGE):
        with pytest.raises(ValueError, match=f'`rate` must be left out for kind "{kind.name}", not 250. Only waves'):
            kind.rate(250)
    with pytest.raises(ValueError, match="`rate` must be a number above 0, not 0"):
        WAVE.rate(0)


def test_what_tells_where_rows_lie():
    values = np.arange(12.0).reshape(2, 6) + 1 / 3
    frame = Frame([Column(name, "double", values[:, i]) for i, name in enumerate(["eruptions", "waiting"])])
    assert TABLE.summaries(frame) is frame.columns
    assert [column.name for column in TABLE.summaries(Matrix(values[:, :2]))] == ["column 1", "column 2"]
    mean, deviation = WAVE.summaries(Matrix(values))
    np.testing.assert_allclose(mean.values, values.mean(1))
    np.testing.assert_allclose(deviation.values, values.std(1))
    images = FORMS["array of 3"]
    mean, deviation = IMAGE.summaries(images)
    np.testing.assert_allclose(mean.values, images.values.mean((1, 2)), rtol=1e-6)
    np.testing.assert_allclose(deviation.values, images.values.std((1, 2)), rtol=1e-6)


def test_data_in_words():
    assert TABLE.describe(Schema("matrix", 1200), 1, None) == "1,200 rows x 1 column"
    assert TABLE.describe(Schema("matrix", 5, list("abcdefg")), 7, None) == "5 rows x 7 columns (a, b, c, d, e, f, ...)"
    assert WAVE.describe(Schema("array", 40, shape=[50, 3]), 150, 128.0) == (
        "40 waves of 50 points x 3 channels, 128 points per second"
    )
    assert WAVE.describe(Schema("ragged", 40, lengths=[5, 50], channels=1), 51, None) == "40 waves of 5 to 50 points"
    assert IMAGE.describe(Schema("array", 60, shape=[8, 9]), 72, None) == "60 images of 8 x 9"


def test_the_diagnosis_uses_components_of_waves_and_blocks_of_images():
    rows = RNG.normal(size=(30, 64))
    assert TABLE.view(rows, rows, None) is rows
    assert WAVE.view(rows, rows, None) is rows  # components already
    wave = np.sin(np.arange(64) / 5.0) * RNG.normal(size=(200, 1)) + 0.01 * RNG.normal(size=(200, 64))
    assert WAVE.view(rows, wave, Grid((64,))).shape == (30, 1)
    blocks = IMAGE.view(rows, rows, Grid((8, 8)))
    assert blocks.shape == (30, 16)
    np.testing.assert_allclose(blocks[0, 0], rows[0].reshape(8, 8)[:2, :2].mean())


@pytest.mark.parametrize(
    ("form", "kind", "settings"),
    [
        ("matrix", "table", {"network": "convolutional"}),
        ("ragged", "wave", {"network": "convolutional"}),
        ("matrix", "table", {"scaling": "components"}),
        ("array of 3", "image", {"pack": 7}),
    ],
)
def test_settings_that_the_data_do_not_allow_are_refused_before_any_work(form, kind, settings, monkeypatch):
    def encoded(self, data, config):
        pytest.fail("encoded before the error")

    monkeypatch.setattr(Kind, "fit_encoder", encoded)
    data = FORMS[form].to_python()
    with pytest.raises(ValueError, match=f"^`{next(iter(settings))}` must be "):
        ganbridge.fit(data, kind=kind, config=Config(**settings))


@pytest.mark.parametrize(
    ("rows", "columns", "prior"),
    [(50, 3, "mixture"), (49, 3, "normal"), (50, 2000, "mixture"), (50, 2001, "normal"), (50, 2, "normal")],
)
def test_the_prior_of_a_table_goes_by_its_size(rows, columns, prior):
    assert TABLE.prior(Matrix(RNG.normal(size=(rows, columns))), Config()) == prior
