#' Evaluate generated rows beside real ones
#'
#' Measures how close generated rows come to real ones, column by column, pair by pair and as whole rows; whether models
#' can be trained on them instead of real rows; and whether they avoid disclosing the rows that were trained on. Every
#' metric is shown with its baseline, the value that real rows reach, and with a sentence that explains it.
#'
#' Value and baseline are computed from equally many rows, because distances depend on their number. The baseline
#' compares the holdout with the real rows. Without a holdout it compares one half of the real rows with the other, and
#' generated rows are compared with the same half. If there are many rows, distances and classifiers use some of them,
#' drawn with the seed; the notes say so.
#'
#' @section Metrics:
#' Single columns: Kolmogorov-Smirnov and Wasserstein distances (in standard deviations) of numbers, total variation
#' of categories, the share of missing values, the number of peaks. Pairs: differences of correlation, of mutual
#' information (as a share of the entropies) and of the cross table. Whole rows: sliced Wasserstein and energy
#' distance, coverage and density (Naeem et al., 2020), pMSE and its ratio to its expectation (Snoke et al., 2018),
#' and how well a linear model and a random forest tell generated from real rows. With a `target`: models that are
#' trained on generated and on real rows, and tested on other real rows (R squared, or the area under
#' the curve for categories). With a `holdout`, classifiers tell generated rows from held-out rows, because rows that
#' follow the training rows in every detail would look better than they are beside these.
#'
#' Dates and times are compared as numbers and by their parts (day of the year, weekday, time of day); pairs of them by
#' the share of rows in which both are on one day, and by the time between them.
#'
#' Privacy: distance to the closest record, nearest-neighbour distance ratio, share of copied rows; share of copied
#' values in columns where nearly every row has its own, such as names. With a `holdout`, the area under the curve of
#' two attacks that tell training from held-out rows: by the distance to the closest generated row, and by the ratio of
#' the densities of generated and of real rows (DOMIAS, van Breugel et al., 2023; kernel estimates in principal
#' components). For tables, what somebody who knows up to four columns of a row learns: whether a row can be identified
#' (replicated uniques, repU), and whether another column is disclosed (DiSCO, DCAP; Raab et al., 2024), as the package
#' synthpop reports them, but as the mean over 20 random choices of columns, and beside what other real rows disclose.
#'
#' Waves are described by their amplitude, dominant frequency, level, roughness and spectrum instead of columns;
#' images by their brightness, contrast, sharpness and pixels, and compared by the Frechet distance (Heusel et al.,
#' 2017) between features of a small classifier. The classifier is trained to predict the labels given as `target`, on a
#' part of the real images that is used for nothing else; without labels, distances between images are computed from
#' principal components of their pixels, and `meaning` says so. The distance is a share of the variance of the
#' features.
#'
#' @param synthetic_or_fit Generated rows, in the form of `real` (a data.frame or a matrix; of waves also an array or a
#'   list; of images an array); or a fit made by
#'   [gan_fit()], from which as many rows are sampled as `real` has.
#' @param real The rows that the fit was trained on. These, `holdout` and generated rows may be paths of files, too, as
#'   in [gan_fit()].
#' @param holdout Real rows that the fit was not trained on.
#' @param target The column that models are trained to predict, by its name or number. For images: the labels of the
#'   real images, a vector or factor.
#' @param seed A whole number from 0 to 2147483647, with which rows are drawn (also those sampled from a fit). `NULL`
#'   takes the fit's seed, and without a fit always the same one. `.Random.seed` does not change.
#' @param kind `"table"`, `"wave"` or `"image"`. `NULL` takes the fit's kind, and `"table"` without a fit.
#' @return A list of class `gan_evaluation`:
#'   \item{table}{a data.frame with one row per metric, which `as.data.frame()` returns: `metric`, `column`, `value`,
#'     `baseline` (the value that real rows reach), `verdict` (`"good"`: within sampling error of real data; `"fair"`:
#'     slightly worse; `"poor"`: clearly worse; or `"not evaluated"`) and `meaning`, a sentence}
#'   \item{verdict, question}{for each metric its verdict, and the question to which it belongs}
#'   \item{summary}{the numbers of verdicts by question, as `summary()` returns them}
#'   \item{notes}{which rows were compared, and how many}
#'   \item{counts, kind, seed}{numbers of rows; the kind of data; the seed}
#'   \item{panels, text}{what `plot()` and `print()` show}
#'   Bad arguments are an error of class `ganbridge_error`, as is a Python without scikit-learn.
#' @references
#' Heusel et al. (2017), GANs trained by a two time-scale update rule converge to a local Nash equilibrium, *NeurIPS*.
#'
#' Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models, *ICML*.
#'
#' Raab, Nowok and Dibben (2024), Practical privacy metrics for synthetic data, *arXiv* 2406.16826.
#'
#' Snoke et al. (2018), General and specific utility measures for synthetic data, *Journal of the
#' Royal Statistical Society A* 181.
#'
#' van Breugel et al. (2023), Membership inference attacks against synthetic data through overfitting detection,
#' *AISTATS*.
#' @seealso [summary.gan_evaluation()], [plot.gan_evaluation()]
#' @examplesIf ganbridge::gan_available(evaluate = TRUE)
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
    kind = if (!is.null(kind)) check_choice(kind, "kind", kind_names)
  )
  if (inherits(synthetic_or_fit, "gan_fit")) {
    arguments$model <- check_fit(synthetic_or_fit, "synthetic_or_fit")$model
  } else {
    arguments$synthetic <- data_to_core(synthetic_or_fit, "synthetic_or_fit")
  }
  arguments <- arguments[!vapply(arguments, is.null, NA)]
  new_gan_evaluation(call_core_with("evaluate", arguments))
}

