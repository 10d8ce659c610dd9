#' Write new rows to a file
#'
#' Writes the rows that [gan_sample()] returns for the same seed to a file, in memory that does not grow with their
#' number: 100 million rows need no more than one million.
#'
#' Rows are written in parts of 131,072 and more, to a folder beside the file (its name with a dot before and `.parts`
#' behind it), and put together in the end: a file of that name is there as a whole, or as it was before. A call
#' that was interrupted goes on with the next part when it is repeated with the same `seed`. On the disk there must
#' be room for the rows twice.
#'
#' @inheritParams gan_sample
#' @param file Path of the file, which ends in `.parquet`, `.arrow`, `.feather` or `.csv`. An existing file is replaced.
#'   Formats other than CSV need the Python module pyarrow: `install_ganbridge(files = TRUE)` installs it.
#' @return `file`, invisibly. Bad arguments are an error of class `ganbridge_error`, for example rows that are no table.
#' @seealso [gan_sample()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' file <- gan_sample_to(fit, tempfile(fileext = ".csv"), 1000, seed = 1)
#' summary(read.csv(file))
#' @export
gan_sample_to <- function(fit, file, n = NULL, seed = NULL, given = NULL) {
  check_fit(fit)
  path <- check_file(file)
  if (!is.null(n)) n <- check_count(n, "n")
  given <- if (!is.null(given)) given_to_core(given)
  with_seed(seed, \(seed) call_core("sample_to", fit$model, path, n, seed, given))
  invisible(file)
}
