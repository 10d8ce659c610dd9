aligned <- function(...) align_columns(lapply(list(...), plot_column, "x", "real"))

test_that("columns of all types become plot columns", {
  type_and_values <- function(values) plot_column(values, "x", "real")[c("column_type", "values")]
  expect_identical(type_and_values(c(1L, NA)), list(column_type = "number", values = c(1, NA)))
  expect_identical(type_and_values(c(1.5, Inf)), list(column_type = "number", values = c(1.5, NA)))
  expect_identical(type_and_values(c(TRUE, NA)), list(column_type = "category", values = c(2, NA)))
  expect_identical(type_and_values(factor(c("b", NA), c("b", "a"))), list(column_type = "category", values = c(1, NA)))
  expect_identical(type_and_values(c("b", NA, "a")), list(column_type = "category", values = c(2, NA, 1)))
  expect_identical(type_and_values(as.Date(c("1970-01-03", NA))), list(column_type = "time", values = c(2, NA)))
  noon <- as.POSIXct("1970-01-02 12:00", tz = "Asia/Karachi")
  expect_equal(type_and_values(noon), list(column_type = "time", values = 1.5))
  expect_equal(type_and_values(as.POSIXlt(noon)), list(column_type = "time", values = 1.5))
  expect_equal(type_and_values(as.difftime(36, units = "hours")), list(column_type = "number", values = 1.5))
})

test_that("levels keep their order, and levels of only one source are kept", {
  columns <- aligned(factor(c("b", "a"), c("b", "a")), c("c", "a"))
  expect_identical(columns[[1]]$levels, c("b", "a", "c"))
  expect_identical(columns[[2]]$values, c(3, 2))
  expect_identical(aligned(c("y", "x", "x"))[[1]]$levels, c("x", "y"))
  expect_identical(aligned(c(3, 1, 10, 1, 3, 10, 1, 1, 3, 3, 1, 1))[[1]]$levels, c("1", "3", "10"))
  expect_identical(aligned(factor(c("a", NA)), "a")[[2]]$levels, c("a", "missing"))
})

test_that("of many levels the most frequent are kept and the others counted", {
  names <- rep(sprintf("v%02d", 0:29), 1:30)
  frequent <- aligned(names)[[1]]
  expect_identical(frequent$levels, c(sprintf("v%d", 29:21), "other (21 levels)"))
  expect_identical(sum(frequent$values == 10), sum(1:21))
  expect_identical(aligned(factor(names))[[1]]$levels, c(sprintf("v%d", 21:29), "other (21 levels)"))
})

test_that("columns are matched by name, also if names repeat", {
  data <- structure(list(1:2, 3:4, 5:6), names = c("a", "b", "a"), row.names = 1:2, class = "data.frame")
  other <- data[c(2, 1, 3)]
  names(other) <- c("b", "a", "a")
  expect_identical(indices_in(new_source("x", data), new_source("real", other), 1:3), c(2L, 1L, 3L))
  expect_identical(choose_columns(new_source("x", data), "b")$indices, 2L)
  expect_identical(choose_columns(new_source("x", mtcars), NULL, "pair")$indices, 1:5)
  expect_match(choose_columns(new_source("x", mtcars), NULL, most = 4)$note, "first 4 of 11 columns")
})

test_that("bins hold all values, and those of whole numbers have one whole width", {
  set.seed(1)
  for (values in list(rnorm(100), c(0, 0, 1e9), 7, sample(18:89, 500, TRUE), numeric(), c(rep(0, 99), 1.5))) {
    edges <- bin_edges(list(values))
    expect_true(all(values >= edges[[1]] & values <= edges[[length(edges)]]))
    expect_true(all(diff(edges) > 0))
  }
  edges <- bin_edges(list(18:89))
  expect_identical(unique(diff(edges)), floor(diff(edges)[[1]]))
  expect_identical(edges[[1]], 17.5)
})

test_that("contours hold their share of the rows", {
  set.seed(1)
  x <- rnorm(4000)
  y <- rnorm(4000)
  density <- surface(x, y)
  index <- \(values, points) findInterval(values, points, all.inside = TRUE)
  heights <- density$z[cbind(index(x, density$x), index(y, density$y))]
  expect_equal(vapply(density$levels, \(level) mean(heights >= level), 0), contour_shares, tolerance = 0.05)
  expect_null(surface(x, rep(1, 4000)))
  expect_null(surface(x[1:19], y[1:19]))
})
