#' Ranges and sets for gan_sample()
#'
#' What [gan_sample()] and [gan_interpolate()] take in `given` beside single values: `gan_range()` for all values from
#' the lowest to the highest one, both included, and `gan_levels()` for any of several values.
#'
#' @param low,high Numbers, Dates or POSIXct, or levels of an ordered factor. `NULL` leaves that end open.
#' @param ... Levels, numbers or dates; `NA` for a missing value.
#' @return `gan_range()` returns a list of class `gan_range`, `gan_levels()` one of class `gan_levels`; both
#'   have one element, `values`: the two ends (`NA` if open), or the levels. Bad arguments are an error of class
#'   `ganbridge_error`.
#' @seealso [gan_sample()]
#' @examples
#' gan_range(60, 80)
#' gan_range(high = as.Date("2024-03-31"))
#' gan_levels("Masters", "Doctorate")
#' @export
gan_range <- function(low = NULL, high = NULL) {
  check_end(low, "low")
  check_end(high, "high")
  if (is.null(low) && is.null(high)) {
    stop_argument("`low` or `high` must be set, not left out both.")
  }
  low <- if (is.null(low)) NA else low
  high <- if (is.null(high)) NA else high
  # The first value decides the class of c(): an open end has none.
  ends <- if (is.na(low)) rev(c(high, low)) else c(low, high)
  structure(list(values = ends), class = "gan_range")
}

#' @rdname gan_range
#' @export
gan_levels <- function(...) {
  values <- c(...)
  if (length(values) == 0 || !is.atomic(values)) {
    stop_wanted("...", "one or more levels, numbers or dates", values)
  }
  structure(list(values = unique(values)), class = "gan_levels")
}

check_end <- function(value, name) {
  if (!is.null(value) && (!is.atomic(value) || length(value) != 1 || is.na(value))) {
    stop_wanted(name, "one number, date, time or level, or NULL for an open end", value)
  }
}

#' @export
format.gan_range <- function(x, ...) {
  ends <- ifelse(is.na(x$values), "", format(x$values, trim = TRUE))
  sub(" $", " (open)", sub("^ ", "(open) ", paste(ends, collapse = " to ")))
}

#' @export
format.gan_levels <- function(x, ...) {
  values <- ifelse(is.na(x$values), "missing", as.character(x$values))
  paste(values, collapse = " or ")
}

#' @export
print.gan_range <- function(x, ...) {
  cat("<gan_range> ", format(x), "\n", sep = "")
  invisible(x)
}

#' @export
print.gan_levels <- function(x, ...) {
  cat("<gan_levels> ", format(x), "\n", sep = "")
  invisible(x)
}
