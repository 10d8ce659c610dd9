# Waves of several channels and of different lengths. Conversions need no Python.

round_trip <- function(data) data_from_core(data_to_core(data))

channels <- local({
  x <- array(0, c(12, 30, 2), list(NULL, NULL, c("left", "right")))
  for (i in 1:12) x[i, , ] <- cbind(sin(1:30 / 4 + i), cos(1:30 / 4 + i))
  x
})
vectors <- lapply(1:12, \(i) sin(1:(20 + i) / 4 + i))
matrices <- lapply(vectors, \(wave) cbind(left = wave, right = -wave))

channels_fit <- function() {
  fit_once("channels", \() gan_fit(channels, kind = "wave", epochs = 4, seed = 1, trace = 2, rate = 50))
}
vectors_fit <- function() fit_once("vectors", \() gan_fit(vectors, kind = "wave", epochs = 4, seed = 1, trace = 2))
matrices_fit <- function() fit_once("matrices", \() gan_fit(matrices, kind = "wave", epochs = 4, seed = 1))

test_that("arrays and lists are unchanged after a round trip", {
  expect_identical(round_trip(channels), channels)
  expect_identical(round_trip(unname(channels)), unname(channels))
  expect_identical(round_trip(array(1:24, 2:4)), array(1:24, 2:4))
  expect_identical(round_trip(vectors), vectors)
  expect_identical(round_trip(matrices), matrices)
  expect_identical(round_trip(list(1:3, 4:5)), list(1:3, 4:5))
  expect_identical(round_trip(list(a = 1:3, b = c(4, 5))), list(c(1, 2, 3), c(4, 5)))
  expect_identical(round_trip(list(matrix(1:3), matrix(4:5))), list(matrix(1:3), matrix(4:5)))
})

test_that("samples have the form of the training data", {
  sample <- gan_sample(channels_fit(), 5, seed = 1)
  expect_identical(dim(sample), c(5L, 30L, 2L))
  expect_identical(dimnames(sample), dimnames(channels))
  sample <- gan_sample(vectors_fit(), 5, seed = 1)
  expect_length(sample, 5)
  expect_true(all(vapply(sample, \(wave) is.double(wave) && is.null(dim(wave)) && length(wave) %in% 21:32, NA)))
  sample <- gan_sample(matrices_fit(), 5, seed = 1)
  expect_true(all(vapply(sample, \(wave) identical(colnames(wave), c("left", "right")), NA)))
  expect_identical(gan_sample(matrices_fit(), 9, seed = 1)[1:5], sample)
})

test_that("waves may have convolutional networks", {
  skip_without_core()
  config <- gan_config(network = "convolutional", generator_hidden = c(8, 8), discriminator_hidden = c(8, 8))
  fit <- gan_fit(channels, kind = "wave", epochs = 2, seed = 1, config = config)
  expect_identical(fit$config$scaling, "standard")
  expect_match(format(fit), "30 x 2", fixed = TRUE, all = FALSE)
  sample <- gan_sample(fit, 5, seed = 1)
  expect_identical(dimnames(sample), dimnames(channels))
  expect_true(all(sample >= min(channels) & sample <= max(channels)))
  file <- withr::local_tempfile()
  gan_save(fit, file)
  expect_identical(gan_sample(gan_load(file), 5, seed = 1), sample)
})

test_that("a list of waves of equal length becomes a matrix, a list of matrices an array", {
  skip_without_core()
  fit <- gan_fit(list(1:9, 9:1, c(1:8, 3L)), kind = "wave", epochs = 1, seed = 1)
  expect_identical(dim(gan_sample(fit, 4, seed = 1)), c(4L, 9L))
  expect_type(gan_sample(fit, 4, seed = 1), "integer")
  fit <- gan_fit(lapply(1:5, \(i) cbind(a = 1:9 + i, b = 1)), kind = "wave", epochs = 1, seed = 1)
  expect_identical(dimnames(gan_sample(fit, 4, seed = 1))[[3]], c("a", "b"))
})

