#' Walk from one generated row to another
#'
#' Draws two latent vectors and moves from the first to the second along a great circle (spherical interpolation),
#' because vectors on the straight line between them are shorter than those that the generator was trained on. For
#' waves, the noise that is added to them is interpolated as well, so that neighbouring waves have nearly the same. If
#' the data consist of separate groups, the walk jumps from one group to the next, and so it does between the components
#' of a fit whose prior is a mixture.
#'
#' @param fit A fit made by [gan_fit()] or [gan_load()].
#' @param n Number of rows (or waves), at least 2.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers. The first row is the first one of `gan_sample(fit, 2, seed)`, the last row the second.
#' @param given As for [gan_sample()], but without values for each row; for a fit with conditions, a list of their
#'   names and one value each, which all rows get: `list(species = "Adelie")`. With `NULL` all rows have the
#'   conditions of the first one, and the last row of the walk then differs from the second row of a sample.
#' @return `n` rows in the order of the walk, in the form of the training data, as [gan_sample()] returns them.
#'   Bad arguments are an error of class `ganbridge_error`.
#' @references White (2016), Sampling generative networks, arXiv:1609.04468.
#' @seealso [plot_walk()] and [plot_blends()] for plots of a walk.
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' gan_interpolate(fit, 5, seed = 1)
#' @export
gan_interpolate <- function(fit, n, seed = NULL, given = NULL) {
  check_fit(fit)
  n <- check_count(n, "n", low = 2L)
  given <- if (!is.null(given)) given_to_core(given)
  data_from_core(with_seed(seed, \(seed) call_core("interpolate", fit$model, n, seed, given)))
}
