#' Draw a fit with ggplot2
#'
#' The pictures of [plot.gan_fit()] as ggplot objects, to go on with: other themes, titles, scales. The method is there
#' where ggplot2 is installed. Its panels share one kind of axis: of a table with columns of several kinds those of the
#' first column's kind are drawn, with a message; `columns` names others.
#'
#' @param object A fit made by [gan_fit()].
#' @param type `"auto"` for new rows (one column is a density, two are points with contours, more are histograms;
#'   factors are bars) or waves, `"losses"` for losses and scores, `"trace"` for the samples that were kept while
#'   training.
#' @param real The real rows, drawn in grey behind the generated ones; for tables only.
#' @param columns Which columns, by name or number. `NULL` takes the first twelve at most.
#' @param ... Ignored.
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @examplesIf ganbridge::gan_available() && requireNamespace("ggplot2", quietly = TRUE)
#' fit <- gan_fit(faithful, epochs = 20, seed = 1, trace = 5)
#' ggplot2::autoplot(fit, real = faithful)
#' ggplot2::autoplot(fit, type = "losses")
#' @exportS3Method ggplot2::autoplot
autoplot.gan_fit <- function( # nolint: object_name_linter. The generic is ggplot2's.
  object, type = c("auto", "losses", "trace"), real = NULL, columns = NULL, ...
) {
  type <- check_choice(type, "type", c("auto", "losses", "trace"))
  check_fit(object, "object")
  wave <- identical(object$kind, "wave")
  if (wave && type != "losses") only_for_tables(object, real = real, columns = columns)
  switch(type,
    losses = gg_losses(object),
    trace = {
      check_traced(object, "object")
      if (wave) gg_wave_trace(object$trace) else gg_table(object$trace$samples, object$trace$epoch, real, columns)
    },
    auto = if (wave) {
      gg_waves(gan_sample(object, 12, seed = object$seed))
    } else {
      rows <- min(object$schema$rows, most_rows)
      gg_table(list(gan_sample(object, rows, seed = object$seed)), NULL, real, columns)
    }
  )
}

utils::globalVariables(".data")

gg_look <- function() {
  ggplot2::theme_minimal() + ggplot2::theme(
    legend.position = "top", legend.justification = "right", legend.title = ggplot2::element_blank(),
    panel.grid.minor = ggplot2::element_blank(), strip.text = ggplot2::element_text(hjust = 0)
  )
}

gg_colours <- function(...) {
  values <- c(real = ink$real, generated = ink$generated, generator = ink$generated, discriminator = ink$discriminator)
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
  if (nrow(data) == 0) stop_ganbridge("`object` must hold at least one finite loss to draw, not none.")
  scores <- data[data$series == "score", ]
  ggplot2::ggplot(data, ggplot2::aes(.data$epoch, .data$value)) +
    ggplot2::geom_line(ggplot2::aes(colour = .data$series), data[data$series != "score", ]) +
    ggplot2::geom_line(data = scores, colour = ink$score) +
    ggplot2::geom_point(data = scores, colour = ink$score, size = 1) +
    ggplot2::facet_wrap("panel", ncol = 1, scales = "free_y") + ggplot2::labs(x = "epoch", y = NULL) +
    gg_colours() + gg_look()
}

gg_waves <- function(waves) {
  data <- long_waves(waves)
  data$panel <- factor(paste("wave", data$wave), paste("wave", seq_len(nrow(waves))))
  ggplot2::ggplot(data, ggplot2::aes(.data$point, .data$value)) +
    ggplot2::geom_line(colour = ink$generated) + ggplot2::facet_wrap("panel") + gg_look()
}

gg_wave_trace <- function(trace) {
  shown <- spread_early(length(trace$epoch), 12)
  data <- do.call(rbind, lapply(shown, \(i) {
    cbind(long_waves(head(as.matrix(trace$samples[[i]]), 12)), panel = epoch_label(trace$epoch, i))
  }))
  ggplot2::ggplot(data, ggplot2::aes(.data$point, .data$value, group = .data$wave)) +
    ggplot2::geom_line(colour = ink$generated, alpha = 0.4) + ggplot2::facet_wrap("panel") + gg_look()
}

