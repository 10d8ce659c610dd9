# Small fits that several test files share, and other helpers

# What needs the core trains models, compares bits and sends signals.
skip_without_core <- function() {
  skip_on_cran()
  skip_if_not(gan_available(), "no Python core")
}

skip_without_evaluation <- function() {
  skip_without_core()
  missing <- missing_for_evaluation()
  skip_if(!is.null(missing), missing)
}

fits <- new.env()

fit_once <- function(name, make) {
  skip_without_core()
  if (is.null(fits[[name]])) {
    fits[[name]] <- make()
  }
  fits[[name]]
}

table_fit <- function() fit_once("table", \() gan_fit(faithful, epochs = 4, seed = 1, trace = 2))

# Rows of columns of every type, some with missing values
typed_frame <- function() {
  n <- 200
  i <- seq_len(n)
  data.frame(
    double = sin(i), integer = replace(i %% 7L, i %% 5 == 0, NA), logical = replace(i %% 2 == 0, i %% 4 == 0, NA),
    text = c("b", "a", NA, "\u00e4")[i %% 4 + 1],
    factor = factor(rep(c("lo", "lo", "lo", "hi"), n / 4), levels = c("lo", "hi", "unused")),
    ordered = factor(c("lo", "mid", "hi")[i %% 3 + 1], levels = c("lo", "mid", "hi"), ordered = TRUE),
    date = as.Date("2024-01-01") + i, datetime = as.POSIXct("2024-03-01", tz = "Europe/Berlin") + 3600 * i,
    difftime = as.difftime(round(exp(i / 50)), units = "mins")
  )
}

wave_fit <- function() {
  fit_once("wave", \() gan_fit(waves[, 1:50], kind = "wave", epochs = 4, seed = 1, trace = 2))
}

# Images with a bright edge in a different column of each
ramps <- function(n = 30, height = 8, width = 11) {
  at <- outer(seq_len(n), seq_len(width), \(i, column) pmin(255, abs(column - i %% width) * 25))
  aperm(array(as.integer(at), c(n, width, height)), c(1, 3, 2))
}

image_fit <- function() {
  small <- gan_config(generator_hidden = c(8, 8), discriminator_hidden = c(8, 8), batch_size = 10)
  fit_once("image", \() gan_fit(ramps(), kind = "image", epochs = 4, seed = 1, trace = 2, config = small))
}

# Runs R code in a new process, in a temporary folder, and returns its output, including errors. VIRTUAL_ENV is unset,
# because reticulate sets it in this process, which would change the Python that the new process finds.
rscript <- function(..., wait = TRUE, stdout = TRUE, stderr = stdout) {
  file <- tempfile(fileext = ".R")
  libraries <- sprintf(".libPaths(%s)", paste(deparse(.libPaths()), collapse = ""))
  writeLines(c(libraries, "setwd(tempdir())", "Sys.unsetenv('VIRTUAL_ENV')", ...), file)
  binary <- file.path(R.home("bin"), "Rscript")
  suppressWarnings(system2(binary, c("--vanilla", file), stdout = stdout, stderr = stderr, wait = wait))
}

# R's random state after set.seed(1) and `call`
state_after <- function(call) {
  set.seed(1)
  force(call)
  .Random.seed
}

# Replaces functions of the package by `values` until the calling test ends
local_functions <- function(..., .frame = parent.frame()) {
  values <- list(...)
  namespace <- asNamespace("ganbridge")
  replace_all <- function(values) {
    for (name in names(values)) {
      unlockBinding(name, namespace)
      assign(name, values[[name]], envir = namespace)
      lockBinding(name, namespace)
    }
  }
  withr::defer(replace_all(old), envir = .frame)
  old <- mget(names(values), envir = namespace)
  replace_all(values)
}

draw_to_file <- function(code) {
  file <- withr::local_tempfile(fileext = ".png", .local_envir = parent.frame())
  grDevices::png(file, 600, 500)
  on.exit(grDevices::dev.off())
  force(code)
  file
}

expect_drawn <- function(code) {
  expect_no_warning(file <- draw_to_file(code))
  expect_gt(file.size(file), 1000)
}

# The data that the layers of a plot draw, by their geoms; those of one geom one below the other
marks_of <- function(plot) {
  data <- lapply(plot$layers, \(layer) if (is.data.frame(layer$data)) layer$data else plot$data)
  names(data) <- vapply(plot$layers, \(layer) class(layer$geom)[[1]], "")
  key <- vapply(data, \(rows) identical(names(rows), c("source", "low")), NA)
  data <- data[!names(data) %in% c("GeomBlank", "GeomRasterAnn") & !key]
  if (length(data) > 0) data else lapply(plot$layers[2], \(layer) layer$geom_params)
}

# A plot in words: what each layer draws, and where
picture <- function(plot) {
  marks <- marks_of(plot)
  lines <- lapply(seq_along(marks), \(i) {
    rows <- marks[[i]]
    numbers <- rows[vapply(rows, is.numeric, NA)]
    ends <- vapply(numbers, \(values) paste(signif(range(values, na.rm = TRUE), 3), collapse = " to "), "")
    words <- rows[vapply(rows, \(values) is.character(values) || is.factor(values), NA)]
    kinds <- vapply(words, \(values) paste(length(unique(values)), "different"), "")
    # How many points a contour has depends on the machine's last digits.
    count <- if (names(marks)[[i]] == "GeomPath") "lines" else paste(nrow(rows), "rows")
    kinds <- kinds[names(kinds) != "group"]
    c(sprintf("%s: %s", names(marks)[[i]], count), sprintf("  %s: %s", names(c(ends, kinds)), c(ends, kinds)))
  })
  labels <- unlist(plot$labels[c("x", "y", "caption")])
  c(sprintf("%d panels", panels_of(plot)), sprintf("%s: %s", names(labels), labels), unlist(lines))
}

panels_of <- function(plot) nrow(ggplot2::ggplot_build(plot)$layout$layout)

titles_of <- function(plot) {
  layout <- ggplot2::ggplot_build(plot)$layout$layout
  unname(unlist(plot$facet$params$labeller(data.frame(panel = as.character(layout$panel)))))
}

key_of <- function(plot) plot$scales$get_scales("fill")$labels

# Snapshots the error of each call, in a format that does not depend on the version of testthat
expect_refusals <- function(calls) {
  frame <- parent.frame()
  message_of <- function(call) {
    tryCatch({
      eval(call, frame)
      "no error"
    }, error = conditionMessage)
  }
  refusals <- lapply(as.list(substitute(calls))[-1], \(call) {
    c(deparse(call, width.cutoff = 100), paste0("  ", strsplit(message_of(call), "\n")[[1]]), "")
  })
  refusals <- unlist(refusals)
  expect_snapshot(cat(refusals, sep = "\n"))
}

unname_rows <- function(data) {
  rownames(data) <- NULL
  data
}
