"""Plots: `data/` computes what a plot shows, as plain arrays and labels; `draw/` draws it with matplotlib.

samples.py, training.py, comparison.py hold the public functions; metrics.py is for reports. What differs between kinds
of data stands in table.py, wave.py and image.py, each of which offers

- `training(gan, real, columns, nrow)`: a Figure of the traced samples;
- `animate(gan, path, real, columns, fps)`: the same as an animation;
- `compare(synthetic, real, gan, by, columns, nrow, rate)`: a Figure of real rows beside generated ones, `gan` being the
  fit that they come from, or None;
- `compared(gan)`: how many rows a fit is asked for, to be compared with real ones.
"""
