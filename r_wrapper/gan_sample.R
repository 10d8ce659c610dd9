#' Draw new rows from a fit
#'
#' @param fit A fit made by [gan_fit()] or [gan_load()].
#' @param n Number of rows (or waves, or images), at least 1.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers. The first rows of a longer sample with the same seed are the
#'   shorter sample.
#' @return What the fit was made from: a data.frame with the same columns, or a matrix
#'   with `n` rows and the same column names, or an array of `n` images. Integer columns (or images) are integers.
#'   Bad arguments are an error of class `ganbridge_error`.
#' @seealso [gan_fit()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' gan_sample(fit, 5, seed = 1)
#' @export
gan_sample <- function(fit, n, seed = NULL) {
  check_fit(fit)
  n <- check_count(n, "n")
  data_from_core(with_seed(seed, \(seed) call_core("sample", fit$model, n, seed)))
}
