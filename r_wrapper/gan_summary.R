#' Compare the moments of real and generated columns
#'
#' @param object A fit made by [gan_fit()].
#' @param n Number of rows to generate, at least 2. They are drawn with the fit's seed,
#'   so that the same fit gives the same summary, and `.Random.seed` does not change.
#' @param x What `summary()` returned.
#' @param row.names,optional Ignored.
#' @param ... Nothing.
#' @return A list of class `summary.gan_fit`:
#'   \item{moments}{a data.frame with one row per column of numbers or dates: `column`, and mean, sd, min and max, each
#'     as `real_` and as `generated_`; dates in days and times in seconds since 1970. The real min and max are means of
#'     the lowest and the highest values of several rows, and values far beyond them count in mean and sd as if they
#'     lay nearer, see `k` in [gan_config()]}
#'   \item{shares}{a data.frame with one row per level, and one per column with missing values, whose `level` is `NA`:
#'     `column`, `level`, `real_share`, `generated_share`}
#'   \item{overall}{moments over all columns, one row; `NULL` for waves of different lengths}
#'   \item{relations}{what holds between columns, as in [gan_fit()]}
#'   \item{identifiers}{names of columns whose values are made up}
#'   \item{rare}{names of columns with levels that fewer than `k` rows have, which the model holds}
#'   \item{diagnosis}{problems of the fit and their remedies}
#'   \item{kind, rows, n, condition, types}{the kind of data; numbers of training and of generated rows; names of the
#'     conditions; types of the columns in `moments`}
#'   `as.data.frame()` returns moments and shares as one data.frame with a row for each statistic: `column`, `statistic`
#'   (`"mean"`, `"sd"`, `"min"`, `"max"` or `"share"`), `level` (of a share; `"(missing)"` for missing values), `real`
#'   and `generated`. If there are many columns, `print()` shows the overall row and a few evenly spaced columns. Bad
#'   arguments are an error of class `ganbridge_error`.
#' @seealso [plot.gan_fit()] for plots.
#' @examplesIf ganbridge::gan_available()
#' summary(gan_fit(faithful, epochs = 5, seed = 1))
#' @export
summary.gan_fit <- function(object, n = 10000, ...) {
  check_dots(...)
  n <- check_count(n, "n", low = 2L)
  sample <- moment_columns(gan_sample(object, n, seed = object$seed))
  has_moments <- !is.na(object$moments$mean)
  types <- rep_len(unlist(object$schema$types), nrow(object$moments))
  real <- object$moments[has_moments, c("mean", "sd", "min", "max")]
  generated <- column_moments(if (is.list(sample)) sample[has_moments] else sample)
  structure(
    list(
      moments = pair_moments(real, generated, column = column_labels(object)[has_moments]),
      shares = pair_shares(object$shares, sample),
      overall = if (!identical(object$schema$container, "list")) {
        pair_moments(
          pooled_moments(real, object$schema$rows), pooled_moments(generated, n),
          column = paste0("all ", column_word(object$kind), "s")
        )
      },
      types = types[has_moments],
      kind = object$kind, rows = object$schema$rows, n = n, diagnosis = object$diagnosis,
      condition = as.character(unlist(object$schema$condition)),
      identifiers = as.character(object$identifiers),
      rare = rare_levels(object),
      relations = object$relations
    ),
    class = "summary.gan_fit"
  )
}

# Columns with levels that fewer rows have than share what else a fit keeps, in words
rare_levels <- function(fit) {
  k <- if (is.null(fit$config[["k"]])) 1 else fit$config[["k"]] # `$k` would find `keep` in fits of 0.1.0
  levels <- fit$shares[!is.na(fit$shares$level), ]
  count <- table(levels$column[round(levels$share * fit$schema$rows) < k])
  if (length(count)) sprintf("%s (%d with fewer than %d rows)", names(count), as.integer(count), as.integer(k))
}

# The columns of the core's moments, in its order: for an array the points, channel by channel; for a list the lengths
# and the values of each channel.
moment_columns <- function(data) {
  if (is.data.frame(data) || is.matrix(data)) {
    data
  } else if (is.list(data)) {
    values <- do.call(rbind, lapply(data, as.matrix))
    c(list(vapply(data, NROW, 1L)), lapply(seq_len(ncol(values)), \(k) values[, k]))
  } else {
    matrix(data, nrow(data))
  }
}

