test_that("a fit is a plain list that holds what the help page says", {
  fit <- table_fit()
  expect_s3_class(fit, "gan_fit", exact = TRUE)
  expect_type(unclass(fit), "list")
  expect_type(fit$model, "raw")
  expect_s3_class(fit$history, "data.frame", exact = TRUE)
  expect_identical(
    names(fit$history),
    c("epoch", "step", "generator_loss", "discriminator_loss", "score")
  )
  expect_identical(fit$history$epoch, 1:4)
  expect_type(fit$history$step, "integer")
  expect_identical(fit$seed, 1L)
  expect_identical(fit$kind, "table")
  expect_identical(fit$stopped, "budget")
  expect_identical(fit$version, as.character(packageVersion("ganbridge")))
  expect_identical(fit$moments$name, names(faithful))
  expect_equal(fit$moments$mean, unname(colMeans(faithful)))
  expect_equal(fit$moments$sd, unname(sapply(faithful, sd)))
  holds_reference <- function(x) {
    typeof(x) %in% c("environment", "externalptr", "closure") ||
      is.list(x) && any(vapply(x, holds_reference, NA))
  }
  expect_false(holds_reference(unclass(fit)))
})

test_that("a trace holds samples at regular epochs, in the form of the training data", {
  trace <- table_fit()$trace
  expect_s3_class(trace, "gan_trace")
  expect_identical(trace$epoch, c(2L, 4L))
  expect_length(trace$samples, 2)
  expect_identical(lapply(trace$samples[[1]], typeof), lapply(faithful, typeof))
  expect_true(is.matrix(wave_fit()$trace$samples[[2]]))
  expect_null(gan_fit(faithful, epochs = 1, seed = 1)$trace)
})

test_that("the same seed gives the same fit, another one another fit", {
  fit <- table_fit()
  again <- gan_fit(faithful, epochs = 4, seed = 1, trace = 2)
  expect_identical(again, fit)
  expect_identical(gan_fit(iris, seed = 3), gan_fit(iris, seed = 3))
  other <- gan_fit(faithful, epochs = 4, seed = 2)
  expect_identical(gan_sample(again, 20, seed = 3), gan_sample(fit, 20, seed = 3))
  expect_false(identical(gan_sample(other, 20, seed = 3), gan_sample(fit, 20, seed = 3)))
})

test_that("set.seed() governs a fit without a seed, by exactly one draw", {
  skip_without_core()
  one_draw <- state_after(runif(1))
  expect_identical(state_after(first <- gan_fit(faithful, epochs = 1)), one_draw)
  expect_identical(state_after(second <- gan_fit(faithful, epochs = 1)), one_draw)
  expect_identical(first$seed, second$seed)
  expect_identical(gan_sample(first, 3, seed = 1), gan_sample(second, 3, seed = 1))
  expect_identical(state_after(gan_fit(faithful, epochs = 1, seed = 4)), state_after(NULL))
})

test_that("bad arguments are an error and do not change the random state", {
  skip_without_core()
  none <- state_after(NULL)
  attempts <- expression(
    gan_fit(faithful, epochs = 0), gan_fit(faithful, kind = "tabel"), gan_fit(faithful[1, ]),
    gan_fit(faithful, epochs = 1, config = gan_config(batch_size = -3)), gan_fit(matrix("a")),
    gan_fit(faithful, log = "/no/such/folder/log.txt")
  )
  for (attempt in attempts) {
    expect_identical(state_after(expect_error(eval(attempt), class = "ganbridge_error")), none)
  }
})

test_that("bad arguments are named, with what is expected and what was passed", {
  skip_without_core()
  incomplete <- transform(faithful, waiting = replace(waiting, c(2, 5), NA))
  expect_refusals({
    gan_fit()
    gan_fit(iris, condition = "Specie")
    gan_fit(faithful, condition = names(faithful))
    gan_fit(as.matrix(faithful), condition = 1:3)
    gan_fit(faithful[0, ])
    gan_fit(faithful[1, ])
    gan_fit(faithful[, 0])
    gan_fit(as.matrix(incomplete))
    gan_fit(unname(as.matrix(incomplete)), kind = "wave")
    gan_fit(data.frame(x = c(1, Inf, -Inf)))
    gan_fit(letters)
    gan_fit(faithful, kind = "tabel")
    gan_fit(faithful, kind = 1)
    gan_fit(faithful, kind = NA)
    gan_fit(faithful, epochs = -3)
    gan_fit(faithful, epochs = 2.5)
    gan_fit(faithful, epochs = "ten")
    gan_fit(faithful, epochs = NA)
    gan_fit(faithful, epochs = 1:2)
    gan_fit(faithful, seed = -1)
    gan_fit(faithful, seed = 2^31)
    gan_fit(faithful, trace = 0)
    gan_fit(faithful, progress = "yes")
    gan_fit(faithful, log = 3)
    gan_fit(faithful, config = list(pack = 2))
    gan_fit(faithful, epochs = 1, batch = 3)
  })
})

