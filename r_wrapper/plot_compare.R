#' Draw real rows beside generated ones
#'
#' Real rows are grey, generated ones blue. By column: numbers and dates are drawn as histograms, factors, logicals and
#' texts as bars in the order of their levels (for texts, in the order of their frequency), with the number of rows
#' where these are ten at most. The share of missing values has a separate bar. By pair: scatter plots whose contours
#' hold the densest 90 and 50 percent of the rows, boxes if one column has levels, and tiles if both have (left half
#' real, right half generated; the darker, the more rows). Whole numbers with at most twelve different values count as
#' levels. If there are more than ten levels, the most frequent nine are drawn, and "other".
#'
#' @param synthetic_or_fit Generated rows (a data.frame or a matrix), or a fit made by [gan_fit()], from which as many
#'   rows are sampled as it was trained on (at most 5,000), with its seed. Real waves and images are drawn above
#'   generated ones, equally many of both.
#' @param real The real rows, with the same columns; further columns are not drawn.
#' @param by `"column"` or `"pair"`.
#' @param columns The columns to draw, by name or number. `NULL` draws at most twelve panels: the columns, or pairs of
#'   columns, that differ most, the worst first.
#' @param nrow Number of rows of panels. `NULL` chooses it.
#' @param kind `"table"`, `"wave"` or `"image"`. `NULL` takes the fit's kind, and `"table"` without a fit, as
#'   [gan_evaluate()] does.
#' @param rate Points of a wave per second (Hz), for a time axis. `NULL` takes the fit's rate.
#' @return A ggplot object, which `print()` draws, `+` changes and `ggplot2::ggsave()` writes to a file. Bad arguments
#'   are an error of class `ganbridge_error`.
#' @seealso [plot.gan_fit()], [plot_training()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1)
#' plot_compare(fit, faithful)
#' plot_compare(fit, faithful, by = "pair")
#' plot_compare(iris[1:75, ], iris)
#' @examples
#' plot_compare(waves[1:4, ], waves[101:104, ], kind = "wave", rate = 250)
#' @export
plot_compare <- function(
  synthetic_or_fit, real, by = c("column", "pair"), columns = NULL, nrow = NULL, kind = NULL, rate = NULL
) {
  by <- check_choice(by, "by", c("column", "pair"))
  kind <- kind_of_rows(synthetic_or_fit, kind)
  rate <- check_rate(rate, kind)
  if (kind != "table") {
    only_for_tables(kind, columns = columns)
    return(plot_beside(synthetic_or_fit, real, kind, nrow = nrow, rate = rate))
  }
  if (inherits(synthetic_or_fit, "gan_fit")) {
    fit <- check_fit(synthetic_or_fit)
    shape <- matrix(0, 0, nrow(fit$moments), dimnames = list(NULL, unlist(fit$schema$names)))
    rows <- list(model = fit$model)
  } else {
    shape <- synthetic_or_fit
    rows <- list(synthetic = table_to_plot(synthetic_or_fit, "synthetic_or_fit"))
  }
  columns <- column_indices(columns, shape)
  arguments <- list(real = table_to_plot(real, "real"), by = by, columns = columns)
  draw_comparison(call_core_with("plot_compare", c(arguments, rows)), nrow)
}

kind_of_rows <- function(synthetic_or_fit, kind) {
  if (!is.null(kind)) kind <- check_choice(kind, "kind", kind_names)
  if (!inherits(synthetic_or_fit, "gan_fit")) {
    return(if (is.null(kind)) "table" else kind)
  }
  fit_kind <- synthetic_or_fit$kind
  if (!is.null(kind) && kind != fit_kind) {
    stop_wanted("kind", sprintf("left out, or \"%s\" for a fit of that kind", fit_kind), kind)
  }
  fit_kind
}

# Real waves or images above generated ones, which are an array or are sampled from a fit
plot_beside <- function(synthetic_or_fit, real, kind = synthetic_or_fit$kind, rate = NULL, ...) {
  parts <- kind_parts(kind)
  if (inherits(synthetic_or_fit, "gan_fit")) {
    fit <- synthetic_or_fit
    real <- real_samples(real, fit)
    generate <- \(n) parts$as_samples(gan_sample(fit, n, seed = fit$seed))
    if (is.null(rate)) rate <- fit$rate
    limit <- count_samples(real)
  } else {
    generated <- parts$as_samples(synthetic_or_fit, "synthetic_or_fit")
    samples <- parts$as_samples(real, "real")
    parts$like(samples, generated, real)
    real <- samples
    generate <- \(n) generated
    limit <- min(count_samples(generated), count_samples(real))
  }
  parts$draw_beside(generate, real, limit, rate = rate, ...)
}

count_samples <- function(samples) if (is.list(samples)) length(samples) else dim(samples)[[1]]

only_for_tables <- function(kind, ...) {
  arguments <- list(...)
  for (name in names(arguments)) {
    if (!is.null(arguments[[name]])) stop_argument("`", name, "` must be left out for ", kind, "s.")
  }
}
