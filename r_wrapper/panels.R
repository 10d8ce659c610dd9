# Draws the panels of a table's plot, as marks.R makes them, with ggplot2

# `keys`: what the colours mean, from the back to the front; `counts`: rows of each. `grid`: titles of the rows (`down`)
# and columns (`across`) of a grid of panels, one of each for each panel; without it, panels are wrapped.
draw_panels <- function(panels, keys, counts = NULL, note = "", nrow = NULL, grid = NULL) {
  if (!is.null(nrow)) nrow <- min(check_count(nrow, "nrow"), length(panels))
  if (length(panels) > 6 && is.null(grid)) panels <- lapply(panels, with_short_words)
  scales <- list(x = new_scale(lapply(panels, `[[`, "x")), y = new_scale(lapply(panels, `[[`, "y")))
  if (!is.null(grid)) scales$x <- scale_by_column(panels, grid$across)
  kinds <- c("rect", "area", "point", "path", "dot", "word")
  marks <- lapply(kinds, \(kind) bind(lapply(seq_along(panels), \(k) placed(panels[[k]][[kind]], k, scales, grid))))
  names(marks) <- kinds
  corners <- bind(lapply(seq_along(panels), \(k) {
    ends <- data.frame(x = panels[[k]]$x$limits, y = panels[[k]]$y$limits)
    placed(ends, k, scales, grid)
  }))
  shape <- panel_shape(length(panels), nrow, grid)
  ggplot2::ggplot(corners, ggplot2::aes(.data$x, .data$y)) + ggplot2::geom_blank() + source_key(keys, counts) +
    mark_layers(marks, if (length(panels) > 6) 1.8 else 2.4) + facets_of(panels, scales, nrow, grid) +
    scale_of(scales$x, "x", shape[[2]]) + scale_of(scales$y, "y") + axis_titles(panels, scales) +
    note_below(note) + theme_gan() + crowded_theme(panels, scales, shape)
}

# `letters`: the size of words
mark_layers <- function(marks, letters) {
  list(
    if (!is.null(marks$rect)) rect_layers(marks$rect),
    if (!is.null(marks$area)) {
      area <- ggplot2::aes(fill = .data$source, alpha = .data$alpha, group = .data$group)
      ggplot2::geom_polygon(area, marks$area, show.legend = FALSE)
    },
    if (!is.null(marks$point)) {
      dots <- ggplot2::aes(colour = .data$source, size = .data$size, alpha = .data$alpha)
      ggplot2::geom_point(dots, marks$point, shape = 16, stroke = 0, show.legend = FALSE, na.rm = TRUE)
    },
    if (!is.null(marks$path)) {
      line <- ggplot2::aes(
        colour = .data$source, linewidth = .data$linewidth, group = .data$group, linetype = .data$linetype
      )
      ggplot2::geom_path(line, marks$path, show.legend = FALSE, na.rm = TRUE)
    },
    if (!is.null(marks$dot)) {
      ring <- ggplot2::aes(colour = .data$source, size = .data$size)
      rings <- marks$dot[!marks$dot$inside, ]
      list(
        ggplot2::geom_point(ring, marks$dot[marks$dot$inside, ], shape = 16, show.legend = FALSE, na.rm = TRUE),
        if (nrow(rings) > 0) {
          ggplot2::geom_point(
            ring, rings, shape = 21, fill = "white", stroke = 0.7, show.legend = FALSE, na.rm = TRUE
          )
        }
      )
    },
    if (!is.null(marks$word)) {
      words <- ggplot2::aes(
        label = .data$label, colour = .data$source, hjust = .data$hjust, vjust = .data$vjust
      )
      ggplot2::geom_text(words, marks$word, size = letters, show.legend = FALSE)
    },
    ggplot2::scale_alpha_identity(), ggplot2::scale_size_identity(), ggplot2::scale_linewidth_identity(),
    ggplot2::scale_linetype_identity()
  )
}

