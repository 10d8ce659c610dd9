# plot() of a fit of a table: a density or bars of one column, two columns against each other, a grid of pairs of more
# columns. `real` may be NULL; otherwise it is drawn behind the generated rows, in grey.

plot_table <- function(generated, real = NULL) {
  source <- new_source("x", generated)
  count <- min(pair_limit, length(source$names))
  if (length(source$names) > pair_limit) {
    message("Only the first ", pair_limit, " of ", length(source$names), " columns are drawn.")
  }
  truth <- if (!is.null(real)) new_source("real", real)
  parts <- lapply(seq_len(count), \(i) {
    align_columns(c(if (!is.null(real)) list(source_column(truth, i)), list(source_column(source, i))))
  })
  draw <- list(plot_one, plot_two)
  (if (count <= 2) draw[[count]] else plot_pairs)(parts, short(source$names), source_colours(real))
}

pair_limit <- 5

draw_source_key <- function(colours) {
  draw_key(if (length(colours) == 1) "generated" else c("real", "generated"), colours)
}

plot_one <- function(parts, names, colours) {
  old <- open_single()
  on.exit(par(old))
  if (is_continuous(parts[[1]][[1]])) {
    top <- densities_top(parts[[1]])
    left_margin(plain_numbers(pretty(c(0, top))))
    draw_densities(parts[[1]], colours, axis_scale(parts[[1]]), top, xlab = names[[1]], ylab = "density")
  } else {
    left_margin(short(parts[[1]][[1]]$levels, 18))
    draw_bars(parts[[1]], colours, names[[1]])
  }
  draw_source_key(colours)
}

plot_two <- function(parts, names, colours) {
  old <- open_single()
  on.exit(par(old))
  levels <- !is_continuous(parts[[2]][[1]])
  left_margin(axis_words(parts[[2]]))
  bottom_margin(parts[[1]])
  title <- if (levels) names[[2]]
  draw_pair(parts[[1]], parts[[2]], colours, xlab = names[[1]], ylab = if (!levels) names[[2]], title = title)
  draw_source_key(colours)
}

# Row j of the grid has column j on its y axis; the diagonal shows single columns.
plot_pairs <- function(parts, names, colours) {
  count <- length(parts)
  old <- open_page(c(count, count))
  on.exit(par(old))
  left <- unlist(lapply(parts[-1], \(columns) short(columns[[1]]$levels, 18)))
  below <- unlist(lapply(parts, \(columns) short(columns[[1]]$levels, 12))) # may be rotated
  par(
    oma = c(max(3.2, min(room_for(below), 7)), min(max(4.6, room_for(left)), 10), 1.4, 0.6),
    mar = c(0.6, 0.6, 0.9, 0.6), cex = 0.7
  )
  for (j in seq_len(count)) {
    for (i in seq_len(count)) {
      if (i > j) {
        plot.new()
      } else if (i == j) {
        draw_diagonal(parts[[i]], colours, names[[i]], j == count)
      } else {
        draw_pair(parts[[i]], parts[[j]], colours, x_axis = j == count, y_axis = i == 1)
      }
      if (j == 1 && i == count) draw_source_key(colours)
    }
  }
}

# Bars are vertical here, because the x axis is that of the column.
draw_diagonal <- function(parts, colours, title, x_axis) {
  scale <- axis_scale(parts)
  if (is_continuous(parts[[1]])) {
    return(draw_densities(parts, colours, scale, title = title, x_axis = x_axis, y_axis = FALSE))
  }
  count <- length(parts[[1]]$levels)
  shares <- lapply(parts, \(part) tabulate(present(part), count) / length(part$values))
  open_panel(
    scale$limits, c(0, max(unlist(shares))), title, x_axis = x_axis, y_axis = FALSE, x_at = scale$at,
    x_labels = scale$labels, grid_x = FALSE
  )
  width <- 0.8 / length(parts)
  for (i in seq_along(parts)) {
    middle <- seq_len(count) + (i - (length(parts) + 1) / 2) * width
    fill <- adjustcolor(colours[[i]], 0.85)
    rect(middle - 0.46 * width, 0, middle + 0.46 * width, shares[[i]], col = fill, border = NA)
  }
}
