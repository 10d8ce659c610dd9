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
#' drawn: one column as a density, two as a scatter plot, more (up to five) as a grid of pairs. A fit does not hold the
#' rows that it was made from (see [gan_save()] for what it holds); pass them as `real` to draw them as well, in grey: real rows behind the new ones, real waves or images
#' above the generated ones.
#'
#' The new rows are sampled with the fit's seed: the same fit gives the same plot, and `.Random.seed` does not change.
#'
#' @param x A fit made by [gan_fit()].
#' @param type `"auto"` for the new rows, waves or images, `"losses"` for [plot_losses()], `"trace"` for
#'   the samples that were kept during training, by [plot_training()].
#' @param real The real data, with the columns of the training data. With a trace, real waves or images are the last
#'   panel or row.
#' @param n Number of new rows. `NULL` takes as many as the training data had, at most
#'   2,000.
#' @param ... For waves and images: `id` and `nrow` of [plot_waves()] or [plot_images()]; for a trace of a table:
#'   `columns` and `nrow` of [plot_training()].
#' @return `x`, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [summary.gan_fit()] for numbers.
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1)
#' plot(fit, real = faithful)
#' plot(fit, type = "losses")
#' @export
plot.gan_fit <- function(x, type = c("auto", "losses", "trace"), real = NULL, n = NULL, ...) {
  type <- check_choice(type, "type", c("auto", "losses", "trace"))
  switch(type,
    losses = {
      check_dots(...)
      plot_losses(x)
    },
    trace = plot_trace(x, real, ...),
    auto = plot_sample(x, real, n, ...)
  )
  invisible(x)
}

plot_sample <- function(x, real, n, ...) {
  if (x$kind == "table") {
    check_dots(...)
    real <- real_columns(real, x)
    plot_table(gan_sample(x, if (is.null(n)) min(x$schema$rows, 2000) else n, seed = x$seed), real)
  } else if (!is.null(real)) {
    plot_beside(x, real, x$kind, x$rate, ...)
  } else {
    kind_parts(x$kind)$draw(x, ...)
  }
}

plot_trace <- function(x, real, ...) {
  check_traced(x, "x")
  if (x$kind == "table") {
    plot_training(x, real, ...)
  } else {
    kind_parts(x$kind)$draw_trace(x$trace, ..., real = real_samples(real, x))
  }
}

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
