#' Draw the samples that a fit traced during training
#'
#' Draws one panel per epoch; if there are more than twelve epochs, twelve are drawn, most of them early. A table of one
#' column is drawn as densities: of generated rows in blue, of real rows in grey behind them, and, dashed, of the
#' standard normal noise that a generator starts from (if the axis has no room for it, with the mean and sd of the
#' column, "rescaled"). Peaks higher than twice the real rows' highest peak are cut. Two columns are drawn as
#' scatter plots whose contours hold the densest 90 and 50 percent of the rows, more columns (at most four) as one row
#' of densities each, for four epochs. Levels are drawn as bars, waves over each other in each panel, and images as one
#' row per epoch.
#'
#' @param fit A fit made by [gan_fit()] with `trace`.
#' @param real The real rows, with the same columns; real waves or images, which are drawn as the last panel or row.
#' @param columns The columns of a table to draw, by name or number. `NULL` draws at most the first four.
#' @param nrow Number of rows of panels, for images the number of epochs. `NULL` chooses it.
#' @return `fit`, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [animate_training()], [plot_compare()], [plot_losses()]
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 20, seed = 1, trace = 5)
#' plot_training(fit, faithful)
#' plot_training(fit, faithful, columns = "eruptions")
#' @export
plot_training <- function(fit, real = NULL, columns = NULL, nrow = NULL) {
  check_traced(fit)
  if (fit$kind != "table") {
    only_for_tables(fit$kind, columns = columns)
    real <- real_samples(real, fit)
    kind_parts(fit$kind)$draw_trace(fit$trace, nrow = nrow, real = real)
  } else {
    course <- training_course(fit$trace, real, columns)
    if (length(course$parts) > 2) draw_course_columns(course) else draw_course_epochs(course, nrow)
  }
  invisible(fit)
}

most_rows_of_densities <- 4
least_share <- 0.4 # of the axis that the data must take if the noise is drawn without rescaling

check_traced <- function(fit, name = "fit") {
  check_fit(fit, name)
  if (is.null(fit$trace)) {
    stop_argument("`", name, "` must be a fit with a trace, not one without. Fit with, for example, trace = 100.")
  }
  if (length(fit$trace$epoch) == 0) {
    stop_argument("`", name, "` must be a fit with a traced sample, not without any. Fit with a smaller `trace`.")
  }
}

# The data of the panels: epochs, the chosen columns of each sample, their common scales
training_course <- function(trace, real, columns) {
  first <- new_source("fit", trace$samples[[1]])
  if (length(columns) > most_rows_of_densities) {
    stop_argument("`columns` must be at most ", most_rows_of_densities, " columns, not ", length(columns), ".")
  }
  chosen <- choose_columns(first, columns, most = most_rows_of_densities)
  shown <- spread_early(length(trace$epoch), if (length(chosen$indices) > 2) 4 else 12)
  sources <- lapply(trace$samples[shown], \(rows) new_source("fit", rows))
  truth <- if (!is.null(real)) new_source("real", real)
  indices <- if (is.null(real)) chosen$indices else indices_in(first, truth, chosen$indices)
  parts <- Map(\(i, j) {
    samples <- lapply(sources, source_column, i)
    align_columns(if (is.null(real)) samples else c(list(source_column(truth, j)), samples))
  }, chosen$indices, indices)
  scales <- lapply(parts, axis_scale)
  noise <- NULL
  if (length(parts) == 1 && parts[[1]][[1]]$column_type == "number") {
    noise <- noise_beside(parts[[1]][[if (is.null(real)) length(parts[[1]]) else 1]], scales[[1]]$limits)
    scales[[1]]$limits <- noise$limits
  }
  list(
    epochs = trace$epoch[shown], parts = parts, real = !is.null(real), scales = scales, noise = noise$normal,
    names = first$names[chosen$indices], note = chosen$note
  )
}

# Standard normal noise if the axis has room for it beside the data, otherwise noise on the data's scale
noise_beside <- function(column, limits) {
  wide <- range(limits, -3.2, 3.2)
  if (diff(limits) >= least_share * diff(wide) && diff(limits) <= 40) {
    return(list(normal = c(0, 1), limits = wide))
  }
  values <- present(column)
  spread <- if (length(values) > 1) sd(values) else 0
  list(normal = if (spread > 0) c(mean(values), spread), limits = limits)
}

# Column `k` at the i-th epoch, preceded by the real column
parts_at <- function(course, k, i) {
  parts <- course$parts[[k]]
  if (course$real) parts[c(1, i + 1)] else parts[i]
}

course_colours <- function(course) c(if (course$real) ink$real, ink$generated)

course_key <- function(course) {
  noise <- course$noise
  labels <- c(
    if (!is.null(noise)) if (identical(noise, c(0, 1))) "noise" else "noise, rescaled",
    if (course$real) "real", "generated"
  )
  draw_page_key(labels, c(if (!is.null(noise)) ink$noise, course_colours(course)), course_note(course))
}

