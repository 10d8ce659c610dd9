report <- function(..., path = "/env/bin/python", how = "RETICULATE_PYTHON", sealed = FALSE) {
  versions <- c(
    python = "3.11.2", torch = "2.13.0+cpu", numpy = "2.1.0", pandas = "2.2.3", safetensors = "0.5.2",
    "scikit-learn" = "1.5.0", jinja2 = "3.1.6"
  )
  changes <- c(...)
  versions[names(changes)] <- changes
  list(python = path, how = how, versions = versions, sealed = sealed)
}

test_that("each problem comes with the command that mends it", {
  show <- function(...) {
    found <- report(...)
    problems <- python_problems(found)
    if (nrow(problems) == 0) cat("fine\n") else cat(format_problem(problems), "\n")
  }
  expect_snapshot(show())
  expect_snapshot(show(torch = NA))
  expect_snapshot(show(torch = NA, numpy = NA, how = "install_ganbridge()"))
  expect_snapshot(show(torch = "2.3.1", pandas = NA))
  expect_snapshot(show(torch = NA, path = "/a b/python"))
  expect_snapshot(show(torch = NA, path = "/usr/bin/python3", sealed = TRUE))
  expect_snapshot(show(path = NULL, how = "py_require()"))
  expect_snapshot(show(python = "3.8.1"))
  expect_snapshot(show(python = NA))
})

test_that("versions compare by their numbers", {
  expect_true(older("2.5.9", "2.6"))
  expect_false(older("2.10.0+cpu", "2.6"))
  expect_false(older("2.6.0a0+git", "2.6"))
  expect_false(older("?", "2.6"))
})

test_that("the report prints", {
  full <- structure(list(
    versions = c(R = "4.2.2", ganbridge = "0.1.0", reticulate = "1.41.0", report()$versions),
    python = "/env/bin/python", how = "RETICULATE_PYTHON", blas = "libblas.so.3",
    torch = list(torch = "2.13.0", loaded_by_bridge = TRUE, note = ""), problems = python_problems(report())
  ), class = "gan_sitrep")
  expect_snapshot(print(full))
  lacking <- report("scikit-learn" = NA)
  expect_identical(nrow(python_problems(lacking)), 0L)
  expect_identical(nrow(evaluation_problems(report())), 0L)
  expect_snapshot(print(replace(full, c("versions", "missing"), list(
    replace(full$versions, "scikit-learn", NA), evaluation_problems(lacking)
  ))))
  broken <- replace(full, c("problems", "torch"), list(python_problems(report(torch = NA)), NULL))
  expect_snapshot(print(broken))
})

test_that("it never fails and starts no Python", {
  printed <- rscript(
    "Sys.setenv(RETICULATE_PYTHON = '/no/such/python')", "suppressMessages(library(ganbridge))",
    "found <- gan_sitrep()", "class(found)", "nrow(found$problems)", "gan_available()",
    "reticulate::py_available(initialize = FALSE)"
  )
  expect_match(printed, "/no/such/python\\) does not exist", all = FALSE)
  expect_identical(tail(printed, 4), c("[1] \"gan_sitrep\"", "[1] 1", "[1] FALSE", "[1] FALSE"))
})

test_that("a program that is no Python is a problem, not an error", {
  skip_on_os("windows")
  printed <- rscript(
    "Sys.setenv(RETICULATE_PYTHON = Sys.which('ls'))", "suppressMessages(library(ganbridge))",
    "found <- gan_sitrep()", "found$problems$problem"
  )
  expect_match(tail(printed, 1), "ls does not run", fixed = TRUE)
})

test_that("it says what is there", {
  skip_without_core()
  expect_output(found <- gan_sitrep(), "All is well")
  expect_identical(found$versions[["ganbridge"]], as.character(packageVersion("ganbridge")))
  expect_false(anyNA(found$versions))
})
