# Statistical properties of fits, within limits that tests/testthat/helper-limits.R explains

test_that("shares of a typed data.frame are right after a short fit", {
  skip_without_core()
  fit <- gan_fit(typed_frame(), seed = fit_seed(), config = gan_config(steps = 60))
  sample <- gan_sample(fit, 400, seed = 2)
  # Shares are calibrated, so that they are right even after sixty steps.
  missing <- colMeans(is.na(sample)) - colMeans(is.na(typed_frame()))
  expect_within("missing shares, off by", max(abs(missing)), high = 0.1)
  expect_within("share of a level, really .75", mean(sample$factor == "lo", na.rm = TRUE), 0.67, 0.83)
})

test_that("conditions that are not given are as frequent as in the data", {
  skip_without_core()
  fit <- gan_fit(iris, condition = "Species", seed = fit_seed(), config = gan_config(steps = 400))
  free <- table(gan_sample(fit, 600, seed = 1)$Species)
  expect_within("rows of the rarest of three species, really 200", min(free), low = 150)
})

test_that("waves with a given label can be sampled", {
  skip_without_core()
  waves <- get_training_data(120, 60, shape = list(a = c(1, 3), p = c(2, 5)), seed = 1)
  families <- get_training_data(2, 60, shape = list(a = c(1, 3), p = c(2, 5)), noise = 0)
  labels <- factor(rep(c("slow", "fast"), 60), levels = c("slow", "fast"))
  for (config in list(gan_config(steps = 400), gan_config(network = "convolutional", steps = 150))) {
    fit <- gan_fit(waves, kind = "wave", condition = labels, seed = fit_seed(), config = config)
    for (label in levels(labels)) {
      sample <- gan_sample(fit, 200, seed = 1, given = list(label = label))
      expect_identical(dim(sample), c(200L, 60L))
      distance <- apply(families, 1, \(family) colSums((t(sample) - family)^2))
      correct <- mean(levels(labels)[max.col(-distance)] == label)
      name <- sprintf("share of the given label: %s waves, %s", label, fit$config$network)
      expect_within(name, correct, low = .9)  # .5 if labels had no effect
    }
    expect_identical(levels(attr(gan_sample(fit, 3, seed = 1), "condition")$label), levels(labels))
  }
})

test_that("images with a given label can be sampled", {
  skip_without_core()
  # A bright edge on the left or on the right.
  labels <- rep(c("left", "right"), 40)
  images <- withr::with_seed(1, array(runif(80 * 8 * 9, 0, .2), c(80, 8, 9)))
  images[labels == "left", , 1:3] <- .9
  images[labels == "right", , 7:9] <- .9
  for (config in list(gan_config(steps = 150), gan_config(network = "dense", steps = 500))) {
    fit <- gan_fit(images, kind = "image", condition = labels, seed = fit_seed(), config = config)
    for (label in c("left", "right")) {
      sample <- gan_sample(fit, 100, seed = 1, given = list(label = label))
      expect_identical(dim(sample), c(100L, 8L, 9L))
      brighter <- apply(sample[, , 1:3], 1, mean) > apply(sample[, , 7:9], 1, mean)
      correct <- mean(ifelse(brighter, "left", "right") == label)
      name <- sprintf("share of the given label: %s images, %s", label, fit$config$network)
      expect_within(name, correct, low = .95)  # .5 if labels had no effect
    }
  }
})
