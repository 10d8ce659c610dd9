#' Draw waves
#'
#' Draws waves in panels with shared axes, whose limits come from the data. From a fit, new waves are sampled (with the
#' fit's seed, so that the same fit gives the same plot); a matrix is drawn row by row. A trace is drawn as one panel
#' per epoch, with its waves over each other; of more than twelve epochs, twelve are drawn, most of them early.
#'
#' Each channel has a colour, with a key above the panels. If there are more than six channels, or if their ranges
#' differ by more than a factor of ten, each has a separate strip that spans its range; with at most four channels,
#' the range is printed below the name.
#'
#' @param x A fit of waves made by [gan_fit()]; waves: a matrix (one in each row), an array of waves by points by
#'   channels, or a list of vectors or of matrices of points by channels; or a trace (`fit$trace`).
#' @param id The waves to draw, by number.
#' @param nrow Number of rows of panels. `NULL` chooses it.
#' @param labels Titles of the panels: one for each wave in `x`, or one for each that is drawn. `NULL` numbers
#'   the waves. Must be `NULL` for a trace.
#' @param rate Points per second (Hz), for a time axis. `NULL` takes the fit's rate; if it has none, points are
#'   numbered.
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [plot_blends()], [plot_losses()], [plot.gan_fit()]
#' @examples
#' plot_waves(waves)
#' plot_waves(waves, id = 1:4, labels = c("slow", "fast", "slow", "fast"), rate = 250)
#' plot_waves(waves_trace)
#' @export
plot_waves <- function(x, id = 1:12, nrow = NULL, labels = NULL, rate = NULL) {
  UseMethod("plot_waves")
}

#' @rdname plot_waves
#' @export
plot_waves.default <- function(x, id = 1:12, nrow = NULL, labels = NULL, rate = NULL) {
  stop_wanted("x", "a fit of waves, a numeric matrix or array, a list of waves or a trace", x)
}

#' @rdname plot_waves
#' @export
plot_waves.gan_fit <- function(x, id = 1:12, nrow = NULL, labels = NULL, rate = NULL) {
  check_wave_fit(x)
  id <- check_ids(id, "id", 100000, "waves")
  rate <- if (is.null(rate)) x$rate else rate
  plot_waves(gan_sample(x, max(id), seed = x$seed), id, nrow, labels, rate)
}

#' @rdname plot_waves
#' @export
plot_waves.matrix <- function(x, id = 1:12, nrow = NULL, labels = NULL, rate = NULL) {
  waves <- wave_list(x)
  id <- chosen_waves(id, missing(id), length(waves))
  titles <- wave_titles(labels, id, names(waves), length(waves))
  draw_waves(lapply(waves[id], list), titles, nrow, check_rate(rate))
}

#' @rdname plot_waves
#' @export
plot_waves.array <- plot_waves.matrix

#' @rdname plot_waves
#' @export
plot_waves.list <- plot_waves.matrix

#' @rdname plot_waves
#' @export
plot_waves.data.frame <- plot_waves.matrix

#' @rdname plot_waves
#' @export
plot_waves.gan_trace <- function(x, id = 1:12, nrow = NULL, labels = NULL, rate = NULL) {
  if (!is.null(labels)) {
    stop_wanted("labels", "NULL for a trace, whose panels are epochs", labels)
  }
  draw_wave_trace(x, if (!missing(id)) id, nrow, rate)
}

# One panel per epoch, and one for real waves if they are given
draw_wave_trace <- function(trace, id = NULL, nrow = NULL, rate = NULL, real = NULL) {
  shown <- spread_early(length(trace$epoch), 12)
  if (length(shown) == 0) {
    stop_argument("`x` must be a trace with samples, not an empty one. Fit with a smaller `trace`.")
  }
  samples <- lapply(trace$samples[shown], \(sample) kind_wave()$as_samples(sample))
  id <- chosen_waves(id, is.null(id), length(samples[[1]]))
  rate <- check_rate(if (is.null(rate)) trace$rate else rate)
  panels <- c(lapply(samples, `[`, id), if (!is.null(real)) list(head(real, length(id))))
  titles <- c(epoch_title(trace$epoch[shown]), if (!is.null(real)) "real")
  draw_waves(panels, titles, nrow, rate, rep(c("generated", "real"), c(length(shown), !is.null(real))))
}