column_moments <- function(data) {
  columns <- if (is.list(data)) lapply(data, as.double) else lapply(seq_len(ncol(data)), \(j) data[, j])
  moment <- \(f) vapply(columns, \(values) as.double(f(values[!is.na(values)])), 0, USE.NAMES = FALSE)
  data.frame(mean = moment(base::mean), sd = moment(sd), min = moment(min), max = moment(max))
}

# The shares of levels and missing values in the training data and in a sample
pair_shares <- function(shares, sample) {
  generated <- mapply(shares$column, shares$level, FUN = \(column, level) {
    values <- .subset2(sample, match(column, names(sample)))
    base::mean(if (is.na(level)) is.na(values) else !is.na(values) & values == level)
  })
  data.frame(
    column = shares$column, level = shares$level,
    real_share = shares$share, generated_share = as.numeric(generated)
  )
}

column_labels <- function(fit) {
  form <- fit$schema$container
  if (form == "list" || form != "array" && !is.null(fit$schema$names)) {
    fit$moments$name
  } else {
    paste(column_word(fit$kind), fit$moments$name)
  }
}

# A matrix, whose rows are the slices of an array along its first dimension
flat_array <- function(data) if (is.matrix(data)) data else matrix(data, dim(data)[[1]])

column_word <- function(kind) if (kind == "table") "column" else kind_parts(kind)$column

# The moments of all values, computed from those of the columns
pooled_moments <- function(moments, rows) {
  mean <- base::mean(moments$mean)
  count <- rows * nrow(moments)
  squares <- sum((rows - 1) * moments$sd^2 + rows * (moments$mean - mean)^2)
  data.frame(mean = mean, sd = sqrt(squares / (count - 1)), min = min(moments$min), max = max(moments$max))
}

pair_moments <- function(real, generated, column) {
  pairs <- lapply(names(real), function(moment) {
    pair <- data.frame(real[[moment]], generated[[moment]])
    names(pair) <- paste0(c("real_", "generated_"), moment)
    pair
  })
  data.frame(column = as.character(column), pairs)
}

#' @rdname summary.gan_fit
#' @export
as.data.frame.summary.gan_fit <- function( # nolint: object_name_linter.
  x, row.names = NULL, optional = FALSE, ...
) {
  check_dots(...)
  statistics <- c("mean", "sd", "min", "max")
  count <- nrow(x$moments)
  values <- \(side) as.numeric(t(as.matrix(x$moments[paste0(side, "_", statistics)])))
  moments <- data.frame(
    column = rep(x$moments$column, each = 4), statistic = rep(statistics, count), level = rep(NA_character_, 4 * count),
    real = values("real"), generated = values("generated")
  )
  shares <- data.frame(
    column = x$shares$column, statistic = rep("share", nrow(x$shares)),
    level = ifelse(is.na(x$shares$level), "(missing)", x$shares$level),
    real = x$shares$real_share, generated = x$shares$generated_share
  )
  rbind(moments, shares)
}

#' @export
format.summary.gan_fit <- function(x, limit = 12, ...) {
  what <- if (x$kind == "table") "rows" else kind_parts(x$kind)$rows
  c(
    sprintf("%d real and %d generated %s", x$rows, x$n, what),
    if (length(x$condition)) paste0("given: ", paste(x$condition, collapse = ", "), " (drawn as they occur)"),
    if (nrow(x$moments)) c("", moment_lines(x, limit)),
    if (nrow(x$shares)) c("", share_lines(x$shares, limit)),
    if (length(x$identifiers)) c("", strwrap(paste0("made up: ", toString(x$identifiers)), 100, exdent = 2)),
    relation_lines(x$relations, limit),
    if (length(x$rare)) c("", strwrap(paste0("rare levels that the model holds: ", toString(x$rare)), 100, exdent = 2)),
    if (length(x$diagnosis)) c("", strwrap(paste("!", x$diagnosis), width = 100, exdent = 2))
  )
}

