# A pair of columns in one panel, depending on their types: points with contours, boxes, or tiles

draw_pair <- function(x, y, colours, scales = list(axis_scale(x), axis_scale(y)), ...) {
  across <- scales[[1]]
  up <- orient_levels(scales[[2]], y[[1]])
  continuous <- c(is_continuous(x[[1]]), is_continuous(y[[1]]))
  open_panel(
    across$limits, up$limits, x_at = across$at, x_labels = across$labels, y_at = up$at, y_labels = up$labels,
    grid_x = any(continuous), grid_y = any(continuous), ...
  )
  if (all(continuous)) {
    draw_scatter(x, y, colours)
  } else if (any(continuous)) {
    draw_boxes(x, y, colours)
  } else {
    draw_tiles(x, y, colours)
  }
}

draw_scatter <- function(x, y, colours) {
  points <- Map(\(x, y) {
    complete <- !is.na(x$values) & !is.na(y$values)
    list(x = x$values[complete], y = y$values[complete])
  }, x, y)
  for (i in seq_along(points)) {
    draw_points(points[[i]]$x, points[[i]]$y, colours[[i]], if (i < length(points)) 0.8 else 0.6)
  }
  for (i in seq_along(points)) {
    density <- surface(points[[i]]$x, points[[i]]$y)
    if (!is.null(density)) {
      for (line in contourLines(density$x, density$y, density$z, levels = density$levels)) {
        lines(line, col = colours[[i]], lwd = 1.2)
      }
    }
  }
}

# The more points, the more transparent they are.
draw_points <- function(x, y, colour, size) {
  drawn <- spread_over(length(x), most_points)
  if (length(x) == 0) drawn <- integer()
  opacity <- min(0.7, max(0.15, 10 / sqrt(max(length(drawn), 1))))
  points(x[drawn], y[drawn], pch = 16, cex = size, col = adjustcolor(colour, opacity))
}

# Medians, quartiles, and Tukey's whiskers: to the last value within 1.5 times the interquartile range
draw_boxes <- function(x, y, colours) {
  upright <- !is_continuous(x[[1]])
  groups <- if (upright) x else y
  values <- if (upright) y else x
  width <- 0.8 / length(groups)
  direction <- if (groups[[1]]$rising && !upright) -1 else 1
  for (i in seq_along(groups)) {
    for (level in seq_along(groups[[i]]$levels)) {
      inside <- values[[i]]$values[groups[[i]]$values == level]
      inside <- inside[!is.na(inside)]
      at <- level + direction * (i - (length(groups) + 1) / 2) * width
      if (length(inside) > 0) draw_box(inside, at, 0.42 * width, colours[[i]], upright)
    }
  }
}

draw_box <- function(values, at, half, colour, upright) {
  quartiles <- quantile(values, c(0.25, 0.5, 0.75), names = FALSE)
  reach <- 1.5 * (quartiles[[3]] - quartiles[[1]])
  ends <- range(values[values >= quartiles[[1]] - reach & values <= quartiles[[3]] + reach])
  fill <- adjustcolor(colour, 0.35)
  put <- \(draw, across, up, ...) if (upright) draw(across, up, ...) else draw(up, across, ...)
  put(polygon, at + half * c(-1, 1, 1, -1), quartiles[c(1, 1, 3, 3)], col = fill, border = colour)
  put(lines, c(at, at), c(ends[[1]], quartiles[[1]]), col = colour)
  put(lines, c(at, at), c(quartiles[[3]], ends[[2]]), col = colour)
  put(lines, at + half * c(-1, 1), quartiles[c(2, 2)], col = colour, lwd = 2)
}

# Shares of rows for each pair of levels; the left half of a tile is real, the right half generated.
draw_tiles <- function(x, y, colours) {
  shape <- c(length(x[[1]]$levels), length(y[[1]]$levels))
  shares <- Map(\(x, y) {
    complete <- !is.na(x$values) & !is.na(y$values)
    tabulate(x$values[complete] + shape[[1]] * (y$values[complete] - 1), prod(shape)) / length(x$values)
  }, x, y)
  most <- darkest_share(shares)
  width <- 0.92 / length(x)
  column <- rep(seq_len(shape[[1]]), shape[[2]])
  row <- rep(seq_len(shape[[2]]), each = shape[[1]])
  for (i in seq_along(shares)) {
    left <- column - 0.46 + (i - 1) * width
    shades <- colorRamp(c("white", colours[[i]]))(pmin(shares[[i]] / most, 1))
    rect(left, row - 0.46, left + width, row + 0.46, col = rgb(shades, maxColorValue = 255), border = NA)
  }
}

# Limited by the real rows, because the most frequent tile of a collapsed sample would make all others pale, and the
# shades of real tiles would differ between epochs
darkest_share <- function(shares) {
  most <- max(unlist(shares))
  real <- max(shares[[1]])
  if (length(shares) > 1 && real > 0) min(most, tallest * real) else most
}
