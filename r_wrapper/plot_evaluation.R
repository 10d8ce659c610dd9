#' Draw an evaluation
#'
#' Draws the differences, shares and areas under the curve of an evaluation: each value as a dot, and its baseline,
#' the value that real rows reach, as a ring.
#'
#' @param x An evaluation made by [gan_evaluate()].
#' @param ... Nothing.
#' @return The plot, a ggplot object, invisibly, because `plot()` prints it; `ggplot2::autoplot()` returns the same
#'   plot.
#' @examplesIf ganbridge::gan_available(evaluate = TRUE)
#' synthetic <- data.frame(eruptions = runif(200, 1, 6), waiting = runif(200, 40, 100))
#' plot(gan_evaluate(synthetic, faithful))
#' @export
plot.gan_evaluation <- function(x, ...) {
  check_dots(...)
  show_plot(draw_evaluation(x, "x"))
}

draw_evaluation <- function(x, argument) {
  if (length(x$panels) == 0) {
    stop_argument("`", argument, "` must hold at least one value to draw, not none. Evaluate more rows.")
  }
  sides <- c("real beside real", "generated beside real")
  parts <- lapply(x$panels, \(panel) {
    title <- paste(panel$title, panel$unit, sep = ": ")
    data.frame(panel = title, label = panel$label, value = panel$value, baseline = panel$baseline)
  })
  data <- do.call(rbind, parts)
  data$panel <- factor(data$panel, unique(data$panel))
  data$label <- level_keys(seq_along(data$label), data$label) # shortened labels may be the same in one panel
  data$label <- factor(data$label, rev(levels(data$label)))
  crowded <- max(table(data$panel)) > 6 && length(by_labels()) == 0
  dots <- data.frame(
    data[rep(seq_len(nrow(data)), 2), c("panel", "label")],
    value = c(data$baseline, data$value), side = factor(rep(sides, each = nrow(data)), sides)
  )
  ggplot2::ggplot(dots, ggplot2::aes(.data$value, .data$label)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$baseline, xend = .data$value, yend = .data$label), data, colour = "grey70"
    ) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$side, shape = .data$side), fill = "white", size = 2, stroke = 0.9) +
    do.call(ggplot2::facet_wrap, c(list("panel", ncol = 1, scales = "free"), by_labels())) +
    ggplot2::scale_y_discrete(labels = \(keys) sub("^[^\r]*\r", "", keys)) +
    ggplot2::scale_colour_manual(values = c(ink$real, ink$generated)) +
    ggplot2::scale_shape_manual(values = c(21, 16)) +
    ggplot2::expand_limits(x = 0) + ggplot2::labs(x = NULL, y = NULL) + theme_gan() +
    ggplot2::theme(axis.text.y = ggplot2::element_text(size = ggplot2::rel(if (crowded) 0.7 else 0.8)))
}

# Labels made unique across panels by a prefix; scales show only what follows the \r.
level_keys <- function(panel, labels) {
  keys <- paste(panel, labels, sep = "\r")
  factor(keys, keys)
}

# Panel heights proportional to their number of labels; ggplot2 has this for facets in one column since 4.0.
by_labels <- function() if ("space" %in% names(formals(ggplot2::facet_wrap))) list(space = "free_y")
