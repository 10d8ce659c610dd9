# A data set on its way to the core and back: data.frame or matrix <-> data dict.
# Pure R, no Python. A data dict is
#   matrix:     list(container = "matrix", values = <n x p doubles>, type =, names =)
#   data.frame: list(container = "data.frame", columns = list(list(name =, type =, values =), ...))
#   array:      list(container = "array", values = <n x ... doubles or integers>, type =, names =)
# with type "double" or "integer". Whatever else a column will one day need (levels, a
# missing mask) stands beside `values` and is put there by column_to_core(). The core looks at
# the values (NA becomes NaN on the way); here only types are looked at, which it never sees.

data_to_core <- function(data) {
  if (is.data.frame(data)) {
    frame_to_core(data)
  } else if (is.matrix(data)) {
    matrix_to_core(data)
  } else if (length(dim(data)) > 2) {
    array_to_core(data)
  } else {
    stop_wanted("data", "a data.frame, a matrix or an array", data, data_remedy(data))
  }
}

data_remedy <- function(data) {
  if (is.numeric(data) && is.null(dim(data))) {
    "Wrap one column as data.frame(x = ...)."
  } else if (is.character(data) && length(data) == 1) {
    "Read the file first, for example with read.csv()."
  }
}

matrix_to_core <- function(data) {
  if (!is.numeric(data) || is.object(data)) {
    stop_wanted("data", "a numeric matrix", data, "Drop what is not numeric or turn it into numbers first.")
  }
  names <- colnames(data)
  list(
    container = "matrix",
    values = matrix(as.double(data), nrow(data), ncol(data)),
    type = if (is.integer(data)) "integer" else "double",
    names = if (!is.null(names)) as.list(names)
  )
}

# There may be many images: they go as they are, without a copy. NA, which Python's integers do
# not know, becomes NaN.
array_to_core <- function(data) {
  if (!is.numeric(data) || is.object(data)) {
    stop_wanted("data", "a numeric array", data, "Turn it into numbers first.")
  }
  names <- dimnames(data)[[length(dim(data))]]
  type <- if (is.integer(data)) "integer" else "double"
  if (is.integer(data) && anyNA(data)) {
    storage.mode(data) <- "double"
  }
  dimnames(data) <- NULL
  list(container = "array", values = data, type = type, names = if (!is.null(names)) as.list(names))
}

frame_to_core <- function(data) {
  columns <- lapply(seq_along(data), function(j) column_to_core(data[[j]], names(data)[[j]]))
  list(container = "data.frame", columns = columns)
}

column_to_core <- function(values, name) {
  if (!is.numeric(values) || is.object(values) || !is.null(dim(values))) {
    stop_ganbridge(
      "Column ", came(name), " of `data` must be numeric, not ", column_kind(values),
      ". Drop it or turn it into numbers first."
    )
  }
  list(
    name = name,
    type = if (is.integer(values)) "integer" else "double",
    values = as.array(as.double(values))
  )
}

column_kind <- function(values) {
  if (is.factor(values)) {
    "a factor"
  } else if (is.object(values)) {
    paste("of class", class(values)[[1]])
  } else if (!is.null(dim(values))) {
    "a matrix"
  } else if (is.list(values)) {
    "a list"
  } else {
    typeof(values)
  }
}

data_from_core <- function(data) {
  switch(data$container,
    data.frame = frame_from_core(data),
    array = array_from_core(data),
    matrix_from_core(data)
  )
}

array_from_core <- function(data) {
  values <- as_column_type(data$values, data$type)
  names <- unlist(data$names)
  dimnames(values) <- if (!is.null(names)) {
    c(rep(list(NULL), length(dim(values)) - 1), list(as.character(names)))
  }
  values
}

matrix_from_core <- function(data) {
  values <- as_column_type(data$values, data$type)
  names <- unlist(data$names)
  dimnames(values) <- if (!is.null(names)) list(NULL, as.character(names))
  values
}

frame_from_core <- function(data) {
  columns <- lapply(data$columns, function(column) as_column_type(as.vector(column$values), column$type))
  names(columns) <- vapply(data$columns, function(column) column$name, "")
  # Not data.frame(): it would mend duplicated and odd names.
  structure(columns, row.names = .set_row_names(length(columns[[1]])), class = "data.frame")
}

# A model saved from Python may hold integers that R has no type for; they stay doubles.
as_column_type <- function(values, type) {
  if (identical(type, "integer") && !is.integer(values) && all(abs(values) <= .Machine$integer.max)) {
    values <- round(values)
    storage.mode(values) <- "integer"
  }
  values
}
