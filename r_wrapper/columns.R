# Conversion of data frames and matrices to the core's data dicts and back. No Python is needed. A data dict is
#   matrix:     list(container = "matrix", values = <n x p doubles>, type =, names =)
#   data.frame: list(container = "data.frame", like =, columns = list(
#                 list(name =, type =, values = <n doubles>, levels =, missing =, unit =), ...))
# arrays.R has the other containers. Values are numbers, codes of levels from 0, days, or seconds since 1970-01-01;
# `missing` is a mask (NULL if nothing is missing). `like` is "tibble", "data.table" or "". The core checks values; here
# only R's types are checked, which the core never sees.

data_to_core <- function(data, argument = "data") {
  if (is.data.frame(data)) {
    frame_to_core(data, argument)
  } else if (is.matrix(data)) {
    matrix_to_core(data, argument)
  } else if (length(dim(data)) > 2) {
    array_to_core(data, argument)
  } else if (is.list(data) && !is.object(data)) {
    list_to_core(data, argument)
  } else if (is_paths(data)) {
    files_to_core(data)
  } else if (is_source(data)) {
    files_to_core(files_of_source(data))
  } else {
    stop_no_data(data, argument)
  }
}

stop_no_data <- function(data, argument = "data") {
  stop_wanted(argument, "a data.frame, a matrix, an array, a list of waves or a path", data, data_remedy(data))
}

data_remedy <- function(data) {
  if (inherits(data, "ts")) {
    "Cut one long series into windows with embed(data, 50); of several, each is a row of t(unclass(data))."
  } else if (is.numeric(data) && is.null(dim(data))) {
    "Wrap one column as data.frame(x = ...)."
  }
}

matrix_to_core <- function(data, argument = "data") {
  if (!is.numeric(data) || is.object(data)) {
    remedy <- sprintf("Drop what is not numeric, or write as.data.frame(%s).", argument)
    if (inherits(data, "ts")) {
      remedy <- sprintf("Each series is a row of t(unclass(%1$s)); for a table write unclass(%1$s).", argument)
    }
    stop_wanted(argument, "a numeric matrix", data, remedy)
  }
  names <- colnames(data)
  type <- if (is.integer(data)) "integer" else "double"
  if (!is.double(data)) storage.mode(data) <- "double"
  list(
    container = "matrix", values = data, type = type, # reticulate drops the dimnames, and copies nothing
    names = if (!is.null(names)) as.list(names)
  )
}

frame_classes <- c(tibble = "tbl_df", data.table = "data.table")

frame_to_core <- function(data, argument = "data") {
  names <- names(data)
  if (length(data) > 0 && is.null(names)) {
    stop_argument("`", argument, "` must have names of its columns. Set names(", argument, ") first.")
  }
  like <- names(frame_classes)[match(class(data), frame_classes, nomatch = 0L)]
  columns <- lapply(seq_along(data), function(j) column_to_core(.subset2(data, j), names[[j]], argument))
  list(container = "data.frame", like = if (length(like)) like[[1]] else "", columns = columns)
}

column_to_core <- function(values, name, argument = "data") {
  type <- column_type(values)
  if (is.null(type)) {
    stop_argument(
      if (nzchar(name)) paste0("Column ", came(name), " of "), "`", argument,
      "` must be numeric, logical, text, a factor, a Date, a POSIXct or a difftime, not ", column_kind(values),
      ". ", column_remedy(values)
    )
  }
  check_text(name, "Names of columns", argument)
  check_text(if (type == "text") values else levels(values), paste("Column", came(name)), argument)
  levels <- column_levels(values, type, name, argument)
  missing <- if (anyNA(values)) is.na(values)
  codes <- if (type == "text") match(values, levels) - 1 else as.double(values)
  if (type %in% c("factor", "ordered")) {
    codes <- codes - 1
  }
  list(
    name = enc2utf8(name),
    type = type,
    values = one_dimensional(codes),
    levels = if (!is.null(levels)) as.list(enc2utf8(levels)),
    missing = if (!is.null(missing)) one_dimensional(missing),
    unit = column_unit(values, type),
    attributes = column_attributes(values, type)
  )
}

# What the core keeps for R: the label of a variable, and classes that are more than their type. NULL for none
column_attributes <- function(values, type) {
  label <- attr(values, "label", exact = TRUE)
  class <- if (type == "difftime" && inherits(values, "hms")) {
    "hms"
  } else if (type == "date" && inherits(values, "IDate")) {
    "IDate"
  } else if (type == "datetime" && is.null(attr(values, "tzone"))) {
    "POSIXct"
  }
  labelled <- is.character(label) && length(label) == 1 && !is.na(label)
  kept <- list(label = if (labelled) enc2utf8(label), class = class)
  kept <- kept[!vapply(kept, is.null, NA)]
  if (length(kept) > 0) kept
}

