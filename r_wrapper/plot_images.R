#' Draw images
#'
#' Draws images side by side on one scale: black is 0, and white is the brightest value of all images that are
#' drawn. From a fit, new images are sampled (with the fit's seed, so that the same fit gives the
#' same plot). A trace is drawn as one row of images per epoch; if there are more than twelve epochs, twelve are drawn,
#' most of them early.
#'
#' @param x A fit of images made by [gan_fit()], an array of n images x height x width or n images x
#'   height x width x channels (1: grey; 2: grey and opacity; 3: red, green and blue; 4: these and
#'   opacity), or a trace (`fit$trace`).
#' @param id The images to draw, by number.
#' @param nrow Number of rows of images, for a trace the number of epochs. `NULL` chooses it.
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [read_idx()], [plot_losses()], [plot.gan_fit()]
#' @examples
#' # A bright spot that moves from image to image
#' spot <- \(at) outer(1:16, 1:16, \(row, column) exp(-((row - 8)^2 + (column - at)^2) / 9))
#' plot_images(aperm(vapply(1:16, spot, matrix(0, 16, 16)), c(3, 1, 2)))
#' @export
plot_images <- function(x, id = 1:24, nrow = NULL) {
  UseMethod("plot_images")
}

#' @rdname plot_images
#' @export
plot_images.default <- function(x, id = 1:24, nrow = NULL) {
  stop_wanted("x", "a fit of images, an array of n images x height x width (x channels) or a trace", x)
}

#' @rdname plot_images
#' @export
plot_images.gan_fit <- function(x, id = 1:24, nrow = NULL) {
  if (!identical(x$kind, "image")) {
    stop_argument("`x` must be a fit of images, not of a ", x$kind, ". Draw it with plot(x).")
  }
  id <- check_ids(id, "id", 100000, "images")
  plot_images(gan_sample(x, max(id), seed = x$seed), id, nrow)
}

#' @rdname plot_images
#' @export
plot_images.array <- function(x, id = 1:24, nrow = NULL) {
  images <- as_images(x)
  id <- chosen_images(id, missing(id), dim(x)[[1]], 24)
  draw_images(images[id, , , , drop = FALSE], panel_grid(length(id), nrow))
}

#' @rdname plot_images
#' @export
plot_images.gan_trace <- function(x, id = 1:24, nrow = NULL) {
  draw_image_trace(x, if (!missing(id)) id, nrow)
}

# One row per epoch, and one for real images if they are given
draw_image_trace <- function(trace, id = NULL, nrow = NULL, real = NULL) {
  count <- if (is.null(nrow)) 12 else check_count(nrow, "nrow")
  shown <- spread_early(length(trace$epoch), count)
  samples <- lapply(trace$samples[shown], as_images)
  if (length(samples) == 0) {
    stop_argument("`x` must be a trace with samples, not an empty one. Fit with a smaller `trace`.")
  }
  id <- chosen_images(id, is.null(id), dim(samples[[1]])[[1]], 12)
  size <- c(length(id) * (length(shown) + !is.null(real)), dim(samples[[1]])[-1])
  images <- array(0, size)
  for (i in seq_along(samples)) images[(i - 1) * length(id) + seq_along(id), , , ] <- samples[[i]][id, , , ]
  labels <- format(trace$epoch[shown], big.mark = ",", trim = TRUE)
  drawn <- length(id) * length(shown)
  if (!is.null(real)) {
    first <- seq_len(min(length(id), dim(real)[[1]]))
    images[drawn + first, , , ] <- real[first, , , ]
    labels <- c(labels, "real")
    drawn <- drawn + length(first)
  }
  empty <- setdiff(seq_len(size[[1]]), seq_len(drawn))
  draw_images(images, c(length(labels), length(id)), labels, "epoch", empty)
}