# Panels of waves drawn over each other. `panels` is a list of lists of matrices, points by channels; an empty list is
# an empty panel. `sources` has "real" or "generated" for each panel; colours mean that, unless channels have colours.
draw_waves <- function(panels, titles, nrow, rate = NULL, sources = rep("generated", length(panels))) {
  waves <- unlist(panels, recursive = FALSE)
  scales <- wave_scales(waves)
  axis <- wave_axis(max(vapply(waves, base::nrow, 1L)), rate)
  lines <- bind(lapply(which(lengths(panels) > 0), \(k) wave_rows(panels[[k]], k, sources[[k]], scales, axis)))
  lines$panel <- factor(lines$panel, seq_along(panels))
  names <- channel_names(waves)
  colours <- if (scales$key) stats::setNames(ink$channels[seq_along(names)], names) else source_colours
  lines$colour <- if (scales$key) factor(names[lines$channel], names) else lines$source
  if (!is.null(nrow)) nrow <- min(check_count(nrow, "nrow"), length(panels))
  line <- ggplot2::aes(
    .data$at, .data$value, group = .data$line, colour = .data$colour, alpha = .data$alpha
  )
  key <- ggplot2::guide_legend(override.aes = list(alpha = 1, linewidth = 1))
  named <- ggplot2::as_labeller(stats::setNames(short(titles), seq_along(panels)))
  ggplot2::ggplot(lines, line) + ggplot2::geom_line(linewidth = 0.4) +
    ggplot2::facet_wrap("panel", nrow = nrow, labeller = named, drop = FALSE) +
    ggplot2::scale_alpha_identity() +
    ggplot2::scale_colour_manual(values = colours, guide = if (scales$key) key else "none") +
    ggplot2::scale_x_continuous(n.breaks = 4, guide = ggplot2::guide_axis(check.overlap = TRUE)) +
    strip_scale(scales) + ggplot2::labs(x = axis$label, y = if (!scales$strips) "value") + theme_gan()
}

# A data.frame of the points of waves that are drawn over each other
wave_rows <- function(waves, panel, source, scales, axis) {
  bind(lapply(seq_along(waves), \(i) {
    heights <- scales$place(waves[[i]])
    channel <- c(col(heights))
    data.frame(
      panel = panel, at = axis$at(nrow(heights))[c(row(heights))], value = c(heights), channel = channel,
      source = source, line = paste(panel, i, channel), alpha = max(0.25, 1 / sqrt(length(waves)))
    )
  }))
}

# Strips have their channel's name and what they span instead of numbers.
strip_scale <- function(scales) {
  if (scales$strips) {
    labels <- scales$ticks$labels
    list(
      ggplot2::scale_y_continuous(breaks = scales$ticks$at, labels = labels, minor_breaks = NULL),
      ggplot2::theme(axis.text.y = ggplot2::element_text(size = ggplot2::rel(if (length(labels) > 12) 0.5 else 0.7)))
    )
  }
}

# The positions of the channels' values on the common axis: unchanged, or each channel in a separate strip, the first
# one at the top
wave_scales <- function(waves) {
  low <- Reduce(pmin, lapply(waves, \(wave) apply(wave, 2, min)))
  high <- Reduce(pmax, lapply(waves, \(wave) apply(wave, 2, max)))
  count <- length(low)
  reach <- (high - low)[high > low]
  strips <- count > length(ink$channels) || length(reach) > 0 && max(reach) > 10 * min(reach)
  if (!strips) {
    return(list(strips = FALSE, key = count > 1, place = identity))
  }
  span <- ifelse(high > low, high - low, 1)
  bottom <- rev(seq_len(count)) - 1
  labels <- strip_labels(short(channel_names(waves), 18), low, high)
  list(
    strips = TRUE, key = FALSE, ticks = list(at = bottom + 0.45, labels = labels),
    place = \(wave) t((t(wave) - low) / span * 0.9 + bottom)
  )
}

# Names of channels, with the range of the strip in a second line if there is room for it
strip_labels <- function(names, low, high) {
  spans <- sprintf("%s to %s", format_value(low), format_value(high))
  if (length(names) > 4) names else paste(names, spans, sep = "\n")
}