# What the plot leaves out, and how its tiles are read
course_note <- function(course) {
  continuous <- vapply(course$parts, \(parts) is_continuous(parts[[1]]), NA)
  rows <- if (course$real) max(vapply(course$parts, \(parts) length(parts[[1]]$values), 1L)) else 0
  two <- length(continuous) == 2
  paste(c(
    if (nzchar(course$note)) course$note,
    if (two && all(continuous) && rows > most_points) points_note,
    if (two && !any(continuous) && course$real) tiles_note
  ), collapse = " ")
}

# The upper limit of the panels of a column of numbers: the highest density, but early peaks are cut
course_top <- function(course, k) {
  peak <- \(part) if (length(present(part)) > 0) max(column_density(present(part))$y) else 0
  parts <- course$parts[[k]]
  noise <- if (!is.null(course$noise)) dnorm(0) / course$noise[[2]]
  usual <- max(peak(parts[[if (course$real) 1 else length(parts)]]), noise)
  min(max(vapply(parts, peak, 0), usual), tallest * usual) * 1.04
}

draw_course_epochs <- function(course, nrow) {
  count <- length(course$epochs)
  grid <- panel_grid(count, nrow)
  pair <- length(course$parts) == 2
  upward <- course$parts[[if (pair) 2 else 1]][[1]]
  old <- open_page(grid)
  on.exit(par(old))
  levels <- !is_continuous(upward)
  top <- if (!pair && !levels) course_top(course, 1)
  words <- if (is.null(top)) axis_words(course$parts[[length(course$parts)]]) else plain_numbers(pretty(c(0, top)))
  left <- min(max(3.4, room_for(words) + 1), 0.35 * par("din")[[1]] / par("csi"))
  below <- if (pair) rotated_lines(course$parts[[1]], (par("din")[[1]] - left * par("csi")) / grid[[2]] - 0.2) else 0
  note <- nzchar(course_note(course))
  par(oma = c(3.2 + below + (if (note) 0.8 else 0), left, 1.6, 0.4))
  for (i in seq_len(count)) {
    draw_course_panel(
      course, i, top, title = epoch_title(course$epochs[[i]]),
      x_axis = i + grid[[2]] > count, y_axis = (i - 1) %% grid[[2]] == 0
    )
  }
  names <- short(course$names)
  label_panels(if (!pair && levels) "share of rows" else names[[1]], NULL, 1.8 + below)
  mtext(if (pair) names[[2]] else if (levels) names[[1]] else "density", 2, outer = TRUE,
    line = par("oma")[[2]] - 1.3, las = 0, cex = par("cex"))
  course_key(course)
}

draw_course_panel <- function(course, i, top, ...) {
  colours <- course_colours(course)
  if (length(course$parts) == 2) {
    draw_pair(parts_at(course, 1, i), parts_at(course, 2, i), colours, course$scales, ...)
  } else if (is_continuous(course$parts[[1]][[1]])) {
    draw_densities(parts_at(course, 1, i), colours, course$scales[[1]], top, course$noise, ...)
  } else {
    draw_bars(parts_at(course, 1, i), colours, full = TRUE, xlab = NULL, ...)
  }
}

draw_course_columns <- function(course) {
  old <- open_grid(c(length(course$parts), length(course$epochs)))
  on.exit(par(old))
  tops <- lapply(seq_along(course$parts), \(k) if (is_continuous(course$parts[[k]][[1]])) course_top(course, k))
  words <- Map(\(top, scale) if (is.null(top)) scale$labels else plain_numbers(pretty(c(0, top))), tops, course$scales)
  left <- min(room_for(unlist(words)) + 1.2, 0.3 * par("din")[[1]] / par("csi"))
  # The labels on the left are in the outer margin, so that all panels have the same width.
  par(oma = replace(par("oma"), 2, left), mar = c(3, 0.6, 1.7, 0.6))
  for (k in seq_along(course$parts)) {
    for (i in seq_along(course$epochs)) draw_course_cell(course, k, i, tops[[k]])
    title <- if (is.null(tops[[k]])) short(course$names[[k]]) else "density"
    middle <- 1 - (k - 0.5) / length(course$parts)
    mtext(title, 2, outer = TRUE, line = left - 1.2, at = middle, las = 0, cex = par("cex"))
  }
  course_key(course)
}

# One column at one epoch; `top` is NULL unless it is drawn as densities.
draw_course_cell <- function(course, k, i, top) {
  parts <- parts_at(course, k, i)
  colours <- course_colours(course)
  title <- if (k == 1) epoch_title(course$epochs[[i]])
  if (is.null(top)) {
    draw_bars(parts, colours, title, TRUE, y_axis = i == 1)
  } else {
    name <- short(course$names[[k]])
    draw_densities(parts, colours, course$scales[[k]], top, title = title, xlab = name, y_axis = i == 1)
  }
}