# An array of n x height x width x channels, checked to have finite values of at least 0
as_images <- function(x, argument = "x") {
  size <- dim(x)
  valid <- is.numeric(x) && length(size) %in% 3:4 && length(x) > 0 && !(length(size) == 4 && size[[4]] > 4)
  if (!valid) {
    stop_wanted(argument, "an array of n images x height x width (x 1 to 4 channels)", x)
  }
  if (!all(is.finite(x)) || min(x) < 0) {
    stop_argument("`", argument, "` must hold finite values of at least 0 only.")
  }
  if (length(size) == 3) array(x, c(size, 1)) else x
}

chosen_images <- function(id, by_default, limit, count) {
  check_ids(if (by_default) seq_len(min(count, limit)) else id, "id", limit, "images")
}

# Colours of the pixels (n x height x width), on white if the images have an opacity channel
image_colours <- function(images) {
  top <- max(images)
  shades <- images / (if (top > 0) top else 1)
  channels <- dim(shades)[[4]]
  opacity <- if (channels %in% c(2, 4)) as.vector(shades[, , , channels]) else 1
  on_white <- \(channel) as.vector(shades[, , , channel]) * opacity + 1 - opacity
  colours <- if (channels < 3) grey(on_white(1)) else rgb(on_white(1), on_white(2), on_white(3))
  array(colours, dim(images)[1:3])
}

# Rows of real images above equally many rows of generated ones
plot_images_beside <- function(generate, real, limit, id = 1:24, nrow = NULL) {
  id <- chosen_images(id, missing(id), limit, 24)
  each <- if (is.null(nrow)) rows_beside(length(id), dim(real)) else max(1, check_count(nrow, "nrow") %/% 2)
  grid <- panel_grid(length(id), each)
  both <- array(0, c(2 * prod(grid), dim(real)[-1]))
  both[seq_along(id), , , ] <- real[id, , , ]
  both[prod(grid) + seq_along(id), , , ] <- generate(max(id))[id, , , ]
  empty <- setdiff(seq_len(2 * prod(grid)), c(seq_along(id), prod(grid) + seq_along(id)))
  labels <- rep("", 2 * grid[[1]])
  labels[c(1, grid[[1]] + 1)] <- c("real", "generated")
  draw_images(both, grid * c(2, 1), labels, empty = empty)
}

# The number of rows, of real and of generated images each, with which images of that size are largest on a wide page
rows_beside <- function(count, size) {
  rows <- seq_len(min(count, 6))
  columns <- ceiling(count / rows)
  sides <- pmin(1.2 / (columns * size[[3]]), 1 / (2 * rows * size[[2]]))
  rows[[which.max(sides)]]
}

# A mosaic of images, row by row, with labels beside the rows if they are given
draw_images <- function(images, grid, labels = NULL, title = NULL, empty = integer()) {
  size <- dim(images)[2:3]
  gap <- max(1, round(0.08 * min(size)))
  step <- size + gap
  mosaic <- array("transparent", grid * step - gap)
  colours <- image_colours(images)
  for (i in setdiff(seq_len(dim(images)[[1]]), empty)) {
    corner <- c((i - 1) %/% grid[[2]], (i - 1) %% grid[[2]]) * step
    mosaic[corner[[1]] + seq_len(size[[1]]), corner[[2]] + seq_len(size[[2]])] <- array(colours[i, , ], size)
  }
  middle <- (seq_along(labels) - 1) * step[[1]] + size[[1]] / 2
  corners <- data.frame(x = c(0, ncol(mosaic)), y = c(-nrow(mosaic), 0))
  ggplot2::ggplot(corners, ggplot2::aes(.data$x, .data$y)) + ggplot2::geom_blank() +
    ggplot2::annotation_raster(mosaic, 0, ncol(mosaic), -nrow(mosaic), 0, interpolate = FALSE) +
    ggplot2::scale_y_continuous(
      breaks = if (is.null(labels)) NULL else -middle, labels = labels, expand = ggplot2::expansion(0)
    ) +
    ggplot2::scale_x_continuous(breaks = NULL, expand = ggplot2::expansion(0)) +
    ggplot2::coord_fixed() + ggplot2::labs(x = NULL, y = title) + theme_gan() +
    ggplot2::theme(panel.grid.major = ggplot2::element_blank())
}
