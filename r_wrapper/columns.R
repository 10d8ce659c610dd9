# A data set on its way to the core and back: data.frame or matrix <-> data dict.
# Pure R, no Python. A data dict is
#   matrix:     list(container = "matrix", values = <n x p doubles>, type =, names =)
#   data.frame: list(container = "data.frame", columns = list(list(name =, type =, values =), ...))
# with type "double" or "integer". Whatever else a column will one day need (levels, a
# missing mask) stands beside `values` and is put there by column_to_core().

data_to_core <- function(data) {
  if (is.data.frame(data)) {
    frame_to_core(data)
  } else if (is.matrix(data)) {
    matrix_to_core(data)
  } else {
    stop_wanted("data", "a data.frame or a matrix", data, data_remedy(data))
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
    stop_wanted("data", "a numeric matrix", data, "Text and categories have to be left out or coded as numbers.")
  }
  for (j in which(!is.finite(colSums(data)))) {
    check_complete(data[, j], matrix_column(data, j))
  }
  names <- colnames(data)
  list(
    container = "matrix",
    values = matrix(as.double(data), nrow(data), ncol(data)),
    type = if (is.integer(data)) "integer" else "double",
    names = if (!is.null(names)) as.list(names)
  )
}

matrix_column <- function(data, j) {
  name <- colnames(data)[j]
  if (is.null(name) || is.na(name) || !nzchar(name)) paste("Column", j) else sprintf("Column `%s`", name)
}

frame_to_core <- function(data) {
  columns <- lapply(seq_along(data), function(j) column_to_core(data[[j]], names(data)[[j]]))
  list(container = "data.frame", columns = columns)
}

column_to_core <- function(values, name) {
  label <- sprintf("Column `%s`", name)
  if (!is.numeric(values) || is.object(values) || !is.null(dim(values))) {
    stop_ganbridge(
      label, " of `data` must be numeric or integer, not ", column_kind(values), ". ",
      if (is.logical(values) || is.factor(values)) "Code it as numbers" else "Turn it into numbers",
      ", or leave the column out."
    )
  }
  check_complete(values, label)
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

check_complete <- function(values, label) {
  missing <- which(is.na(values))
  if (length(missing) > 0) {
    stop_ganbridge(
      label, " of `data` must have no missing values, not ", length(missing), " (", row_list(missing),
      "). Remove these rows, for example with na.omit(), or fill them."
    )
  }
  infinite <- which(is.infinite(values))
  if (length(infinite) > 0) {
    stop_ganbridge(
      label, " of `data` must be finite, not ", values[infinite[[1]]], " (", row_list(infinite),
      "). Remove or replace these rows."
    )
  }
}

row_list <- function(rows, limit = 3) {
  shown <- paste(head(rows, limit), collapse = ", ")
  more <- if (length(rows) > limit) sprintf(" and %d more", length(rows) - limit)
  paste0(if (length(rows) > 1) "rows " else "row ", shown, more)
}

data_from_core <- function(data) {
  if (identical(data$container, "data.frame")) frame_from_core(data) else matrix_from_core(data)
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
  if (identical(type, "integer") && all(abs(values) <= .Machine$integer.max)) {
    values <- round(values)
    storage.mode(values) <- "integer"
  }
  values
}
