#' Fit a generative adversarial network
#'
#' Trains a generator and a discriminator on a data set. What comes back is a plain
#' list: `saveRDS()` and `readRDS()` keep it, in any R session.
#'
#' @section Interrupting:
#' Ctrl-C (or the stop button) ends the training and returns the fit as it stands, with a
#' warning of class `ganbridge_interrupted`. Before the first step there is
#' nothing to return, and the call ends as any interrupted call does.
#'
#' @param data A data.frame, or a numeric matrix of n rows by p columns or of n waves by m points.
#'   A data.frame may hold numeric, integer, logical and character columns, factors (ordered or
#'   not), Date, POSIXct and difftime, with missing values in any of them: their share, and
#'   what they depend on, are learned. Waves may also be an array of n waves by
#'   m points by channels, or a list of waves of different lengths, each a vector or a matrix of
#'   points by channels. Images are an array of n x height x width, or of n x height x width x
#'   channels (8 to 64 pixels a side, 1 to 4 channels), with pixels that are integers from
#'   0 to 255 or doubles from 0 to 1. In all of these nothing may be missing. Infinite values are
#'   refused everywhere, with an error that names the column.
#' @param kind `"table"`, `"wave"` or `"image"`. `NULL` means a table, and images for an array of four dimensions;
#'   waves need `kind = "wave"`, in whatever form, and grey images `kind = "image"`.
#' @param condition Names of columns of a data.frame that are given to the generator and not generated
#'   (a conditional GAN); `gan_sample(fit, n, given = list(species = "Adelie"))` then
#'   draws rows of that kind only. For waves and images one label for each: a vector, a factor or
#'   a data.frame; whole numbers of at most 24 different values are classes.
#' @param epochs Number of passes over the rows. `NULL` chooses from the data; a number is
#'   run in full.
#' @param seed A whole number from 0 to 2147483647. The same data, settings and seed give the
#'   same fit, in R and in Python. `NULL` takes one draw from R's random
#'   numbers, so that `set.seed()` governs the fit.
#' @param trace Keep a sample every `trace` epochs, to look at the training
#'   afterwards; see [plot_waves()] and [plot_images()]. `NULL` keeps none.
#' @param log Path of a file that gets a line every so often. Where it cannot be written any more, the
#'   training goes on without it, with a message.
#' @param rate Points of a wave per second (Hz), for `kind = "wave"`: it is kept in the fit, and pictures of
#'   its waves have an axis of time. It changes nothing in the training.
#' @param progress `TRUE` shows the progress, `FALSE` does not. `NULL` shows it in
#'   an interactive console, but not in scripts and in knitr.
#' @param config Settings, made by [gan_config()].
#' @return A list of class `gan_fit`:
#'   \item{model}{the model's bytes, a raw vector; [gan_save()] writes them}
#'   \item{history}{a data.frame of one row per epoch: `epoch`, `step` (updates of the
#'     generator so far), `generator_loss`, `discriminator_loss`, `seconds`, `score` (of the
#'     generator where one was taken, otherwise `NaN`)}
#'   \item{trace}{`NULL`, or a list of class `gan_trace` of `epoch` (integers) and
#'     `samples` (a list of samples as [gan_sample()] gives them)}
#'   \item{schema}{names and types of the columns, how each was encoded, and the conditions}
#'   \item{config}{every setting as it was used, of class `gan_config`}
#'   \item{moments}{a data.frame of the mean, sd, min and max of each real column (of images: of each pixel); `NA` where
#'     a column has levels}
#'   \item{shares}{a data.frame of the levels of each real column (`NA`: missing) and their shares}
#'   \item{diagnosis}{what went wrong, in words, each with its remedy: collapse, divergence, copies of
#'     training rows, a budget that was too short; empty where nothing was found}
#'   \item{seed, kind, rate, text, version, stopped, kept}{the seed; the kind; points per second, or `NULL`; the lines
#'     that `print()` shows; the version of ganbridge; why the training ended; the epoch whose generator was kept}
#'   Bad arguments are an error of class `ganbridge_error`, before any training.
#' @references Goodfellow et al. (2014), Generative adversarial nets, *Advances in Neural
#'   Information Processing Systems* 27. Mirza and Osindero (2014), Conditional generative
#'   adversarial nets, arXiv:1411.1784.
#' @seealso [gan_sample()], [plot.gan_fit()], [summary.gan_fit()], [gan_save()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' fit
#' gan_sample(fit, 3, seed = 1)
#' @export
gan_fit <- function(data, kind = NULL, condition = NULL, epochs = NULL, seed = NULL, trace = NULL,
                    log = NULL, rate = NULL, progress = NULL, config = gan_config()) {
  # R passes only what was set: every default stands in the core.
  arguments <- list(
    data = data_to_core(data),
    kind = if (!is.null(kind)) check_string(kind, "kind"),
    condition = condition_to_core(condition, data),
    epochs = if (!is.null(epochs)) check_count(epochs, "epochs"),
    trace = if (!is.null(trace)) check_count(trace, "trace"),
    log = if (!is.null(log)) check_path(log, "log"),
    rate = check_rate(rate),
    config = config_to_core(config)
  )
  if (shows_progress(progress)) {
    reporter <- progress_reporter()
    on.exit(reporter$done())
    arguments$progress <- reporter$report
  }
  arguments <- arguments[!vapply(arguments, is.null, NA)]
  result <- with_seed(seed, \(seed) do.call(call_core, c("fit", arguments, seed = seed)))
  tell(result)
  new_gan_fit(result)
}

# `result` is what bridge.fit() and bridge.describe() return.
new_gan_fit <- function(result) {
  trace <- result$trace
  structure(
    list(
      model = result$model,
      history = plain_frame(result$history, integers = c("epoch", "step")),
      trace = if (!is.null(trace)) {
        new_gan_trace(trace$epoch, lapply(trace$samples, data_from_core), result$rate)
      },
      schema = result$schema,
      config = new_gan_config(result$config),
      seed = as.integer(result$seed),
      rate = result$rate,
      kind = result$kind,
      moments = plain_frame(result$moments),
      shares = shares_frame(result$shares, result$schema),
      text = as.character(result$text),
      diagnosis = as.character(result$diagnosis),
      version = result$version,
      stopped = result$stopped,
      kept = as.integer(result$kept)
    ),
    class = "gan_fit"
  )
}

new_gan_trace <- function(epoch, samples, rate = NULL) {
  structure(list(epoch = as.integer(epoch), samples = samples, rate = rate), class = "gan_trace")
}

shares_frame <- function(shares, schema) {
  column <- as.character(unlist(shares$column))
  level <- as.character(vapply(shares$level, \(level) if (is.null(level)) NA_character_ else level, ""))
  logical <- column %in% unlist(schema$names)[unlist(schema$types) == "logical"]
  level[logical] <- toupper(level[logical])
  data.frame(
    column = column, level = level,
    share = as.numeric(unlist(shares$share))
  )
}

plain_frame <- function(columns, integers = character()) {
  columns <- lapply(columns, as.vector)
  columns[integers] <- lapply(columns[integers], as.integer)
  data.frame(columns)
}

tell <- function(result) {
  for (text in result$messages) {
    message(text)
  }
  if (identical(result$stopped, "interrupted")) {
    epochs <- length(result$history$epoch)
    text <- ngettext(epochs, "epoch", "epochs")
    warning(warningCondition(
      sprintf("The fit was interrupted after %d %s and is returned as it stands.", epochs, text),
      class = "ganbridge_interrupted"
    ))
  }
}
