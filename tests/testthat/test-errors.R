# Classes of errors, and what becomes of an error on its way to the user

error_of <- function(code) tryCatch({
  code
  NULL
}, error = identity)

test_that("errors have a class for what they are about", {
  skip_without_core()
  fit <- table_fit()
  damaged <- withr::local_tempfile(lines = "not a fit")
  altered <- structure(utils::modifyList(fit, list(model = raw(99))), class = class(fit))
  bad <- list(
    ganbridge_bad_argument = error_of(gan_sample(fit, 0)), # found in R
    ganbridge_bad_argument = error_of(gan_fit(faithful, config = gan_config(pack = 0))), # found in the core
    ganbridge_bad_argument = error_of(gan_evaluate(faithful["eruptions"], faithful)),
    ganbridge_bad_file = error_of(gan_load("nowhere.gan")),
    ganbridge_bad_file = error_of(gan_load(damaged)),
    ganbridge_bad_file = error_of(gan_sample(altered, 1)),
    ganbridge_bad_file = error_of(read_idx(damaged)),
    ganbridge_bad_file = error_of(gan_save(fit, "no/such/folder/fit.gan")),
    ganbridge_bad_file = error_of(gan_fit(faithful, log = "no/such/folder/log.txt"))
  )
  for (i in seq_along(bad)) {
    expect_identical(class(bad[[i]]), c(names(bad)[[i]], "ganbridge_error", "error", "condition"))
  }
})

test_that("an error without Python has its own class, also where a file is loaded", {
  skip_without_core()
  file <- withr::local_tempfile()
  gan_save(table_fit(), file)
  local_functions(core = \() stop_python("Python could not be started."))
  expect_error(gan_sample(table_fit(), 1), class = "ganbridge_python_missing")
  expect_error(gan_load(file), "^Python could not be started.$", class = "ganbridge_python_missing")
})

test_that("an error in a report is not one of its file", {
  skip_without_evaluation()
  fit <- table_fit()
  file <- withr::local_tempfile(fileext = ".html")
  wrong <- data.frame(eruptions = letters[1:20], waiting = 1:20)
  expect_error(gan_report(fit, wrong, file), "`fit` must hold categories", class = "ganbridge_bad_argument")
  expect_false(file.exists(file))
  local_functions(core = \() list(report = \(...) stop("disk on fire")))
  expect_error(gan_report(fit, faithful, file), "^disk on fire$")
})

test_that("errors name the user's argument", {
  skip_without_core()
  expect_error(plot(table_fit(), real = data.frame(z = 1i)), "Column \"z\" of `real`")
  expect_error(animate_training(table_fit(), "a.gif", real = 1:3), "`real` must be a data.frame")
})

test_that("the data are no part of the calls that traceback() prints", {
  skip_without_core()
  calls <- NULL
  data <- data.frame(x = runif(5000), y = runif(5000))
  note_calls <- \(e) calls <<- sys.calls()
  error_of(withCallingHandlers(gan_fit(data, config = gan_config(pack = 0)), error = note_calls))
  expect_gt(length(calls), 5)
  expect_lt(as.numeric(object.size(lapply(calls, \(call) deparse(call, nlines = 50)))), 1e5)
  expect_lt(max(vapply(calls, \(call) as.numeric(object.size(as.list(call))), 0)), 4e4)
})

test_that("no error is worded in Python", {
  pythonic <- "to_numpy|reshape|numpy|pandas|in Python|of shape|\\bTrue\\b|\\bFalse\\b|\\bNone\\b|, not \\["
  refusals <- unlist(lapply(list.files(test_path("_snaps"), "[.]md$", full.names = TRUE), readLines))
  refusals <- grep("^ +(`|[Cc]olumn ).* must ", refusals, value = TRUE)
  expect_gt(length(refusals), 100)
  expect_identical(grep(pythonic, refusals, value = TRUE), character())
})
