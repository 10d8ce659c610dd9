#' Draw an evaluation
#'
#' Draws the differences, shares and areas under the curve of an evaluation: each value as a dot, and its baseline,
#' which is what real rows reach instead of the generated ones, as a ring.
#'
#' @param x An evaluation made by [gan_evaluate()].
#' @param ... Nothing.
#' @return `x`, invisibly.
#' @examplesIf ganbridge::gan_available(evaluate = TRUE)
#' synthetic <- data.frame(eruptions = runif(200, 1, 6), waiting = runif(200, 40, 100))
#' plot(gan_evaluate(synthetic, faithful))
#' @export
plot.gan_evaluation <- function(x, ...) {
  check_dots(...)
  if (length(x$panels) == 0) {
    stop_argument("`x` must hold at least one value to draw, not none. Evaluate more rows.")
  }
  sizes <- vapply(x$panels, \(panel) max(length(panel$label), 2), 0)
  old <- par("mai", "cex")
  on.exit({
    layout(1)
    par(old)
  })
  # In inches: titles and axes have fixed heights, and the rest is divided equally among the labels.
  above <- c(0.55, rep(0.3, length(sizes) - 1)) # the first panel has the key above its title
  below <- 0.28
  line <- max(0.05, (par("din")[[2]] - sum(above + below)) / sum(sizes))
  layout(matrix(seq_along(sizes)), heights = above + below + sizes * line)
  style <- open_single()
  on.exit(par(style), add = TRUE)
  par(cex = 0.8)
  labels <- short(unlist(lapply(x$panels, \(panel) panel$label)), 60)
  size <- min(1, line / (1.4 * strheight("M", "inches")))
  # The longest labels take at most 55 percent of the page.
  size <- size * min(1, (0.55 * par("din")[[1]] - 0.25) / max(strwidth(labels, units = "inches", cex = size)))
  left <- max(strwidth(labels, units = "inches", cex = size)) + 0.25
  for (i in seq_along(sizes)) {
    par(mai = c(below, left, above[[i]], 0.15))
    draw_evaluation_panel(x$panels[[i]], size)
    if (i == 1) draw_key(c("real beside real", "generated beside real"), c(ink$real, ink$generated), line = 1.7)
  }
  invisible(x)
}

draw_evaluation_panel <- function(panel, size) {
  count <- length(panel$label)
  height <- rev(seq_len(count))
  high <- max(panel$value, panel$baseline, 0.05)
  plot.new()
  plot.window(c(-0.03, 1.06) * high, c(0.4, count + 0.6), xaxs = "i", yaxs = "i")
  abline(v = axTicks(1), col = ink$grid, lwd = 0.8)
  segments(panel$value, height, panel$baseline, height, col = "grey70", lwd = 1.4)
  points(panel$baseline, height, pch = 21, bg = "white", col = ink$real, cex = 1.3, lwd = 1.8)
  points(panel$value, height, pch = 16, col = ink$generated, cex = 1.2)
  axis(1, lwd = 0, lwd.ticks = 0.8)
  axis(2, height, short(panel$label, 60), lwd = 0, lwd.ticks = 0.8, cex.axis = size, gap.axis = -1) # all labels
  box(col = "grey75", lwd = 0.8)
  mtext(panel$title, 3, line = 0.35, adj = 0, font = 2, cex = par("cex"))
  after <- strwidth(paste0(panel$title, "  "), font = 2)
  shrink <- min(1, (diff(par("usr")[1:2]) - after) / strwidth(panel$unit))
  mtext(panel$unit, 3, line = 0.35, at = par("usr")[[1]] + after, adj = 0, cex = shrink * par("cex"))
}
