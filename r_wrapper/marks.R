# The content of a panel: one column or a pair of columns, real rows in grey behind generated ones in blue. `parts` is a
# list of columns aligned by align_columns(), `colours` are their colours.

most_points <- 2000 # of either source in one panel; of more, evenly spaced ones are drawn
widest_tried <- 1000 # whole width of a bin up to which others are tried
tallest <- 2 # times the real rows' highest density or most frequent tile, as a collapsed sample has extreme ones
points_note <- "Of more rows, 2,000 are drawn as points."

source_colours <- function(real) c(if (!is.null(real)) ink$real, ink$generated)

# The range of values, extended if they are constant
wide_range <- function(values) {
  ends <- range(values)
  if (ends[[1]] < ends[[2]]) ends else ends + c(-0.5, 0.5) * max(abs(ends[[1]]), 1)
}

# Limits, ticks and labels of one axis
axis_scale <- function(parts, limits = NULL) {
  first <- parts[[1]]
  if (!is_continuous(first)) {
    labels <- short(first$levels, 18)
    return(list(limits = c(0.4, max(length(labels), 1) + 0.6), at = seq_along(labels), labels = I(labels)))
  }
  values <- unlist(lapply(parts, present))
  if (is.null(limits)) limits <- if (length(values) > 0) wide_range(values) else c(0, 1)
  if (first$column_type == "number") {
    return(list(limits = limits, at = NULL, labels = TRUE))
  }
  ticks <- pretty(.POSIXct(limits * 86400, "UTC"), 4)
  at <- as.double(ticks) / 86400
  shown <- at >= limits[[1]] & at <= limits[[2]]
  list(limits = limits, at = at[shown], labels = attr(ticks, "labels")[shown])
}

# The tick labels, whose size decides the margin
axis_words <- function(parts) {
  scale <- axis_scale(parts)
  if (is.null(scale$at)) plain_numbers(pretty(scale$limits)) else as.character(scale$labels)
}

# A user's text as a label: in one line, and shortened
short <- function(text, longest = 26) {
  text <- trimws(gsub("[[:space:]]+", " ", text))
  long <- nchar(text) > longest
  text[long] <- paste0(substr(text[long], 1, longest - 3), "...")
  text
}

# Levels on a y axis have the first one at the top, numbers the lowest at the bottom.
orient_levels <- function(scale, column) {
  if (!is_continuous(column) && !column$rising) scale$limits <- rev(scale$limits)
  scale
}

# One column: a histogram on a common scale, or bars for each level. The share of missing values has a separate bar.
draw_column <- function(parts, colours, title, full = FALSE, ...) {
  if (is_continuous(parts[[1]])) {
    draw_histogram(parts, colours, title, ...)
  } else {
    draw_bars(parts, colours, title, full, ...)
  }
}

draw_histogram <- function(parts, colours, title, ...) {
  edges <- bin_edges(lapply(parts, present))
  shares <- lapply(parts, \(part) {
    bins <- findInterval(present(part), edges, rightmost.closed = TRUE, all.inside = TRUE)
    tabulate(bins, length(edges) - 1) / length(part$values)
  })
  top <- max(unlist(shares)) * 1.05
  any_missing <- any(vapply(parts, missing_share, 0) > 0)
  scale <- axis_scale(parts, if (length(edges) > 2) range(edges) else wide_range(mean(edges)))
  wide <- scale$limits
  if (any_missing) wide[[2]] <- wide[[2]] + 0.28 * diff(wide)
  at <- if (is.null(scale$at)) inner_ticks(scale$limits) else scale$at
  labels <- if (is.null(scale$at)) plain_numbers(at) else scale$labels[match(at, scale$at)]
  if (any_missing) {
    # The word "missing" is in the middle of the part that is added on the right.
    per_inch <- diff(wide) / par("pin")[[1]]
    ends <- at + 0.6 * strwidth(labels, "inches") * per_inch
    clear <- ends < mean(c(scale$limits[[2]], wide[[2]])) - 0.5 * strwidth("missing", "inches") * per_inch
    at <- at[clear]
    labels <- labels[clear]
  }
  open_panel(wide, c(0, if (top > 0) top else 1), title, ylab = "share of rows", x_at = at, x_labels = labels, ...)
  for (i in seq_along(parts)) {
    behind <- i < length(parts)
    fill <- adjustcolor(colours[[i]], if (behind) 0.4 else 0.12)
    rect(edges[-length(edges)], 0, edges[-1], shares[[i]], col = fill, border = NA)
    steps <- rep(edges, each = 2)
    lines(steps, c(0, rep(shares[[i]], each = 2), 0), col = colours[[i]], lwd = if (behind) 0.8 else 1.5)
  }
  if (any_missing) draw_missing(parts, colours, scale$limits[[2]], wide[[2]])
}

inner_ticks <- function(limits) {
  ticks <- pretty(limits, 4)
  ticks[ticks >= limits[[1]] & ticks <= limits[[2]]]
}

