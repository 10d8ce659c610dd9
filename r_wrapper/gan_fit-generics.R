#' R's own generics for a fit
#'
#' `simulate()` draws samples as [gan_sample()] does, `nobs()` is the number of training rows, and `update()` fits again
#' with other arguments. `tidy()` and `glance()`, the generics of the packages generics and broom, return a fit or an
#' evaluation as data frames.
#'
#' @param object A fit made by [gan_fit()].
#' @param nsim Number of samples.
#' @param seed As for [gan_sample()].
#' @param ... For `simulate()`: `given` of [gan_sample()]. For `update()`: arguments of [gan_fit()] that are changed
#'   in the call; `NULL` removes one. For the others nothing.
#' @param evaluate `FALSE` returns the changed call instead of the fit.
#' @param x A fit, or an evaluation made by [gan_evaluate()].
#' @return
#'   \item{simulate()}{a list of `nsim` samples of as many rows as the training data, as `gan_sample(fit, m = nsim)`
#'     returns it}
#'   \item{nobs()}{the number of training rows, an integer}
#'   \item{update()}{a fit; its data and arguments are looked up where `update()` is called}
#'   \item{tidy()}{a data.frame. Of a fit, with one row per column of the training data: `column`, `type`, `encoding`
#'     and the moments of the real rows (`NA` for levels; for waves and images one row per point or pixel). Of an
#'     evaluation, with one row per metric, as `as.data.frame()` returns it}
#'   \item{glance()}{a data.frame of one row. Of a fit: `kind`, `rows`, `columns`, `prior`, `epochs`, `kept`, `stopped`
#'     (why the training ended), `problems` (how many were found), `seed` and `version`. Of an evaluation: `kind`, the
#'     numbers of `generated`, `real` and `holdout` rows, how many metrics are `good`, `fair` and `poor`, and `seed`}
#'   Bad arguments are an error of class `ganbridge_error`.
#' @seealso [summary.gan_fit()], [gan_pool()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' nobs(fit)
#' simulate(fit, nsim = 3, seed = 1)
#' longer <- update(fit, epochs = 10)
#' @examplesIf ganbridge::gan_available() && requireNamespace("generics", quietly = TRUE)
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' generics::tidy(fit)
#' generics::glance(fit)
#' @name simulate.gan_fit
NULL

#' @rdname simulate.gan_fit
#' @export
simulate.gan_fit <- function(object, nsim = 1, seed = NULL, ...) {
  check_fit(object, "object")
  gan_sample(object, ..., seed = seed, m = check_count(nsim, "nsim"))
}

#' @rdname simulate.gan_fit
#' @export
nobs.gan_fit <- function(object, ...) {
  check_dots(...)
  as.integer(object$schema$rows)
}

#' @rdname simulate.gan_fit
#' @export
update.gan_fit <- function(object, ..., evaluate = TRUE) {
  check_flag(evaluate, "evaluate")
  call <- object$call
  if (is.null(call)) {
    stop_argument(
      "`object` must hold the call of gan_fit(), which a fit from a file does not. Write gan_fit(...) again."
    )
  }
  changes <- match.call(expand.dots = FALSE)$...
  if (length(changes) > 0 && (is.null(names(changes)) || !all(nzchar(names(changes))))) {
    stop_argument("`...` must have the names of arguments of gan_fit(), such as epochs = 100.")
  }
  for (name in names(changes)) {
    call[[name]] <- changes[[name]]
  }
  for (name in c("data", "condition")) {
    if (identical(call[[name]], placeholder(name))) {
      stop_argument("`", name, "` must be passed, because the call of the fit held a value instead of a name.")
    }
  }
  if (evaluate) eval(call, parent.frame()) else call
}

#' @rdname simulate.gan_fit
#' @exportS3Method generics::tidy
tidy.gan_fit <- function(x, ...) { # nolint: object_name_linter.
  check_dots(...)
  columns <- nrow(x$moments)
  types <- as.character(unlist(x$schema$types))
  encodings <- as.character(unlist(x$schema$encodings))
  data.frame(
    column = column_labels(x), type = rep_len(types, columns),
    encoding = if (length(encodings) == columns) encodings else NA_character_,
    x$moments[c("mean", "sd", "min", "max")]
  )
}

#' @rdname simulate.gan_fit
#' @exportS3Method generics::glance
glance.gan_fit <- function(x, ...) { # nolint: object_name_linter.
  check_dots(...)
  data.frame(
    kind = x$kind, rows = nobs.gan_fit(x), columns = nrow(x$moments),
    prior = if (is.null(x$config$prior)) "normal" else x$config$prior,
    epochs = nrow(x$history), kept = x$kept, stopped = x$stopped, problems = length(x$diagnosis), seed = x$seed,
    version = x$version
  )
}

#' @rdname simulate.gan_fit
#' @exportS3Method generics::tidy
tidy.gan_evaluation <- function(x, ...) { # nolint: object_name_linter.
  check_dots(...)
  data.frame(question = x$question, x$table)
}

#' @rdname simulate.gan_fit
#' @exportS3Method generics::glance
glance.gan_evaluation <- function(x, ...) { # nolint: object_name_linter.
  check_dots(...)
  counts <- \(verdict) sum(x$verdict == verdict)
  data.frame(
    kind = x$kind, generated = x$counts$generated, real = x$counts$real, holdout = x$counts$holdout,
    good = counts("good"), fair = counts("fair"), poor = counts("poor"), seed = x$seed
  )
}
