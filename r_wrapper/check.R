# Argument checks. Messages have the form of the Python core's: the argument, what was expected, what was passed, the
# remedy. What Python checks anyway is checked here only if the conversion would lose it (NA, TRUE, a factor) or if
# Python is not called.

seed_limit <- .Machine$integer.max

stop_ganbridge <- function(..., class = character()) {
  stop(errorCondition(paste0(...), class = c(class, "ganbridge_error"), call = NULL))
}

# The class of errors about an argument; those of files and of Python itself are in gan_save.R and python.R.
stop_argument <- function(...) stop_ganbridge(..., class = "ganbridge_bad_argument")

stop_wanted <- function(name, wanted, value, remedy = NULL, stop = stop_argument) {
  stop(
    "`", name, "` must be ", wanted, ", not ", came(value), ".",
    if (!is.null(remedy)) paste0(" ", remedy)
  )
}

# Refuses what is left in `...`, which would otherwise hide a misspelled argument
check_dots <- function(...) {
  if (...length() == 0) {
    return(invisible())
  }
  names <- ...names()
  first <- if (is.null(names) || is.na(names[[1]]) || !nzchar(names[[1]])) {
    "an argument without a name"
  } else {
    sprintf("`%s`", names[[1]])
  }
  known <- setdiff(names(formals(sys.function(-1))), c("...", names))
  distances <- if (startsWith(first, "`")) utils::adist(names[[1]], known)[1, ]
  near <- known[which(distances == min(distances, 3) & distances < 3)]
  setting <- grep(paste0("^\\Q", names[[1]], "\\E"), names(formals(gan_config)), value = TRUE, perl = TRUE)
  remedy <- if (length(near) > 0) {
    sprintf(" Did you mean `%s`?", near[[1]])
  } else if ("config" %in% known && startsWith(first, "`") && length(setting) > 0) {
    sprintf(" Settings are passed as config = gan_config(%s = ).", setting[[1]])
  }
  stop_argument("`...` must be empty, not ", first, ".", remedy)
}

# A short description of a value: `-3`, `"tabel"`, `a data.frame`, `a character vector of length 4`
came <- function(value) {
  if (is.null(value)) {
    "NULL"
  } else if (is.data.frame(value)) {
    sprintf("a data.frame of %d x %d", nrow(value), ncol(value))
  } else if (is.function(value)) {
    "a function"
  } else if (is.object(value)) {
    paste("an object of class", class(value)[[1]])
  } else if (!is.null(dim(value))) {
    sprintf("%s of %s", a_kind(value), paste(dim(value), collapse = " x "))
  } else if (is.character(value) && length(value) == 1 && !is.na(value)) {
    encodeString(value, quote = "\"")
  } else if (is.atomic(value) && length(value) == 1) {
    format(value, digits = 15)
  } else if (is.numeric(value) && length(value) %in% 2:4) {
    paste0("c(", paste(vapply(value, format, "", digits = 15), collapse = ", "), ")")
  } else if (is.vector(value)) {
    sprintf("%s of length %d", a_kind(value), length(value))
  } else {
    paste("an object of type", typeof(value))
  }
}

a_kind <- function(value) {
  shape <- if (is.matrix(value)) "matrix" else if (is.array(value)) "array" else "vector"
  type <- if (is.numeric(value)) "numeric" else typeof(value)
  if (type == "list" && shape == "vector") "a list" else paste("a", type, shape)
}

# The core's messages in R's notation: indices from 1; TRUE, FALSE, NULL and c(); sizes; and, of a remedy that names a
# function of each language, R's
in_r_words <- function(message) {
  indexed <- regmatches(message, regexec("^`(\\w+)\\[([0-9]+)\\]`", message))[[1]]
  if (length(indexed) == 3) {
    rest <- substring(message, nchar(indexed[[1]]) + 1)
    message <- sprintf("`%s[%d]`%s", indexed[[2]], as.integer(indexed[[3]]) + 1L, rest)
  }
  for (word in names(r_words)) {
    message <- sub(sprintf(", not %s.", word), sprintf(", not %s.", r_words[[word]]), message, fixed = TRUE)
  }
  message <- sub(", not \\[([^,]*)\\]\\.", ", not \\1.", message)
  message <- sub(", not \\[(.*)\\]\\.", ", not c(\\1).", message)
  message <- gsub("True, False, or", "TRUE, FALSE, or", message, fixed = TRUE)
  message <- gsub("such as \\[(\"[^]]*\")\\]", "such as list(\\1)", message)
  message <- gsub("\\{[\"']([[:alnum:]_.]+)[\"']: [\"']([^\"']*)[\"']\\}", "list(\\1 = \"\\2\")", message)
  message <- sub("a range or a set, not", "a gan_range() or gan_levels(), not", message, fixed = TRUE)
  message <- gsub("a dict of columns and values", "a named list of columns and values", message, fixed = TRUE)
  message <- gsub("a dict of length", "a named list of length", message, fixed = TRUE)
  message <- gsub("(with )?[^ ]+ in Python or (with [^ ]+|[^ ]+) in R", "\\2", message)
  sizes <- gregexpr("of shape \\([0-9, ]+\\)", message)
  regmatches(message, sizes) <- lapply(regmatches(message, sizes), \(sizes) vapply(sizes, size_in_r, ""))
  message
}

