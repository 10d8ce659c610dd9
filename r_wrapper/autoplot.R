#' Draw a fit with ggplot2
#'
#' The plots of [plot.gan_fit()] as ggplot objects, so that themes, titles and scales can be changed. The method needs
#' ggplot2. All panels have the same type of axis: if the columns of a table have different types (numbers, dates,
#' levels), only columns of the first one's type are drawn, with a message; `columns` selects others.
#'
#' @param object A fit made by [gan_fit()].
#' @param type `"auto"` for new rows (a density for one column, points with contours for two, histograms for more;
#'   bars for factors), waves or images, `"losses"` for losses and scores, `"trace"` for the samples that were kept
#'   during training (at most two columns of a table; one column with the noise behind it).
#' @param real The real rows, drawn in grey behind the generated ones; or real waves or images, drawn above the
#'   generated ones (with `"trace"`, below those of all epochs).
#' @param columns The columns to draw, by name or number. `NULL` draws at most the first twelve.
#' @param ... Nothing.
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @examplesIf ganbridge::gan_available() && requireNamespace("ggplot2", quietly = TRUE)
#' fit <- gan_fit(faithful, epochs = 20, seed = 1, trace = 5)
#' ggplot2::autoplot(fit, real = faithful)
#' ggplot2::autoplot(fit, type = "losses")
#' @exportS3Method ggplot2::autoplot
autoplot.gan_fit <- function( # nolint: object_name_linter. The generic is ggplot2's.
  object, type = c("auto", "losses", "trace"), real = NULL, columns = NULL, ...
) {
  check_dots(...)
  type <- check_choice(type, "type", c("auto", "losses", "trace"))
  check_fit(object, "object")
  if (type == "trace") check_traced(object, "object")
  if (object$kind != "table" && type != "losses") {
    only_for_tables(object$kind, columns = columns)
    real <- real_samples(real, object)
  }
  trace <- object$trace
  new <- \(n) gan_sample(object, n, seed = object$seed)
  if (type == "losses") {
    gg_losses(object)
  } else if (object$kind != "table") {
    parts <- kind_parts(object$kind)
    if (type == "trace") parts$gg_trace(trace, real) else parts$gg(new, object, real)
  } else if (type == "trace") {
    gg_table(trace$samples, trace$epoch, real, columns)
  } else {
    gg_table(list(new(min(object$schema$rows, most_rows))), NULL, real, columns)
  }
}

#' Draw an evaluation with ggplot2
#'
#' The plot of [plot.gan_evaluation()] as a ggplot object: each value as a dot, and its baseline, which is what real
#' rows reach instead of the generated ones, as a ring. The method needs ggplot2.
#'
#' @param object An evaluation made by [gan_evaluate()].
#' @param ... Nothing.
#' @return A ggplot object.
#' @examplesIf ganbridge::gan_available(evaluate = TRUE) && requireNamespace("ggplot2", quietly = TRUE)
#' synthetic <- data.frame(eruptions = runif(200, 1, 6), waiting = runif(200, 40, 100))
#' ggplot2::autoplot(gan_evaluate(synthetic, faithful))
#' @exportS3Method ggplot2::autoplot
autoplot.gan_evaluation <- function(object, ...) { # nolint: object_name_linter.
  check_dots(...)
  if (length(object$panels) == 0) {
    stop_argument("`object` must hold at least one value to draw, not none. Evaluate more rows.")
  }
  sides <- c("real beside real", "generated beside real")
  parts <- lapply(object$panels, \(panel) {
    title <- paste(panel$title, panel$unit, sep = ": ")
    data.frame(panel = title, label = panel$label, value = panel$value, baseline = panel$baseline)
  })
  data <- do.call(rbind, parts)
  data$panel <- factor(data$panel, unique(data$panel))
  data$label <- level_keys(seq_along(data$label), data$label) # shortened labels may be the same in one panel
  data$label <- factor(data$label, rev(levels(data$label)))
  crowded <- max(table(data$panel)) > 6 && length(by_labels()) == 0
  dots <- data.frame(
    data[rep(seq_len(nrow(data)), 2), c("panel", "label")],
    value = c(data$baseline, data$value), side = factor(rep(sides, each = nrow(data)), sides)
  )
  ggplot2::ggplot(dots, ggplot2::aes(.data$value, .data$label)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$baseline, xend = .data$value, yend = .data$label), data, colour = "grey70"
    ) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$side, shape = .data$side), fill = "white", size = 2, stroke = 0.9) +
    do.call(ggplot2::facet_wrap, c(list("panel", ncol = 1, scales = "free"), by_labels())) +
    ggplot2::scale_y_discrete(labels = \(keys) sub("^[^\r]*\r", "", keys)) +
    ggplot2::scale_colour_manual(values = c(ink$real, ink$generated)) +
    ggplot2::scale_shape_manual(values = c(21, 16)) +
    ggplot2::expand_limits(x = 0) + ggplot2::labs(x = NULL, y = NULL) + gg_look() +
    ggplot2::theme(axis.text.y = ggplot2::element_text(size = ggplot2::rel(if (crowded) 0.65 else 0.8)))
}

