# The differences between kinds of data in R: a function `kind_<name>` for each kind except tables, which returns a
# list. To add a kind, define its function here and add its name to `kind_names`.
#   rows, column:  the names of its rows, and of a single value of a row
#   has_rate:      whether it has a `rate`, points per second
#   as_samples:    (x, argument) rows in the form that the functions below take
#   like:          (samples, generated, real) an error unless real samples have the shape of generated ones
#   like_training: (real, fit) real rows as samples, checked to have the shape of the training data
#   draw:          (fit, ...) a ggplot of a sample of a fit
#   draw_beside:   (generate, real, limit, rate, ...) a ggplot of real samples above generated ones
#   draw_trace:    (trace, nrow, real) a ggplot of the traced samples

kind_names <- c("table", "wave", "image")

kind_parts <- function(kind) {
  parts <- get0(paste0("kind_", kind), mode = "function")
  if (is.null(parts)) {
    stop_ganbridge("kind_", kind, "() must be defined in kinds.R: it says how rows of kind \"", kind, "\" are drawn.")
  }
  parts()
}

has_rate <- function(kind) kind != "table" && kind_parts(kind)$has_rate

# Traces of older versions do not say it; their samples do, but for arrays.
trace_kind <- function(trace) {
  first <- trace$samples[[1]]
  if (!is.null(trace$kind)) {
    trace$kind
  } else if (is.data.frame(first) && is.null(trace$rate)) {
    "table"
  } else if (length(dim(first)) > 2) {
    stop_wanted("x", "a trace of which it is known what it holds", first, "Draw it with plot_waves() or plot_images().")
  } else {
    "wave"
  }
}

kind_wave <- function() {
  list(
    rows = "waves",
    column = "point",
    has_rate = TRUE,
    as_samples = \(x, argument = "x") wave_list(x, argument),
    like = check_channels_of,
    like_training = waves_like_training,
    draw = \(fit, ...) plot_waves(fit, ...),
    draw_beside = \(...) plot_waves_beside(...),
    draw_trace = \(...) draw_wave_trace(...)
  )
}

kind_image <- function() {
  list(
    rows = "images",
    column = "pixel",
    has_rate = FALSE,
    as_samples = \(x, argument = "x") as_images(x, argument),
    like = check_size_of,
    like_training = images_like_training,
    draw = \(fit, ...) plot_images(fit, ...),
    draw_beside = \(generate, real, limit, rate, ...) plot_images_beside(generate, real, limit, ...),
    draw_trace = \(...) draw_image_trace(...)
  )
}

# --- waves: a list of matrices, points by channels --------------------------------------------------------------------

check_channels_of <- function(samples, generated, real) {
  channels <- ncol(generated[[1]])
  if (ncol(samples[[1]]) != channels) {
    words <- sprintf("waves of %d channel%s, as the generated ones", channels, if (channels > 1) "s" else "")
    stop_wanted("real", words, real)
  }
}

waves_like_training <- function(real, fit) {
  shape <- as.integer(unlist(fit$schema$shape))
  waves <- kind_wave()$as_samples(real, "real")
  if (length(shape) == 0) shape <- c(nrow(fit$moments), 1L)
  if (!is.null(fit$schema$lengths)) shape <- c(NA, fit$schema$channels)
  points <- vapply(waves, nrow, 1L)
  if (ncol(waves[[1]]) != shape[[2]] || !is.na(shape[[1]]) && any(points != shape[[1]])) {
    words <- c(
      if (!is.na(shape[[1]])) paste(shape[[1]], "points"),
      if (shape[[2]] > 1 || is.na(shape[[1]])) paste(shape[[2]], "channels")
    )
    stop_wanted("real", sprintf("waves of %s, as the generated ones", paste(words, collapse = " and ")), real)
  }
  waves
}

# --- images: an array of n x height x width x channels ----------------------------------------------------------------

check_size_of <- function(samples, generated, real) {
  size <- dim(generated)[-1]
  if (!identical(dim(samples)[-1], size)) {
    stop_image_size(if (size[[3]] == 1) size[1:2] else size, real)
  }
}

images_like_training <- function(real, fit) {
  shape <- as.integer(unlist(fit$schema$shape))
  if (!identical(dim(real)[-1], shape)) stop_image_size(shape, real)
  as_images(real, "real")
}

stop_image_size <- function(size, real) {
  stop_wanted("real", sprintf("images of %s pixels, as the generated ones", paste(size, collapse = " x ")), real)
}
