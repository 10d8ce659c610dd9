# Fits of tables without networks: any columns may be given, missing values are filled in, rows have a density.

known_table <- function(n = 600) {
  i <- seq_len(n)
  x <- sin(i * 12.9898) * 3
  data.frame(
    x = x, y = round(2 * x + cos(i * 78.233) / 2, 2), count = (i * i) %% 7L,
    group = factor(ifelse(x > 1, "high", ifelse(x < -1, "low", "mid")), c("low", "mid", "high", "never")),
    grade = factor(c("s", "m", "l")[i %% 3 + 1], c("s", "m", "l"), ordered = TRUE),
    word = replace(c("b", "a")[(x > 0) + 1], i %% 10 == 0, NA),
    day = as.Date("2024-01-01") + round(30 + 8 * x), at = as.POSIXct("2024-03-01", tz = "UTC") + 3600 * (i %% 240),
    flag = i %% 4 == 0
  )
}

mixture_fit <- function() fit_once("mixture", \() gan_fit(known_table(), seed = 1))

test_that("tables of some size have a mixture as their prior, and say so", {
  fit <- mixture_fit()
  expect_identical(fit$config$prior, "mixture")
  expect_match(format(fit), "mixture of", all = FALSE)
  expect_identical(fit$stopped, "budget")
  expect_identical(names(fit$history), c("epoch", "step", "generator_loss", "discriminator_loss", "score"))
  expect_true(all(is.nan(fit$history$generator_loss)))
  expect_true(all(is.finite(fit$history$discriminator_loss)))
  expect_true(fit$kept <= nrow(fit$history))
  expect_null(fit$trace)
  expect_s3_class(summary(fit), "summary.gan_fit")
  expect_output(print(summary(fit)), "real and 10000 generated rows")
  expect_identical(gan_fit(known_table()[1:3], epochs = 1, seed = 1)$config$prior, "normal")
  again <- gan_fit(known_table(), seed = 1, config = fit$config)
  expect_identical(gan_sample(again, 20, seed = 1), gan_sample(fit, 20, seed = 1))
})

test_that("a network moves the draws if asked to, and a fit says what came of its trial", {
  expect_match(format(mixture_fit()), "network +none; tried from 2,000 rows on", all = FALSE)
  expect_false(mixture_fit()$config$refine)
  fit <- gan_fit(known_table(), seed = 1, config = gan_config(refine = TRUE))
  expect_match(format(fit), "network +moves the numbers of draws: trees tell held-out rows", all = FALSE)
  expect_true(fit$config$refine)
  expect_identical(gan_sample(fit, 100, seed = 1)[1:10, ], gan_sample(fit, 10, seed = 1))
  expect_true(all(gan_sample(fit, 100, seed = 1, given = list(x = gan_range(0.5, 1)))$x >= 0.5))
  expect_error(gan_fit(known_table(), epochs = 1, config = gan_config(refine = TRUE)), "`refine` must be left out")
})

test_that("its losses are those of the discriminator, and so are those that are drawn", {
  fit <- mixture_fit()
  expect_silent(file <- draw_to_file(print(plot_losses(fit))))
  expect_gt(file.size(file), 1000)
  drawn <- ggplot2::autoplot(fit, type = "losses")
  expect_identical(drawn$labels$x, "tree")
  expect_identical(unique(as.character(drawn$data$network)), "discriminator")
})

test_that("progress names the mixtures that are tried, then trees and their loss only", {
  skip_without_core()
  shown <- capture_messages(gan_fit(known_table()[1:3], seed = 1, progress = TRUE))
  expect_match(shown[[1]], "^mixture 0/[0-9]+ \\| held-out likelihood \\|")
  # A line for each tenth that is done: the trees may end before the next one.
  expect_match(shown, "^(mixture [0-9]+/[0-9]+ \\| held-out likelihood|tree [0-9]+/400 \\| held-out loss [0-9.]+) \\|")
})

