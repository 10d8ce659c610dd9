mixed <- function(n = 60, seed = 1) {
  set.seed(seed)
  data <- data.frame(
    income = rlnorm(n, 10), score = sample(1:5, n, TRUE),
    grade = factor(sample(c("low", "high"), n, TRUE), c("low", "high")),
    smoker = runif(n) < 0.3, city = sample(paste("a town with a long name", 1:20), n, TRUE),
    born = as.Date("1950-01-01") + sample(20000, n, TRUE), seen = as.POSIXct("2024-01-01", tz = "UTC") + runif(n) * 1e5,
    constant = 1, `odd $name[1]` = rnorm(n), check.names = FALSE
  )
  data$income[seq_len(n %/% 10)] <- NA
  data$grade[seq_len(n %/% 20)] <- NA
  data
}

# A fit whose trace holds the given samples
traced <- function(samples) {
  fit <- table_fit()
  fit$trace <- new_gan_trace(seq_along(samples), samples)
  fit
}

settings <- function() par("mfrow", "mar", "oma", "mgp", "cex", "tcl", "las", "fg", "col.axis", "col.lab")

expect_drawn <- function(code) {
  file <- draw_to_file({
    before <- settings()
    force(code)
    expect_identical(settings(), before)
  })
  expect_gt(file.size(file), 3000)
}

test_that("real and generated columns and pairs are drawn for all types", {
  real <- mixed()
  expect_drawn(plot_compare(mixed(80, 2), real))
  expect_drawn(plot_compare(mixed(80, 2), real, by = "pair", columns = c("income", "grade", "born", "score")))
  expect_drawn(plot_compare(as.matrix(faithful[1:9, ]), as.matrix(faithful)))
  expect_drawn(plot_compare(iris$Species, iris$Species))
  for (rows in c(1, 2)) {
    expect_drawn(plot_compare(real[rows, ], real[rows, ]))
    expect_drawn(plot_compare(real[rows, ], real[rows, ], by = "pair"))
  }
  expect_drawn(plot_compare(data.frame(x = NA_real_, y = 1), data.frame(x = NA_real_, y = 1), by = "pair"))
})

test_that("a fit is compared by rows sampled with its seed", {
  fit <- table_fit()
  comparison <- compare_columns(fit, faithful, "column", NULL)
  expect_identical(comparison$parts[[1]][[2]]$values, as.double(gan_sample(fit, 272, seed = fit$seed)[[1]]))
  expect_identical(comparison$parts[[1]][[1]]$values, faithful[[1]])
  expect_drawn(plot_compare(fit, faithful))
  expect_drawn(plot_compare(fit, faithful, by = "pair"))
  expect_drawn(plot_compare(wave_fit(), waves[, 1:50]))
})

test_that("the plot of the training depends on the kind of data", {
  fit <- table_fit()
  expect_drawn(plot_training(fit, faithful))
  expect_drawn(plot_training(fit))
  expect_drawn(plot_training(fit, faithful, columns = 2))
  expect_drawn(plot_training(wave_fit()))
  expect_drawn(plot(fit, type = "trace", real = faithful))
  fit <- traced(lapply(1:5, \(i) mixed(30, i)))
  real <- mixed()
  for (columns in list("grade", "born", c("grade", "income"), c("born", "grade"), c("grade", "smoker"))) {
    expect_drawn(plot_training(fit, real, columns = columns))
  }
  expect_drawn(plot_training(fit, real))
})

test_that("all plots of a fit of typed columns are drawn", {
  real <- mixed()
  fit <- gan_fit(real, epochs = 2, seed = 1, trace = 1)
  expect_drawn(plot_compare(fit, real))
  expect_drawn(plot_training(fit, real))
  expect_drawn(suppressMessages(plot(fit, real = real)))
  expect_drawn(plot(gan_fit(real["grade"], epochs = 1, seed = 1), real = real["grade"]))
  skip_if_not(reticulate::py_module_available("matplotlib"))
  file <- withr::local_tempfile(fileext = ".gif")
  animate_training(fit, file, real, columns = c("grade", "seen", "income"))
  expect_gt(file.size(file), 3000)
})

