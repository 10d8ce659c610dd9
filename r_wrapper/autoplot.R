#' Draw a fit with ggplot2
#'
#' The pictures of [plot.gan_fit()] as ggplot objects, to go on with: other themes, titles, scales. The method is there
#' where ggplot2 is installed. Its panels share one kind of axis: of a table with columns of several kinds those of the
#' first column's kind are drawn, with a message; `columns` names others.
#'
#' @param object A fit made by [gan_fit()].
#' @param type `"auto"` for new rows (one column is a density, two are points with contours, more are histograms;
#'   factors are bars), waves or images, `"losses"` for losses and scores, `"trace"` for the samples that were kept
#'   while training (of one column with the noise behind them, of a table two columns at most).
#' @param real The real rows, drawn in grey behind the generated ones; real waves or images, above the generated ones,
#'   of a trace below those of all epochs.
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
  if (type == "trace") check_traced(object, "object")
  if (object$kind != "table" && type != "losses") {
    only_for_tables(object$kind, columns = columns)
    real <- real_things(real, object)
  }
  trace <- object$trace
  new <- \(n) gan_sample(object, n, seed = object$seed)
  switch(paste(type, if (type != "losses") object$kind),
    "trace wave" = gg_wave_trace(trace, real),
    "trace image" = gg_image_trace(trace, real),
    "trace table" = gg_table(trace$samples, trace$epoch, real, columns),
    "auto wave" = gg_waves(new, object$rate, real),
    "auto image" = gg_images(new, real),
    "auto table" = gg_table(list(new(min(object$schema$rows, most_rows))), NULL, real, columns),
    gg_losses(object)
  )
}

#' Draw an evaluation with ggplot2
#'
#' The picture of [plot.gan_evaluation()] as a ggplot object: each figure as a dot, and its baseline, which is what
#' real rows reach in the place of the generated ones, as a ring. The method is there where ggplot2 is installed.
#'
#' @param object An evaluation made by [gan_evaluate()].
#' @param ... Ignored.
#' @return A ggplot object.
#' @examplesIf is.null(ganbridge:::missing_for_evaluation()) && requireNamespace("ggplot2", quietly = TRUE)
#' made <- data.frame(eruptions = runif(200, 1, 6), waiting = runif(200, 40, 100))
#' ggplot2::autoplot(gan_evaluate(made, faithful))
#' @exportS3Method ggplot2::autoplot
autoplot.gan_evaluation <- function(object, ...) { # nolint: object_name_linter.
  if (length(object$panels) == 0) {
    stop_ganbridge("`object` must hold at least one figure to draw, not none. Judge more rows.")
  }
  sides <- c("real beside real", "generated beside real")
  parts <- lapply(object$panels, \(panel) {
    title <- paste(panel$title, panel$unit, sep = ": ")
    data.frame(panel = title, label = panel$label, value = panel$value, baseline = panel$baseline)
  })
  data <- do.call(rbind, parts)
  data$panel <- factor(data$panel, unique(data$panel))
  data$label <- level_keys(seq_along(data$label), data$label) # shortened ones may come again in one panel, too
  data$label <- factor(data$label, rev(levels(data$label)))
  crowded <- max(table(data$panel)) > 6 && length(by_labels()) == 0
  dots <- data.frame(
    data[rep(seq_len(nrow(data)), 2), c("panel", "label")],
    figure = c(data$baseline, data$value), side = factor(rep(sides, each = nrow(data)), sides)
  )
  ggplot2::ggplot(dots, ggplot2::aes(.data$figure, .data$label)) +
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

# Panels as high as they have labels, which facets in one column can be since ggplot2 4.0.
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
  if (nrow(data) == 0) stop_ganbridge("`object` must hold at least one finite loss to draw, not none.")
  scores <- data[data$series == "score", ]
  ggplot2::ggplot(data, ggplot2::aes(.data$epoch, .data$value)) +
    ggplot2::geom_line(ggplot2::aes(colour = .data$series), data[data$series != "score", ]) +
    ggplot2::geom_line(data = scores, colour = ink$score) +
    ggplot2::geom_point(data = scores, colour = ink$score, size = 1) +
    gg_kept(fit, scores) +
    # From zero, which is perfect, so that a small change looks small.
    ggplot2::geom_blank(data = transform(scores[seq_len(min(1, nrow(scores))), ], value = 0)) +
    ggplot2::facet_wrap("panel", ncol = 1, scales = "free_y") + ggplot2::labs(x = "epoch", y = NULL) +
    gg_colours() + gg_look()
}

