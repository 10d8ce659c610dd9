"""Latent priors: mixtures fitted to the rows; of tables also the odds by which a discriminator decides what is kept."""
