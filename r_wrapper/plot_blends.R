#' Draw a walk from one wave to another
#'
#' Draws waves as overlapping areas, the first wave at the back, in one panel per channel.
#'
#' @param x A fit of waves made by [gan_fit()], from which [gan_interpolate()] draws a walk; `NULL` for blends of
#'   `sin(2 * pi * 2 * t)` and `3 * sin(2 * pi * 10 * t)`; or waves in their order, as [plot_waves()] takes them.
#' @param n Number of waves, at least 2. Waves passed as `x` are all drawn.
#' @param seed The seed of the walk, a whole number from 0 to 2147483647. `NULL` takes the fit's seed, so that the same
#'   fit gives the same plot.
#' @param rate Points per second (Hz), for a time axis. `NULL` takes the fit's rate; if it has none, points are
#'   numbered.
#' @return `x`, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @references The blends of the two waves are the title figure of Oehm, Basics and intuition behind GANs in R and
#'   Python.
#' @seealso [gan_interpolate()], [plot_waves()]
#' @examples
#' plot_blends()
#' @export
plot_blends <- function(x = NULL, n = 48, seed = NULL, rate = NULL) {
  n <- check_count(n, "n", low = 2L)
  rate <- check_rate(rate)
  shown <- x
  if (is.null(x)) {
    points <- 250
    t <- seq(0, 1, length.out = points)
    share <- seq(0, 1, length.out = n)
    shown <- outer(1 - share, sin(2 * pi * 2 * t)) + outer(share, 3 * sin(2 * pi * 10 * t))
    rate <- if (is.null(rate)) points - 1 else rate
  } else if (inherits(x, "gan_fit")) {
    check_wave_fit(x)
    shown <- gan_interpolate(x, n, seed = if (is.null(seed)) x$seed else seed)
    rate <- if (is.null(rate)) x$rate else rate
  }
  draw_blends(wave_list(shown), rate)
  invisible(x)
}

draw_blends <- function(waves, rate) {
  channels <- ncol(waves[[1]])
  axis <- wave_axis(max(vapply(waves, nrow, 1L)), rate)
  if (channels > 1) {
    old <- open_page(c(1, channels))
  } else {
    old <- open_single(c(3.2, 2, 1.7, 0.8))
  }
  on.exit(par(old))
  for (k in seq_len(channels)) {
    draw_areas(lapply(waves, \(wave) wave[, k]), axis, if (channels > 1) channel_names(waves)[[k]])
  }
  left <- sprintf("%d waves, from the first (top) to the last", length(waves))
  if (channels > 1) {
    label_panels(axis$label, left)
  } else {
    mtext(axis$label, 1, line = 2, cex = par("cex"))
    mtext(left, 2, line = 0.6, las = 0, cex = par("cex"))
  }
}

draw_areas <- function(waves, axis, title) {
  limits <- range(unlist(waves))
  count <- length(waves)
  apart <- 0.1 * (if (diff(limits) > 0) diff(limits) else 1)
  plot.new()
  plot.window(axis$limits, limits + c(0, (count - 1) * apart), xaxs = "i", yaxs = "i")
  colours <- colorRampPalette(c("#0072B2", "#56B4E9", "#E69F00", "#D55E00"))(count)
  for (i in seq_len(count)) {
    x <- axis$at(length(waves[[i]]))
    y <- waves[[i]] + (count - i) * apart
    polygon(c(x[[1]], x, x[[length(x)]]), c(limits[[1]], y, limits[[1]]), col = colours[[i]], border = NA)
    lines(x, y, col = "white", lwd = 0.7)
  }
  axis(1, lwd = 0, lwd.ticks = 0.8)
  if (!is.null(title)) mtext(title, 3, line = 0.35, adj = 0, font = 2, cex = par("cex"))
}
