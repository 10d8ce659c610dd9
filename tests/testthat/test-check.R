test_that("what came is said in few words", {
  came_words <- function(...) vapply(list(...), came, "")
  expect_snapshot(came_words(
    NULL, -3, 2.5, NA, NA_character_, TRUE, "tabel", "a \"quoted\" one", 1:3, 1:9, letters, c(TRUE, FALSE),
    list(1), list(), numeric(), mean, faithful, matrix(1, 2, 3), array(1, c(1, 2, 3)), factor("a"),
    Sys.Date(), quote(x), quote(x + y)
  ))
})

test_that("counts are whole numbers that R can hold", {
  expect_identical(check_count(32, "n"), 32L)
  expect_identical(check_count(.Machine$integer.max, "n"), .Machine$integer.max)
  for (bad in list(0, -1, 1.5, NA, NaN, Inf, 2^31, TRUE, "1", 1:2, numeric(), NULL, factor(1), list(1))) {
    expect_error(check_count(bad, "n"), "`n` must be a whole number of at least 1, not ", class = "ganbridge_error")
  }
})

test_that("a seed is a whole number from 0 on", {
  expect_identical(check_seed(0), 0L)
  expect_snapshot(error = TRUE, {
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

test_that("with_seed() creates no random state where a seed is given or the call fails", {
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

test_that("only python.R names reticulate", {
  folder <- test_path("..", "..", "r_wrapper")
  skip_if_not(dir.exists(folder), "not in a checkout")
  code <- Filter(\(file) any(grepl("reticulate::", readLines(file), fixed = TRUE)), list.files(folder, full.names = TRUE))
  code <- Filter(\(file) any(grepl("^[^#]*reticulate::", readLines(file))), code)
  expect_identical(basename(code), "python.R")
})
