# Writes a fit, saved by saveRDS(), and its samples to tests/shared/files/VERSION/fit.rds: once for each release.
# tests/testthat/test-old_files.R reads those of every release. Usage: Rscript tools/write_files.R
library(ganbridge)

file <- file.path("tests", "shared", "files", as.character(packageVersion("ganbridge")), "fit.rds")
if (file.exists(file)) {
  stop(file, " exists already: files of a release are not written again.")
}
n <- 60
i <- seq_len(n)
data <- data.frame(
  double = sin(i), integer = replace(i %% 7L, i %% 5 == 0, NA), logical = replace(i %% 2 == 0, i %% 4 == 0, NA),
  text = c("b", "a", NA, "\u00e4")[i %% 4 + 1],
  factor = factor(rep(c("lo", "lo", "lo", "hi"), n / 4), levels = c("lo", "hi", "unused")),
  ordered = factor(c("lo", "mid", "hi")[i %% 3 + 1], levels = c("lo", "mid", "hi"), ordered = TRUE),
  date = as.Date("2024-01-01") + i, datetime = as.POSIXct("2024-03-01", tz = "Europe/Berlin") + 3600 * i,
  difftime = as.difftime(round(exp(i / 15)), units = "mins")
)
config <- gan_config(generator_hidden = c(8, 8), discriminator_hidden = c(8, 8), batch_size = 16)
fit <- gan_fit(data, condition = "factor", epochs = 4, seed = 11, trace = 2, config = config)
saveRDS(list(fit = fit, sample = gan_sample(fit, 5, seed = 5)), file)
