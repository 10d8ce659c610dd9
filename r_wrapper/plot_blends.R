#' Draw a walk from one wave to another
#'
#' Draws waves as overlapping areas, the first wave at the back, in one panel per channel.
#'
#' @param x A fit of waves made by [gan_fit()], from which [gan_interpolate()] draws a walk; `NULL` for blends of
#'   `sin(2 * pi * 2 * t)` and `3 * sin(2 * pi * 10 * t)`; or waves in their order, as [plot_waves()] takes them.
#' @param n Number of waves, at least 2. Waves passed as `x` are all drawn.
#' @param seed The seed of the walk, a whole number from 0 to 2147483647. `NULL` takes, of the eight seeds from the
#'   fit's on, the one whose walk goes between the waves that differ most, so that the same fit gives the same plot.
#' @param rate Points per second (Hz), for a time axis. `NULL` takes the fit's rate; if it has none, points are
#'   numbered.
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
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
    shown <- gan_interpolate(x, n, seed = if (is.null(seed)) call_core("walk_seed", x$model) else seed)
    rate <- if (is.null(rate)) x$rate else rate
  }
  draw_blends(wave_list(shown), rate)
}

draw_blends <- function(waves, rate) {
  count <- length(waves)
  names <- channel_names(waves)
  axis <- wave_axis(max(vapply(waves, nrow, 1L)), rate)
  areas <- bind(lapply(seq_along(names), \(k) {
    values <- lapply(waves, \(wave) wave[, k])
    limits <- range(unlist(values))
    apart <- 0.1 * (if (diff(limits) > 0) diff(limits) else 1)
    bind(lapply(seq_len(count), \(i) {
      data.frame(
        channel = factor(names[[k]], names), wave = i, at = axis$at(length(values[[i]])), low = limits[[1]],
        high = values[[i]] + (count - i) * apart
      )
    }))
  }))
  area <- ggplot2::aes(.data$at, ymin = .data$low, ymax = .data$high, fill = .data$wave, group = .data$wave)
  ggplot2::ggplot(areas, area) +
    ggplot2::geom_ribbon(colour = "white", linewidth = 0.25, outline.type = "upper", show.legend = FALSE) +
    (if (length(names) > 1) ggplot2::facet_wrap("channel", nrow = 1, scales = "free_y")) +
    ggplot2::scale_fill_gradientn(colours = c("#0072B2", "#56B4E9", "#E69F00", "#D55E00")) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(0)) +
    ggplot2::scale_y_continuous(breaks = NULL, expand = ggplot2::expansion(0)) +
    ggplot2::labs(x = axis$label, y = sprintf("%s waves, from the first (top) to the last", format_count(count))) +
    theme_gan()
}
