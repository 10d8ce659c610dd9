test_that("every plot is a ggplot that is drawn without a warning, and plot() prints it", {
  fit <- table_fit()
  wave <- wave_fit()
  wide <- gan_fit(mtcars, epochs = 1, seed = 1, trace = 1)
  constant <- data.frame(x = rep(1, 9))
  plots <- list(
    plot_losses(fit), plot_training(fit, faithful), plot_training(fit, columns = 2), plot_training(wide, mtcars),
    plot_compare(fit, faithful, by = "pair"), plot_compare(wide, mtcars), plot_walk(faithful[1:9, ], faithful),
    plot_waves(wave), plot_waves(wave$trace, id = 1:2), plot_training(wave, waves[, 1:50]), plot_blends(wave, 5),
    plot_compare(wave, waves[, 1:50]), ggplot2::autoplot(wave, real = waves[, 1:50], id = 1:3, nrow = 1),
    ggplot2::autoplot(gan_fit(constant, epochs = 1, seed = 1), real = constant)
  )
  for (plot in plots) {
    expect_s3_class(plot, "ggplot")
    expect_drawn(print(plot))
  }
  expect_drawn({
    printed <- withVisible(plot(fit, real = faithful))
    expect_false(printed$visible)
    expect_s3_class(printed$value, "ggplot")
    plot(fit, type = "losses")
    plot(fit, type = "trace", real = faithful)
    plot(wave, type = "trace", id = 1:2)
  })
})

test_that("plot() and autoplot() are the same, of fits, traces and evaluations", {
  fit <- table_fit()
  draw_to_file({
    expect_identical(marks_of(plot(fit, real = faithful)), marks_of(ggplot2::autoplot(fit, real = faithful)))
    expect_identical(marks_of(plot(fit$trace, real = faithful)), marks_of(plot_training(fit, faithful)))
    expect_identical(marks_of(plot(wave_fit()$trace)), marks_of(plot_waves(wave_fit()$trace)))
    expect_identical(marks_of(plot(image_fit()$trace)), marks_of(plot_images(image_fit()$trace)))
    expect_identical(marks_of(plot(waves_trace)), marks_of(plot_waves(waves_trace)))
  })
  expect_identical(marks_of(ggplot2::autoplot(fit$trace)), marks_of(plot_training(fit)))
})

test_that("plots do not change the random state", {
  fit <- table_fit()
  expect_identical(state_after(plot_compare(fit, faithful)), state_after(NULL))
  expect_identical(state_after(plot_training(fit, faithful)), state_after(NULL))
  expect_identical(state_after(plot_waves(wave_fit())), state_after(NULL))
  expect_identical(state_after(plot_blends(wave_fit(), 3)), state_after(NULL))
})

test_that("every column of a table has a panel, whatever its type, and a note names what is left out", {
  skip_without_core()
  real <- typed_frame()
  plot <- plot_compare(real[1:150, ], real)
  expect_identical(panels_of(plot), 9L)
  expect_drawn(print(plot))
  expect_identical(key_of(plot), c("real: 200 rows", "generated: 150 rows"))
  pairs <- plot_compare(real[1:150, ], real, by = "pair")
  expect_identical(panels_of(pairs), 12L)
  expect_match(pairs$labels$caption, "^The 12 of 36 pairs of columns that differ most, the worst first")
  expect_drawn(print(pairs))
  expect_identical(panels_of(plot_compare(real[1:150, ], real, columns = c("text", "date"))), 2L)
  expect_drawn(print(plot_compare(as.matrix(faithful[1:9, ]), as.matrix(faithful))))
  for (rows in 1:2) {
    expect_drawn(print(plot_compare(real[rows, ], real[rows, ])))
    expect_drawn(print(plot_compare(real[rows, ], real[rows, ], by = "pair")))
  }
  expect_drawn(print(plot_compare(data.frame(x = NA_real_, y = 1), data.frame(x = NA_real_, y = 1), by = "pair")))
})

test_that("the worst columns are drawn first", {
  skip_without_core()
  wide <- as.data.frame(matrix(sin(seq_len(300 * 14)^1.3), 300))
  off <- wide
  off$V14 <- off$V14 + 1
  titles <- titles_of(plot_compare(off, wide))
  expect_length(titles, 12)
  expect_identical(titles[[1]], "V14")
})

