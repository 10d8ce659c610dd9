# A pair of columns in one panel, by their types: points with contours, boxes, or tiles.

draw_pair <- function(x, y, colours, scales = list(axis_scale(x), axis_scale(y)), ...) {
  across <- scales[[1]]
  up <- turned(scales[[2]], y[[1]])
  kinds <- c(is_continuous(x[[1]]), is_continuous(y[[1]]))
  open_panel(
    across$limits, up$limits, x_at = across$at, x_labels = across$labels, y_at = up$at, y_labels = up$labels,
    grid_x = any(kinds), grid_y = any(kinds), ...
  )
  if (all(kinds)) {
    draw_clouds(x, y, colours)
  } else if (any(kinds)) {
    draw_boxes(x, y, colours)
  } else {
    draw_tiles(x, y, colours)
  }
}

draw_clouds <- function(x, y, colours) {
  clouds <- Map(\(x, y) {
    there <- !is.na(x$values) & !is.na(y$values)
    list(x = x$values[there], y = y$values[there])
  }, x, y)
  for (i in seq_along(clouds)) {
    draw_points(clouds[[i]]$x, clouds[[i]]$y, colours[[i]], if (i < length(clouds)) 0.8 else 0.6)
  }
  for (i in seq_along(clouds)) {
    found <- surface(clouds[[i]]$x, clouds[[i]]$y)
    if (!is.null(found)) {
      for (line in contourLines(found$x, found$y, found$z, levels = found$levels)) {
        lines(line, col = colours[[i]], lwd = 1.2)
      }
    }
  }
}

# The more points, the more of what lies under them shines through.
draw_points <- function(x, y, colour, size) {
  some <- spread_over(length(x), most_points)
  if (length(x) == 0) some <- integer()
  share <- min(0.7, max(0.15, 10 / sqrt(max(length(some), 1))))
  points(x[some], y[some], pch = 16, cex = size, col = adjustcolor(colour, share))
}

# Medians, quartiles, and whiskers to the last value within 1.5 times the box's length (Tukey's).
draw_boxes <- function(x, y, colours) {
  upright <- !is_continuous(x[[1]])
  groups <- if (upright) x else y
  values <- if (upright) y else x
  width <- 0.8 / length(groups)
  turn <- if (groups[[1]]$rising && !upright) -1 else 1
  for (i in seq_along(groups)) {
    for (level in seq_along(groups[[i]]$levels)) {
      inside <- values[[i]]$values[groups[[i]]$values == level]
      inside <- inside[!is.na(inside)]
      at <- level + turn * (i - (length(groups) + 1) / 2) * width
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

# Shares of rows by the levels of both; a tile's left half is real, its right half generated.
draw_tiles <- function(x, y, colours) {
  shape <- c(length(x[[1]]$levels), length(y[[1]]$levels))
  shares <- Map(\(x, y) {
    there <- !is.na(x$values) & !is.na(y$values)
    tabulate(x$values[there] + shape[[1]] * (y$values[there] - 1), prod(shape)) / length(x$values)
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

# A collapsed sample's most frequent tile would make all others pale, and the real ones change with the epoch.
darkest_share <- function(shares) {
  most <- max(unlist(shares))
  real <- max(shares[[1]])
  if (length(shares) > 1 && real > 0) min(most, tallest * real) else most
}
