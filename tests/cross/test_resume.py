"""A fit that was begun in one language and goes on in the other is the fit that never stopped, bit for bit."""

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config

FRAME = pd.DataFrame(
    {
        "x": np.sin(np.arange(120)),
        "n": np.arange(120) % 7,
        "kind": np.array(["b", "a", None], dtype=object)[np.arange(120) % 3],
        "yes": np.arange(120) % 2 == 0,
        "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(120) % 50, unit="D"),
    }
)
# name: (Python's data, R's data, kind, what else R's and Python's fits take)
CASES = {
    "a matrix": (lambda: ganbridge.make_waves(60, 3, seed=4), "get_training_data(60, 3, seed = 4)", "table"),
    "waves": (lambda: ganbridge.make_waves(60, 30, seed=4), "get_training_data(60, 30, seed = 4)", "wave"),
    "a data frame": (
        lambda: FRAME,
        """data.frame(
          x = sin(0:119), n = 0:119 %% 7L, kind = c("b", "a", NA)[0:119 %% 3 + 1], yes = 0:119 %% 2 == 0,
          day = as.POSIXct("2024-01-01", tz = "UTC") + 86400 * (0:119 %% 50)
        )""",
        "table",
    ),
}
R_SMALL = "gan_config(generator_hidden = c(8, 8), discriminator_hidden = c(8, 8), members = 2)"
SMALL = Config(generator_hidden=(8, 8), discriminator_hidden=(8, 8), members=2)


@pytest.mark.parametrize("name", CASES)
def test_a_fit_goes_on_in_the_other_language(r, tmp_path, name):
    data, r_data, kind = CASES[name]
    python, in_r = tmp_path / "python.gan", tmp_path / "r.gan"
    whole = ganbridge.fit(data(), kind=kind, epochs=6, seed=3, trace=2, config=SMALL)
    ganbridge.fit(data(), kind=kind, epochs=6, seed=3, trace=2, stop_after=3, config=SMALL).save(python)
    r(f"""
      data <- {r_data}
      set <- list(kind = "{kind}", epochs = 6, seed = 3, trace = 2, config = {R_SMALL})
      whole <- do.call(gan_fit, c(list(data), set))
      gan_save(do.call(gan_fit, c(list(data), set, stop_after = 4)), "{in_r}")
      again <- gan_continue(gan_load("{python}"), data)
    """)
    from_python = ganbridge.from_bytes(bytes(r("file_bytes <- ganbridge:::file_bytes; file_bytes(again)")))
    from_r = ganbridge.load(in_r).resume(data())
    assert from_python.to_bytes() == whole.to_bytes()
    assert from_r.to_bytes() == bytes(r("file_bytes(whole)"))