test_that("a fit is compared by rows sampled with its seed", {
  fit <- table_fit()
  sample <- gan_sample(fit, 272, seed = fit$seed)
  expect_identical(marks_of(plot_compare(fit, faithful)), marks_of(plot_compare(sample, faithful)))
})

test_that("ticks are those of each panel: numbers, dates, levels and percents", {
  skip_without_core()
  real <- data.frame(
    x = 1:100, day = as.Date("2020-01-01") + 1:100, level = factor(rep(c("lo", "hi"), 50), c("lo", "hi"))
  )
  built <- ggplot2::ggplot_build(plot_compare(real, real))
  labels <- lapply(built$layout$panel_params, \(panel) list(x = panel$x$get_labels(), y = panel$y$get_labels()))
  expect_true("60" %in% labels[[1]]$x)
  expect_true("Apr" %in% labels[[2]]$x)
  expect_identical(sort(labels[[3]]$y), c("hi", "lo"))
  expect_match(labels[[1]]$y, "%$")
})

test_that("missing values have a bar beside the histogram, and few rows their number", {
  skip_without_core()
  real <- data.frame(x = c(1:97, NA, NA, NA), level = rep(c("a", "b"), c(97, 3)))
  plot <- plot_compare(real, real)
  words <- marks_of(plot)$GeomText
  expect_identical(words$label, c("3%", "3%", " 3", " 3"))
})

test_that("what is drawn stays as it was", {
  skip_without_core()
  real <- typed_frame()
  trace <- new_gan_trace(c(1, 5), list(real[1:100, ], real[51:200, ]), kind = "table")
  pictures <- list(
    columns = plot_compare(real[1:120, ], real),
    pairs = plot_compare(real[1:120, ], real, by = "pair", columns = c(1, 4, 5, 7)),
    course_of_columns = draw_course(trace, real),
    course = draw_course(trace, real, columns = "double"),
    walk = plot_walk(real[1:20, ], real, columns = c("double", "factor")),
    path = plot_walk(real[1:20, ], real, by = "pair", columns = c("double", "factor")),
    waves = plot_waves(waves[1:3, ], rate = 250),
    blends = plot_blends(n = 4)
  )
  words <- unlist(lapply(names(pictures), \(name) c(paste("---", name), picture(pictures[[name]]))))
  expect_snapshot(cat(words, sep = "\n"))
})

test_that("losses have a trend from 30 epochs on, scores the epoch kept", {
  history <- data.frame(epoch = 1:40, generator_loss = sin(1:40), discriminator_loss = cos(1:40), score = NaN)
  fit <- table_fit()
  fit$history <- history
  expect_length(marks_of(plot_losses(fit)), 2)
  fit$history <- history[1:9, ]
  expect_length(marks_of(plot_losses(fit)), 1)
  fit$history$score <- 9:1
  fit$kept <- 9L
  expect_identical(marks_of(plot_losses(fit))$GeomVline$epoch, 9L)
  expect_drawn(print(plot_losses(fit)))
  fit$history$generator_loss <- NaN
  expect_identical(plot_losses(fit)$labels$x, "tree")
  expect_equal(moving_mean(c(1, 2, 6, 2, 1), 1), c(1, 3, 10 / 3, 3, 1))
})

test_that("plots of plain R data need no Python", {
  images <- "array(1, c(2, 4, 5))"
  history <- "data.frame(epoch = 1:2, generator_loss = 1:2, discriminator_loss = 2:1, score = NaN)"
  output <- rscript(
    "library(ganbridge)", "Sys.setenv(RETICULATE_PYTHON = '/nowhere/python')", "grDevices::pdf(NULL)",
    "print(plot_waves(waves))", "print(plot_compare(waves, waves, kind = 'wave'))", "print(plot_blends())",
    sprintf("print(plot_images(%s))", images),
    sprintf("fit <- structure(list(history = %s, kept = 0, model = raw(1)), class = 'gan_fit')", history),
    "print(plot_losses(fit))", "cat('drawn')"
  )
  expect_identical(tail(output, 1), "drawn")
})