format_value <- function(values) vapply(values, \(value) format(signif(value, 3), scientific = 4), "")

wave_axis <- function(points, rate) {
  if (is.null(rate)) {
    list(limits = c(1, points), at = seq_len, label = "point")
  } else {
    list(limits = c(0, (points - 1) / rate), at = \(m) (seq_len(m) - 1) / rate, label = "time [s]")
  }
}

channel_names <- function(waves) {
  names <- colnames(waves[[1]])
  if (is.null(names)) paste("channel", seq_len(ncol(waves[[1]]))) else names
}

# Rows of real waves above equally many rows of generated ones
plot_waves_beside <- function(generate, real, limit, id = 1:8, nrow = NULL, rate = NULL) {
  id <- chosen_waves(id, missing(id), limit, 8)
  count <- length(id)
  rows <- if (is.null(nrow)) ceiling(count / 4) else min(max(1, check_count(nrow, "nrow") %/% 2), count)
  rows <- ceiling(count / ceiling(count / rows)) # no row is empty
  panels <- rows * ceiling(count / rows)
  fill_panels <- \(waves) lapply(seq_len(panels), \(i) if (i <= count) waves[id[[i]]] else list())
  titles <- paste(rep(c("real", "generated"), each = panels), id[seq_len(panels)])
  titles[is.na(rep(id[seq_len(panels)], 2))] <- ""
  draw_waves(
    c(fill_panels(real), fill_panels(generate(max(id)))), titles, 2 * rows, rate,
    rep(c("real", "generated"), each = panels)
  )
}

# Waves as a list of matrices, points by channels, with the names of the waves if they have any
wave_list <- function(x, argument = "x") {
  if (is.data.frame(x)) x <- numbers_of(x, argument)
  waves <- if (is.list(x) && !is.object(x)) {
    lapply(x, \(wave) if (is.null(dim(wave))) matrix(wave) else wave)
  } else if (is.matrix(x)) {
    structure(lapply(seq_len(nrow(x)), \(i) matrix(x[i, ])), names = rownames(x))
  } else if (length(dim(x)) == 3) {
    one <- \(i) matrix(x[i, , ], dim(x)[[2]], dimnames = list(NULL, dimnames(x)[[3]]))
    structure(lapply(seq_len(nrow(x)), one), names = rownames(x))
  }
  valid <- vapply(waves, \(wave) {
    is.numeric(wave) && is.matrix(wave) && nrow(wave) > 1 && all(is.finite(wave)) && ncol(wave) == NCOL(waves[[1]])
  }, NA)
  if (length(waves) == 0 || !all(valid)) {
    wanted <- if (is.matrix(x)) {
      "a matrix of finite numbers with a wave of at least 2 points in each row"
    } else {
      "waves of finite numbers and at least 2 points, all with the same channels"
    }
    stop_wanted(argument, wanted, x)
  }
  waves
}

# A data.frame with a wave in each row, as a matrix
numbers_of <- function(frame, argument) {
  other <- which(!vapply(frame, is.numeric, NA))
  if (length(other) > 0) {
    came <- sprintf("%s in column \"%s\"", came(frame[[other[[1]]]]), names(frame)[[other[[1]]]])
    stop_argument("`", argument, "` must be a data.frame of numbers with a wave in each row, not one with ", came, ".")
  }
  as.matrix(frame)
}

wave_titles <- function(labels, id, names, count) {
  if (is.null(labels)) {
    return(if (is.null(names)) paste("wave", id) else names[id])
  }
  if (!is.atomic(labels) && !is.factor(labels) || !length(labels) %in% c(count, length(id))) {
    shown <- if (length(id) != count) sprintf(", or of the %d shown", length(id))
    stop_wanted("labels", paste0("one for each of the ", count, " waves", shown), labels)
  }
  labels <- as.character(labels)
  if (length(labels) == count) labels[id] else labels
}

check_wave_fit <- function(x) {
  if (!identical(x$kind, "wave")) {
    stop_argument("`x` must be a fit of waves, not of a ", x$kind, ". Draw it with plot(x).")
  }
}

chosen_waves <- function(id, by_default, limit, count = 12) {
  check_ids(if (by_default) seq_len(min(count, limit)) else id, "id", limit, "waves")
}