test_that("matrices, integers, single columns and constant columns keep their form", {
  skip_without_core()
  sample_of <- function(data, ...) gan_sample(gan_fit(data, epochs = 1, seed = 1, ...), 7, seed = 1)
  counts <- sample_of(matrix(c(1:10, rep(5L, 10)), 10, dimnames = list(NULL, c("a", "b"))))
  expect_type(counts, "integer")
  expect_identical(dimnames(counts), list(NULL, c("a", "b")))
  expect_identical(counts[, "b"], rep(5L, 7))
  expect_true(all(counts[, "a"] %in% 1:10))

  single <- sample_of(matrix(c(1.5, 2.5, 4), dimnames = list(NULL, "x")))
  expect_identical(dim(single), c(7L, 1L))
  expect_identical(colnames(single), "x")
  expect_null(dimnames(sample_of(matrix(c(1.5, 2.5, 4, 1), 4))))

  mixed <- sample_of(data.frame(`n n` = 1:20, x = sin(1:20), x = 1, check.names = FALSE))
  expect_identical(names(mixed), c("n n", "x", "x"))
  expect_identical(vapply(mixed, typeof, ""), c(`n n` = "integer", x = "double", x = "double"))
  expect_identical(mixed[[3]], rep(1, 7))
  expect_identical(attr(mixed, "row.names"), 1:7)
})

test_that("samples of a matrix of waves are a matrix", {
  sample <- gan_sample(wave_fit(), 3, seed = 1)
  expect_identical(dim(sample), c(3L, 50L))
  expect_type(sample, "double")
  expect_identical(wave_fit()$kind, "wave")
})

test_that("a batch larger than the data is lowered with a message", {
  skip_without_core()
  expect_message(gan_fit(faithful, epochs = 1, seed = 1, config = gan_config(batch_size = 4096)), "batch")
})

test_that("a log gets its lines, wherever R's working directory is", {
  skip_without_core()
  withr::local_dir(withr::local_tempdir())
  gan_fit(faithful, epochs = 3, seed = 1, log = "fit.log")
  expect_match(readLines("fit.log"), "epoch 3/3", all = FALSE)
})

test_that("settings are checked before data cross", {
  skip_without_core()
  local_functions(data_to_core = \(...) stop("converted the data"))
  expect_error(gan_fit(faithful, config = gan_config(pack = 0)), "`pack` must be")
  expect_error(gan_fit(faithful, kind = "tabel"), "`kind` must be")
  expect_error(gan_fit(faithful, seed = -1), "`seed` must be")
  expect_error(gan_fit(faithful, log = "no/such/folder/log"), "`log` must lie")
  expect_error(gan_fit(faithful), "converted the data")
})

test_that("a sample sends the model without its trace, and a file has both", {
  fit <- table_fit()
  expect_lt(length(fit$model), length(fit$whole) - 2 * 4 * 272 * 2 / 2)
  expect_null(gan_fit(faithful, epochs = 1, seed = 1)$whole)
  file <- withr::local_tempfile()
  gan_save(fit, file)
  expect_identical(readBin(file, "raw", 1e6), fit$whole)
  expect_identical(gan_load(file)$trace, fit$trace)
  sent <- NULL
  run <- call_core
  local_functions(call_core = \(name, ...) {
    sent <<- c(...elt(1))
    run(name, ...)
  })
  gan_sample(fit, 1, seed = 1)
  expect_identical(sent, fit$model)
})

test_that("matrices of doubles and columns cross with at most one copy", {
  values <- matrix(runif(20), 10, dimnames = list(NULL, c("a", "b")))
  core <- matrix_to_core(values)
  expect_identical(core$values, values)
  expect_identical(matrix_to_core(matrix(1:4, 2))$values, matrix(as.double(1:4), 2))
  column <- column_to_core(c(1.5, NA, 3), "x")
  expect_identical(column$values, array(c(1.5, NA, 3), 3))
  expect_identical(column$missing, array(c(FALSE, TRUE, FALSE), 3))
  expect_null(column_to_core(c(1.5, 3), "x")$missing)
})

test_that("an error of the core is R's own, without Python's traceback", {
  skip_without_core()
  error <- tryCatch(gan_fit(faithful, kind = "tabel"), error = identity)
  expect_identical(class(error), c("ganbridge_bad_argument", "ganbridge_error", "error", "condition"))
  expect_null(conditionCall(error))
  expect_no_match(conditionMessage(error), "Traceback|py_last_error|ValueError")
})

