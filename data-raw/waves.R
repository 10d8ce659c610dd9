# Generates data/waves.rda and data/waves_trace.rda. Run from the repository root with the package
# installed: Rscript data-raw/waves.R

library(ganbridge)

waves <- round(get_training_data(seed = 1), 4)

# The networks are trained on the 250 points instead of the default's few components, which are learned
# within a few epochs, so that the trace shows how the two families appear from noise.
config <- gan_config(
  scaling = "standard", steps = 3000, latent_dim = 8, batch_size = 200, pack = 4,
  generator_hidden = c(128, 128, 128), discriminator_hidden = c(128, 128, 128),
  r1 = c(1, 0.01), r2 = c(1, 0.01)
)
fit <- gan_fit(waves, kind = "wave", seed = 1, trace = 10, config = config)

epochs <- c(10, 30, 60, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000)
kept <- match(epochs, fit$trace$epoch)
waves_trace <- fit$trace
waves_trace$epoch <- fit$trace$epoch[kept]
waves_trace$samples <- lapply(fit$trace$samples[kept], \(sample) round(sample[1:12, ], 3))

save(waves, file = "data/waves.rda", compress = "xz", version = 2)
save(waves_trace, file = "data/waves_trace.rda", compress = "xz", version = 2)
