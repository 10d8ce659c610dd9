# Kernel density estimates of one column and of two

surface_points <- 72 # along each axis
contour_shares <- c(0.9, 0.5) # shares of the rows within the contours

# Cut at the ends of the data, because a longer curve would show values that do not occur. A constant column has no
# bandwidth, so one is chosen.
column_density <- function(values) {
  constant <- length(unique(values)) == 1
  density(values, bw = if (constant) max(abs(values[[1]]), 1) / 100 else "nrd0", cut = if (constant) 3 else 0)
}

# Grid points, densities, and the levels of the contours that hold the densest share of the rows. NULL if there are too
# few rows, or if one of the columns is constant.
surface <- function(x, y) {
  if (length(x) < 20 || length(unique(x)) == 1 || length(unique(y)) == 1) {
    return(NULL)
  }
  sides <- lapply(list(x, y), surface_side)
  bins <- 2 * surface_points
  counts <- matrix(tabulate(sides[[1]]$bin + bins * (sides[[2]]$bin - 1), bins^2), bins)
  density <- sides[[1]]$kernel %*% counts %*% t(sides[[2]]$kernel) / length(x)
  ranked <- sort(density, decreasing = TRUE)
  within <- cumsum(ranked) / sum(ranked)
  levels <- ranked[vapply(contour_shares, \(share) min(sum(within < share) + 1L, length(ranked)), 1L)]
  list(x = sides[[1]]$points, y = sides[[2]]$points, z = density, levels = sort(unique(levels)))
}

surface_side <- function(values) {
  width <- bw.nrd0(values)
  ends <- range(values) + c(-2.5, 2.5) * width
  edges <- seq(ends[[1]], ends[[2]], length.out = 2 * surface_points + 1)
  points <- seq(ends[[1]], ends[[2]], length.out = surface_points)
  # A narrow bandwidth, so that rows along a curve do not look like a cloud
  width <- max(0.9 * width, edges[[2]] - edges[[1]])
  centres <- (edges[-1] + edges[-length(edges)]) / 2
  list(
    points = points, bin = findInterval(values, edges, all.inside = TRUE),
    kernel = outer(points, centres, \(point, centre) dnorm(point, centre, width))
  )
}
