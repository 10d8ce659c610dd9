small <- gan_config(generator_hidden = c(8, 8), discriminator_hidden = c(8, 8), batch_size = 68)
fitted <- function(...) gan_fit(faithful, epochs = 6, seed = 1, config = small, ...)
same_model <- function(a, b) expect_identical(a[c("model", "whole", "history")], b[c("model", "whole", "history")])

test_that("a fit that was told to stop goes on to the same fit, across saveRDS() and files", {
  skip_without_core()
  whole <- fitted(trace = 2)
  part <- fitted(trace = 2, stop_after = 3)
  expect_identical(part$stopped, "stop_after")
  expect_match(part$text, "3 of 6 epochs; told to stop there", all = FALSE)
  expect_null(fitted()$whole)
  expect_gt(length(part$whole), length(part$model))
  path <- withr::local_tempfile()
  saveRDS(part, path)
  same_model(gan_continue(readRDS(path), faithful), whole)
  gan_save(part, path)
  same_model(gan_continue(gan_load(path), faithful), whole)
})

test_that("an interrupted fit goes on", {
  skip_without_core()
  skip_on_os("windows")
  stop_here <- function(state) {
    if (state$epoch == 3) {
      tools::pskill(Sys.getpid(), tools::SIGINT)
      Sys.sleep(0.2)
    }
  }
  expect_warning(part <- fitted(callbacks = stop_here), class = "ganbridge_interrupted")
  same_model(gan_continue(part, faithful), fitted())
})

test_that("a checkpoint is a fit that goes on, and at the end the fit", {
  skip_without_core()
  path <- withr::local_tempfile()
  kept <- NULL
  look <- function(state) if (state$epoch == 4) kept <<- readBin(path, "raw", file.size(path))
  whole <- fitted(checkpoint = path, checkpoint_every = "2 epochs", callbacks = look)
  expect_identical(readBin(path, "raw", file.size(path)), whole$model)
  writeBin(kept, path)
  part <- gan_load(path)
  expect_identical(part$stopped, "checkpoint")
  same_model(gan_continue(part, faithful, checkpoint = path), whole)
  expect_identical(readBin(path, "raw", file.size(path)), whole$model)
})

test_that("a finished fit is returned as it is, and trained beyond its plan", {
  skip_without_core()
  whole <- fitted()
  expect_message(same <- gan_continue(whole, faithful), "set `epochs` to train it further")
  expect_identical(same, whole)
  longer <- gan_continue(whole, faithful, epochs = 8)
  expect_identical(longer$history$epoch, 1:8)
  expect_identical(longer$history[1:6, "step"], whole$history$step)
})

test_that("labels are given again", {
  skip_without_core()
  waves <- make_waves(40, 24, seed = 1)
  labels <- factor(rep(c("a", "b"), 20))
  config <- gan_config(generator_hidden = 8, discriminator_hidden = 8)
  part <- gan_fit(waves, kind = "wave", condition = labels, epochs = 3, seed = 1, stop_after = 1, config = config)
  whole <- gan_fit(waves, kind = "wave", condition = labels, epochs = 3, seed = 1, config = config)
  same_model(gan_continue(part, waves, condition = labels), whole)
  expect_snapshot(gan_continue(part, waves), error = TRUE)
})

test_that("other data, and arguments that can't be used, are errors before any training", {
  skip_without_core()
  part <- fitted(stop_after = 1)
  expect_snapshot(error = TRUE, {
    gan_continue(part, faithful[-1, ])
    gan_continue(part, faithful[272:1, ])
    gan_continue(part, setNames(faithful, c("eruptions", "pause")))
    gan_continue(part, faithful + 1)
    gan_continue(part, faithful, epochs = 3)
    gan_continue(part, faithful, stop_after = 1)
    gan_continue(list(), faithful)
    fitted(checkpoint_every = 10)
    fitted(checkpoint = tempfile(), checkpoint_every = "often")
    fitted(stop_after = 7)
    fitted(callbacks = "print")
  })
})