# The epoch that was kept, where scores chose it.
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
      ggplot2::aes(.data$epoch, -Inf, label = .data$label), mark, # below the scores, which are seldom perfect
      hjust = if (left) 1.05 else -0.05, vjust = -0.8, size = 3.2, colour = "grey35"
    )
  )
}

# Twelve waves, or of real and generated ones eight each, in one row (six; four each) where channels have strips.
gg_waves <- function(new, rate, real = NULL) {
  waves <- wave_list(new(12))
  strips <- wave_scales(c(waves, real))$strips
  count <- if (is.null(real)) 12 else min(8, length(real))
  if (strips) count <- min(count, if (is.null(real)) 6 else 3)
  sides <- c(if (!is.null(real)) list(real = real[seq_len(count)]), list(generated = waves[seq_len(count)]))
  columns <- if (count > 4 && count %% 2 == 0) count / 2 else count # no row holds waves of both sides
  titles <- lapply(names(sides), \(side) paste(if (is.null(real)) "wave" else side, seq_len(count)))
  data <- long_sides(sides, titles, rate)
  gg_lines(data, c(waves, real), rate, sides = !is.null(real), columns = if (!is.null(real)) columns)
}

# One panel for each epoch, and one for real waves, where there are some.
gg_wave_trace <- function(trace, real = NULL) {
  shown <- spread_early(length(trace$epoch), 12)
  samples <- lapply(trace$samples[shown], \(sample) {
    waves <- wave_list(if (is.data.frame(sample)) as.matrix(sample) else sample)
    waves[seq_len(min(12, length(waves)))]
  })
  real <- real[seq_len(min(12, length(real)))]
  sides <- c(samples, if (length(real)) list(real))
  names(sides) <- c(rep("generated", length(samples)), if (length(real)) "real")
  data <- long_sides(sides, c(as.character(epoch_label(trace$epoch, shown)), "real"), trace$rate)
  gg_lines(data, unlist(sides, recursive = FALSE), trace$rate, 0.4, sides = length(real) > 0)
}

solid_key <- function() ggplot2::guide_legend(override.aes = list(alpha = 1, linewidth = 1))

# A data.frame of all points of lists of waves that are named by their side; `titles` of the panels: for each list one,
# or one for each of its waves.
long_sides <- function(sides, titles, rate) {
  parts <- lapply(seq_along(sides), \(k) {
    data <- long_waves(sides[[k]], rate)
    cbind(data, panel = rep_len(titles[[k]], length(sides[[k]]))[data$wave], side = names(sides)[[k]])
  })
  data <- do.call(rbind, parts)
  data$panel <- factor(data$panel, unique(data$panel))
  data
}

# Channels have a colour each, or a row of panels each where they are unlike or many; where they have none, real waves
# are grey and generated ones blue.
gg_lines <- function(data, waves, rate, alpha = 1, sides = FALSE, columns = NULL) {
  channels <- ncol(waves[[1]])
  strips <- channels > 1 && wave_scales(waves)$strips
  key <- channels > 1 && !strips
  data$colour <- if (key) data$channel else data$side
  colours <- if (key) unname(ink$channels) else c(real = ink$real, generated = ink$generated)
  line <- ggplot2::aes(
    .data$at, .data$value, group = interaction(.data$wave, .data$channel), colour = .data$colour
  )
  panels <- if (strips) {
    ggplot2::facet_grid(channel ~ panel, scales = "free_y", labeller = ggplot2::label_wrap_gen(10))
  } else {
    ggplot2::facet_wrap("panel", ncol = columns)
  }
  ggplot2::ggplot(data, line) + ggplot2::geom_line(alpha = alpha) + panels +
    ggplot2::scale_colour_manual(values = colours, guide = if (key) solid_key() else "none") +
    ggplot2::scale_x_continuous(n.breaks = if (strips) 3 else 4) +
    ggplot2::labs(x = wave_axis(2, rate)$label, y = "value") + gg_look() +
    ggplot2::theme(panel.spacing.x = ggplot2::unit(1.2, "lines")) +
    # Narrow panels have their titles in two lines.
    (if (strips) ggplot2::theme(strip.text.x = ggplot2::element_text(size = ggplot2::rel(0.7))))
}

