# Small multiples in base graphics: one look for every picture of the package. Panels share
# their axes, which are drawn at the left and at the bottom only.

# Okabe and Ito's colours, which stay apart for colour-blind readers; real data are always
# grey, generated data always blue.
ink <- list(
  real = "grey45", generated = "#0072B2", discriminator = "#D55E00", grid = "grey92", text = "grey20"
)

# Wide rather than tall, as screens are, and with few cells left empty.
panel_grid <- function(count, nrow = NULL) {
  if (is.null(nrow)) {
    rows <- seq(ceiling(0.6 * sqrt(count)), floor(sqrt(count)))
    empty <- rows * ceiling(count / rows) - count
    nrow <- max(rows[empty == min(empty)])
  }
  nrow <- min(check_count(nrow, "nrow"), count)
  c(nrow, ceiling(count / nrow))
}

# Both return the old settings of par(), for the caller to put back. A picture of one panel leaves
# the page alone, so that it can be one of several on a page that the user has laid out.
open_page <- function(grid) {
  # Read before anything is set, and put back in this order: setting mfrow changes cex.
  old <- par("mfrow", "oma", "cex")
  par(mfrow = grid, oma = c(3.2, 3.4, 0.4, 0.4), cex = if (prod(grid) > 1) 0.75 else 0.9)
  c(old, open_single(c(0.7, 0.7, 1.7, 0.7)))
}

open_single <- function(margins = c(3.2, 3.6, 1.7, 0.8)) {
  par(
    mar = margins, mgp = c(2.2, 0.55, 0), tcl = -0.2, las = 1,
    fg = ink$text, col.axis = ink$text, col.lab = ink$text
  )
}

open_panel <- function(xlim, ylim, title = NULL, xlab = NULL, ylab = NULL, x_axis = TRUE, y_axis = TRUE) {
  plot.new()
  plot.window(xlim, ylim)
  abline(h = axTicks(2), v = axTicks(1), col = ink$grid, lwd = 0.8)
  if (x_axis) axis(1, lwd = 0, lwd.ticks = 0.8)
  if (y_axis) axis(2, lwd = 0, lwd.ticks = 0.8)
  box(col = "grey75", lwd = 0.8)
  if (!is.null(xlab)) mtext(xlab, 1, line = 2, cex = par("cex"))
  if (!is.null(ylab)) mtext(ylab, 2, line = 2.6, las = 0, cex = par("cex"))
  if (!is.null(title)) mtext(title, 3, line = 0.35, adj = 0, font = 2, cex = par("cex"))
}

# Panel `i` of a grid whose axes are shared: ticks at the left, and where nothing is below.
open_shared_panel <- function(i, count, grid, xlim, ylim, title) {
  open_panel(
    xlim, ylim, title,
    x_axis = i + grid[[2]] > count, y_axis = (i - 1) %% grid[[2]] == 0
  )
}

label_panels <- function(bottom, left) {
  size <- par("cex")
  mtext(bottom, 1, outer = TRUE, line = 1.8, cex = size)
  mtext(left, 2, outer = TRUE, line = 2.1, las = 0, cex = size)
}

# The key stands above the panel, where it can cover no data.
draw_key <- function(labels, colours, line = 0.35) {
  at <- par("usr")[[2]]
  for (i in rev(seq_along(labels))) {
    mtext(labels[[i]], 3, line = line, at = at, adj = 1, col = colours[[i]], font = 2, cex = par("cex"))
    at <- at - strwidth(paste0(labels[[i]], "nn"), font = 2)
  }
}
