test_that("a document shows no progress unless `progress = TRUE`", {
  skip_without_core()
  skip_if_not_installed("knitr")
  folder <- withr::local_tempdir()
  source <- file.path(folder, "page.Rmd")
  writeLines(c(
    "```{r}", "library(ganbridge)", "fit <- gan_fit(faithful, epochs = 3, seed = 1)", "```",
    "```{r}", "fit <- gan_fit(faithful, epochs = 3, seed = 1, progress = TRUE)", "```"
  ), source)
  page <- file.path(folder, "page.md")
  knitr::knit(source, page, quiet = TRUE, envir = new.env())
  lines <- readLines(page)
  expect_length(grep("epoch [0-9]+/3", lines[seq_len(grep("progress = TRUE", lines))]), 0)
  expect_gt(length(grep("epoch 3/3", lines)), 0)
})
