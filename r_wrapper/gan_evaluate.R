#' Evaluate generated rows beside real ones
#'
#' How close generated rows come to real ones, column by column, pair by pair and as whole rows; whether models can
#' be trained on them instead of real rows; and whether they avoid copying the rows that were trained on. Every metric
#' stands beside its baseline, which is what real rows reach instead of the generated ones, and comes with a sentence
#' that says what it means.
#'
#' The baseline has as many rows as the value, because distances depend on their number: the holdout compared with the
#' real rows; without a holdout, one half of the real rows compared with the other half, and the generated rows are
#' compared with that half, too. Where there are many rows, distances between rows and classifiers use a part of them,
#' drawn with the seed; the notes say so.
#'
#' @section Metrics:
#' Single columns: Kolmogorov-Smirnov and Wasserstein distances (in standard deviations) of numbers, total variation
#' of categories, the share of missing values, the number of peaks. Pairs: differences of correlation, of mutual
#' information (as a share of the entropies) and of the cross table. Whole rows: sliced Wasserstein and energy
#' distance, coverage and density (Naeem et al., 2020), pMSE and its ratio to its expectation (Snoke et al., 2018),
#' and how well a linear model and a random forest tell generated from real rows. With a `target`: models that are
#' trained on generated and on real rows, tested on real rows that neither was trained on (R squared, or the area under
#' the curve for categories). Privacy: distance to the closest record, nearest-neighbour distance ratio, share of copied
#' rows. Waves are described by their amplitude, dominant frequency, level, roughness and spectrum instead of columns;
#' images by their brightness, contrast, sharpness and pixels, and compared by the Frechet distance (Heusel et al.,
#' 2017) between features of a small classifier. That one is trained on the labels that are given as `target`, on a part
#' of the real images with which nothing else is compared; without labels, distances between images are taken in
#' principal components of their pixels, and `meaning` says so. The distance is a share of the variance of the
#' features.
#'
#' @param synthetic_or_fit Generated rows, in the form of `real` (a data.frame or a matrix; of waves also an array or a
#'   list; of images an array); or a fit made by
#'   [gan_fit()], which is asked for as many rows as `real` has.
#' @param real The rows that the fit was trained on.
#' @param holdout Real rows that no fit was trained on.
#' @param target The column that models are trained to predict, by its name or number. Of images: the labels of the real ones,
#'   a vector or factor.
#' @param seed A whole number from 0 to 2147483647 that rows are drawn with, for the sample of a fit, too. `NULL`
#'   takes the fit's own seed, and without a fit always the same one. `.Random.seed` is not touched.
#' @param kind `"table"`, `"wave"` or `"image"`. `NULL` takes the fit's kind, and `"table"` without a fit.
#' @return A list of class `gan_evaluation`: `table` (a data.frame of `metric`, `column`, `value`, `baseline` and
#'   `meaning`, which `as.data.frame()` gives), `verdict` (for each row of it `"good"`, `"fair"`, `"poor"` or
#'   `"not judged"`), `question` (to which each row belongs), `notes` (what was compared), `summary`, `panels`
#'   (what `plot()` shows), `counts` (of rows), `kind`, `seed` and `text` (what `print()` shows). Bad arguments
#'   are an error of class `ganbridge_error`, as is a Python without scikit-learn.
#' @references
#' Heusel et al. (2017), GANs trained by a two time-scale update rule converge to a local Nash equilibrium, *NeurIPS*.
#'
#' Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models, *ICML*.
#'
#' Snoke et al. (2018), General and specific utility measures for synthetic data, *Journal of the
#' Royal Statistical Society A* 181.
#' @seealso [summary.gan_evaluation()], [plot.gan_evaluation()]
#' @examplesIf ganbridge::gan_available() && is.null(ganbridge:::missing_for_evaluation())
#' fit <- gan_fit(faithful, epochs = 20, seed = 1)
#' evaluation <- gan_evaluate(fit, faithful, target = "waiting")
#' evaluation
#' head(as.data.frame(evaluation))
#' @export
gan_evaluate <- function(synthetic_or_fit, real, holdout = NULL, target = NULL, seed = NULL, kind = NULL) {
  arguments <- list(
    real = data_to_core(real, "real"),
    holdout = if (!is.null(holdout)) data_to_core(holdout, "holdout"),
    target = if (!is.null(target)) target_to_core(target, real),
    seed = if (!is.null(seed)) check_seed(seed),
    kind = if (!is.null(kind)) check_choice(kind, "kind", c("table", "wave", "image"))
  )
  if (inherits(synthetic_or_fit, "gan_fit")) {
    arguments$model <- check_fit(synthetic_or_fit, "synthetic_or_fit")$model
  } else {
    arguments$synthetic <- data_to_core(synthetic_or_fit, "synthetic_or_fit")
  }
  arguments <- arguments[!vapply(arguments, is.null, NA)]
  new_gan_evaluation(do.call(call_core, c("evaluate", arguments)))
}

