settings <- function() par("mfrow", "mar", "oma", "mgp", "cex", "tcl", "las", "fg", "col.axis", "col.lab")

expect_drawn <- function(code) {
  file <- draw_to_file(code)
  expect_gt(file.size(file), 3000)
}

test_that("all plots are drawn, and par() is restored", {
  fit <- table_fit()
  wave <- wave_fit()
  wide <- gan_fit(mtcars, epochs = 1, seed = 1, trace = 1)
  expect_drawn(plot(fit))
  expect_drawn(plot(fit, real = faithful))
  expect_drawn(plot(fit, type = "losses"))
  expect_drawn(plot(fit, type = "trace"))
  expect_message(expect_drawn(plot(wide, real = mtcars)), "first 5 of 11")
  expect_drawn(plot(gan_fit(faithful[1], epochs = 1, seed = 1, trace = 1), type = "trace"))
  constant <- data.frame(x = rep(1, 9))
  expect_drawn(plot(gan_fit(constant, epochs = 1, seed = 1), real = constant))
  expect_drawn(plot(wave))
  expect_drawn(plot(wave, real = waves[, 1:50], id = 1:3, nrow = 1))
  expect_drawn(plot(wave, type = "trace", id = 1:2))
  expect_drawn({
    par(mfrow = c(1, 2))
    before <- settings()
    plots <- expression(
      plot_waves(waves), plot_waves(waves_trace, id = 3, nrow = 1), plot_waves(waves[1:2, ]),
      plot_losses(fit), plot(fit), plot(wide), plot(fit, type = "trace")
    )
    for (plot_call in plots) {
      suppressMessages(eval(plot_call))
      expect_identical(settings(), before)
    }
  })
})

test_that("plots return their first argument invisibly and do not change the random state", {
  fit <- table_fit()
  wave <- wave_fit()
  draw_to_file({
    expect_identical(withVisible(plot_losses(fit)), list(value = fit, visible = FALSE))
    expect_identical(withVisible(plot_waves(wave)), list(value = wave, visible = FALSE))
    expect_identical(withVisible(plot(fit)), list(value = fit, visible = FALSE))
    expect_identical(state_after(plot(fit)), state_after(NULL))
    expect_identical(state_after(plot_waves(wave)), state_after(NULL))
  })
})

test_that("grids are wide and have few empty panels", {
  grids <- t(vapply(1:16, panel_grid, numeric(2)))
  shapes <- rbind(c(1, 1), c(1, 2), c(2, 3), c(2, 5), c(3, 4), c(4, 4))
  expect_identical(grids[c(1, 2, 6, 10, 12, 16), ], shapes)
  expect_true(all(grids[, 1] * grids[, 2] >= 1:16))
  expect_identical(panel_grid(5, 5), c(5, 1))
  expect_identical(panel_grid(2, 7), c(2, 1))
})

test_that("the grid of panels with separate axes depends on the shape of the page", {
  on_page <- \(width, height, code) {
    grDevices::pdf(NULL, width, height)
    on.exit(grDevices::dev.off())
    force(code)
  }
  shapes <- on_page(7, 5, list(page_grid(10), page_grid(7), page_grid(2), page_grid(10, 5)))
  expect_identical(shapes, list(c(3, 4), c(3, 3), c(1, 2), c(5, 2)))
  expect_identical(on_page(6, 6, page_grid(10)), c(4, 3))
  expect_identical(on_page(7, 5, rows_beside(24, c(24, 16, 16, 1))), 3L)
})

test_that("all levels have a label that fits into the margin", {
  names <- c("a", "quite a long name of a level", "another rather long name", paste("level", 4:9))
  for (grid in list(c(1, 1), c(3, 4), c(5, 2))) {
    draw_to_file({
      open_grid(grid)
      left_margin(names)
      plot.new()
      plot.window(0:1, c(0.4, 9.6))
      fit <- fitted_levels(I(names))
      expect_length(unique(fit$labels), length(names))
      expect_lt(max(strwidth(fit$labels, "inches", cex = fit$size)), par("mai")[[2]])
      expect_lt(strheight("M", "inches", cex = fit$size), par("pin")[[2]] / 9.2)
      expect_lt(par("mai")[[2]], 0.56 * par("fin")[[1]])
    })
  }
  draw_to_file({
    open_single()
    left_margin(names)
    plot.new()
    plot.window(0:1, c(0.4, 9.6))
    expect_identical(fitted_levels(I(names)), list(labels = names, size = 1)) # unchanged if there is room
  })
})

test_that("of a long trace, the first and the last epoch are drawn, and more of the early ones", {
  expect_identical(spread_early(5, 12), 1:5)
  shown <- spread_early(400, 12)
  expect_length(shown, 12)
  expect_equal(range(shown), c(1, 400))
  expect_lt(median(shown), 100)
  expect_equal(spread_over(250, 5), c(1, 63, 126, 188, 250))
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
    plot(gan_fit(faithful, epochs = 1, seed = 1), type = "trace")
  })
})

test_that("the margin has room for the long labels of diverging losses", {
  margin <- function(top) {
    withr::local_pdf(NULL)
    open_single()
    draw_losses(1:2, cbind(c(0, top), c(1, 1)), matrix(TRUE, 2, 2), TRUE)
    par("mar")[[2]]
  }
  expect_gt(margin(80000), margin(1))
})
