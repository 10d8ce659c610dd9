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
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [gan_interpolate()], [plot_compare()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(iris, condition = "Species", epochs = 20, seed = 1)
#' plot_walk(gan_interpolate(fit, 40, seed = 1, given = list(Species = "setosa")), iris)
#' walk <- data.frame(eruptions = seq(2, 4.5, length.out = 20), waiting = seq(55, 82, length.out = 20))
#' plot_walk(walk, faithful)
#' plot_walk(walk, faithful, by = "pair")
#' @export
plot_walk <- function(walk, real = NULL, by = c("column", "pair"), columns = NULL, nrow = NULL) {
  by <- check_choice(by, "by", c("column", "pair"))
  rows <- table_to_plot(walk, "walk")
  if (NROW(walk) < 2) stop_wanted("walk", "rows along a walk, at least two", walk)
  shown <- call_core(
    "plot_walk", rows, if (!is.null(real)) table_to_plot(real, "real"), by, column_indices(columns, walk)
  )
  draw_panels(lapply(shown$panels, panel_marks), unlist(shown$keys), note = shown$note, nrow = nrow)
}
