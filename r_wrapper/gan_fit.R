#' Fit a generative model
#'
#' Learns the distribution of a data set, from which [gan_sample()] draws new rows. Tables and waves are fitted by a
#' mixture of distributions by default, in tables with a discriminator that decides which of its draws are kept. Images,
#' tables of one or two columns of numbers, very small tables, and all data for which you set `epochs`, `trace`,
#' `condition` or a setting of networks, are fitted by a generative adversarial network: a generator and a
#' discriminator, trained against each other. A fit is a plain list, which `saveRDS()` and `readRDS()` keep for any
#' other R session.
#'
#' @section Interrupting:
#' Ctrl-C (or the stop button) ends the training and returns the fit as it is at that
#' point, with a warning of class `ganbridge_interrupted`; [gan_continue()] goes on with it. Before the first step there
#' is nothing to return, and the call ends like any interrupted call.
#'
#' @section Other classes:
#' `gan_fit()` is a generic with methods for data frames, matrices, arrays, lists and paths. A package that has data of
#' a class of its own adds a method that converts them: `gan_fit.recipe <- function(data, ...) gan_fit(bake(prep(data),
#' NULL), ...)`.
#'
#' @param data A data.frame, or a numeric matrix of n rows by p columns or of n waves by m points.
#'   A data.frame may hold numeric, integer, logical and character columns, factors (ordered or
#'   not), Date, POSIXct and difftime, with missing values in any of them: their share, and
#'   what they depend on, are learned. Waves may also be a data.frame of numbers
#'   with one point in each column, an array of n waves by m points by channels, or a list of waves of different
#'   lengths, each a vector or a matrix of
#'   points by channels. Images are an array of n x height x width, or of n x height x width x
#'   channels (8 to 64 pixels a side, 1 to 4 channels), with pixels that are integers from
#'   0 to 255 or doubles from 0 to 1. Matrices, waves and images must not have missing values. Infinite
#'   values are always refused, with an error that names the column. What holds between columns in every row holds in
#'   generated rows, too, and columns that name rows come back made up: see `relations` and `roles` in [gan_config()].
#'   The rows may also lie in files: the path of a Parquet, Arrow, Feather or CSV file, several paths, a folder, or a
#'   pattern such as `"folder/*.parquet"`; a dataset of the package arrow, or a table of duckdb (by dbplyr). Formats
#'   other than CSV need the Python module pyarrow: `install_ganbridge(files = TRUE)` installs it. Of files with more
#'   than 20 million values no more than a sample is in memory: distributions of columns are those of all rows, links
#'   between them those of a sample of 500,000 rows, and what is to hold in every row is checked in all of them.
#' @param kind `"table"`, `"wave"` or `"image"`. `NULL` means a table, or images for a four-dimensional array;
#'   waves always need `kind = "wave"`, and grey images `kind = "image"`.
#' @param condition Names of columns of a data.frame that are given to the generator instead of being generated
#'   (a conditional GAN); `gan_sample(fit, n, given = list(species = "Adelie"))` then
#'   draws rows with this value only. For waves and images one label each: a vector, a factor or
#'   a data.frame; whole numbers with at most 24 different values are classes.
#' @param epochs Number of passes over the rows. `NULL` chooses it from the data; if it is set, all
#'   epochs are run, by networks. Tables that are fitted without networks have no epochs.
#' @param seed A whole number from 0 to 2147483647. The same data, settings and seed give the
#'   same fit, in R and in Python. `NULL` takes one draw from R's random
#'   numbers, so that `set.seed()` governs the fit.
#' @param trace Number of epochs after which a sample is kept each time, to look at the training
#'   afterwards; see [plot_training()]. `NULL` keeps none. It asks for networks, as `epochs` does.
#' @param log Path of a log file, to which a line is written at intervals. If it can no longer be written,
#'   the training continues without it, with a message.
#' @param rate Sampling rate of waves (points per second, Hz), for `kind = "wave"`. It is kept in the fit, and plots
#'   of its waves have a time axis. It has no effect on the training.
#' @param progress `TRUE` shows the progress, `FALSE` does not. `NULL` shows it in
#'   an interactive console, but not in scripts and in knitr. Where a line can't be redrawn, one is added every ten
#'   seconds. A table's fit without networks first counts the mixtures
#'   that are tried, perhaps steps of a network on its draws, and then the trees of the discriminator, of which held-out
#'   rows may ask for fewer.
#' @param callbacks A function, or a list of functions, called after each epoch (of a table's fit without networks: each
#'   tree of its discriminator) with a list of `epoch`, `epochs`, `step`, `generator_loss`, `discriminator_loss`,
#'   `seconds`, `share` (of the fit that is done), `unit` (`"epoch"` or `"tree"`) and `sample`, a function of `n`, which
#'   returns n rows of the fit as it is. One that returns `FALSE` stops the training; an error in it ends the fit with
#'   that error.
#' @param stop_after Number of epochs after which the training stops before the end of its plan; [gan_continue()] goes
#'   on. The fit keeps the state of its training, also if this is the last of its epochs. It asks for networks, as
#'   `epochs` does.
#' @param checkpoint Path of a file to which the fit is written at intervals while it is trained, and at the end. It is
#'   written whole or not at all: a process that is killed at any moment leaves the last whole one, which [gan_load()]
#'   reads and [gan_continue()] ends with the same bits. An existing file is replaced. A fit without networks is written
#'   from its first tree on, and fitted again by [gan_continue()].
#' @param checkpoint_every Seconds between two of these (60), or a number of epochs, such as `"10 epochs"`.
#' @param config Settings, made by [gan_config()].
#' @param ... Arguments of the methods: those above.
#' @return A list of class `gan_fit`:
#'   \item{model}{the model's bytes, a raw vector}
#'   \item{whole}{`NULL`, or the model's bytes together with its trace and, of an unfinished fit, with the state of its
#'     training}
#'   \item{history}{a data.frame of one row per epoch: `epoch`, `step` (updates of the
#'     generator so far), `generator_loss`, `discriminator_loss`, `score` (of the
#'     generator if one was computed, otherwise `NaN`). A table that is fitted without networks (the default from 50
#'     rows on) has a row for each tree of its discriminator, whose loss is that of held-out rows, and no generator
#'     that is trained: `generator_loss` and `score` are `NaN`}
#'   \item{trace}{`NULL`, or a list of class `gan_trace` of `epoch` (integers) and
#'     `samples` (a list of samples as [gan_sample()] returns them)}
#'   \item{schema}{names and types of the columns, how each was encoded, and the conditions}
#'   \item{config}{all settings that were used, of class `gan_config`}
#'   \item{moments}{a data.frame of the mean, sd, min and max of each real column (for images: of each pixel); `NA` for
#'     columns with levels. With `k` rows that share what a fit keeps (see [gan_config()]), min and max are the means of
#'     the k lowest and the k highest values}
#'   \item{shares}{a data.frame of the levels of each real column (`NA`: missing) and their shares}
#'   \item{relations}{a data.frame of what holds between columns of a table: `words` ("education determines
#'     education-num"), `kind`, `holds` (share of the training rows in which it does), `enforced` (whether it holds in
#'     every row of a sample), `implied_by` (the relations that it follows from; `""` if it is computed itself) and
#'     `columns`}
#'   \item{identifiers}{columns whose values are made up, and what these look like, see `roles` in [gan_config()]}
#'   \item{diagnosis}{sentences on problems of the fit, each with its remedy: collapse, divergence, copies of training
#'     rows, too few steps, and for tables columns and links between columns that are lost; empty if there are none}
#'   \item{call}{the call, with which `update()` fits again; it names the data and does not hold them, and is `NULL` for
#'     a fit from a file}
#'   \item{seed, kind, rate, text, version, stopped, kept}{the seed; the kind; points per second, or `NULL`; the lines
#'     that `print()` shows; the version of ganbridge; why the training ended (`"budget"`: all steps were run,
#'     `"callback"`, `"stop_after"`, `"minutes"`, `"interrupted"`, `"diverged"`, or `"checkpoint"` in a file that was
#'     written meanwhile); the epoch whose generator was kept}
#'   Bad arguments are an error of class `ganbridge_error`, before any training. The same data, settings and seed give
#'   fits that are `identical()`.
#' @references Goodfellow et al. (2014), Generative adversarial nets, *Advances in Neural
#'   Information Processing Systems* 27. Mirza and Osindero (2014), Conditional generative
#'   adversarial nets, arXiv:1411.1784.
#' @seealso [gan_sample()], [plot.gan_fit()], [summary.gan_fit()], [simulate.gan_fit()], [gan_save()]
#' @examplesIf ganbridge::gan_available()
#' # A data frame of several types, with missing values
#' air <- data.frame(
#'   date = as.Date(sprintf("1973-%d-%d", airquality$Month, airquality$Day)),
#'   month = factor(month.abb[airquality$Month], month.abb[5:9], ordered = TRUE),
#'   airquality[c("Ozone", "Wind", "Temp")]
#' )
#' fit <- gan_fit(air, seed = 1)
#' fit
#' gan_sample(fit, 3, seed = 2)
#'
#' # Any column may be given
#' gan_sample(fit, 3, seed = 2, given = list(month = "Jul"))
#'
#' # A condition: rows of rare levels are used more often in training
#' by_month <- gan_fit(air, condition = "month", epochs = 5, seed = 1)
#' gan_sample(by_month, 3, seed = 2, given = list(month = "Jul"))
#' @export
gan_fit <- function(data, ...) {
  UseMethod("gan_fit")
}

