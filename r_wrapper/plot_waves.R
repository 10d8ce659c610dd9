#' Draw waves
#'
#' Small multiples that share their axes, whose limits come from the data. A fit is asked for
#' new waves (with the fit's own seed, so that the same fit gives the same picture); a
#' matrix is drawn row by row; a trace becomes one panel for each epoch (for twelve of them, most
#' of them early, where there are more), with the waves drawn over each other.
#'
#' @param x A fit of waves made by [gan_fit()], a matrix of waves (one in each row), or
#'   a trace (`fit$trace`).
#' @param id Which waves, by number.
#' @param nrow Number of rows of panels. `NULL` chooses.
#' @return `x`, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [plot_losses()], [plot.gan_fit()]
#' @examples
#' plot_waves(waves)
#' plot_waves(waves_trace)
#' @export
plot_waves <- function(x, id = 1:12, nrow = NULL) {
  UseMethod("plot_waves")
}

#' @rdname plot_waves
#' @export
plot_waves.default <- function(x, id = 1:12, nrow = NULL) {
  stop_wanted("x", "a fit of waves, a numeric matrix or a trace", x)
}

#' @rdname plot_waves
#' @export
plot_waves.gan_fit <- function(x, id = 1:12, nrow = NULL) {
  if (!identical(x$kind, "wave")) {
    stop_ganbridge("`x` must be a fit of waves, not of a ", x$kind, ". Draw it with plot(x).")
  }
  id <- check_ids(id, "id", 100000, "waves")
  plot_waves(gan_sample(x, max(id), seed = x$seed), id, nrow)
  invisible(x)
}

#' @rdname plot_waves
#' @export
plot_waves.matrix <- function(x, id = 1:12, nrow = NULL) {
  check_waves(x)
  id <- chosen_waves(id, missing(id), base::nrow(x))
  titles <- if (is.null(rownames(x))) paste("wave", id) else rownames(x)[id]
  draw_waves(x[id, , drop = FALSE], titles, rep(ink$generated, length(id)), nrow)
  invisible(x)
}

#' @rdname plot_waves
#' @export
plot_waves.gan_trace <- function(x, id = 1:12, nrow = NULL) {
  shown <- spread_early(length(x$epoch), 12)
  samples <- lapply(x$samples[shown], as.matrix)
  if (length(samples) == 0) {
    stop_ganbridge("`x` must be a trace with samples, not an empty one. Fit with a smaller `trace`.")
  }
  check_waves(samples[[1]])
  id <- chosen_waves(id, missing(id), base::nrow(samples[[1]]))
  grid <- panel_grid(length(shown), nrow)
  old <- open_page(grid)
  on.exit(par(old))
  limits <- range(vapply(samples, \(waves) range(waves[id, ]), c(0, 0)))
  points <- seq_len(ncol(samples[[1]]))
  for (i in seq_along(shown)) {
    title <- paste("epoch", x$epoch[[shown[[i]]]])
    open_shared_panel(i, length(shown), grid, range(points), limits, title)
    colour <- adjustcolor(ink$generated, max(0.25, 1 / sqrt(length(id))))
    for (k in id) lines(points, samples[[i]][k, ], col = colour)
  }
  label_panels("point", "value")
  invisible(x)
}

# One panel for each row of `waves`.
draw_waves <- function(waves, titles, colours, nrow) {
  count <- base::nrow(waves)
  grid <- panel_grid(count, nrow)
  old <- open_page(grid)
  on.exit(par(old))
  for (i in seq_len(count)) {
    open_shared_panel(i, count, grid, c(1, ncol(waves)), range(waves), titles[[i]])
    lines(seq_len(ncol(waves)), waves[i, ], col = colours[[i]], lwd = 1.2)
  }
  label_panels("point", "value")
}

# Rows of real waves above as many rows of generated ones.
plot_waves_beside <- function(generated, real, id = 1:8, nrow = NULL) {
  id <- chosen_waves(id, missing(id), base::nrow(real), 8)
  count <- length(id)
  draw_waves(
    rbind(real[id, , drop = FALSE], generated(max(id))[id, , drop = FALSE]),
    paste(rep(c("real", "generated"), each = count), id),
    rep(c(ink$real, ink$generated), each = count),
    if (is.null(nrow)) 2 * ceiling(count / 4) else nrow
  )
}

check_waves <- function(x) {
  if (!is.numeric(x) || base::nrow(x) < 1 || ncol(x) < 2 || !all(is.finite(x))) {
    stop_wanted("x", "a matrix of finite numbers with a wave of at least 2 points in each row", x)
  }
}

chosen_waves <- function(id, by_default, limit, count = 12) {
  check_ids(if (by_default) seq_len(min(count, limit)) else id, "id", limit, "waves")
}

# As spread_over(), but closer together at the beginning, where most is learned.
spread_early <- function(count, limit) {
  if (count <= limit) {
    return(seq_len(count))
  }
  for (tries in limit:count) {
    shown <- unique(round(exp(seq(0, log(count), length.out = tries))))
    if (length(shown) >= limit) break
  }
  shown
}

# At most `limit` numbers of 1..count, the first and the last among them.
spread_over <- function(count, limit) {
  unique(round(seq(min(1, count), count, length.out = min(count, limit))))
}
