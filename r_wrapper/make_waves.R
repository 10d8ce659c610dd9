#' Generate example waves
#'
#' Generates `n` noisy sine waves of `m` points over one unit of time. Each belongs to one of several families,
#' which are
#' equally frequent: family i is `amplitude[i] * sin(2 * pi * cycles[i] * t)` plus normal noise.
#' `get_training_data()` does
#' the same with both in one list, `shape`.
#'
#' @param n Number of waves.
#' @param m Number of points of each wave.
#' @param amplitude,cycles Amplitude and number of cycles of each family.
#' @param shape A list of `a`, the amplitudes, and `p`, the numbers of cycles.
#' @param noise Standard deviation of the noise.
#' @param seed A whole number from 0 to 2147483647, or `NULL` to take one draw from R's random
#'   numbers.
#' @return A matrix of `n` rows (waves) by `m` columns (points).
#'   Bad arguments are an error of class `ganbridge_error`.
#' @seealso [waves] for the matrix that the examples use.
#' @examplesIf ganbridge::gan_available()
#' plot_waves(make_waves(20, 100, seed = 1))
#' @export
make_waves <- function(n = 200, m = 250, amplitude = c(1, 3), cycles = c(2, 10), noise = 0.05, seed = NULL) {
  waves_of_families(n, m, amplitude, cycles, noise, seed, c("amplitude", "cycles"))
}

#' @rdname make_waves
#' @export
get_training_data <- function(n = 200, m = 250, shape = list(a = c(1, 3), p = c(2, 10)),
                              noise = 0.05, seed = NULL) {
  if (!is.list(shape) || !all(c("a", "p") %in% names(shape))) {
    stop_wanted("shape", "a list of `a` (amplitudes) and `p` (cycles)", shape)
  }
  waves_of_families(n, m, shape$a, shape$p, noise, seed, c("shape$a", "shape$p"))
}

# `arguments`: what errors call amplitude and cycles
waves_of_families <- function(n, m, amplitude, cycles, noise, seed, arguments) {
  n <- check_count(n, "n")
  m <- check_count(m, "m", low = 2L)
  noise <- check_number(noise, "noise", low = 0)
  amplitude <- as.list(check_numbers(amplitude, arguments[[1]]))
  cycles <- as.list(check_numbers(cycles, arguments[[2]]))
  if (length(amplitude) != length(cycles)) {
    stop_argument(
      "`", arguments[[1]], "` and `", arguments[[2]], "` must have one value per family each, not ",
      length(amplitude), " and ", length(cycles), "."
    )
  }
  with_seed(seed, \(seed) call_core("make_waves", n, m, amplitude, cycles, noise, seed))$values
}
