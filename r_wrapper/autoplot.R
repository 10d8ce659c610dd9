#' Draw a fit or an evaluation with ggplot2
#'
#' All plots of this package are ggplot objects, so that themes, titles and scales can be changed. `autoplot()` returns
#' the one that [plot()][plot.gan_fit] prints.
#'
#' @param object A fit made by [gan_fit()], its trace, or an evaluation made by [gan_evaluate()].
#' @inheritParams plot.gan_fit
#' @param ... As [plot.gan_fit()] takes it.
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1, trace = 5)
#' ggplot2::autoplot(fit, real = faithful) + ggplot2::theme_bw()
#' @exportS3Method ggplot2::autoplot
autoplot.gan_fit <- function( # nolint: object_name_linter. The generic is ggplot2's.
  object, type = c("auto", "losses", "trace"), real = NULL, columns = NULL, n = NULL, ...
) {
  draw_fit(check_fit(object, "object"), check_choice(type, "type", c("auto", "losses", "trace")), real, columns, n, ...)
}

#' @rdname autoplot.gan_fit
#' @exportS3Method ggplot2::autoplot
autoplot.gan_trace <- function(object, real = NULL, columns = NULL, ...) { # nolint: object_name_linter.
  draw_trace(object, real, columns, ...)
}

#' @rdname autoplot.gan_fit
#' @exportS3Method ggplot2::autoplot
autoplot.gan_evaluation <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  draw_evaluation(object, "object")
}
