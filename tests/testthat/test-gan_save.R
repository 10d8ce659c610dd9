test_that("a fit that was saved and loaded is the same fit", {
  fit <- table_fit()
  file <- withr::local_tempfile()
  expect_identical(withVisible(gan_save(fit, file)), list(value = file, visible = FALSE))
  without_call <- \(fit) replace(fit, "call", list(NULL))
  expect_identical(gan_load(file), without_call(fit))
  gan_save(wave_fit(), file)
  expect_identical(gan_load(file), without_call(wave_fit()))
  expect_identical(list.files(dirname(file), "^part-"), character())
})

test_that("readRDS() in a fresh process gives a fit that samples the same rows", {
  fit <- table_fit()
  rds <- withr::local_tempfile(fileext = ".rds")
  saveRDS(list(fit = fit, sample = gan_sample(fit, 50, seed = 2)), rds)
  printed <- rscript(
    "suppressMessages(library(ganbridge))",
    sprintf("saved <- readRDS(%s)", deparse(rds)),
    "identical(gan_sample(saved$fit, 50, seed = 2), saved$sample)",
    "identical(gan_sample(gan_fit(faithful, epochs = 4, seed = 1, trace = 2), 50, seed = 2), saved$sample)"
  )
  expect_identical(printed, rep("[1] TRUE", 2))
})

test_that("labels of variables, times of day and times without a zone come back from a saved fit", {
  skip_without_core()
  rows <- 40
  data <- data.frame(age = structure(round(rnorm(rows, 40, 9)), label = "Age in years"))
  data$clock <- structure(as.double(sample(86400, rows)), class = c("hms", "difftime"), units = "secs")
  data$seen <- structure(1.7e9 + 3600 * seq_len(rows), class = c("POSIXct", "POSIXt"))
  file <- withr::local_tempfile()
  small <- gan_config(steps = 2, generator_hidden = 4, discriminator_hidden = 4)
  gan_save(gan_fit(data, config = small, seed = 1, progress = FALSE), file)
  sample <- gan_sample(gan_load(file), 3, seed = 1)
  expect_identical(lapply(sample, attributes), lapply(data, attributes))
})

test_that("files without an intact fit are refused", {
  fit <- table_fit()
  write <- function(bytes) {
    file <- tempfile("model-")
    writeBin(bytes, file)
    file
  }
  middle <- length(fit$model) %/% 2
  altered <- replace(fit$model, middle, xor(fit$model[[middle]], as.raw(1)))
  expect_refusals({
    gan_load(write(head(fit$model, -10)))
    gan_load(write(altered))
    gan_load(write(charToRaw("not a model")))
    gan_load(write(raw()))
  })
})

test_that("paths are checked", {
  fit <- table_fit()
  expect_refusals({
    gan_save(fit, "/no/such/folder/fit.gan")
    gan_save(fit, 3)
    gan_save(faithful, "fit.gan")
    gan_load("/no/such/fit.gan")
    gan_load(c("a", "b"))
  })
  folder <- withr::local_tempdir()
  expect_error(gan_save(fit, folder), "could not be written", class = "ganbridge_error")
  expect_true(dir.exists(folder))
})
