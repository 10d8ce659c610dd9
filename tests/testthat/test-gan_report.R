test_that("a report is one self-contained page", {
  skip_without_evaluation()
  file <- file.path(withr::local_tempdir(), "report.html")
  result <- withVisible(gan_report(table_fit(), faithful, file, target = "waiting"))
  expect_identical(result, list(value = file, visible = FALSE))
  expect_identical(list.files(dirname(file)), "report.html")
  page <- paste(readLines(file, encoding = "UTF-8"), collapse = "\n")
  expect_match(page, "^<!DOCTYPE html>")
  expect_identical(lengths(regmatches(page, gregexpr("<img [^>]*src=\"data:image/png;base64,", page))), 4L)
  expect_no_match(page, "<script [a-z]|https?://")
  for (text in c("What was trained", "Can models be trained", "Do they avoid disclosing training rows?")) {
    expect_match(page, text, fixed = TRUE)
  }
})

test_that("R's random state does not change, and the seed determines the page", {
  skip_without_evaluation()
  folder <- withr::local_tempdir()
  fit <- wave_fit()
  write <- \(name, ...) readBin(gan_report(fit, waves[, 1:50], file.path(folder, name), ...), "raw", 5e6)
  expect_identical(state_after(write("a.html")), state_after(NULL))
  expect_identical(write("a.html"), write("b.html"))
  expect_false(identical(write("a.html"), write("c.html", seed = 77)))
})

test_that("bad arguments are refused before anything is evaluated", {
  skip_without_evaluation()
  fit <- table_fit()
  withr::local_dir(withr::local_tempdir())
  local_functions(call_core = \(...) stop("evaluated before the error"))
  expect_refusals({
    gan_report(faithful, faithful)
    gan_report(fit, faithful, file = "nowhere/report.html")
    gan_report(fit, faithful, file = 3)
    gan_report(fit, faithful$waiting)
    gan_report(fit, faithful, target = "height")
    gan_report(fit, faithful, seed = 1.5)
  })
  expect_identical(list.files(), character())
})

test_that("templates are installed", {
  files <- list.files(system.file("python", "ganbridge", "evaluation", package = "ganbridge"))
  expect_true(all(c("report.html", "report.css", "notebook.html", "verdict.html") %in% files))
})
