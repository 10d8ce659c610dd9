test_that("a config holds what was set, in order", {
  config <- gan_config(
    batch_size = "all", pack = NULL, r1 = c(1, .01), dropout = list(generator = 0, discriminator = .3)
  )
  expect_s3_class(config, "gan_config")
  expect_identical(names(config), c("dropout", "r1", "batch_size"))
  expect_identical(names(gan_config()), character())
})

test_that("a config prints", {
  expect_identical(format(gan_config()), "gan_config: every field is chosen from the data")
  layers <- gan_config(
    generator_hidden = integer(0), discriminator_hidden = c(16, 32), activation = c("relu", "tanh")
  )
  rates <- gan_config(
    betas = list(generator = c(.9, .999), discriminator = c(.5, .999)), generator_lr = 1e-4,
    calibration = FALSE
  )
  expect_snapshot(print(layers))
  expect_snapshot(print(rates))
})

test_that("values reach the core as scalars, lists and dicts", {
  config <- gan_config(
    generator_hidden = 64, discriminator_hidden = integer(0), betas = c(.5, .999), batch_size = 32,
    activation = c("relu", "tanh"), dropout = c(generator = 0, discriminator = .3), calibration = TRUE
  )
  expect_identical(config_to_core(config), list(
    generator_hidden = list(64L), discriminator_hidden = list(), activation = list("relu", "tanh"),
    dropout = list(generator = 0L, discriminator = .3), betas = list(.5, .999), batch_size = 32L,
    calibration = TRUE
  ))
})

test_that("values that the conversion to Python would change are refused", {
  expect_refusals({
    gan_config(epochs = 3)
    gan_config(batch_size = NA)
    gan_config(batch_size = NA_integer_)
    gan_config(betas = c(.5, NA))
    gan_config(dropout = list(generator = NA))
    gan_config(objective = factor("hinge"))
    gan_config(objective = mean)
    config_to_core(list(batch_size = 3))
  })
})

test_that("the fields are the core's, in its order", {
  skip_without_core()
  expect_identical(names(formals(gan_config)), unlist(call_core("config_fields")))
})

test_that("the core checks the values, before any training", {
  skip_without_core()
  refused <- function(...) gan_fit(faithful, epochs = 1, config = gan_config(...))
  expect_refusals({
    refused(batch_size = -3)
    refused(batch_size = 2.5)
    refused(batch_size = "some")
    refused(batch_size = 6, pack = 4)
    refused(objective = "hinje")
    refused(generator_hidden = c(16, 0))
    refused(generator_hidden = "wide")
    refused(activation = "swish")
    refused(dropout = list(discriminators = .3))
    refused(betas = .5)
    refused(generator_lr = 0)
    refused(members = TRUE)
    refused(keep = "first")
  })
})

test_that("a fit's config can be used again", {
  fit <- table_fit()
  expect_s3_class(fit$config, "gan_config")
  expect_identical(names(fit$config), names(formals(gan_config)))
  again <- gan_fit(faithful, epochs = 4, seed = 1, trace = 2, config = fit$config)
  expect_identical(gan_sample(again, 5, seed = 1), gan_sample(fit, 5, seed = 1))
})

test_that("settings for one network, and empty ones, reach the core", {
  skip_without_core()
  config <- gan_config(
    generator_hidden = integer(0), discriminator_hidden = 8,
    optimizer = list(generator = "adam", discriminator = "rmsprop"),
    activation = list(generator = "relu", discriminator = "tanh"), objective = "least_squares"
  )
  fit <- gan_fit(faithful, epochs = 1, seed = 1, config = config)
  expect_identical(fit$config$objective, "least_squares")
  expect_identical(fit$config$pack, 1L)
  expect_identical(fit$config$optimizer, list(generator = "adam", discriminator = "rmsprop"))
  expect_length(fit$config$generator_hidden, 0)
  expect_equal(as.numeric(fit$config$discriminator_hidden), 8)
})

test_that("the help page shows the defaults of the core", {
  skip_without_core()
  page <- tools::Rd_db("ganbridge")[["gan_config.Rd"]]
  shown <- gsub("\\s+", " ", paste(as.character(page), collapse = ""))
  rows <- grep("^[|] `", defaults_section(), value = TRUE)
  expect_length(rows, length(formals(gan_config)) - 4)
  for (row in rows) {
    cells <- strsplit(gsub("`([a-z0-9_]+)`", "\\\\code{\\1}", row), " *[|] *")[[1]][-1]
    expect_match(shown, paste(cells, collapse = " \\tab "), fixed = TRUE)
  }
})
