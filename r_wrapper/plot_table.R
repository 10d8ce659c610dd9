# What the core knows of a table's plot, and its panels

# A data set of a plot as the core takes it: a data.frame, a matrix, or one column as a vector
table_to_plot <- function(data, argument) {
  is_vector <- (is.atomic(data) || is.factor(data)) && is.null(dim(data)) && !is.null(data)
  if (is_vector && !(is.character(data) && length(data) == 1)) {
    # Not as.matrix(), which would convert factors and dates to text.
    data <- structure(list(value = data), row.names = .set_row_names(length(data)), class = "data.frame")
  }
  if (is.matrix(data) && !is.numeric(data)) data <- as.data.frame(data, stringsAsFactors = FALSE)
  if (!is.data.frame(data) && !is.matrix(data)) {
    stop_wanted(argument, "a data.frame or a matrix", data)
  }
  if (nrow(data) < 1 || ncol(data) < 1) {
    stop_wanted(argument, "data with at least one row and one column", data)
  }
  data_to_core(data, argument)
}

# The chosen columns as the core counts them, from 0. `names`: of all columns, or their number
column_indices <- function(columns, data) {
  if (is.null(columns)) {
    return(NULL)
  }
  count <- if (is.null(dim(data))) 1 else ncol(data)
  names <- if (is.null(dim(data))) "value" else colnames(data)
  wanted <- "names of columns, or their numbers"
  if (!(is.character(columns) || is.numeric(columns)) || is.object(columns)) {
    stop_wanted("columns", wanted, columns)
  }
  if (length(columns) == 0) stop_wanted("columns", paste0(wanted, ", at least one"), columns)
  lapply(seq_along(columns), \(i) {
    argument <- sprintf("columns[%d]", i)
    name <- columns[[i]]
    if (is.numeric(name)) {
      if (!is_whole(name, 1, count)) stop_wanted(argument, paste("a whole number from 1 to", count), name)
      return(as.integer(name) - 1L)
    }
    match(check_choice(name, argument, unique(names)), names) - 1L
  })
}

# New rows of a fit, also beside real ones: one column as a histogram or bars, two as a scatter plot with contours, more
# as a panel for each
draw_table <- function(fit, real = NULL, n = NULL, columns = NULL, nrow = NULL) {
  names <- unlist(fit$schema$names)
  shape <- matrix(0, 0, nrow(fit$moments), dimnames = list(NULL, names))
  columns <- column_indices(columns, shape)
  count <- if (is.null(columns)) ncol(shape) else length(columns)
  if (is.null(n)) n <- min(fit$schema$rows, 2000)
  shown <- call_core(
    "plot_compare", if (!is.null(real)) data_to_core(real, "real"),
    model = fit$model, rows = check_count(n, "n"), by = if (count == 2) "pair" else "column", columns = columns
  )
  draw_comparison(shown, nrow)
}

draw_comparison <- function(shown, nrow) {
  parts <- if (length(shown$pairs) > 0) shown$pairs else shown$marginals
  panels <- lapply(parts, panel_marks)
  draw_panels(panels, unlist(shown$sources), as.double(shown$counts), note = shown$note, nrow = nrow)
}