# The name of a column, or its index counted from 0 if columns have no names; for images, the labels. The core refuses a
# target for waves.
target_to_core <- function(target, real) {
  if (is_paths(real) || is_source(real)) {
    return(target)
  }
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
    more <- if (length(names) > 6) ", ..." else ""
    choices <- if (is.null(names)) "" else sprintf(" (%s%s)", shown, more)
    stop_wanted("target", paste0("the name or the number of a column of `real`", choices), target)
  }
  target
}

# `result` is what bridge.evaluate() returns.
new_gan_evaluation <- function(result) {
  columns <- lapply(result$columns, as.vector)
  structure(
    list(
      table = data.frame(columns[c("metric", "column", "value", "baseline", "verdict", "meaning")]),
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
#' @param row.names,optional Ignored.
#' @param ... Nothing, except for `print()` and `format()`.
#' @return `format()` returns the lines, `print()` prints them and returns `x`, invisibly. `summary()` returns a
#'   data.frame of class `summary.gan_evaluation` with one row per question: how many metrics are within sampling
#'   error of real data (`good`), slightly worse (`fair`) and clearly worse (`poor`), and the worst of them.
#'   `as.data.frame()` returns the table of all metrics.
#' @seealso [plot.gan_evaluation()] for a plot.
#' @examplesIf ganbridge::gan_available(evaluate = TRUE)
#' synthetic <- data.frame(eruptions = runif(200, 1, 6), waiting = runif(200, 40, 100))
#' summary(gan_evaluate(synthetic, faithful))
#' @export
summary.gan_evaluation <- function(object, ...) {
  check_dots(...)
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
  check_dots(...)
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

# NULL if evaluations can run, otherwise a sentence that says what is missing; for conditions of examples and tests
missing_for_evaluation <- function() {
  problems <- tryCatch({
    python <- probe_python()
    problems <- python_problems(python)
    if (nrow(problems) > 0) problems else evaluation_problems(python)
  }, error = \(e) data.frame(problem = conditionMessage(e)))
  if (nrow(problems) > 0) problems$problem[[1]]
}
