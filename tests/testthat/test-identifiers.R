# Columns that name rows come back made up; neither the model nor a saved R object holds a real one.

people <- function(n = 200) {
  i <- seq_len(n)
  data.frame(
    id = as.integer((i * 7) %% (n + 1)),
    name = paste0(LETTERS[i %% 26 + 1], letters[i %/% 26 + 1], "nora ", LETTERS[(i * 7) %% 26 + 1], "elman"),
    height = 170 + 10 * sin(i * 12.9898), sex = factor(c("f", "m"))[(i * i) %% 7 %% 2 + 1]
  )
}

test_that("ids and names are recognised, with a message, and made up", {
  skip_without_core()
  data <- people()
  expect_message(fit <- gan_fit(data, seed = 1), "name rows: generated rows have made-up values")
  expect_match(fit$identifiers, "^id|^name")
  sample <- gan_sample(fit, 500, seed = 2)
  expect_named(sample, names(data))
  expect_identical(lapply(sample, class), lapply(data, class))
  expect_false(any(sample$id %in% data$id) || any(sample$name %in% data$name))
  expect_false(anyDuplicated(sample$id) > 0 || anyDuplicated(sample$name) > 0)
  expect_identical(gan_sample(fit, 20, seed = 2)$name, sample$name[1:20])
  expect_true(all(is.na(fit$moments$mean[1:2])))
  expect_output(print(summary(fit)), "made up: id")
  expect_output(print(fit), "identifiers")
  expect_error(gan_sample(fit, 2, given = list(id = 3L)), "made up", class = "ganbridge_error")
})

test_that("an RDS holds no name", {
  skip_without_core()
  data <- people()
  data$height[[7]] <- 1e7
  fit <- suppressMessages(gan_fit(data, epochs = 2, seed = 1, trace = 1))
  stored <- serialize(fit, NULL, ascii = FALSE, xdr = FALSE)
  holds <- function(bytes) length(grepRaw(bytes, stored, fixed = TRUE)) > 0
  expect_false(any(vapply(data$name, \(name) holds(charToRaw(name)), NA)))
  expect_false(holds(writeBin(1e7, raw())))
  expect_lt(max(gan_sample(fit, 5000, seed = 1)$height), 1e5)
})

test_that("roles decide", {
  skip_without_core()
  config <- gan_config(roles = list(id = "drop", name = "category"))
  expect_no_message(fit <- gan_fit(people(), epochs = 2, seed = 1, config = config))
  expect_named(gan_sample(fit, 2, seed = 1), c("name", "height", "sex"))
  expect_true(all(gan_sample(fit, 50, seed = 1)$name %in% people()$name))
  expect_match(paste(format(summary(fit)), collapse = " "), "rare levels that the model holds: name")
  again <- gan_fit(people(), epochs = 2, seed = 1, config = fit$config)
  expect_identical(again$config$roles, fit$config$roles)
  expect_error(gan_fit(people(), config = gan_config(roles = list(nam = "drop"))), "roles", class = "ganbridge_error")
})
