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

test_that("the plot of the training depends on the kind of data and the types of columns", {
  fit <- traced(lapply(1:5, \(i) mixed(30, i)))
  real <- mixed()
  for (columns in list("grade", "born", c("grade", "income"), c("born", "grade"), c("grade", "smoker"))) {
    plot <- plot_training(fit, real, columns = columns)
    expect_identical(panels_of(plot), 5L)
    expect_drawn(print(plot))
  }
  expect_identical(panels_of(plot_training(fit, real)), 16L)
  expect_drawn(print(plot_training(fit, real)))
})

test_that("all plots of a fit of typed columns are drawn", {
  skip_without_core()
  real <- mixed()
  fit <- gan_fit(real, epochs = 2, seed = 1, trace = 1)
  expect_drawn(print(plot_compare(fit, real)))
  expect_drawn(print(plot_training(fit, real)))
  expect_drawn(plot(fit, real = real))
  expect_drawn(plot(fit))
  expect_drawn(plot(gan_fit(real["grade"], epochs = 1, seed = 1), real = real["grade"]))
  skip_if_not(reticulate::py_module_available("matplotlib"))
  file <- withr::local_tempfile(fileext = ".gif")
  animate_training(fit, file, real, columns = c("grade", "seen", "income"))
  expect_gt(file.size(file), 3000)
})

test_that("the course of a training has common limits, the noise behind it, and cut peaks", {
  fit <- traced(lapply(1:20, \(i) data.frame(x = rnorm(50, i))))
  plot <- plot_training(fit, data.frame(x = 50))
  expect_identical(panels_of(plot), 12L)
  expect_gte(max(plot$data$x), 50)
  real <- data.frame(x = c(seq(1, 5, length.out = 99), NA))
  fit <- traced(list(data.frame(x = 2 + seq(0, 0.01, length.out = 100)), real))
  plot <- plot_training(fit, real)
  noise <- subset(marks_of(plot)$GeomPath, source == "noise")
  expect_equal(noise$y, dnorm(noise$x))
  expect_lt(max(plot$data$y), 1)
  expect_identical(key_of(plot), c("noise", "real", "generated"))
  fit <- traced(list(data.frame(x = 1000 * real$x)))
  expect_identical(key_of(plot_training(fit))[[1]], "noise, rescaled")
})

test_that("plots of a training note what they leave out and how tiles are read", {
  note <- \(rows, real) plot_training(traced(list(rows)), real)$labels$caption
  levels <- data.frame(a = rep(c("x", "y"), 20), b = rep(c("u", "v"), each = 20))
  expect_identical(note(levels, levels), "Tiles: left half real, right half generated; the darker, the more rows.")
  expect_null(note(levels, NULL))
  many <- data.frame(a = rnorm(2100), b = rnorm(2100))
  expect_identical(note(many[1:50, ], many), "Of more rows, 2,000 are drawn as points.")
  expect_null(note(many[1:50, ], many[1:50, ]))
  expect_identical(note(mtcars, mtcars), "The first 4 of 11 columns; `columns` names others.")
})

test_that("a walk is drawn by column and by pair", {
  skip_without_core()
  walk <- data.frame(
    income = seq(1e4, 4e4, length.out = 7), grade = rep(c("low", "high"), c(3, 4)), born = as.Date("1960-01-01") + 1:7
  )
  expect_identical(panels_of(plot_walk(walk, mixed())), 3L)
  expect_drawn(print(plot_walk(walk, mixed())))
  expect_drawn(print(plot_walk(walk, mixed(), by = "pair")))
  expect_drawn(print(plot_walk(as.matrix(faithful[1:2, ]))))
  fit <- gan_fit(iris, condition = "Species", epochs = 2, seed = 1)
  walk <- gan_interpolate(fit, 12, seed = 1, given = list(Species = "setosa"))
  expect_identical(unique(as.character(walk$Species)), "setosa")
  expect_drawn(print(plot_walk(walk, iris)))
  expect_drawn(print(plot_walk(walk, iris, by = "pair", columns = c("Species", "Petal.Width"))))
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

test_that("waves and images can be compared without a fit", {
  expect_drawn(print(plot_compare(waves[1:3, ], waves, kind = "wave", rate = 250)))
  expect_drawn(print(plot_compare(lapply(2:9, \(i) waves[i, seq_len(10 * i)]), waves, kind = "wave")))
  expect_drawn(print(plot_compare(array(runif(720), c(10, 8, 9)), array(runif(288), c(4, 8, 9)), kind = "image")))
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
