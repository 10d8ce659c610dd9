#' Waves of two families
#'
#' 200 waves of 250 points over one unit of time, half of them about `sin(2 * pi * 2 * t)`, the others
#' about `3 * sin(2 * pi * 10 * t)`, with normal noise of standard deviation 0.05. Made by
#' [get_training_data()] with `seed = 1`, rounded to four decimals.
#'
#' @format A matrix of 200 rows (waves) and 250 columns (points).
#' @source The data set of a blog post on the basics of GANs in R and Python.
#' @seealso [waves_trace]
#' @examples
#' plot_waves(waves)
"waves"

#' Samples from a training on the waves
#'
#' What [gan_fit()] kept of a training on [waves]: twelve waves, always from the same latent
#' variables, after 10 to 3,000 epochs, from noise to two families. The networks saw the points of the waves
#' themselves (`scaling = "standard"`); with the default settings the families come out within
#' a few epochs.
#'
#' @format A list of class `gan_trace`: `epoch` (12 integers) and `samples` (a list of 12
#'   matrices of 12 waves by 250 points, one for each epoch).
#' @source `data-raw/waves.R` in the sources of this package.
#' @seealso [plot_waves()], which draws it.
#' @examples
#' waves_trace
#' plot_waves(waves_trace)
"waves_trace"