# The name of a column, or where there are no names its number counted from 0; of images, labels. For waves the core
# refuses a target.
target_to_core <- function(target, real) {
  if (!is.data.frame(real) && !is.matrix(real)) {
    if (is.array(real) && anyNA(target)) {
      stop_wanted("target", "labels without a missing one", target)
    }
    return(if (is.factor(target)) as.character(target) else target)
  }
  names <- colnames(real)
  if (length(target) == 1 && is_whole(target, 1, ncol(real))) {
    return(if (is.null(names)) as.integer(target) - 1L else names[[target]])
  }
  if (!is.character(target) || length(target) != 1 || !target %in% names) {
    shown <- paste0("\"", head(names, 6), "\"", collapse = ", ")
    few <- if (length(names) > 6) ", ..." else ""
    what <- if (is.null(names)) "" else sprintf(" (%s%s)", shown, few)
    stop_wanted("target", paste0("the name or the number of a column of `real`", what), target)
  }
  target
}

# `result` is what bridge.evaluate() returns.
new_gan_evaluation <- function(result) {
  columns <- lapply(result$columns, as.vector)
  structure(
    list(
      table = data.frame(columns[c("metric", "column", "value", "baseline", "meaning")]),
      question = columns$question,
      verdict = columns$verdict,
      notes = as.character(result$notes),
      summary = plain_frame(result$summary, integers = c("good", "fair", "poor")),
      panels = lapply(result$panels, \(panel) lapply(panel, as.vector)),
      counts = lapply(result$counts, as.integer),
      kind = result$kind,
      seed = as.integer(result$seed),
      text = as.character(result$text)
    ),
    class = "gan_evaluation"
  )
}

#' Print, count and tabulate an evaluation
#'
#' @param x,object An evaluation made by [gan_evaluate()].
#' @param row.names,optional,... Ignored.
#' @return `format()` gives the lines, `print()` writes them and returns `x`, invisibly. `summary()` gives a
#'   data.frame of class `summary.gan_evaluation` with one row per question: how many metrics are within sampling
#'   error of real data (`good`), slightly worse (`fair`) and clearly worse (`poor`), and the one furthest off.
#'   `as.data.frame()` gives the table of all metrics.
#' @seealso [plot.gan_evaluation()] for a plot.
#' @examplesIf ganbridge::gan_available() && is.null(ganbridge:::missing_for_evaluation())
#' made <- data.frame(eruptions = runif(200, 1, 6), waiting = runif(200, 40, 100))
#' summary(gan_evaluate(made, faithful))
#' @export
summary.gan_evaluation <- function(object, ...) {
  structure(object$summary, class = c("summary.gan_evaluation", "data.frame"))
}

#' @rdname summary.gan_evaluation
#' @export
format.gan_evaluation <- function(x, ...) {
  x$text
}

#' @rdname summary.gan_evaluation
#' @export
print.gan_evaluation <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

#' @rdname summary.gan_evaluation
#' @export
as.data.frame.gan_evaluation <- function(x, row.names = NULL, optional = FALSE, ...) { # nolint: object_name_linter.
  x$table
}

#' @export
format.summary.gan_evaluation <- function(x, ...) {
  width <- max(nchar(x$question), 0)
  heads <- sprintf("%*s %8s %9s %8s", width, "", c("within", "error"), c("slightly", "worse"), c("clearly", "worse"))
  counts <- sprintf("%-*s %8d %9d %8d", width, x$question, x$good, x$fair, x$poor)
  worst <- ifelse(nzchar(x$worst), paste0("\n  worst: ", short(x$worst, 70)), "")
  c(heads, unlist(strsplit(paste0(counts, worst), "\n", fixed = TRUE)))
}

#' @export
print.summary.gan_evaluation <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

# What an example or a test has to do without: NULL, or the sentence that says what is missing.
missing_for_evaluation <- function() {
  found <- tryCatch({
    probed <- probe_python()
    problems <- python_problems(probed)
    if (nrow(problems) > 0) problems else evaluation_problems(probed)
  }, error = \(e) data.frame(problem = conditionMessage(e)))
  if (nrow(found) > 0) found$problem[[1]]
}
