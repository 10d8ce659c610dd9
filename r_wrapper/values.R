# A column as plots show it: numbers, dates, or categories in an order, each with missing values. It is a list of name,
# column_type ("number", "time", "category"), values (numbers, days since 1970, or indices of levels; NA if missing),
# levels, ordered (whether the order of the levels has a meaning) and rising (whether the levels are numbers). The plots
# of the Python core follow the same rules.

most_levels <- 10 # categories shown separately; rarer ones are combined into "other"
few_values <- 12 # whole numbers with at most so many different values are shown as levels
type_words <- c(number = "numbers", time = "dates", category = "categories")

new_plot_column <- function(name, column_type, values, levels = character(), ordered = TRUE, rising = FALSE) {
  values[!is.finite(values)] <- NA # infinite values cannot be drawn
  list(
    name = name, column_type = column_type, values = values, levels = levels, ordered = ordered, rising = rising
  )
}

plot_column <- function(values, name, argument) {
  if (is.factor(values)) {
    new_plot_column(name, "category", as.double(values), levels(values))
  } else if (is.logical(values)) {
    new_plot_column(name, "category", values + 1, c("FALSE", "TRUE"))
  } else if (inherits(values, "Date")) {
    new_plot_column(name, "time", as.double(values))
  } else if (inherits(values, "POSIXt")) {
    new_plot_column(name, "time", clock_days(as.POSIXlt(values)))
  } else if (inherits(values, "difftime")) {
    new_plot_column(paste(name, "(days)"), "number", as.double(values, units = "days"))
  } else if (is.numeric(values)) {
    new_plot_column(name, "number", as.double(values))
  } else if (is.character(values)) {
    levels <- sort(unique(values), method = "radix")
    new_plot_column(name, "category", as.double(match(values, levels)), levels, ordered = FALSE)
  } else {
    stop_argument(
      "column ", came(name), " of `", argument, "` must hold numbers, texts, categories or dates, not ",
      column_kind(values), ". Drop it first."
    )
  }
}

# Days since 1970, in local time of the column's time zone
clock_days <- function(time) {
  as.double(as.Date(time)) + (time$hour * 3600 + time$min * 60 + time$sec) / 86400
}

is_continuous <- function(column) column$column_type != "category"

present <- function(column) column$values[!is.na(column$values)]

missing_share <- function(column) mean(is.na(column$values))

# A data set as a source of plot columns
new_source <- function(argument, data) {
  is_vector <- (is.atomic(data) || is.factor(data)) && is.null(dim(data)) && !is.null(data)
  if (is_vector && !(is.character(data) && length(data) == 1)) {
    # Not as.matrix(), which would convert factors and dates to text.
    data <- structure(list(value = data), row.names = .set_row_names(length(data)), class = "data.frame")
  }
  if (!is.data.frame(data) && !is.matrix(data)) {
    stop_wanted(argument, "a data.frame or a matrix", data)
  }
  if (nrow(data) < 1 || ncol(data) < 1) {
    stop_wanted(argument, "data with at least one row and one column", data)
  }
  named <- !is.null(colnames(data))
  names <- if (named) colnames(data) else paste("column", seq_len(ncol(data)))
  list(argument = argument, data = data, named = named, names = names, rows = nrow(data))
}

source_column <- function(source, index) {
  data <- source$data
  values <- if (is.data.frame(data)) data[[index]] else data[, index]
  plot_column(values, source$names[[index]], source$argument)
}

# The indices of the chosen columns in `other`: by name if both have names, otherwise the same indices
indices_in <- function(source, other, chosen) {
  if (source$named && other$named) {
    wanted <- source$names[chosen]
    absent <- wanted[!wanted %in% other$names]
    if (length(absent) > 0) {
      available <- paste0("\"", head(other$names, 6), "\"", collapse = ", ")
      stop_argument(
        "`", other$argument, "` must have the columns of the generated data, but ", came(absent[[1]]),
        " is not among ", available, if (length(other$names) > 6) ", ...", "."
      )
    }
    return(vapply(chosen, \(i) same_occurrence(source$names, other$names, i), 1L))
  }
  if (length(source$names) != length(other$names)) {
    stop_wanted(other$argument, sprintf("data with %d columns", length(source$names)), other$data)
  }
  chosen
}