test_that("grids are wide and have few empty panels", {
  grids <- t(vapply(1:16, panel_grid, numeric(2)))
  shapes <- rbind(c(1, 1), c(1, 2), c(2, 3), c(2, 5), c(3, 4), c(4, 4))
  expect_identical(grids[c(1, 2, 6, 10, 12, 16), ], shapes)
  expect_true(all(grids[, 1] * grids[, 2] >= 1:16))
  expect_identical(panel_grid(5, 5), c(5, 1))
  expect_identical(panel_grid(2, 7), c(2, 1))
})

test_that("of a long trace, the first and the last epoch are drawn, and more of the early ones", {
  expect_identical(spread_early(5, 12), 1:5)
  shown <- spread_early(400, 12)
  expect_length(shown, 12)
  expect_equal(range(shown), c(1, 400))
  expect_lt(median(shown), 100)
  expect_equal(spread_over(250, 5), c(1, 63, 126, 188, 250))
})

test_that("labels of levels are shortened in their middle, where they differ less", {
  levels <- short_level(paste("a town with a long name", 1:12), 18)
  expect_length(unique(levels), 12)
  expect_lte(max(nchar(levels)), 18)
  expect_identical(plain_numbers(c(0, 1e5, 4e5)), c("0", "100000", "400000"))
  expect_identical(tick_numbers(c(0, 5e3, 1e4)), c("0", "5k", "10k"))
  expect_identical(tick_numbers(c(-1e6, 5e5)), c("-1.0M", "0.5M"))
  expect_identical(tick_numbers(c(0, 0.5)), c("0.0", "0.5"))
})

test_that("bad arguments are named", {
  fit <- table_fit()
  wave <- wave_fit()
  expect_refusals({
    plot_waves(fit)
    plot_waves(iris)
    plot_waves(matrix("a"))
    plot_waves(waves[1:5, ], id = 4:6)
    plot_waves(waves, id = 0)
    plot_waves(waves, id = "a")
    plot_waves(waves, nrow = 0)
    plot_waves(structure(list(epoch = integer(), samples = list()), class = "gan_trace"))
    plot_losses(faithful)
    plot(fit, type = "loss")
    plot(fit, real = mtcars)
    plot(fit, n = -1)
    plot(fit, reel = faithful)
    plot(fit, columns = "wait")
    plot(fit, nrow = 0)
    plot(fit$trace, reel = faithful)
    plot(fit$trace, columns = 3)
    plot(wave$trace, columns = 1)
    plot(new_gan_trace(1, list(array(0, c(2, 3, 4)))))
    plot(new_gan_trace(integer(), list()))
    plot(gan_fit(faithful, epochs = 1, seed = 1), type = "trace")
    ggplot2::autoplot(fit, type = "loss")
    ggplot2::autoplot(wave, real = waves)
    ggplot2::autoplot(wave, columns = 1)
  })
})

test_that("loading the package does not load ggplot2", {
  loaded <- rscript("loadNamespace('ganbridge')", "cat('ggplot2' %in% loadedNamespaces())")
  expect_identical(tail(loaded, 1), "FALSE")
})

test_that("an evaluation is drawn, also one with equal labels", {
  skip_without_evaluation()
  evaluation <- gan_evaluate(faithful[1:136, ], faithful[137:272, ])
  plot <- ggplot2::autoplot(evaluation)
  dots <- marks_of(plot)$GeomPoint
  expect_setequal(dots$value, unlist(lapply(evaluation$panels, \(panel) c(panel$value, panel$baseline))))
  expect_identical(panels_of(plot), length(evaluation$panels))
  expect_drawn(plot(evaluation))
  expect_error(ggplot2::autoplot(replace(evaluation, "panels", list(list()))), class = "ganbridge_error")
  panel <- list(title = "pairs", unit = "difference", label = c("a...", "a...", "b"), value = 1:3, baseline = 3:1)
  same <- ggplot2::autoplot(structure(list(panels = list(panel, panel)), class = "gan_evaluation"))
  expect_length(unique(marks_of(same)$GeomPoint$label), 6)
  expect_drawn(print(same))
})
