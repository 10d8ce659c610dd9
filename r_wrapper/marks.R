# What the core computed for one panel of a table's plot, as marks: a list of title, x, y (axes), and data frames of
# rectangles, areas, points, paths, dots and words in the panel's own coordinates. draw_panels() draws them.

few_rows <- 10 # up to which their number stands beside a bar or a box

# `shown` is one panel as the core passes it: a list whose `shown` names its kind.
panel_marks <- function(shown, ...) {
  make <- list(
    Histogram = histogram_marks, Bars = bar_marks, Densities = density_marks, Points = point_marks, Boxes = box_marks,
    Tiles = tile_marks, Steps = step_marks, Path = path_marks
  )
  make[[shown$shown]](shown, ...)
}

new_panel <- function(
  title, x, y, rect = NULL, area = NULL, point = NULL, path = NULL, dot = NULL, word = NULL
) {
  list(
    title = title, x = x, y = y, rect = bind(rect), area = bind(area), point = bind(point), path = bind(path),
    dot = bind(dot), word = bind(word)
  )
}

bind <- function(parts) if (is.list(parts) && !is.data.frame(parts)) do.call(rbind, parts) else parts

rect_marks <- function(xmin, xmax, ymin, ymax, source, alpha, outline = 0) {
  if (length(xmin) > 0) {
    data.frame(
      xmin = xmin, xmax = xmax, ymin = ymin, ymax = ymax, source = source, alpha = alpha, linewidth = outline
    )
  }
}

line_marks <- function(x, y, source, linewidth, group = source, linetype = 1, alpha = 1) {
  if (length(x) > 0) {
    data.frame(
      x = as.double(x), y = as.double(y), source = source, linewidth = linewidth, group = paste(source, group),
      linetype = linetype, alpha = alpha
    )
  }
}

word_marks <- function(x, y, label, source, hjust = 0.5, vjust = 0.5) {
  if (length(x) > 0) {
    data.frame(x = x, y = y, label = as.character(label), source = source, hjust = hjust, vjust = vjust)
  }
}

# --- one column -------------------------------------------------------------------------------------------------------

histogram_marks <- function(shown, ...) {
  sources <- shown$sources
  edges <- as.double(shown$edges)
  x <- axis_of(shown$axis)
  absent <- if (any(shown$missing > 0)) missing_marks(shown, x)
  each <- seq_along(sources)
  behind <- each < length(sources)
  rect <- lapply(each, \(i) {
    rect_marks(edges[-length(edges)], edges[-1], 0, shown$shares[i, ], sources[[i]], if (behind[[i]]) 0.4 else 0.12)
  })
  path <- lapply(each, \(i) {
    heights <- c(0, rep(shown$shares[i, ], each = 2), 0)
    line_marks(rep(edges, each = 2), heights, sources[[i]], if (behind[[i]]) 0.3 else 0.6)
  })
  title <- x$label
  x <- if (is.null(absent)) x else absent$x
  new_panel(title, x, share_axis(shown$top), c(rect, absent$rect), path = path, word = absent$word)
}

# Bars beside a histogram for the shares of missing values, on a scale from 0 to 1, which percents say
missing_marks <- function(shown, x) {
  count <- length(shown$sources)
  span <- diff(x$limits)
  from <- x$limits[[2]] + 0.08 * span
  width <- 0.36 * span / count
  left <- from + (seq_len(count) - 1) * width
  high <- 0.88 * shown$top * as.double(shown$missing)
  clear <- x$at < x$limits[[2]] - 0.15 * span # of the word "missing"
  x$at <- c(x$at[clear], from + 0.18 * span)
  x$labels <- c(x$labels[clear], "missing")
  x$limits[[2]] <- from + 0.4 * span
  words <- sprintf("%.0f%%", 100 * shown$missing)
  list(
    x = x, rect = list(rect_marks(left, left + 0.9 * width, 0, high, shown$sources, 0.75)),
    word = list(word_marks(left + 0.45 * width, high, words, shown$sources, vjust = -0.3))
  )
}

