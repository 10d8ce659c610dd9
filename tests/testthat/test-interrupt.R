# Sends SIGINT to this process from the progress callback, like Ctrl-C at the given epoch, tree or mixture that is tried
interrupting_reporter <- function(at, unit) {
  calls <- 0
  report <- function(state) {
    calls <<- calls + (state$unit == unit)
    if (calls == at) {
      tools::pskill(Sys.getpid(), tools::SIGINT)
      Sys.sleep(0.2)
    }
  }
  list(report = report, done = \() NULL)
}

test_that("Ctrl-C returns the fit as it is, with a warning of class ganbridge_interrupted", {
  skip_without_core()
  skip_on_os("windows")
  local_functions(progress_reporter = \(...) interrupting_reporter(2, "epoch"))
  expect_warning(
    fit <- gan_fit(faithful, epochs = 1e6, seed = 1, progress = TRUE),
    "interrupted after", class = "ganbridge_interrupted"
  )
  expect_identical(fit$stopped, "interrupted")
  expect_gte(nrow(fit$history), 1)
  expect_identical(dim(gan_sample(fit, 3, seed = 1)), c(3L, 2L))
})

test_that("Ctrl-C ends a fit without networks after the trees that it has", {
  skip_without_core()
  skip_on_os("windows")
  local_functions(progress_reporter = \(...) interrupting_reporter(1, "tree"))
  expect_warning(
    fit <- gan_fit(iris[rep(1:150, 5), ], seed = 1, progress = TRUE),
    "interrupted after [0-9]+ trees?", class = "ganbridge_interrupted"
  )
  expect_identical(fit$stopped, "interrupted")
  expect_identical(dim(gan_sample(fit, 3, seed = 1)), c(3L, 5L))
})

test_that("Ctrl-C before a mixture is chosen is an interrupt", {
  skip_without_core()
  skip_on_os("windows")
  local_functions(progress_reporter = \(...) interrupting_reporter(2, "mixture"))
  caught <- tryCatch(gan_fit(iris, seed = 1, progress = TRUE), interrupt = identity)
  expect_s3_class(caught, "interrupt")
})

test_that("Ctrl-C before the first step is an interrupt", {
  skip_without_core()
  raised <- reticulate::py_run_string("def fit(**arguments):\n  raise KeyboardInterrupt", local = TRUE)$fit
  local_functions(core = \() list(fit = raised, check_settings = \(...) NULL))
  caught <- tryCatch(gan_fit(faithful, epochs = 1, seed = 1), interrupt = identity)
  expect_s3_class(caught, "interrupt")
})

test_that("a signal from another process ends the fit, and R continues", {
  skip_without_core()
  skip_on_os("windows")
  out <- withr::local_tempfile()
  rscript(
    "suppressMessages(library(ganbridge))",
    "invisible(gan_fit(faithful, epochs = 1, seed = 1))",
    "cat('pid', Sys.getpid(), '\\n')",
    "fit <- tryCatch(",
    "  withCallingHandlers(gan_fit(faithful, epochs = 1e6, seed = 1), ganbridge_interrupted = \\(w) {",
    "    cat('warned\\n'); invokeRestart('muffleWarning') }))",
    "cat(fit$stopped, '\\n')",
    "cat(nrow(gan_sample(fit, 5)), gan_fit(faithful, epochs = 2, seed = 1)$stopped, '\\n')",
    wait = FALSE, stdout = out
  )
  lines <- function() if (file.exists(out)) suppressWarnings(readLines(out)) else character()
  wait_for <- function(pattern, seconds = 60) {
    until <- Sys.time() + seconds
    while (!any(grepl(pattern, lines())) && Sys.time() < until) Sys.sleep(0.2)
    grep(pattern, lines(), value = TRUE)
  }
  pid <- as.integer(sub("pid ", "", wait_for("^pid")))
  Sys.sleep(1)
  tools::pskill(pid, tools::SIGINT)
  wait_for("^5")
  expect_identical(trimws(lines()[-1]), c("warned", "interrupted", "5 budget"))
})
