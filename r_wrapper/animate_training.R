#' Write the training as an animation
#'
#' Writes the samples that a fit traced as a GIF or an animated PNG, with one frame for each epoch. The frames show what
#' [plot_training()] draws side by side, on axes common to all frames. If there are more than 100 epochs, 100 evenly
#' spaced ones are drawn; the last frame stays for two seconds. The frames are drawn in Python, with matplotlib and
#' pillow.
#'
#' @param fit A fit made by [gan_fit()] with `trace`.
#' @param file The path to write to, which ends in .gif, .png or .apng. It is checked before anything is drawn.
#' @param real The real rows, with the same columns; real waves, which are drawn behind the generated ones; or real
#'   images, which are drawn beside them.
#' @param columns The columns of a table to draw, by name or number. `NULL` draws at most the first four.
#' @param fps Frames per second, from 0.1 to 50. `NULL` makes an animation of about eight seconds.
#' @return The path of the file, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [plot_training()]
#' @examplesIf ganbridge::gan_available(evaluate = TRUE)
#' fit <- gan_fit(faithful, epochs = 20, seed = 1, trace = 10)
#' animate_training(fit, tempfile(fileext = ".gif"), faithful)
#' @export
animate_training <- function(fit, file, real = NULL, columns = NULL, fps = NULL) {
  check_traced(fit)
  if (!grepl("[.](gif|a?png)$", check_string(file, "file", "the path of a file"), ignore.case = TRUE)) {
    stop_wanted("file", "a path that ends in .gif, .png or .apng", file)
  }
  file <- check_path(file, "file")
  if (fit$kind != "table") {
    only_for_tables(fit$kind, columns = columns)
    real_samples(real, fit)
  }
  if (!is.null(columns)) {
    columns <- column_indices(columns, fit$trace$samples[[1]])
  }
  real <- if (!is.null(real)) data_to_core(real, "real")
  arguments <- list(real = real, columns = columns, fps = if (!is.null(fps)) check_number(fps, "fps"))
  arguments <- arguments[!vapply(arguments, is.null, NA)]
  call_core_with("animate_training", c(list(file_bytes(fit), file), arguments))
  invisible(file)
}