# Panel heights proportional to their number of labels; ggplot2 has this for facets in one column since 4.0.
by_labels <- function() if ("space" %in% names(formals(ggplot2::facet_wrap))) list(space = "free_y")

utils::globalVariables(".data")

gg_look <- function() {
  ggplot2::theme_minimal() + ggplot2::theme(
    legend.position = "top", legend.justification = "right", legend.title = ggplot2::element_blank(),
    panel.grid.minor = ggplot2::element_blank(), strip.text = ggplot2::element_text(hjust = 0)
  )
}

gg_colours <- function(...) {
  values <- c(
    real = ink$real, generated = ink$generated, generator = ink$generated, discriminator = ink$discriminator
  )
  list(
    ggplot2::scale_colour_manual(values = values, breaks = names(values), aesthetics = c("colour", "fill"), ...)
  )
}

gg_losses <- function(fit) {
  history <- fit$history
  count <- nrow(history)
  data <- data.frame(
    epoch = rep(history$epoch, 3), value = c(history$generator_loss, history$discriminator_loss, history$score),
    series = rep(c("generator", "discriminator", "score"), each = count),
    panel = factor(rep(c("loss", "loss", "score, 0 is perfect"), each = count), c("loss", "score, 0 is perfect"))
  )
  data <- data[is.finite(data$value), ]
  if (nrow(data) == 0) stop_argument("`object` must hold at least one finite loss to draw, not none.")
  scores <- data[data$series == "score", ]
  zero <- utils::head(scores, 1)
  zero$value <- rep(0, nrow(zero))
  ggplot2::ggplot(data, ggplot2::aes(.data$epoch, .data$value)) +
    ggplot2::geom_line(ggplot2::aes(colour = .data$series), data[data$series != "score", ]) +
    ggplot2::geom_line(data = scores, colour = ink$score) +
    ggplot2::geom_point(data = scores, colour = ink$score, size = 1) +
    gg_kept(fit, scores) +
    # The axis starts at zero, the best score, so that a small change looks small.
    ggplot2::geom_blank(data = zero) +
    ggplot2::facet_wrap("panel", ncol = 1, scales = "free_y") +
    ggplot2::labs(x = if ("generator" %in% data$series) "epoch" else "tree", y = NULL) +
    gg_colours() + gg_look()
}

# The epoch that was kept, if scores were computed
gg_kept <- function(fit, scores) {
  kept <- fit$kept
  if (nrow(scores) == 0 || kept < min(fit$history$epoch) || kept > max(fit$history$epoch)) {
    return(NULL)
  }
  mark <- data.frame(epoch = kept, panel = scores$panel[[1]], label = paste("kept:", epoch_title(kept)))
  left <- kept > mean(range(fit$history$epoch))
  list(
    ggplot2::geom_vline(ggplot2::aes(xintercept = .data$epoch), mark, linetype = 3, colour = "grey35"),
    ggplot2::geom_text(
      ggplot2::aes(.data$epoch, -Inf, label = .data$label), mark, # below the scores, which are rarely near zero
      hjust = if (left) 1.05 else -0.05, vjust = -0.8, size = 3.2, colour = "grey35"
    )
  )
}

epoch_label <- function(epochs, i) factor(epoch_title(epochs[i]), epoch_title(epochs))

# Levels made unique across panels by a prefix; scales show only what follows the \r.
level_keys <- function(column, levels) {
  keys <- paste(column, levels, sep = "\r")
  factor(keys, keys)
}