test_that("a walk begins and ends with the rows of a sample", {
  for (fit in list(table_fit(), wave_fit(), channels_fit(), vectors_fit())) {
    walk <- gan_interpolate(fit, 5, seed = 3)
    ends <- gan_sample(fit, 2, seed = 3)
    first <- function(x, i) {
      if (is.data.frame(x)) unlist(x[i, ]) else if (is.list(x)) x[[i]] else if (is.matrix(x)) x[i, ] else x[i, , ]
    }
    expect_equal(class(walk), class(ends))
    expect_equal(unname(first(walk, 1)), unname(first(ends, 1)))
    expect_equal(unname(first(walk, 5)), unname(first(ends, 2)))
    expect_identical(gan_interpolate(fit, 5, seed = 3), walk)
  }
  one_draw <- state_after(runif(1))
  expect_identical(state_after(gan_interpolate(table_fit(), 2)), one_draw)
  expect_identical(state_after(gan_interpolate(table_fit(), 2, seed = 1)), state_after(NULL))
})

test_that("the rate is kept, saved and printed", {
  fit <- channels_fit()
  expect_identical(fit$rate, 50)
  expect_identical(fit$trace$rate, 50)
  expect_match(format(fit)[[1]], "12 waves of 30 points x 2 channels, 50 points per second", fixed = TRUE)
  path <- withr::local_tempfile()
  gan_save(fit, path)
  expect_identical(gan_load(path)$rate, 50)
  expect_null(vectors_fit()$rate)
})

test_that("summaries have every point and channel, or lengths and values", {
  fit <- channels_fit()
  summary <- summary(fit, n = 50)
  sample <- gan_sample(fit, 50, seed = fit$seed)
  expect_identical(summary$moments$column[c(1, 31, 60)], c("point 1,1", "point 1,2", "point 30,2"))
  expect_equal(summary$moments$real_mean, c(apply(channels, 2:3, mean)))
  expect_equal(summary$moments$generated_sd, c(apply(sample, 2:3, sd)))
  expect_equal(summary$overall$real_sd, sd(channels))
  summary <- summary(matrices_fit(), n = 50)
  expect_identical(summary$moments$column, c("length", "left", "right"))
  expect_equal(summary$moments$real_mean, c(mean(21:32), mean(unlist(vectors)), -mean(unlist(vectors))))
  expect_identical(summary(vectors_fit(), n = 50)$moments$column, c("length", "value"))
  expect_match(format(summary(vectors_fit(), n = 50))[[1]], "12 real and 50 generated waves")
})

test_that("a trace of lists prints", {
  expect_match(format(vectors_fit()$trace)[[1]], "gan_trace: 2 samples of 12 waves", fixed = TRUE)
})

test_that("all plots are drawn", {
  unlike <- channels
  unlike[, , 2] <- 1000 * unlike[, , 2]
  fits <- list(channels_fit(), vectors_fit(), matrices_fit())
  data <- list(channels, vectors, matrices)
  plots <- list(
    plot_waves(channels), plot_waves(unlike, id = 1:3, rate = 50), plot_waves(vectors, labels = letters[1:12]),
    plot_waves(matrices, id = 1:2, labels = factor(c("x", "y"))), plot_blends(), plot_blends(matrices, rate = 10),
    ggplot2::autoplot(fits[[1]], real = channels, id = 1:2), ggplot2::autoplot(fits[[2]], real = vectors),
    ggplot2::autoplot(fits[[1]], type = "trace", real = channels, id = 1:3), plot_training(fits[[1]], channels),
    ggplot2::autoplot(fits[[2]], type = "trace", id = 1:3)
  )
  for (i in 1:3) {
    plots <- c(plots, list(ggplot2::autoplot(fits[[i]]), plot_blends(fits[[i]], 5)))
    plots <- c(plots, list(plot_compare(fits[[i]], data[[i]], nrow = 4)))
  }
  for (plot in plots) expect_drawn(print(plot))
})

test_that("panels hold the waves, real ones above generated ones, and channels have colours", {
  sample <- gan_sample(channels_fit(), 12, seed = channels_fit()$seed)
  plot <- plot_waves(channels_fit())
  lines <- marks_of(plot)$GeomLine
  expect_equal(subset(lines, panel == 3 & colour == "right")$value, sample[3, , 2])
  expect_equal(max(lines$at), 29 / 50)
  expect_identical(plot$labels$x, "time [s]")
  beside <- plot_compare(wave_fit(), waves[1:5, 1:50])
  lines <- marks_of(beside)$GeomLine
  expect_equal(subset(lines, panel == 2)$value, waves[2, 1:50])
  expect_identical(titles_of(beside)[c(5, 6, 7)], c("real 5", "", "generated 1"))
  expect_identical(unique(as.character(lines$colour)), c("real", "generated"))
})

