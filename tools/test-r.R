# The R tests, with the installed package; with an argument only the statistical ones.
statistical <- if (length(commandArgs(TRUE)) > 0) "statistical|real-data"
testthat::test_dir(
  "tests/testthat",
  package = "ganbridge", load_package = "installed", reporter = "check", filter = statistical
)
