# Limits on random results of a fit. tests/python/conftest.py explains how they are tested over seeds.

fit_seed <- function() 1L + as.integer(Sys.getenv("GANBRIDGE_TEST_SEED", "0"))

# Expects a value within limits that are far from the values of a good fit; `name` describes the value. Under
# `make test-seeds` the value is recorded instead of compared.
expect_within <- function(name, value, low = -Inf, high = Inf) {
  file <- Sys.getenv("GANBRIDGE_TEST_VALUES")
  value <- as.double(value)
  if (nzchar(file)) {
    limits <- Filter(is.finite, list(low = low, high = high))
    entry <- c(list(test = "tests/testthat", name = name, value = value), limits)
    cat(jsonlite::toJSON(entry, auto_unbox = TRUE, digits = NA), "\n", file = file, append = TRUE, sep = "")
    succeed()
  } else {
    within <- !is.na(value) && low <= value && value <= high
    expect(within, sprintf("%s: %.4g is not between %.4g and %.4g", name, value, low, high))
  }
}
