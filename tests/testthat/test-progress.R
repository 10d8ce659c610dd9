test_that("scripts and documents show no progress unless `progress = TRUE`", {
  skip_if(interactive())
  expect_false(shows_progress(NULL))
  expect_true(shows_progress(TRUE))
  expect_false(shows_progress(FALSE))
})

test_that("no progress is shown by default", {
  skip_without_core()
  expect_silent(gan_fit(faithful, epochs = 2, seed = 1))
})

test_that("where no line can be redrawn, one is added every ten seconds", {
  state <- list(epochs = 40, generator_loss = .5, discriminator_loss = 1.25, unit = "epoch")
  shown <- function(asked, seconds) {
    reporter <- line_reporter(asked)
    capture_messages(for (i in 1:40) reporter$report(c(state, epoch = i, share = i / 40, seconds = i * seconds)))
  }
  lines <- shown(TRUE, seconds = 2)
  expect_identical(lines[[2]], "epoch 6/40 | loss G 0.500, D 1.250 | 12.0 s | 68 s left\n")
  expect_length(lines, 9) # after 2, 12, ..., 72 and 80 seconds
  expect_length(shown(TRUE, seconds = .01), 2)
  # In a console, without having been asked, only for what takes long
  expect_length(shown(FALSE, seconds = 2), 8)
  expect_length(shown(FALSE, seconds = .01), 0)
})

test_that("the time that is left is within 80 columns", {
  state <- list(epoch = 12345, epochs = 12345, generator_loss = -12.345, discriminator_loss = 12.345, unit = "epoch")
  lines <- capture_messages(line_reporter()$report(c(state, seconds = 12345.6, share = .4)))
  expect_match(lines, "309 min left\n$")
  expect_lte(nchar(lines), 80)
  withr::local_options(cli.dynamic = TRUE, cli.progress_show_after = 0, cli.ansi = FALSE, cli.width = 80)
  reporter <- bar_reporter()
  drawn <- capture.output(type = "message", {
    for (i in 1:3) {
      Sys.sleep(0.3)
      reporter$report(c(state, seconds = i, share = i / 10))
    }
    reporter$done()
  })
  drawn <- strsplit(paste(drawn, collapse = ""), "\r", fixed = TRUE)[[1]]
  expect_match(drawn, "ETA: +[0-9]+(s|m|h) [|] epoch 12345/12345", all = FALSE)
})

test_that("the progress of a fit shows its last epoch", {
  skip_without_core()
  skip_if(cli::is_dynamic_tty())
  lines <- capture_messages(gan_fit(faithful, epochs = 3, seed = 1, progress = TRUE))
  expect_match(lines, "epoch 3/3", all = FALSE)
})

test_that("a table's fit shows its progress from the choice of its mixture on", {
  skip_without_core()
  skip_if(cli::is_dynamic_tty())
  cars <- mtcars[rep(1:32, 4), c("mpg", "cyl", "hp", "wt")]
  lines <- capture_messages(gan_fit(cars, seed = 1, progress = TRUE))
  expect_match(lines[[1]], "mixture 0/[0-9]+ [|] held-out likelihood [|]")
  shown <- line_reporter()
  state <- list(epoch = 12, epochs = 400, generator_loss = NaN, discriminator_loss = .6, seconds = 2, unit = "tree")
  line <- "tree 12/400 | held-out loss 0.600 | 2.0 s | 3 s left"
  expect_message(shown$report(c(state, share = .42)), line, fixed = TRUE)
})

test_that("the progress bar is drawn and removed", {
  withr::local_options(cli.dynamic = TRUE, cli.progress_show_after = 0, cli.ansi = FALSE)
  reporter <- bar_reporter()
  state <- list(epochs = 3, generator_loss = .5, discriminator_loss = 1.25, seconds = 1, unit = "epoch")
  shown <- capture.output(type = "message", {
    for (epoch in 1:3) {
      Sys.sleep(0.3)
      reporter$report(c(state, epoch = epoch, share = epoch / 3))
    }
    reporter$done()
  })
  expect_match(paste(shown, collapse = ""), "ETA.* [|] epoch [123]/3 [|] loss G 0.500, D 1.250")
  expect_silent(bar_reporter()$done())
})
