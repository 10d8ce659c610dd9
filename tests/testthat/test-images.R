test_that("sampled images are integers or doubles of the same shape, within the range of the data", {
  fit <- image_fit()
  sample <- gan_sample(fit, 5, seed = 1)
  expect_type(sample, "integer")
  expect_identical(dim(sample), c(5L, 8L, 11L))
  expect_true(all(sample >= 0 & sample <= max(ramps())))
  expect_identical(gan_sample(fit, 300, seed = 1)[1:5, , ], sample)
  expect_identical(fit$schema$shape, c(8L, 11L))
  expect_identical(fit$kind, "image")

  colours <- array(runif(20 * 8 * 9 * 3), c(20, 8, 9, 3), list(NULL, NULL, NULL, c("r", "g", "b")))
  small <- gan_config(generator_hidden = 4, discriminator_hidden = 4)
  sample <- gan_sample(gan_fit(colours, epochs = 1, seed = 1, config = small), 3, seed = 1)
  expect_type(sample, "double")
  expect_identical(dimnames(sample)[[4]], c("r", "g", "b"))
  expect_true(all(sample >= min(colours) & sample <= max(colours)))
})

test_that("an index means the same pixel in R and in Python", {
  fit <- image_fit()
  images <- ramps()
  expect_identical(fit$moments$name[1:9], c(paste0(1:8, ",1"), "1,2"))
  expect_equal(fit$moments$mean, as.vector(apply(images, 2:3, mean)))
  expect_equal(fit$moments$max, as.vector(apply(images, 2:3, max)))
})

test_that("a fit of images is unchanged by saveRDS() and gan_save()", {
  fit <- image_fit()
  file <- withr::local_tempfile()
  saveRDS(fit, file)
  expect_identical(gan_sample(readRDS(file), 3, seed = 1), gan_sample(fit, 3, seed = 1))
  gan_save(fit, file)
  expect_identical(gan_sample(gan_load(file), 3, seed = 1), gan_sample(fit, 3, seed = 1))
})

test_that("print() and summary() name images and pixels", {
  fit <- image_fit()
  expect_match(format(fit)[[1]], "image: 30 images of 8 x 11", fixed = TRUE)
  expect_match(format(fit$trace)[[1]], "2 samples of 30 x 8 x 11", fixed = TRUE)
  result <- summary(fit, n = 20)
  expect_identical(result$moments$column[c(1, 9)], c("pixel 1,1", "pixel 1,2"))
  expect_equal(result$overall$real_mean, mean(ramps()))
  expect_equal(result$overall$real_sd, sd(ramps()))
  expect_match(format(result), "88 pixels; all of them are in", fixed = TRUE, all = FALSE)
})

test_that("unsupported images are refused", {
  skip_without_core()
  images <- ramps()
  incomplete <- images
  incomplete[3, 1, 1] <- NA
  expect_refusals({
    gan_fit(images)
    gan_fit(images, kind = "table")
    gan_fit(images * 1.0, kind = "image")
    gan_fit(images * 2L, kind = "image")
    gan_fit(incomplete, kind = "image")
    gan_fit(images[, 1:7, ], kind = "image")
    gan_fit(images[1, , , drop = FALSE], kind = "image")
    gan_fit(images[, , 1], kind = "image")
    gan_fit(faithful, kind = "image")
    gan_fit(images, kind = "image", config = gan_config(scaling = "standard"))
    gan_fit(images, kind = "image", config = gan_config(range_margin = 1))
    gan_fit(faithful, config = gan_config(network = "convolutional"))
  })
})

