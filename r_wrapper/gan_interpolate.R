#' Walk from one generated row to another
#'
#' Draws two latent vectors and moves from the first to the second, along a great circle rather than
#' on the straight line, where vectors are shorter than any that the generator was trained
#' on. For waves, the noise that is added at the end moves with them, so that neighbours
#' have nearly the same. Where the data hold separate groups and nothing between them, the walk jumps from one to
#' the next.
#'
#' @param fit A fit made by [gan_fit()] or [gan_load()].
#' @param n Number of rows (or waves), at least 2.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers. The first row is the first one of `gan_sample(fit, 2, seed)`, the last row the second.
#' @param given For a fit with conditions, a list of their names and one value each, which all rows get:
#'   `list(species = "Adelie")`. With `NULL` all rows have the conditions of the first one, and the last row
#'   of the walk is then another than the second of a sample.
#' @return What the fit was made from, as [gan_sample()] gives it, with `n` rows in the order of the walk.
#'   Bad arguments are an error of class `ganbridge_error`.
#' @references White (2016), Sampling generative networks, arXiv:1609.04468.
#' @seealso [plot_walk()] and [plot_blends()] for pictures of a walk.
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