test_that("all rows are as was asked", {
  fit <- mixture_fit()
  of <- function(...) gan_sample(fit, 300, seed = 2, given = list(...))
  expect_true(all(of(x = gan_range(0.5, 1))$x >= 0.5 & of(x = gan_range(0.5, 1))$x <= 1))
  expect_true(all(of(x = gan_range(2))$x >= 2))
  expect_true(all(of(x = gan_range(high = -2))$x <= -2))
  expect_true(all(of(x = gan_range(2, Inf))$x >= 2))
  expect_setequal(of(group = gan_levels("low", "high"))$group, c("low", "high"))
  expect_setequal(of(word = gan_levels("a", NA))$word, c("a", NA))
  expect_setequal(of(count = gan_levels(1, 4))$count, c(1L, 4L))
  expect_true(all(is.na(of(word = NA)$word)))
  expect_setequal(of(grade = gan_range("s", "m"))$grade, c("s", "m"))
  expect_setequal(of(flag = TRUE)$flag, TRUE)
  days <- of(day = gan_range(as.Date("2024-01-20"), as.Date("2024-01-25")))$day
  expect_s3_class(days, "Date")
  expect_true(all(days >= as.Date("2024-01-20") & days <= as.Date("2024-01-25")))
  times <- as.POSIXct(c("2024-03-02", "2024-03-03"), tz = "UTC")
  expect_true(all(of(at = gan_range(times[[1]], times[[2]]))$at <= times[[2]]))
  several <- of(x = gan_range(1.5, 2.5), word = NA, count = gan_levels(0, 2), flag = FALSE)
  expect_true(all(several$x >= 1.5, is.na(several$word), several$count %in% c(0, 2), !several$flag))
  expect_gt(mean(several$y), 3)
  expect_identical(lapply(several, class), lapply(known_table(), class))
  each <- seq(-2, 2, length.out = 300)
  expect_identical(of(x = each)$x, each)
  expect_gt(cor(of(x = each)$y, each), 0.8)
  longer <- gan_sample(fit, 900, seed = 2, given = list(x = gan_range(0, 1)))
  expect_identical(gan_sample(fit, 5, seed = 2, given = list(x = gan_range(0, 1))), head(longer, 5))
})

test_that("ranges and sets print, and bad ones are refused", {
  expect_identical(format(gan_range(60, 80)), "60 to 80")
  expect_identical(format(gan_range(high = as.Date("2024-03-31"))), "(open) to 2024-03-31")
  expect_identical(format(gan_range(-0.5)), "-0.5 to (open)")
  expect_identical(format(gan_levels("a", NA, "b")), "a or missing or b")
  expect_output(print(gan_range(60, 80)), "<gan_range> 60 to 80", fixed = TRUE)
  expect_output(print(gan_levels(3, 4)), "<gan_levels> 3 or 4", fixed = TRUE)
  expect_s3_class(gan_range(high = as.Date("2024-03-31"))$values, "Date")
  fit <- mixture_fit()
  expect_refusals({
    gan_range()
    gan_range(1:2, 3)
    gan_range(NA, 3)
    gan_range(list(1))
    gan_levels()
    gan_levels(list(1))
    gan_sample(fit, 3, given = gan_range(1, 2))
    gan_sample(fit, 3, given = list(colour = "a"))
    gan_sample(fit, 3, given = list(group = "never"))
    gan_sample(fit, 3, given = list(group = gan_range("low", "high")))
    gan_sample(fit, 3, given = list(x = gan_range(2, 1)))
    gan_sample(fit, 3, given = list(x = gan_range(100, 200)))
    gan_sample(fit, 3, given = list(x = gan_range(as.Date("2024-01-01"))))
    gan_sample(fit, 3, given = list(x = c(1, 2)))
    gan_sample(table_fit(), 3, given = list(waiting = gan_range(50, 60)))
  })
})

test_that("missing values are filled in, and nothing else changes", {
  fit <- mixture_fit()
  data <- known_table()[c(201:300, 1:20), ]
  data$x[1:50] <- NA
  data$group[30:80] <- NA
  data$day[c(2, 40)] <- NA
  data$at[3] <- NA
  data$flag[5] <- NA
  data$count[7] <- NA
  data <- data[c("group", "x", "word", "y", "count", "grade", "day", "at", "flag")]
  completed <- gan_impute(fit, data, m = 3, seed = 1)
  expect_length(completed, 3)
  for (table in completed) {
    expect_false(anyNA(table))
    expect_identical(lapply(table, attributes), lapply(data, attributes))
    expect_identical(attributes(table), attributes(data))
    for (name in names(data)) {
      known <- !is.na(data[[name]])
      expect_identical(table[[name]][known], data[[name]][known])
    }
  }
  expect_false(identical(completed[[1]]$x, completed[[2]]$x))
  expect_identical(gan_impute(fit, data, m = 1, seed = 1), completed[1])
  expect_gt(cor(completed[[1]]$x[1:50], data$y[1:50]), 0.9)
  expect_identical(gan_impute(fit, known_table()[1:9, ], 1, 1)[[1]], {
    whole <- known_table()[1:9, ]
    whole
  })
})

