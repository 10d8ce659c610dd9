"""Identifiers are recognised and made up alike from R and from Python."""

import numpy as np
import pandas as pd

import ganbridge

ROWS = 120
INDEX = np.arange(ROWS)
FRAME = pd.DataFrame(
    {
        "id": [f"P{value:05d}" for value in INDEX * 7919 % 99991],
        "number": (INDEX * 37 % ROWS + 1).astype("int32"),
        "name": [
            f"{'ABCDE'[i % 5]}nna {'QRSTU'[i // 5 % 5]}{'bcd'[i // 25 % 3]}{'xyz'[i % 3]}o{i // 75}" for i in INDEX
        ],
        "height": np.sqrt(INDEX * 53 % 97),
        "sex": ["f", "m"] * (ROWS // 2),
    }
)
IN_R = """
i <- 0:119
frame <- data.frame(
  id = sprintf("P%05d", (i * 7919) %% 99991), number = as.integer((i * 37) %% 120 + 1),
  name = paste0(
    strsplit("ABCDE", "")[[1]][i %% 5 + 1], "nna ", strsplit("QRSTU", "")[[1]][i %/% 5 %% 5 + 1],
    c("b", "c", "d")[i %/% 25 %% 3 + 1], c("x", "y", "z")[i %% 3 + 1], "o", i %/% 75
  ),
  height = sqrt((i * 53) %% 97), sex = c("f", "m")
)
"""


def test_identifiers_are_the_same(r):
    r(IN_R)
    r("fit <- suppressMessages(gan_fit(frame, seed = 3)); s <- gan_sample(fit, 40, seed = 5)")
    gan = ganbridge.fit(FRAME, seed=3)
    sample = gan.sample(40, seed=5)
    assert list(r("fit$identifiers")) == gan.identifiers.words()
    assert [str(name) for name in gan.identifiers.names] == ["id", "number", "name"]
    for name in ("id", "name", "sex"):
        assert list(r(f"s${name}")) == sample[name].tolist()
    for name in ("number", "height"):
        assert np.array(r(f"as.double(s${name})")).tobytes() == sample[name].to_numpy(dtype=float).tobytes()
    from_r = ganbridge.from_bytes(bytes(r("fit$model")))
    assert from_r.identifiers.to_state() | {"columns": []} == gan.identifiers.to_state() | {"columns": []}
    assert from_r.sample(40, seed=5)["id"].tolist() == sample["id"].tolist()


def test_roles_are_the_same(r):
    r(IN_R)
    r("roles <- list(id = 'drop', number = 'number', name = 'category')")
    r("fit <- gan_fit(frame, epochs = 2, seed = 3, config = gan_config(roles = roles))")
    roles = {"id": "drop", "number": "number", "name": "category"}
    gan = ganbridge.fit(FRAME, epochs=2, seed=3, config=ganbridge.Config(roles=roles))
    sample = gan.sample(20, seed=5)
    assert list(r("names(gan_sample(fit, 20, seed = 5))")) == sample.columns.tolist()
    assert list(r("gan_sample(fit, 20, seed = 5)$name")) == sample["name"].tolist()
