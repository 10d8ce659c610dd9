skip_if_not_installed("ggplot2")

built <- function(plot) ggplot2::ggplot_build(plot)$data

test_that("a fit has ggplots of its own, by type and kind", {
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

test_that("columns of one kind are drawn, and the others named", {
  cars <- list(mtcars)
  expect_message(plot <- gg_table(cars, NULL, mtcars, NULL), "of another kind than the first: cyl, vs, am, gear, carb.")
  expect_identical(nlevels(built(plot)[[1]]$PANEL), 6L)
  bars <- gg_table(cars, NULL, mtcars, c("cyl", "gear"))
  expect_equal(sum(built(bars)[[1]]$y), 4)
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
    ggplot2::autoplot(gan_fit(faithful, epochs = 1, seed = 1), type = "trace")
  })
})

test_that("the method waits for ggplot2, which the package does not load", {
  loaded <- rscript("loadNamespace('ganbridge')", "cat('ggplot2' %in% loadedNamespaces())")
  expect_identical(tail(loaded, 1), "FALSE")
})