long_waves <- function(waves) {
  data.frame(wave = c(row(waves)), point = c(col(waves)), value = c(waves))
}

epoch_label <- function(epochs, i) factor(paste("epoch", epochs[i]), paste("epoch", epochs))

# One sample (`epochs` is NULL) or one for each epoch; one column, two, or more (of one sample only).
gg_table <- function(samples, epochs, real, columns) {
  shown <- if (is.null(epochs)) 1L else spread_early(length(epochs), 12)
  sources <- lapply(samples[shown], \(rows) new_source("object", rows))
  truth <- if (!is.null(real)) new_source("real", real)
  chosen <- choose_columns(sources[[1]], columns, most = if (is.null(epochs)) 12 else 2)$places
  places <- if (is.null(real)) chosen else places_in(sources[[1]], truth, chosen)
  parts <- Map(\(i, j) {
    together(c(if (!is.null(real)) list(source_column(truth, j)), lapply(sources, source_column, i)))
  }, chosen, places)
  parts <- of_one_kind(parts)
  if (!is.null(epochs) && length(parts) > 2) {
    stop_ganbridge("`columns` must be at most 2 columns, not ", length(parts), ".")
  }
  panels <- if (is.null(epochs)) NULL else epoch_label(epochs, shown)
  if (!is_continuous(parts[[1]][[1]])) {
    gg_bars(parts, panels, !is.null(real))
  } else if (length(parts) == 2) {
    gg_points(parts, panels, !is.null(real))
  } else {
    gg_numbers(parts, panels, !is.null(real))
  }
}

of_one_kind <- function(parts) {
  kinds <- vapply(parts, \(columns) columns[[1]]$kind, "")
  same <- kinds == kinds[[1]]
  if (!all(same)) {
    left_out <- vapply(parts[!same], \(columns) columns[[1]]$name, "")
    message("Not drawn, because of another kind than the first: ", paste(left_out, collapse = ", "), ".")
  }
  parts[same]
}

# A data.frame of one row for each value: source, panel (of the epoch), column, value. Real rows are in every panel.
gg_long <- function(parts, panels, real) {
  rows <- lapply(parts, \(columns) {
    truth <- if (real) columns[[1]]
    generated <- if (real) columns[-1] else columns
    do.call(rbind, lapply(seq_along(generated), \(i) {
      both <- c(if (real) list(real = truth), list(generated = generated[[i]]))
      do.call(rbind, lapply(names(both), \(source) {
        values <- both[[source]]$values
        data.frame(
          source = factor(source, c("real", "generated")), panel = if (is.null(panels)) NA else panels[i],
          column = truth_name(columns), row = seq_along(values), value = values
        )
      }))
    }))
  })
  data <- do.call(rbind, rows)
  data$column <- factor(data$column, unique(data$column))
  data
}

truth_name <- function(columns) short(columns[[length(columns)]]$name)

gg_facets <- function(panels, parts, ...) {
  if (!is.null(panels)) {
    ggplot2::facet_wrap("panel", ...)
  } else if (length(parts) > 1) {
    ggplot2::facet_wrap("column", scales = "free", ...)
  }
}

gg_axis <- function(column, which) {
  if (column$kind != "time") {
    return(NULL)
  }
  scale <- if (which == "x") ggplot2::scale_x_continuous else ggplot2::scale_y_continuous
  ticks <- \(limits) as.double(pretty(.POSIXct(limits * 86400, "UTC"), 4)) / 86400
  words <- \(ticks) {
    form <- if (diff(range(ticks, na.rm = TRUE)) > 700) "%Y" else "%d %b"
    format(.POSIXct(ticks * 86400, "UTC"), form)
  }
  scale(breaks = ticks, labels = words)
}