# A plain vector would become a Python list. Unlike as.array(), this copies only what is also held elsewhere.
one_dimensional <- function(values) {
  dim(values) <- length(values)
  values
}

# Names of columns, or labels of rows as a data dict; the core gives a bare vector its name. Waves have labels, also if
# they are the rows of a data frame.
condition_to_core <- function(condition, data, kind = NULL) {
  if (is.null(condition)) {
    NULL
  } else if (is.data.frame(data) && (is.null(kind) || identical(kind, "table"))) {
    if (!is.character(condition) || length(condition) == 0 || anyNA(condition)) {
      stop_wanted("condition", "names of columns of `data`, each once", condition)
    }
    as.list(condition)
  } else {
    labels_to_core(condition)
  }
}

labels_to_core <- function(labels) {
  if (is.data.frame(labels)) {
    return(frame_to_core(labels, "condition"))
  }
  list(container = "data.frame", like = "", columns = list(column_to_core(labels, "", "condition")))
}

# The conditions passed to gan_sample(): a list of names, with one or more values each
given_to_core <- function(given) {
  if (is.atomic(given) && !is.null(names(given))) {
    given <- as.list(given)
  }
  names <- names(given)
  alone <- inherits(given, c("gan_range", "gan_levels"))
  if (!is.list(given) || alone || length(given) == 0 || is.null(names) || !all(nzchar(names))) {
    stop_wanted("given", "a list of columns and values, such as list(species = \"Adelie\")", given)
  }
  if (anyDuplicated(names)) {
    twice <- names[duplicated(names)][[1]]
    remedy <- sprintf("For any of several values write list(%s = gan_levels(...)).", twice)
    stop_argument("`given` must have each column once, not \"", twice, "\" twice. ", remedy)
  }
  columns <- lapply(names, \(name) given_column(given[[name]], name))
  list(container = "data.frame", like = "", columns = columns)
}

given_column <- function(value, name) {
  form <- if (inherits(value, "gan_range")) "range" else if (inherits(value, "gan_levels")) "set" else "values"
  column <- column_to_core(if (form == "values") value else value$values, name, "given")
  c(column, form = form)
}

# Text in an encoding other than the declared one can be neither sorted nor printed.
check_text <- function(texts, what, argument) {
  invalid <- !validEnc(as.character(texts)) | Encoding(as.character(texts)) == "bytes"
  if (any(invalid)) {
    stop_argument(
      what, " of `", argument, "` must hold text in its declared encoding, not other bytes (see number ",
      which(invalid)[[1]], "). Write iconv(x, \"latin1\", \"UTF-8\") first, or name the encoding when reading the file."
    )
  }
}

# The core's name for the type of a column, or NULL if the type is not supported
column_type <- function(values) {
  if (!is.null(dim(values)) || is.list(values)) {
    NULL
  } else if (is.factor(values)) {
    if (is.ordered(values)) "ordered" else "factor"
  } else if (inherits(values, "Date")) {
    "date"
  } else if (inherits(values, "POSIXct")) {
    "datetime"
  } else if (inherits(values, "difftime")) {
    "difftime"
  } else if (is.object(values) && !inherits(values, "AsIs")) {
    NULL
  } else {
    c(double = "double", integer = "integer", logical = "logical", character = "text")[typeof(values)][[1]] |> not_na()
  }
}

not_na <- function(value) if (!is.na(value)) value

column_levels <- function(values, type, name, argument) {
  if (type == "text") {
    return(sort(unique(unclass(values)), method = "radix"))
  }
  if (!type %in% c("factor", "ordered")) {
    return(NULL)
  }
  if (anyNA(levels(values))) {
    stop_argument(
      "Column ", came(name), " of `", argument, "` must have no NA among its levels. Write factor(x, exclude = NA)",
      " first: missing values are learned as such."
    )
  }
  levels(values)
}

column_unit <- function(values, type) {
  if (type == "difftime") {
    units(values)
  } else if (type == "datetime") {
    zone <- attr(values, "tzone")
    if (is.null(zone)) "" else zone[[1]]
  } else {
    ""
  }
}

column_kind <- function(values) {
  if (is.data.frame(values)) {
    "a data.frame"
  } else if (!is.null(dim(values))) {
    if (length(dim(values)) == 2) "a matrix" else "an array"
  } else if (is.function(values)) {
    "a function"
  } else if (is.object(values)) {
    paste("of class", class(values)[[1]])
  } else if (is.list(values)) {
    "a list"
  } else {
    typeof(values)
  }
}