# Horizontal, because levels have names; `upright` only if panels have no room for them
bar_marks <- function(shown, upright = FALSE, ...) {
  sources <- shown$sources
  levels <- axis_of(shown$axis, up = !upright)
  share <- share_axis(shown$top)
  width <- 0.8 / length(sources)
  parts <- lapply(seq_along(sources), \(i) {
    shift <- (i - (length(sources) + 1) / 2) * width * (if (upright || levels$flipped) 1 else -1)
    middle <- seq_along(shown$shares[i, ]) - 1 + shift
    low <- middle - 0.46 * width
    few <- which(shown$counts[i, ] <= few_rows)
    if (upright) {
      return(list(rect = rect_marks(low, middle + 0.46 * width, 0, shown$shares[i, ], sources[[i]], 0.85)))
    }
    list(
      rect = rect_marks(0, shown$shares[i, ], low, middle + 0.46 * width, sources[[i]], 0.85),
      word = word_marks(shown$shares[i, few], middle[few], paste0(" ", shown$counts[i, few]), sources[[i]], hjust = 0)
    )
  })
  axes <- if (upright) list(levels, share) else list(share, levels)
  new_panel(levels$label, axes[[1]], axes[[2]], lapply(parts, `[[`, "rect"), word = lapply(parts, `[[`, "word"))
}

density_marks <- function(shown, top, ...) {
  x <- axis_of(shown$axis)
  sources <- shown$sources
  drawn <- which(!vapply(shown$curves, is.null, NA))
  area <- lapply(drawn, \(i) {
    curve <- shown$curves[[i]]
    alpha <- if (i < length(sources)) 0.35 else 0.12
    line_marks(c(min(curve$x), curve$x, max(curve$x)), c(0, pmin(curve$height, top), 0), sources[[i]], 0, alpha = alpha)
  })
  path <- lapply(drawn, \(i) {
    line_marks(shown$curves[[i]]$x, pmin(shown$curves[[i]]$height, top), sources[[i]], 0.6)
  })
  noise <- shown$noise
  dashed <- if (!is.null(noise)) line_marks(noise$x, noise$height, "noise", 0.5, linetype = 2)
  new_panel(x$label, x, new_axis("density", c(0, top)), area = area, path = c(list(dashed), path))
}

# --- two columns ------------------------------------------------------------------------------------------------------

pair_panel <- function(shown, ...) {
  x <- axis_of(shown$x, longest = 12)
  y <- axis_of(shown$y, up = TRUE)
  new_panel(paste0("y: ", y$label, "\nx: ", x$label), x, y, ...)
}

point_marks <- function(shown, ...) {
  each <- seq_along(shown$sources)
  point <- lapply(each, \(i) {
    cloud <- shown$clouds[[i]]
    count <- length(cloud$x)
    # The more points, the more transparent they are.
    if (count > 0) {
      data.frame(
        x = as.double(cloud$x), y = as.double(cloud$y), source = shown$sources[[i]],
        size = if (i < length(each)) 1.6 else 1.2, alpha = min(0.7, max(0.15, 10 / sqrt(count)))
      )
    }
  })
  path <- lapply(each, \(i) contour_marks(shown$clouds[[i]]$contours, shown$sources[[i]]))
  pair_panel(shown, point = point, path = path)
}

contour_marks <- function(contours, source) {
  if (length(contours$levels) == 0) {
    return(NULL)
  }
  x <- as.double(contours$x)
  y <- as.double(contours$y)
  lines <- contourLines(x, y, t(contours$density), levels = as.double(contours$levels))
  bind(lapply(seq_along(lines), \(k) line_marks(lines[[k]]$x, lines[[k]]$y, source, 0.5, k)))
}