test_that("idx files are read, gzipped or not", {
  skip_without_core()
  write_idx <- function(connection, type, size, values, bytes = NA_integer_) {
    writeBin(as.raw(c(0, 0, type, length(size))), connection)
    writeBin(as.integer(size), connection, endian = "big")
    writeBin(values, connection, size = bytes, endian = "big")
    close(connection)
  }
  file <- withr::local_tempfile()
  for (open in list(\(path) file(path, "wb"), \(path) gzfile(path, "wb"))) {
    write_idx(open(file), 8, c(2, 3, 4), as.raw(0:23))
    expect_identical(read_idx(file), aperm(array(0:23, c(4, 3, 2))))
    write_idx(open(file), 8, 3, as.raw(c(5, 0, 255)))
    expect_identical(read_idx(file), c(5L, 0L, 255L))
    write_idx(open(file), 12, 2, c(-7L, 100000L))
    expect_identical(read_idx(file), c(-7L, 100000L))
    write_idx(open(file), 12, 2, c(NA, 1L))  # R's NA is the smallest integer
    expect_identical(read_idx(file), c(-2147483648, 1))
    write_idx(open(file), 13, c(1, 2), c(0.5, -2), bytes = 4)
    expect_identical(read_idx(file), matrix(c(0.5, -2), 1))
    write_idx(open(file), 14, 1, pi)
    expect_identical(read_idx(file), pi)
  }
  writeLines("a,b", file)
  expect_error(read_idx(file), "`path` must be an idx file", class = "ganbridge_error")
  expect_error(read_idx(tempfile()), "No such file", class = "ganbridge_error")
  expect_error(read_idx(3), "`path` must be the path of a file, not 3", class = "ganbridge_error")
})

test_that("images are drawn", {
  fit <- image_fit()
  images <- ramps()
  colours <- array(runif(8 * 8 * 9 * 4), c(8, 8, 9, 4))
  plots <- list(
    plot_images(images), plot_images(images / 255, id = 5:3, nrow = 1), plot_images(colours),
    plot_images(colours[, , , 1:3]), plot_images(colours[, , , 1:2]), plot_images(array(0, c(2, 8, 8))),
    plot_images(fit), plot_images(fit$trace), plot_images(fit$trace, id = 1:3, nrow = 1), ggplot2::autoplot(fit),
    ggplot2::autoplot(fit, real = images, id = 1:5, nrow = 4), plot_training(fit, images[1:3, , ], nrow = 2),
    ggplot2::autoplot(fit, type = "trace", real = images, id = 1:5), plot_compare(fit, images[1:5, , ], nrow = 4)
  )
  for (plot in plots) expect_drawn(print(plot))
  expect_identical(state_after(plot_images(fit)), state_after(NULL))
  mosaic <- as.matrix(plot_images(images, id = 1:6, nrow = 2)$layers[[2]]$geom_params$raster)
  expect_identical(dim(mosaic), c(17L, 35L))
  expect_identical(matrix(mosaic[10:17, 13:23], 8), matrix(image_colours(as_images(images[1:6, , ]))[5, , ], 8))
})

test_that("an animation of images may have real ones", {
  skip_if_not(reticulate::py_module_available("matplotlib"))
  file <- withr::local_tempfile(fileext = ".gif")
  animate_training(image_fit(), file, ramps())
  expect_identical(rawToChar(readBin(file, "raw", 6)), "GIF89a")
})

test_that("the colours of a pixel are its shades on one scale", {
  grey_image <- array(c(0, 50, 100, 200), c(1, 2, 2, 1))
  expect_identical(image_colours(grey_image)[1, , ], matrix(grey(c(0, .25, .5, 1)), 2))
  two <- array(c(1, 0, 0, 1, 0.5, 0), c(2, 1, 1, 3))
  expect_identical(as.vector(image_colours(two)), rgb(c(1, 0), c(0, 1), c(0.5, 0)))
  faint <- array(c(0, 1, 0.25, 1), c(2, 1, 1, 2))
  expect_identical(as.vector(image_colours(faint)), grey(c(.75, 1)))
})

test_that("bad arguments of plots are named", {
  fit <- image_fit()
  table <- table_fit()
  images <- ramps()
  expect_refusals({
    plot_images(faithful)
    plot_images(images[1, , ])
    plot_images(array("a", c(2, 8, 8)))
    plot_images(array(0, c(2, 8, 8, 5)))
    plot_images(-images)
    plot_images(images, id = 29:31)
    plot_images(images, id = "a")
    plot_images(images, nrow = 0)
    plot_images(table)
    plot_images(table$trace)
    plot_images(structure(list(epoch = integer(), samples = list()), class = "gan_trace"))
    plot(fit, real = images[, , 1:8])
    plot(fit, real = faithful)
    plot(fit, type = "trace", real = images[, , 1:8])
    plot_compare(fit, images - 1L)
    plot_training(fit, columns = 1)
    animate_training(fit, "training.gif", real = images[, , 1:8])
  })
})