test_that("factors get the levels that they lack, and columns of nothing but NA their class", {
  fit <- mixture_fit()
  data <- known_table()[1:40, ]
  data$group <- factor(replace(as.character(data$group), data$group != "low", NA), "low")
  data$word <- NA
  data$day <- NA
  table <- gan_impute(fit, data, m = 1, seed = 1)[[1]]
  expect_true(all(c("mid", "high") %in% levels(table$group)))
  expect_false("never" %in% levels(table$group))
  expect_type(table$word, "character")
  expect_s3_class(table$day, "Date")
})

test_that("imputation draws from the distribution given the row: airquality", {
  skip_without_core()
  fit <- fit_once("airquality", \() gan_fit(airquality, seed = 1, config = gan_config(prior = "mixture")))
  tables <- gan_impute(fit, airquality, m = 5, seed = 1)
  missing <- is.na(airquality$Ozone)
  expect_false(any(vapply(tables, anyNA, NA)))
  expect_identical(class(tables[[1]]$Ozone), "integer")
  # Ozone goes with temperature: .70 among the rows that have both, and 0 for draws from the column alone.
  pooled <- mean(vapply(tables, \(table) cor(table$Ozone[missing], airquality$Temp[missing]), 0))
  expect_gt(pooled, 0.35)
})

test_that("matrices are completed, too", {
  skip_without_core()
  values <- as.matrix(known_table()[c("x", "y", "count")])
  fit <- fit_once("mixture of a matrix", \() gan_fit(values, seed = 1))
  holes <- values[1:100, ]
  holes[1:50, "x"] <- NA
  completed <- gan_impute(fit, holes, m = 2, seed = 1)
  expect_identical(completed[[1]][, -1], holes[, -1])
  expect_identical(dim(completed[[1]]), dim(holes))
  expect_gt(cor(completed[[1]][1:50, "x"], values[1:50, "x"]), 0.8)
})

test_that("tibbles and data.tables stay what they are", {
  fit <- mixture_fit()
  data <- known_table()[1:10, ]
  data$x[1:5] <- NA
  if (requireNamespace("tibble", quietly = TRUE)) {
    expect_s3_class(gan_impute(fit, tibble::as_tibble(data), 1, 1)[[1]], "tbl_df")
  }
  if (requireNamespace("data.table", quietly = TRUE)) {
    expect_s3_class(gan_impute(fit, data.table::as.data.table(data), 1, 1)[[1]], "data.table")
  }
  expect_s3_class(gan_impute(fit, data, 1, 1)[[1]], "data.frame", exact = TRUE)
})

test_that("odd rows have a low density", {
  fit <- mixture_fit()
  data <- known_table()
  density <- gan_density(fit, data)
  expect_type(density, "double")
  expect_length(density, nrow(data))
  expect_true(all(is.finite(density)))
  expect_null(attributes(density))
  odd <- data[data$x > 1.5, ][1:5, ]
  odd$y <- -odd$y
  expect_lt(mean(gan_density(fit, odd)), quantile(density, 0.05))
  odd$y <- 99
  expect_identical(gan_density(fit, odd), rep(-Inf, 5))
  odd <- transform(data[1:2, ], group = c("never", "other"))
  expect_identical(gan_density(fit, odd), c(-Inf, -Inf))
})

test_that("bad data and fits with networks are refused", {
  fit <- mixture_fit()
  data <- known_table()
  networks <- table_fit()
  expect_refusals({
    gan_impute(faithful, data)
    gan_impute(fit, data, m = 0)
    gan_impute(fit, data, seed = -1)
    gan_impute(fit, 1:3)
    gan_impute(fit, data[-1])
    gan_impute(fit, transform(data, z = 1))
    gan_impute(fit, transform(data, x = "a"))
    gan_impute(fit, transform(data, word = "c"))
    gan_impute(networks, faithful)
    gan_density(fit, waves)
    gan_density(fit, array(1, c(2, 2, 2)))
    gan_density(networks, faithful)
  })
  none <- state_after(NULL)
  expect_identical(state_after(expect_error(gan_impute(fit, data[-1]))), none)
  expect_identical(state_after(gan_impute(fit, data[1:3, ], m = 1, seed = 1)), none)
})
