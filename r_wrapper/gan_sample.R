#' Draw new rows from a fit
#'
#' @param fit A fit made by [gan_fit()] or [gan_load()].
#' @param n Number of rows (or waves, or images), at least 1. `NULL` draws as many as the training data had.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers. The first rows of a longer sample with the same seed are the
#'   shorter sample.
#' @param given A named list of what columns shall hold. For a fit of a table without networks (the default from 50
#'   rows on) any columns: one value, a range by [gan_range()], several values of which any may come by
#'   `gan_levels()`, `NA` for a missing value, or `n` values, one for each row. The other columns are drawn given
#'   these, and all rows are as was asked. For a fit with `condition` one value, or `n` values, for each condition:
#'   `list(species = "Adelie")`, or `c(species = "Adelie")`. Conditions that are left out are drawn from the
#'   training rows that have the given
#'   ones; with `NULL` all are drawn from the training rows.
#' @param m Number of samples. The first one is the sample without `m`, and the first samples of a larger `m` with the
#'   same seed are the same. [gan_pool()] combines an analysis of each of them.
#' @return New rows in the form of the training data: a data.frame with the same columns, classes and
#'   levels (a tibble or a data.table if the data were one), a matrix
#'   with `n` rows and the same column names, an array whose first dimension is `n`, or a list of `n`
#'   waves. For waves and images with labels, the attribute `"condition"` is a data.frame of the labels.
#'   With `m` a list of `m` samples, of class `gan_syntheses`.
#'   Bad arguments are an error of class `ganbridge_error`, for example a level that does not occur in the
#'   training data.
#' @seealso [gan_fit()], [gan_range()], [gan_impute()], [gan_pool()], [simulate()][simulate.gan_fit]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' gan_sample(fit, 5, seed = 1)
#'
#' cars <- mtcars[rep(1:32, 20), c("mpg", "cyl", "hp", "wt")]
#' fit <- gan_fit(cars, seed = 1)
#' gan_sample(fit, 5, seed = 1, given = list(mpg = gan_range(20, 25), cyl = gan_levels(4, 6)))
#' @export
gan_sample <- function(fit, n = NULL, seed = NULL, given = NULL, m = NULL) {
  check_fit(fit)
  if (!is.null(n)) n <- check_count(n, "n")
  if (!is.null(m)) m <- check_count(m, "m")
  given <- if (!is.null(given)) given_to_core(given)
  if (is.null(m)) {
    return(sample_from_core(with_seed(seed, \(seed) call_core("sample", fit$model, n, seed, given))))
  }
  drawn <- with_seed(seed, \(seed) call_core("samples", fit$model, n, seed, m, given))
  new_gan_syntheses(lapply(drawn, sample_from_core), fit$schema$rows)
}

sample_from_core <- function(drawn) {
  sample <- data_from_core(drawn)
  if (!is.null(drawn$condition)) {
    attr(sample, "condition") <- data_from_core(drawn$condition)
  }
  sample
}

# rows: of the training data, which gan_pool() needs
new_gan_syntheses <- function(samples, rows) structure(samples, rows = as.integer(rows), class = "gan_syntheses")

#' @export
`[.gan_syntheses` <- function(x, i) new_gan_syntheses(unclass(x)[i], attr(x, "rows"))

#' @export
format.gan_syntheses <- function(x, ...) {
  first <- if (length(x)) x[[1]]
  shape <- if (is.null(dim(first))) paste(length(first), "waves") else paste(dim(first), collapse = " x ")
  sprintf("<gan_syntheses> %d sample%s of %s, from %d real rows", length(x), if (length(x) == 1) "" else "s", shape,
          attr(x, "rows"))
}

#' @export
print.gan_syntheses <- function(x, ...) {
  cat(format(x, ...), "\n", sep = "")
  invisible(x)
}
