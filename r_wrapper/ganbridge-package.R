#' ganbridge: generative adversarial networks from R
#'
#' Fit a generative adversarial network to a data.frame, a matrix, a set of
#' waves or images, draw new rows from it, and look at both.
#'
#' * [gan_fit()] trains, [gan_sample()] draws new rows, [gan_config()] holds
#'   every setting that you do not want to leave to the package.
#' * [plot()][plot.gan_fit], [plot_waves()], [plot_images()] and [plot_losses()] draw,
#'   [summary()][summary.gan_fit] puts the moments of real and generated columns
#'   beside each other.
#' * [gan_save()] and [gan_load()] write and read a file that Python reads and
#'   writes, too; `saveRDS()` works as well, because a fit is a plain list.
#' * The computing is done in Python by a core that this package carries inside
#'   it. [install_ganbridge()] sets Python up, [gan_sitrep()] says what was
#'   found and what mends what is missing.
#'
#' @section Python from R:
#' Python starts when it is first needed, not when the package is loaded. It is
#' looked for in this order: the environment variable `RETICULATE_PYTHON` (or
#' what you named in `reticulate::use_python()`), the environment made by
#' [install_ganbridge()], and what `reticulate::py_require()` provides.
#'
#' @section Random numbers:
#' Functions that draw random numbers have an argument `seed`. With
#' `seed = NULL` they take exactly one draw from R's stream, so that
#' `set.seed()` governs them; only [gan_evaluate()] takes the fit's own seed then. With a seed given, `.Random.seed`
#' is not touched; nor is it by a call that ends in an error.
#'
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' gan_sample(fit, 3, seed = 2)
#'
#' @keywords internal
#' @importFrom grDevices adjustcolor colorRamp colorRampPalette contourLines grey rgb
#' @importFrom graphics abline axis axTicks box grconvertX layout lines mtext par plot.new
#'   plot.window points polygon rasterImage rect segments strheight strwidth text
#' @importFrom stats IQR bw.nrd0 density dnorm lowess quantile runif sd
#' @importFrom utils combn head packageVersion
"_PACKAGE"
