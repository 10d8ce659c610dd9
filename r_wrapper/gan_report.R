#' Write a report about a fit
#'
#' Writes one HTML page: what was trained, every metric of [gan_evaluate()] with its baseline and its meaning, plots of
#' real rows beside generated ones, of losses and scores, and privacy. The file is self-contained: it loads
#' nothing from elsewhere, and can be opened anywhere, also on a phone. A click on the head of a table sorts it, and
#' plots show values under the pointer. Plots show real rows, some of them at their own values: pass the file on only to
#' people who may see the data. The same fit, data and seed give the same page, also in Python.
#'
#' @inheritParams gan_evaluate
#' @param fit A fit made by [gan_fit()] or [gan_load()].
#' @param file Path of the file. An existing file is replaced.
#' @return `file`, invisibly. Bad arguments are an error of class `ganbridge_error`, before anything is
#'   evaluated, as is a Python without scikit-learn or matplotlib.
#' @seealso [gan_evaluate()] for the metrics as a data.frame.
#' @examplesIf ganbridge::gan_available(evaluate = TRUE)
#' fit <- gan_fit(faithful, epochs = 20, seed = 1)
#' file <- gan_report(fit, faithful, tempfile(fileext = ".html"), target = "waiting")
#' if (interactive()) browseURL(file)
#' @export
gan_report <- function(fit, real, file = "report.html", holdout = NULL, target = NULL, seed = NULL) {
  check_fit(fit)
  path <- check_file(file)
  arguments <- list(
    model = fit$model,
    real = data_to_core(real, "real"),
    holdout = if (!is.null(holdout)) data_to_core(holdout, "holdout"),
    target = if (!is.null(target)) target_to_core(target, real),
    seed = if (!is.null(seed)) check_seed(seed)
  )
  arguments <- arguments[!vapply(arguments, is.null, NA)]
  write_whole(call_core_with("report", arguments), path)
  invisible(file)
}
