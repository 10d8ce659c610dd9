# Conversion of tables and arrays to data dicts and back, without Python

round_trip <- function(data) data_from_core(data_to_core(data))

test_that("a matrix is unchanged after a round trip, except for row names", {
  data <- matrix(c(1.5, 2, 3, -4), 2, dimnames = list(c("r", "s"), c("a", "b")))
  expect_identical(round_trip(data), unname_rows(data))
  expect_identical(round_trip(unname(data)), unname(data))
  expect_identical(round_trip(data[, 1, drop = FALSE]), unname_rows(data[, 1, drop = FALSE]))
})

test_that("integers stay integers", {
  data <- matrix(1:6, 3, dimnames = list(NULL, c("a", "b")))
  expect_identical(round_trip(data), data)
  frame <- data.frame(a = 1:3, b = c(1, 2, 3))
  expect_identical(round_trip(frame), frame)
})

test_that("integers beyond R's range become doubles", {
  dict <- list(container = "matrix", values = matrix(c(1, 2^40), 2), type = "integer", names = NULL)
  expect_identical(data_from_core(dict), matrix(c(1, 2^40), 2))
})

test_that("a data.frame keeps non-syntactic and repeated names, one column and one row", {
  frame <- data.frame(`a b` = c(1, 2), `a b` = c(3, 4), `1` = 5:6, check.names = FALSE)
  expect_identical(round_trip(frame), frame)
  expect_identical(round_trip(faithful[2]), faithful[2])
  expect_identical(round_trip(data.frame(x = 1)), data.frame(x = 1))
})

test_that("an array is unchanged after a round trip, with the names of its channels", {
  integers <- array(1:48, c(2, 4, 3, 2))
  expect_identical(round_trip(integers), integers)
  doubles <- array(runif(24), c(2, 3, 4))
  expect_identical(round_trip(doubles), doubles)
  named <- array(1:48, c(2, 4, 3, 2), dimnames = list(c("a", "b"), NULL, 1:3, c("red", "green")))
  expect_identical(round_trip(named), array(1:48, c(2, 4, 3, 2), list(NULL, NULL, NULL, c("red", "green"))))
  expect_identical(data_to_core(named)$type, "integer")
})

test_that("integers of an array stay 32 bits wide, unless one is NA", {
  expect_type(data_to_core(array(1:8, c(2, 2, 2)))$values, "integer")
  gap <- data_to_core(array(c(1:7, NA), c(2, 2, 2)))
  expect_type(gap$values, "double")
  expect_identical(gap$type, "integer")
})

test_that("rows get new names", {
  expect_identical(attr(round_trip(mtcars), "row.names"), seq_len(32))
})

test_that("names and values of length 1 are lists and arrays, so that Python sees no scalar", {
  dict <- data_to_core(data.frame(x = 1))
  expect_identical(dict$columns[[1]]$values, array(1))
  expect_identical(data_to_core(matrix(1, dimnames = list(NULL, "x")))$names, list("x"))
})

# One column of every type, each with a missing value
every_type <- function() {
  data.frame(
    double = c(1.5, NA, -2), integer = c(1L, NA, 3L), logical = c(TRUE, NA, FALSE), text = c("b", NA, "\u00e4"),
    factor = factor(c("lo", NA, "hi"), levels = c("lo", "hi", "unused")),
    ordered = factor(c("lo", NA, "hi"), levels = c("lo", "hi"), ordered = TRUE),
    date = as.Date(c("2024-02-29", NA, "1969-12-31")),
    datetime = as.POSIXct(c("2024-03-31 01:30:00", NA, "1960-01-01 00:00:00"), tz = "Europe/Berlin"),
    local = as.POSIXct(c(1e9, NA, 1.5), origin = "1970-01-01"),
    difftime = as.difftime(c(1, NA, 2.5), units = "hours")
  )
}

test_that("columns of all types are unchanged after a round trip, with and without missing values", {
  for (column in names(every_type())) {
    frame <- every_type()[column]
    expect_identical(round_trip(frame), frame, label = column)
    expect_identical(round_trip(frame[c(1, 3), , drop = FALSE]), unname_rows(frame[c(1, 3), , drop = FALSE]))
  }
})

test_that("labels of variables, and what R has beside a type, come back", {
  clock <- structure(c(3600, NA, 7.5), class = c("hms", "difftime"), units = "secs")
  days <- structure(c(19000L, NA, 19001L), class = c("IDate", "Date"))
  frame <- data.frame(age = structure(c(1.5, NA, 2), label = "Age in years"), sex = factor(c("f", "m", NA)))
  frame$clock <- clock
  frame$days <- days
  frame$local <- structure(c(1e9, NA, 2e9), class = c("POSIXct", "POSIXt"))
  frame$empty <- structure(c(1e9, NA, 2e9), class = c("POSIXct", "POSIXt"), tzone = "")
  attr(frame$sex, "label") <- "Sexe d\u00e9clar\u00e9"
  expect_identical(round_trip(frame), frame)
  expect_null(data_to_core(data.frame(x = structure(1, label = 1:2)))$columns[[1]]$attributes)
})