long_waves <- function(waves, rate) {
  at <- wave_axis(2, rate)$at
  names <- channel_names(waves)
  do.call(rbind, lapply(seq_along(waves), \(i) {
    wave <- waves[[i]]
    data.frame(wave = i, at = at(nrow(wave))[row(wave)], channel = factor(names[col(wave)], names), value = c(wave))
  }))
}

gg_images <- function(new, real = NULL) {
  if (!is.null(real)) {
    count <- min(10, dim(real)[[1]])
    return(gg_image_rows(list(real = real, generated = as_images(new(count))), count))
  }
  images <- as_images(new(24))
  count <- dim(images)[[1]]
  data <- long_images(images)
  data$panel <- factor(data$image, seq_len(count))
  gg_pixels(data, ggplot2::facet_wrap("panel", ncol = panel_grid(count)[[2]])) +
    ggplot2::theme(strip.text = ggplot2::element_blank())
}

gg_image_trace <- function(trace, real = NULL) {
  shown <- spread_early(length(trace$epoch), 12)
  rows <- lapply(trace$samples[shown], as_images)
  names(rows) <- as.character(epoch_label(trace$epoch, shown))
  gg_image_rows(c(rows, if (!is.null(real)) list(real = real)), min(12, dim(rows[[1]])[[1]]))
}

# Named rows of images, all on one scale of brightness; the first `count` of each, or fewer where there are fewer.
gg_image_rows <- function(rows, count) {
  counts <- vapply(rows, \(images) min(count, dim(images)[[1]]), 1)
  images <- array(0, c(sum(counts), dim(rows[[1]])[-1]))
  for (k in seq_along(rows)) {
    images[sum(counts[seq_len(k - 1)]) + seq_len(counts[[k]]), , , ] <- rows[[k]][seq_len(counts[[k]]), , , ]
  }
  data <- long_images(images)
  data$panel <- factor(rep(names(rows), counts)[data$image], names(rows))
  data$image <- unlist(lapply(counts, seq_len))[data$image]
  gg_pixels(data, ggplot2::facet_grid(panel ~ image, switch = "y")) +
    ggplot2::theme(
      strip.text.x = ggplot2::element_blank(),
      strip.text.y.left = ggplot2::element_text(angle = 0, hjust = 1, margin = ggplot2::margin(r = 4))
    )
}

long_images <- function(images) {
  colours <- image_colours(images)
  data.frame(
    image = c(slice.index(colours, 1)), row = c(slice.index(colours, 2)), column = c(slice.index(colours, 3)),
    colour = c(colours)
  )
}

gg_pixels <- function(data, panels) {
  ggplot2::ggplot(data, ggplot2::aes(.data$column, -.data$row, fill = .data$colour)) + ggplot2::geom_raster() +
    ggplot2::scale_fill_identity() + panels + ggplot2::coord_fixed(expand = FALSE) + ggplot2::theme_void() +
    ggplot2::theme(plot.margin = ggplot2::margin(6, 6, 6, 6), panel.spacing = ggplot2::unit(3, "pt"))
}

epoch_label <- function(epochs, i) factor(epoch_title(epochs[i]), epoch_title(epochs))

