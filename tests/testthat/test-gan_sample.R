test_that("a sample is the beginning of a longer one with the same seed", {
  fit <- table_fit()
  expect_identical(gan_sample(fit, 5, seed = 1), head(gan_sample(fit, 5000, seed = 1), 5))
  expect_identical(dim(gan_sample(fit, 1, seed = 1)), c(1L, 2L))
})

test_that("set.seed() governs a sample without a seed, by exactly one draw", {
  fit <- table_fit()
  one_draw <- state_after(runif(1))
  expect_identical(state_after(first <- gan_sample(fit, 3)), one_draw)
  expect_identical(state_after(second <- gan_sample(fit, 3)), one_draw)
  expect_identical(first, second)
  expect_identical(state_after(gan_sample(fit, 3, seed = 9)), state_after(NULL))
})

test_that("values stay in the range of the data", {
  sample <- gan_sample(table_fit(), 2000, seed = 1)
  expect_true(all(sample$waiting >= min(faithful$waiting) & sample$waiting <= max(faithful$waiting)))
})

test_that("bad arguments are named and do not change the random state", {
  fit <- table_fit()
  expect_refusals({
    gan_sample(fit, 0)
    gan_sample(fit, 1.5)
    gan_sample(fit, "3")
    gan_sample(fit, 3, seed = -1)
    gan_sample(faithful, 3)
    gan_sample(structure(list(), class = "gan_fit"), 3)
  })
  none <- state_after(NULL)
  expect_identical(state_after(expect_error(gan_sample(fit, 0))), none)
  broken <- fit
  broken$model[[length(broken$model)]] <- !broken$model[[length(broken$model)]]
  expect_identical(state_after(expect_error(gan_sample(broken, 3), class = "ganbridge_error")), none)
})
