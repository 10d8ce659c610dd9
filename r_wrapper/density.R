# Smooth densities of one column and of two.

surface_cells <- 72 # along either axis
contour_shares <- c(0.9, 0.5) # of the rows, that lie within the contours

# Cut at the ends of the data: a curve that ran on would show values that nobody has seen.
# A constant column has no bandwidth of its own.
column_density <- function(values) {
  constant <- length(unique(values)) == 1
  density(values, bw = if (constant) max(abs(values[[1]]), 1) / 100 else "nrd0", cut = if (constant) 3 else 0)
}

# Places, densities and the levels of the contours that hold the densest share of the rows. NULL where
# there are too few rows, or one of the columns is constant.
surface <- function(x, y) {
  if (length(x) < 20 || length(unique(x)) == 1 || length(unique(y)) == 1) {
    return(NULL)
  }
  sides <- lapply(list(x, y), surface_side)
  bins <- 2 * surface_cells
  counts <- matrix(tabulate(sides[[1]]$bin + bins * (sides[[2]]$bin - 1), bins^2), bins)
  density <- sides[[1]]$kernel %*% counts %*% t(sides[[2]]$kernel) / length(x)
  ranked <- sort(density, decreasing = TRUE)
  within <- cumsum(ranked) / sum(ranked)
  levels <- ranked[vapply(contour_shares, \(share) min(sum(within < share) + 1L, length(ranked)), 1L)]
  list(x = sides[[1]]$places, y = sides[[2]]$places, z = density, levels = sort(unique(levels)))
}

surface_side <- function(values) {
  width <- bw.nrd0(values)
  ends <- range(values) + c(-2.5, 2.5) * width
  edges <- seq(ends[[1]], ends[[2]], length.out = 2 * surface_cells + 1)
  places <- seq(ends[[1]], ends[[2]], length.out = surface_cells)
  # Narrow, because a band along a curve must not melt into a cloud.
  width <- max(0.9 * width, edges[[2]] - edges[[1]])
  centres <- (edges[-1] + edges[-length(edges)]) / 2
  list(
    places = places, bin = findInterval(values, edges, all.inside = TRUE),
    kernel = outer(places, centres, \(place, centre) dnorm(place, centre, width))
  )
}