# Medians, quartiles, and whiskers; the sources' boxes of a level stand side by side.
box_marks <- function(shown, ...) {
  count <- length(shown$sources)
  width <- 0.8 / count
  turn <- if (shown$upright || !isTRUE(shown$y$rising)) 1 else -1
  at <- as.double(shown$level) + turn * (as.double(shown$source) - (count - 1) / 2) * width
  source <- shown$sources[shown$source + 1]
  values <- shown$values
  half <- 0.42 * width
  few <- which(shown$counts <= few_rows)
  swap <- \(marks) if (shown$upright || is.null(marks)) marks else turned(marks)
  boxes <- rect_marks(at - half, at + half, values[, 2], values[, 4], source, 0.35, 0.3)
  line <- \(x1, x2, y1, y2, linewidth, name) {
    line_marks(c(rbind(x1, x2)), c(rbind(y1, y2)), rep(source, each = 2), linewidth, rep(paste(name, at), each = 2))
  }
  lines <- list(
    line(at, at, values[, 1], values[, 2], 0.3, "low"), line(at, at, values[, 4], values[, 5], 0.3, "high"),
    line(at - half, at + half, values[, 3], values[, 3], 0.8, "middle")
  )
  words <- word_marks(
    at[few], values[few, 5], paste0(" ", shown$counts[few]), source[few],
    hjust = if (shown$upright) 0.5 else 0, vjust = if (shown$upright) -0.3 else 0.5
  )
  pair_panel(shown, rect = swap(boxes), path = lapply(lines, swap), word = swap(words))
}

# The same marks with x and y exchanged
turned <- function(marks) {
  across <- grepl("^x", names(marks))
  up <- grepl("^y", names(marks))
  names(marks)[across] <- sub("x", "y", names(marks)[across])
  names(marks)[up] <- sub("y", "x", names(marks)[up])
  marks
}

# Shares of rows for each pair of levels; the left half of a tile is real, the right half generated.
tile_marks <- function(shown, ...) {
  count <- length(shown$sources)
  width <- 0.92 / count
  rect <- lapply(seq_len(count), \(i) {
    shares <- matrix(shown$shares[i, , ], dim(shown$shares)[[2]])
    left <- c(col(shares)) - 1 - 0.46 + (i - 1) * width
    low <- c(row(shares)) - 1 - 0.46
    rect_marks(left, left + width, low, low + 0.92, shown$sources[[i]], pmin(c(shares) / shown$most, 1))
  })
  pair_panel(shown, rect = rect)
}

# --- rows of a walk ---------------------------------------------------------------------------------------------------

step_marks <- function(shown, ...) {
  y <- axis_of(shown$axis, up = TRUE)
  values <- as.double(shown$values)
  steps <- seq_along(values)
  ends <- c(1 - 0.02 * length(steps), 1.02 * length(steps))
  band <- as.double(shown$band)
  rect <- if (length(band) == 2) rect_marks(ends[[1]], ends[[2]], band[[1]], band[[2]], "real", 0.25)
  path <- if (y$levels) {
    edges <- rep(c(steps - 0.5, length(steps) + 0.5), each = 2)
    line_marks(edges[-c(1, length(edges))], rep(values, each = 2), "walk", 0.3)
  } else {
    line_marks(steps, values, "walk", 0.6)
  }
  dot <- if (length(steps) <= 60 || y$levels) dot_marks(steps, values, 1.3)
  new_panel(y$label, new_axis("step of the walk", ends), y, rect, path = path, dot = dot)
}

path_marks <- function(shown, ...) {
  walk <- shown$walk
  ends <- c(1, nrow(walk))
  real <- if (!is.null(shown$real)) {
    data.frame(x = shown$real[, 1], y = shown$real[, 2], source = "real", size = 1.5, alpha = 0.3)
  }
  pair_panel(
    shown, point = real, path = line_marks(walk[, 1], walk[, 2], "walk", 0.6),
    dot = rbind(dot_marks(walk[, 1], walk[, 2], 1.1), dot_marks(walk[ends, 1], walk[ends, 2], 2.6, c("white", "walk")))
  )
}

# Dots above paths; a white one is a ring.
dot_marks <- function(x, y, size, fill = "walk") {
  data.frame(x = as.double(x), y = as.double(y), source = "walk", size = size, inside = fill == "walk")
}