r_words <- c(True = "TRUE", False = "FALSE", None = "NULL", nan = "NaN", inf = "Inf")

# "of shape (3, 2)" is "of 3 x 2", "of shape (5,)" is "of length 5".
size_in_r <- function(size) {
  numbers <- regmatches(size, gregexpr("[0-9]+", size))[[1]]
  paste(if (length(numbers) == 1) "of length" else "of", paste(numbers, collapse = " x "))
}

# Which values are whole numbers between the bounds; all FALSE if `value` is not a plain numeric vector
is_whole <- function(value, low, high) {
  if (!is.numeric(value) || is.object(value)) {
    return(logical(length(value)))
  }
  is.finite(value) & value == floor(value) & value >= low & value <= high
}

check_count <- function(value, name, low = 1L, high = seed_limit, remedy = NULL) {
  if (length(value) != 1 || !is_whole(value, low, high)) {
    bounds <- if (low == 0L) "from 0 to 2147483647" else paste("of at least", low)
    stop_wanted(name, paste("a whole number", bounds), value, remedy)
  }
  as.integer(value)
}

check_seed <- function(value) check_count(value, "seed", low = 0L)

check_number <- function(value, name, low = -Inf) {
  one_number <- is.numeric(value) && !is.object(value) && length(value) == 1
  if (!one_number || !is.finite(value) || value < low) {
    stop_wanted(name, paste0("a number", if (is.finite(low)) paste(" of at least", low)), value)
  }
  as.double(value)
}

check_rate <- function(value, kind = NULL) {
  one_number <- is.numeric(value) && !is.object(value) && length(value) == 1
  if (!is.null(value) && (!one_number || !is.finite(value) || value <= 0)) {
    stop_wanted("rate", "a number above 0", value)
  }
  if (!is.null(value) && !is.null(kind) && !has_rate(kind)) {
    stop_wanted("rate", sprintf("left out for kind \"%s\"", kind), value, "Only waves have points per second.")
  }
  if (!is.null(value)) as.double(value)
}

check_numbers <- function(value, name) {
  if (!is.numeric(value) || is.object(value) || length(value) < 1 || !all(is.finite(value))) {
    stop_wanted(name, "a vector of finite numbers", value)
  }
  as.double(value)
}

# Seconds, or words such as "10 epochs", which the core reads
check_every <- function(value) {
  if (is.character(value)) {
    check_string(value, "checkpoint_every")
  } else if (!is.null(value)) {
    field_to_core(check_number(value, "checkpoint_every", low = 0))
  }
}

check_functions <- function(value, name) {
  functions <- if (is.function(value)) list(value) else value
  if (!is.null(functions) && (!is.list(functions) || !all(vapply(functions, is.function, NA)))) {
    stop_wanted(name, "a function or a list of functions", value)
  }
  functions
}

check_flag <- function(value, name) {
  if (!is.logical(value) || length(value) != 1 || is.na(value)) {
    stop_wanted(name, "TRUE or FALSE", value)
  }
  value
}

check_string <- function(value, name, wanted = "one string") {
  if (!is.character(value) || length(value) != 1 || is.na(value) || !nzchar(value)) {
    stop_wanted(name, wanted, value)
  }
  value
}

# An argument whose default lists the choices; the first one is the default.
check_choice <- function(value, name, options) {
  if (identical(value, options)) {
    return(options[[1]])
  }
  if (!is.character(value) || length(value) != 1 || !value %in% options) {
    stop_wanted(name, paste("one of", paste0("\"", options, "\"", collapse = ", ")), value)
  }
  value
}

# Python gets a full path, because it does not expand `~` and setwd() does not change its working directory.
check_path <- function(value, name) {
  path <- path.expand(check_string(value, name, "the path of a file"))
  file.path(normalizePath(dirname(path), mustWork = FALSE), basename(path))
}

check_ids <- function(value, name, limit, what) {
  wrong <- which(!is_whole(value, 1, limit))
  if (length(value) == 0 || length(wrong) > 0) {
    shown <- if (is.numeric(value) && length(wrong) > 0) value[[wrong[[1]]]] else value
    stop_wanted(name, sprintf("the numbers of %s, from 1 to %d", what, limit), shown)
  }
  as.integer(value)
}

check_fit <- function(value, name = "fit") {
  if (!inherits(value, "gan_fit") || !is.list(value) || !is.raw(value$model)) {
    stop_wanted(name, "a fit made by gan_fit() or gan_load()", value)
  }
  value
}

# Runs `work(seed)`. With `seed = NULL` the seed is one draw from R's random numbers, which set.seed() governs. If the
# call fails, the random state is restored, so that a mistyped argument does not change later results.
with_seed <- function(seed, work) {
  if (!is.null(seed)) {
    return(work(check_seed(seed)))
  }
  before <- get0(".Random.seed", envir = globalenv(), inherits = FALSE)
  failed <- TRUE
  on.exit(if (failed) restore_random_state(before))
  # Not sample.int(), which takes two or more draws for a range this wide.
  result <- work(as.integer(floor(runif(1) * seed_limit)))
  failed <- FALSE
  result
}

restore_random_state <- function(state) {
  if (is.null(state)) {
    suppressWarnings(rm(".Random.seed", envir = globalenv()))
  } else {
    assign(".Random.seed", state, envir = globalenv())
  }
}