test_that("the course of a training holds the samples, and common limits", {
  fit <- traced(lapply(1:20, \(i) data.frame(x = rnorm(50, i))))
  course <- training_course(fit$trace, data.frame(x = 50), NULL)
  expect_length(course$epochs, 12)
  expect_identical(parts_at(course, 1, 12)[[2]]$values, fit$trace$samples[[20]]$x)
  expect_identical(parts_at(course, 1, 12)[[1]]$values, 50)
  expect_equal(range(course$scales[[1]]$limits, 50), course$scales[[1]]$limits)
})

test_that("plots of a training note what they leave out and how tiles are read, as the core's do", {
  note <- \(rows, real) course_note(training_course(traced(list(rows))$trace, real, NULL))
  levels <- data.frame(a = rep(c("x", "y"), 20), b = rep(c("u", "v"), each = 20))
  expect_identical(note(levels, levels), "Tiles: left half real, right half generated; the darker, the more rows.")
  expect_identical(note(levels, NULL), "")
  many <- data.frame(a = rnorm(2100), b = rnorm(2100))
  expect_identical(note(many[1:50, ], many), "Of more rows, 2,000 are drawn as points.")
  expect_identical(note(many[1:50, ], many[1:50, ]), "")
  expect_identical(note(mtcars, mtcars), "The first 4 of 11 columns; `columns` names others.")
})

test_that("a collapsed sample does not make the real rows' tiles pale", {
  expect_identical(darkest_share(list(c(0.2, 0.3), c(0.9, 0.1))), 0.6)
  expect_identical(darkest_share(list(c(0.2, 0.3), c(0.4, 0.1))), 0.4)
  expect_identical(darkest_share(list(c(0.9, 0.1))), 0.9)
  expect_identical(darkest_share(list(c(0, 0), c(0.5, 0.5))), 0.5)
})

test_that("the noise is drawn unchanged if there is room, and rescaled otherwise", {
  near <- plot_column(c(-4, 8), "x", "real")
  expect_identical(noise_beside(near, c(-4, 8)), list(normal = c(0, 1), limits = c(-4, 8)))
  far <- plot_column(c(400, 800), "x", "real")
  expect_equal(noise_beside(far, c(400, 800)), list(normal = c(600, sd(c(400, 800))), limits = c(400, 800)))
  expect_null(noise_beside(plot_column(c(900, 900), "x", "real"), c(850, 950))$normal)
})

test_that("labels of levels are rotated if they have no room, and the title of the axis is below them", {
  draw_to_file({
    open_single()
    expect_identical(label_angle(c("a", "b"), 1), 0)
    expect_identical(label_angle(rep("a rather long level", 3), 0.7), 30)
    expect_identical(label_angle(rep("a rather long level", 30), 0.1), 90)
    bottom_margin(list(plot_column(factor(c("a", "b")), "x", "real")))
    expect_identical(par("mar")[[1]], 3.2)
    bottom_margin(list(plot_column(factor(paste("a rather long level", 1:9)), "x", "real")))
    expect_gt(par("mar")[[1]], 4)
  })
  draw_to_file({
    open_single()
    for (limits in list(c(0, 9), c(9, 0))) {
      plot.new()
      plot.window(0:1, limits)
      spacing <- grconvertY(par("usr")[[3]], "user", "inches") - grconvertY(below_axis(), "user", "inches")
      expect_equal(spacing, 0.5 * par("csi"))
    }
  })
  expect_identical(plain_numbers(c(0, 1e5, 4e5)), c("0", "100000", "400000"))
})

test_that("a walk is drawn by column and by pair", {
  walk <- data.frame(
    income = seq(1e4, 4e4, length.out = 7), grade = rep(c("low", "high"), c(3, 4)), born = as.Date("1960-01-01") + 1:7
  )
  expect_drawn(plot_walk(walk, mixed()))
  expect_drawn(plot_walk(walk, mixed(), by = "pair"))
  expect_drawn(plot_walk(as.matrix(faithful[1:2, ])))
  draw_to_file(expect_identical(withVisible(plot_walk(walk)), list(value = walk, visible = FALSE)))
  fit <- gan_fit(iris, condition = "Species", epochs = 2, seed = 1)
  walk <- gan_interpolate(fit, 12, seed = 1, given = list(Species = "setosa"))
  expect_identical(unique(as.character(walk$Species)), "setosa")
  expect_drawn(plot_walk(walk, iris))
  expect_drawn(plot_walk(walk, iris, by = "pair", columns = c("Species", "Petal.Width")))
  levels <- spread_levels(plot_column(iris$Species, "Species", "real"), 0.618)
  expect_lte(max(abs(levels - as.integer(iris$Species))), 0.25)
  expect_false(anyDuplicated(levels) > 0)
  expect_identical(spread_levels(plot_column(1:3 / 2, "x", "real"), 0.618), 1:3 / 2)
})

