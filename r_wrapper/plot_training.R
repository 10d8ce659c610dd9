#' Draw the samples that a fit traced during training
#'
#' Draws one panel per epoch; if there are more than twelve epochs, twelve are drawn, most of them early. A table of one
#' column is drawn as densities: of generated rows in blue, of real rows in grey behind them, and, dashed, of the
#' standard normal noise that a generator starts from (if the axis has no room for it, with the mean and sd of the
#' column, "rescaled"). Peaks higher than twice the real rows' highest peak are cut. Two columns are drawn as scatter
#' plots whose contours hold the densest 90 and 50 percent of the rows, more columns (at most four) as one column of
#' densities each, for four epochs. Levels are drawn as bars, waves over each other in each panel, and images as one row
#' per epoch.
#'
#' @param fit A fit made by [gan_fit()] with `trace`.
#' @param real The real rows, with the same columns; real waves or images, which are drawn as the last panel or row.
#' @param columns The columns of a table to draw, by name or number. `NULL` draws at most the first four.
#' @param nrow Number of rows of panels, for images the number of epochs. `NULL` chooses it.
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [animate_training()], [plot_compare()], [plot_losses()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1, trace = 5)
#' plot_training(fit, faithful)
#' plot_training(fit, faithful, columns = "eruptions")
#' @export
plot_training <- function(fit, real = NULL, columns = NULL, nrow = NULL) {
  check_traced(fit)
  if (fit$kind != "table") {
    only_for_tables(fit$kind, columns = columns)
    return(kind_parts(fit$kind)$draw_trace(fit$trace, nrow = nrow, real = real_samples(real, fit)))
  }
  draw_course(fit$trace, real, columns, nrow)
}

check_traced <- function(fit, name = "fit") {
  check_fit(fit, name)
  if (is.null(fit$trace)) {
    stop_argument("`", name, "` must be a fit with a trace, not one without. Fit with, for example, trace = 100.")
  }
  if (length(fit$trace$epoch) == 0) {
    stop_argument("`", name, "` must be a fit with a traced sample, not without any. Fit with a smaller `trace`.")
  }
}

# A table's samples over the epochs
draw_course <- function(trace, real = NULL, columns = NULL, nrow = NULL) {
  if (!is.null(nrow)) check_count(nrow, "nrow")
  shown <- call_core(
    "plot_training", as.list(trace$epoch), lapply(trace$samples, table_to_plot, "fit"),
    if (!is.null(real)) table_to_plot(real, "real"), column_indices(columns, trace$samples[[1]])
  )
  titles <- epoch_title(as.double(shown$epochs))
  if (length(shown$marginals) > 1) {
    return(draw_course_columns(shown, titles))
  }
  parts <- if (length(shown$pairs) > 0) shown$pairs else shown$marginals[[1]]
  panels <- lapply(parts, panel_marks, top = as.double(shown$tops)[1])
  for (i in seq_along(panels)) panels[[i]]$title <- titles[[i]]
  draw_panels(panels, unlist(shown$keys), note = shown$note, nrow = nrow)
}

# Marks whose heights are divided
lower <- function(marks, by) {
  heights <- intersect(names(marks), c("y", "ymin", "ymax"))
  if (!is.null(marks)) marks[heights] <- marks[heights] / by
  marks
}

# A column of panels for each column, a row for each epoch; heights are relative to the column's highest.
draw_course_columns <- function(shown, titles) {
  panels <- unlist(lapply(seq_along(shown$marginals), \(k) {
    top <- as.double(shown$tops)[[k]]
    lapply(shown$marginals[[k]], \(part) {
      panel <- panel_marks(part, top = top, upright = TRUE)
      for (mark in c("rect", "area", "path")) panel[[mark]] <- lower(panel[[mark]], top)
      panel$y <- new_axis("density, or share of rows", c(0, 1), at = numeric(), labels = character())
      panel
    })
  }), recursive = FALSE)
  names <- vapply(panels, `[[`, "", "title")
  across <- rep(seq_along(shown$marginals), lengths(shown$marginals))
  across <- paste0(names, strrep(" ", across)) # names may repeat
  down <- rep(titles, length(shown$marginals))
  draw_panels(panels, unlist(shown$keys), note = shown$note, grid = list(down = down, across = across))
}
