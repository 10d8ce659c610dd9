#' Log density of rows
#'
#' How likely rows are under the mixture that was fitted to a table: the lower, the odder the row. Sorted by it,
#' outliers and rows with values that do not go together come first.
#'
#' The density is the mixture's probability of the row's cells (the groups of values that it tells
#' apart), and within its cell each value is as likely as any other. Levels, whole and rounded numbers,
#' values that many rows share and missing values have probabilities. All other numbers have densities per
#' standard deviation of the training data's column. A whole or rounded number that no training row has counts for
#' half a row. What the training data do not hold has a density of zero, `-Inf` as a log: other levels, numbers outside
#' the range or off the grid of the column, and missing values in a column that has none. The discriminator, which
#' decides what [gan_sample()] keeps, has no part in it, nor has a network that moves draws (`refine` of
#' [gan_config()]).
#'
#' @param fit A fit of a table without networks, the default from 50 rows on (for fewer rows:
#'   `gan_config(prior = "mixture")`).
#' @param data A data.frame or matrix with the columns that the fit was made from, in any order; or paths of files.
#' @return A numeric vector, one log density for each row. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [gan_impute()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(iris, seed = 1, config = gan_config(prior = "mixture"))
#' iris[order(gan_density(fit, iris))[1:3], ] # the oddest flowers
#' @export
gan_density <- function(fit, data) {
  check_fit(fit)
  as.vector(call_core("log_density", fit$model, table_to_core(rows_of(data)))$values)
}
