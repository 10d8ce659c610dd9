"""Latent priors of tables: mixtures fitted to the rows, and the odds by which a discriminator decides what is kept."""
