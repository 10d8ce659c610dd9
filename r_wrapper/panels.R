# Panels in base graphics, with the same style in all plots of the package. Panels that share axes have them on the left
# and at the bottom only.

# The palette of Okabe and Ito, which colour-blind readers can distinguish; real data are always grey, generated data
# always blue.
ink <- list(
  real = "grey45", generated = "#0072B2", discriminator = "#D55E00", noise = "#CC79A7", score = "#009E73",
  grid = "grey92", text = "grey20", channels = c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
)

# A grid that is wider than tall, as screens are, with few empty panels
panel_grid <- function(count, nrow = NULL) {
  if (is.null(nrow)) {
    rows <- seq(ceiling(0.6 * sqrt(count)), floor(sqrt(count)))
    empty <- rows * ceiling(count / rows) - count
    nrow <- max(rows[empty == min(empty)])
  }
  nrow <- min(check_count(nrow, "nrow"), count)
  c(nrow, ceiling(count / nrow))
}

# The same for panels with separate axes, for the size of the page: panels a little wider than tall, few of them empty
page_grid <- function(count, nrow = NULL) {
  if (is.null(nrow)) {
    rows <- unique(ceiling(count / seq_len(count))) # no row is empty
    columns <- ceiling(count / rows)
    shape <- (par("din")[[1]] / columns) / (par("din")[[2]] / rows)
    nrow <- rows[[which.min(abs(log(shape / 1.2)) + 0.5 * (1 - count / (rows * columns)))]]
  }
  panel_grid(count, nrow)
}

# Both return the old settings of par(), which the caller restores. A plot of one panel does not change the layout of
# the page, so that it can be one of several plots on a page.
open_page <- function(grid, top = 0.4, left = 0) {
  # Read before anything is set, and restored in this order, because setting mfrow changes cex
  old <- par("mfrow", "oma", "cex")
  par(mfrow = grid, oma = c(3.2, 3.4 + left, top, 0.4), cex = if (prod(grid) > 1) 0.75 else 0.9)
  c(old, open_single(c(0.7, 0.7, 1.7, 0.7)))
}

open_single <- function(margins = c(3.2, 3.6, 1.7, 0.8)) {
  par(
    mar = margins, mgp = c(2.2, 0.55, 0), tcl = -0.2, las = 1,
    fg = ink$text, col.axis = ink$text, col.lab = ink$text
  )
}

open_panel <- function(xlim, ylim, title = NULL, xlab = NULL, ylab = NULL, x_axis = TRUE, y_axis = TRUE,
                       x_at = NULL, x_labels = TRUE, y_at = NULL, y_labels = TRUE, grid_x = TRUE, grid_y = TRUE) {
  plot.new()
  plot.window(xlim, ylim)
  if (is.null(x_at)) {
    x_at <- axTicks(1)
    x_labels <- plain_numbers(x_at)
  }
  if (is.null(y_at)) {
    y_at <- axTicks(2)
    y_labels <- plain_numbers(y_at)
  }
  abline(h = if (grid_y) y_at, v = if (grid_x) x_at, col = ink$grid, lwd = 0.8)
  if (x_axis) draw_x_axis(x_at, x_labels)
  if (y_axis) draw_y_axis(y_at, y_labels)
  box(col = "grey75", lwd = 0.8)
  if (!is.null(xlab)) mtext(xlab, 1, line = max(par("mar")[[1]] - 1.2, 2), cex = par("cex"))
  if (!is.null(ylab)) mtext(ylab, 2, line = max(par("mar")[[2]] - 1, 2.6), las = 0, cex = par("cex"))
  if (!is.null(title)) mtext(title, 3, line = 0.35, adj = 0, font = 2, cex = par("cex"))
}

# Labels of levels (marked by I()) that would overlap are rotated, because axis() would leave some of them out.
draw_x_axis <- function(at, labels) {
  levels <- inherits(labels, "AsIs")
  angle <- if (levels) label_angle(labels, par("pin")[[1]] / diff(par("usr")[1:2])) else 0
  axis(1, at, if (angle > 0) FALSE else labels, lwd = 0, lwd.ticks = 0.8, gap.axis = if (levels) 0 else 0.6)
  if (angle > 0) {
    anchor <- c(1, if (angle == 90) 0.5 else 1)
    at_edge <- par("fig")[[3]] * par("din")[[2]] < par("omi")[[1]] + 0.01 # of the page, with the outer margin
    room <- par("mai")[[1]] + (if (at_edge) par("omi")[[1]] else 0) - 1.8 * par("csi") # minus the title of the axis
    labels <- short_within(short(labels, 12), room / sin(angle * pi / 180), 0.8)
    text(at, below_axis(), labels, srt = angle, adj = anchor, xpd = NA, cex = 0.8, col = ink$text)
  }
}

# Half a line below the panel, also if the y axis is reversed (levels)
below_axis <- function() {
  usr <- par("usr")
  usr[[3]] - 0.5 * par("csi") / par("pin")[[2]] * (usr[[4]] - usr[[3]])
}

# Labels of levels (marked by I()) are all drawn, smaller or shortened if necessary; axis() would leave some out.
draw_y_axis <- function(at, labels) {
  if (!inherits(labels, "AsIs")) {
    axis(2, at, labels, lwd = 0, lwd.ticks = 0.8)
    return(invisible())
  }
  fit <- fitted_levels(labels)
  axis(2, at, fit$labels, lwd = 0, lwd.ticks = 0.8, cex.axis = fit$size, gap.axis = -1)
}