# What to write first for a column of a class that is not taken
column_remedies <- c(
  haven_labelled = "Write haven::as_factor(x) first.",
  labelled = "Write as.vector(x) first.",
  units = "Write units::drop_units(x) first.",
  sfc = "Write sf::st_drop_geometry(data) first.",
  integer64 = "Write as.double(x) first.",
  POSIXlt = "Write as.POSIXct(x) first.",
  nanotime = "Write as.POSIXct(x) first.",
  yearmon = "Write as.Date(x) first.",
  yearqtr = "Write as.Date(x) first.",
  yearmonth = "Write as.Date(x) first.",
  yearquarter = "Write as.Date(x) first.",
  ITime = "Write as.difftime(as.integer(x), units = \"secs\") first.",
  times = "Write as.difftime(as.double(x), units = \"days\") first.",
  Duration = "Write as.difftime(x) first.",
  Period = "Write as.difftime(x) first.",
  Interval = "Make two columns of it first: its start and its end.",
  zoo = "Write zoo::coredata(x) first.",
  xts = "Write zoo::coredata(x) first.",
  ts = "Write as.vector(x) first.",
  Surv = "Make two columns of it first: the time and the status.",
  data.frame = "Make a column of each of its columns first."
)

column_remedy <- function(values) {
  known <- intersect(class(values), names(column_remedies))
  one_column <- is.atomic(values) && !is.null(dim(values)) && length(values) == NROW(values)
  if (length(known) > 0) {
    column_remedies[[known[[1]]]]
  } else if (one_column) {
    "Write as.vector(x) first."
  } else if (is.matrix(values)) {
    "Make a column of each of its columns first."
  } else if (is.complex(values)) {
    "Make two columns of it first: Re(x) and Im(x)."
  } else if (is.raw(values)) {
    "Write as.integer(x) first."
  } else if (is.character(values) || inherits(values, "numeric_version")) {
    "Write as.character(x) first."
  } else if (is.numeric(unclass(values))) {
    "Write as.double(x) or as.character(x) first."
  } else {
    "Drop it or convert it first."
  }
}

data_from_core <- function(data) {
  switch(data$container,
    data.frame = frame_from_core(data),
    matrix = matrix_from_core(data),
    array = array_from_core(data),
    list = list_from_core(data)
  )
}

matrix_from_core <- function(data) {
  values <- as_column_type(data$values, data$type)
  names <- unlist(data$names)
  dimnames(values) <- if (!is.null(names)) list(NULL, as.character(names))
  values
}

frame_from_core <- function(data) {
  columns <- lapply(data$columns, column_from_core)
  names(columns) <- vapply(data$columns, function(column) column$name, "")
  class <- c(
    switch(data$like, tibble = c("tbl_df", "tbl"), data.table = "data.table"),
    "data.frame"
  )
  # Not data.frame(), which would change duplicated and non-syntactic names.
  structure(columns, row.names = .set_row_names(length(columns[[1]])), class = class)
}

column_from_core <- function(column) {
  values <- as.vector(column$values)
  levels <- as.character(unlist(column$levels))
  if (!is.null(column$missing)) {
    values[as.vector(column$missing)] <- NA
  }
  with_attributes(typed_values(values, levels, column), column$attributes)
}

with_attributes <- function(values, attributes) {
  switch(if (is.null(attributes$class)) "" else attributes$class,
    hms = class(values) <- c("hms", "difftime"),
    IDate = values <- structure(as.integer(values), class = c("IDate", "Date")),
    POSIXct = attr(values, "tzone") <- NULL
  )
  attr(values, "label") <- attributes$label
  values
}

typed_values <- function(values, levels, column) {
  switch(column$type,
    logical = values == 1,
    text = levels[values + 1],
    factor = ,
    ordered = structure(
      as.integer(values + 1),
      levels = levels, class = c(if (column$type == "ordered") "ordered", "factor")
    ),
    date = structure(values, class = "Date"),
    datetime = structure(values, class = c("POSIXct", "POSIXt"), tzone = column$unit),
    difftime = structure(values, class = "difftime", units = column$unit),
    as_column_type(values, column$type)
  )
}

# A model saved from Python may hold integers beyond R's integer type; they stay doubles.
as_column_type <- function(values, type) {
  if (identical(type, "integer") && !is.integer(values) && all(abs(values) <= .Machine$integer.max, na.rm = TRUE)) {
    values <- round(values)
    storage.mode(values) <- "integer"
  }
  values
}