test_that("columns of other packages' classes are refused with what to write", {
  of_class <- function(class) {
    frame <- list(x = structure(c(1, 2), class = class))
    attr(frame, "row.names") <- 1:2
    class(frame) <- "data.frame"
    tryCatch(data_to_core(frame), error = conditionMessage)
  }
  classes <- c("haven_labelled", "units", "sfc", "integer64", "ts", "zoo", "yearmon", "nanotime", "Period", "Surv")
  expect_snapshot(cat(vapply(classes, of_class, ""), sep = "\n"))
  series <- ts(matrix(rnorm(20), 10), start = 2000)
  expect_error(data_to_core(series), "Each series is a row of t(unclass(data))", fixed = TRUE)
  expect_error(data_to_core(ts(1:9)), "windows with embed(data, 50)", fixed = TRUE)
})

test_that("a column without any value keeps its type", {
  frame <- every_type()[c(2, 2), ]
  rownames(frame) <- NULL
  expect_identical(round_trip(frame)[-4], frame[-4])
  expect_identical(round_trip(frame)$text, c(NA_character_, NA_character_))
})

test_that("tibbles and data.tables keep their class, other classes become a data.frame", {
  frame <- data.frame(x = 1:2)
  tibble <- structure(frame, class = c("tbl_df", "tbl", "data.frame"))
  expect_identical(class(round_trip(tibble)), class(tibble))
  expect_identical(class(round_trip(structure(frame, class = c("grouped_df", class(tibble))))), class(tibble))
  expect_identical(class(round_trip(structure(frame, class = c("other", "data.frame")))), "data.frame")
  table <- structure(frame, class = c("data.table", "data.frame"))
  expect_identical(class(round_trip(table)), class(table))
})

test_that("missing values are passed to the core as a mask, and codes count from 0", {
  columns <- data_to_core(every_type())$columns
  for (column in columns) {
    expect_identical(column$missing, array(c(FALSE, TRUE, FALSE)))
  }
  expect_identical(as.vector(columns[[5]]$values)[c(1, 3)], c(0, 1))
  expect_identical(columns[[5]]$levels, list("lo", "hi", "unused"))
  expect_identical(columns[[4]]$levels, list("b", "\u00e4"))
  expect_null(data_to_core(data.frame(x = 1:2))$columns[[1]]$missing)
})

test_that("unsupported columns are refused, with the name of the column and a remedy", {
  expect_refusals({
    data_to_core(data.frame(x = 1, z = 1i))
    data_to_core(data.frame(g = factor(c("a", NA), exclude = NULL)))
    data_to_core(structure(list(t = as.POSIXlt("2024-01-01")), class = "data.frame", row.names = 1L))
    data_to_core(structure(list(i = structure(1, class = "integer64")), class = "data.frame", row.names = 1L))
    data_to_core(data.frame(t = c("a", "\xff")))
    data_to_core(data.frame(f = factor(1, 1, "\xff")))
    data_to_core(structure(list(1), names = "\xff", class = "data.frame", row.names = 1L))
    data_to_core(structure(list(1), class = "data.frame", row.names = 1L))
    data_to_core(structure(list(s = matrix(1:2)), class = "data.frame", row.names = 1:2))
    data_to_core(structure(list(s = ts(1:2)), class = "data.frame", row.names = 1:2))
    data_to_core(structure(list(d = data.frame(a = 1, b = 2)), class = "data.frame", row.names = 1L))
    condition_to_core(list("a", "b"), matrix(1, 2, 2))
    condition_to_core(1, data.frame(x = 1))
    given_to_core(list("a"))
    given_to_core(list())
    given_to_core("a")
    given_to_core(list(a = mean))
    data_to_core(structure(list(l = list(1)), class = "data.frame", row.names = 1L))
    data_to_core(structure(list(m = matrix(1, 1, 2)), class = "data.frame", row.names = 1L))
    data_to_core(matrix("a"))
    data_to_core(matrix(TRUE))
    data_to_core(matrix(list(1, 2)))
    data_to_core(array("a", c(2, 2, 2)))
    data_to_core(array(TRUE, c(2, 2, 2)))
    data_to_core(c(1, 2, 3, 4, 5))
    data_to_core(c("file.csv", NA))
    data_to_core(NULL)
    data_to_core(list(a = "b"))
    data_to_core(mean)
  })
})