# The same occurrence of a name, because names may repeat.
same_occurrence <- function(names, others, i) {
  matches <- which(others == names[[i]])
  matches[[min(sum(names[seq_len(i)] == names[[i]]), length(matches))]]
}

# Corresponding columns of several data sets, converted to the same type and levels, in the first one's order. Whole
# numbers with few different values become levels, rare levels "other", and missing categories the level "missing".
align_columns <- function(columns, argument = "real") {
  types <- vapply(columns, `[[`, "", "column_type")
  if (length(unique(types)) > 1) {
    if ("time" %in% types) {
      stop_argument(
        "column ", came(columns[[1]]$name), " of `", argument, "` must hold ", type_words[[types[[length(types)]]]],
        " as the generated one does, not ", type_words[[types[[1]]]], ". Give both the same type first."
      )
    }
    columns <- lapply(columns, as_levels)
  } else if (types[[1]] == "number" && has_few_values(columns)) {
    columns <- lapply(columns, as_levels)
  }
  if (is_continuous(columns[[1]])) columns else with_missing_level(with_common_levels(columns))
}

has_few_values <- function(columns) {
  different <- unique(unlist(lapply(columns, present)))
  count <- length(different)
  rows <- max(vapply(columns, \(column) length(present(column)), 1L))
  count > 1 && count <= few_values && all(different == floor(different)) && 4 * count <= rows
}

as_levels <- function(column) {
  if (!is_continuous(column)) {
    return(column)
  }
  different <- sort(unique(present(column)))
  levels <- vapply(different, format, "", digits = 15)
  new_plot_column(column$name, "category", as.double(match(column$values, different)), levels, rising = TRUE)
}

with_common_levels <- function(columns) {
  rising <- all(vapply(columns, `[[`, NA, "rising"))
  union <- unique(unlist(lapply(columns, `[[`, "levels")))
  if (rising) union <- union[order(as.double(union))]
  recoded <- lapply(columns, \(column) {
    values <- as.double(match(column$levels, union))[column$values]
    new_plot_column(column$name, "category", values, union, column$ordered, rising)
  })
  first <- recoded[[if (length(present(recoded[[1]])) > 0) 1 else length(recoded)]]
  frequent <- order(-tabulate(present(first), length(union)), seq_along(union))
  kept <- if (length(union) > most_levels) frequent[seq_len(most_levels - 1)] else frequent
  if (first$ordered) kept <- sort(kept)
  lapply(recoded, keep_levels, kept)
}

# Only the levels `kept`, in that order, and one level for all others
keep_levels <- function(column, kept) {
  others <- length(column$levels) - length(kept)
  codes <- match(seq_along(column$levels), kept, nomatch = length(kept) + 1)
  levels <- c(column$levels[kept], if (others > 0) sprintf("other (%d levels)", others))
  new_plot_column(column$name, "category", as.double(codes[column$values]), levels, column$ordered, column$rising)
}

with_missing_level <- function(columns) {
  if (!anyNA(unlist(lapply(columns, `[[`, "values")))) {
    return(columns)
  }
  lapply(columns, \(column) {
    column$levels <- c(column$levels, "missing")
    column$values[is.na(column$values)] <- length(column$levels)
    column
  })
}

# The indices of the columns to draw, and a note on those that are left out
choose_columns <- function(source, columns, by = "column", most = 12) {
  if (!is.null(columns)) {
    return(list(indices = named_indices(source, columns), note = ""))
  }
  count <- length(source$names)
  if (by == "pair") most <- max(which(choose(seq_len(most), 2) <= most))
  note <- if (count > most) sprintf("The first %d of %d columns; `columns` names others.", most, count) else ""
  list(indices = seq_len(min(count, most)), note = note)
}

named_indices <- function(source, columns) {
  wanted <- "names of columns, or their numbers"
  if (!(is.character(columns) || is.numeric(columns)) || is.object(columns)) {
    stop_wanted("columns", wanted, columns)
  }
  if (length(columns) == 0) stop_wanted("columns", paste0(wanted, ", at least one"), columns)
  vapply(seq_along(columns), \(i) {
    name <- columns[[i]]
    argument <- sprintf("columns[%d]", i)
    if (is.numeric(name)) {
      if (!is_whole(name, 1, length(source$names))) {
        stop_wanted(argument, paste("a whole number from 1 to", length(source$names)), name)
      }
      return(as.integer(name))
    }
    check_choice(name, argument, unique(source$names))
    match(name, source$names)
  }, 1L)
}