#' @rdname gan_fit
#' @export
gan_fit.data.frame <- function(data, kind = NULL, condition = NULL, epochs = NULL, seed = NULL, trace = NULL,
                               log = NULL, rate = NULL, progress = NULL, callbacks = NULL, stop_after = NULL,
                               checkpoint = NULL, checkpoint_every = NULL, config = gan_config(), ...) {
  check_dots(...)
  call <- call_without_data(match.call())
  # Only arguments that are set are passed: all defaults are defined in the core.
  settings <- list(
    kind = if (!is.null(kind)) check_string(kind, "kind"),
    epochs = if (!is.null(epochs)) check_count(epochs, "epochs"),
    trace = if (!is.null(trace)) check_count(trace, "trace"),
    log = if (!is.null(log)) check_path(log, "log"),
    rate = check_rate(rate),
    stop_after = if (!is.null(stop_after)) check_count(stop_after, "stop_after"),
    checkpoint = if (!is.null(checkpoint)) check_path(checkpoint, "checkpoint"),
    checkpoint_every = check_every(checkpoint_every),
    config = config_to_core(config)
  )
  settings <- settings[!vapply(settings, is.null, NA)]
  if (!is.null(seed)) check_seed(seed)
  watched <- watched_by(progress, callbacks)
  call_core_with("check_settings", settings) # before the data, which may be many, are converted
  arguments <- c(list(data = data_to_core(data)), settings)
  arguments$condition <- condition_to_core(condition, data, kind)
  result <- with_seed(seed, \(seed) call_watched("fit", c(arguments, seed = seed), watched))
  show_messages(result)
  new_gan_fit(result, call)
}

