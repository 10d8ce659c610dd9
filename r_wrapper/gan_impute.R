#' Fill in what is missing
#'
#' Draws each missing value given what its row holds, `m` times (multiple imputation). What is not missing
#' stays as it is. The draws follow the joint distribution of the columns, so that the completed tables differ as
#' much as the missing values are uncertain: run an analysis on each of them and pool the results.
#'
#' It is for fits of tables without networks, the default from 50 rows on (for fewer rows:
#' `gan_config(prior = "mixture")`). The components of the mixture are conditioned on each row exactly; a network moves
#' the draws if the fit has one (`refine` of [gan_config()]), and of a few draws one is chosen by the odds of the
#' discriminator. The fit may be made from the same data, with its missing
#' values.
#'
#' @param fit A fit made by [gan_fit()] or [gan_load()].
#' @param data A data.frame or matrix with the columns that the fit was made from, in any order; or paths of files.
#' @param m Number of completed tables, at least 1.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers. The first tables of a larger `m` with the same seed are the same.
#' @return A list of `m` tables, each of the class of `data`, with its columns, classes and row names, and without
#'   missing values, but for columns of which the training data had no value. A level that a factor did not have is
#'   added to its levels. Bad arguments are an error of class `ganbridge_error`, for example a level that does not
#'   occur in the training data.
#' @references Rubin (1987), *Multiple Imputation for Nonresponse in Surveys*, Wiley.
#' @seealso [gan_density()] for the density of whole rows.
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(airquality, seed = 1, config = gan_config(prior = "mixture"))
#' completed <- gan_impute(fit, airquality, m = 2, seed = 1)
#' head(completed[[1]])
#' # An analysis of each of them, pooled
#' mean(sapply(completed, \(data) mean(data$Ozone)))
#' @export
gan_impute <- function(fit, data, m = 5, seed = NULL) {
  check_fit(fit)
  m <- check_count(m, "m")
  data <- rows_of(data)
  rows <- table_to_core(data)
  lapply(with_seed(seed, \(seed) call_core("impute", fit$model, rows, m, seed)), \(drawn) {
    fill_missing(data, data_from_core(drawn))
  })
}

table_to_core <- function(data) {
  if (!is.data.frame(data) && !is.matrix(data)) {
    stop_wanted("data", "a data.frame or a matrix", data)
  }
  data_to_core(data)
}

# The user's table with drawn values where its own are missing: all else keeps its bits and attributes.
fill_missing <- function(data, drawn) {
  if (is.matrix(data)) {
    data[is.na(data)] <- drawn[is.na(data)]
    return(data)
  }
  for (j in which(vapply(data, anyNA, NA))) {
    data[[j]] <- fill_column(data[[j]], drawn[[j]])
  }
  data
}

fill_column <- function(values, drawn) {
  missing <- is.na(values)
  if (all(missing) && class(values)[[1]] != class(drawn)[[1]]) {
    return(drawn)
  }
  if (is.factor(values)) {
    new <- as.character(drawn)[missing]
    levels(values) <- union(levels(values), new)
    values[missing] <- new
  } else {
    values[missing] <- drawn[missing]
  }
  values
}
