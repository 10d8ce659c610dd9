# The R tests, against the package as it is installed.
testthat::test_dir("tests/testthat", package = "ganbridge", load_package = "installed", reporter = "check")
