test_that("values are described in few words", {
  expect_came <- function(value, words) expect_identical(came(value), words)
  expect_came(NULL, "NULL")
  expect_came(-3, "-3")
  expect_came(NA, "NA")
  expect_came(NA_character_, "NA")
  expect_came("tabel", "\"tabel\"")
  expect_came("a \"quoted\" one", "\"a \\\"quoted\\\" one\"")
  expect_came(c(1, 2.5), "c(1, 2.5)")
  expect_came(1:9, "a numeric vector of length 9")
  expect_came(numeric(), "a numeric vector of length 0")
  expect_came(c(TRUE, FALSE), "a logical vector of length 2")
  expect_came(list(), "a list of length 0")
  expect_came(mean, "a function")
  expect_came(faithful, "a data.frame of 272 x 2")
  expect_came(matrix(1, 2, 3), "a numeric matrix of 2 x 3")
  expect_came(array(1, c(1, 2, 3)), "a numeric array of 1 x 2 x 3")
  expect_came(factor("a"), "an object of class factor")
  expect_came(quote(x), "an object of type symbol")
})

test_that("the core's messages are put into R's notation", {
  expect_identical(in_r_words("`betas[0]` must be a number, not True."), "`betas[1]` must be a number, not TRUE.")
  expect_identical(in_r_words("`n` must be a number, not None. Try 2."), "`n` must be a number, not NULL. Try 2.")
  expect_identical(in_r_words("`pack` must be a number, not -3."), "`pack` must be a number, not -3.")
  expect_identical(in_r_words("`x` must be a number, not [1, 2]."), "`x` must be a number, not c(1, 2).")
  expect_identical(in_r_words("`x` must be a number, not [\"a\"]."), "`x` must be a number, not \"a\".")
  shapes <- "`x` must be wide, not an array of shape (3, 2), or of shape (5,)."
  expect_identical(in_r_words(shapes), "`x` must be wide, not an array of 3 x 2, or of length 5.")
  expect_identical(in_r_words("Turn it, with a.b() in Python or with b() in R."), "Turn it, with b().")
})

test_that("counts are whole numbers that R can hold", {
  expect_identical(check_count(32, "n"), 32L)
  expect_identical(check_count(.Machine$integer.max, "n"), .Machine$integer.max)
  for (invalid in list(0, -1, 1.5, NA, NaN, Inf, 2^31, TRUE, "1", 1:2, numeric(), NULL, factor(1), list(1))) {
    expect_error(check_count(invalid, "n"), "`n` must be a whole number of at least 1, not ")
  }
})

test_that("a seed is a whole number of at least 0", {
  expect_identical(check_seed(0), 0L)
  expect_refusals({
    check_seed(-1)
    check_seed(2^31)
  })
})

test_that("with_seed() takes one draw, or none", {
  one_draw <- state_after(runif(1))
  expect_identical(state_after(with_seed(NULL, identity)), one_draw)
  none <- state_after(NULL)
  expect_identical(state_after(with_seed(7, identity)), none)
  expect_identical(with_seed(7, identity), 7L)
  expect_identical(state_after(try(with_seed(NULL, stop), silent = TRUE)), none)
})

test_that("with_seed() creates no random state if a seed is given or the call fails", {
  withr::local_preserve_seed()
  if (exists(".Random.seed", globalenv())) rm(".Random.seed", envir = globalenv())
  with_seed(7, identity)
  expect_false(exists(".Random.seed", globalenv()))
  try(with_seed(NULL, \(seed) stop("no")), silent = TRUE)
  expect_false(exists(".Random.seed", globalenv()))
})

test_that("set.seed() governs the draw, over the whole range of seeds", {
  draw <- function() with_seed(NULL, identity)
  set.seed(1)
  first <- draw()
  set.seed(1)
  expect_identical(draw(), first)
  draws <- replicate(200, draw())
  expect_type(draws, "integer")
  expect_gt(max(draws), 2^30)
  expect_true(all(draws >= 0))
})

test_that("only python.R uses reticulate", {
  folder <- test_path("..", "..", "r_wrapper")
  skip_if_not(dir.exists(folder), "not in a checkout")
  uses_it <- \(file) any(grepl("^[^#]*reticulate::", readLines(file)))
  expect_identical(basename(Filter(uses_it, list.files(folder, full.names = TRUE))), "python.R")
})
