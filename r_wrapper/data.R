#' Waves of two families
#'
#' 200 waves of 250 points over one unit of time, half of them about `sin(2 * pi * 2 * t)`, the others
#' about `3 * sin(2 * pi * 10 * t)`, with normal noise of standard deviation 0.05. Made by
#' [get_training_data()] with `seed = 1`.
#'
#' @format A matrix of 200 rows (waves) and 250 columns (points).
#' @source The data set of a blog post on the basics of GANs in R and Python.
#' @seealso [waves_trace]
#' @examples
#' plot_waves(waves)
"waves"

#' Samples from a training on the waves
#'
#' What [gan_fit()] kept of a training on [waves]: the same few waves after more and more
#' epochs, from noise to two families.
#'
#' @format A list of class `gan_trace`: `epoch` (integers) and `samples` (a list of
#'   matrices of waves by points, one for each epoch).
#' @source `data-raw/waves.R` in the sources of this package.
#' @seealso [plot_waves()], which draws it.
#' @examples
#' waves_trace
#' plot_waves(waves_trace)
"waves_trace"
