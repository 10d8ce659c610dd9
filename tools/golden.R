# Golden hashes from R, in addition to those of golden.py: a line for each sample.

library(ganbridge)

hash <- function(value) {
  file <- tempfile()
  on.exit(unlink(file))
  writeBin(serialize(value, NULL, xdr = TRUE, version = 2), file)
  substr(unname(tools::md5sum(file)), 1, 16)
}

i <- seq_len(120)
frame <- data.frame(
  double = sin(i), integer = replace(i %% 7L, i %% 5 == 0, NA), logical = replace(i %% 2 == 0, i %% 4 == 0, NA),
  text = c("b", "a", NA, "\u00e4")[i %% 4 + 1],
  factor = factor(rep(c("lo", "lo", "hi"), 40), levels = c("lo", "hi", "unused")),
  ordered = factor(c("lo", "mid", "hi")[i %% 3 + 1], levels = c("lo", "mid", "hi"), ordered = TRUE),
  date = as.Date("2024-01-01") + i, datetime = as.POSIXct("2024-03-01", tz = "Europe/Berlin") + 3600 * i,
  difftime = as.difftime(round(exp(i / 50)), units = "mins")
)
short <- gan_config(steps = 40)
wave_set <- get_training_data(60, 40, seed = 1)
pixels <- array((i * 37L) %% 256L, c(60, 8, 9))
cases <- list(
  frame = \() gan_fit(frame, seed = 11, config = short),
  "frame, condition" = \() gan_fit(frame, condition = "factor", seed = 11, config = short),
  matrix = \() gan_fit(as.matrix(faithful), seed = 11, config = short),
  waves = \() gan_fit(wave_set, kind = "wave", seed = 11, config = short),
  channels = \() gan_fit(array(wave_set, c(60, 20, 2)), kind = "wave", seed = 11, config = short),
  ragged = \() gan_fit(lapply(1:60, \(k) wave_set[k, 1:(20 + k %% 21)]), kind = "wave", seed = 11, config = short),
  images = \() gan_fit(pixels, kind = "image", seed = 11, config = gan_config(steps = 10)),
  "waves, labels" = \() gan_fit(wave_set, kind = "wave", condition = rep(c("a", "b"), 30), seed = 11, config = short)
)
for (name in names(cases)) {
  fit <- cases[[name]]()
  cat("R:", name, "| sample |", hash(gan_sample(fit, 70, seed = 5)), "\n")
  cat("R:", name, "| walk |", hash(gan_interpolate(fit, 5, seed = 3)), "\n")
}
