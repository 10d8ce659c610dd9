"""One fit under way: Algorithm 1, its batches, objectives and optimizers, and what watches it."""
