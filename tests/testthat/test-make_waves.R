test_that("waves have the families of `shape`", {
  skip_without_core()
  train <- get_training_data(20, 101, shape = list(a = c(2, 5, 1), p = c(1, 2, 3)), noise = 0, seed = 1)
  t <- seq(0, 1, length.out = 101)
  families <- unique(round(train, 6))
  expect_identical(dim(train), c(20L, 101L))
  expect_equal(families[1, ], 2 * sin(2 * pi * t), tolerance = 1e-5)
  expect_identical(nrow(families), 3L)
  expect_identical(dim(get_training_data(3, 5, shape = list(a = 2, p = 1), seed = 1)), c(3L, 5L))
})

test_that("the defaults are the data set `waves`", {
  skip_without_core()
  expect_true(isTRUE(all.equal(round(get_training_data(seed = 1), 4), waves)))
})

test_that("set.seed() governs waves without a seed, by exactly one draw", {
  skip_without_core()
  expect_identical(state_after(first <- get_training_data(2, 5)), state_after(runif(1)))
  expect_identical(state_after(second <- get_training_data(2, 5)), state_after(runif(1)))
  expect_identical(first, second)
  expect_identical(state_after(get_training_data(2, 5, seed = 1)), state_after(NULL))
})

test_that("bad arguments are named", {
  expect_refusals({
    get_training_data(0)
    get_training_data(m = 1)
    get_training_data(shape = c(1, 3))
    get_training_data(shape = list(a = 1:2, p = 1))
    get_training_data(shape = list(a = "big", p = 1))
    get_training_data(noise = -1)
    get_training_data(noise = NA)
    get_training_data(seed = 1.5)
  })
})
