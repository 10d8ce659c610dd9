config <- gan_config(generator_hidden = 8, discriminator_hidden = 8, batch_size = 68)
data <- data.frame(id = sprintf("P%04d", sample(9999, 272)), faithful)

test_that("callbacks see each epoch, can draw rows, and stop the fit by FALSE", {
  skip_without_core()
  states <- list()
  keep <- \(state) states[[length(states) + 1]] <<- c(state, rows = list(state$sample(4)))
  watch <- list(keep, \(state) state$epoch < 3)
  expect_message(fit <- gan_fit(data, epochs = 9, seed = 1, config = config, callbacks = watch), "names rows")
  expect_identical(fit$stopped, "callback")
  expect_identical(vapply(states, \(state) state$epoch, 1L), 1:3)
  expect_identical(vapply(states, \(state) state$step, 1L), fit$history$step)
  expect_identical(vapply(states, \(state) state$discriminator_loss, 1), fit$history$discriminator_loss)
  expect_setequal(
    setdiff(names(states[[1]]), c("sample", "rows")),
    c("epoch", "epochs", "step", "generator_loss", "discriminator_loss", "seconds", "share", "unit")
  )
  expect_identical(names(states[[1]]$rows), names(data))
  expect_match(states[[1]]$rows$id, "^P[0-9]{4}$")
  expect_error(states[[1]]$sample(1), "must be called while a callback of a fit runs", class = "ganbridge_error")
  expect_message(whole <- gan_fit(data, epochs = 9, seed = 1, config = config), "names rows")
  expect_silent(again <- gan_continue(fit, data))
  expect_identical(again$model, whole$model)
})

test_that("callbacks of a fit without networks see its trees", {
  skip_without_core()
  seen <- list()
  fit <- gan_fit(iris[rep(1:150, 5), ], seed = 1, callbacks = \(state) {
    seen <<- c(seen, list(state))
    state$epoch < 2
  })
  expect_identical(vapply(seen, \(state) paste(state$unit, state$epoch), ""), c("tree 1", "tree 2"))
  expect_identical(fit$stopped, "callback")
})

test_that("an error in a callback is that of the fit", {
  skip_without_core()
  own <- structure(class = c("own", "error", "condition"), list(message = "mine", call = NULL))
  broken <- \(state) stop(own)
  caught <- tryCatch(gan_fit(faithful, epochs = 5, seed = 1, config = config, callbacks = broken), error = identity)
  expect_s3_class(caught, "own")
  expect_identical(gan_fit(faithful, epochs = 1, seed = 1, config = config)$stopped, "budget")
})

test_that("minutes stop a fit, which says that it is not reproducible", {
  skip_without_core()
  config$minutes <- 1e-9
  expect_message(fit <- gan_fit(faithful, epochs = 2, seed = 1, config = config), "is not reproducible")
  expect_identical(fit$stopped, "minutes")
  expect_gt(nrow(gan_sample(fit)), 0)
})