# Bins by the rule of Freedman and Diaconis, from 10 to 40; bins of whole numbers have a whole width.
bin_edges <- function(values) {
  rows <- max(lengths(values))
  values <- unlist(values)
  if (length(values) == 0) values <- 0
  ends <- range(values)
  if (ends[[1]] == ends[[2]]) { # a constant is one narrow bar
    return(ends[[1]] + c(-0.05, 0.05) * (if (ends[[1]] == 0) 1 else abs(ends[[1]])))
  }
  width <- 2 * IQR(values) / rows^(1 / 3)
  count <- if (width <= 0) 40 else min(40, max(10, ceiling(diff(ends) / width)))
  if (all(values == floor(values)) && diff(ends) < 2^50) {
    step <- whole_step(diff(ends) + 1, count)
    return(ends[[1]] - 0.5 + step * seq(0, ceiling((diff(ends) + 1) / step)))
  }
  seq(ends[[1]], ends[[2]], length.out = count + 1)
}

# A whole width for about `count` bins, chosen so that the last bin is as full as possible and does not look like a dip
whole_step <- function(span, count) {
  step <- ceiling(span / count)
  if (step > widest_tried) return(step) # what the last bin lacks is too little to be seen
  widths <- seq(max(1, ceiling(0.75 * step)), floor(1.34 * step))
  widths[order((-span %% widths) / widths, abs(widths - step))][[1]]
}

# The share of missing values, on a separate scale from 0 to 1
draw_missing <- function(parts, colours, from, to) {
  usr <- par("usr")
  rect(from, usr[[3]], usr[[2]], usr[[4]], col = "white", border = NA)
  box(col = "grey75", lwd = 0.8)
  abline(v = from, col = "grey75", lwd = 0.8)
  top <- usr[[4]] * 0.88
  width <- (to - from) * 0.8 / length(parts)
  for (i in seq_along(parts)) {
    share <- missing_share(parts[[i]])
    left <- from + (to - from) * 0.1 + (i - 1) * width
    rect(left, 0, left + width * 0.9, share * top, col = adjustcolor(colours[[i]], 0.75), border = NA)
    words <- sprintf("%.0f%%", 100 * share)
    size <- min(0.6, 0.85 * width / strwidth(words)) # without overlap, however narrow the bars are
    text(left + width * 0.45, share * top, words, pos = 3, offset = 0.15, cex = size)
  }
  mtext("missing", 1, line = 0.3, at = (from + to) / 2, cex = 0.8 * par("cex"))
}

draw_bars <- function(parts, colours, title, full = FALSE, xlab = "share of rows", ...) {
  first <- parts[[1]]
  count <- length(parts)
  shares <- lapply(parts, \(part) tabulate(present(part), length(first$levels)) / length(part$values))
  scale <- orient_levels(axis_scale(parts), first)
  top <- if (full) 1 else max(unlist(shares), 0.01) * 1.05
  open_panel(c(0, top), scale$limits, title, xlab = xlab, y_at = scale$at, y_labels = scale$labels, grid_y = FALSE, ...)
  height <- 0.8 / count
  for (i in seq_along(parts)) {
    shift <- (i - (count + 1) / 2) * height * (if (first$rising) -1 else 1)
    middle <- seq_along(first$levels) + shift
    fill <- adjustcolor(colours[[i]], 0.85)
    rect(0, middle - 0.46 * height, shares[[i]], middle + 0.46 * height, col = fill, border = NA)
  }
}

# The upper limit of a panel of densities
densities_top <- function(parts) {
  max(vapply(parts, \(part) if (length(present(part)) > 0) max(column_density(present(part))$y) else 0, 0)) * 1.04
}

# Filled kernel densities; `noise` is the mean and sd of a normal density that is drawn behind them, dashed.
draw_densities <- function(parts, colours, scale, top = densities_top(parts), noise = NULL, ...) {
  curves <- lapply(parts, \(part) if (length(present(part)) > 0) column_density(present(part)))
  open_panel(scale$limits, c(0, if (top > 0) top else 1), x_at = scale$at, x_labels = scale$labels, ...)
  if (!is.null(noise)) {
    at <- seq(scale$limits[[1]], scale$limits[[2]], length.out = 256)
    lines(at, dnorm(at, noise[[1]], noise[[2]]), col = ink$noise, lty = 2, lwd = 1.2)
  }
  for (i in seq_along(curves)) {
    if (!is.null(curves[[i]])) fill_under(curves[[i]], colours[[i]], if (i < length(curves)) 0.35 else 0.12)
  }
}

fill_under <- function(curve, colour, share) {
  fill <- adjustcolor(colour, share)
  polygon(c(min(curve$x), curve$x, max(curve$x)), c(0, curve$y, 0), col = fill, border = NA)
  lines(curve, col = colour, lwd = 1.6)
}
