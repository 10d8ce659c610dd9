# Pictures of a table: one column is a density, two are a scatter plot, more are a grid of
# pairs. `real` may be NULL; where it is there, it lies behind, in grey.

plot_table <- function(generated, real = NULL) {
  force(real)
  if (ncol(generated) > pair_limit) {
    message("Only the first ", pair_limit, " of ", ncol(generated), " columns are drawn.")
    generated <- generated[, seq_len(pair_limit), drop = FALSE]
    real <- real[, seq_len(pair_limit), drop = FALSE]
  }
  if (ncol(generated) == 1) {
    plot_densities(generated, real)
  } else if (ncol(generated) == 2) {
    plot_scatter(generated, real)
  } else {
    plot_pairs(generated, real)
  }
}

pair_limit <- 5

draw_source_key <- function(real) {
  if (is.null(real)) {
    draw_key("generated", ink$generated)
  } else {
    draw_key(c("real", "generated"), c(ink$real, ink$generated))
  }
}

plot_densities <- function(generated, real) {
  old <- open_single()
  on.exit(par(old))
  draw_density(generated[, 1], real[, 1], xlab = colnames(generated), ylab = "density")
  draw_source_key(real)
}

draw_density <- function(generated, real, ...) {
  curves <- lapply(Filter(length, list(real = real, generated = generated)), column_density)
  open_panel(range(generated, real), c(0, max(sapply(curves, \(curve) curve$y))), ...)
  if (!is.null(curves$real)) {
    fill_under(curves$real, ink$real, 0.35)
  }
  fill_under(curves$generated, ink$generated, 0.15)
}

fill_under <- function(curve, colour, share) {
  fill <- adjustcolor(colour, share)
  polygon(c(min(curve$x), curve$x, max(curve$x)), c(0, curve$y, 0), col = fill, border = NA)
  lines(curve, col = colour, lwd = 1.6)
}

# Cut at the ends of the data: a curve that ran on would show values that nobody has seen.
# A constant column has no bandwidth of its own.
column_density <- function(values) {
  constant <- length(unique(values)) == 1
  density(values, bw = if (constant) max(abs(values[[1]]), 1) / 100 else "nrd0", cut = if (constant) 3 else 0)
}

plot_scatter <- function(generated, real) {
  old <- open_single()
  on.exit(par(old))
  draw_scatter(generated, real, 1, 2, xlab = colnames(generated)[[1]], ylab = colnames(generated)[[2]])
  draw_source_key(real)
}

draw_scatter <- function(generated, real, i, j, ...) {
  open_panel(range(generated[, i], real[, i]), range(generated[, j], real[, j]), ...)
  if (!is.null(real)) {
    draw_points(real[, i], real[, j], ink$real, 0.9)
  }
  draw_points(generated[, i], generated[, j], ink$generated, 0.7)
}

# The more points, the more of what lies under them shines through.
draw_points <- function(x, y, colour, size) {
  share <- min(0.8, max(0.15, 15 / sqrt(length(x))))
  points(x, y, pch = 16, cex = size, col = adjustcolor(colour, share))
}

# Row j of the grid has column j on its y axis; the diagonal shows the columns themselves.
plot_pairs <- function(generated, real) {
  count <- ncol(generated)
  old <- open_page(c(count, count))
  on.exit(par(old))
  par(oma = c(3.2, 3.6, 1.4, 0.6), mar = c(0.6, 0.6, 0.9, 0.6), cex = 0.7)
  for (j in seq_len(count)) {
    for (i in seq_len(count)) {
      if (i > j) {
        plot.new()
      } else if (i == j) {
        title <- colnames(generated)[[i]]
        draw_density(generated[, i], real[, i], title = title, x_axis = j == count, y_axis = FALSE)
      } else {
        draw_scatter(generated, real, i, j, x_axis = j == count, y_axis = i == 1)
      }
      if (j == 1 && i == count) draw_source_key(real)
    }
  }
}

plot_table_trace <- function(trace) {
  shown <- spread_early(length(trace$epoch), 12)
  samples <- lapply(trace$samples[shown], named_columns)
  grid <- panel_grid(length(shown))
  old <- open_page(grid)
  on.exit(par(old))
  columns <- c(1, min(2, ncol(samples[[1]])))
  limits <- lapply(columns, \(j) range(sapply(samples, \(rows) range(rows[, j]))))
  for (i in seq_along(shown)) {
    rows <- samples[[i]]
    title <- paste("epoch", trace$epoch[[shown[[i]]]])
    if (ncol(rows) == 1) {
      draw_density(rows[, 1], NULL, title = title, y_axis = FALSE)
    } else {
      open_shared_panel(i, length(shown), grid, limits[[1]], limits[[2]], title)
      draw_points(rows[, 1], rows[, 2], ink$generated, 0.6)
    }
  }
  names <- colnames(samples[[1]])
  label_panels(names[[1]], if (length(names) > 1) names[[2]] else "density")
}
