#' Moments of real and generated columns beside each other
#'
#' @param object A fit made by [gan_fit()].
#' @param n Number of rows that are generated for it, at least 2. They are drawn with the fit's own seed,
#'   so that the same fit gives the same summary, and `.Random.seed` is not
#'   touched.
#' @param ... Ignored.
#' @return A list of class `summary.gan_fit`: `moments` (a data.frame of one row per column:
#'   `column`, and for each of mean, sd, min and max the `real_` and the
#'   `generated_` one), `overall` (the same over all columns, one row), `kind`, `rows` (of the
#'   training data), `n` and `diagnosis` (what went wrong in the fit, in words, with remedies).
#'   Printed, many columns are shown as the overall row and a few evenly spaced ones. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [plot.gan_fit()] for pictures.
#' @examplesIf ganbridge::gan_available()
#' summary(gan_fit(faithful, epochs = 5, seed = 1))
#' @export
summary.gan_fit <- function(object, n = 10000, ...) {
  n <- check_count(n, "n", low = 2L)
  generated <- column_moments(named_columns(gan_sample(object, n, seed = object$seed)))
  real <- object$moments[names(generated)]
  structure(
    list(
      moments = beside(real, generated, column = column_labels(object)),
      overall = beside(
        pooled_moments(real, object$schema$rows), pooled_moments(generated, n),
        column = paste0("all ", column_word(object$kind), "s")
      ),
      kind = object$kind, rows = object$schema$rows, n = n, diagnosis = object$diagnosis
    ),
    class = "summary.gan_fit"
  )
}

column_moments <- function(data) {
  data.frame(
    mean = colMeans(data), sd = apply(data, 2, sd), min = apply(data, 2, min), max = apply(data, 2, max)
  )
}

column_labels <- function(fit) {
  if (!is.null(fit$schema$names) && !identical(fit$schema$container, "array")) {
    fit$moments$name
  } else {
    paste(column_word(fit$kind), fit$moments$name)
  }
}

column_word <- function(kind) switch(kind, wave = "point", image = "pixel", "column")

# The moments of all values together, from those of the columns.
pooled_moments <- function(moments, rows) {
  mean <- base::mean(moments$mean)
  count <- rows * nrow(moments)
  squares <- sum((rows - 1) * moments$sd^2 + rows * (moments$mean - mean)^2)
  data.frame(mean = mean, sd = sqrt(squares / (count - 1)), min = min(moments$min), max = max(moments$max))
}

beside <- function(real, generated, column) {
  pairs <- lapply(names(real), function(moment) {
    pair <- data.frame(real[[moment]], generated[[moment]])
    names(pair) <- paste0(c("real_", "generated_"), moment)
    pair
  })
  data.frame(column = as.character(column), pairs)
}

#' @export
format.summary.gan_fit <- function(x, limit = 12, ...) {
  moments <- x$moments
  left_out <- nrow(moments) > limit
  if (left_out) {
    moments <- rbind(x$overall, moments[spread_over(nrow(moments), 5), ])
  }
  cells <- rbind(rep(c("real", "generated"), 4), t(apply(moments[-1], 1, format_moments)))
  width <- max(nchar(cells))
  cells[] <- formatC(cells, width = width)
  pairs <- sapply(seq(1, 7, 2), \(k) paste(cells[, k], cells[, k + 1]))
  heads <- formatC(c("mean", "sd", "min", "max"), width = -(2 * width + 1))
  label <- formatC(c("", "", moments$column), width = -max(nchar(moments$column)))
  what <- switch(x$kind, wave = "waves", image = "images", "rows")
  c(
    sprintf("Moments of %d real and %d generated %s", x$rows, x$n, what),
    "",
    sub(" +$", "", paste(label, apply(rbind(heads, pairs), 1, paste, collapse = " | "), sep = "  ")),
    if (left_out) sprintf("%d %ss; all of them are in $moments", nrow(x$moments), column_word(x$kind)),
    if (length(x$diagnosis)) c("", strwrap(paste("!", x$diagnosis), width = 100, exdent = 2))
  )
}

# Four digits at the scale of the column (mean and sd come first), so that a mean near zero does
# not show its noise.
format_moments <- function(values) {
  scale <- max(abs(values[1:4]))
  decimals <- if (scale > 0) min(max(3 - floor(log10(scale)), 0), 12) else 0
  if (scale >= 1e7 || scale > 0 && scale < 1e-4) {
    return(formatC(values, digits = 3, format = "e"))
  }
  sub("^-(0(\\.0*)?)$", "\\1", formatC(values, digits = decimals, format = "f"))
}

#' @export
print.summary.gan_fit <- function(x, ...) {
  cat(format(x, ...), sep = "\n")
  invisible(x)
}
