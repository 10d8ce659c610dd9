# Fits of data sets that come with R: samples have the schema of the data

real_data <- function(name) {
  data <- as.data.frame(get(name, envir = asNamespace("datasets")))
  data.frame(lapply(data, \(x) if (inherits(x, "ts")) as.double(x) else x))
}

schema_of <- function(data) {
  lapply(data, \(x) list(class = class(x), levels = levels(x), type = typeof(x)))
}

decimals <- function(x) max(nchar(sub("^[^.]*\\.?", "", format(x, digits = 12, trim = TRUE, drop0trailing = TRUE))))

for (name in c("airquality", "esoph", "warpbreaks", "infert", "CO2", "quakes", "Orange", "ToothGrowth", "beaver1")) {
  test_that(paste("samples of", name, "have its schema, its range, its decimals and its shares"), {
    skip_without_core()
    data <- real_data(name)
    fit <- gan_fit(data, seed = fit_seed(), config = gan_config(steps = 200))
    sample <- gan_sample(fit, 1000, seed = 2)
    expect_identical(schema_of(sample), schema_of(data))
    for (column in names(data)) {
      real <- data[[column]]
      new <- sample[[column]]
      if (anyNA(real)) {
        off <- mean(is.na(new)) - mean(is.na(real))
        expect_within(sprintf("missing share, off by: %s of %s", column, name), off, -0.06, 0.06)
      } else {
        expect_false(anyNA(new), label = column)
      }
      if (is.factor(real)) {
        off <- max(abs(prop.table(table(new)) - prop.table(table(real))))
        expect_within(sprintf("shares of levels, off by: %s of %s", column, name), off, high = 0.08)
      } else {
        expect_true(all(new >= min(real, na.rm = TRUE) & new <= max(real, na.rm = TRUE), na.rm = TRUE), label = column)
        expect_lte(decimals(new[!is.na(new)]), decimals(real[!is.na(real)]))
      }
    }
  })
}