gg_numbers <- function(parts, panels, real) {
  data <- gg_long(parts, panels, real)
  data <- data[!is.na(data$value), ]
  one <- length(parts) == 1
  place <- ggplot2::aes(.data$value, colour = .data$source, fill = .data$source)
  layer <- if (one) {
    ggplot2::geom_density(place, data, alpha = 0.2)
  } else {
    density <- ggplot2::aes(.data$value, y = ggplot2::after_stat(density), fill = .data$source)
    ggplot2::geom_histogram(density, data, bins = 25, alpha = 0.5, position = "identity")
  }
  ggplot2::ggplot() + layer + gg_facets(panels, parts) + gg_axis(parts[[1]][[1]], "x") +
    ggplot2::labs(x = if (one) truth_name(parts[[1]]) else NULL, y = "density") + gg_colours() + gg_look()
}

gg_points <- function(parts, panels, real) {
  data <- gg_long(parts[1], panels, real)
  names(data)[names(data) == "value"] <- "x"
  data$y <- gg_long(parts[2], panels, real)$value
  data <- data[!is.na(data$x) & !is.na(data$y), ]
  groups <- split(data, list(data$source, data$panel, is.na(data$panel)), drop = TRUE)
  if (is.null(panels)) groups <- split(data, data$source, drop = TRUE)
  lines <- do.call(rbind, lapply(seq_along(groups), \(i) contour_rows(groups[[i]], i)))
  dots <- do.call(rbind, lapply(groups, \(rows) rows[spread_over(nrow(rows), most_points), ]))
  dots <- dots[order(dots$source), ]
  ggplot2::ggplot(dots, ggplot2::aes(.data$x, .data$y, colour = .data$source)) +
    ggplot2::geom_point(size = 0.7, alpha = 0.35) +
    (if (!is.null(lines)) ggplot2::geom_path(ggplot2::aes(group = .data$line), lines)) +
    gg_facets(panels, list()) + gg_axis(parts[[1]][[1]], "x") + gg_axis(parts[[2]][[1]], "y") +
    ggplot2::labs(x = truth_name(parts[[1]]), y = truth_name(parts[[2]])) + gg_colours() + gg_look()
}

contour_rows <- function(rows, group) {
  found <- surface(rows$x, rows$y)
  if (is.null(found)) {
    return(NULL)
  }
  lines <- contourLines(found$x, found$y, found$z, levels = found$levels)
  do.call(rbind, lapply(seq_along(lines), \(k) {
    data.frame(
      x = lines[[k]]$x, y = lines[[k]]$y, source = rows$source[[1]], panel = rows$panel[[1]], line = paste(group, k)
    )
  }))
}

level_keys <- function(column, levels) {
  keys <- paste(column, levels, sep = "\r")
  factor(keys, keys)
}

gg_bars <- function(parts, panels, real) {
  shares <- do.call(rbind, lapply(parts, \(columns) {
    data <- gg_long(list(columns), panels, real)
    levels <- columns[[1]]$levels
    groups <- split(data, list(data$source, data$panel), drop = TRUE)
    if (is.null(panels)) groups <- split(data, data$source, drop = TRUE)
    do.call(rbind, lapply(groups, \(rows) {
      # Of one column each: bars of several columns share a scale, but not the order of their levels.
      data.frame(
        source = rows$source[[1]], panel = rows$panel[[1]], column = rows$column[[1]],
        level = level_keys(rows$column[[1]], levels),
        share = tabulate(rows$value, length(levels)) / nrow(rows)
      )
    }))
  }))
  fill <- ggplot2::aes(.data$level, .data$share, fill = .data$source)
  ggplot2::ggplot(shares, fill) + ggplot2::geom_col(position = "dodge", alpha = 0.85) +
    ggplot2::scale_x_discrete(labels = \(keys) short(sub("^[^\r]*\r", "", keys), 18)) +
    gg_facets(panels, parts) + gg_colours() + gg_look() +
    ggplot2::labs(x = if (length(parts) == 1) truth_name(parts[[1]]) else NULL, y = "share of rows")
}
