#' Draw real rows beside generated ones
#'
#' Real rows are grey, generated ones blue. By column: numbers and dates are histograms, factors, logicals and
#' texts are bars in the order of their levels (of texts, in the order of their frequency). The share of missing
#' values has a bar of its own. By pair: scatter plots whose contours hold the densest 90 and 50 percent of the
#' rows, boxes where one column has levels, and tiles where both have (left half real, right half generated; the
#' darker, the more rows). Whole numbers with at most twelve different values count as levels; of more than ten
#' levels the most frequent nine are drawn, and "other".
#'
#' @param synthetic_or_fit Generated rows (a data.frame or a matrix), or a fit made by [gan_fit()], which is asked for
#'   as many rows as it was made from (at most 5,000) with its own seed. Of waves and images, real ones are drawn
#'   above generated ones, as many as there are of both.
#' @param real The real rows, with the same columns; further ones are not drawn.
#' @param by `"column"` or `"pair"`.
#' @param columns Which columns, by name or number. `NULL` draws at most twelve panels.
#' @param nrow Number of rows of panels. `NULL` chooses.
#' @param kind `"table"`, `"wave"` or `"image"`. `NULL` takes the fit's kind, and `"table"` without a fit, as
#'   [gan_evaluate()] does.
#' @param rate Points of a wave per second (Hz), for an axis of time. `NULL` takes the fit's own.
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
    shown <- compared(synthetic_or_fit, real, by, columns)
    if (by == "pair") draw_pairs(shown, nrow) else draw_columns(shown, nrow)
  }
  invisible(synthetic_or_fit)
}

kind_of_rows <- function(synthetic_or_fit, kind) {
  if (!is.null(kind)) kind <- check_choice(kind, "kind", c("table", "wave", "image"))
  if (!inherits(synthetic_or_fit, "gan_fit")) {
    return(if (is.null(kind)) "table" else kind)
  }
  own <- synthetic_or_fit$kind
  if (!is.null(kind) && kind != own) {
    stop_wanted("kind", sprintf("left out, or \"%s\" for a fit of that kind", own), kind)
  }
  own
}

most_rows <- 5000 # that a fit is asked for, to lie beside real ones

# The chosen columns, each as a list of the real and the generated one.
compared <- function(synthetic_or_fit, real, by, columns) {
  if (inherits(synthetic_or_fit, "gan_fit")) {
    fit <- check_fit(synthetic_or_fit)
    synthetic_or_fit <- gan_sample(fit, min(fit$schema$rows, most_rows), seed = fit$seed)
  }
  generated <- new_source("synthetic_or_fit", synthetic_or_fit)
  truth <- new_source("real", real)
  chosen <- choose_columns(generated, columns, by)
  if (by == "pair" && length(chosen$places) < 2) {
    stop_wanted("columns", "at least two columns for pairs", generated$names[chosen$places])
  }
  places <- places_in(generated, truth, chosen$places)
  parts <- Map(\(i, j) together(list(source_column(truth, j), source_column(generated, i))), chosen$places, places)
  list(parts = parts, names = generated$names[chosen$places], note = chosen$note)
}

draw_columns <- function(shown, nrow) {
  old <- open_grid(page_grid(length(shown$parts), nrow))
  on.exit(par(old))
  colours <- c(ink$real, ink$generated)
  for (i in seq_along(shown$parts)) {
    parts <- shown$parts[[i]]
    left_margin(if (is_continuous(parts[[1]])) character() else short(parts[[1]]$levels, 18))
    draw_column(parts, colours, short(shown$names[[i]]))
  }
  draw_page_key(c("real", "generated"), colours, shown$note)
}

draw_pairs <- function(shown, nrow) {
  pairs <- combn(length(shown$parts), 2, simplify = FALSE)
  old <- open_grid(page_grid(length(pairs), nrow))
  on.exit(par(old))
  colours <- c(ink$real, ink$generated)
  for (pair in pairs) {
    x <- shown$parts[[pair[[1]]]]
    y <- shown$parts[[pair[[2]]]]
    left_margin(axis_words(y))
    bottom_margin(x)
    names <- short(shown$names[pair])
    wide <- is_continuous(y[[1]])
    draw_pair(x, y, colours, xlab = names[[1]], ylab = if (wide) names[[2]], title = if (!wide) names[[2]])
  }
  draw_page_key(c("real", "generated"), colours, pairs_note(shown))
}

tiles_note <- "Tiles: left half real, right half generated; the darker, the more rows."

pairs_note <- function(shown) {
  points <- max(lengths(lapply(unlist(shown$parts, recursive = FALSE), `[[`, "values")))
  kinds <- vapply(shown$parts, \(parts) is_continuous(parts[[1]]), NA)
  paste(c(
    if (nzchar(shown$note)) shown$note,
    if (sum(kinds) > 1 && points > most_points) points_note,
    if (sum(!kinds) > 1) tiles_note
  ), collapse = " ")
}

# Real waves or images above generated ones, which a fit or an array has.
plot_beside <- function(synthetic_or_fit, real, kind = synthetic_or_fit$kind, rate = NULL, ...) {
  if (inherits(synthetic_or_fit, "gan_fit")) {
    fit <- synthetic_or_fit
    real <- real_things(real, fit)
    generated <- \(n) things(gan_sample(fit, n, seed = fit$seed), kind)
    if (is.null(rate)) rate <- fit$rate
    limit <- count_things(real)
  } else {
    made <- things(synthetic_or_fit, kind, "synthetic_or_fit")
    real <- things_like(made, real, kind)
    generated <- \(n) made
    limit <- min(count_things(made), count_things(real))
  }
  if (kind == "wave") {
    plot_waves_beside(generated, real, limit, rate = rate, ...)
  } else {
    plot_images_beside(generated, real, limit, ...)
  }
}

# Waves as a list of matrices, images as an array of four dimensions.
things <- function(x, kind, argument = "x") {
  if (kind == "image") {
    as_images(x, argument)
  } else {
    wave_list(if (is.data.frame(x)) as.matrix(x) else x, argument)
  }
}

count_things <- function(things) if (is.list(things)) length(things) else dim(things)[[1]]

# Real ones of the same channels or pixels as those that were made.
things_like <- function(made, real, kind) {
  there <- things(real, kind, "real")
  if (kind == "image" && !identical(dim(there)[-1], dim(made)[-1])) {
    wanted <- dim(made)[-1]
    stop_image_size(if (wanted[[3]] == 1) wanted[1:2] else wanted, real)
  }
  channels <- if (kind == "wave") ncol(made[[1]])
  if (kind == "wave" && ncol(there[[1]]) != channels) {
    words <- sprintf("waves of %d channel%s, as the generated ones", channels, if (channels > 1) "s" else "")
    stop_wanted("real", words, real)
  }
  there
}

stop_image_size <- function(size, real) {
  stop_wanted("real", sprintf("images of %s pixels, as the generated ones", paste(size, collapse = " x ")), real)
}

only_for_tables <- function(kind, ...) {
  arguments <- list(...)
  for (name in names(arguments)) {
    if (!is.null(arguments[[name]])) stop_ganbridge("`", name, "` must be left out for ", kind, "s.")
  }
}