test_that("a data.frame of every type keeps its classes, levels, time zones, units and missing values", {
  fit <- fit_once("typed", \() gan_fit(typed_frame(), seed = 1, config = gan_config(steps = 60)))
  sample <- gan_sample(fit, 400, seed = 2)
  expect_identical(sapply(sample, class), sapply(typed_frame(), class))
  expect_identical(lapply(sample, attributes)[-4], lapply(typed_frame(), attributes)[-4])
  expect_false(any(sample$factor %in% "unused"))
  expect_true(all(as.double(sample$datetime) %% 3600 == 0, na.rm = TRUE))
  expect_identical(unlist(fit$schema$types), c(
    "double", "integer", "logical", "text", "factor", "ordered", "date", "datetime", "difftime"
  ))
})

test_that("repeated names, a constant column and a column of NA are kept", {
  skip_without_core()
  data <- data.frame(x = rnorm(30), x = 1L, y = NA, z = "same", check.names = FALSE)
  sample <- gan_sample(gan_fit(data, epochs = 1, seed = 1), 5, seed = 1)
  expect_identical(names(sample), c("x", "x", "y", "z"))
  expect_identical(as.list(sample[2:4]), list(x = rep(1L, 5), y = rep(NA, 5), z = rep("same", 5)))
})

test_that("a conditional fit generates rows with the given conditions", {
  fit <- fit_once("conditional", \() {
    gan_fit(iris, condition = "Species", seed = 1, config = gan_config(steps = 20))
  })
  expect_identical(fit$schema$condition, "Species")
  expect_identical(gan_sample(fit, 20, seed = 3, given = list(Species = "setosa"))$Species, iris$Species[1:20])
  species <- rep(c("virginica", "setosa"), 10)
  expect_identical(as.character(gan_sample(fit, 20, seed = 3, given = list(Species = species))$Species), species)
  expect_identical(names(gan_sample(fit, 1, seed = 1)), names(iris))
  expect_refusals({
    gan_sample(fit, 5, given = list(Species = "rose"))
    gan_sample(fit, 5, given = list(Colour = "blue"))
    gan_sample(fit, 5, given = list(Species = c("setosa", "virginica")))
    gan_sample(fit, 5, given = list(Species = 1))
    gan_sample(table_fit(), 5, given = list(Species = "setosa"))
  })
})

test_that("missing numbers, dates and times can be given", {
  skip_without_core()
  data <- data.frame(
    x = rnorm(20), gap = rep(c(1L, NA), 10), day = as.Date("2024-01-01") + 0:19,
    clock = as.POSIXct("2024-01-01", tz = "Asia/Tokyo") + 86400 * 0:19
  )
  fit <- gan_fit(data, condition = c("gap", "day", "clock"), seed = 1, config = gan_config(steps = 5))
  expect_identical(gan_sample(fit, 2, seed = 1, given = list(gap = NA))$gap, c(NA_integer_, NA))
  midnight <- as.POSIXct("2024-01-05", tz = "Asia/Tokyo")
  for (time in list("2024-01-05", as.Date("2024-01-05"), midnight)) {
    expect_identical(gan_sample(fit, 1, seed = 1, given = list(clock = time))$clock, midnight)
    expect_identical(gan_sample(fit, 1, seed = 1, given = list(day = time))$day, as.Date("2024-01-05"))
  }
  walk <- gan_interpolate(fit, 3, seed = 1, given = list(day = "2024-01-05", gap = 1))
  expect_identical(walk$day, rep(as.Date("2024-01-05"), 3))
  expect_identical(walk$gap, c(1L, 1L, 1L))
  expect_refusals({
    gan_sample(fit, 1, given = list(gap = 1.5))
    gan_sample(fit, 1, given = list(clock = "noon"))
    gan_fit(transform(data, clock = structure(clock, tzone = "Mars/Phobos")), seed = 1)
  })
})

test_that("samples of waves with labels have labels", {
  skip_without_core()
  labels <- factor(rep(c("slow", "fast"), 30))
  fit <- gan_fit(waves[1:60, 1:40], kind = "wave", condition = labels, epochs = 2, seed = 1)
  given <- gan_sample(fit, 4, seed = 1, given = list(label = "fast"))
  expect_identical(dim(given), c(4L, 40L))
  expect_identical(attr(given, "condition"), data.frame(label = factor(rep("fast", 4), levels = c("fast", "slow"))))
  expect_identical(nrow(attr(gan_sample(fit, 7), "condition")), 7L)
})