# What holds in every generated row, and what does in training rows only
relation_lines <- function(relations, limit) {
  listed <- function(what, words) {
    more <- if (length(words) > limit) sprintf("%d more in $relations", length(words) - limit)
    words <- paste(c(utils::head(words, limit), more), collapse = "; ")
    if (nzchar(words)) c("", strwrap(paste0(what, ": ", words), 100, exdent = 2))
  }
  kept <- as.logical(relations$enforced)
  share <- ifelse(relations$holds < 1, sprintf(" (%.1f %% of rows)", floor(1000 * relations$holds) / 10), "")
  implied <- relations$implied_by
  if (is.null(implied)) implied <- rep("", length(kept)) # of a fit by an older version
  words <- paste0(relations$words, share, ifelse(nzchar(implied), paste0(" (implied by ", implied, ")"), ""))
  c(listed("always", words[kept]), listed("not enforced", words[!kept]))
}

moment_lines <- function(x, limit) {
  moments <- x$moments
  types <- x$types
  left_out <- nrow(moments) > limit
  if (left_out) {
    shown <- spread_over(nrow(moments), 5)
    moments <- rbind(x$overall, moments[shown, ])
    types <- c("double", types[shown])
  }
  values <- lapply(seq_len(nrow(moments)), \(i) format_moments(unlist(moments[i, -1]), types[[i]]))
  cells <- rbind(rep(c("real", "generated"), 4), do.call(rbind, values))
  width <- max(nchar(cells))
  cells[] <- formatC(cells, width = width)
  pairs <- sapply(seq(1, 7, 2), \(k) paste(cells[, k], cells[, k + 1]))
  heads <- formatC(c("mean", "sd", "min", "max"), width = -(2 * width + 1))
  label <- formatC(c("", "", moments$column), width = -max(nchar(moments$column)))
  c(
    sub(" +$", "", paste(label, apply(rbind(heads, pairs), 1, paste, collapse = " | "), sep = "  ")),
    if (left_out) sprintf("%d %ss; all of them are in $moments", nrow(x$moments), column_word(x$kind))
  )
}

# One line per column: the real and generated shares of its levels, the most frequent first
share_lines <- function(shares, limit) {
  columns <- unique(shares$column)
  lines <- lapply(utils::head(columns, limit), \(column) {
    levels <- shares[shares$column == column, ]
    levels <- levels[order(-levels$real_share), ]
    level <- ifelse(is.na(levels$level), "missing", levels$level)
    percent <- \(share) formatC(100 * share, digits = 1, format = "f")
    words <- sprintf("%s %s | %s", level, percent(levels$real_share), percent(levels$generated_share))
    more <- if (length(words) > 8) sprintf("%d more", length(words) - 8)
    strwrap(paste0(column, "  ", paste(c(utils::head(words, 8), more), collapse = ", ")), width = 100, exdent = 4)
  })
  c(
    "Levels and missing values, in percent, real | generated", unlist(lines),
    if (length(columns) > limit) sprintf("%d columns; all of them are in $shares", length(columns))
  )
}

# Four digits at the scale of the column (given by mean and sd, the first four values), so that a mean near zero does
# not show digits that are only noise
format_moments <- function(values, type = "double") {
  if (type %in% c("date", "datetime")) {
    return(format_times(values, type))
  }
  scale <- max(abs(values[1:4]))
  decimals <- if (scale > 0) min(max(3 - floor(log10(scale)), 0), 12) else 0
  if (scale >= 1e7 || scale > 0 && scale < 1e-4) {
    return(formatC(values, digits = 3, format = "e"))
  }
  sub("^-(0(\\.0*)?)$", "\\1", formatC(values, digits = decimals, format = "f"))
}

# Means, minima and maxima as dates, standard deviations (the third and fourth value) in days
format_times <- function(values, type) {
  day <- if (type == "date") 1 else 86400
  shown <- format(structure(floor(values / day), class = "Date"))
  shown[3:4] <- paste(formatC(values[3:4] / day, digits = 1, format = "f"), "days")
  shown
}

#' @export
print.summary.gan_fit <- function(x, ...) {
  cat(format(x, ...), sep = "\n")
  invisible(x)
}