# Filled rectangles, and the outlines of boxes
rect_layers <- function(rect) {
  outlined <- rect[rect$linewidth > 0, ]
  filled <- ggplot2::aes(
    xmin = .data$xmin, xmax = .data$xmax, ymin = .data$ymin, ymax = .data$ymax, fill = .data$source,
    alpha = .data$alpha
  )
  outline <- ggplot2::aes(
    xmin = .data$xmin, xmax = .data$xmax, ymin = .data$ymin, ymax = .data$ymax, colour = .data$source
  )
  list(
    ggplot2::geom_rect(filled, rect, inherit.aes = FALSE, show.legend = FALSE),
    if (nrow(outlined) > 0) {
      ggplot2::geom_rect(outline, outlined, fill = NA, linewidth = 0.3, inherit.aes = FALSE, show.legend = FALSE)
    }
  )
}

# Marks at their places on the scales of all panels
placed <- function(marks, k, scales, grid) {
  if (is.null(marks)) {
    return(NULL)
  }
  for (name in intersect(names(marks), c("x", "xmin", "xmax"))) marks[[name]] <- place(scales$x, k, marks[[name]])
  for (name in intersect(names(marks), c("y", "ymin", "ymax"))) marks[[name]] <- place(scales$y, k, marks[[name]])
  if (!is.null(marks$group)) marks$group <- paste(k, marks$group)
  marks$panel <- factor(k, seq_along(scales$x$axes))
  if (!is.null(grid)) {
    marks$down <- factor(grid$down[[k]], unique(grid$down))
    marks$across <- factor(grid$across[[k]], unique(grid$across))
  }
  marks
}

# One axis for each column of a grid of panels
scale_by_column <- function(panels, across) {
  scale <- new_scale(lapply(panels, `[[`, "x"))
  first <- match(across, across)
  scale$start <- 10 * first
  scale$shared <- FALSE
  scale$native <- FALSE
  drawn <- unique(first)
  scale$at <- unlist(lapply(drawn, \(k) place(scale, k, panels[[k]]$x$at)))
  scale$labels <- as.character(unlist(lapply(panels[drawn], \(panel) panel$x$labels)))
  scale
}

facets_of <- function(panels, scales, nrow, grid) {
  free <- c("free", "free_y", "free_x", "fixed")[[1 + scales$x$shared + 2 * scales$y$shared]]
  if (!is.null(grid)) {
    return(ggplot2::facet_grid(
      ggplot2::vars(.data$down), ggplot2::vars(.data$across), scales = "free_x", switch = "y"
    ))
  }
  titles <- vapply(panels, `[[`, "", "title")
  if (length(panels) == 1) {
    return(NULL)
  }
  named <- ggplot2::as_labeller(stats::setNames(titles, seq_along(titles)))
  ggplot2::facet_wrap(ggplot2::vars(.data$panel), nrow = nrow, scales = free, labeller = named)
}

# One of many panels, whose words would take the room of the panels
with_short_words <- function(panel) {
  if (panel$x$levels) panel$x$labels <- short_level(panel$x$labels, 8)
  if (panel$y$levels) panel$y$labels <- short_level(panel$y$labels, 12)
  panel$title <- paste(short_level(strsplit(panel$title, "\n")[[1]], 14), collapse = "\n")
  panel
}

# Rows and columns of panels, as ggplot2 arranges them
panel_shape <- function(count, nrow, grid) {
  if (!is.null(grid)) {
    c(length(unique(grid$down)), length(unique(grid$across)))
  } else if (is.null(nrow)) {
    ggplot2::wrap_dims(count)
  } else {
    c(nrow, ceiling(count / nrow))
  }
}

# Titles of axes that are true of all panels; of one panel, both
axis_titles <- function(panels, scales) {
  alone <- length(panels) == 1
  x <- title_of(scales$x)
  y <- title_of(scales$y)
  ggplot2::labs(x = if (alone) panels[[1]]$x$label else x, y = if (alone) panels[[1]]$y$label else y)
}

# The more rows and columns of panels, the smaller the labels of their axes
crowded_theme <- function(panels, scales, grid) {
  if (length(panels) == 1) {
    return(NULL)
  }
  levels <- max(vapply(scales$y$axes, \(axis) axis$levels * length(axis$labels), 0))
  small <- if (grid[[1]] * levels > 24) 0.6 else if (max(grid) > 3) 0.7 else 0.8
  ggplot2::theme(
    axis.text = ggplot2::element_text(size = ggplot2::rel(small)),
    strip.text = ggplot2::element_text(size = ggplot2::rel(if (max(grid) > 3) 0.8 else 0.9), hjust = 0)
  )
}
