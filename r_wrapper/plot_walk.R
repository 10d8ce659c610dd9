#' Draw a walk through the latent space
#'
#' Draws rows of a table in their order. By column, each column is drawn over the steps of the walk, and a grey band
#' holds the middle 90 percent of the real rows. By pair, the path through each pair of columns is drawn, with the real
#' rows in grey behind it (spread out around levels); the walk starts at the ring and ends at the dot.
#'
#' @param walk A data.frame or a matrix of at least two rows, in the order of the walk, as [gan_interpolate()] returns
#'   it.
#' @param real The real rows, with the same columns, or `NULL`.
#' @param by `"column"` or `"pair"`.
#' @param columns The columns to draw, by name or number. `NULL` draws at most twelve panels.
#' @param nrow Number of rows of panels. `NULL` chooses it.
#' @return `walk`, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [gan_interpolate()], [plot_compare()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(iris, condition = "Species", epochs = 20, seed = 1)
#' plot_walk(gan_interpolate(fit, 40, seed = 1, given = list(Species = "setosa")), iris)
#' @examples
#' walk <- data.frame(eruptions = seq(2, 4.5, length.out = 20), waiting = seq(55, 82, length.out = 20))
#' plot_walk(walk, faithful)
#' plot_walk(walk, faithful, by = "pair")
#' @export
plot_walk <- function(walk, real = NULL, by = c("column", "pair"), columns = NULL, nrow = NULL) {
  by <- check_choice(by, "by", c("column", "pair"))
  path <- new_source("walk", walk)
  if (path$rows < 2) stop_wanted("walk", "rows along a walk, at least two", walk)
  truth <- if (!is.null(real)) new_source("real", real)
  chosen <- choose_columns(path, columns, by)
  indices <- if (is.null(real)) chosen$indices else indices_in(path, truth, chosen$indices)
  parts <- Map(\(i, j) {
    align_columns(c(if (!is.null(real)) list(source_column(truth, j)), list(source_column(path, i))))
  }, chosen$indices, indices)
  if (by == "pair" && length(parts) < 2) {
    stop_wanted("columns", "at least two columns for pairs", path$names[chosen$indices])
  }
  panels <- if (by == "pair") combn(length(parts), 2, simplify = FALSE) else as.list(seq_along(parts))
  old <- open_grid(page_grid(length(panels), nrow))
  on.exit(par(old))
  for (panel in panels) {
    up <- parts[[panel[[length(panel)]]]]
    left_margin(axis_words(up))
    if (by == "pair") bottom_margin(parts[[panel[[1]]]])
    if (by == "pair") draw_path(parts[[panel[[1]]]], up) else draw_steps(up)
  }
  note <- c(
    if (nzchar(chosen$note)) chosen$note,
    if (by == "pair") "The ring is where the walk starts, the dot where it ends.",
    if (by == "column" && !is.null(real)) "Grey: the middle 90% of the real rows."
  )
  draw_page_key(c(if (!is.null(real)) "real", "walk"), source_colours(real), paste(note, collapse = " "))
  invisible(walk)
}

draw_steps <- function(both) {
  walk <- both[[length(both)]]
  steps <- seq_along(walk$values)
  scale <- orient_levels(axis_scale(both), walk)
  name <- short(walk$name)
  continuous <- is_continuous(walk)
  open_panel(
    range(steps), scale$limits, if (!continuous) name, "step of the walk", if (continuous) name,
    y_at = scale$at, y_labels = scale$labels
  )
  if (length(both) == 2 && continuous && length(present(both[[1]])) > 0) {
    band <- quantile(present(both[[1]]), c(0.05, 0.95), names = FALSE)
    usr <- par("usr")
    rect(usr[[1]], band[[1]], usr[[2]], band[[2]], col = adjustcolor(ink$real, 0.25), border = NA)
  }
  if (continuous) {
    lines(steps, walk$values, col = ink$generated, lwd = 1.6)
  } else {
    edges <- rep(c(steps - 0.5, length(steps) + 0.5), each = 2)
    lines(edges[-c(1, length(edges))], rep(walk$values, each = 2), col = ink$generated, lwd = 0.8)
  }
  if (length(steps) <= 60 || !continuous) points(steps, walk$values, pch = 16, cex = 0.6, col = ink$generated)
}

draw_path <- function(x, y) {
  walk <- list(x[[length(x)]]$values, y[[length(y)]]$values)
  scales <- list(axis_scale(x), orient_levels(axis_scale(y), y[[1]]))
  names <- short(c(x[[length(x)]]$name, y[[length(y)]]$name))
  continuous <- is_continuous(y[[1]])
  open_panel(
    scales[[1]]$limits, scales[[2]]$limits, if (!continuous) names[[2]], names[[1]], if (continuous) names[[2]],
    x_at = scales[[1]]$at, x_labels = scales[[1]]$labels, y_at = scales[[2]]$at, y_labels = scales[[2]]$labels
  )
  if (length(x) == 2) draw_points(spread_levels(x[[1]], 0.618), spread_levels(y[[1]], 0.755), ink$real, 0.8)
  lines(walk[[1]], walk[[2]], type = "o", pch = 16, cex = 0.5, lwd = 1.6, col = ink$generated)
  ends <- c(1, length(walk[[1]]))
  fill <- c("white", ink$generated)
  points(walk[[1]][ends], walk[[2]][ends], pch = 21, cex = 1.4, lwd = 1.6, col = ink$generated, bg = fill)
}

# Rows of a level spread out around it: a deterministic jitter, by multiples of a step
spread_levels <- function(column, step) {
  if (is_continuous(column)) {
    return(column$values)
  }
  column$values + 0.5 * ((seq_along(column$values) * step) %% 1 - 0.5)
}
