# Tables drawn with ggplot2: densities, points with contours, histograms and bars, of new rows and of each epoch

# `samples` is one sample (`epochs` is NULL) or one per epoch. More than two columns can be drawn of one sample only.
gg_table <- function(samples, epochs, real, columns) {
  shown <- if (is.null(epochs)) 1L else spread_early(length(epochs), 12)
  sources <- lapply(samples[shown], \(rows) new_source("object", rows))
  truth <- if (!is.null(real)) new_source("real", real)
  choice <- choose_columns(sources[[1]], columns, most = if (is.null(epochs)) 12 else 2)
  chosen <- choice$indices
  indices <- if (is.null(real)) chosen else indices_in(sources[[1]], truth, chosen)
  parts <- Map(\(i, j) {
    align_columns(c(if (!is.null(real)) list(source_column(truth, j)), lapply(sources, source_column, i)))
  }, chosen, indices)
  parts <- of_first_type(parts)
  if (!is.null(epochs) && length(parts) > 2) {
    stop_argument("`columns` must be at most 2 columns, not ", length(parts), ".")
  }
  panels <- if (is.null(epochs)) NULL else epoch_label(epochs, shown)
  draw <- if (!is_continuous(parts[[1]][[1]])) gg_bars else if (length(parts) == 2) gg_points else gg_numbers
  draw(parts, panels, !is.null(real)) + ggplot2::labs(caption = if (nzchar(choice$note)) choice$note)
}

of_first_type <- function(parts) {
  types <- vapply(parts, \(columns) columns[[1]]$column_type, "")
  same <- types == types[[1]]
  if (!all(same)) {
    left_out <- vapply(parts[!same], \(columns) columns[[1]]$name, "")
    message("Not drawn, because their type differs from the first column's: ", paste(left_out, collapse = ", "), ".")
  }
  parts[same]
}

# A data.frame with one row per value: source, panel (the epoch), column, value. Real rows are in every panel.
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
  if (column$column_type != "time") {
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
  mapping <- ggplot2::aes(.data$value, colour = .data$source, fill = .data$source)
  layer <- if (one) {
    ggplot2::geom_density(mapping, data, alpha = 0.2)
  } else {
    density <- ggplot2::aes(.data$value, y = ggplot2::after_stat(density), fill = .data$source)
    ggplot2::geom_histogram(density, data, bins = 25, alpha = 0.5, position = "identity")
  }
  ggplot2::ggplot() + (if (!is.null(panels)) gg_noise(parts, real)) + layer + gg_facets(panels, parts) +
    gg_number_axis(parts[[1]][[1]], if (one) 5 else 4) + ggplot2::scale_y_continuous(labels = plain_numbers) +
    ggplot2::labs(x = if (one) truth_name(parts[[1]]) else NULL, y = "density") + gg_colours() + gg_look()
}

# Tick labels that would overlap are left out.
gg_number_axis <- function(column, ticks) {
  if (column$column_type == "time") {
    return(gg_axis(column, "x"))
  }
  ggplot2::scale_x_continuous(n.breaks = ticks, guide = ggplot2::guide_axis(check.overlap = TRUE))
}

# The noise that a generator starts from, and the y limits of plot_training()
gg_noise <- function(parts, real) {
  noise <- NULL
  if (parts[[1]][[1]]$column_type == "number") {
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
  density <- surface(rows$x, rows$y)
  if (is.null(density)) {
    return(NULL)
  }
  lines <- contourLines(density$x, density$y, density$z, levels = density$levels)
  do.call(rbind, lapply(seq_along(lines), \(k) {
    data.frame(
      x = lines[[k]]$x, y = lines[[k]]$y, source = rows$source[[1]], panel = rows$panel[[1]], line = paste(group, k)
    )
  }))
}

gg_bars <- function(parts, panels, real) {
  shares <- do.call(rbind, lapply(parts, \(columns) {
    data <- gg_long(list(columns), panels, real)
    levels <- columns[[1]]$levels
    groups <- split(data, list(data$source, data$panel), drop = TRUE)
    if (is.null(panels)) groups <- split(data, data$source, drop = TRUE)
    do.call(rbind, lapply(groups, \(rows) {
      # One column at a time, because columns share a scale but not the order of their levels
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
