# Fits saved with saveRDS() by each released version; tools/write_files.R writes the file of a release.

for (file in Sys.glob(testthat::test_path("..", "shared", "files", "*", "fit.rds"))) {
  version <- basename(dirname(file))

  test_that(paste("a fit of version", version, "in an RDS file can be sampled, printed and summarized"), {
    skip_without_core()
    old <- readRDS(file)
    fit <- old$fit
    expect_s3_class(fit, "gan_fit")
    expect_identical(fit$version, version)
    sample <- gan_sample(fit, nrow(old$sample), seed = 5)
    expect_identical(lapply(sample, class), lapply(old$sample, class))
    numbers <- vapply(sample, is.numeric, NA)
    # The last bits depend on the processor.
    expect_equal(sample[numbers], old$sample[numbers], tolerance = 1e-4)
    expect_identical(lapply(sample[!numbers], as.character), lapply(old$sample[!numbers], as.character))
    given <- gan_sample(fit, 3, seed = 1, given = list(factor = "hi"))
    expect_identical(as.character(given$factor), rep("hi", 3))
    expect_identical(dim(gan_interpolate(fit, 4, seed = 1)), c(4L, ncol(sample)))
    expect_output(print(fit), "<ganbridge fit> table: 60 rows x 9 columns", fixed = TRUE)
    expect_output(print(summary(fit, n = 50)), "60 real and 50 generated rows", fixed = TRUE)
  })

  test_that(paste("a fit of version", version, "can be saved and loaded"), {
    skip_without_core()
    fit <- readRDS(file)$fit
    path <- withr::local_tempfile()
    gan_save(fit, path)
    again <- gan_load(path)
    expect_identical(file_bytes(again), file_bytes(fit))
    expect_identical(intersect(names(again), names(fit)), names(fit))
    expect_identical(unclass(again$trace)[names(fit$trace)], unclass(fit$trace)) # which does not say its kind
    expect_identical(again$shares, fit$shares)
    expect_identical(gan_sample(again, 4, seed = 2), gan_sample(fit, 4, seed = 2))
  })
}
