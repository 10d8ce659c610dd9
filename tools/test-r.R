# The R tests, with the installed package; with an argument only the statistical ones.
Sys.setenv(NOT_CRAN = "true") # tests of bits, signals and seeds run here, and are skipped on CRAN
statistical <- if (length(commandArgs(TRUE)) > 0) "statistical|real-data"
testthat::test_dir(
  "tests/testthat",
  package = "ganbridge", load_package = "installed", reporter = "check", filter = statistical
)
