# Tables in files, by their paths and by objects of other packages.

people <- function() {
  set.seed(1)
  data.frame(age = sample(18:90, 120, TRUE), sex = sample(c("f", "m"), 120, TRUE))
}

written <- function(data = people(), envir = parent.frame()) {
  path <- withr::local_tempfile(fileext = ".csv", .local_envir = envir)
  write.csv(data, path, row.names = FALSE)
  path
}

test_that("a path crosses as a path", {
  expect_identical(data_to_core(c("a.csv", "b.csv")), list(container = "files", paths = list("a.csv", "b.csv")))
  dataset <- structure(list(files = c("x/a.parquet", "x/b.parquet")), class = c("FileSystemDataset", "Dataset"))
  expect_identical(data_to_core(dataset), data_to_core(dataset$files))
})

test_that("objects of packages that are not installed name the package", {
  skip_if(requireNamespace("arrow", quietly = TRUE))
  dataset <- structure(list(files = "x/year=2024/a.parquet"), class = c("FileSystemDataset", "Dataset"))
  expect_error(data_to_core(dataset), "package arrow", class = "ganbridge_error")
})

test_that("a fit to a file is that to its rows, and is evaluated on them", {
  skip_without_core()
  path <- written()
  fit <- gan_fit(path, seed = 1, config = gan_config(steps = 20))
  expect_identical(fit$schema$rows, 120L)
  expect_identical(names(gan_sample(fit, 2, seed = 1)), c("age", "sex"))
  expect_identical(deparse(fit$call$data), "path")
  expect_error(gan_fit("none.csv"), "there is no such file", class = "ganbridge_bad_file")
  skip_without_evaluation()
  found <- gan_evaluate(fit, path, target = "age", seed = 1)
  expect_identical(found$counts$real, 120L)
})

test_that("datasets of arrow and tables of duckdb are read", {
  skip_without_core()
  skip_if_not_installed("arrow")
  folder <- withr::local_tempfile()
  arrow::write_dataset(people(), folder, partitioning = "sex")
  fit <- gan_fit(arrow::open_dataset(folder), seed = 1, config = gan_config(steps = 20))
  expect_setequal(unlist(fit$schema$names), c("age", "sex"))
  skip_if_not_installed("duckdb")
  skip_if_not_installed("dbplyr")
  connection <- withr::local_db_connection(DBI::dbConnect(duckdb::duckdb()))
  DBI::dbWriteTable(connection, "people", people())
  fit <- gan_fit(dplyr::tbl(connection, "people"), seed = 1, config = gan_config(steps = 20))
  expect_identical(fit$schema$rows, 120L)
})

test_that("rows are written to a file as gan_sample() returns them", {
  skip_without_core()
  fit <- table_fit()
  file <- withr::local_tempfile(fileext = ".csv")
  expect_identical(expect_invisible(gan_sample_to(fit, file, 50, seed = 2)), file)
  expect_equal(read.csv(file), gan_sample(fit, 50, seed = 2), tolerance = 1e-14)
  set.seed(1)
  gan_sample_to(fit, file)
  expect_identical(nrow(read.csv(file)), fit$schema$rows)
  expect_error(gan_sample_to(fit, "new.xls", 5), "ends in one of", class = "ganbridge_error")
  expect_error(gan_sample_to(fit, file, 5, given = list(none = 1)), "given", class = "ganbridge_error")
})

test_that("rows of files are completed and have densities", {
  skip_without_core()
  data <- people()
  data$age[1:9] <- NA
  fit <- gan_fit(data, seed = 1)
  path <- written(data)
  completed <- gan_impute(fit, path, m = 1, seed = 2)[[1]]
  expect_false(anyNA(completed$age))
  expect_equal(completed$age, gan_impute(fit, data, m = 1, seed = 2)[[1]]$age)
  expect_equal(gan_density(fit, path), gan_density(fit, data))
})
