# Limits on something random that came out of a fit. tests/python/conftest.py says how they are tested over seeds.

fit_seed <- function() 1L + as.integer(Sys.getenv("GANBRIDGE_TEST_SEED", "0"))

# That a value lies within limits that no good fit comes near; the name says what the value is. Under `make test-seeds`
# it is written down rather than compared.
expect_within <- function(name, value, low = -Inf, high = Inf) {
  file <- Sys.getenv("GANBRIDGE_TEST_VALUES")
  value <- as.double(value)
  if (nzchar(file)) {
    limits <- Filter(is.finite, list(low = low, high = high))
    entry <- c(list(test = "tests/testthat", name = name, value = value), limits)
    cat(jsonlite::toJSON(entry, auto_unbox = TRUE, digits = NA), "\n", file = file, append = TRUE, sep = "")
    succeed()
  } else {
    inside <- !is.na(value) && low <= value && value <= high
    expect(inside, sprintf("%s: %.4g is not between %.4g and %.4g", name, value, low, high))
  }
}
