#' Pool an analysis of several samples
#'
#' Runs an analysis on each of `m` samples of a fit, and combines the estimates and their standard errors into one
#' result by the rule of Raab, Nowok and Dibben (2016).
#'
#' With estimates q and variances v of m samples of k rows each, and n real rows, the pooled estimate is `mean(q)`, and
#' its variance `mean(v) * (k / n + 1 / m)`: the variance that n real rows would give, and what the samples add. However
#' large k and m are, it is not below that of n real rows. The rule assumes that the fit is right: it accounts for
#' sampling, not for what the generator got wrong. Compare the estimates with those of the real rows if you can.
#'
#' @param syntheses Samples made by `gan_sample(fit, m = 5)` or `simulate(fit, 5)`; or a list of data sets, with `rows`.
#' @param analysis A function of one sample that returns a model with methods for `coef()` and `vcov()`, such as
#'   `\(data) lm(mpg ~ wt, data)`; or a list of `estimate` and `variance` (squared standard errors), numeric vectors.
#' @param rows Number of real rows that the fit was made from. `NULL` takes it from `syntheses`.
#' @return A data.frame with one row for each estimate: `term`, `estimate`, `std_error`, and `low` and `high`, the 95
#'   percent interval of a normal distribution. Bad arguments are an error of class `ganbridge_error`.
#' @references Raab, Nowok and Dibben (2016), Practical data synthesis for large samples, *Journal of Privacy and
#'   Confidentiality* 7(3), 67-97. \doi{10.29012/jpc.v7i3.407}
#' @seealso `vignette("trust")`, which compares pooled and other standard errors.
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1)
#' gan_pool(gan_sample(fit, m = 5, seed = 1), \(data) lm(waiting ~ eruptions, data))
#' @export
gan_pool <- function(syntheses, analysis, rows = NULL) {
  if (!is.list(syntheses) || is.data.frame(syntheses) || length(syntheses) == 0) {
    stop_wanted("syntheses", "a list of samples, such as gan_sample(fit, m = 5)", syntheses)
  }
  if (!is.function(analysis)) {
    stop_wanted("analysis", "a function of one sample", analysis)
  }
  if (is.null(rows)) rows <- attr(syntheses, "rows")
  rows <- check_count(rows, "rows", remedy = "It is the number of rows that the fit was made from.")
  sizes <- vapply(syntheses, NROW, 1L)
  if (any(sizes != sizes[[1]])) {
    stop_wanted("syntheses", "samples of the same number of rows", sizes[sizes != sizes[[1]]][[1]])
  }
  results <- lapply(seq_along(syntheses), \(i) estimates_of(analysis(syntheses[[i]])))
  terms <- names(results[[1]]$estimate)
  for (result in results) {
    if (!identical(names(result$estimate), terms)) {
      stop_argument("`analysis` must return the same terms for every sample.")
    }
  }
  collect <- \(part) matrix(unlist(lapply(results, `[[`, part)), length(results), byrow = TRUE)
  pooled <- call_core("pool", collect("estimate"), collect("variance"), rows, sizes[[1]])
  if (is.null(terms)) terms <- as.character(seq_along(results[[1]]$estimate))
  data.frame(term = terms, lapply(pooled, as.vector))
}

# What gan_pool() needs of a model: a list of estimate and variance
estimates_of <- function(model) {
  result <- if (is.list(model) && !is.object(model) && all(c("estimate", "variance") %in% names(model))) {
    model[c("estimate", "variance")]
  } else {
    tryCatch(list(estimate = stats::coef(model), variance = diag(as.matrix(stats::vcov(model)))), error = \(e) NULL)
  }
  right <- \(x) is.numeric(x) && length(x) > 0 && all(is.finite(x))
  fits <- right(result$estimate) && right(result$variance) && length(result$estimate) == length(result$variance)
  if (!fits || any(result$variance < 0)) {
    stop_wanted(
      "analysis", "a function that returns a model with finite coef() and vcov(), or a list of estimate and variance",
      model
    )
  }
  result
}
