# Axes of plots of tables. What they show comes from the core; ticks and labels are chosen here. An axis is a list of
# label, limits, at and labels (ticks), levels (whether it shows levels) and flipped (the first level is at the top).

new_axis <- function(label, limits, at = NULL, labels = NULL, levels = FALSE, flipped = FALSE) {
  if (is.null(at)) {
    at <- inner_ticks(limits)
    labels <- tick_numbers(at)
  }
  list(label = label, limits = limits, at = at, labels = labels, levels = levels, flipped = flipped)
}

# An axis of the core. `up`: whether it is vertical. Levels of few letters leave room for the panel.
axis_of <- function(axis, up = FALSE, longest = 18) {
  limits <- as.double(axis$limits)
  name <- short(axis$label)
  if (axis$column_type == "category") {
    levels <- as.character(unlist(axis$levels))
    at <- seq_along(levels) - 1
    return(new_axis(name, limits, at, short_level(levels, longest), TRUE, up && !isTRUE(axis$rising)))
  }
  if (axis$column_type == "number") {
    return(new_axis(name, limits))
  }
  ticks <- pretty(.POSIXct(limits * 86400, "UTC"), 3)
  at <- as.double(ticks) / 86400
  shown <- at >= limits[[1]] & at <= limits[[2]]
  new_axis(name, limits, at[shown], attr(ticks, "labels")[shown])
}

# Shares of rows, in percent
share_axis <- function(top, label = "share of rows") {
  at <- inner_ticks(c(0, top), 3)
  new_axis(label, c(0, top), at, paste0(plain_numbers(100 * at), "%"))
}

# Large numbers in thousands or millions, because panels may be narrow
tick_numbers <- function(values) {
  largest <- max(abs(values), 0)
  if (largest >= 1e4 && largest < 1e9) {
    unit <- if (largest >= 1e6) 1e6 else 1e3
    ifelse(values == 0, "0", paste0(plain_numbers(values / unit), if (unit == 1e6) "M" else "k"))
  } else {
    plain_numbers(values)
  }
}

inner_ticks <- function(limits, count = 4) {
  ticks <- pretty(limits, count)
  ticks[ticks >= limits[[1]] & ticks <= limits[[2]]]
}

# How the panels of a plot share an axis, `axes` having one for each. An axis of numbers that all share is drawn as it
# is. In all other cases each panel has an interval of its own, from 10 k to 10 k + 1, on one scale of ggplot2, so that
# numbers, dates and levels stand side by side, each with ticks of its own.
new_scale <- function(axes) {
  shared <- all(vapply(axes, identical, NA, axes[[1]]))
  scale <- list(
    axes = axes, shared = shared, native = shared && !axes[[1]]$levels,
    start = if (shared) rep(0, length(axes)) else 10 * seq_along(axes)
  )
  drawn <- if (shared) 1 else seq_along(axes)
  scale$at <- unlist(lapply(drawn, \(k) place(scale, k, axes[[k]]$at)))
  scale$labels <- as.character(unlist(lapply(axes[drawn], `[[`, "labels")))
  scale
}

# Where values of panel k are drawn
place <- function(scale, k, values) {
  if (scale$native) {
    return(values)
  }
  axis <- scale$axes[[k]]
  share <- (values - axis$limits[[1]]) / diff(axis$limits)
  scale$start[[k]] + (if (axis$flipped) 1 - share else share)
}

# The scale of ggplot2. Its limits are those of the panels' corners, which draw_panels() adds. `columns`: of panels,
# between which labels of levels share the width of the page.
scale_of <- function(scale, which, columns = 1) {
  make <- if (which == "x") ggplot2::scale_x_continuous else ggplot2::scale_y_continuous
  inside <- \(limits) scale$at[scale$at >= limits[[1]] - 1e-9 & scale$at <= limits[[2]] + 1e-9]
  words <- \(at) scale$labels[match(signif(at, 9), signif(scale$at, 9))]
  crowded <- vapply(scale$axes, \(axis) axis$levels && columns * sum(nchar(axis$labels) + 2) > 54, NA)
  guide <- if (which == "x" && any(crowded)) {
    ggplot2::guide_axis(angle = 90)
  } else {
    ggplot2::guide_axis(check.overlap = which == "x")
  }
  make(breaks = inside, labels = words, expand = ggplot2::expansion(0), minor_breaks = NULL, guide = guide)
}

# The title of an axis, if it has one that is true of all panels
title_of <- function(scale) {
  labels <- unique(vapply(scale$axes, `[[`, "", "label"))
  if (length(labels) == 1) labels
}
