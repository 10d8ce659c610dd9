# Images drawn with ggplot2: new images, also beside real ones, and those of each epoch

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

# Named rows of images on one brightness scale: at most the first `count` of each row
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
