# Another test checks the lines of the diagnosis.
hide_diagnosis <- function(lines) lines[!startsWith(lines, "  !")]

test_that("a fit prints its layers, its parameters and how it ended", {
  skip_without_core()
  # All settings, so that the test does not depend on defaults
  config <- gan_config(
    generator_hidden = c(8, 16), discriminator_hidden = 16, activation = "relu", output_activation = "linear",
    latent_dim = 2, objective = "hinge", pack = 2, members = 1, keep = "last", scaling = "standard"
  )
  table <- gan_fit(faithful, epochs = 2, seed = 1, config = config)
  waves <- gan_fit(waves[, 1:50], kind = "wave", epochs = 2, seed = 1, config = config)
  expect_snapshot(print(table), transform = hide_diagnosis)
  expect_snapshot(print(waves), transform = hide_diagnosis)
  expect_identical(format(table), table$text)
  expect_output(expect_invisible(print(table)))
})

test_that("a fit, its print() and its summary() have the diagnosis", {
  skip_without_core()
  fit <- gan_fit(faithful, epochs = 2, seed = 1, config = gan_config(objective = "hinge", generator_hidden = 4))
  wanted <- "^unfinished: after [0-9]+ steps .* most lie where [a-z]+ is .*leave both open"
  expect_match(fit$diagnosis, wanted, all = FALSE)
  expect_output(print(fit), "! unfinished", fixed = TRUE)
  expect_output(print(summary(fit)), "! unfinished", fixed = TRUE)
  path <- withr::local_tempfile()
  gan_save(fit, path)
  expect_identical(gan_load(path)$diagnosis, fit$diagnosis)
})

test_that("a trace prints in two lines", {
  expect_snapshot(waves_trace)
  expect_identical(format(new_gan_trace(integer(), list())), "gan_trace: no samples")
})

test_that("a summary has real and generated moments", {
  fit <- table_fit()
  summary <- summary(fit)
  sample <- gan_sample(fit, 10000, seed = fit$seed)
  expect_identical(summary$moments$column, names(faithful))
  expect_equal(summary$moments$real_mean, unname(colMeans(faithful)))
  expect_equal(summary$moments$generated_sd, unname(sapply(sample, sd)))
  expect_equal(summary$overall$real_sd, sd(unlist(faithful)))
  expect_equal(summary$overall$generated_max, max(sample))
  expect_identical(summary(fit), summary)
  expect_identical(state_after(summary(fit, n = 10)), state_after(NULL))
  expect_refusals({
    summary(fit, n = 1)
  })
})

test_that("a summary prints two columns in full, and many as an overall row and a few", {
  moments <- function(columns, by) {
    values <- seq_len(columns) * by
    data.frame(
      column = sprintf("x%d", seq_len(columns)), real_mean = values, generated_mean = values * 1.01,
      real_sd = values / 2, generated_sd = values / 2.1, real_min = -values, generated_min = 0,
      real_max = 12.3456, generated_max = 11
    )
  }
  example <- function(columns, kind, by = 1) {
    moments <- moments(columns, by)
    overall <- replace(moments[1, ], "column", "all points")
    shares <- data.frame(column = character(), level = character(), real_share = numeric(), generated_share = numeric())
    parts <- list(
      moments = moments, shares = shares, overall = overall, types = rep("double", columns), kind = kind,
      rows = 272L, n = 10000L
    )
    structure(parts, class = "summary.gan_fit")
  }
  expect_snapshot(example(2, "table"))
  expect_snapshot(example(40, "wave", by = 1))
})

test_that("a summary prints dates as dates and levels with their shares", {
  moments <- data.frame(
    column = c("day", "size"), real_mean = c(19800.5, 1.5), generated_mean = c(19801, 1.4), real_sd = c(30, 1),
    generated_sd = c(31, 1.1), real_min = c(19700, 0), generated_min = c(19700, 0), real_max = c(19900, 3),
    generated_max = c(19899, 3)
  )
  shares <- data.frame(
    column = c("sex", "sex", "sex", "size"), level = c("f", "m", NA, NA), real_share = c(0.2, 0.7, 0.1, 0.05),
    generated_share = c(0.21, 0.69, 0.1, 0.051)
  )
  parts <- list(
    moments = moments, shares = shares, overall = moments[1, ], types = c("date", "double"), kind = "table",
    rows = 100L, n = 10000L
  )
  expect_snapshot(structure(parts, class = "summary.gan_fit"))
})

test_that("very large, very small and zero moments keep their digits", {
  expect_identical(format_moments(c(0, 0, 0, 0)), rep("0", 4))
  expect_identical(format_moments(c(-1e-9, 0, 1, 1, 3)), c("0.000", "0.000", "1.000", "1.000", "3.000"))
  expect_identical(format_moments(c(12345, 12344.6, 1.5, 0)), c("12345", "12345", "2", "0"))
  expect_identical(format_moments(c(1e9, 2e9, 0, 1)), c("1.000e+09", "2.000e+09", "0.000e+00", "1.000e+00"))
  expect_identical(format_moments(c(1e-7, 0, 0, 0)), c("1.000e-07", rep("0.000e+00", 3)))
})

test_that("print() and summary() show the conditions", {
  skip_without_core()
  fit <- gan_fit(iris, condition = "Species", epochs = 1, seed = 1)
  expect_match(format(fit), "^  given          Species$", all = FALSE)
  expect_match(format(fit), "^  encoded        quantile \\(4 columns\\), one-hot \\(Species\\)$", all = FALSE)
  expect_identical(fit$schema$condition, "Species")
  shown <- summary(fit, n = 50)
  expect_identical(shown$condition, "Species")
  expect_identical(format(shown)[[2]], "given: Species (drawn as they occur)")
  expect_identical(summary(table_fit(), n = 50)$condition, character())
})
