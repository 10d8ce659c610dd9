probed_python <- function(..., path = "/env/bin/python", how = "RETICULATE_PYTHON", externally_managed = FALSE) {
  versions <- c(
    python = "3.11.2", torch = "2.13.0+cpu", numpy = "2.1.0", pandas = "2.2.3", safetensors = "0.5.2",
    "scikit-learn" = "1.5.0", jinja2 = "3.1.6", matplotlib = "3.10.0", pillow = "11.0.0"
  )
  changes <- c(...)
  versions[names(changes)] <- changes
  list(path = path, how = how, versions = versions, externally_managed = externally_managed)
}

test_that("each problem has a command that solves it", {
  show <- function(...) {
    problems <- python_problems(probed_python(...))
    if (nrow(problems) == 0) cat("fine\n") else cat(format_problem(problems), "\n")
  }
  expect_snapshot(show())
  expect_snapshot(show(torch = NA))
  expect_snapshot(show(torch = NA, numpy = NA, how = "install_ganbridge()"))
  expect_snapshot(show(torch = "2.3.1", pandas = NA))
  expect_snapshot(show(torch = NA, path = "/a b/python"))
  expect_snapshot(show(torch = NA, path = "/usr/bin/python3", externally_managed = TRUE))
  expect_snapshot(show(path = NULL, how = "py_require()"))
  expect_snapshot(show(python = "3.8.1"))
  expect_snapshot(show(python = NA))
})

test_that("a module that cannot be imported is a problem", {
  broken <- c(probed_python(how = "install_ganbridge()"), list(failed = c(torch = "libfoo.so: cannot open")))
  problems <- python_problems(broken)
  expect_match(problems$problem, "torch is installed, but cannot be imported: libfoo.so: cannot open.", fixed = TRUE)
  expect_identical(problems$remedy, "ganbridge::install_ganbridge(force = TRUE)")
  broken$how <- "RETICULATE_PYTHON"
  expect_match(python_problems(broken)$remedy, "-m pip install --force-reinstall 'torch>=2.6'", fixed = TRUE)
  expect_match(evaluation_problems(probed_python(matplotlib = NA))$problem, "animate_training() need it", fixed = TRUE)
})

test_that("ready, a download at first use and broken are told apart", {
  state <- \(python) python_state(python, python_problems(python))
  expect_identical(state(probed_python()), "ready")
  expect_identical(state(probed_python(torch = NA)), "broken")
  expect_identical(state(probed_python(path = NULL)), "download")
  withr::local_envvar(RETICULATE_PYTHON = "managed")
  problem <- python_problems(probed_python(path = NULL))$problem
  expect_match(problem, "as RETICULATE_PYTHON=\"managed\" says", fixed = TRUE)
  expect_silent(check_download(asks = FALSE, linux = TRUE))
  withr::local_envvar(RETICULATE_PYTHON = NA)
  expect_error(check_download(asks = FALSE, linux = TRUE), "install_ganbridge()", class = "ganbridge_python_missing")
  expect_message(check_download(asks = FALSE, linux = FALSE), "downloaded")
})

test_that("torch comes from PyTorch's index where only that has a build for processors", {
  expect_identical(torch_index("cpu", character(), linux = TRUE, gpu = TRUE), cpu_torch)
  expect_identical(torch_index("auto", character(), linux = TRUE, gpu = FALSE), cpu_torch)
  expect_null(torch_index("auto", character(), linux = TRUE, gpu = TRUE))
  expect_null(torch_index("auto", "--no-index", linux = TRUE, gpu = FALSE))
  expect_null(torch_index("cuda", character(), linux = TRUE, gpu = FALSE))
  expect_null(torch_index("cpu", character(), linux = FALSE, gpu = FALSE))
})

test_that("versions compare by their numbers", {
  expect_true(older("2.5.9", "2.6"))
  expect_false(older("2.10.0+cpu", "2.6"))
  expect_false(older("2.6.0a0+git", "2.6"))
  expect_false(older("?", "2.6"))
})

test_that("the report prints", {
  full <- structure(list(
    versions = c(R = "4.2.2", ganbridge = "1.2.3", reticulate = "1.41.0", probed_python()$versions),
    python = "/env/bin/python", how = "RETICULATE_PYTHON", blas = "libblas.so.3", gpu = "none",
    torch = list(torch = "2.13.0", loaded_by_bridge = TRUE, note = ""), problems = python_problems(probed_python())
  ), class = "gan_sitrep")
  expect_snapshot(print(full))
  lacking <- probed_python("scikit-learn" = NA)
  expect_identical(nrow(python_problems(lacking)), 0L)
  expect_identical(nrow(evaluation_problems(probed_python())), 0L)
  expect_snapshot(print(replace(full, c("versions", "missing"), list(
    replace(full$versions, "scikit-learn", NA), evaluation_problems(lacking)
  ))))
  broken <- replace(full, c("problems", "torch"), list(python_problems(probed_python(torch = NA)), NULL))
  expect_snapshot(print(broken))
})

test_that("it does not fail and starts no Python", {
  printed <- rscript(
    "Sys.setenv(RETICULATE_PYTHON = '/no/such/python')", "suppressMessages(library(ganbridge))",
    "report <- gan_sitrep()", "class(report)", "nrow(report$problems)", "gan_available()",
    "reticulate::py_available(initialize = FALSE)"
  )
  expect_match(printed, "/no/such/python\\) does not exist", all = FALSE)
  expect_identical(tail(printed, 4), c("[1] \"gan_sitrep\"", "[1] 1", "[1] FALSE", "[1] FALSE"))
})

test_that("a program other than Python is a problem, not an error", {
  skip_on_os("windows")
  printed <- rscript(
    "Sys.setenv(RETICULATE_PYTHON = Sys.which('ls'))", "suppressMessages(library(ganbridge))",
    "report <- gan_sitrep()", "report$problems$problem"
  )
  expect_match(tail(printed, 1), "ls does not run", fixed = TRUE)
})

test_that("it reports what is installed", {
  skip_without_core()
  expect_output(report <- gan_sitrep(), "No problems found")
  expect_identical(report$versions[["ganbridge"]], as.character(packageVersion("ganbridge")))
  expect_false(anyNA(report$versions))
  expect_match(report$gpu, ".")
})
