#' Generate example waves
#'
#' Generates `n` noisy sine waves of `m` points over one unit of time. Each belongs to one of the families
#' in `shape`, which are equally frequent: family i is `a[i] * sin(2 * pi * p[i] * t)` plus
#' normal noise.
#'
#' @param n Number of waves.
#' @param m Number of points of each wave.
#' @param shape A list of `a`, the amplitudes, and `p`, the numbers of cycles, with one value per
#'   family each.
#' @param noise Standard deviation of the noise.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers.
#' @return A matrix of `n` rows (waves) by `m` columns (points).
#'   Bad arguments are an error of class `ganbridge_error`.
#' @seealso [waves] for the matrix that the examples use.
#' @examplesIf ganbridge::gan_available()
#' train <- get_training_data(20, 100, seed = 1)
#' plot_waves(train)
#' @export
get_training_data <- function(n = 200, m = 250, shape = list(a = c(1, 3), p = c(2, 10)),
                              noise = 0.05, seed = NULL) {
  n <- check_count(n, "n")
  m <- check_count(m, "m", low = 2L)
  noise <- check_number(noise, "noise", low = 0)
  if (!is.list(shape) || !all(c("a", "p") %in% names(shape))) {
    stop_wanted("shape", "a list of `a` (amplitudes) and `p` (cycles)", shape)
  }
  amplitude <- as.list(check_numbers(shape$a, "shape$a"))
  cycles <- as.list(check_numbers(shape$p, "shape$p"))
  if (length(amplitude) != length(cycles)) {
    stop_argument(
      "`shape$a` and `shape$p` must have one value per family each, not ",
      length(amplitude), " and ", length(cycles), "."
    )
  }
  with_seed(seed, \(seed) call_core("make_waves", n, m, amplitude, cycles, noise, seed))$values
}