# One sample (`epochs` is NULL) or one for each epoch; one column, two, or more (of one sample only).
gg_table <- function(samples, epochs, real, columns) {
  shown <- if (is.null(epochs)) 1L else spread_early(length(epochs), 12)
  sources <- lapply(samples[shown], \(rows) new_source("object", rows))
  truth <- if (!is.null(real)) new_source("real", real)
  choice <- choose_columns(sources[[1]], columns, most = if (is.null(epochs)) 12 else 2)
  chosen <- choice$places
  places <- if (is.null(real)) chosen else places_in(sources[[1]], truth, chosen)
  parts <- Map(\(i, j) {
    together(c(if (!is.null(real)) list(source_column(truth, j)), lapply(sources, source_column, i)))
  }, chosen, places)
  parts <- of_one_kind(parts)
  if (!is.null(epochs) && length(parts) > 2) {
    stop_ganbridge("`columns` must be at most 2 columns, not ", length(parts), ".")
  }
  panels <- if (is.null(epochs)) NULL else epoch_label(epochs, shown)
  draw <- if (!is_continuous(parts[[1]][[1]])) gg_bars else if (length(parts) == 2) gg_points else gg_numbers
  draw(parts, panels, !is.null(real)) + ggplot2::labs(caption = if (nzchar(choice$note)) choice$note)
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
  if (!is.null(panels) && length(parts) > 1) {
    ggplot2::facet_grid(column ~ panel, scales = "free_y", space = "free_y")
  } else if (!is.null(panels)) {
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
  ggplot2::ggplot() + (if (!is.null(panels)) gg_noise(parts, real)) + layer + gg_facets(panels, parts) +
    gg_number_axis(parts[[1]][[1]], if (one) 5 else 4) + ggplot2::scale_y_continuous(labels = plain_numbers) +
    ggplot2::labs(x = if (one) truth_name(parts[[1]]) else NULL, y = "density") + gg_colours() + gg_look()
}

# Of numbers that stand beside each other, those that have room.
gg_number_axis <- function(column, ticks) {
  if (column$kind == "time") {
    return(gg_axis(column, "x"))
  }
  ggplot2::scale_x_continuous(n.breaks = ticks, guide = ggplot2::guide_axis(check.overlap = TRUE))
}

# The noise that a generator starts from, and panels as high as those of plot_training().
gg_noise <- function(parts, real) {
  noise <- NULL
  if (parts[[1]][[1]]$kind == "number") {
    noise <- noise_beside(parts[[1]][[if (real) 1 else length(parts[[1]])]], axis_scale(parts[[1]])$limits)
  }
  course <- list(parts = parts, real = real, noise = noise$normal)
  rescaled <- !identical(noise$normal, c(0, 1))
  line <- if (!is.null(noise$normal)) {
    at <- seq(noise$limits[[1]], noise$limits[[2]], length.out = 256)
    curve <- data.frame(value = at, height = dnorm(at, noise$normal[[1]], noise$normal[[2]]))
    list(
      ggplot2::geom_line(ggplot2::aes(.data$value, .data$height), curve, colour = ink$noise, linetype = 2),
      ggplot2::labs(subtitle = paste0("dashed: noise", if (rescaled) ", rescaled"))
    )
  }
  list(line, ggplot2::coord_cartesian(ylim = c(0, course_top(course, 1))))
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
  shares$level <- factor(shares$level, rev(levels(shares$level)))
  fill <- ggplot2::aes(.data$share, .data$level, fill = .data$source)
  side_by_side <- ggplot2::position_dodge2(reverse = TRUE, padding = 0)
  ggplot2::ggplot(shares, fill) + ggplot2::geom_col(position = side_by_side, alpha = 0.85, orientation = "y") +
    ggplot2::scale_y_discrete(labels = \(keys) short(sub("^[^\r]*\r", "", keys), 18)) +
    ggplot2::scale_x_continuous(n.breaks = 4, guide = ggplot2::guide_axis(check.overlap = TRUE)) +
    gg_facets(panels, parts) + gg_colours() + gg_look() +
    ggplot2::labs(x = "share of rows", y = if (length(parts) == 1) truth_name(parts[[1]]) else NULL)
}
