# What a column is for a picture: numbers, dates, or categories in an order, each with gaps. A shown
# column is a list of name, kind ("number", "time", "category"), values (numbers, days since 1970, or
# places in levels; NA where missing), levels, ordered (whether the levels' order means something) and
# rising (whether the levels are numbers). The Python core's pictures follow the same rules.

most_levels <- 10 # categories shown on their own; the rarer ones become "other"
few_values <- 12 # whole numbers with no more different values are shown one by one
kind_words <- c(number = "numbers", time = "dates", category = "categories")

new_shown <- function(name, kind, values, levels = character(), ordered = TRUE, rising = FALSE) {
  values[!is.finite(values)] <- NA # infinite ones have no place on an axis
  list(name = name, kind = kind, values = values, levels = levels, ordered = ordered, rising = rising)
}

shown_column <- function(values, name, argument) {
  if (is.factor(values)) {
    new_shown(name, "category", as.double(values), levels(values))
  } else if (is.logical(values)) {
    new_shown(name, "category", values + 1, c("FALSE", "TRUE"))
  } else if (inherits(values, "Date")) {
    new_shown(name, "time", as.double(values))
  } else if (inherits(values, "POSIXt")) {
    new_shown(name, "time", clock_days(as.POSIXlt(values)))
  } else if (inherits(values, "difftime")) {
    new_shown(paste(name, "(days)"), "number", as.double(values, units = "days"))
  } else if (is.numeric(values)) {
    new_shown(name, "number", as.double(values))
  } else if (is.character(values)) {
    levels <- sort(unique(values), method = "radix")
    new_shown(name, "category", as.double(match(values, levels)), levels, ordered = FALSE)
  } else {
    stop_ganbridge(
      "column ", came(name), " of `", argument, "` must hold numbers, texts, categories or dates, not ",
      column_kind(values), ". Drop it first."
    )
  }
}

# Days since 1970 on the clock of the column's own time zone.
clock_days <- function(time) {
  as.double(as.Date(time)) + (time$hour * 3600 + time$min * 60 + time$sec) / 86400
}

is_continuous <- function(column) column$kind != "category"

present <- function(column) column$values[!is.na(column$values)]

missing_share <- function(column) mean(is.na(column$values))

# A data set by its columns.
new_source <- function(argument, data) {
  is_vector <- (is.atomic(data) || is.factor(data)) && is.null(dim(data)) && !is.null(data)
  if (is_vector && !(is.character(data) && length(data) == 1)) {
    # Not as.matrix(), which would make texts of factors and dates.
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

source_column <- function(source, place) {
  data <- source$data
  values <- if (is.data.frame(data)) data[[place]] else data[, place]
  shown_column(values, source$names[[place]], source$argument)
}

# Where `other` has the chosen columns: by name where both have names, otherwise by place.
places_in <- function(source, other, chosen) {
  if (source$named && other$named) {
    wanted <- source$names[chosen]
    absent <- wanted[!wanted %in% other$names]
    if (length(absent) > 0) {
      found <- paste0("\"", head(other$names, 6), "\"", collapse = ", ")
      stop_ganbridge(
        "`", other$argument, "` must have the columns of the generated data, but ", came(absent[[1]]),
        " is not among ", found, if (length(other$names) > 6) ", ...", "."
      )
    }
    return(vapply(chosen, \(i) same_place(source$names, other$names, i), 1L))
  }
  if (length(source$names) != length(other$names)) {
    stop_wanted(other$argument, sprintf("data with %d columns", length(source$names)), other$data)
  }
  chosen
}

# The same occurrence of a name, because names may repeat.
same_place <- function(names, others, i) {
  found <- which(others == names[[i]])
  found[[min(sum(names[seq_len(i)] == names[[i]]), length(found))]]
}

# Columns of one meaning with the same kind and levels; the first one's order of levels counts. Whole numbers
# with few values become levels, rare levels "other", and gaps of categories a level of their own.
together <- function(columns, argument = "real") {
  kinds <- vapply(columns, `[[`, "", "kind")
  if (length(unique(kinds)) > 1) {
    if ("time" %in% kinds) {
      stop_ganbridge(
        "column ", came(columns[[1]]$name), " of `", argument, "` must hold ", kind_words[[kinds[[length(kinds)]]]],
        " as the generated one does, not ", kind_words[[kinds[[1]]]], ". Give both the same type first."
      )
    }
    columns <- lapply(columns, as_levels)
  } else if (kinds[[1]] == "number" && has_few_values(columns)) {
    columns <- lapply(columns, as_levels)
  }
  if (is_continuous(columns[[1]])) columns else with_gaps(with_common_levels(columns))
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
  new_shown(column$name, "category", as.double(match(column$values, different)), levels, rising = TRUE)
}

with_common_levels <- function(columns) {
  rising <- all(vapply(columns, `[[`, NA, "rising"))
  union <- unique(unlist(lapply(columns, `[[`, "levels")))
  if (rising) union <- union[order(as.double(union))]
  recoded <- lapply(columns, \(column) {
    values <- as.double(match(column$levels, union))[column$values]
    new_shown(column$name, "category", values, union, column$ordered, rising)
  })
  first <- recoded[[if (length(present(recoded[[1]])) > 0) 1 else length(recoded)]]
  frequent <- order(-tabulate(present(first), length(union)), seq_along(union))
  kept <- if (length(union) > most_levels) frequent[seq_len(most_levels - 1)] else frequent
  if (first$ordered) kept <- sort(kept)
  lapply(recoded, keeping, kept)
}

# Only those levels, in that order, and all others under one name.
keeping <- function(column, kept) {
  others <- length(column$levels) - length(kept)
  place <- match(seq_along(column$levels), kept, nomatch = length(kept) + 1)
  levels <- c(column$levels[kept], if (others > 0) sprintf("other (%d levels)", others))
  new_shown(column$name, "category", as.double(place[column$values]), levels, column$ordered, column$rising)
}

with_gaps <- function(columns) {
  if (!anyNA(unlist(lapply(columns, `[[`, "values")))) {
    return(columns)
  }
  lapply(columns, \(column) {
    column$levels <- c(column$levels, "missing")
    column$values[is.na(column$values)] <- length(column$levels)
    column
  })
}

# The columns that a picture shows, and what is to be said of those left out.
choose_columns <- function(source, columns, by = "column", most = 12) {
  if (!is.null(columns)) {
    return(list(places = named_places(source, columns), note = ""))
  }
  count <- length(source$names)
  if (by == "pair") most <- max(which(choose(seq_len(most), 2) <= most))
  note <- if (count > most) sprintf("The first %d of %d columns; `columns` names others.", most, count) else ""
  list(places = seq_len(min(count, most)), note = note)
}

named_places <- function(source, columns) {
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
