#' Draw new rows from a fit
#'
#' @param fit A fit made by [gan_fit()] or [gan_load()].
#' @param n Number of rows (or waves, or images), at least 1.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers. The first rows of a longer sample with the same seed are the
#'   shorter sample.
#' @param given For a fit with conditions, a list of their names and one value, or `n` values, each:
#'   `list(species = "Adelie")`. Conditions that it leaves out are drawn as they occur beside
#'   those given; with `NULL` all are drawn as they occur.
#' @return What the fit was made from: a data.frame with the same columns, in their classes and
#'   with their levels (a tibble or a data.table where one went in), a matrix
#'   with `n` rows and the same column names, an array whose first dimension is `n`, or a list of `n`
#'   waves. Of waves and images with labels, the attribute `"condition"` is a data.frame of the labels.
#'   Bad arguments are an error of class `ganbridge_error`, among them a level that the training
#'   data did not hold.
#' @seealso [gan_fit()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' gan_sample(fit, 5, seed = 1)
#' @export
gan_sample <- function(fit, n, seed = NULL, given = NULL) {
  check_fit(fit)
  n <- check_count(n, "n")
  given <- if (!is.null(given)) given_to_core(given)
  drawn <- with_seed(seed, \(seed) call_core("sample", fit$model, n, seed, given))
  sample <- data_from_core(drawn)
  if (!is.null(drawn$condition)) {
    attr(sample, "condition") <- data_from_core(drawn$condition)
  }
  sample
}
