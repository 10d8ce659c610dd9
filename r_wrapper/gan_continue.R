#' Go on with the training of a fit
#'
#' A fit that has not come to the end of its plan goes on to it, with the same bits as if it had never stopped: a fit
#' that was interrupted (Ctrl-C), that was told to stop by `stop_after`, by `minutes` of [gan_config()] or by a
#' callback, or that was loaded from a `checkpoint` of a process that was killed. It does not matter whether it was
#' kept by `saveRDS()` or [gan_save()], and whether it was begun in R or in Python.
#'
#' An unfinished fit holds the state of its training: the networks of all members, the moments of the optimizers,
#' averages, and the state of the random numbers. A finished fit does not, so that it stays small, unless it had a
#' `stop_after`. A fit without networks has nothing to go on from: its mixture is fitted again, with the same seed and
#' so to the same bits.
#'
#' @param fit A fit made by [gan_fit()] or read by [gan_load()].
#' @param data The data of the fit, which does not hold them. They are compared by their columns, rows and moments and,
#'   for an unfinished fit, by 16 bits of a hash of all values. Other data are an error.
#' @param epochs Number of epochs in all, counted from the beginning of the fit. `NULL` goes on to the end of its plan,
#'   and returns a finished fit as it is, with a message. More than it planned are a new plan: learning rates and all
#'   else that depends on the share of the training that is done go by it from here on. A fit without the state of its
#'   training goes on from its networks alone, with fresh moments and random numbers.
#' @param condition The labels of waves or images, if the fit had any.
#' @inheritParams gan_fit
#' @return A fit, see [gan_fit()]. Errors are of class `ganbridge_error`.
#' @seealso [gan_fit()], [gan_save()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 10, stop_after = 4, seed = 1)
#' fit
#' gan_continue(fit, faithful)
#' @export
gan_continue <- function(fit, data, epochs = NULL, condition = NULL, stop_after = NULL, log = NULL, progress = NULL,
                         callbacks = NULL, checkpoint = NULL, checkpoint_every = NULL) {
  check_fit(fit)
  arguments <- list(
    epochs = if (!is.null(epochs)) check_count(epochs, "epochs"),
    stop_after = if (!is.null(stop_after)) check_count(stop_after, "stop_after"),
    log = if (!is.null(log)) check_path(log, "log"),
    checkpoint = if (!is.null(checkpoint)) check_path(checkpoint, "checkpoint"),
    checkpoint_every = check_every(checkpoint_every),
    condition = if (!is.null(condition)) condition_to_core(condition, data, fit$kind)
  )
  arguments <- arguments[!vapply(arguments, is.null, NA)]
  watched <- watched_by(progress, callbacks)
  result <- call_watched("resume", c(list(model = file_bytes(fit), data = data_to_core(data)), arguments), watched)
  if (is.null(epochs) && identical(fit$stopped, "budget")) {
    message("The fit has come to the end of its plan; set `epochs` to train it further.")
  }
  show_messages(result)
  new_gan_fit(result, fit$call)
}