test_that("scores are drawn if there are any", {
  fit <- table_fit()
  expect_true(any(is.finite(fit$history$score)))
  expect_true(fit$kept %in% fit$history$epoch)
  expect_drawn(plot_losses(fit))
  fit$history$score <- NaN
  expect_drawn(plot_losses(fit))
})

test_that("an animation is written, and no other file", {
  skip_if_not(reticulate::py_module_available("matplotlib"))
  folder <- withr::local_tempdir()
  file <- file.path(folder, "training.gif")
  result <- withVisible(animate_training(table_fit(), file, faithful, columns = "waiting", fps = 4))
  expect_identical(list.files(folder), "training.gif")
  expect_identical(basename(result$value), "training.gif")
  expect_false(result$visible)
  expect_identical(rawToChar(readBin(file, "raw", 6)), "GIF89a")
  animate_training(wave_fit(), file.path(folder, "training.png"), waves[1:20, 1:50])
  expect_gt(file.size(file.path(folder, "training.png")), 3000)
})

test_that("plots return their first argument invisibly and do not change the random state", {
  fit <- table_fit()
  draw_to_file({
    expect_identical(withVisible(plot_training(fit)), list(value = fit, visible = FALSE))
    expect_identical(withVisible(plot_compare(fit, faithful)), list(value = fit, visible = FALSE))
    expect_identical(state_after(plot_training(fit, faithful)), state_after(NULL))
    expect_identical(state_after(plot_compare(fit, faithful)), state_after(NULL))
  })
})

test_that("waves and images can be compared without a fit", {
  expect_drawn(plot_compare(waves[1:3, ], waves, kind = "wave", rate = 250))
  expect_drawn(plot_compare(lapply(2:9, \(i) waves[i, seq_len(10 * i)]), waves, kind = "wave"))
  expect_drawn(plot_compare(array(runif(720), c(10, 8, 9)), array(runif(288), c(4, 8, 9)), kind = "image"))
})

test_that("bad arguments are named", {
  fit <- table_fit()
  wave <- wave_fit()
  untraced <- traced(list())
  untraced$trace <- NULL
  real <- mixed()
  expect_refusals({
    plot_compare(fit, "data.csv")
    plot_compare(NULL, faithful)
    plot_compare(faithful[0, ], faithful)
    plot_compare(fit, faithful, by = "colum")
    plot_compare(fit, faithful, columns = "wait")
    plot_compare(fit, faithful, columns = 3)
    plot_compare(fit, faithful, columns = character())
    plot_compare(fit, faithful, columns = TRUE)
    plot_compare(fit, faithful, by = "pair", columns = 1)
    plot_compare(fit, mtcars)
    plot_compare(as.matrix(faithful), unname(as.matrix(mtcars)))
    plot_compare(real["born"], data.frame(born = as.character(real$born)))
    plot_compare(data.frame(x = 1i), data.frame(x = 1i))
    plot_compare(wave, waves)
    plot_compare(wave, waves[, 1:50], columns = 1)
    plot_compare(wave, waves[, 1:50], kind = "table")
    plot_compare(waves, waves, kind = "waves")
    plot_compare(waves, array(0, c(3, 30, 2)), kind = "wave")
    plot_compare(array(0, c(3, 8, 9)), array(0, c(3, 9, 8)), kind = "image")
    plot_compare("waves", waves, kind = "wave")
    plot_compare(faithful, faithful, rate = 10)
    plot_walk(faithful[1, ])
    plot_walk(faithful, by = "row")
    plot_walk(faithful, columns = "waiting", by = "pair")
    plot_walk(faithful, mtcars)
    plot_training(faithful)
    plot_training(untraced)
    plot_training(traced(list()))
    plot_training(wave, waves)
    plot_training(wave, columns = 1)
    plot_training(fit, mtcars)
    plot_training(traced(list(mtcars)), columns = 1:5)
    animate_training(fit, "training.mp4")
    animate_training(fit, 3)
    animate_training(fit, "training.gif", fps = 0)
    animate_training(fit, "training.gif", columns = "wait")
    animate_training(wave, "training.gif", real = waves)
  })
})
