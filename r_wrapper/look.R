# The look of all plots: colours, a theme, texts as they can be drawn, which epochs of a trace are shown

# The palette of Okabe and Ito, which colour-blind readers can distinguish; real data are always grey, generated data
# always blue. Plots of the Python core have the same.
ink <- list(
  real = "grey45", generated = "#0072B2", discriminator = "#D55E00", noise = "#CC79A7", score = "#009E73",
  channels = c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
)

source_colours <- c(
  real = ink$real, generated = ink$generated, walk = ink$generated, generator = ink$generated,
  discriminator = ink$discriminator, noise = ink$noise, "noise, rescaled" = ink$noise
)

theme_gan <- function() {
  ggplot2::theme_minimal(base_size = 10) + ggplot2::theme(
    legend.position = "top", legend.justification = "right", legend.title = ggplot2::element_blank(),
    legend.margin = ggplot2::margin(), legend.box.spacing = ggplot2::unit(3, "pt"),
    legend.key.size = ggplot2::unit(10, "pt"), legend.text = ggplot2::element_text(size = ggplot2::rel(0.9)),
    panel.grid.minor = ggplot2::element_blank(), strip.text = ggplot2::element_text(hjust = 0), strip.clip = "off",
    panel.grid.major = ggplot2::element_line(linewidth = 0.25),
    plot.caption = ggplot2::element_text(hjust = 0, size = ggplot2::rel(0.8), colour = "grey35"),
    plot.caption.position = "plot", panel.spacing.x = ggplot2::unit(11, "pt"),
    plot.margin = ggplot2::margin(6, 12, 6, 6) # room for the last label of an axis
  )
}

# A note below a plot, in lines that are not too long
note_below <- function(...) {
  notes <- c(...)
  notes <- notes[nzchar(notes)]
  if (length(notes) > 0) ggplot2::labs(caption = paste(strwrap(paste(notes, collapse = " "), 80), collapse = "\n"))
}

# A key above the panels, so that it covers no data: an invisible rectangle for each source. `counts` are its rows.
source_key <- function(sources, counts = NULL) {
  rows <- if (!is.null(counts)) sprintf(": %s row%s", format_count(counts), ifelse(counts == 1, "", "s"))
  data <- data.frame(source = factor(sources, sources), low = -Inf)
  corner <- ggplot2::aes(
    xmin = .data$low, xmax = .data$low, ymin = .data$low, ymax = .data$low, fill = .data$source
  )
  list(
    ggplot2::geom_rect(corner, data, inherit.aes = FALSE),
    ggplot2::scale_fill_manual(values = source_colours, breaks = sources, labels = paste0(sources, rows)),
    ggplot2::scale_colour_manual(values = source_colours, guide = "none")
  )
}

utils::globalVariables(".data")

# A user's text as a label: in one line, and shortened
short <- function(text, longest = 26) {
  text <- trimws(gsub("[[:space:]]+", " ", text))
  long <- nchar(text) > longest
  text[long] <- paste0(substr(text[long], 1, longest - 3), "...")
  text
}

# The same for levels, which often differ at their ends
short_level <- function(text, longest) {
  text <- short(text, 1000)
  long <- nchar(text) > longest
  text[long] <- sub("^other [(].* levels[)]$", "other", text[long])
  long <- nchar(text) > longest
  end <- longest %/% 3
  last <- substring(text[long], nchar(text[long]) - end + 1)
  text[long] <- paste0(substr(text[long], 1, longest - end - 3), "...", last)
  text
}

plain_numbers <- function(values) format(values, scientific = 4, trim = TRUE)

format_count <- function(values) format(values, big.mark = ",", trim = TRUE, scientific = FALSE)

epoch_title <- function(epochs) paste("epoch", format_count(epochs))

# The range of values, extended if they are constant
wide_range <- function(values) {
  ends <- range(values)
  if (ends[[1]] < ends[[2]]) ends else ends + c(-0.5, 0.5) * max(abs(ends[[1]]), 1)
}

# Rows and columns of panels of one size: few of them empty
panel_grid <- function(count, nrow = NULL) {
  if (is.null(nrow)) {
    rows <- seq(ceiling(0.6 * sqrt(count)), floor(sqrt(count)))
    empty <- rows * ceiling(count / rows) - count
    nrow <- max(rows[empty == min(empty)])
  }
  nrow <- min(check_count(nrow, "nrow"), count)
  c(nrow, ceiling(count / nrow))
}

# At most `limit` evenly spaced indices of 1..count, including the first and the last
spread_over <- function(count, limit) {
  unique(round(seq(min(1, count), count, length.out = min(count, limit))))
}

# The same, but closer together at the beginning, when samples change most
spread_early <- function(count, limit) {
  if (count <= limit) {
    return(seq_len(count))
  }
  for (points in limit:count) {
    indices <- unique(round(exp(seq(0, log(count), length.out = points))))
    if (length(indices) >= limit) break
  }
  indices
}
