skip_if_not_installed("ggplot2")

built <- function(plot) ggplot2::ggplot_build(plot)$data

test_that("the ggplot of a fit depends on its kind and on `type`", {
  fit <- table_fit()
  losses <- ggplot2::autoplot(fit, type = "losses")
  expect_s3_class(losses, "ggplot")
  expect_equal(sort(built(losses)[[1]]$y), sort(c(fit$history$generator_loss, fit$history$discriminator_loss)))
  expect_equal(built(losses)[[2]]$y, fit$history$score[is.finite(fit$history$score)])
  points <- ggplot2::autoplot(fit, real = faithful)
  expect_identical(nrow(built(points)[[1]]), 2L * 272L)
  expect_setequal(built(points)[[1]]$colour, c(ink$real, ink$generated))
  trace <- ggplot2::autoplot(fit, type = "trace", real = faithful, columns = "waiting")
  expect_identical(nlevels(droplevels(built(trace)[[1]]$PANEL)), 2L)
  waves <- ggplot2::autoplot(wave_fit())
  expect_equal(built(waves)[[1]]$y[1:50], gan_sample(wave_fit(), 12, seed = 1)[1, ])
  expect_identical(nlevels(built(ggplot2::autoplot(wave_fit(), type = "trace"))[[1]]$PANEL), 2L)
})

test_that("channels, lengths and images have ggplots", {
  skip_without_core()
  set.seed(1)
  channels <- array(rnorm(12 * 20 * 2), c(12, 20, 2), list(NULL, NULL, c("left", "right")))
  short <- gan_config(steps = 4)
  fit <- gan_fit(channels, kind = "wave", seed = 1, rate = 10, trace = 1, epochs = 2)
  plot <- ggplot2::autoplot(fit)
  expect_setequal(built(plot)[[1]]$colour, ink$channels[1:2])
  expect_identical(plot$labels$x, "time [s]")
  expect_equal(max(built(plot)[[1]]$x), 1.9)
  expect_identical(nlevels(built(ggplot2::autoplot(fit, type = "trace"))[[1]]$PANEL), 2L)
  unlike <- channels
  unlike[, , 2] <- 1000 * unlike[, , 2]
  fit <- gan_fit(unlike, kind = "wave", seed = 1, config = short)
  expect_identical(nlevels(built(ggplot2::autoplot(fit))[[1]]$PANEL), 12L)
  fit <- gan_fit(lapply(1:12, \(i) channels[i, seq_len(8 + i), 1]), kind = "wave", seed = 1, config = short)
  expect_identical(nlevels(built(ggplot2::autoplot(fit))[[1]]$PANEL), 12L)
  pixels <- built(ggplot2::autoplot(image_fit()))[[1]]
  expect_identical(nrow(pixels), 24L * 8L * 11L)
  first <- pixels[pixels$PANEL == 1, ]
  drawn <- image_colours(as_images(gan_sample(image_fit(), 24, seed = 1)))[1, , ]
  expect_identical(first$fill[order(first$x, -first$y)], c(drawn))
  trace <- built(ggplot2::autoplot(image_fit(), type = "trace"))[[1]]
  expect_identical(nlevels(trace$PANEL), 24L)
})

test_that("real waves and images are drawn above the generated ones, or after the epochs", {
  plot <- ggplot2::autoplot(wave_fit(), real = waves[1:6, 1:50])
  lines <- built(plot)[[1]]
  expect_equal(lines$y[lines$PANEL == 2], waves[2, 1:50])
  expect_equal(lines$y[lines$PANEL == 7], gan_sample(wave_fit(), 12, seed = 1)[1, ])
  expect_identical(unique(lines$colour[order(lines$PANEL)]), c(ink$real, ink$generated))
  expect_identical(levels(plot$data$panel), paste(rep(c("real", "generated"), each = 6), 1:6))
  trace <- ggplot2::autoplot(wave_fit(), type = "trace", real = waves[, 1:50])
  expect_identical(tail(levels(trace$data$panel), 1), "real")
  expect_identical(nlevels(trace$data$panel), length(wave_fit()$trace$epoch) + 1L)
  images <- gan_sample(image_fit(), 5, seed = 9)
  pixels <- ggplot2::autoplot(image_fit(), real = images)
  expect_identical(levels(pixels$data$panel), c("real", "generated"))
  expect_identical(nrow(pixels$data), 2L * 5L * 8L * 11L)
  trace <- ggplot2::autoplot(image_fit(), type = "trace", real = images)
  expect_identical(tail(levels(trace$data$panel), 1), "real")
})