# Labels and their size on the y axis of the current panel
fitted_levels <- function(labels) {
  spacing <- par("pin")[[2]] / abs(diff(par("usr")[3:4]))
  lines <- if (any(grepl("\n", labels))) 2 else 1
  size <- min(1, max(0.5, spacing / (1.3 * lines * strheight("M", "inches"))))
  at_edge <- par("fig")[[1]] * par("din")[[1]] < par("omi")[[2]] + 0.01 # of the page, with the outer margin
  room <- par("mai")[[2]] + (if (at_edge) par("omi")[[2]] else 0) - 0.8 * par("csi")
  if (at_edge && par("omi")[[2]] > par("mai")[[2]]) room <- room - 1.4 * par("csi") # for the title of the axis
  words <- as.character(labels)
  list(labels = if (lines == 1) short_within(words, room, size) else words, size = size)
}

# Texts shortened until the longest is no wider than `room`, in inches
short_within <- function(labels, room, size = 1) {
  letters <- max(nchar(labels), 0)
  while (letters > 5 && max(strwidth(short(labels, letters), "inches", cex = size)) > room) letters <- letters - 1
  short(labels, letters)
}

# The angle of labels that are `spacing` inches apart: 0 degrees, 30, or 90 if they would still overlap
label_angle <- function(labels, spacing) {
  if (length(labels) < 2 || max(strwidth(labels, "inches")) <= 0.95 * spacing) {
    return(0)
  }
  if (0.8 * strheight("M", "inches") * 1.4 <= spacing * sin(pi / 6)) 30 else 90
}

plain_numbers <- function(values) format(values, scientific = 4, trim = TRUE)

epoch_title <- function(epochs) paste("epoch", format(epochs, big.mark = ",", trim = TRUE, scientific = FALSE))

# The bottom margin for rotated labels. `parts` are the columns on the x axis; the left margin must be set before.
bottom_margin <- function(parts) {
  wide <- par("fin")[[1]] - sum(par("mar")[c(2, 4)]) * par("csi") * par("mex")
  lines <- 3.2 + rotated_lines(parts, wide)
  par(mar = replace(par("mar"), 1, min(lines, 0.45 * par("fin")[[2]] / par("csi"))))
}

# Lines of text that rotated labels need below an axis of width `wide` (inches), in addition to those of other labels
rotated_lines <- function(parts, wide) {
  if (is_continuous(parts[[1]])) {
    return(0)
  }
  labels <- axis_scale(parts)$labels
  angle <- label_angle(labels, wide / max(length(labels) + 0.2, 1))
  sin(angle * pi / 180) * 0.8 * max(strwidth(short(labels, 12), "inches")) / par("csi")
}

# Panel `i` of a grid with shared axes, which has ticks only on the left and if no panel is drawn below it. `filled`
# says which panels are drawn.
open_shared_panel <- function(i, filled, grid, xlim, ylim, title, ticks = NULL) {
  below <- seq_along(filled) > i & (seq_along(filled) - i) %% grid[[2]] == 0
  open_panel(
    xlim, ylim, title,
    x_axis = !any(filled[below]), y_axis = (i - 1) %% grid[[2]] == 0,
    y_at = ticks$at, y_labels = if (is.null(ticks)) TRUE else ticks$labels
  )
}

# A page of panels with separate axes, a key above them and a note below
open_grid <- function(grid) {
  old <- par("mfrow", "oma", "cex")
  par(mfrow = grid, oma = c(1, 0.2, 1.6, 0.2), cex = if (prod(grid) > 1) 0.7 else 0.9)
  c(old, open_single(c(3.2, 3.6, 1.7, 0.8)))
}

# The left margin for labels of levels, at most 55 percent of the panel
left_margin <- function(labels = character(), least = 3.6) {
  lines <- par("fin")[[1]] / par("csi")
  par(mar = replace(par("mar"), 2, min(max(least, room_for(labels)), 0.55 * lines)))
}

# In lines of text.
room_for <- function(labels) max(strwidth(labels, "inches"), 0) / par("csi") + 1.8

# One key for all panels, above them on the right, and a note below them
draw_page_key <- function(labels, colours, note = "") {
  page <- par("din")[[1]] * diff(par("omd")[1:2])
  at <- 0.99
  for (i in rev(seq_along(labels))) {
    mtext(labels[[i]], 3, outer = TRUE, line = 0.3, at = at, adj = 1, col = colours[[i]], font = 2, cex = 0.8)
    at <- at - strwidth(paste0(labels[[i]], "nn"), units = "inches", font = 2, cex = 0.8 / par("cex")) / page
  }
  if (nzchar(note)) {
    size <- min(0.6, 0.6 * 0.92 * page / strwidth(note, units = "inches", cex = 0.6 / par("cex")))
    mtext(note, 1, outer = TRUE, line = par("oma")[[1]] - 1.1, adj = 0.01, cex = size, col = "grey35")
  }
}

label_panels <- function(bottom, left, line = 1.8) {
  size <- par("cex")
  mtext(bottom, 1, outer = TRUE, line = line, cex = size)
  if (!is.null(left)) mtext(left, 2, outer = TRUE, line = 2.1, las = 0, cex = size)
}

# The key is above the panel, so that it covers no data.
draw_key <- function(labels, colours, line = 0.35) {
  at <- par("usr")[[2]]
  for (i in rev(seq_along(labels))) {
    mtext(labels[[i]], 3, line = line, at = at, adj = 1, col = colours[[i]], font = 2, cex = par("cex"))
    at <- at - strwidth(paste0(labels[[i]], "nn"), font = 2)
  }
}