#' @rdname gan_fit
#' @export
gan_fit.matrix <- gan_fit.data.frame

#' @rdname gan_fit
#' @export
gan_fit.array <- gan_fit.data.frame

#' @rdname gan_fit
#' @export
gan_fit.list <- gan_fit.data.frame

#' @rdname gan_fit
#' @export
gan_fit.character <- gan_fit.data.frame

#' @rdname gan_fit
#' @export
gan_fit.default <- function(data, ...) {
  if (is_source(data)) {
    files <- files_of_source(data)
    on.exit(unlink(setdiff(files, data$files), recursive = TRUE))
    fit <- gan_fit(files, ...)
    fit$call <- call_without_data(match.call(expand.dots = TRUE))
    return(fit)
  }
  data_to_core(data)
  stop_no_data(data)
}

# The call of a fit. Data that are part of it, as after do.call(), are replaced by a name: a fit holds no data.
call_without_data <- function(call) {
  call[[1]] <- quote(gan_fit)
  for (name in intersect(c("data", "condition"), names(call))) {
    value <- call[[name]]
    if (!is.language(value) && (name == "data" || length(value) > 16)) call[[name]] <- placeholder(name)
  }
  call
}

placeholder <- function(name) as.name(sprintf("<%s>", name))

# `result` is what bridge.fit() and bridge.describe() return.
new_gan_fit <- function(result, call = NULL) {
  trace <- result$trace
  structure(
    list(
      model = result$model,
      whole = result$whole,
      history = plain_frame(result$history, integers = c("epoch", "step")),
      trace = if (!is.null(trace)) {
        new_gan_trace(trace$epoch, lapply(trace$samples, data_from_core), result$rate, result$kind)
      },
      schema = result$schema,
      config = new_gan_config(result$config),
      seed = as.integer(result$seed),
      rate = result$rate,
      kind = result$kind,
      moments = plain_frame(result$moments),
      shares = shares_frame(result$shares, result$schema),
      relations = relations_frame(result$relations),
      identifiers = as.character(unlist(result$identifiers)),
      text = as.character(result$text),
      diagnosis = as.character(result$diagnosis),
      version = result$version,
      stopped = result$stopped,
      kept = as.integer(result$kept),
      call = call
    ),
    class = "gan_fit"
  )
}

new_gan_trace <- function(epoch, samples, rate = NULL, kind = NULL) {
  structure(list(epoch = as.integer(epoch), samples = samples, rate = rate, kind = kind), class = "gan_trace")
}

shares_frame <- function(shares, schema) {
  column <- as.character(unlist(shares$column))
  level <- as.character(vapply(shares$level, \(level) if (is.null(level)) NA_character_ else level, ""))
  is_logical <- column %in% unlist(schema$names)[unlist(schema$types) == "logical"]
  level[is_logical] <- toupper(level[is_logical])
  data.frame(
    column = column, level = level,
    share = as.numeric(unlist(shares$share))
  )
}

relations_frame <- function(relations) {
  relations_of <- data.frame(
    words = as.character(unlist(relations$words)),
    kind = as.character(unlist(relations$kind)),
    holds = as.numeric(unlist(relations$holds)),
    enforced = as.logical(unlist(relations$enforced)),
    implied_by = as.character(unlist(relations$implied_by))
  )
  relations_of$columns <- lapply(relations$columns, \(columns) as.character(unlist(columns)))
  relations_of
}

plain_frame <- function(columns, integers = character()) {
  columns <- lapply(columns, as.vector)
  columns[integers] <- lapply(columns[integers], as.integer)
  data.frame(columns)
}

show_messages <- function(result) {
  for (text in result$messages) {
    message(text)
  }
  if (identical(result$stopped, "interrupted")) {
    epochs <- length(result$history$epoch)
    of_trees <- all(is.nan(as.vector(result$history$generator_loss)))
    text <- if (of_trees) ngettext(epochs, "tree", "trees") else ngettext(epochs, "epoch", "epochs")
    warning(warningCondition(
      sprintf("The fit was interrupted after %d %s and is returned as it is.", epochs, text),
      class = "ganbridge_interrupted"
    ))
  }
}