test_that("losses show the epoch that was kept", {
  plot <- ggplot2::autoplot(table_fit(), type = "losses")
  expect_equal(built(plot)[[4]]$xintercept, table_fit()$kept)
})

test_that("an evaluation has a ggplot", {
  skip_without_evaluation()
  evaluation <- gan_evaluate(faithful[1:136, ], faithful[137:272, ])
  plot <- ggplot2::autoplot(evaluation)
  dots <- built(plot)[[2]]
  panels <- evaluation$panels
  expect_setequal(dots$x, unlist(lapply(panels, \(panel) c(panel$value, panel$baseline))))
  expect_identical(nlevels(dots$PANEL), length(panels))
  expect_setequal(dots$colour, c(ink$real, ink$generated))
  expect_error(ggplot2::autoplot(replace(evaluation, "panels", list(list()))), class = "ganbridge_error")
})

test_that("an evaluation with equal shortened labels has a ggplot", {
  panel <- list(title = "pairs", unit = "difference", label = c("a...", "a...", "b"), value = 1:3, baseline = 3:1)
  evaluation <- structure(list(panels = list(panel, panel)), class = "gan_evaluation")
  dots <- built(ggplot2::autoplot(evaluation))[[2]]
  expect_identical(nrow(dots), 12L)
  expect_identical(unique(table(dots$PANEL, dots$y)[1, ]), 2L)
})

test_that("traces show the noise, cut peaks of collapsed samples, and have a row for each column of levels", {
  real <- data.frame(x = c(seq(1, 5, length.out = 99), NA))
  samples <- list(data.frame(x = 2 + seq(0, 0.01, length.out = 100)), real)
  plot <- gg_table(samples, 1:2, real, NULL)
  expect_identical(plot$labels$subtitle, "dashed: noise")
  noise <- built(plot)[[1]]
  expect_equal(noise$y, dnorm(noise$x))
  expect_lt(plot$coordinates$limits$y[[2]], 1)
  far <- gg_table(lapply(samples, \(rows) rows * 1000), 1:2, real * 1000, NULL)
  expect_identical(far$labels$subtitle, "dashed: noise, rescaled")
  levels <- data.frame(a = rep(c("x", "y"), 20), b = rep(c("u", "v"), each = 20))
  bars <- gg_table(list(levels, levels, levels), 1:3, levels, NULL)
  expect_identical(nlevels(built(bars)[[1]]$PANEL), 6L)
  cars <- mtcars[c("mpg", "disp", "hp")]
  caption <- gg_table(list(cars, cars), 1:2, cars, NULL)$labels$caption
  expect_identical(caption, "The first 2 of 3 columns; `columns` names others.")
})

test_that("only columns of one type are drawn, and the message names the others", {
  cars <- list(mtcars)
  others <- "because their type differs from the first column's: cyl, vs, am, gear, carb."
  expect_message(plot <- gg_table(cars, NULL, mtcars, NULL), others)
  expect_identical(nlevels(built(plot)[[1]]$PANEL), 6L)
  bars <- gg_table(cars, NULL, mtcars, c("cyl", "gear"))
  expect_equal(sum(built(bars)[[1]]$x), 4)
  data <- data.frame(day = as.Date("2020-01-01") + 1:30, other = as.Date("2021-01-01") + 1:30)
  expect_silent(built(gg_table(list(data), NULL, NULL, NULL)))
  expect_silent(built(gg_table(list(data, data), 1:2, data, "day")))
})

test_that("bad arguments are named", {
  fit <- table_fit()
  expect_refusals({
    ggplot2::autoplot(fit, type = "loss")
    ggplot2::autoplot(fit, columns = "wait")
    ggplot2::autoplot(wave_fit(), real = waves)
    ggplot2::autoplot(wave_fit(), columns = 1)
    ggplot2::autoplot(gan_fit(faithful, epochs = 1, seed = 1), type = "trace")
  })
})

test_that("loading the package does not load ggplot2", {
  loaded <- rscript("loadNamespace('ganbridge')", "cat('ggplot2' %in% loadedNamespaces())")
  expect_identical(tail(loaded, 1), "FALSE")
})
