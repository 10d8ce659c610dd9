#' Draw real rows beside generated ones
#'
#' Real rows are grey, generated ones blue. By column: numbers and dates are drawn as histograms, factors, logicals and
#' texts as bars in the order of their levels (for texts, in the order of their frequency). The share of missing
#' values has a separate bar. By pair: scatter plots whose contours hold the densest 90 and 50 percent of the
#' rows, boxes if one column has levels, and tiles if both have (left half real, right half generated; the
#' darker, the more rows). Whole numbers with at most twelve different values count as levels. If there are more than
#' ten levels, the most frequent nine are drawn, and "other".
#'
#' @param synthetic_or_fit Generated rows (a data.frame or a matrix), or a fit made by [gan_fit()], from which as many
#'   rows are sampled as it was trained on (at most 5,000), with its seed. Real waves and images are drawn above
#'   generated ones, equally many of both.
#' @param real The real rows, with the same columns; further columns are not drawn.
#' @param by `"column"` or `"pair"`.
#' @param columns The columns to draw, by name or number. `NULL` draws at most twelve panels.
#' @param nrow Number of rows of panels. `NULL` chooses it.
#' @param kind `"table"`, `"wave"` or `"image"`. `NULL` takes the fit's kind, and `"table"` without a fit, as
#'   [gan_evaluate()] does.
#' @param rate Points of a wave per second (Hz), for a time axis. `NULL` takes the fit's rate.
#' @return `synthetic_or_fit`, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [plot.gan_fit()], [plot_training()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1)
#' plot_compare(fit, faithful)
#' plot_compare(fit, faithful, by = "pair")
#' @examples
#' plot_compare(iris[1:75, ], iris)
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
    plot_beside(synthetic_or_fit, real, kind, nrow = nrow, rate = rate)
  } else {
    comparison <- compare_columns(synthetic_or_fit, real, by, columns)
    if (by == "pair") draw_pairs(comparison, nrow) else draw_columns(comparison, nrow)
  }
  invisible(synthetic_or_fit)
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

most_rows <- 5000 # sampled from a fit for a comparison

# The chosen columns, each as a list of the real and the generated column
compare_columns <- function(synthetic_or_fit, real, by, columns) {
  if (inherits(synthetic_or_fit, "gan_fit")) {
    fit <- check_fit(synthetic_or_fit)
    synthetic_or_fit <- gan_sample(fit, min(fit$schema$rows, most_rows), seed = fit$seed)
  }
  generated <- new_source("synthetic_or_fit", synthetic_or_fit)
  truth <- new_source("real", real)
  chosen <- choose_columns(generated, columns, by)
  if (by == "pair" && length(chosen$indices) < 2) {
    stop_wanted("columns", "at least two columns for pairs", generated$names[chosen$indices])
  }
  indices <- indices_in(generated, truth, chosen$indices)
  align <- \(i, j) align_columns(list(source_column(truth, j), source_column(generated, i)))
  list(parts = Map(align, chosen$indices, indices), names = generated$names[chosen$indices], note = chosen$note)
}

draw_columns <- function(comparison, nrow) {
  old <- open_grid(page_grid(length(comparison$parts), nrow))
  on.exit(par(old))
  colours <- c(ink$real, ink$generated)
  for (i in seq_along(comparison$parts)) {
    parts <- comparison$parts[[i]]
    left_margin(if (is_continuous(parts[[1]])) character() else short(parts[[1]]$levels, 18))
    draw_column(parts, colours, short(comparison$names[[i]]))
  }
  draw_page_key(c("real", "generated"), colours, comparison$note)
}

draw_pairs <- function(comparison, nrow) {
  pairs <- combn(length(comparison$parts), 2, simplify = FALSE)
  old <- open_grid(page_grid(length(pairs), nrow))
  on.exit(par(old))
  colours <- c(ink$real, ink$generated)
  for (pair in pairs) {
    x <- comparison$parts[[pair[[1]]]]
    y <- comparison$parts[[pair[[2]]]]
    left_margin(axis_words(y))
    bottom_margin(x)
    names <- short(comparison$names[pair])
    continuous <- is_continuous(y[[1]])
    ylab <- if (continuous) names[[2]]
    draw_pair(x, y, colours, xlab = names[[1]], ylab = ylab, title = if (!continuous) names[[2]])
  }
  draw_page_key(c("real", "generated"), colours, pairs_note(comparison))
}

tiles_note <- "Tiles: left half real, right half generated; the darker, the more rows."

pairs_note <- function(comparison) {
  points <- max(lengths(lapply(unlist(comparison$parts, recursive = FALSE), `[[`, "values")))
  continuous <- vapply(comparison$parts, \(parts) is_continuous(parts[[1]]), NA)
  paste(c(
    if (nzchar(comparison$note)) comparison$note,
    if (sum(continuous) > 1 && points > most_points) points_note,
    if (sum(!continuous) > 1) tiles_note
  ), collapse = " ")
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
