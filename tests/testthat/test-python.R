test_that("loading the package starts no Python", {
  printed <- rscript(
    "suppressMessages(library(ganbridge))", "gan_config(pack = 2)", "invisible(gan_available())",
    "cat(reticulate::py_available(initialize = FALSE), length(reticulate::py_require()$packages))"
  )
  expect_match(tail(printed, 1), "^FALSE")
})

test_that("the core that is used is that of the R package, with the same version", {
  skip_without_core()
  expect_identical(call_core("version"), as.character(packageVersion("ganbridge")))
  file <- reticulate::py_get_attr(core(), "__file__")
  expect_identical(normalizePath(dirname(dirname(reticulate::py_to_r(file)))), normalizePath(core_path()))
})

test_that("nothing is written into the library", {
  skip_without_core()
  compiled <- \() list.files(core_path(), "[.]pyc$", recursive = TRUE)
  before <- compiled()
  withr::local_envvar(PYTHONDONTWRITEBYTECODE = NA)
  expect_match(tail(rscript("cat(ganbridge:::call_core(\"version\"))"), 1), "^[0-9.]+$")
  expect_identical(setdiff(compiled(), before), character())
})

test_that("torch keeps its own matrix products", {
  skip_without_core()
  expect_true(torch_state()$loaded_by_bridge)
})

test_that("a reticulate that can no longer provide a Python is named when Python does not start", {
  local_functions(reticulate_version = \() "1.41.0.1")
  expect_match(start_failure("no Python", managed = TRUE), "install.packages(\"reticulate\") updates it", fixed = TRUE)
  expect_false(grepl("install.packages", start_failure("no Python", managed = FALSE)))
  local_functions(reticulate_version = \() "1.44.0")
  expect_false(grepl("install.packages", start_failure("no Python", managed = TRUE)))
})

test_that("a core of another version is refused", {
  skip_without_core()
  printed <- rscript(
    "suppressMessages(library(ganbridge))",
    "reticulate::py_run_string('", "import sys, types",
    "for name in (\"ganbridge\", \"ganbridge.bridge\"): sys.modules[name] = types.ModuleType(name)",
    "sys.modules[\"ganbridge\"].bridge = sys.modules[\"ganbridge.bridge\"]",
    "sys.modules[\"ganbridge.bridge\"].version = lambda: \"0.0.1\"", "')",
    "cat(tryCatch(gan_fit(faithful), error = conditionMessage))"
  )
  expect_match(paste(printed, collapse = " "), "already loaded ganbridge 0.0.1, but this R package is")
})

test_that("Python is found in the documented order", {
  order <- function(running = FALSE, own = FALSE) {
    local_functions(is_python_running = \() running, has_own_environment = \() own)
    c(user_python(), if (own) "install_ganbridge()", "py_require()")[[1]]
  }
  withr::local_envvar(RETICULATE_PYTHON = "/some/python", RETICULATE_PYTHON_ENV = NA)
  expect_identical(order(own = TRUE), "RETICULATE_PYTHON")
  expect_identical(order(running = TRUE, own = TRUE), "the running process")
  withr::local_envvar(RETICULATE_PYTHON = NA)
  local_functions(discover_without_download = \() list(forced = "use_python() function"))
  expect_identical(order(own = TRUE), "use_python()")
  local_functions(discover_without_download = \() NULL)
  expect_identical(order(own = TRUE), "install_ganbridge()")
  expect_identical(order(), "py_require()")
})

test_that("a Python without torch is an error with a remedy", {
  python <- Sys.which("python3")
  skip_if(!nzchar(python))
  folder <- withr::local_tempdir()
  status <- system2(python, c("-m", "venv", "--without-pip", shQuote(folder)), stdout = FALSE, stderr = FALSE)
  skip_if(status != 0, "no venv")
  withr::local_envvar(RETICULATE_PYTHON = file.path(folder, "bin", "python"))
  printed <- rscript(
    "suppressMessages(library(ganbridge))",
    "cat(tryCatch(gan_fit(faithful), error = conditionMessage))"
  )
  text <- paste(printed, collapse = "\n")
  skip_if(grepl("could not be started", text), "this Python has no shared library")
  expect_match(text, "The Python module torch is missing.", fixed = TRUE)
  expect_match(text, "bin/python -m pip install 'torch>=2.6'", fixed = TRUE)
})