test_that("blends of a fit go between waves that differ", {
  ends <- \(seed) gan_sample(wave_fit(), 2, seed = seed)
  distances <- vapply(wave_fit()$seed + 0:7, \(seed) mean(abs(diff(ends(seed)))), 1)
  walk <- gan_interpolate(wave_fit(), 5, seed = wave_fit()$seed + which.max(distances) - 1L)
  drawn <- marks_of(plot_blends(wave_fit(), 5))$GeomRibbon
  expect_equal(subset(drawn, wave == 5)$high, walk[5, ])
})

test_that("channels are strips if their ranges differ or if they are many", {
  expect_false(wave_scales(wave_list(channels))$strips)
  unlike <- channels
  unlike[, , 2] <- 1000 * unlike[, , 2] + 7
  scales <- wave_scales(wave_list(unlike))
  expect_true(scales$strips)
  placed <- lapply(wave_list(unlike), scales$place)
  expect_equal(range(sapply(placed, \(wave) wave[, 1])), c(1, 1.9))
  expect_equal(range(sapply(placed, \(wave) wave[, 2])), c(0, 0.9))
  expect_true(wave_scales(wave_list(array(rnorm(7 * 20), c(2, 10, 7))))$strips)
})

test_that("bad arguments are named", {
  fit <- channels_fit()
  expect_refusals({
    data_to_core(list())
    data_to_core(list(1:3, "a"))
    data_to_core(list(1:3, list(1)))
    data_to_core(list(1:3, factor(1:3)))
    data_to_core(list(data.frame(x = 1:3)))
    data_to_core(list(1:3, matrix(1:4, 2)))
    data_to_core(list(matrix(1:4, 2), matrix(1:6, 2)))
    data_to_core(array("a", c(2, 2, 2)))
    gan_fit(channels)
    gan_fit(vectors)
    gan_fit(vectors, kind = "table")
    gan_fit(list(1:3, c(1, NA)), kind = "wave")
    gan_fit(list(1:3, c(1, Inf)), kind = "wave")
    gan_fit(list(1:3, 1), kind = "wave")
    gan_fit(list(1:3, numeric()), kind = "wave")
    gan_fit(list(1:3), kind = "wave")
    gan_fit(channels * NA, kind = "wave")
    gan_fit(vectors, kind = "wave", config = gan_config(network = "convolutional"))
    gan_fit(channels, kind = "wave", config = gan_config(network = "convolutional", scaling = "components"))
    gan_fit(faithful, rate = 50)
    gan_fit(channels, kind = "wave", rate = 0)
    gan_fit(channels, kind = "wave", rate = "50 Hz")
    gan_interpolate(fit, 1)
    gan_interpolate(fit, 3, seed = -1)
    gan_interpolate(faithful, 3)
    plot_blends(n = 1)
    plot_blends(table_fit())
    plot_blends(iris)
    plot_waves(list(1:3, c(1, NA)))
    plot_waves(list())
    plot_waves(vectors, labels = 1:3)
    plot_waves(channels_fit()$trace, labels = 1:12)
    plot_waves(vectors, rate = -1)
    plot(fit, real = vectors)
    plot(fit, real = channels[, , 1])
    plot(fit, type = "trace", real = channels[, 1:9, ])
    plot_compare(matrices_fit(), vectors)
    plot_training(vectors_fit(), list(1:3, NA))
    plot_training(fit, columns = 1)
  })
})

test_that("waves from 50 on are drawn from a mixture, without networks", {
  skip_without_core()
  waves <- get_training_data(60, 40, seed = 1)
  fit <- gan_fit(waves, kind = "wave", seed = 1, rate = 20)
  expect_identical(fit$config$prior, "mixture")
  expect_match(format(fit), "mixture of", all = FALSE)
  made <- gan_sample(fit, 5, seed = 2)
  expect_identical(dim(made), c(5L, 40L))
  expect_identical(gan_interpolate(fit, 4, seed = 2)[c(1, 4), ], made[1:2, ])
  expect_error(gan_density(fit, waves), "`kind` must be \"table\"", class = "ganbridge_error")
  expect_identical(gan_fit(waves, kind = "wave", epochs = 1, seed = 1)$config$prior, "normal")
})

test_that("a data.frame of texts is refused as the user wrote it, not as the matrix that it becomes", {
  wanted <- "must be a data.frame of numbers with a wave in each row, not one with .* in column \"Species\""
  expect_error(plot_waves(iris), wanted)
  expect_error(plot_waves(data.frame(a = "x", b = 1)), "in column \"a\"")
})
