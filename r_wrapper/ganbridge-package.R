#' ganbridge: generative adversarial networks from R
#'
#' Fit a generative adversarial network to a data.frame, a matrix, a set of
#' waves or images, draw new rows from it, and compare them with the real ones.
#'
#' * [gan_fit()] trains, [gan_sample()] draws new rows, [gan_config()] holds
#'   the settings that you want to choose yourself.
#' * [plot()][plot.gan_fit], [plot_waves()], [plot_images()] and [plot_losses()] draw
#'   plots, [summary()][summary.gan_fit] compares the moments of real and generated
#'   columns, and [gan_evaluate()] measures how close generated rows come to real ones.
#' * [gan_save()] and [gan_load()] write and read files that Python can also read and
#'   write; `saveRDS()` works as well, because a fit is a plain list.
#' * Everything is computed in Python, by a core that is part of this package.
#'   [install_ganbridge()] sets Python up, [gan_sitrep()] reports what was
#'   found, what is missing and how to install it.
#'
#' @section Python from R:
#' Python starts when it is first needed, not when the package is loaded. The first
#' of these is used: the environment variable `RETICULATE_PYTHON` (or
#' `reticulate::use_python()`), the environment made by
#' [install_ganbridge()], and what `reticulate::py_require()` provides.
#'
#' @section Random numbers:
#' Functions that draw random numbers have an argument `seed`. With
#' `seed = NULL` they take exactly one draw from R's random numbers, so that
#' `set.seed()` governs them; only [gan_evaluate()] and [gan_report()] then take the fit's seed. If `seed` is set,
#' or if a call ends in an error, `.Random.seed` does not change.
#'
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' gan_sample(fit, 3, seed = 2)
#'
#' @keywords internal
#' @importFrom grDevices contourLines grey rgb
#' @importFrom stats nobs runif sd simulate update
#' @importFrom utils head packageVersion
"_PACKAGE"
