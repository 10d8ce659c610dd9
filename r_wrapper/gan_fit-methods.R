#' Print a fit
#'
#' @param x A fit made by [gan_fit()], or its trace.
#' @param ... Ignored.
#' @return `format()` returns the lines, `print()` prints them and returns `x`, invisibly.
#' @examplesIf ganbridge::gan_available()
#' gan_fit(faithful, epochs = 5, seed = 1)
#' @export
format.gan_fit <- function(x, ...) {
  x$text
}

#' @rdname format.gan_fit
#' @export
print.gan_fit <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

#' @rdname format.gan_fit
#' @export
format.gan_trace <- function(x, ...) {
  count <- length(x$epoch)
  if (count == 0) {
    return("gan_trace: no samples")
  }
  first <- x$samples[[1]]
  shape <- if (is.null(dim(first))) paste(length(first), "waves") else paste(dim(first), collapse = " x ")
  epochs <- x$epoch[spread_over(count, 6)]
  c(
    sprintf("gan_trace: %d sample%s of %s", count, if (count == 1) "" else "s", shape),
    paste0("  at epochs ", paste(epochs, collapse = ", "), if (count > 6) " (and between)")
  )
}

#' @rdname format.gan_fit
#' @export
print.gan_trace <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

#' Draw a fit
#'
#' A fit of waves is drawn by [plot_waves()], a fit of images by [plot_images()]. For a table, new rows are sampled and
#' drawn: one column as a histogram or as bars, two as a scatter plot with contours, boxes or tiles, more (at most
#' twelve) as a panel for each; [plot_compare()] with `by = "pair"` draws pairs of more columns. A fit does not hold the
#' rows that it was made from (see [gan_save()] for what it holds); pass them as `real` to draw them as well, in grey:
#' real rows behind the new ones, real waves or images above the generated ones.
#'
#' The new rows are sampled with the fit's seed: the same fit gives the same plot, and `.Random.seed` does not change.
#'
#' @param x A fit made by [gan_fit()], or its trace (`fit$trace`).
#' @param type `"auto"` for the new rows, waves or images, `"losses"` for [plot_losses()], `"trace"` for
#'   the samples that were kept during training, by [plot_training()].
#' @param real The real data, with the columns of the training data. With a trace, real waves or images are the last
#'   panel or row.
#' @param n Number of new rows. `NULL` takes as many as the training data had, at most
#'   2,000.
#' @param columns The columns of a table to draw, by name or number. `NULL` draws at most twelve (with `real`, those
#'   that differ most), of a trace at most four.
#' @param ... `nrow`, the number of rows of panels; for waves and images also `id` of [plot_waves()] or [plot_images()].
#' @return The plot, a ggplot object, invisibly, because `plot()` prints it; `ggplot2::autoplot()` returns the same
#'   plot. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [summary.gan_fit()] for numbers.
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1, trace = 5)
#' plot(fit, real = faithful)
#' plot(fit, type = "losses")
#' plot(fit$trace)
#' @export
plot.gan_fit <- function(x, type = c("auto", "losses", "trace"), real = NULL, n = NULL, columns = NULL, ...) {
  type <- check_choice(type, "type", c("auto", "losses", "trace"))
  show_plot(draw_fit(x, type, real, columns, n, ..., argument = "x"))
}

#' @rdname plot.gan_fit
#' @export
plot.gan_trace <- function(x, real = NULL, columns = NULL, ...) {
  show_plot(draw_trace(x, real, columns, ...))
}

# What plot() of base R does: draws, and returns without printing again
show_plot <- function(plot) {
  print(plot)
  invisible(plot)
}

draw_fit <- function(fit, type, real = NULL, columns = NULL, n = NULL, ..., argument = "object") {
  if (type == "losses") {
    check_dots(...)
    return(plot_losses(fit))
  }
  if (type == "trace") check_traced(fit, argument)
  if (fit$kind == "table") {
    check_table_dots(...)
    if (type == "trace") {
      return(draw_course(fit$trace, real, columns, ...))
    }
    return(draw_table(fit, real_columns(real, fit), n, columns, ...))
  }
  only_for_tables(fit$kind, columns = columns)
  if (type == "trace") {
    kind_parts(fit$kind)$draw_trace(fit$trace, ..., real = real_samples(real, fit))
  } else if (!is.null(real)) {
    plot_beside(fit, real, fit$kind, fit$rate, ...)
  } else {
    kind_parts(fit$kind)$draw(fit, ...)
  }
}

# A trace that has no fit, which knows its data
draw_trace <- function(trace, real = NULL, columns = NULL, ...) {
  if (length(trace$epoch) == 0) {
    stop_argument("`x` must be a trace with samples, not an empty one. Fit with a smaller `trace`.")
  }
  kind <- trace_kind(trace)
  if (kind == "table") {
    check_table_dots(...)
    return(draw_course(trace, real, columns, ...))
  }
  only_for_tables(kind, columns = columns)
  parts <- kind_parts(kind)
  if (!is.null(real)) {
    samples <- parts$as_samples(real, "real")
    parts$like(samples, parts$as_samples(trace$samples[[1]]), real)
    real <- samples
  }
  parts$draw_trace(trace, ..., real = real)
}

check_table_dots <- function(..., nrow = NULL, real = NULL) check_dots(...)

# Real rows, checked to have the columns of the training data
real_columns <- function(real, fit) {
  if (is.null(real)) {
    return(NULL)
  }
  data_to_core(real, "real")
  names <- unlist(fit$schema$names)
  two_dimensional <- is.data.frame(real) || is.matrix(real)
  if (!two_dimensional || ncol(real) != nrow(fit$moments) || !identical(colnames(real), names)) {
    what <- if (is.null(names)) "without names" else "of the training data, in their order"
    stop_wanted("real", sprintf("data with the %d columns %s", nrow(fit$moments), what), real)
  }
  real
}

# Real rows as their kind is drawn, checked to have the shape of the training data
real_samples <- function(real, fit) {
  if (!is.null(real)) kind_parts(fit$kind)$like_training(real, fit)
}
