#' Draw an evaluation
#'
#' Differences, shares and areas under the curve of an evaluation: each figure as a dot, and its baseline, which is
#' what real rows reach in the place of the generated ones, as a ring.
#'
#' @param x An evaluation made by [gan_evaluate()].
#' @param ... Ignored.
#' @return `x`, invisibly.
#' @examplesIf ganbridge::gan_available() && is.null(ganbridge:::missing_for_evaluation())
#' made <- data.frame(eruptions = runif(200, 1, 6), waiting = runif(200, 40, 100))
#' plot(gan_evaluate(made, faithful))
#' @export
plot.gan_evaluation <- function(x, ...) {
  if (length(x$panels) == 0) {
    stop_ganbridge("`x` must hold at least one figure to draw, not none. Judge more rows.")
  }
  sizes <- vapply(x$panels, \(panel) max(length(panel$label), 2), 0)
  old <- par("mai", "cex")
  on.exit({
    layout(1)
    par(old)
  })
  # The first panel has room for the key above its title.
  layout(matrix(seq_along(sizes)), heights = sizes + 2.6 + c(1, rep(0, length(sizes) - 1)))
  look <- open_single()
  on.exit(par(look), add = TRUE)
  par(cex = 0.8)
  labels <- unlist(lapply(x$panels, \(panel) panel$label))
  left <- min(max(strwidth(labels, units = "inches")) + 0.25, 0.55 * par("din")[[1]])
  for (i in seq_along(sizes)) {
    par(mai = c(0.55, left, if (i == 1) 0.55 else 0.32, 0.15))
    draw_evaluation_panel(x$panels[[i]])
    if (i == 1) draw_key(c("real beside real", "generated beside real"), c(ink$real, ink$generated), line = 1.7)
  }
  invisible(x)
}

draw_evaluation_panel <- function(panel) {
  count <- length(panel$label)
  place <- rev(seq_len(count))
  high <- max(panel$value, panel$baseline, 0.05)
  plot.new()
  plot.window(c(-0.03, 1.06) * high, c(0.4, count + 0.6), xaxs = "i", yaxs = "i")
  abline(v = axTicks(1), col = ink$grid, lwd = 0.8)
  segments(panel$value, place, panel$baseline, place, col = "grey70", lwd = 1.4)
  points(panel$baseline, place, pch = 21, bg = "white", col = ink$real, cex = 1.3, lwd = 1.8)
  points(panel$value, place, pch = 16, col = ink$generated, cex = 1.2)
  axis(1, lwd = 0, lwd.ticks = 0.8)
  axis(2, place, panel$label, lwd = 0, lwd.ticks = 0.8)
  box(col = "grey75", lwd = 0.8)
  mtext(panel$title, 3, line = 0.35, adj = 0, font = 2, cex = par("cex"))
  mtext(panel$unit, 1, line = 2, cex = par("cex"))
}
