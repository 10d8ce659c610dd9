# Conversion of data other than tables to the core's data dicts and back: arrays of three or more dimensions, and
# lists of waves of different lengths. No Python is needed. The data dicts are
#   array: list(container = "array", values = <n x ... doubles or integers>, type =, names = <names of the channels>)
#   list:  list(container = "list", values = <sum of lengths x channels doubles>, lengths =,
#               flat = <whether the waves are vectors, not matrices>, type =, names = <names of the channels>)

# Images may be large, so they are passed without a copy. NA becomes NaN, because Python's integers have no NA.
array_to_core <- function(data, argument = "data") {
  if (!is.numeric(data) || is.object(data)) {
    stop_wanted(argument, "a numeric array", data, "Convert it to numbers first.")
  }
  names <- dimnames(data)[[length(dim(data))]]
  type <- if (is.integer(data)) "integer" else "double"
  if (is.integer(data) && anyNA(data)) {
    storage.mode(data) <- "double"
  }
  dimnames(data) <- NULL
  list(container = "array", values = data, type = type, names = if (!is.null(names)) as.list(names))
}

array_from_core <- function(data) {
  values <- as_column_type(data$values, data$type)
  names <- unlist(data$names)
  if (!is.null(names)) {
    dimnames(values) <- c(vector("list", length(dim(values)) - 1), list(as.character(names)))
  }
  values
}

list_to_core <- function(data, argument = "data") {
  valid <- vapply(data, \(wave) is.numeric(wave) && !is.object(wave) && length(dim(wave)) %in% c(0, 2), NA)
  if (length(data) == 0 || !all(valid)) {
    stop_wanted(
      argument, "a list of waves, each a numeric vector or a numeric matrix of points by channels",
      if (length(data)) data[[which(!valid)[[1]]]] else data,
      if (length(data)) sprintf("See wave %d.", which(!valid)[[1]])
    )
  }
  check_channels(data, argument)
  first <- data[[1]]
  list(
    container = "list",
    values = do.call(rbind, lapply(data, as_wave)),
    lengths = as.array(vapply(data, NROW, 1L, USE.NAMES = FALSE)),
    flat = is.null(dim(first)),
    type = if (all(vapply(data, is.integer, NA))) "integer" else "double",
    names = if (!is.null(colnames(first))) as.list(colnames(first))
  )
}

check_channels <- function(data, argument) {
  channels <- vapply(data, \(wave) if (is.null(dim(wave))) 0L else ncol(wave), 1L)
  unequal <- which(channels != channels[[1]])
  if (length(unequal) > 0) {
    words <- ifelse(channels[c(1, unequal[[1]])] == 0, "none (a vector)", channels[c(1, unequal[[1]])])
    stop_argument(
      "`", argument, "` must have the same number of channels in every wave, not ", words[[1]], " in wave 1 and ",
      words[[2]], " in wave ", unequal[[1]], "."
    )
  }
}

# A wave as a matrix of doubles, points by channels
as_wave <- function(wave) matrix(as.double(wave), NROW(wave), NCOL(wave))

list_from_core <- function(data) {
  values <- as_column_type(data$values, data$type)
  names <- unlist(data$names)
  colnames(values) <- if (!is.null(names)) as.character(names)
  ends <- cumsum(as.vector(data$lengths))
  starts <- c(0, ends[-length(ends)]) + 1
  lapply(seq_along(ends), function(i) {
    wave <- values[starts[[i]]:ends[[i]], , drop = FALSE]
    if (isTRUE(data$flat)) as.vector(wave) else wave
  })
}
